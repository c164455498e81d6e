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

const WORDS: [(&str, &str); 1] = [("REDRESS_PASSPHRASE", "my own words")];
const OWN: &str = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq";

/// A training office in a folder of its own.
struct Office(tempfile::TempDir);

impl Office {
    fn new() -> std::io::Result<Self> {
        let office = Self(tempfile::TempDir::new()?);
        redressctl(
            &["init", &office.at("office"), "--training", "--plain"],
            &[],
            "",
        )?;
        Ok(office)
    }

    fn at(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }

    fn run(&self, more: &[&str], env: &[(&str, &str)]) -> std::io::Result<Value> {
        let data = self.at("office");
        redressctl(&[&["--data", data.as_str()][..], more].concat(), env, "")
    }

    fn call(&self, who: &str, name: &str, given: Value) -> std::io::Result<Value> {
        let (at, given) = ("2026-10-09T09:00:00+08:00", given.to_string());
        self.run(&["--as", who, "--at", at, "call", name, &given], &[])
    }

    /// A colleague, and a case that she registered: from now on backups hold what is hidden from somebody.
    fn at_work(&self) -> std::io::Result<()> {
        let role = json!([{ "procedure": "clinical-laboratory", "role": "reception" }]);
        let colleague = json!({ "name": "陈霞", "login": "chenxia", "password": PASSWORD, "account": "member", "roles": role });
        self.call("admin", "person.add", colleague)?;
        let values = json!({
            "complaint.source": "customer", "complainant.name": "贺兰", "complaint.nature": "service",
            "complaint.description": "等候很久。", "complaint.demand": ["apologise"], "confidential.wish": true,
            "complaint.about_us": true, "immediate.measures": ["none"],
        });
        let case = json!({
            "procedure": "clinical-laboratory", "received_at": "2026-10-09T08:50:00+08:00", "channel": "oral",
            "values": values,
        });
        let made = self.call("chenxia", "case.register", case)?;
        assert!(made["number"].is_string(), "{made}");
        Ok(())
    }

    /// Words and keys of one's own seal nothing, and nobody is asked for them.
    fn refuses_backups(&self, code: &str) -> std::io::Result<()> {
        let file = self.at("x.backup");
        assert_eq!(self.run(&["backup", &file], &WORDS)?, code);
        assert_eq!(self.run(&["backup", &file, "--recipient", OWN], &[])?, code);
        assert!(!Path::new(&file).exists());
        Ok(())
    }

    /// One person asks, another keeps; answers what she is shown.
    fn key_kept(&self) -> std::io::Result<Value> {
        let asked = self.run(&["--as", "admin", "backup-key", "ask"], &[])?;
        assert_eq!(asked["asked"]["own"], true, "{asked}");
        let alone = self.run(&["--as", "admin", "backup-key", "keep"], &[])?;
        assert_eq!(alone, "backup_key_other");
        let papers = self.at("papers");
        let keep = ["--as", "chenxia", "backup-key", "keep", "--out", &papers];
        let kept = self.run(&keep, &[])?;
        let page = kept["page"].as_str().expect("a page for the safe");
        assert!(std::fs::read(page)?.starts_with(b"%PDF"));
        Ok(kept)
    }

    /// The opening key restores, typed or kept in a file; nothing else does.
    fn restored_by(&self, opening: &str) -> std::io::Result<()> {
        let (file, into, third) = (self.at("x.backup"), self.at("restored"), self.at("third"));
        let restore = ["restore", &file, "--into", &into];
        assert_eq!(redressctl(&restore, &WORDS, "")?, "backup_key_needed");
        let typed = [&restore[..], &["--secret", "-"]].concat();
        let mistyped = redressctl(&typed, &[], "AGE-SECRET-KEY-1QQQ\n")?;
        assert_eq!(mistyped, "backup_key_mistyped");
        redressctl(&typed, &[], &format!("{opening}\n"))?;
        let whole = redressctl(&["--data", &into, "verify"], &[], "")?;
        assert_eq!(whole["ok"], true, "{whole}");
        let kept = self.at("opening.txt");
        std::fs::write(&kept, opening)?;
        redressctl(
            &["restore", &file, "--into", &third, "--secret", &kept],
            &[],
            "",
        )?;
        Ok(())
    }
}

#[test]
fn a_backup_is_sealed_to_the_key_of_a_second_person() -> std::io::Result<()> {
    let office = Office::new()?;
    let file = office.at("x.backup");
    office.at_work()?;
    office.refuses_backups("backup_key_missing")?;
    let unasked = office.run(&["backup", &file], &[])?;
    assert_eq!(unasked, "backup_key_missing", "and nothing is asked");

    let kept = office.key_kept()?;
    let opening = kept["opening_key"].as_str().expect("an opening key");
    assert!(opening.starts_with("AGE-SECRET-KEY-1 "), "{kept}");

    office.refuses_backups("backup_sealed_to_key")?;
    let made = office.run(&["backup", &file], &[])?;
    assert_eq!(made["sealed_to"], kept["key"]["recipient"]);
    let state = office.run(&["--as", "admin", "backup-key"], &[])?;
    assert_eq!(state["sealing"], "key");
    office.restored_by(opening)
}
