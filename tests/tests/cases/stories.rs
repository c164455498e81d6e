//! Story 1 with its three endings through the command list, and what must be refused on the way.

use redress_desk::{
    ApiError, Lang, Office, Session,
    demo::{EndsAs, Laboratory, Practice},
};
use redress_tests::{code, config, house};
use serde_json::{Value, json};

async fn get(p: &Practice, case: &str) -> Result<Value, ApiError> {
    p.call("admin", "case.get", json!({ "case": case })).await
}

fn forms(view: &Value) -> Vec<&str> {
    view["documents"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|d| d["form"].as_str())
        .collect()
}

#[tokio::test]
async fn every_ending_reaches_the_archive() -> Result<(), ApiError> {
    let mut h = house().await?;
    for (ends, fee, state, papers) in [
        (EndsAs::Differs, "本站承担（不收取）", "未收取", 12),
        (EndsAs::Agrees, "客户承担", "已收取", 7),
        (EndsAs::UsedUp, "本站承担（不收取）", "未收取", 6),
    ] {
        let case = h.practice.story(ends).await?;
        let view = get(&h.practice, &case).await?;
        assert_eq!(view["status"], "closed", "{ends:?}");
        assert_eq!(view["archived"], true, "{ends:?}");
        assert_eq!(forms(&view).len(), papers, "{ends:?}: {:?}", forms(&view));
        let told = ["retest.fee", "retest.fee_state"].map(|f| said(&view, f));
        assert_eq!(told, [Some(fee), Some(state)], "P1-d in {ends:?}");
        let retracted = forms(&view).contains(&"retraction-notice");
        assert_eq!(
            retracted,
            ends == EndsAs::Differs,
            "L16: only what differs by our fault is retracted"
        );
    }
    assert!(
        h.practice
            .office
            .verify(None, redress_desk::Lang::Zh)
            .await?
            .ok,
        "the log is whole"
    );
    Ok(())
}

#[tokio::test]
async fn the_judgement_is_due_after_the_national_day() -> Result<(), ApiError> {
    let mut h = house().await?;
    let complaint = h.practice.complaint();
    let case = h.practice.register(complaint).await?;
    let view = get(&h.practice, &case).await?;
    let clock = view["clocks"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|c| c["id"] == "judgement-1")
        .cloned();
    let clock = clock.unwrap_or_default();
    assert_eq!(clock["due"], "2026-10-10T17:30:00+08:00");
    let why = clock["explanation"].as_str().unwrap_or_default();
    assert!(
        why.contains("10月10日（调休上班）") && why.contains("10月1日至10月7日国庆节放假"),
        "{why}"
    );
    Ok(())
}

#[tokio::test]
async fn whoever_made_the_report_cannot_retest_it() -> Result<(), ApiError> {
    let mut h = house().await?;
    let complaint = h.practice.complaint();
    let case = h.practice.register(complaint).await?;
    h.practice.judged(&case).await?;
    let p = &mut h.practice;
    p.clock("2026-10-10T11:00")?;
    let retest = Practice::retest(false);
    assert_eq!(
        code(p.act("sunli", &case, "record_retest", retest.clone()).await),
        "barred",
        "the inspector"
    );
    assert_eq!(
        code(
            p.act("hejing", &case, "record_retest", retest.clone())
                .await
        ),
        "barred",
        "the reviewer"
    );
    assert_eq!(
        code(
            p.act("zhaomin", &case, "record_retest", retest.clone())
                .await
        ),
        "role_missing"
    );
    let mut perished = retest.clone();
    perished["retest.sample_until"] = json!("2026-10-09");
    assert_eq!(
        code(p.act("zhengxiao", &case, "record_retest", perished).await),
        "sample_past_retention",
        "P1-c"
    );
    let mut expired = retest;
    expired["retest.equipment_valid_until"] = json!("2026-08-31");
    assert_eq!(
        code(p.act("zhengxiao", &case, "record_retest", expired).await),
        "equipment_expired",
        "P1-e"
    );
    p.act("zhengxiao", &case, "record_retest", Practice::retest(false))
        .await?;
    assert_eq!(
        code(p.act("zhengxiao", &case, "review_retest", json!({})).await),
        "own_approval"
    );
    assert_eq!(
        code(p.act("zhouheng", &case, "review_retest", json!({})).await),
        "barred",
        "answered the checks"
    );
    assert_eq!(
        code(p.act("linlan", &case, "review_retest", json!({})).await),
        "barred",
        "signed the original"
    );
    p.act("wuyue", &case, "review_retest", json!({})).await?;
    assert_eq!(
        code(p.issue("luoping", &case, "reinspection-report", None).await),
        "form_not_ready",
        "G17: no report before it is approved"
    );
    p.act("luoping", &case, "approve_retest", json!({})).await?;
    p.issue("luoping", &case, "reinspection-report", None)
        .await?;
    Ok(())
}

