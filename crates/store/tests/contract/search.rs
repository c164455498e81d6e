//! What is found by words is the same on every database, and so is what is not.

use crate::house::{Base, Done, Kind, genesis, with_case};
use redress_store::{AnyStore, CaseQuery, Store, StoreError, Viewer};

async fn found(store: &AnyStore, text: &str, names_in: &[&str]) -> Result<bool, StoreError> {
    let query = CaseQuery {
        text: Some(text.to_owned()),
        limit: 10,
        viewer: Viewer {
            names_in: names_in.iter().map(ToString::to_string).collect(),
            ..Viewer::default()
        },
        ..CaseQuery::default()
    };
    let page = store.case_rows(&query).await?;
    assert_eq!(i64::try_from(page.rows.len()).ok(), Some(page.total));
    Ok(page.total == 1)
}

#[tokio::test]
async fn open_words_are_found_by_everybody_and_personal_ones_where_they_are_needed() -> Done {
    let open = [
        "水",
        "含水",
        "含水量",
        "JC-2026-0917",
        "2026 0917",
        "jc2026",
        "含水 搞错",
    ];
    let personal = [
        "王芳",
        "王",
        "wf",
        "WF",
        "13800138000",
        "0013",
        "王芳 含水量",
    ];
    let nothing = [
        "火", "水王", "量怀", "13900", "芳制", "!!", "p-1", "'", "\\", "水 火",
    ];
    for kind in Kind::ALL {
        let base = Base::new(kind).await?;
        let store = base.create(vec![genesis(true)]).await?;
        let words = "JC-2026-0917\n制动液含水量4.2%，怀疑搞错了";
        with_case(&store, 1, words, "王芳\n138 0013 8000").await?;
        for text in open {
            assert!(found(&store, text, &[]).await?, "{kind:?}: {text} is open");
        }
        for text in personal {
            assert!(
                found(&store, text, &["p-0", "p-1"]).await?,
                "{kind:?}: {text} is needed"
            );
            assert!(
                !found(&store, text, &[]).await?,
                "{kind:?}: {text} is personal"
            );
            assert!(
                !found(&store, text, &["p-2"]).await?,
                "{kind:?}: {text} is another procedure's"
            );
        }
        for text in nothing {
            assert!(
                !found(&store, text, &["p-1"]).await?,
                "{kind:?}: {text} is not there"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_long_text_is_found_at_both_ends_and_across() -> Done {
    let long: String = (0..39_000)
        .filter_map(|n| char::from_u32(0x4E01 + n % 20_000))
        .collect();
    let chars: Vec<char> = long.chars().collect();
    for kind in Kind::ALL {
        let base = Base::new(kind).await?;
        let store = base.create(vec![genesis(true)]).await?;
        with_case(&store, 1, &long, &"哈".repeat(600)).await?;
        for start in [0, 15_950, 15_999, 16_001, 31_900, 38_900] {
            let text: String = chars[start..start + 100].iter().collect();
            assert!(found(&store, &text, &[]).await?, "{kind:?}: at {start}");
        }
        assert!(
            found(&store, &"哈".repeat(150), &["p-1"]).await?,
            "{kind:?}"
        );
    }
    Ok(())
}

/// The check that compares what is derived with the log agrees with itself, and finds a changed index.
#[tokio::test]
async fn a_changed_index_is_found() -> Done {
    for kind in Kind::ALL {
        let base = Base::new(kind).await?;
        let store = base.create(vec![genesis(true)]).await?;
        with_case(&store, 1, "制动液含水量", "王芳").await?;
        let mut prints = store.search_prints().await?;
        let nothing = store.compare(&[], &mut prints).await?;
        assert_eq!(nothing, vec![], "{kind:?}");
        let strays = store.strays(&prints).await?;
        assert!(
            strays.iter().any(|p| p.about == "case_search"),
            "{kind:?}: words of a case that is not there"
        );
        let mut prints = store.search_prints().await?;
        let case = crate::house::projection(1, "制动液含水量", "王芳");
        assert_eq!(
            store
                .compare(std::slice::from_ref(&case), &mut prints)
                .await?,
            vec![],
            "{kind:?}: nothing was changed"
        );
        let mut prints = store.search_prints().await?;
        let other = crate::house::projection(1, "制动液含水", "王芳");
        let differs = store.compare(&[other], &mut prints).await?;
        assert_eq!(
            differs.iter().map(|p| p.about.as_str()).collect::<Vec<_>>(),
            ["case_search"],
            "{kind:?}"
        );
    }
    Ok(())
}
