//! The stories of `tests/stories/`, told through the command list in one practice office.

use anyhow::{Context, Result, ensure};
use redress_desk::{
    Lang,
    demo::{PASSWORD, Practice, Story},
};
use redress_tests::config;
use serde_json::json;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn stories() -> Result<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("stories");
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|e| Ok(e?.path()))
        .collect::<Result<_>>()?;
    all.retain(|p| p.extension().is_some_and(|e| e == "toml"));
    all.sort();
    Ok(all)
}

/// Each case ends filed, with its documents given out, and the log is whole.
#[tokio::test(flavor = "multi_thread")]
async fn every_story_goes_as_told() -> Result<()> {
    for file in stories()? {
        let name = file.display();
        let story =
            Story::read(&std::fs::read_to_string(&file)?).with_context(|| name.to_string())?;
        let folder = TempDir::new()?;
        let mut p = Practice::bare(config(&folder), PASSWORD, story.begins()?).await?;
        let cases = p.tell(&story).await.with_context(|| name.to_string())?;
        ensure!(!cases.is_empty(), "{name} tells of no case");
        for (label, case) in cases {
            let view = p.call("admin", "case.get", json!({ "case": case })).await?;
            ensure!(view["status"] != "open", "{name}: {label} stays open");
            let given = view["documents"].as_array().map_or(0, Vec::len);
            ensure!(given > 0, "{name}: {label} gave nothing out");
        }
        ensure!(
            p.office.verify(None, Lang::Zh).await?.ok,
            "{name}: the log is whole"
        );
    }
    Ok(())
}
