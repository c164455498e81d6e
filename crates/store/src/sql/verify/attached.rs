//! What stands beside the events: values, documents, files, editions, numbers, passwords.

use super::super::{read::Read, tolerant::passed, whole::Whole};
use super::{Connection, DbRow, Found, Line, disposals::Disposals, factors::Factors};
use crate::StoreError;
use redress_domain::chain::{hex, kept_hash, sha256, value_hash};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What the log says should stand beside it.
#[derive(Default)]
pub(super) struct Attached {
    /// A salvage carried what was whole: numbers of cases that are not there were given all the same.
    salvaged: bool,
    /// Streams that a salvage carried as far as they could be read.
    lost: BTreeSet<String>,
    /// Absent, and wrong unless the case was disposed of: the case's id with the place and what is absent.
    absent: Vec<(String, Line, &'static str, String)>,
    /// Cases of which something is still there.
    present: BTreeMap<String, Line>,
    /// Documents given out, and whose they are.
    documents: BTreeMap<String, String>,
    attachments: BTreeSet<String>,
    editions: BTreeSet<String>,
    /// Numbers given, by procedure and year.
    numbers: BTreeMap<(String, i64), Given>,
    /// What the newest password and PIN of a person are kept as; an older log does not say it.
    passwords: BTreeMap<String, (Option<String>, Option<String>)>,
    factors: Factors,
}

/// Numbers of a procedure and year: one after the other, but for those that a restored office skips on record.
#[derive(Default)]
struct Given {
    last: i64,
    skipped: Vec<(i64, i64)>,
}

/// A copy of where a line stands.
fn place(line: &Line) -> Line {
    Line {
        stream: line.stream.clone(),
        kind: line.kind.clone(),
        actor: String::new(),
        at: String::new(),
        body: String::new(),
        prev: String::new(),
        alg: String::new(),
        hash: String::new(),
        key: None,
        signature: None,
        ..*line
    }
}

impl Attached {
    /// Holds one event's values, document or file against the event, and keeps what it tells of the rest.
    pub(super) async fn look(
        &mut self,
        c: &mut Connection,
        line: &Line,
        body: &Value,
        found: &mut Found,
    ) -> Result<(), StoreError> {
        let text = |k: &str| body[k].as_str().unwrap_or_default().to_owned();
        let own = line.stream.strip_prefix("case:").map(str::to_owned);
        // A reprint names the document alone.
        let of_document = self.documents.get(&text("document")).cloned();
        let case = own.or(of_document).unwrap_or_else(|| text("case"));
        self.values(&mut *c, line, body, &case, found).await?;
        match line.kind.as_str() {
            "issued" => {
                self.documents.insert(text("document"), case.clone());
                let sql = "SELECT pdf FROM document WHERE id = $1 AND case_id = $2";
                let what = (sql, text("document"), "document_differs");
                self.bytes(&mut *c, line, body, what, &case, found).await?;
            }
            "attached" => {
                let id = text("attachment");
                self.attachments.insert(id.clone());
                let sql = "SELECT bytes FROM attachment WHERE id = $1 AND case_id = $2";
                let what = (sql, id.clone(), "attachment_differs");
                self.bytes(&mut *c, line, body, what, &case, found).await?;
                file_line(&mut *c, line, body, &id, found).await?;
            }
            "registered" => {
                self.editions.insert(text("edition_hash"));
                // A time that is none has another hash, which is told; its number is then one of no year.
                let year = line.at.get(..4).and_then(|y| y.parse().ok());
                let key = (text("procedure"), year.unwrap_or_default());
                self.numbers.entry(key).or_default().last += 1;
            }
            "numbers_said" if line.stream == "office" => {
                self.skip_numbers(body);
            }
            "salvaged" if line.stream == "office" => {
                self.salvaged = true;
                let lost = body["lost"].as_array().into_iter().flatten();
                let lost = lost.filter_map(|l| l["stream"].as_str().map(str::to_owned));
                self.lost.extend(lost);
            }
            "edition_installed" => {
                self.editions.insert(text("hash"));
            }
            "password_set" => {
                let kept = body["kept"].as_str().map(str::to_owned);
                self.passwords.insert(text("person"), (kept, None));
            }
            "pin_set" => {
                if let Some((_, pin)) = self.passwords.get_mut(&text("person")) {
                    *pin = Some(text("kept"));
                }
            }
            _ => self.factors.look(line, body),
        }
        Ok(())
    }

    /// Numbers that are given to no case here, as an administrator said it. A part that is missing skips nothing.
    fn skip_numbers(&mut self, body: &Value) {
        for s in body["skipped"].as_array().into_iter().flatten() {
            let number = |k: &str| s[k].as_i64().unwrap_or_default();
            let procedure = s["procedure"].as_str().unwrap_or_default().to_owned();
            let given = self.numbers.entry((procedure, number("year"))).or_default();
            given.skipped.push((number("from"), number("to")));
            given.last = given.last.max(number("to"));
        }
    }

