//! A house moves to another database and back, and is the same afterwards.

use crate::house::{Base, Done, Kind, genesis, office_in, one, with_case};
use redress_domain::{
    event::EventBody,
    id::{CaseId, PersonId},
};
use redress_store::{
    AnyStore, Opening, Place, Progress, Seal, SentKey, SqliteStore, Store, StoreError, copy,
};
use tempfile::TempDir;
use uuid::Uuid;

async fn furnished(base: &Base) -> Result<AnyStore, StoreError> {
    let store = office_in(base).await?;
    with_case(&store, 7, "制动液含水量", "王芳").await?;
    let person = PersonId(Uuid::from_u128(3));
    store
        .draft_put(person, "new", "{\"a\":\"引号 ' \\\\\"}", "2026-09-28")
        .await?;
    store.attempt_failed("somebody", 11, 0).await?;
    store.attempt_failed("somebody", 12, 0).await?;
    let mut more = one(
        &format!("case:{}", CaseId(Uuid::from_u128(7))),
        1,
        EventBody::Set {},
        1,
        &["2026-09-28T12:00:00+08:00"],
    );
    more.sent = Some(SentKey {
        key: "k".to_owned(),
        content: "c".to_owned(),
    });
    let mut p = crate::house::projection(7, "制动液含水量", "王芳");
    p.row.seq = 2;
    more.projection = Some(p);
    store.append(vec![more]).await?;
    Ok(store)
}

#[tokio::test]
async fn a_house_moves_and_is_the_same() -> Done {
    for from in Kind::ALL {
        for to in Kind::ALL {
            let (a, b) = (Base::new(from).await?, Base::new(to).await?);
            let source = furnished(&a).await?;
            let report = copy(&source, &b.place(), "test", &Progress::default()).await?;
            assert_eq!(
                (report.anchor_pos, report.anchor_hash),
                source.tail().await?,
                "{from:?} to {to:?}"
            );
            let target = b.open().await?;
            assert_eq!(target.tail().await?, source.tail().await?);
            assert_eq!(target.attempts("somebody").await?, (2, 12));
            let drafts = target.draft_list(PersonId(Uuid::from_u128(3))).await?;
            assert_eq!(drafts.len(), 1, "what is being typed moves too");
            let sent = target.sent("k").await?.map(|s| (s.first, s.last));
            assert_eq!(sent, Some((2, 2)), "what was sent is not done again there");
            assert!(target.projections_stale().await?, "lists are made anew");
            let mut p = crate::house::projection(7, "制动液含水量", "王芳");
            let stale = target
                .replace_projections(vec![p.clone()], &Progress::default())
                .await;
            assert!(
                matches!(stale, Err(StoreError::Changed)),
                "folded before the case went on: {stale:?}"
            );
            p.row.seq = 2;
            target
                .replace_projections(vec![p], &Progress::default())
                .await?;
            assert!(!target.projections_stale().await?);
            let again = copy(&source, &b.place(), "test", &Progress::default()).await;
            let code = again.err().map(|e| e.code());
            assert!(
                matches!(code, Some("folder_not_empty" | "database_not_empty")),
                "{code:?}"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_house_that_is_not_whole_does_not_move() -> Done {
    for from in Kind::ALL {
        for to in Kind::ALL {
            let (a, b) = (Base::new(from).await?, Base::new(to).await?);
            let source = furnished(&a).await?;
            source.close().await;
            drop(source);
            a.tamper("UPDATE value SET value = '\"x\"' WHERE pos = 2")
                .await?;
            let source = a.open().await?;
            let moved = copy(&source, &b.place(), "test", &Progress::default()).await;
            assert!(
                matches!(moved, Err(StoreError::CopyUnsound { .. })),
                "{from:?} to {to:?}: {moved:?}"
            );
            let empty = b.create(vec![genesis(true)]).await?;
            assert_eq!(empty.tail().await?.0, 1, "nothing was left there");
        }
    }
    Ok(())
}

/// A backup has one format: that of a database on a server is restored into a folder.
#[tokio::test]
async fn a_backup_is_restored_into_a_folder() -> Done {
    for kind in Kind::ALL {
        let base = Base::new(kind).await?;
        let source = furnished(&base).await?;
        let dir = TempDir::new()?;
        let file = dir.path().join("x.backup");
        let out = Box::new(std::fs::File::create(&file)?);
        let anchor = source
            .backup(&Seal::Passphrase("a passphrase".into()), out)
            .await?
            .anchor;
        let (pos, hash) = source.tail().await?;
        assert_eq!(anchor, format!("{pos}:{hash}"), "{kind:?}");
        let folder = dir.path().join("restored");
        let bytes = std::fs::File::open(&file)?;
        let opening = Opening::Passphrase("a passphrase".into());
        SqliteStore::restore(bytes, opening, &folder, None).await?;
        let restored = Place::Folder(folder).open("test").await?;
        assert_eq!(restored.tail().await?, (pos, hash), "{kind:?}");
    }
    Ok(())
}