#[tokio::test]
async fn closing_early_names_what_is_missing() -> Result<(), ApiError> {
    let mut h = house().await?;
    let complaint = h.practice.complaint();
    let case = h.practice.register(complaint).await?;
    h.practice.judged(&case).await?;
    let p = &mut h.practice;
    p.clock("2026-10-10T11:30")?;
    p.act("zhengxiao", &case, "record_retest", Practice::retest(false))
        .await?;
    p.act("wuyue", &case, "review_retest", json!({})).await?;
    p.act("luoping", &case, "approve_retest", json!({})).await?;
    assert_eq!(
        code(p.act("luoping", &case, "close", json!({})).await),
        "not_now",
        "not at this step"
    );
    p.retracted(&case).await?;
    p.act(
        "luoping",
        &case,
        "reply_impossible",
        json!({ "reply.impossible": "电话停机，来函退回。" }),
    )
    .await?;
    let refused = p.act("luoping", &case, "close", json!({})).await;
    let Err(e) = refused else {
        panic!("closed too early")
    };
    assert_eq!(e.code, "closing_incomplete");
    let missing: Vec<&str> = e.params["missing"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|m| m["code"].as_str())
        .collect();
    let expected = [
        "reinspection_report_missing",
        "notice_missing",
        "corrective_open",
        "copies_open",
        "record_outdated:intake-pretreatment",
    ];
    assert_eq!(missing, expected, "G7");
    assert!(
        e.message(Lang::Zh).contains("应收回的报告尚有去向不明的"),
        "{}",
        e.message(Lang::Zh)
    );
    Ok(())
}

#[tokio::test]
async fn a_registration_is_refused_with_nothing_lost() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    p.clock("2026-09-30T16:12")?;
    let good = || json!({ "procedure": "inspection-station", "received_at": "2026-09-30T16:10:00+08:00", "channel": "visit", "values": p.complaint() });
    let cases: [(&str, Value, &str); 8] = [
        (
            "/received_at",
            json!("2026-10-01T08:00:00+08:00"),
            "received_in_future",
        ),
        (
            "/received_at",
            json!("2026-09-28T08:00:00+08:00"),
            "late_entry_unexplained",
        ),
        ("/received_at", json!("yesterday"), "time_not_understood"),
        ("/procedure", json!("bakery"), "unknown_procedure"),
        ("/channel", json!("pigeon"), "unknown_channel"),
        (
            "/values/complaint.source",
            json!("gossip"),
            "value_unknown_choice",
        ),
        ("/values/complaint.description", json!(""), "fields_missing"),
        (
            "/values/complaint.description",
            json!("字".repeat(50_001)),
            "value_too_long",
        ),
    ];
    for (at, value, refusal) in cases {
        let mut request = good();
        *request.pointer_mut(at).unwrap_or(&mut Value::Null) = value;
        assert_eq!(
            code(p.call("zhaomin", "case.register", request).await),
            refusal,
            "{at}"
        );
    }
    let mut stray = good();
    stray["values"]["complaint.colour"] = json!("red");
    assert_eq!(
        code(p.call("zhaomin", "case.register", stray).await),
        "unknown_field"
    );
    assert_eq!(
        code(p.call("luoping", "case.register", good()).await),
        "role_missing"
    );
    assert_eq!(
        code(p.call("nobody", "case.register", good()).await),
        "sign_in_first"
    );
    let none = p.call("admin", "case.list", json!({})).await?;
    assert_eq!(none["total"], 0, "nothing was registered");
    let made = p.call("zhaomin", "case.register", good()).await?;
    assert_eq!(made["number"], "TS-2026-0001", "G12: refusals leave no gap");
    Ok(())
}

