//! The arrows: src-tauri, redressctl, tests → host → desk → { store, paper } → domain; nothing points back. Inside a
//! crate, rooms know only rooms below them.

mod floors;
mod window_policy;

use cargo_metadata::{DependencyKind, MetadataCommand};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn nothing_points_back() {
    let metadata = MetadataCommand::new()
        .no_deps()
        .exec()
        .expect("cargo metadata");
    let own: BTreeSet<String> = metadata
        .packages
        .iter()
        .map(|p| p.name.to_string())
        .collect();
    let allowed = BTreeMap::from([
        ("redress-domain", vec![]),
        ("redress-store", vec!["redress-domain"]),
        ("redress-paper", vec!["redress-domain"]),
        (
            "redress-desk",
            vec!["redress-domain", "redress-paper", "redress-store"],
        ),
        ("redress-host", vec!["redress-desk"]),
        ("redressctl", vec!["redress-desk", "redress-host"]),
        ("redress", vec!["redress-desk", "redress-host"]),
        ("redress-tests", vec!["redress-desk", "redress-host"]),
        ("xtask", vec![]),
    ]);
    assert_eq!(
        own.iter().map(String::as_str).collect::<Vec<_>>(),
        allowed.keys().copied().collect::<Vec<_>>()
    );
    for package in &metadata.packages {
        for needed in package
            .dependencies
            .iter()
            .filter(|d| own.contains(&d.name))
        {
            let may = &allowed[package.name.as_str()];
            assert!(
                may.contains(&needed.name.as_str()),
                "{} must not know {}",
                package.name,
                needed.name
            );
        }
    }
}

/// The rooms of each crate, from top to bottom. Rooms in one line are not parted yet, and count as one.
const FLOORS: [(&str, &[&str]); 5] = [
    (
        "domain",
        &[
            "visibility",
            "approval",
            "rules",
            "procedure",
            "case",
            "form",
            "event",
            "value",
            "time",
            "signature",
            "number",
            "chain",
            "amount",
            "text",
            "refusal",
            "id",
        ],
    ),
    ("paper", &["layout", "output", "page", "text", "boxes"]),
    (
        "store",
        &[
            "house", "postgres", "sqlite", "sql", "damage", "search", "tables", "contract",
            "walked", "envelope", "at_rest", "private", "notice", "prints", "progress", "error",
        ],
    ),
    (
        "desk",
        &[
            "demo",
            "commands",
            "records",
            "reports",
            "documents",
            "cases",
            "institution",
            "people",
            "access",
            "anchors",
            "office",
            "index",
            "masking",
            "secrets",
            "shipped",
            "content",
            "text",
        ],
    ),
    (
        "host",
        &[
            "serve",
            "client",
            "routes",
            "change_feed",
            "call",
            "act",
            "file",
            "wire",
            "envelope",
            "health",
            "host",
            "writing",
            "found",
            "sessions",
            "work",
            "limits",
            "origin",
            "pin",
            "tls",
        ],
    ),
];

/// Methods that doors alone call: one line each, over functions of the rooms (docs/decisions/0013-rooms.md).
const DOORS: [&str; 1] = ["commands/doors.rs: impl Office"];

/// Rooms import downwards only: no circle between rooms, nor between files of different rooms.
#[test]
fn rooms_know_only_rooms_below_them() {
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut arrows = 0;
    for (name, floors) in FLOORS {
        let krate = floors::Crate::read(&crates.join(name).join("src"));
        let mut wrong = floors::hold(&krate, floors);
        wrong.retain(|w| !DOORS.contains(&w.as_str()));
        assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
        arrows += krate.arrows().len();
    }
    assert!(arrows > 200, "{arrows} arrows: the source is not read");
}

/// The machine's zone is never asked: what is kept, shown and computed is in the institution's.
#[test]
fn nobody_asks_the_machines_zone() {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let forbidden = [
        "Local::now",
        "chrono::Local",
        "toLocale",
        ".getHours(",
        ".getDate(",
        "getTimezoneOffset",
        "Intl.DateTimeFormat",
    ];
    let mut waiting = vec![
        top.join("crates"),
        top.join("src-tauri/src"),
        top.join("ui/src"),
    ];
    let mut read = 0;
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let inside = std::fs::read_dir(&path).expect("a folder");
            waiting.extend(inside.flatten().map(|e| e.path()));
            continue;
        }
        let name = path.to_string_lossy();
        let ours = [".rs", ".ts", ".vue"].iter().any(|end| name.ends_with(end));
        if !ours || name.contains("node_modules") {
            continue;
        }
        read += 1;
        let text = std::fs::read_to_string(&path).expect("a text");
        for word in forbidden {
            assert!(!text.contains(word), "{name}: {word}");
        }
    }
    assert!(read > 200, "{read} files");
}

#[test]
fn only_paper_knows_printpdf_and_only_store_knows_sql() {
    let metadata = MetadataCommand::new()
        .no_deps()
        .exec()
        .expect("cargo metadata");
    for (library, owner) in [
        ("printpdf", "redress-paper"),
        ("sqlx", "redress-store"),
        ("tauri", "redress"),
    ] {
        for package in &metadata.packages {
            // Tests may look at a database from outside, and benches measure the bare floor: nothing of them is shipped.
            if package.name.as_str() == "redress-tests" {
                continue;
            }
            let shipped = |d: &&cargo_metadata::Dependency| d.kind != DependencyKind::Development;
            let mut uses = package.dependencies.iter().filter(shipped);
            let uses = uses.any(|d| d.name == library);
            assert!(
                !uses || package.name.as_str() == owner,
                "{} must not use {library}",
                package.name
            );
        }
    }
}
