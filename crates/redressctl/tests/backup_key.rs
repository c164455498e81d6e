//! The backup key at the terminal: asked for, kept by another, and every backup sealed to it.

use serde_json::{Value, json};
use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

const PASSWORD: &str = "Redress-2026";

/// What the terminal answers; the code of a refusal, where it refuses.
fn redressctl(args: &[&str], more: &[(&str, &str)], typed: &str) -> std::io::Result<Value> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_redressctl"))
        .args(args)
        .env("REDRESS_PASSWORD", PASSWORD)
        .env("REDRESS_KEYSTORE", "none")
        .env_remove("REDRESS_PASSPHRASE")
        .envs(more.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A run that refuses reads nothing.
        let _ = stdin.write_all(typed.as_bytes());
    }
    let out = child.wait_with_output()?;
    let said = if out.status.success() {
        out.stdout
    } else {
        out.stderr
    };
    let answer: Value = serde_json::from_slice(&said)?;
    Ok(if out.status.success() {
        answer
    } else {
        answer["code"].clone()
    })
}

#[test]
fn a_backup_is_sealed_to_the_key_of_a_second_person() -> std::io::Result<()> {
    let top = tempfile::TempDir::new()?;
    let at = |name: &str| top.path().join(name).to_string_lossy().into_owned();
    let (data, file, into, papers) = (at("office"), at("x.backup"), at("restored"), at("papers"));
    redressctl(&["init", &data, "--training", "--plain"], &[], "")?;
    let run = |more: &[&str], env: &[(&str, &str)]| {
        let args = [&["--data", data.as_str()][..], more].concat();
        redressctl(&args, env, "")
    };
    let call = |who: &str, name: &str, given: Value| {
        let at = "2026-10-09T09:00:00+08:00";
        run(
            &["--as", who, "--at", at, "call", name, &given.to_string()],
            &[],
        )
    };
    let role = json!([{ "procedure": "clinical-laboratory", "role": "reception" }]);
    let colleague = json!({ "name": "陈霞", "login": "chenxia", "password": PASSWORD, "account": "member", "roles": role });
    call("admin", "person.add", colleague)?;
    let values = json!({
        "complaint.source": "customer", "complainant.name": "贺兰", "complaint.nature": "service",
        "complaint.description": "等候很久。", "complaint.demand": ["apologise"], "confidential.wish": true,
        "complaint.about_us": true, "immediate.measures": ["none"],
    });
    let made = call(
        "chenxia",
        "case.register",
        json!({ "procedure": "clinical-laboratory", "received_at": "2026-10-09T08:50:00+08:00", "channel": "oral", "values": values }),
    )?;
    assert!(made["number"].is_string(), "{made}");
    let words = [("REDRESS_PASSPHRASE", "my own words")];
    assert_eq!(run(&["backup", &file], &words)?, "backup_key_missing");
    assert_eq!(
        run(&["backup", &file], &[])?,
        "backup_key_missing",
        "and nothing is asked"
    );
    let own = [
        "backup",
        &file,
        "--recipient",
        "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
    ];
    assert_eq!(run(&own, &[])?, "backup_key_missing");
    assert!(!Path::new(&file).exists());

    let asked = run(&["--as", "admin", "backup-key", "ask"], &[])?;
    assert_eq!(asked["asked"]["own"], true, "{asked}");
    assert_eq!(
        run(&["--as", "admin", "backup-key", "keep"], &[])?,
        "backup_key_other"
    );
    let kept = run(
        &["--as", "chenxia", "backup-key", "keep", "--out", &papers],
        &[],
    )?;
    let opening = kept["opening_key"].as_str().unwrap_or_default().to_owned();
    assert!(opening.starts_with("AGE-SECRET-KEY-1 "), "{kept}");
    let page = std::fs::read(kept["page"].as_str().unwrap_or_default())?;
    assert!(page.starts_with(b"%PDF"));

    assert_eq!(run(&["backup", &file], &words)?, "backup_sealed_to_key");
    assert_eq!(run(&own, &[])?, "backup_sealed_to_key");
    assert!(!Path::new(&file).exists());
    let made = run(&["backup", &file], &[])?;
    assert_eq!(made["sealed_to"], kept["key"]["recipient"]);
    let state = run(&["--as", "admin", "backup-key"], &[])?;
    assert_eq!(state["sealing"], "key");

    let restore = ["restore", &file, "--into", &into];
    assert_eq!(redressctl(&restore, &words, "")?, "backup_key_needed");
    let from_stdin = [&restore[..], &["--secret", "-"]].concat();
    assert_eq!(
        redressctl(&from_stdin, &[], "AGE-SECRET-KEY-1QQQ\n")?,
        "backup_key_mistyped"
    );
    redressctl(&from_stdin, &[], &format!("{opening}\n"))?;
    let whole = redressctl(&["--data", &into, "verify"], &[], "")?;
    assert_eq!(whole["ok"], true, "{whole}");
    let (kept_in, third) = (at("opening.txt"), at("third"));
    std::fs::write(&kept_in, &opening)?;
    redressctl(
        &["restore", &file, "--into", &third, "--secret", &kept_in],
        &[],
        "",
    )?;
    Ok(())
}