#[tokio::test]
async fn a_long_text_is_taken_and_printed_over_pages() -> Result<(), ApiError> {
    let mut h = house().await?;
    let mut complaint = h.practice.complaint();
    complaint["complaint.description"] = json!("我怀疑检测结果有误，请核实。".repeat(1_430));
    let case = h.practice.register(complaint).await?;
    let view = get(&h.practice, &case).await?;
    let pages = view["documents"][0]["pages"].as_u64().unwrap_or_default();
    assert!(
        (10..40).contains(&pages),
        "20 000 characters take {pages} pages"
    );
    Ok(())
}

#[tokio::test]
async fn a_stale_act_is_refused_and_a_correction_flags_documents() -> Result<(), ApiError> {
    let mut h = house().await?;
    let complaint = h.practice.complaint();
    let case = h.practice.register(complaint).await?;
    let p = &h.practice;
    let seq = get(p, &case).await?["seq"].clone();
    let correct = |new: &str| json!({ "correction.field": "complainant.name", "correction.new": new, "correction.reason": "写错" });
    p.act("zhaomin", &case, "correct", correct("王方")).await?;
    let stale =
        json!({ "case": case, "action": "note", "values": { "note.text": "x" }, "seq": seq });
    assert_eq!(code(p.call("zhaomin", "case.act", stale).await), "changed");
    assert_eq!(
        code(p.act("zhaomin", &case, "correct", correct("王方")).await),
        "correction_same"
    );
    let view = p
        .call("zhaomin", "case.get", json!({ "case": case }))
        .await?;
    assert_eq!(view["documents"][0]["outdated"], true, "G14");
    assert_eq!(view["complainant"], "王方 · 宏远物流有限公司");
    Ok(())
}

#[tokio::test]
async fn a_reprint_is_marked_and_the_original_kept() -> Result<(), ApiError> {
    let mut h = house().await?;
    let complaint = h.practice.complaint();
    let case = h.practice.register(complaint).await?;
    let p = &h.practice;
    let document = get(p, &case).await?["documents"][0]["id"].clone();
    let request = json!({ "document": document });
    let kept = p.call("zhaomin", "document.get", request.clone()).await?;
    let again = p
        .call("zhaomin", "document.reprint", request.clone())
        .await?;
    assert_ne!(kept["pdf"], again["pdf"], "补打 and the time");
    assert_eq!(
        kept["pdf"],
        p.call("zhaomin", "document.get", request).await?["pdf"],
        "G18"
    );
    Ok(())
}

#[tokio::test]
async fn an_excluded_person_may_act_by_a_recorded_exception() -> Result<(), ApiError> {
    let mut h = house().await?;
    let complaint = h.practice.complaint();
    let case = h.practice.register(complaint).await?;
    h.practice.judged(&case).await?;
    let p = &h.practice;
    p.clock("2026-10-10T11:00")?;
    let except = |second: &str| json!({ "exception.person": p.ids["sunli"], "exception.second": p.ids[second], "exception.reason": "其余人员外出" });
    assert_eq!(
        code(p.act("luoping", &case, "except", except("sunli")).await),
        "second_person_needed"
    );
    assert_eq!(
        code(p.act("luoping", &case, "except", except("luoping")).await),
        "second_person_needed"
    );
    p.act("luoping", &case, "except", except("wuyue")).await?;
    p.act("sunli", &case, "record_retest", Practice::retest(true))
        .await?;
    let page = json!({ "case": case, "form": "reinspection-report", "variant": "filled" });
    let laid = p.call("luoping", "form.layout", page).await?.to_string();
    // A line may end within a sentence.
    let laid: Value = serde_json::from_str(&laid)?;
    let items = laid["pages"][0]["items"].as_array().cloned();
    let items = items.into_iter().flatten();
    let laid: String = items
        .filter_map(|i| i["text"].as_str().map(str::to_owned))
        .collect();
    for printed in ["孙立（原检验，经吴越", "其余人员外出"] {
        assert!(laid.contains(printed), "G1: {printed} in {laid}");
    }
    Ok(())
}

