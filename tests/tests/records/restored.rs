//! C34: after a restore no number is given out twice, if the person says what was given out since the backup.

use anyhow::{Context, Result, ensure};
use redress_desk::{
    Lang,
    demo::{PASSWORD, Practice},
    restore,
};
use redress_tests::{code, config, house};
use serde_json::{Value, json};
use tempfile::TempDir;

/// An office that was restored from a backup after which a case was registered and two documents were given out.
struct Restored {
    practice: Practice,
    /// Known to the backup.
    old: String,
    /// Registered after it.
    lost: String,
    /// Numbers of documents that were given out after it: of the old case, and of the lost one.
    papers: [String; 2],
    anchor: String,
    folder: TempDir,
}

async fn receipt(p: &mut Practice, case: &str) -> Result<String> {
    let r = json!({ "case": case, "form": "complaint-receipt" });
    let issued = p.call("zhaomin", "form.issue", r).await?;
    Ok(issued["number"].as_str().context("a number")?.to_owned())
}

async fn restored() -> Result<Restored> {
    let mut h = house().await?;
    let complaint = h.practice.complaint();
    let old = h.practice.register(complaint.clone()).await?;
    let secret = h.practice.backup_key("luoping").await?;
    let (bytes, anchor) = h.practice.office.backup(None, "x.backup").await?;
    let lost = h.practice.register(complaint).await?;
    let mine = receipt(&mut h.practice, &old).await?;
    let theirs = receipt(&mut h.practice, &lost).await?;
    h.practice.office.close().await;
    drop(h);
    let folder = TempDir::new()?;
    restore(&config(&folder), &bytes, &secret).await?;
    let practice = Practice::open(config(&folder), PASSWORD).await?;
    practice.clock("2026-10-09T09:00")?;
    Ok(Restored {
        practice,
        old,
        lost,
        papers: [mine, theirs],
        anchor,
        folder,
    })
}

async fn numbers(p: &Practice) -> Result<Value> {
    Ok(p.call("zhaomin", "numbers.get", json!({})).await?)
}

/// What the administrator says: this for the station, and nothing new elsewhere.
fn say(asked: &Value, station: &str, documents: &[&str]) -> Value {
    let known = asked["known"].as_array().into_iter().flatten();
    let cases = known.map(|k| {
        let own = k["procedure"] == "inspection-station" && k["year"] == 2026;
        let highest = if own {
            json!(station)
        } else {
            k["number"].clone()
        };
        json!({ "procedure": k["procedure"], "year": k["year"], "highest": highest })
    });
    json!({ "cases": cases.collect::<Vec<_>>(), "documents": documents })
}

async fn whole(p: &Practice) -> Result<()> {
    let report = p.office.verify(None, Lang::Zh).await?;
    ensure!(report.ok, "{}", serde_json::to_string(&report)?);
    Ok(())
}

