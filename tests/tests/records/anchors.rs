//! Anchors that leave the folder by themselves, and what a check finds against them.

use redress_desk::{
    AnchorState, Lang, Office,
    demo::{Laboratory, PASSWORD, Practice},
};
use redress_tests::{House, config, house, tampering::change};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

async fn name(p: &Practice, folders: &[&Path]) -> Result<Value, redress_desk::ApiError> {
    p.call("admin", "office.set", json!({ "anchor_folders": folders }))
        .await
}

/// A walked case, a named folder with an anchor after it, and nobody in the office.
async fn left() -> anyhow::Result<(TempDir, TempDir)> {
    let mut h = house().await?;
    let share = TempDir::new()?;
    name(&h.practice, &[share.path()]).await?;
    h.practice.laboratory(Laboratory::Minor).await?;
    let House { practice, folder } = h;
    practice.office.close().await;
    Ok((folder, share))
}

fn file(share: &TempDir) -> anyhow::Result<PathBuf> {
    let all = std::fs::read_dir(share.path())?;
    let first = all.filter_map(Result::ok).next();
    Ok(first
        .ok_or_else(|| anyhow::anyhow!("no file of anchors"))?
        .path())
}

/// What a check finds first, and how it stands with the folder.
async fn checked(folder: &TempDir) -> anyhow::Result<(Option<String>, AnchorState, usize)> {
    let office = Office::open(config(folder)).await?;
    let found = office.verify(None, Lang::Zh).await?;
    office.close().await;
    let place = &found.places[0];
    anyhow::ensure!(found.ok == found.first_bad.is_none());
    Ok((found.first_bad.map(|p| p.code), place.state, place.anchors))
}

#[tokio::test]
async fn one_is_left_when_the_folder_is_named_and_when_the_office_closes() -> anyhow::Result<()> {
    let (folder, share) = left().await?;
    let text = std::fs::read_to_string(file(&share)?)?;
    let lines = text.lines().filter(|l| !l.starts_with('#')).count();
    assert!(lines >= 2, "{text}");
    let (bad, state, anchors) = checked(&folder).await?;
    assert_eq!((bad, state), (None, AnchorState::Holds));
    assert!(anchors >= lines);
    Ok(())
}

/// A path can name somebody: it stands beside the log, as every word that was typed.
#[tokio::test]
async fn no_path_stands_in_the_log_itself() -> anyhow::Result<()> {
    let (folder, share) = left().await?;
    let file = folder.path().join("office/redress.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let pool = sqlx::SqlitePool::connect_with(options).await?;
    let count = async |sql: &'static str| -> sqlx::Result<i64> {
        let path = format!("%{}%", share.path().display());
        sqlx::query_scalar(sql).bind(path).fetch_one(&pool).await
    };
    let in_log = count("SELECT count(*) FROM event WHERE body LIKE $1").await?;
    let beside = count("SELECT count(*) FROM value WHERE value LIKE $1").await?;
    assert_eq!((in_log, beside), (0, 1));
    pool.close().await;
    Ok(())
}

#[tokio::test]
async fn a_log_that_was_cut_off_is_found_without_anybody_keeping_an_anchor() -> anyhow::Result<()> {
    let (folder, _share) = left().await?;
    // The newest record is a signing-in, which has no words beside it.
    let again = Practice::open(config(&folder), PASSWORD).await?;
    again.office.close().await;
    drop(again);
    let cut = "DELETE FROM event WHERE pos = (SELECT max(pos) FROM event)";
    change(&folder, &[cut]).await?;
    let (bad, state, _) = checked(&folder).await?;
    assert_eq!(bad.as_deref(), Some("anchor_file_beyond"));
    assert_eq!(state, AnchorState::Differs);
    Ok(())
}

#[tokio::test]
async fn older_data_in_the_place_of_newer_is_found() -> anyhow::Result<()> {
    let mut h = house().await?;
    let share = TempDir::new()?;
    name(&h.practice, &[share.path()]).await?;
    // Before the first case a passphrase of one's own does.
    let own = Some("correct horse");
    let (bytes, _) = h.practice.office.backup(own, "one").await?;
    h.practice.laboratory(Laboratory::Minor).await?;
    h.practice.office.close().await;
    let other = TempDir::new()?;
    redress_desk::restore(&config(&other), &bytes, "correct horse").await?;
    let (bad, _, _) = checked(&other).await?;
    assert_eq!(bad.as_deref(), Some("anchor_file_beyond"));
    // People work on in it: the same positions now hold other records.
    let again = Practice::open(config(&other), PASSWORD).await?;
    for _ in 0..60 {
        again.call("admin", "audit.anchor", json!({})).await?;
    }
    again.office.close().await;
    drop(again);
    let (bad, _, _) = checked(&other).await?;
    assert_eq!(bad.as_deref(), Some("anchor_file_differs"));
    Ok(())
}

#[tokio::test]
async fn a_folder_that_is_away_is_told_and_a_file_that_is_gone_is_a_problem() -> anyhow::Result<()>
{
    let (folder, share) = left().await?;
    std::fs::remove_file(file(&share)?)?;
    let office = Office::open(config(&folder)).await?;
    // Opening leaves one anew; the check must not take that for the file that was there.
    let found = office.verify(None, Lang::Zh).await?;
    let codes: Vec<&str> = found.problems.iter().map(|p| p.code.as_str()).collect();
    assert_eq!(codes, ["anchor_file_missing"]);
    office.close().await;
    drop(office);
    drop(share);
    let (bad, state, _) = checked(&folder).await?;
    assert_eq!((bad, state), (None, AnchorState::Away));
    Ok(())
}

#[tokio::test]
async fn folders_that_would_prove_nothing_are_refused() -> anyhow::Result<()> {
    let h = house().await?;
    let share = TempDir::new()?;
    let own = h.folder.path().join("office");
    let below = own.join("documents");
    std::fs::create_dir_all(&below)?;
    let gone = share.path().join("stick");
    for (path, code) in [
        (own.as_path(), "anchor_folder_inside"),
        (below.as_path(), "anchor_folder_inside"),
        (gone.as_path(), "anchor_folder_away"),
        (Path::new("anchors"), "anchor_folder_unfit"),
    ] {
        assert_eq!(
            redress_tests::code(name(&h.practice, &[path]).await),
            code,
            "{}",
            path.display()
        );
    }
    name(&h.practice, &[share.path()]).await?;
    let made = file(&share)?;
    name(&h.practice, &[]).await?;
    std::fs::write(&made, "somebody else's\n")?;
    let refused = name(&h.practice, &[share.path()]).await;
    assert_eq!(redress_tests::code(refused), "anchor_folder_foreign");
    assert_eq!(std::fs::read_to_string(&made)?, "somebody else's\n");
    Ok(())
}