#[tokio::test]
async fn folders_are_refused_clearly() -> Result<(), ApiError> {
    let h = house().await?;
    assert_eq!(
        code(Office::open(config(&h.folder)).await.map(|_| ())),
        "folder_in_use"
    );
    h.practice.office.close().await;
    drop(h.practice);
    let database = h.folder.path().join("office/redress.db");
    for leftover in ["redress.db-wal", "redress.db-shm"] {
        let _ = std::fs::remove_file(h.folder.path().join("office").join(leftover));
    }
    std::fs::write(
        &database,
        "this is no database, and never was one".repeat(300),
    )
    .map_err(ApiError::internal)?;
    assert_eq!(
        code(Office::open(config(&h.folder)).await.map(|_| ())),
        "damaged_folder"
    );
    Ok(())
}

#[tokio::test]
async fn a_backup_restores_with_its_training_mark() -> Result<(), ApiError> {
    let mut h = house().await?;
    let complaint = h.practice.complaint();
    h.practice.register(complaint).await?;
    let secret = h.practice.backup_key("luoping").await?;
    let (bytes, _) = h.practice.office.backup(None, "office.backup").await?;
    let other = tempfile::TempDir::new().map_err(ApiError::internal)?;
    let target = config(&other);
    assert_eq!(
        code(redress_desk::restore(&target, &bytes, "wrong horse").await),
        "backup_key_needed"
    );
    assert_eq!(
        code(redress_desk::restore(&target, b"hello", &secret).await),
        "not_a_backup"
    );
    redress_desk::restore(&target, &bytes, &secret).await?;
    let office = Office::open(target).await?;
    assert!(office.verify(None, redress_desk::Lang::Zh).await?.ok);
    assert!(office.training().await, "演练 stays 演练");
    assert_eq!(office.rebuild().await?, 1);
    assert!(
        office.verify(None, redress_desk::Lang::Zh).await?.ok,
        "rebuilding changes nothing"
    );
    Ok(())
}

#[tokio::test]
async fn accounts_may_what_the_table_says() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    let person = |login: &str, account: &str| json!({ "name": login, "login": login, "password": "Redress-2026", "account": account, "roles": [] });
    p.call("admin", "person.add", person("auditor", "auditor"))
        .await?;
    let auditor = Session::new();
    let sign_in = json!({ "login": "auditor", "password": "Redress-2026" });
    p.office
        .call(&auditor, "session.sign_in", sign_in, Lang::Zh)
        .await?;
    for (name, auditor_may, member_may) in [
        ("case.list", true, true),
        ("audit.verify", true, false),
        ("worklist.get", true, true),
        ("draft.list", false, true),
        ("office.set", false, false),
    ] {
        let may = |r: Result<Value, ApiError>| !r.is_err_and(|e| e.code == "account_may_not");
        assert_eq!(
            may(p.office.call(&auditor, name, json!({}), Lang::Zh).await),
            auditor_may,
            "auditor: {name}"
        );
        assert_eq!(
            may(p.call("zhaomin", name, json!({})).await),
            member_may,
            "member: {name}"
        );
    }
    assert_eq!(
        code(p.call("zhaomin", "person.add", person("x", "member")).await),
        "account_may_not"
    );
    let last = p.call("admin", "session.state", json!({})).await?["user"]["id"].clone();
    let close = json!({ "id": last, "closed": true });
    assert_eq!(
        code(p.call("admin", "person.update", close).await),
        "last_administrator"
    );
    Ok(())
}

