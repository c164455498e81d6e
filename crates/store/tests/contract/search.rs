//! What is found by words is the same on every database, and so is what is not.

use crate::house::{Base, Done, Kind, genesis, projection, with_case, with_projection};
use redress_domain::id::PersonId;
use redress_store::{AnyStore, CasePage, CaseQuery, Circle, Store, StoreError, Viewer};
use uuid::Uuid;

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

/// What is written in one way is found by another; the forms themselves are held in `search`.
#[tokio::test]
async fn other_ways_to_write_it_are_found() -> Done {
    let sought = [
        "复检",
        "複檢",
        "JC-2026-0917",
        "ＪＣ－２０２６－０９１７",
        "20260917",
        "曾晓燕",
        "曾　曉燕",
        "zxy",
        "cxy",
        "+86 139 7777 0101",
        "0086-13977770101",
        "(86)13977770101",
        "7777",
        "zxy 13977770101 复检",
    ];
    for kind in Kind::ALL {
        let base = Base::new(kind).await?;
        let store = base.create(vec![genesis(true)]).await?;
        with_case(
            &store,
            1,
            "ＪＣ－２０２６－0917\n要求複檢",
            "曾\u{200B}晓燕\n（139）7777.0101",
        )
        .await?;
        for text in sought {
            assert!(found(&store, text, &["p-1"]).await?, "{kind:?}: {text}");
        }
        for text in ["13977770102", "zxw", "JC-2026-0918", "一一"] {
            assert!(!found(&store, text, &["p-1"]).await?, "{kind:?}: {text}");
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
        let case = projection(1, "制动液含水量", "王芳");
        assert_eq!(
            store
                .compare(std::slice::from_ref(&case), &mut prints)
                .await?,
            vec![],
            "{kind:?}: nothing was changed"
        );
        let mut prints = store.search_prints().await?;
        let other = projection(1, "制动液含水", "王芳");
        let differs = store.compare(&[other], &mut prints).await?;
        assert_eq!(
            differs.iter().map(|p| p.about.as_str()).collect::<Vec<_>>(),
            ["case_search"],
            "{kind:?}"
        );
    }
    Ok(())
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_changed_index_on_a_server_is_found() -> Done {
    let base = Base::new(Kind::Postgres).await?;
    let store = base.create(vec![genesis(true)]).await?;
    with_case(&store, 1, "制动液含水量", "王芳").await?;
    let case = projection(1, "制动液含水量", "王芳");
    for (sql, about) in [
        ("UPDATE case_search SET own = NOT own", "case_search"),
        (
            "UPDATE case_search SET procedure = 'x', own = NOT own",
            "case_search",
        ),
        ("UPDATE case_row SET status = 'closed'", "case_row"),
        ("INSERT INTO waiting VALUES ('p-1', 'r', 0, 2)", "waiting"),
        ("DELETE FROM case_search", "case_search"),
    ] {
        base.tamper(sql).await?;
        let mut prints = store.search_prints().await?;
        let found = store
            .compare(std::slice::from_ref(&case), &mut prints)
            .await?;
        let found: Vec<&str> = found.iter().map(|p| p.about.as_str()).collect();
        assert!(found.contains(&about), "{sql}: {found:?}");
    }
    base.tamper("INSERT INTO case_search VALUES (99999, 0, false, 'p-1', 'x'::tsvector)")
        .await?;
    let mut prints = store.search_prints().await?;
    store.compare(&[case], &mut prints).await?;
    let strays = store.strays(&prints).await?;
    let mut strays = strays.iter().map(|p| p.about.as_str());
    assert!(strays.any(|about| about == "case_search"));
    Ok(())
}

fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

/// Five cases; the third is confidential.
async fn five(kind: Kind) -> Result<(Base, AnyStore), StoreError> {
    let base = Base::new(kind).await?;
    let store = base.create(vec![genesis(true)]).await?;
    for n in 1..=5 {
        let mut p = projection(n, "含水量", "王芳");
        p.row.next_due = Some(1000 * i64::try_from(n).unwrap_or_default());
        p.row.registered_by = person(n);
        p.row.circle = (n == 3).then(|| Circle {
            people: [person(31), person(32)].into(),
            roles: ["manager".to_owned()].into(),
            hidden_from: [person(32)].into(),
            reasons: vec![],
        });
        with_projection(&store, p).await?;
    }
    Ok((base, store))
}

fn ask(text: Option<&str>, viewer: Viewer) -> CaseQuery {
    CaseQuery {
        text: text.map(str::to_owned),
        limit: 2,
        now: 2500,
        viewer,
        ..CaseQuery::default()
    }
}

fn cases(page: &CasePage) -> Vec<u128> {
    page.rows.iter().map(|r| r.id.0.as_u128()).collect()
}

#[tokio::test]
async fn a_list_goes_on_where_its_page_ended() -> Done {
    for kind in Kind::ALL {
        let (_base, store) = five(kind).await?;
        for (text, all) in [
            (None, vec![5, 4, 3, 2, 1]),
            (Some("含水"), vec![5, 4, 2, 1]),
        ] {
            let mut seen = Vec::new();
            let mut query = ask(text, Viewer::default());
            loop {
                let page = store.case_rows(&query).await?;
                assert_eq!(i64::try_from(all.len()).ok(), Some(page.total));
                seen.extend(cases(&page));
                query.cursor = page.next;
                if query.cursor.is_none() {
                    break;
                }
            }
            assert_eq!(seen, all, "{kind:?}: {text:?}");
        }
        let late = CaseQuery {
            clock: Some("late".to_owned()),
            ..ask(None, Viewer::default())
        };
        assert_eq!(cases(&store.case_rows(&late).await?), [2, 1], "{kind:?}");
        let own = CaseQuery {
            person: Some(person(4)),
            ..ask(None, Viewer::default())
        };
        assert_eq!(cases(&store.case_rows(&own).await?), [4], "{kind:?}");
        let counts = store.counts(0, 2500, &Viewer::default()).await?;
        assert_eq!((counts.received, counts.open, counts.late), (5, 5, 2));
    }
    Ok(())
}

#[tokio::test]
async fn a_confidential_case_is_found_by_whoever_has_part_in_it() -> Done {
    let viewer = |n: u128, roles: &[(&str, &str)]| Viewer {
        people: vec![person(n)],
        roles: roles
            .iter()
            .map(|(p, r)| ((*p).to_owned(), (*r).to_owned()))
            .collect(),
        names_in: vec![],
        untrusted: false,
    };
    for kind in Kind::ALL {
        let (_base, store) = five(kind).await?;
        for (who, sees) in [
            (Viewer::default(), false),
            (viewer(31, &[]), true),
            (viewer(32, &[]), false),
            (viewer(33, &[("p-1", "manager")]), true),
            (viewer(33, &[("p-2", "manager")]), false),
            (viewer(33, &[("p-1", "clerk")]), false),
            (viewer(32, &[("p-1", "manager")]), false),
        ] {
            let page = store.case_rows(&ask(Some("含水"), who.clone())).await?;
            assert_eq!(page.total == 5, sees, "{kind:?}: {who:?}");
        }
    }
    Ok(())
}

/// What the database leaves out is what the rule in [`Viewer`] says, in every list and number.
#[tokio::test]
async fn for_whom_it_is_hidden_it_is_in_no_list_and_in_no_number() -> Done {
    let viewer = |people: &[u128], role: bool, untrusted: bool| Viewer {
        people: people.iter().map(|n| person(*n)).collect(),
        roles: role
            .then(|| ("p-1".to_owned(), "manager".to_owned()))
            .into_iter()
            .collect(),
        names_in: vec![],
        untrusted,
    };
    for kind in Kind::ALL {
        let (_base, store) = five(kind).await?;
        let whole = store.all_rows(&Viewer::default()).await?;
        for people in [&[33][..], &[31], &[32], &[33, 32], &[31, 32]] {
            for who in [(false, false), (true, false), (false, true), (true, true)]
                .map(|(role, untrusted)| viewer(people, role, untrusted))
            {
                let known: Vec<_> = whole.iter().filter(|(r, ..)| who.knows(r)).collect();
                let count = i64::try_from(known.len()).unwrap_or_default();
                let said = format!("{kind:?}: {who:?}");
                assert_eq!(store.all_rows(&who).await?.len(), known.len(), "{said}");
                assert_eq!(
                    store.case_rows(&ask(None, who.clone())).await?.total,
                    count,
                    "{said}"
                );
                assert_eq!(store.counts(0, 2500, &who).await?.open, count, "{said}");
                let waiting = store.worklist_rows(&[], 10, &who).await?;
                assert_eq!(waiting.len(), known.len(), "{said}");
                for (row, ..) in &whole {
                    let theirs = CaseQuery {
                        person: Some(row.registered_by),
                        ..ask(None, who.clone())
                    };
                    let found = store.case_rows(&theirs).await?.total == 1;
                    assert_eq!(found, who.admitted(row), "{said}: who registered it");
                }
                let words = store.case_rows(&ask(Some("含水"), who.clone())).await?;
                let admitted = whole.iter().filter(|(r, ..)| who.admitted(r)).count();
                assert_eq!(
                    words.total,
                    i64::try_from(admitted).unwrap_or_default(),
                    "{said}"
                );
            }
        }
    }
    Ok(())
}
