//! The two permission tables, cell by cell: command × kind of account, and action × role (× department).

use redress_desk::{ApiError, Lang, Session, commands, demo::Practice};
use redress_tests::house;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fmt::Write};

/// What a kind of account is told before a command even looks at its payload.
fn gate(answer: Result<Value, ApiError>) -> bool {
    match answer {
        Ok(_) => true,
        Err(e) => e.code != "account_may_not" && e.code != "sign_in_first",
    }
}

#[tokio::test]
async fn every_command_admits_the_accounts_that_the_table_says() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    let password = "Auditor-2026";
    let auditor = json!({ "name": "审核员", "login": "auditor", "password": password, "account": "auditor", "roles": [] });
    p.call("admin", "person.add", auditor).await?;
    let eyes = Session::new();
    let sign_in = json!({ "login": "auditor", "password": password });
    p.office
        .call(&eyes, "session.sign_in", sign_in, Lang::Zh)
        .await?;
    let nobody = Session::new();
    let mut table = String::new();
    for line in commands::list() {
        // Signing out would end the session that the next line needs; it is anyone's.
        let name = line.name;
        if name == "session.sign_out" {
            continue;
        }
        // No payload fits: an account that may is refused for the payload, or answered.
        let bad = json!({ "nothing": { "like": "this" } });
        let mut cells = Vec::new();
        for session in [None, Some(&eyes)] {
            let session = session.unwrap_or(&nobody);
            cells.push(gate(
                p.office.call(session, name, bad.clone(), Lang::Zh).await,
            ));
        }
        cells.push(gate(p.call("zhaomin", name, bad.clone()).await));
        cells.push(gate(p.call("admin", name, bad).await));
        let marks: Vec<&str> = cells.iter().map(|c| if *c { "yes" } else { "-" }).collect();
        let _ = writeln!(
            table,
            "{name:<24} {:<5} {:<8} {:<7} {}",
            marks[0], marks[1], marks[2], marks[3]
        );
    }
    insta::assert_snapshot!(
        "commands",
        format!(
            "{:<24} {:<5} {:<8} {:<7} {}\n{table}",
            "command", "none", "auditor", "member", "administrator"
        )
    );
    Ok(())
}

/// Who may do each action of a procedure, from refusals: one member for each role, and one without any.
#[tokio::test]
async fn every_action_is_refused_to_every_role_that_the_procedure_does_not_name()
-> Result<(), ApiError> {
    let mut h = house().await?;
    let p = &h.practice;
    let procedure = p
        .call(
            "admin",
            "procedure.get",
            json!({ "id": "inspection-station" }),
        )
        .await?;
    let roles: Vec<String> = procedure["roles"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|r| r["id"].as_str().map(str::to_owned))
        .collect();
    let mut people = BTreeMap::new();
    for role in roles.iter().map(String::as_str).chain([""]) {
        let login = format!("only-{role}");
        let grants = if role.is_empty() {
            json!([])
        } else {
            json!([{ "procedure": "inspection-station", "role": role, "department": "" }])
        };
        let person = json!({ "name": format!("只有{role}"), "login": login, "password": "Redress-2026", "account": "member", "roles": grants });
        p.call("admin", "person.add", person).await?;
        let session = Session::new();
        let sign_in = json!({ "login": login, "password": "Redress-2026" });
        p.office
            .call(&session, "session.sign_in", sign_in, Lang::Zh)
            .await?;
        people.insert(role.to_owned(), session);
    }
    let mut table: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
    // Every stage of the differing story, so that each action stands open at least once.
    for stage in 0..6 {
        let case = stage_of(&mut h.practice, stage).await?;
        for (role, session) in &people {
            let ask = json!({ "case": case });
            let view = h
                .practice
                .office
                .call(session, "case.get", ask, Lang::Zh)
                .await?;
            for a in view["actions"].as_array().into_iter().flatten() {
                let id = a["id"].as_str().unwrap_or_default();
                let id = id.split('@').next().unwrap_or_default().to_owned();
                let code = a["refusal"]["code"].as_str().unwrap_or_default();
                // Impartiality and four eyes are another matter than the role.
                let may = code != "role_missing";
                let seen = table
                    .entry(id.clone())
                    .or_default()
                    .insert(role.clone(), may);
                assert!(
                    seen.is_none_or(|s| s == may),
                    "{id} × {role} differs between stages"
                );
                if code == "role_missing" {
                    let act = json!({ "case": case, "action": a["id"], "values": {} });
                    let done = h
                        .practice
                        .office
                        .call(session, "case.act", act, Lang::Zh)
                        .await;
                    assert_eq!(
                        done.err().map(|e| e.code).as_deref(),
                        Some("role_missing"),
                        "{id} × {role}: what the view refuses, the act refuses"
                    );
                }
            }
        }
    }
    let mut text = String::new();
    for (action, cells) in &table {
        let who: Vec<&str> = cells
            .iter()
            .filter(|(_, may)| **may)
            .map(|(role, _)| if role.is_empty() { "(none)" } else { role })
            .collect();
        let _ = writeln!(text, "{action:<24} {}", who.join(" "));
    }
    insta::assert_snapshot!("actions", text);
    Ok(())
}

/// The differing story, stopped at a stage.
async fn stage_of(p: &mut Practice, stage: usize) -> Result<String, ApiError> {
    let complaint = p.complaint();
    let case = p.register(complaint).await?;
    if stage >= 1 {
        p.judged(&case).await?;
    }
    if stage >= 2 {
        p.retested(&case, false).await?;
    }
    if stage >= 3 {
        p.retracted(&case).await?;
    }
    if stage >= 4 {
        p.copies_accounted(&case).await?;
    }
    if stage >= 5 {
        p.corrected(&case).await?;
    }
    Ok(case)
}

#[tokio::test]
async fn a_role_for_one_department_does_not_act_for_another() -> Result<(), ApiError> {
    let mut h = house().await?;
    let case = stage_of(&mut h.practice, 3).await?;
    let p = &mut h.practice;
    for (login, department) in [("dept-light", "灯光检测室"), ("dept-chem", "化学检测室")]
    {
        let roles = json!([{ "procedure": "inspection-station", "role": "department", "department": department }]);
        let person = json!({ "name": department, "login": login, "password": "Redress-2026", "account": "member", "roles": roles });
        p.call("admin", "person.add", person).await?;
    }
    p.sign_in_as("dept-light").await?;
    p.sign_in_as("dept-chem").await?;
    p.clock("2026-10-12T10:00")?;
    let task = "corrective_action-1";
    p.act(
        "luoping",
        &case,
        &format!("ca_plan@{task}"),
        json!({
            "ca.nonconformity": "TP-04 天平超检定周期仍用于检测。", "ca.department": "化学检测室",
            "ca.responsible": p.ids["xuchuan"], "ca.due": "2026-10-23",
        }),
    )
    .await?;
    let propose = json!({ "ca.cause": "台账没有到期提醒。", "ca.measures": [{ "measure": "增加提醒", "responsible": "许川", "due": "2026-10-20" }] });
    let action = format!("ca_propose@{task}");
    let other = p.act("dept-light", &case, &action, propose.clone()).await;
    assert_eq!(redress_tests::code(other), "other_department");
    p.act("dept-chem", &case, &action, propose).await?;
    Ok(())
}