/// T4: what was computed on weekdays alone is listed when its year becomes known, and moves only by a recorded act.
#[tokio::test]
async fn an_imported_year_lists_the_provisional_limits_and_moves_them_when_told()
-> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    p.clock("2027-12-29T10:05")?;
    let request = json!({
        "procedure": "inspection-station",
        "received_at": "2027-12-29T10:00:00+08:00",
        "channel": "visit",
        "values": p.complaint(),
    });
    let made = p.call("zhaomin", "case.register", request).await?;
    let number = made["number"].as_str().unwrap_or_default().to_owned();
    let judgement = async || -> Result<Value, ApiError> {
        let view = get(p, &number).await?;
        let all = view["clocks"].as_array().cloned().unwrap_or_default();
        let found = all.into_iter().find(|c| c["id"] == "judgement-1");
        Ok(found.unwrap_or_default())
    };
    let before = judgement().await?;
    assert_eq!(before["due"], "2028-01-03T17:30:00+08:00");
    assert_eq!(before["provisional"], true);
    let off = |date: &str| json!({ "name": "元旦", "date": date, "isOffDay": true });
    let file = json!({ "year": 2028, "papers": ["试用通知"], "days": [off("2028-01-01"), off("2028-01-02"), off("2028-01-03")] });
    // Three days are few for a year.
    let done = p
        .call(
            "admin",
            "calendar.import",
            json!({ "file": file, "confirm": true }),
        )
        .await?;
    let touched = &done["provisional"][0];
    assert_eq!(touched["number"], number.as_str());
    assert_eq!(touched["would_be"], "2028-01-04T17:30:00+08:00");
    assert_eq!(
        judgement().await?["due"],
        before["due"],
        "importing moves nothing"
    );
    assert_eq!(
        code(p.call("zhaomin", "calendar.recalculate", json!({})).await),
        "account_may_not"
    );
    let done = p.call("admin", "calendar.recalculate", json!({})).await?;
    assert_eq!(done["clocks"], 1);
    assert_eq!(judgement().await?["due"], "2028-01-04T17:30:00+08:00");
    let again = p.call("admin", "calendar.recalculate", json!({})).await?;
    assert_eq!(again["clocks"], 0, "what is computed stays as it is");
    Ok(())
}

