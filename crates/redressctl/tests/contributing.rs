//! The worked examples of CONTRIBUTING.md work: its procedure is sound, its story is told with the paper printed, and its
//! code is a piece of the product as it is compiled today.

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

/// What the guide shows in a language.
fn shown(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    let blocks = GUIDE.split(&*fence).skip(1);
    blocks.filter_map(|b| b.split("```").next()).collect()
}

/// Text whatever its indentation and lines.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a file below a folder holds some words in a row.
fn holds(folder: &Path, sought: &str) -> std::io::Result<bool> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let found = if path.is_dir() {
            holds(&path, sought)?
        } else {
            words(&std::fs::read_to_string(&path)?).contains(sought)
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

#[test]
fn the_code_of_the_guide_is_code_of_ours() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let sources = [
        ("rust", "crates/desk/src"),
        ("ts", "ui/src/features"),
        ("sql", "crates/store/migrations"),
    ];
    for (language, folder) in sources {
        let blocks = shown(language);
        assert!(!blocks.is_empty(), "the guide shows none of {language}");
        for block in blocks {
            // Where a file is named first, the whole of it follows.
            let (first, rest) = block.split_once('\n').unwrap_or_default();
            let found = match first.strip_prefix("// ui/") {
                Some(path) => std::fs::read_to_string(root.join("ui").join(path))? == rest,
                None => holds(&root.join(folder), &words(block))?,
            };
            assert!(found, "stands nowhere below {folder}:\n{block}");
        }
    }
    Ok(())
}
