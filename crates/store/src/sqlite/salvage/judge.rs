//! Which streams of a damaged database are whole.

use super::{
    super::sql::verify::Line,
    reader::{Reader, edition_of},
    rows::row,
};
use crate::{
    Progress, StoreError,
    tables::{Cell, TABLES},
};
use redress_domain::{
    chain::{hex, sha256},
    event::EventBody,
};
use serde_json::Value;
use sqlx::SqliteConnection as Connection;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of one stream.
#[derive(Debug, Default)]
pub struct Case {
    /// Why it is not whole; none where it is.
    pub why: Option<String>,
    /// Of a case.
    pub number: Option<String>,
}

impl Reader {
    /// Which streams are whole.
    pub async fn judge(
        &mut self,
        c: &mut Connection,
        progress: &Progress,
    ) -> Result<BTreeMap<String, Case>, StoreError> {
        let mut all: BTreeMap<String, Case> = BTreeMap::new();
        let mut seqs: BTreeMap<String, i64> = BTreeMap::new();
        let disposed: BTreeSet<String> = self
            .lines
            .values()
            .filter(|l| l.kind == "disposed")
            .map(|l| l.stream.clone())
            .collect();
        let mut owners = BTreeMap::new();
        for line in self.lines.values() {
            progress.step(1)?;
            let body = line.json();
            let case = all.entry(line.stream.clone()).or_default();
            if line.kind == "registered" {
                case.number = body["number"].as_str().map(str::to_owned);
            }
            let seq = seqs.entry(line.stream.clone()).or_default();
            *seq += 1;
            let gap = line.seq != *seq;
            *seq = line.seq;
            for (kind, table) in [("issued", "document"), ("attached", "attachment")] {
                let id = body[table].as_str().filter(|_| line.kind == kind);
                if let Some(id) = id {
                    owners.insert((table, id.to_owned()), line.stream.clone());
                }
            }
            if case.why.is_some() {
                continue;
            }
            let why = if line.seal() != line.hash {
                Some("hash_differs")
            } else if gap {
                Some("seq_gap")
            } else {
                self.misses(&mut *c, line, &body, disposed.contains(&line.stream))
                    .await?
            };
            case.why = why.map(str::to_owned);
        }
        for (stream, why) in self.unkept() {
            let case = all.entry(stream).or_default();
            case.why = case.why.take().or(Some(why.to_owned()));
        }
        self.owners = owners;
        for (stream, case) in &mut all {
            let last = seqs.get(stream).copied().unwrap_or_default();
            let end = match self.ends.get(stream) {
                Some(end) if *end > last => Some("end_lost"),
                // Of an index that is damaged elsewhere nobody knows; then no event may be missing after this one.
                None if !self.unreadable.is_empty() => Some("end_unknown"),
                _ => None,
            };
            case.why = case.why.take().or(end.map(str::to_owned));
        }
        Ok(all)
    }

    /// People of whom it is not kept what the log says: newest password, PIN or second factor.
    fn unkept(&self) -> Vec<(String, &'static str)> {
        let mut newest: BTreeMap<(String, &str), Option<String>> = BTreeMap::new();
        for line in self.lines.values() {
            let body = line.json();
            let (Some(person), kept) = (body["person"].as_str(), body["kept"].as_str()) else {
                continue;
            };
            let kept = kept.map(str::to_owned);
            let person = person.to_owned();
            match line.kind.as_str() {
                "password_set" => {
                    newest.remove(&(person.clone(), "pin"));
                    newest.insert((person, "credential_lost"), kept);
                }
                "pin_set" => drop(newest.insert((person, "pin"), kept)),
                "second_factor_set" => drop(newest.insert((person, "second_factor_lost"), kept)),
                "second_factor_off" | "second_factor_reset_confirmed" => {
                    newest.remove(&(person, "second_factor_lost"));
                }
                _ => {}
            }
        }
        let there = |person: &str, kept: &String| {
            let all = self.kept.get(person);
            all.is_some_and(|all| all.contains(kept))
        };
        let mut lost = Vec::new();
        for ((person, what), kept) in newest {
            if kept.is_some_and(|kept| !there(&person, &kept)) {
                let why = if what == "pin" {
                    "credential_lost"
                } else {
                    what
                };
                lost.push((format!("person:{person}"), why));
            }
        }
        lost
    }

    /// What is wrong beside an event.
    async fn misses(
        &self,
        c: &mut Connection,
        line: &Line,
        body: &Value,
        disposed: bool,
    ) -> Result<Option<&'static str>, StoreError> {
        let mut bare = body.clone();
        let hashes = bare.as_object_mut().and_then(|map| map.remove("values"));
        if EventBody::join(&line.kind, bare).is_err() {
            return Ok(Some("event_not_understood"));
        }
        if edition_of(line).is_some_and(|hash| !self.editions.contains_key(&hash)) {
            return Ok(Some("edition_lost"));
        }
        if disposed {
            return Ok(None);
        }
        let (rows, unreadable) = self.values(&mut *c, line.pos).await?;
        if unreadable > 0 {
            return Ok(Some("value_unreadable"));
        }
        if !rows.iter().all(|row| self.fits(line, row)) {
            return Ok(Some("value_differs"));
        }
        let hashes = hashes.and_then(|h| h.as_object().map(serde_json::Map::len));
        // Why somebody looked is erased with the case that was looked at.
        if rows.len() < hashes.unwrap_or_default() && line.stream != "access" {
            return Ok(Some("value_lost"));
        }
        for (kind, table, column, code) in [
            ("issued", "document", 2, "document_differs"),
            ("attached", "attachment", 6, "attachment_differs"),
        ] {
            if line.kind == kind && !self.bytes_fit(&mut *c, table, column, body).await? {
                return Ok(Some(code));
            }
        }
        Ok(None)
    }

    async fn bytes_fit(
        &self,
        c: &mut Connection,
        table: &str,
        column: usize,
        body: &Value,
    ) -> Result<bool, StoreError> {
        let id = body[table].as_str().unwrap_or_default();
        let rowid = self.rows.get(table).and_then(|r| r.get(id)?.first());
        let (Some(rowid), Some(shape)) = (rowid, TABLES.iter().find(|t| t.name == table)) else {
            return Ok(false);
        };
        let row = row(c, shape, *rowid).await?;
        Ok(match row.as_ref().and_then(|r| r.get(column)) {
            Some(Cell::Bytes(Some(bytes))) => body["content"] == *hex(&sha256(bytes)),
            _ => false,
        })
    }
}