/// However many cases of the house are more urgent, my desk has what waits for me; also after an upgrade
/// that derives lists differently.
#[tokio::test]
async fn my_desk_has_what_waits_for_me() -> Result<(), ApiError> {
    let mut h = house().await?;
    for _ in 0..40 {
        let complaint = h.practice.complaint();
        let request = json!({
            "procedure": "inspection-station",
            "received_at": "2026-09-30T16:10:00+08:00",
            "channel": "visit",
            "values": complaint,
        });
        h.practice.clock("2026-09-30T16:12")?;
        h.practice.call("zhaomin", "case.register", request).await?;
    }
    let complaint = h.practice.complaint();
    let last = h.practice.register(complaint).await?;
    h.practice
        .act(
            "zhaomin",
            &last,
            "send_to_qm",
            json!({ "pretreatment.opinion": "accept", "pretreatment.department": "化学检测室", "pretreatment.retest_wanted": true, "materials.kept": true, "materials.place": "办公室收件柜" }),
        )
        .await?;
    let mine = async |p: &Practice| -> Result<Vec<String>, ApiError> {
        let desk = p.call("luoping", "worklist.get", json!({})).await?;
        let lists = ["late", "soon", "mine"].map(|k| desk[k].as_array().cloned());
        let items = lists.into_iter().flatten().flatten();
        Ok(items
            .filter_map(|i| i["number"].as_str().map(str::to_owned))
            .collect())
    };
    assert_eq!(mine(&h.practice).await?, std::slice::from_ref(&last));
    h.practice.office.close().await;
    drop(h.practice);
    let file = h.folder.path().join("office/redress.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let pool = sqlx::SqlitePool::connect_with(options)
        .await
        .map_err(ApiError::internal)?;
    for older in ["DELETE FROM waiting", "PRAGMA user_version = 1"] {
        sqlx::query(older)
            .execute(&pool)
            .await
            .map_err(ApiError::internal)?;
    }
    pool.close().await;
    let again = Practice::open(config(&h.folder), redress_desk::demo::PASSWORD).await?;
    assert_eq!(mine(&again).await?, [last], "lists are derived anew");
    Ok(())
}

#[tokio::test]
async fn what_waits_for_the_same_role_but_not_for_me_hides_nothing() -> Result<(), ApiError> {
    let mut h = house().await?;
    let send = json!({ "pretreatment.opinion": "accept", "pretreatment.department": "化学检测室", "pretreatment.retest_wanted": false, "materials.kept": true, "materials.place": "办公室收件柜" });
    // Complaints about 罗平, which 林岚 has to accept.
    for n in 0..70 {
        let mut complaint = h.practice.complaint();
        complaint["complaint.named_staff"] = json!([h.practice.ids["luoping"]]);
        complaint["complainant.name"] = json!(format!("客户{n}"));
        let case = h.practice.register(complaint).await?;
        h.practice
            .act("zhaomin", &case, "send_to_qm", send.clone())
            .await?;
    }
    let complaint = h.practice.complaint();
    let last = h.practice.register(complaint).await?;
    h.practice.act("zhaomin", &last, "send_to_qm", send).await?;
    for (who, waits) in [("luoping", 1), ("linlan", 60)] {
        let desk = h.practice.call(who, "worklist.get", json!({})).await?;
        let lists = ["late", "soon", "mine"].map(|k| desk[k].as_array().cloned());
        let items: Vec<Value> = lists.into_iter().flatten().flatten().collect();
        assert_eq!(items.len(), waits, "{who}");
        assert!(who != "luoping" || items[0]["number"] == last.as_str());
    }
    Ok(())
}

#[tokio::test]
async fn story_6_reaches_the_archive_in_its_three_forms() -> Result<(), ApiError> {
    let mut h = house().await?;
    for (story, papers, kind) in [
        (Laboratory::Potassium, 12, "书面进展报告"),
        (Laboratory::Unsettled, 6, "超时的处理结果"),
        (Laboratory::Minor, 4, "处理结果"),
    ] {
        let case = h.practice.laboratory(story).await?;
        let view = get(&h.practice, &case).await?;
        assert_eq!(view["status"], "closed", "{story:?}");
        assert_eq!(view["archived"], true, "{story:?}");
        assert_eq!(forms(&view).len(), papers, "{story:?}: {:?}", forms(&view));
        assert_eq!(
            said(&view, "result24.kind"),
            Some(kind),
            "P6-b in {story:?}"
        );
    }
    assert!(
        h.practice
            .office
            .verify(None, redress_desk::Lang::Zh)
            .await?
            .ok,
        "the log is whole"
    );
    Ok(())
}

#[tokio::test]
async fn in_the_laboratory_nobody_checks_the_own_work() -> Result<(), ApiError> {
    let mut h = house().await?;
    h.practice.laboratory_people().await?;
    let case = h
        .practice
        .laboratory_register(Laboratory::Potassium)
        .await?;
    let p = &h.practice;
    let level = json!({ "triage.opinion": "accept", "triage.level": "larger", "triage.reason": "危急值", "triage.major": false });
    p.act("qianwei", &case, "triage_at_once", level).await?;
    let staff = ["report.operator", "report.reviewer", "report.signatory"];
    let names: Value = staff
        .iter()
        .map(|f| ((*f).to_owned(), json!(p.ids["liuyang"])))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let own = p
        .act("liuyang", &case, "name_original_staff", names.clone())
        .await;
    assert_eq!(code(own), "second_person_needed");
    let organise =
        |who: &str| json!({ "reverify.person": p.ids[who], "reverify.reason": "疑溶血" });
    let task = "organise_reverification@reverification-1";
    let unnamed = p.act("mengfan", &case, task, organise("jinzhe")).await;
    assert_eq!(code(unnamed), "original_staff_unnamed");
    p.act("chenxia", &case, "name_original_staff", names)
        .await?;
    let operator = p.act("mengfan", &case, task, organise("liuyang")).await;
    assert_eq!(code(operator), "excluded_person_named", "G1");
    let found = json!({
        "investigation.text": "标本溶血。", "responsibility.finding": "neither", "responsibility.corrective": false, "responsibility.preventive": false,
    });
    let assign = |who: &str| json!({ "investigation.person": p.ids[who] });
    let operator = p
        .act("suqing", &case, "assign_investigator", assign("liuyang"))
        .await;
    assert_eq!(code(operator), "excluded_person_named", "G1");
    p.act("suqing", &case, "assign_investigator", assign("tangyi"))
        .await?;
    let another = p
        .act("liuyang", &case, "record_investigation", found.clone())
        .await;
    assert_eq!(code(another), "not_the_responsible", "L87");
    let early = p.act("tangyi", &case, "record_investigation", found).await;
    assert_eq!(code(early), "reverification_open");
    let two = get(p, &case).await?;
    let due: Vec<&str> = two["clocks"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|c| c["due"].as_str())
        .collect();
    assert!(
        due.contains(&"2026-05-08T19:20:00+08:00") && due.contains(&"2026-05-09T17:20:00+08:00"),
        "P6-a: {due:?}"
    );
    Ok(())
}

/// The words of a value of the case.
fn said<'a>(view: &'a Value, key: &str) -> Option<&'a str> {
    let mut values = view["values"].as_array().into_iter().flatten();
    values.find(|v| v["key"] == key)?["text"].as_str()
}
