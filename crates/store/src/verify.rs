//! Walks the whole log: chain, sequence, values, documents, files.
//!
//! A change that does not recompute the chain is always found. A recomputed or truncated history is
//! found only against an anchor kept elsewhere (backups carry one).

use crate::{Problem, Report, StoreError};
use redress_domain::{
    chain::{Sealed, hex, link, sha256, value_hash},
    signature::{fits, key_id},
};
use serde_json::Value;
use sqlx::{Row, SqlitePool};
use std::collections::BTreeMap;

/// Everything wrong, in order of position.
pub async fn walk(pool: &SqlitePool) -> Result<Report, StoreError> {
    let mut report = Report::default();
    let mut prev = String::new();
    let mut seqs: BTreeMap<String, i64> = BTreeMap::new();
    let rows = sqlx::query(
        "SELECT pos, stream, seq, kind, version, actor, at, body, prev, alg, hash, signature, key_id FROM event ORDER BY pos",
    )
    .fetch_all(pool)
    .await?;
    let mut keys = Keys::default();
    for r in &rows {
        let (pos, stream, seq): (i64, String, i64) = (r.get(0), r.get(1), r.get(2));
        let (kind, actor, at, body): (String, String, String, String) =
            (r.get(3), r.get(5), r.get(6), r.get(7));
        let (stored_prev, alg, hash): (String, String, String) = (r.get(8), r.get(9), r.get(10));
        let signature: Option<String> = r.get(11);
        let key: Option<String> = r.get(12);
        let mut bad = |code: &str, about: &str| {
            report.problems.push(Problem {
                code: code.to_owned(),
                stream: stream.clone(),
                seq,
                about: about.to_owned(),
            });
        };
        report.events += 1;
        if pos != report.events {
            bad("pos_gap", &pos.to_string());
        }
        let last = seqs.entry(stream.clone()).or_default();
        *last += 1;
        if seq != *last {
            bad("seq_gap", &kind);
        }
        if stored_prev != prev {
            bad("link_broken", &kind);
        }
        let sealed = Sealed {
            pos,
            stream: &stream,
            seq,
            kind: &kind,
            version: r.get(4),
            actor: &actor,
            at: &at,
            body: &body,
            prev: &stored_prev,
            alg: &alg,
        };
        if sealed.hash() != hash {
            bad("hash_differs", &kind);
        }
        let parsed: Value = serde_json::from_str(&body).unwrap_or_default();
        if let Some(code) = keys.judge(
            &kind,
            &actor,
            &parsed,
            &hash,
            key.as_deref(),
            signature.as_deref(),
        ) {
            bad(code, parsed["action"].as_str().unwrap_or(&kind));
        }
        for (code, about) in beside(pool, pos, &kind, &parsed).await? {
            bad(code, &about);
        }
        report.anchor_pos = pos;
        report.anchor_hash.clone_from(&hash);
        prev = link(&hash, signature.as_deref());
    }
    let stray: Vec<String> =
        sqlx::query_scalar("SELECT field FROM value WHERE pos NOT IN (SELECT pos FROM event)")
            .fetch_all(pool)
            .await?;
    for field in stray {
        report.problems.push(Problem {
            code: "value_stray".to_owned(),
            stream: String::new(),
            seq: 0,
            about: field,
        });
    }
    Ok(report)
}

/// The keys that the log has told of so far.
#[derive(Default)]
struct Keys {
    /// Owner, public half and who must not confirm it, by key id.
    known: BTreeMap<String, (String, String, Option<String>)>,
    /// The key with which a person signs.
    current: BTreeMap<String, String>,
}

impl Keys {
    /// What is wrong with an event's signature; keeps the keys that the event tells of.
    ///
    /// Only the owner's key of that moment signs, confirmed where it came with a reset. Whoever has a key
    /// signs every act that is a signature.
    fn judge(
        &mut self,
        kind: &str,
        actor: &str,
        body: &Value,
        hash: &str,
        key: Option<&str>,
        signature: Option<&str>,
    ) -> Option<&'static str> {
        let text = |k: &str| body[k].as_str().unwrap_or_default().to_owned();
        if kind == "key_added" {
            let reset_by = body["reset_by"].as_str().map(str::to_owned);
            if key_id(&text("public")) != text("key") {
                return Some("key_differs");
            }
            self.current.insert(text("person"), text("key"));
            self.known
                .insert(text("key"), (text("person"), text("public"), reset_by));
        } else if kind == "key_confirmed"
            && let Some((owner, _, reset_by)) = self.known.get_mut(&text("key"))
        {
            if reset_by.as_deref() == Some(actor) || owner == actor {
                return Some("key_confirmed_by_resetter");
            }
            *reset_by = None;
        }
        match (key, signature) {
            (Some(key), Some(signature)) => {
                let known = self.known.get(key);
                let current = self.current.get(actor).map(String::as_str) == Some(key);
                let good = known.is_some_and(|(owner, public, reset_by)| {
                    owner == actor && reset_by.is_none() && fits(public, hash, signature)
                });
                (!(good && current)).then_some("signature_differs")
            }
            (None, None) => {
                let signs = kind == "acted" && body["signs"].is_string();
                (signs && self.current.contains_key(actor)).then_some("signature_missing")
            }
            _ => Some("signature_differs"),
        }
    }
}

/// What stands beside one event: its values, its document, its file.
async fn beside(
    pool: &SqlitePool,
    pos: i64,
    kind: &str,
    body: &Value,
) -> Result<Vec<(&'static str, String)>, StoreError> {
    let mut bad = Vec::new();
    let hashes = body
        .get("values")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let values = sqlx::query("SELECT field, salt, value FROM value WHERE pos = $1")
        .bind(pos)
        .fetch_all(pool)
        .await?;
    let mut seen = 0;
    for v in &values {
        let (field, salt, text): (String, Vec<u8>, String) = (v.get(0), v.get(1), v.get(2));
        let salt: [u8; 16] = salt.try_into().unwrap_or_default();
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        let fresh = value_hash(&salt, &field, &value);
        if hashes.get(&field).and_then(Value::as_str) == Some(fresh.as_str()) {
            seen += 1;
        } else {
            bad.push(("value_differs", field));
        }
    }
    // No act erases values yet; until one does, an absent value is a loss.
    if seen + bad.len() < hashes.len() {
        let lost = hashes
            .keys()
            .find(|k| values.iter().all(|v| v.get::<String, _>(0) != **k));
        bad.push(("value_lost", lost.cloned().unwrap_or_default()));
    }
    let (sql, id, code) = match kind {
        "issued" => (
            "SELECT pdf FROM document WHERE id = $1",
            body["document"].as_str(),
            "document_differs",
        ),
        "attached" => (
            "SELECT bytes FROM attachment WHERE id = $1",
            body["attachment"].as_str(),
            "attachment_differs",
        ),
        _ => return Ok(bad),
    };
    let id = id.unwrap_or_default();
    let bytes: Option<Vec<u8>> = sqlx::query_scalar(sql)
        .bind(id)
        .fetch_optional(pool)
        .await?;
    if bytes.map(|b| hex(&sha256(&b))).as_deref() != body["content"].as_str() {
        bad.push((code, id.to_owned()));
    }
    Ok(bad)
}
