//! The office host as another PC meets it: TLS, sessions, limits, and a stop that finishes what it accepted.

use anyhow::{Context, Result, ensure};
use redress_desk::demo::PASSWORD;
use redress_host::Certificate;
use redress_tests::{
    house,
    served::{Served, line, rest, served},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::client::TlsStream;

/// What a host said.
struct Answer {
    status: u16,
    cookies: Vec<String>,
    body: Value,
}

/// A browser or window that trusts this certificate alone, with its cookies.
struct Pc<'a> {
    to: &'a Served,
    trusts: Certificate,
    cookies: Vec<(String, String)>,
}

impl<'a> Pc<'a> {
    fn new(to: &'a Served) -> Self {
        Self {
            to,
            trusts: to.certificate.clone(),
            cookies: vec![],
        }
    }

    async fn connect(&self) -> Result<TlsStream<TcpStream>> {
        line(self.to.host.address, &self.trusts).await
    }

    async fn send(&self, request: &[u8]) -> Result<String> {
        let mut tls = self.connect().await?;
        tls.write_all(request).await?;
        Ok(rest(&mut tls).await)
    }

    fn request(&self, command: &str, payload: &Value) -> String {
        let body = payload.to_string();
        let jar: Vec<String> = self
            .cookies
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        format!(
            "POST /call/{command} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ncookie: {}\r\ncontent-length: {}\r\n\r\n{body}",
            // As HTTP/2 has it: each in a line of its own.
            jar.join("\r\ncookie: "),
            body.len()
        )
    }

    async fn call(&mut self, command: &str, payload: &Value) -> Result<Answer> {
        let request = self.request(command, payload);
        let text = self.send(request.as_bytes()).await?;
        let (head, body) = text.split_once("\r\n\r\n").context("a head")?;
        let status = head.split(' ').nth(1).context("a status")?.parse()?;
        let set = head
            .lines()
            .filter_map(|l| l.strip_prefix("set-cookie: "))
            .map(str::to_owned);
        let cookies: Vec<String> = set.collect();
        for c in &cookies {
            let (pair, _) = c.split_once(';').unwrap_or((c, ""));
            let (k, v) = pair.split_once('=').context("a cookie")?;
            self.cookies.retain(|(name, _)| name != k);
            self.cookies.push((k.to_owned(), v.to_owned()));
        }
        Ok(Answer {
            status,
            cookies,
            body: serde_json::from_str(body).unwrap_or_default(),
        })
    }

    async fn sign_in(&mut self, login: &str) -> Result<Answer> {
        let who = json!({ "login": login, "password": PASSWORD });
        let answer = self.call("session.sign_in", &who).await?;
        ensure!(answer.status == 200, "{}", answer.body);
        Ok(answer)
    }

