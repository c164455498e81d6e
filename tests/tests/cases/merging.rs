//! C25, C38: what points to another case points to one that lives. On both databases.
#![cfg(target_os = "linux")]

use anyhow::{Context, Result, ensure};
use redress_desk::{
    ApiError, Config, Lang,
    demo::{PASSWORD, Practice},
};
use redress_tests::{code, config, database::database};
use serde_json::{Value, json};
use tempfile::TempDir;

/// One practice office in a folder, one on PostgreSQL.
async fn both() -> Result<Vec<(Practice, Config, TempDir)>> {
    let mut all = Vec::new();
    for on_server in [false, true] {
        let folder = TempDir::new()?;
        let mut config = config(&folder);
        if on_server {
            config.database = Some(database().await?);
        }
        let start = chrono::DateTime::parse_from_rfc3339("2026-09-28T08:00:00+08:00")?;
        let p = Practice::create(config.clone(), PASSWORD, start).await?;
        all.push((p, config, folder));
    }
    Ok(all)
}

async fn cases(p: &mut Practice, count: usize) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for _ in 0..count {
        let complaint = p.complaint();
        all.push(p.register(complaint).await?);
    }
    Ok(all)
}

async fn merge(p: &Practice, case: &str, into: &str) -> Result<Value, ApiError> {
    let values = json!({ "merge.into": into, "merge.reason": "同一事项" });
    p.act("luoping", case, "merge", values).await
}

async fn view(p: &Practice, case: &str) -> Result<Value> {
    Ok(p.call("luoping", "case.get", json!({ "case": case }))
        .await?)
}

async fn whole(p: &Practice) -> Result<()> {
    let report = p.office.verify(None, Lang::Zh).await?;
    ensure!(report.ok, "{}", serde_json::to_string(&report)?);
    Ok(())
}