#[tokio::test]
async fn nothing_is_numbered_twice_after_a_restore() -> Result<()> {
    let mut r = restored().await?;
    let asked = numbers(&r.practice).await?;
    assert_eq!(asked["unsaid"], true);
    assert_eq!(asked["restored_by"], "test");
    // The anchor is that of the backup: to there this office knows.
    assert_eq!(asked["anchor"], *r.anchor);
    let known = asked["known"].as_array().context("known")?;
    let own = known
        .iter()
        .find(|k| k["procedure"] == "inspection-station" && k["year"] == 2026);
    assert_eq!(own.context("the station")?["number"], *r.old);

    // Until it is said neither a case nor a document is numbered, and everything else goes on.
    let complaint = r.practice.complaint();
    let refused = r.practice.register(complaint.clone()).await;
    assert_eq!(code(refused), "restored_numbers_unsaid");
    let request = json!({ "case": r.old, "form": "complaint-receipt" });
    let refused = r.practice.call("zhaomin", "form.issue", request).await;
    assert_eq!(code(refused), "restored_numbers_unsaid");
    r.practice
        .act(
            "zhaomin",
            &r.old,
            "note",
            json!({ "note.text": "已核对纸质台账" }),
        )
        .await?;

    // What cannot be is asked again, and nobody but an administrator says it.
    let p = &r.practice;
    for (station, documents, expected) in [
        ("TS-2025-0002", vec![], "number_not_understood"),
        ("二", vec![], "number_not_understood"),
        ("99999", vec![], "number_too_far"),
        ("2", vec!["XX-1"], "document_number_unknown"),
        ("1", vec![r.papers[1].as_str()], "document_number_unknown"),
    ] {
        let said = p
            .call("admin", "numbers.say", say(&asked, station, &documents))
            .await;
        assert_eq!(code(said), expected, "{station} {documents:?}");
    }
    let nothing = json!({ "cases": [], "documents": [] });
    assert_eq!(
        code(p.call("admin", "numbers.say", nothing).await),
        "numbers_missing"
    );
    let [mine, theirs] = [r.papers[0].to_lowercase(), r.papers[1].clone()];
    let fits = say(&asked, &r.lost, &[&mine, &theirs, " "]);
    assert_eq!(
        code(p.call("zhaomin", "numbers.say", fits.clone()).await),
        "account_may_not"
    );
    let said = p.call("admin", "numbers.say", fits.clone()).await?;
    assert_eq!(
        (&said["unsaid"], &said["skipped"][0]["first"]),
        (&json!(false), &json!(r.lost))
    );
    assert_eq!(
        code(p.call("admin", "numbers.say", fits).await),
        "numbers_not_asked"
    );

    // From here on other numbers, of cases and of documents; the log is whole with the gap that is on record.
    let fresh = r.practice.register(complaint.clone()).await?;
    assert_eq!(fresh, "TS-2026-0003");
    let again = receipt(&mut r.practice, &r.old).await?;
    assert!(!r.papers.contains(&again), "{again}");
    assert!(again.ends_with("-03"), "{again}");
    let next = receipt(&mut r.practice, &r.old).await?;
    assert!(next.ends_with("-04"), "{next}");
    whole(&r.practice).await?;
    let rebuilt = r.practice.office.rebuild().await?;
    assert_eq!(rebuilt, 2);

    // Opened again the office asks nothing more, and still knows.
    r.practice.office.close().await;
    drop(r.practice);
    let mut p = Practice::open(config(&r.folder), PASSWORD).await?;
    p.clock("2026-10-09T10:00")?;
    assert_eq!(numbers(&p).await?["unsaid"], false);
    p.clock("2026-10-09T10:00")?;
    assert_eq!(p.register(complaint).await?, "TS-2026-0004");
    whole(&p).await
}

/// The same backup restored once more asks again: what was said is not in it.
#[tokio::test]
async fn each_restore_asks_and_nothing_given_out_since_is_an_answer() -> Result<()> {
    let mut h = house().await?;
    let complaint = h.practice.complaint();
    h.practice.register(complaint.clone()).await?;
    let secret = h.practice.backup_key("luoping").await?;
    let (bytes, _) = h.practice.office.backup(None, "x.backup").await?;
    h.practice.office.close().await;
    drop(h.practice);
    let folder = h.folder;
    for _ in 0..2 {
        restore(&config(&folder), &bytes, &secret).await?;
        let mut p = Practice::open(config(&folder), PASSWORD).await?;
        p.clock("2026-10-09T09:00")?;
        let asked = numbers(&p).await?;
        assert_eq!(asked["unsaid"], true);
        let all = say(&asked, "", &[]);
        let said = p.call("admin", "numbers.say", all).await?;
        assert_eq!(said["skipped"], json!([]));
        assert_eq!(p.register(complaint.clone()).await?, "TS-2026-0002");
        whole(&p).await?;
        p.office.close().await;
    }
    Ok(())
}