    async fn may_read(&mut self) -> Result<bool> {
        Ok(self.call("case.list", &json!({})).await?.status == 200)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_registered_from_another_pc() -> Result<()> {
    let s = served().await?;
    let mut pc = Pc::new(&s);
    ensure!(!pc.may_read().await?, "nobody gets in without an account");
    let answer = pc.sign_in("zhaomin").await?;
    for c in &answer.cookies {
        for part in ["HttpOnly", "SameSite=Strict", "Secure"] {
            ensure!(c.contains(part), "{part} in {c}");
        }
    }
    let mut values = house().await?.practice.complaint();
    values["late_entry.reason"] = json!("停电，纸上先记");
    let opens = json!({ "procedure": "inspection-station", "channel": "visit", "received_at": "2026-09-28T08:00:00+08:00", "values": values });
    let made = pc.call("case.register", &opens).await?;
    ensure!(made.status == 200, "{}", made.body);
    let health = pc
        .send(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .await?;
    ensure!(health.contains("\"ok\":true"), "{health}");
    s.host.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_worth_nothing_on_another_device_or_after_signing_out() -> Result<()> {
    let s = served().await?;
    let mut pc = Pc::new(&s);
    pc.sign_in("zhaomin").await?;
    ensure!(pc.may_read().await?);
    let mut thief = Pc::new(&s);
    thief.cookies = pc.cookies.clone();
    thief.cookies.retain(|(k, _)| k == "redress");
    ensure!(!thief.may_read().await?, "the token alone");
    ensure!(
        !pc.may_read().await?,
        "a token that was copied is ended for everyone"
    );
    pc.sign_in("zhaomin").await?;
    let kept = pc.cookies.clone();
    pc.call("session.sign_out", &json!({})).await?;
    pc.cookies = kept;
    ensure!(
        !pc.may_read().await?,
        "the token of a session that was signed out"
    );
    pc.cookies = vec![("redress".into(), "0".repeat(64))];
    ensure!(!pc.may_read().await?, "a token that was guessed");
    s.host.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_again_makes_a_new_token() -> Result<()> {
    let s = served().await?;
    let mut pc = Pc::new(&s);
    pc.sign_in("zhaomin").await?;
    let old = pc.cookies.clone();
    pc.sign_in("luoping").await?;
    ensure!(pc.cookies != old);
    ensure!(dead(&mut pc, &old).await?, "the earlier token is forgotten");
    let old = pc.cookies.clone();
    pc.sign_in("luoping").await?;
    ensure!(pc.cookies != old, "the same person again");
    ensure!(dead(&mut pc, &old).await?, "the same person's token");
    let pin = json!({ "password": PASSWORD, "pin": "271828" });
    ensure!(pc.call("session.set_pin", &pin).await?.status == 200);
    let old = pc.cookies.clone();
    let unlocked = json!({ "login": "luoping", "password": "271828" });
    ensure!(pc.call("session.sign_in", &unlocked).await?.status == 200);
    ensure!(dead(&mut pc, &old).await?, "unlocked with the PIN");
    let old = pc.cookies.clone();
    let wrong = json!({ "login": "luoping", "password": "not this one" });
    ensure!(pc.call("session.sign_in", &wrong).await?.status == 422);
    ensure!(
        pc.cookies == old && pc.may_read().await?,
        "a slip signs nobody out"
    );
    let change = json!({ "old": PASSWORD, "new": "另一个密码-2026" });
    ensure!(pc.call("session.change_password", &change).await?.status == 200);
    ensure!(
        dead(&mut pc, &old).await?,
        "before the password was changed"
    );
    s.host.stop().await?;
    Ok(())
}

/// Whether these cookies are worth nothing while those of the PC still are.
async fn dead(pc: &mut Pc<'_>, old: &[(String, String)]) -> Result<bool> {
    let fresh = std::mem::replace(&mut pc.cookies, old.to_vec());
    let dead = !pc.may_read().await?;
    pc.cookies = fresh;
    Ok(dead && pc.may_read().await?)
}

/// Whoever plants a token in somebody's browser has nothing when that person signs in.
#[tokio::test(flavor = "multi_thread")]
async fn a_planted_token_never_becomes_a_session() -> Result<()> {
    let s = served().await?;
    let mut thief = Pc::new(&s);
    thief.sign_in("luoping").await?;
    let planted = thief.cookies.clone();
    let mut victim = Pc::new(&s);
    victim.cookies = planted.clone();
    victim.sign_in("admin").await?;
    ensure!(!thief.may_read().await?, "the planted token is dead");
    ensure!(victim.may_read().await?);
    let mut victim = Pc::new(&s);
    victim.cookies = vec![("redress".into(), "f".repeat(64))];
    victim.sign_in("zhaomin").await?;
    ensure!(victim.cookies.iter().all(|(_, v)| *v != "f".repeat(64)));
    s.host.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_or_account_ends_what_was_open_with_the_one_before() -> Result<()> {
    let s = served().await?;
    let (mut pc, mut other) = (Pc::new(&s), Pc::new(&s));
    pc.sign_in("zhaomin").await?;
    other.sign_in("zhaomin").await?;
    let change = json!({ "old": PASSWORD, "new": "另一个密码-2026" });
    let changed = pc.call("session.change_password", &change).await?;
    ensure!(changed.status == 200, "{}", changed.body);
    ensure!(pc.may_read().await?, "whoever changed it works on");
    ensure!(
        !other.may_read().await?,
        "whoever came in with the old one does not"
    );
    let mut admin = Pc::new(&s);
    admin.sign_in("admin").await?;
    let people = admin.call("person.list", &json!({})).await?.body;
    let mut people = people.as_array().into_iter().flatten();
    let id = people
        .find(|p| p["login"] == "zhaomin")
        .context("somebody")?["id"]
        .clone();
    let closed = json!({ "id": id, "closed": true });
    let closed = admin.call("person.update", &closed).await?;
    ensure!(closed.status == 200, "{}", closed.body);
    ensure!(!pc.may_read().await? && admin.may_read().await?);
    s.host.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_too_often_and_malformed_is_refused() -> Result<()> {
    let s = served().await?;
    let mut pc = Pc::new(&s);
    let large = json!({ "x": "x".repeat(100_000) });
    let answer = pc.call("session.state", &large).await?;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (413, &json!("upload_too_large"))
    );
    for bad in [
        &b"GET /../../etc/passwd HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"[..],
        b"POST /call/session.state HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 1\r\n\r\n{",
        b"POST /call/%00 HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
        b"\x16\x03\x01 nonsense\r\n\r\n",
    ] {
        let text = pc.send(bad).await.unwrap_or_default();
        ensure!(!text.starts_with("HTTP/1.1 2") && !text.starts_with("HTTP/1.1 5"), "{text}");
    }
    // Without TLS there is no answer.
    let mut plain = TcpStream::connect(s.host.address).await?;
    plain
        .write_all(b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n")
        .await?;
    let mut text = Vec::new();
    let _ = plain.read_to_end(&mut text).await;
    ensure!(!text.starts_with(b"HTTP"), "plain HTTP is not spoken");
    s.host.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_changed_is_noticed() -> Result<()> {
    let s = served().await?;
    let other = TempDir::new()?;
    let mut pc = Pc::new(&s);
    pc.trusts = Certificate::of(other.path(), &["localhost".to_owned()])?;
    ensure!(pc.trusts.fingerprint != s.certificate.fingerprint);
    ensure!(
        pc.may_read().await.is_err(),
        "another certificate is not trusted"
    );
    let again = Certificate::of(other.path(), &["elsewhere".to_owned()])?;
    assert_eq!(again.fingerprint, pc.trusts.fingerprint, "made once, kept");
    s.host.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_finishes_what_was_accepted() -> Result<()> {
    let s = served().await?;
    let address = s.host.address;
    let mut pc = Pc::new(&s);
    pc.sign_in("zhaomin").await?;
    let payload = json!({ "text": "王芳" });
    let request = pc.request("case.list", &payload);
    let request = request.replace("\r\n\r\n", "\r\nexpect: 100-continue\r\n\r\n");
    let (head, body) = request.split_once("\r\n\r\n").context("a head")?;
    let mut tls = pc.connect().await?;
    tls.write_all(format!("{head}\r\n\r\n").as_bytes()).await?;
    // It has begun to read: it asks for the rest.
    let mut go_on = [0; 25];
    tls.read_exact(&mut go_on).await?;
    ensure!(go_on.starts_with(b"HTTP/1.1 100"));
    // What was begun before the stop is answered after it.
    let Served { host, .. } = &s;
    host.begin_stop();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    tls.write_all(body.as_bytes()).await?;
    let text = rest(&mut tls).await;
    ensure!(text.starts_with("HTTP/1.1 200"), "{text}");
    s.host.stop().await?;
    Ok(())
}
