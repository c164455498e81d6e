//! The window may do the least that works: its page loads nothing from elsewhere, and its capability grants nothing.

use serde_json::Value;
use std::{collections::BTreeMap, path::Path};

fn read(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

/// The policy by directive.
fn policy(window: &Value) -> BTreeMap<String, Vec<String>> {
    let text = window["app"]["security"]["csp"].as_str().expect("a policy");
    let words = |d: &str| d.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let parts = text.split(';').map(words).filter(|w| !w.is_empty());
    parts.map(|mut w| (w.remove(0), w)).collect()
}

#[test]
fn the_page_runs_its_own_files_and_nothing_else() {
    let window = read("src-tauri/tauri.conf.json");
    let policy = policy(&window);
    let expected = [
        ("default-src", "'none'"),
        ("script-src", "'self'"),
        ("style-src", "'self'"),
        ("img-src", "'self'"),
        ("font-src", "'self'"),
        // The window's own way to its commands; on Windows it looks like an address, and is none.
        ("connect-src", "'self' ipc: http://ipc.localhost"),
        ("worker-src", "'none'"),
        ("object-src", "'none'"),
        ("base-uri", "'none'"),
        ("form-action", "'none'"),
        ("frame-ancestors", "'none'"),
    ];
    let expected: BTreeMap<String, Vec<String>> = expected
        .into_iter()
        .map(|(d, w)| (d.to_owned(), w.split(' ').map(str::to_owned).collect()))
        .collect();
    assert_eq!(policy, expected);
    assert_eq!(window["build"]["frontendDist"], "../ui/dist");
    for loose in [
        "devUrl",
        "dangerous",
        "withGlobalTauri",
        "assetProtocol",
        "http",
    ] {
        let mut text = window.clone();
        text["app"]["security"]["csp"] = Value::Null;
        assert!(!text.to_string().contains(loose), "{loose}");
    }
}

#[test]
fn the_window_is_granted_nothing_but_its_own_commands() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/capabilities");
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .expect("the capabilities")
        .flatten()
        .map(|f| f.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names.len(), 1, "{names:?}");
    let capability = read(&format!("src-tauri/capabilities/{}", names[0]));
    assert_eq!(capability["permissions"], serde_json::json!([]));
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
    assert!(capability.get("remote").is_none(), "no page from elsewhere");
    let window = read("src-tauri/tauri.conf.json");
    assert!(window["app"]["security"].get("capabilities").is_none());
}