fn numbers(list: &Value) -> Vec<&str> {
    let all = list.as_array().into_iter().flatten();
    all.filter_map(|m| m["number"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_leads_to_a_case_that_lives() -> Result<()> {
    for (mut p, _, _folder) in both().await? {
        let all = cases(&mut p, 7).await?;
        let [a, b, c, withdrawn, voided, moved, d] = all.as_slice() else {
            unreachable!("seven");
        };
        // Typed in small letters, full-width, with spaces: the record has the number as it is.
        let typed = format!(" {} ", b.to_lowercase().replace('-', " － "));
        merge(&p, a, &typed).await?;
        let seen = view(&p, a).await?;
        assert_eq!(seen["merged_into"]["number"], **b);
        let kept = seen["values"].as_array().context("values")?;
        assert!(
            kept.iter()
                .any(|v| v["key"] == "merge.into" && v["text"] == **b)
        );
        // The survivor says so in its own record, screen and file.
        let survivor = view(&p, b).await?;
        assert_eq!(numbers(&survivor["merged_in"]), [a]);
        let told = survivor["timeline"].to_string();
        assert!(
            told.contains(&format!("{a} 并入本案")) && told.contains("同一事项"),
            "{told}"
        );

        // Neither back, nor into itself, nor a third into the merged one.
        assert_eq!(code(merge(&p, b, a).await), "merge_circle");
        assert_eq!(code(merge(&p, b, b).await), "merge_itself");
        let Err(refused) = merge(&p, c, a).await else {
            unreachable!("merged")
        };
        assert_eq!(
            (refused.code.as_str(), &refused.params["living"]),
            ("merge_target_merged", &json!(b))
        );
        assert!(
            refused.message(Lang::Zh).contains(&format!("请并入 {b}")),
            "{}",
            refused.message(Lang::Zh)
        );

        // Into what has ended otherwise: each is said for what it is.
        let why = |k: &str| json!({ k: "x y" });
        p.act("luoping", withdrawn, "withdraw", why("withdrawal.reason"))
            .await?;
        p.act("luoping", voided, "void", why("void.reason")).await?;
        p.act(
            "luoping",
            moved,
            "transfer",
            json!({ "transfer.to": "监管局", "transfer.reason": "x" }),
        )
        .await?;
        for (into, expected) in [
            (withdrawn, "merge_target_withdrawn"),
            (voided, "merge_target_voided"),
            (moved, "merge_target_transferred"),
        ] {
            assert_eq!(code(merge(&p, c, into).await), expected);
        }
        assert_eq!(code(merge(&p, c, "TS-2026-9999").await), "merge_unknown");

        // The survivor is neither withdrawn nor voided under those that were merged into it; onward it takes them along.
        for (act, values) in [
            ("withdraw", why("withdrawal.reason")),
            ("void", why("void.reason")),
        ] {
            assert_eq!(
                code(p.act("luoping", b, act, values).await),
                "merged_cases_here"
            );
            let offered = view(&p, b).await?;
            let all = offered["actions"].as_array().context("actions")?.clone();
            let one = all.iter().find(|x| x["id"] == act).context("offered")?;
            assert_eq!(
                (&one["allowed"], &one["refusal"]["code"]),
                (&json!(false), &json!("merged_cases_here"))
            );
        }
        merge(&p, b, c).await?;
        let on = view(&p, c).await?;
        assert_eq!(numbers(&on["merged_in"]), [b]);
        assert_eq!(on["merged_in"][0]["with"], json!([a]));
        let first = view(&p, a).await?;
        assert_eq!(
            (
                &first["merged_into"]["number"],
                &first["merged_into"]["living_number"]
            ),
            (&json!(b), &json!(c))
        );
        let Err(refused) = merge(&p, d, a).await else {
            unreachable!("merged on")
        };
        assert_eq!(
            refused.params["living"], **c,
            "the chain is followed to its end"
        );
        assert_eq!(code(merge(&p, c, a).await), "merge_circle");

        // Reopened, it stands on its own again: every record of the chain says so.
        p.act(
            "luoping",
            a,
            "reopen",
            json!({ "reopen.reason": "另一件事" }),
        )
        .await?;
        assert!(view(&p, a).await?["merged_into"].is_null());
        let (middle, end) = (view(&p, b).await?, view(&p, c).await?);
        assert!(numbers(&middle["merged_in"]).is_empty());
        assert_eq!(numbers(&end["merged_in"]), [b]);
        assert_eq!(end["merged_in"][0]["with"], json!([]));
        for seen in [middle, end] {
            let told = seen["timeline"].to_string();
            assert!(
                told.contains(&format!("{a} 重新办理，不再并入本案")),
                "{told}"
            );
        }
        merge(&p, a, d).await?;

        // Every end has somebody whose turn it is, but for what nobody wants any more.
        let desk = p
            .call("luoping", "worklist.get", json!({}))
            .await?
            .to_string();
        assert!(
            desk.contains(c.as_str()) && desk.contains(d.as_str()) && !desk.contains(b.as_str())
        );
        // What is derived follows from the record alone.
        let before = view(&p, c).await?;
        p.office.rebuild().await?;
        assert_eq!(before, view(&p, c).await?);
        whole(&p).await?;
    }
    Ok(())
}

/// Two people merge two cases into each other in the same moment, again and again: one of them is refused, and one
/// case lives.
#[tokio::test(flavor = "multi_thread")]
async fn two_people_at_once_make_no_circle() -> Result<()> {
    for (mut p, config, _folder) in both().await? {
        // On a server the other one works at another host.
        let other = match &config.database {
            Some(_) => Some(Practice::open(config.clone(), PASSWORD).await?),
            None => None,
        };
        for _ in 0..6 {
            let all = cases(&mut p, 3).await?;
            let second = other.as_ref().unwrap_or(&p);
            second.clock_at(p.office.now());
            let (one, two, three) = tokio::join!(
                merge(&p, &all[0], &all[1]),
                merge(second, &all[1], &all[2]),
                merge(&p, &all[2], &all[0]),
            );
            for refused in [&one, &two, &three]
                .into_iter()
                .filter_map(|r| r.as_ref().err())
            {
                let fits = ["merge_circle", "merge_target_merged", "changed", "not_now"];
                assert!(fits.contains(&refused.code.as_str()), "{refused:?}");
            }
            let mut open = Vec::new();
            for case in &all {
                let seen = view(&p, case).await?;
                if seen["status"] == "open" {
                    open.push(case);
                } else {
                    assert_eq!(seen["merged_into"]["living_status"], "open", "{seen}");
                }
            }
            assert!(!open.is_empty(), "one lives: {one:?} {two:?} {three:?}");
        }
        whole(&p).await?;
    }
    Ok(())
}

/// A number finds its case however it is typed, wherever a case is asked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_found_however_it_is_typed() -> Result<()> {
    for (mut p, _, _folder) in both().await? {
        let all = cases(&mut p, 1).await?;
        let number = &all[0];
        let wide: String = number
            .chars()
            .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c))
            .collect();
        for typed in [
            number.to_lowercase(),
            wide,
            format!("\u{200b}{number}\u{a0}"),
            number.replace('-', "–"),
            number.replace('-', " - "),
        ] {
            let seen = view(&p, &typed).await.with_context(|| typed.clone())?;
            assert_eq!(seen["number"], **number, "{typed:?}");
            let list = p
                .call("zhaomin", "case.list", json!({ "text": typed }))
                .await?;
            assert_eq!(list["rows"][0]["number"], **number, "{typed:?}");
        }
    }
    Ok(())
}