    async fn values(
        &mut self,
        c: &mut Connection,
        line: &Line,
        body: &Value,
        case: &str,
        found: &mut Found,
    ) -> Result<(), StoreError> {
        let none = serde_json::Map::new();
        let hashes = body.get("values").and_then(Value::as_object);
        let hashes = hashes.unwrap_or(&none);
        let values = sqlx::query("SELECT field, salt, value FROM value WHERE pos = $1")
            .bind(line.pos)
            .rows(&mut *c)
            .await?;
        let mut there = BTreeSet::new();
        for v in &values {
            let read = |v: &DbRow| Ok((v.read(0)?, v.read(1)?, v.read(2)?));
            let Some((field, salt, text)) = passed::<(String, Vec<u8>, String)>(read(v))? else {
                found.at(line, "value_unreadable", "");
                continue;
            };
            // What is no salt, or no JSON, has another hash, and is told as such.
            let salt: [u8; 16] = salt.try_into().unwrap_or_default();
            let value: Value = serde_json::from_str(&text).unwrap_or_default();
            let fresh = value_hash(&salt, &field, &value);
            let same = hashes.get(&field).and_then(Value::as_str) == Some(fresh.as_str());
            // One value has one form: a space that means nothing was still put there by somebody.
            let canonical = value.to_string();
            if !same || canonical != text {
                found.at(line, "value_differs", &field);
            }
            self.present
                .entry(case.to_owned())
                .or_insert_with(|| place(line));
            there.insert(field);
        }
        for field in hashes.keys().filter(|k| !there.contains(*k)) {
            let one = (case.to_owned(), place(line), "value_lost", field.clone());
            self.absent.push(one);
        }
        Ok(())
    }

    async fn bytes(
        &mut self,
        c: &mut Connection,
        line: &Line,
        body: &Value,
        (sql, id, code): (&'static str, String, &'static str),
        case: &str,
        found: &mut Found,
    ) -> Result<(), StoreError> {
        let bytes: Option<Vec<u8>> = sqlx::query(sql)
            .bind(&id)
            .bind(case)
            .maybe_value(&mut *c)
            .await?;
        match bytes {
            None => {
                let one = (case.to_owned(), place(line), code, id);
                self.absent.push(one);
            }
            Some(b) => {
                if Some(hex(&sha256(&b)).as_str()) != body["content"].as_str() {
                    found.at(line, code, &id);
                }
                self.present
                    .entry(case.to_owned())
                    .or_insert_with(|| place(line));
            }
        }
        Ok(())
    }

    /// What only the end of the log can tell.
    pub(super) async fn finish(
        self,
        c: &mut Connection,
        disposals: &Disposals,
        found: &mut Found,
    ) -> Result<(), StoreError> {
        for (case, line, code, about) in &self.absent {
            if !disposals.disposed.contains_key(case) && !self.lost.contains(&line.stream) {
                found.at(line, code, about);
            }
        }
        // Whoever looks at what is left says why, after the disposal.
        for (case, since) in &disposals.disposed {
            if let Some(line) = self.present.get(case).filter(|l| l.pos < *since) {
                found.at(line, "disposed_left", &line.kind);
            }
        }
        self.strays(&mut *c, found).await?;
        if passed(self.editions(&mut *c, found).await)?.is_none() {
            found.stray("table_unreadable", "edition");
        }
        if passed(self.claims(&mut *c, found).await)?.is_none() {
            found.stray("table_unreadable", "number_claim");
        }
        if passed(self.credentials(&mut *c, found).await)?.is_none() {
            found.stray("table_unreadable", "credential");
        }
        if passed(self.factors.finish(&mut *c, &self.lost, found).await)?.is_none() {
            found.stray("table_unreadable", "second_factor");
        }
        Ok(())
    }

    /// Rows that belong to no event.
    async fn strays(&self, c: &mut Connection, found: &mut Found) -> Result<(), StoreError> {
        let documents = self.documents.keys().cloned().collect();
        for (table, code, sql, known) in [
            (
                "value",
                "value_stray",
                "SELECT DISTINCT field FROM value WHERE pos NOT IN (SELECT pos FROM event)",
                &BTreeSet::new(),
            ),
            (
                "document",
                "document_stray",
                "SELECT id FROM document",
                &documents,
            ),
            (
                "attachment",
                "attachment_stray",
                "SELECT id FROM attachment",
                &self.attachments,
            ),
            (
                "edition",
                "edition_stray",
                "SELECT hash FROM edition",
                &self.editions,
            ),
        ] {
            let all = sqlx::query(sql).column(&mut *c).await;
            let all: Option<Vec<String>> = passed(all)?;
            let Some(all) = all else {
                found.stray("table_unreadable", table);
                continue;
            };
            for id in all.iter().filter(|id| !known.contains(*id)) {
                found.stray(code, id);
            }
        }
        Ok(())
    }

