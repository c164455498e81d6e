//! A folder that the version before wrote is opened, kept as a copy, and derived anew.

use redress_desk::{
    Lang,
    demo::{Laboratory, PASSWORD, Practice},
};
use redress_tests::{House, config, house, older::make_older};
use serde_json::json;

#[tokio::test]
async fn an_older_folder_is_kept_as_a_copy_and_derived_anew() -> anyhow::Result<()> {
    let mut h = house().await?;
    let case = h.practice.laboratory(Laboratory::Minor).await?;
    let House { practice, folder } = h;
    practice.office.close().await;
    drop(practice);
    make_older(&folder.path().join("office")).await?;

    let mut again = Practice::open(config(&folder), PASSWORD).await?;
    again.sign_in_as("chenxia").await?;
    for text in ["罗丽", "ll", "抽血窗口"] {
        let found = again
            .call("chenxia", "case.list", json!({ "text": text }))
            .await?;
        assert_eq!(found["rows"][0]["number"], case.as_str(), "{text}");
    }
    let r = again.office.verify(None, Lang::Zh).await?;
    assert!(r.ok, "{:?}", r.first_bad);
    let copy = folder.path().join("office/before-migration-11.db");
    assert!(copy.exists(), "a copy is kept before a migration");
    Ok(())
}
