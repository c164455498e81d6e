//! The worked examples of CONTRIBUTING.md work: its procedure is sound, and its story is told with the paper printed.

use std::{
    path::Path,
    process::{Command, Output},
};

const GUIDE: &str = include_str!("../../../CONTRIBUTING.md");

/// Writes every example that begins with its path.
fn write_examples(folder: &Path) -> std::io::Result<usize> {
    let mut written = 0;
    for block in GUIDE.split("```toml\n# ").skip(1) {
        let text = block.split("```").next().unwrap_or_default();
        let (path, text) = text.split_once('\n').unwrap_or_default();
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        std::fs::write(path, text)?;
        written += 1;
    }
    Ok(written)
}

fn run(folder: &Path, line: &str) -> std::io::Result<Output> {
    Command::new(env!("CARGO_BIN_EXE_redressctl"))
        .current_dir(folder)
        .args(line.split(' '))
        .env("REDRESS_KEYSTORE", "none")
        .output()
}

#[test]
fn the_examples_of_the_guide_work() -> std::io::Result<()> {
    let top = tempfile::TempDir::new()?;
    assert_eq!(
        write_examples(top.path())?,
        3,
        "a procedure, a form, a story"
    );
    let story = "story office stories/canteen.toml --procedures procedures --out papers";
    assert!(GUIDE.contains(story), "the guide tells it so");
    for line in ["check procedures/canteen", story] {
        let done = run(top.path(), line)?;
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{line}: {said}");
    }
    let papers = std::fs::read_dir(top.path().join("papers"))?;
    assert_eq!(papers.count(), 1, "the slip");
    Ok(())
}