    /// An edition's files stand in one form.
    async fn editions(&self, c: &mut Connection, found: &mut Found) -> Result<(), StoreError> {
        for hash in &self.editions {
            let files: Option<String> = sqlx::query("SELECT files FROM edition WHERE hash = $1")
                .bind(hash)
                .maybe_value(&mut *c)
                .await?;
            let other = |f: String| {
                let canonical = serde_json::from_str::<Value>(&f).map(|v| v.to_string());
                !canonical.is_ok_and(|c| c == f)
            };
            // One that is missing, or not of its hash, is found where files are read.
            if files.is_some_and(other) {
                found.stray("edition_changed", hash);
            }
        }
        Ok(())
    }

    /// The numbers of a procedure and year are those of its cases, from 1 without a gap (G12) that is not on record.
    async fn claims(&self, c: &mut Connection, found: &mut Found) -> Result<(), StoreError> {
        let mut expected = BTreeSet::new();
        for ((procedure, year), given) in &self.numbers {
            let skipped = |n: &i64| given.skipped.iter().any(|(a, b)| (a..=b).contains(&n));
            let all = (1..=given.last).filter(|n| !skipped(n));
            expected.extend(all.map(|n| (procedure.clone(), *year, n)));
        }
        let rows = sqlx::query("SELECT procedure, year, seq FROM number_claim")
            .rows(&mut *c)
            .await?;
        let kept = rows
            .iter()
            .map(|r| Ok((r.read(0)?, r.read(1)?, r.read(2)?)))
            .collect::<Result<BTreeSet<(String, i64, i64)>, StoreError>>()?;
        let mut differ: Vec<_> = expected.difference(&kept).collect();
        if !self.salvaged {
            differ.extend(kept.difference(&expected));
        }
        for (procedure, year, seq) in differ {
            found.stray("number_differs", &format!("{procedure} {year} {seq}"));
        }
        Ok(())
    }

    /// Passwords, sealed keys and PINs are those of which the log tells.
    async fn credentials(&self, c: &mut Connection, found: &mut Found) -> Result<(), StoreError> {
        let rows = sqlx::query(
            "SELECT login, person, password_hash, sealed_key, pin_hash FROM credential",
        )
        .rows(&mut *c)
        .await?;
        let mut seen = BTreeSet::new();
        for r in &rows {
            let (login, person, hash): (String, String, String) =
                (r.read(0)?, r.read(1)?, r.read(2)?);
            let sealed: Vec<u8> = r.read::<Option<Vec<u8>>>(3)?.unwrap_or_default();
            let pin: Option<String> = r.read(4)?;
            seen.insert(person.clone());
            // Of whom a salvage could not carry everything nobody knows what should be kept.
            if self.lost.contains(&format!("person:{person}")) {
                continue;
            }
            let Some((kept, kept_pin)) = self.passwords.get(&person) else {
                found.stray("credential_stray", &person);
                continue;
            };
            let Some(kept) = kept else { continue };
            if *kept != kept_hash(&[login.as_bytes(), hash.as_bytes(), &sealed])
                || pin.map(|p| kept_hash(&[p.as_bytes()])) != *kept_pin
            {
                found.stray("credential_differs", &person);
            }
        }
        for (person, (kept, _)) in &self.passwords {
            let lost = self.lost.contains(&format!("person:{person}"));
            if kept.is_some() && !seen.contains(person) && !lost {
                found.stray("credential_lost", person);
            }
        }
        Ok(())
    }
}

/// A file's name, kind, size and time in its table are those of the event.
async fn file_line(
    c: &mut Connection,
    line: &Line,
    body: &Value,
    id: &str,
    found: &mut Found,
) -> Result<(), StoreError> {
    let row = sqlx::query(
        "SELECT name, kind, size, at, (SELECT value FROM value WHERE pos = $2 AND field = 'attachment.name') \
         FROM attachment WHERE id = $1",
    )
    .bind(id)
    .bind(line.pos)
    .maybe(&mut *c)
    .await?;
    let Some(r) = row else { return Ok(()) };
    let (name, kind, size, at): (String, String, i64, String) =
        (r.read(0)?, r.read(1)?, r.read(2)?, r.read(3)?);
    let said: Option<String> = r.read(4)?;
    let said: Option<String> = said.and_then(|s| serde_json::from_str(&s).ok());
    if said != Some(name)
        || body["attachment_kind"] != *kind
        || body["size"] != size
        || at != line.at
    {
        found.at(line, "attachment_differs", id);
    }
    Ok(())
}
