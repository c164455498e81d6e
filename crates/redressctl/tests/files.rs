//! C38: no command writes over a file that somebody keeps.

use std::{
    path::Path,
    process::{Command, Output},
};

const PASSWORD: &str = "Redress-2026";

fn run(folder: &Path, args: &[&str]) -> std::io::Result<Output> {
    Command::new(env!("CARGO_BIN_EXE_redressctl"))
        .current_dir(folder)
        .args(args)
        .env("REDRESS_PASSWORD", PASSWORD)
        .env("REDRESS_PASSPHRASE", "correct horse")
        .env("REDRESS_KEYSTORE", "none")
        .output()
}

fn said(out: &Output) -> String {
    let all = [out.stdout.as_slice(), out.stderr.as_slice()].concat();
    String::from_utf8_lossy(&all).into_owned()
}

#[test]
fn what_lies_under_a_name_is_left_as_it_is() -> std::io::Result<()> {
    let top = tempfile::TempDir::new()?;
    let folder = top.path();
    let made = run(folder, &["init", "office", "--training"])?;
    assert!(made.status.success(), "{}", said(&made));
    let kept = b"what somebody keeps";
    std::fs::write(folder.join("kept"), kept)?;
    std::fs::create_dir(folder.join("papers"))?;
    std::fs::write(folder.join("papers/TS-2026-0001-SL-01.pdf"), kept)?;
    let export = ["export.xlsx", r#"{"path":"kept"}"#];
    let audit = ["audit.export", r#"{"path":"kept"}"#];
    let backup = [
        "backup.create",
        r#"{"passphrase":"correct horse","path":"kept"}"#,
    ];
    let mut tried: Vec<Vec<&str>> = vec![
        vec!["--data", "office", "backup", "kept"],
        vec!["demo", "other", "--out", "papers"],
        vec!["story", "other", "none.toml", "--out", "papers"],
    ];
    for [name, payload] in [export, audit, backup] {
        let call = ["--data", "office", "--as", "admin", "call", name, payload];
        tried.push(call.to_vec());
    }
    for args in tried {
        let out = run(folder, &args)?;
        assert!(!out.status.success(), "{args:?}");
        assert!(
            said(&out).contains("file_exists"),
            "{args:?}: {}",
            said(&out)
        );
        assert_eq!(std::fs::read(folder.join("kept"))?, kept, "{args:?}");
        let paper = folder.join("papers/TS-2026-0001-SL-01.pdf");
        assert_eq!(std::fs::read(paper)?, kept, "{args:?}");
        assert!(!folder.join("other").exists(), "{args:?} begins nothing");
        assert!(!folder.join("kept.part").exists(), "{args:?}");
    }
    let out = run(folder, &["--data", "office", "backup", "new.backup"])?;
    assert!(out.status.success(), "{}", said(&out));
    assert!(folder.join("new.backup").exists() && !folder.join("new.backup.part").exists());
    Ok(())
}
