//! Requests that no window of ours would send: bytes changed, missing and between, and lines that break.

use crate::{
    dice::Dice,
    served::{Served, line_from, rest},
};
use anyhow::{Context, Result, ensure};
use redress_desk::demo::PASSWORD;
use serde_json::json;
use std::{collections::BTreeMap, net::Ipv4Addr};
use tokio::io::AsyncWriteExt;

/// What came of it: how often each status was answered; 0 where the line was cut or there was none.
pub type Statuses = BTreeMap<u16, usize>;

/// So many requests come from one address, few enough not to be slowed down.
const FROM_ONE: usize = 80;

const JSON: &str = "host: localhost\r\nconnection: close\r\ncontent-type: application/json";

/// The address of the n-th PC of a large house; this machine answers to all of them.
fn pc(n: usize) -> Result<Ipv4Addr> {
    Ok(Ipv4Addr::from(0x7F01_0001_u32 + u32::try_from(n)?))
}

async fn says(s: &Served, from: Ipv4Addr, request: &[u8]) -> Result<String> {
    let mut line = line_from(from, s.host.address, &s.certificate).await?;
    // A host that has heard enough closes: what it said stands.
    let _ = line.write_all(request).await;
    Ok(rest(&mut line).await)
}

/// A request as a window sends it, from somebody who is signed in.
///
/// # Errors
/// Where the host is away.
pub async fn sound(s: &Served, from: Ipv4Addr) -> Result<Vec<u8>> {
    let body = json!({ "login": "zhaomin", "password": PASSWORD }).to_string();
    let request = format!(
        "POST /call/session.sign_in HTTP/1.1\r\n{JSON}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = says(s, from, request.as_bytes()).await?;
    let cookies = answer
        .lines()
        .filter_map(|l| l.strip_prefix("set-cookie: "));
    let cookies: Vec<&str> = cookies.filter_map(|c| c.split(';').next()).collect();
    let body = json!({ "text": "王芳", "limit": 20 }).to_string();
    let list = format!(
        "POST /call/case.list HTTP/1.1\r\n{JSON}\r\ncookie: {}\r\nidempotency-key: 0123456789abcdef\r\ncontent-length: {}\r\n\r\n{body}",
        cookies.join("; "),
        body.len()
    );
    Ok(list.into_bytes())
}

/// One way to spoil a request; whether the line breaks after it.
fn spoil(good: &[u8], dice: &mut Dice) -> Result<(Vec<u8>, bool)> {
    let mut bad = good.to_vec();
    match dice.below(4) {
        // Bytes that are others.
        0 => {
            for _ in 0..=dice.below(8) {
                let at = dice.below(bad.len());
                bad[at] = u8::try_from(dice.below(256))?;
            }
        }
        // Bytes that are missing.
        1 => {
            let at = dice.below(bad.len() - 1);
            let to = at + 1 + dice.below((bad.len() - at - 1).clamp(1, 40));
            bad.drain(at..to.min(bad.len()));
        }
        // Something in between.
        2 => {
            let at = dice.below(bad.len());
            let more: &[u8] = [
                &b"\r\n"[..],
                b"\0",
                b"\r\n\r\n",
                b"transfer-encoding: chunked\r\n",
                b"\xff\xfe",
                b"{{{{",
            ][dice.below(6)];
            bad.splice(at..at, more.iter().copied());
        }
        // A line that breaks.
        _ => {
            bad.truncate(dice.below(bad.len()));
            return Ok((bad, true));
        }
    }
    Ok((bad, false))
}

/// Sends so many; none is answered by a failure of the program, and the host works on.
///
/// # Errors
/// Where one is, or the host does not.
pub async fn malformed(s: &Served, requests: usize, seed: u64) -> Result<Statuses> {
    let mut dice = Dice(seed);
    let mut statuses = Statuses::new();
    let mut from = pc(0)?;
    let mut good = vec![];
    for n in 0..requests {
        if n % FROM_ONE == 0 {
            from = pc(n / FROM_ONE)?;
            good = sound(s, from).await?;
        }
        let (bad, breaks) = spoil(&good, &mut dice)?;
        if breaks {
            let mut line = line_from(from, s.host.address, &s.certificate).await?;
            let _ = line.write_all(&bad).await;
            *statuses.entry(0).or_default() += 1;
            continue;
        }
        // What asks for more is sent no more.
        let mut line = line_from(from, s.host.address, &s.certificate).await?;
        let _ = line.write_all(&bad).await;
        let _ = line.shutdown().await;
        let text = rest(&mut line).await;
        ensure!(
            !text.starts_with("HTTP/1.1 5"),
            "{text} to {:?}",
            String::from_utf8_lossy(&bad)
        );
        let status = text.split(' ').nth(1).and_then(|s| s.parse().ok());
        *statuses.entry(status.unwrap_or_default()).or_default() += 1;
    }
    let last = pc(requests / FROM_ONE + 1)?;
    let good = sound(s, last).await?;
    let text = says(s, last, &good).await?;
    ensure!(text.starts_with("HTTP/1.1 200"), "{text}");
    text.contains("rows").then_some(()).context("a list")?;
    Ok(statuses)
}
