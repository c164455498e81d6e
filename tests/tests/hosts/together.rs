//! Several windows on one host: what is sent twice is done once, and what one does the others see.

use anyhow::{Context, Result, ensure};
use redress_desk::{Lang, Session, Told, demo::PASSWORD, session_id};
use redress_host::{Certificate, Client, show};
use redress_tests::{
    house,
    served::{Pc, Served, refused, served},
};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A complaint at the inspection station, as reception takes it down.
async fn complaint() -> Result<Value> {
    let mut values = house().await?.practice.complaint();
    values["late_entry.reason"] = json!("停电，纸上先记");
    Ok(json!({
        "procedure": "inspection-station", "channel": "visit", "received_at": "2026-09-28T08:00:00+08:00", "values": values,
    }))
}

async fn registered(pc: &Pc) -> Result<String> {
    let made = pc.call("case.register", complaint().await?).await?;
    Ok(made["case"].as_str().context("a case")?.to_owned())
}

async fn total(pc: &Pc) -> Result<Value> {
    Ok(pc.call("case.list", json!({})).await?["total"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_again_is_done_once_and_answered_alike() -> Result<()> {
    let s = served().await?;
    let pc = s.signed_in("zhaomin").await?;
    let (key, opens) = (session_id(), complaint().await?);
    // A hand that trembles, a line that breaks: all at once, and later again.
    let all = (0..12).map(|_| pc.send("case.register", &opens, &key));
    let mut first = None;
    for answer in futures_util::future::join_all(all).await {
        let answer = answer?;
        assert_eq!(first.get_or_insert_with(|| answer.clone()), &answer);
    }
    let first = first.context("an answer")?;
    assert_eq!(total(&pc).await?, 1, "one case");
    // A page that was loaded again meanwhile, and in which somebody mended a phone: nothing is lost in silence.
    let mut mended = opens.clone();
    mended["values"]["complainant.phone"] = json!("139 0013 8000");
    assert_eq!(
        refused(pc.send("case.register", &mended, &key).await),
        "done_otherwise"
    );
    assert_eq!(total(&pc).await?, 1, "still one case");

    let act = json!({ "case": first["case"], "action": "note", "seq": first["seq"], "values": { "note.text": "客户下午再来" } });
    let key = session_id();
    let one = pc.send("case.act", &act, &key).await?;
    assert_eq!(
        pc.send("case.act", &act, &key).await?,
        one,
        "what it did then"
    );
    assert_eq!(
        refused(pc.call("case.act", act).await),
        "changed",
        "another key is another act"
    );

    let issue = json!({ "case": first["case"], "form": "complaint-receipt", "task": null, "copies": [{ "kind": "paper", "holder": "王芳" }], "seq": null });
    let key = session_id();
    let one = pc.send("form.issue", &issue, &key).await?;
    let two = pc.send("form.issue", &issue, &key).await?;
    assert_eq!(one, two, "the same paper");
    let view = pc
        .call("case.get", json!({ "case": first["case"] }))
        .await?;
    assert_eq!(view["documents"].as_array().map(Vec::len), Some(1));

    // The key is the person's: nobody learns with it what another did.
    let other = s.signed_in("luoping").await?;
    ensure!(other.send("form.issue", &issue, &key).await? != one);
    assert_eq!(
        refused(pc.send("case.list", &json!({}), "short").await),
        "request_key_unfit"
    );
    s.host.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_was_started_again_still_knows_what_was_done() -> Result<()> {
    let s = served().await?;
    let pc = s.signed_in("zhaomin").await?;
    let (key, opens) = (session_id(), complaint().await?);
    let made = pc.send("case.register", &opens, &key).await?;
    let s = s.again().await?;
    assert_eq!(
        refused(pc.send("case.register", &opens, &key).await),
        "sign_in_first"
    );
    pc.sign_in("zhaomin").await?;
    assert_eq!(pc.send("case.register", &opens, &key).await?, made);
    assert_eq!(total(&pc).await?, 1);
    s.host.stop().await?;
    assert_eq!(
        refused(pc.send("case.register", &opens, &key).await),
        "host_away"
    );
    ensure!(pc.client.reach().await.is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_does_the_others_hear_and_looking_is_not_told() -> Result<()> {
    let s = served().await?;
    let (pc, other) = (s.signed_in("zhaomin").await?, s.signed_in("luoping").await?);
    let mut heard = other.client.listen().await?;
    assert_eq!(
        heard.next().await,
        Some(Told::Missed),
        "whoever begins reads everything"
    );
    let case = registered(&pc).await?;
    let cases = vec![case.clone()];
    assert_eq!(
        heard.next().await,
        Some(Told::Changed {
            cases,
            house: false
        })
    );

    // Presence is told where it changes; reading and printing are not.
    pc.call("case.get", json!({ "case": case })).await?;
    let form =
        json!({ "case": case, "form": "complaint-receipt", "task": null, "variant": "filled" });
    pc.call("form.render", form).await?;
    let present = |typing| json!({ "case": case, "typing": typing });
    assert_eq!(
        pc.call("case.present", present(false)).await?,
        json!([]),
        "nobody else"
    );
    assert_eq!(
        heard.next().await,
        Some(Told::Present { case: case.clone() })
    );
    assert_eq!(
        other.call("case.present", present(true)).await?,
        json!([{ "name": "赵敏", "typing": false }])
    );
    assert_eq!(
        heard.next().await,
        Some(Told::Present { case: case.clone() })
    );
    let found = pc.call("case.present", present(false)).await?;
    assert_eq!(found, json!([{ "name": "罗平", "typing": true }]));
    pc.call("session.sign_out", json!({})).await?;
    assert_eq!(
        heard.next().await,
        Some(Told::Present { case: case.clone() }),
        "whoever signs out is gone"
    );
    assert_eq!(other.call("case.present", present(true)).await?, json!([]));

    // A session that is over hears nothing more.
    ensure!(pc.client.listen().await.is_err());
    let listening = s.signed_in("zhaomin").await?;
    let mut own = listening.client.listen().await?;
    assert_eq!(own.next().await, Some(Told::Missed));
    listening.call("session.sign_out", json!({})).await?;
    other.call("case.present", json!({ "case": null })).await?;
    assert_eq!(own.next().await, None);
    let stopping = tokio::spawn(s.host.stop());
    // What comes before the end is of no interest here.
    while heard.next().await.is_some() {}
    stopping.await??;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_that_does_not_read_holds_nobody_up_and_is_told_so() -> Result<()> {
    let s = served().await?;
    let pc = s.signed_in("zhaomin").await?;
    let case = registered(&pc).await?;
    let me = Session::new();
    let who = json!({ "login": "luoping", "password": PASSWORD });
    s.office.call(&me, "session.sign_in", who, Lang::Zh).await?;
    let mut slow = s.office.told();
    for n in 0..600 {
        let present = json!({ "case": case, "typing": n % 2 == 0 });
        s.office
            .call(&me, "case.present", present, Lang::Zh)
            .await?;
    }
    ensure!(pc.client.reach().await.is_ok(), "the others work on");
    ensure!(
        slow.recv().await.is_err(),
        "it is told that it missed something"
    );
    s.host.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_certificate_gets_nothing_and_its_code_is_shown() -> Result<()> {
    let s = served().await?;
    let other = TempDir::new()?;
    let other = Certificate::of(other.path(), &["localhost".to_owned()])?;
    let address = s.host.address.to_string();
    let shown = show(&address).await?;
    assert_eq!(shown.fingerprint, s.certificate.fingerprint);
    let pc = Pc {
        client: Client::new(&address, &other.fingerprint)?,
    };
    let answer = pc.call("session.state", json!({})).await;
    let error = answer.expect_err("not the one that was joined");
    let error = error.downcast::<redress_desk::ApiError>()?;
    assert_eq!(error.code, "host_certificate_changed");
    assert_eq!(error.params["code"], redress_host::code(&shown.fingerprint));
    s.host.stop().await?;
    assert_eq!(show(&address).await.expect_err("away").code, "host_away");
    Ok(())
}

/// Speaks the wire by hand, as a window of another version would.
async fn speaks(s: &Served, version: &str, command: &str) -> Result<String> {
    let request = format!(
        "POST /call/{command} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n\
         redress-commands: {version}\r\ncontent-length: 2\r\n\r\n{{}}"
    );
    s.says(request.as_bytes()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_of_another_version_is_told_what_to_do_and_keeps_its_drafts() -> Result<()> {
    let s = served().await?;
    for (version, command, code) in [
        ("0", "case.list", "window_too_old"),
        ("99", "case.list", "window_too_new"),
        ("1", "case.list", "sign_in_first"),
        ("", "case.list", "sign_in_first"),
        ("0", "draft.put", "sign_in_first"),
        ("99", "draft.list", "sign_in_first"),
    ] {
        let text = speaks(&s, version, command).await?;
        ensure!(text.contains(code), "{version} {command}: {text}");
    }
    s.host.stop().await?;
    Ok(())
}
