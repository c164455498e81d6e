//! What an auditor reads: the log, and whether it is whole.

use crate::{
    cases::project,
    error::{ApiError, Lang},
    open::{Desk, Office},
};
use redress_domain::case::Case;
use redress_store::{EventFilter, Problem, Store};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which events.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(default)]
pub struct AuditListRequest {
    /// Id or number.
    pub case: Option<String>,
    /// `office`, `access`, `person:…`.
    pub stream: Option<String>,
    /// After this position.
    #[ts(type = "number | null")]
    pub after: Option<i64>,
    /// Events; 100 where not said, 500 at most.
    pub limit: Option<u32>,
}

/// One event as it is chained: no typed words.
#[derive(Debug, Serialize, TS)]
pub struct AuditLine {
    /// Position in the whole log.
    #[ts(type = "number")]
    pub pos: i64,
    /// Stream.
    pub stream: String,
    /// Position in the stream.
    #[ts(type = "number")]
    pub seq: i64,
    /// Kind.
    pub kind: String,
    /// Who.
    pub actor: String,
    /// When.
    pub at: String,
    /// Hash.
    pub hash: String,
}

/// Something wrong in the log.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AuditProblem {
    /// What.
    pub code: String,
    /// Stream.
    pub stream: String,
    /// Position in the stream.
    #[ts(type = "number")]
    pub seq: i64,
    /// Field, document or attachment.
    pub about: String,
    /// In words: which case, which record, which field.
    pub message: String,
}

/// Against what to check.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(default)]
pub struct VerifyRequest {
    /// `POS:HASH` as an earlier check or a backup told it; none: the log's own links alone.
    pub anchor: Option<String>,
}

/// Whether the log is whole.
#[derive(Debug, Serialize, TS)]
pub struct VerifyResponse {
    /// No problem was found. A recomputed or truncated history is found only against an anchor.
    pub ok: bool,
    /// The anchor that was checked: nothing up to it has changed. None: none was given.
    pub checked_anchor: Option<String>,
    /// Events walked.
    #[ts(type = "number")]
    pub events: i64,
    /// The first problem.
    pub first_bad: Option<AuditProblem>,
    /// All of them.
    pub problems: Vec<AuditProblem>,
    /// Position of the newest event: the anchor.
    #[ts(type = "number")]
    pub anchor_pos: i64,
    /// Hash of the newest event.
    pub anchor_hash: String,
}

impl Office {
    pub(crate) async fn audit_list(&self, r: AuditListRequest) -> Result<Vec<AuditLine>, ApiError> {
        let desk = self.desk().await?;
        let house = desk.house().await;
        let stream = match r.case {
            Some(case) => Some(crate::cases::stream(desk.load_case(&case).await?.case.id)),
            None => r.stream,
        };
        let filter = EventFilter {
            stream,
            after: r.after.unwrap_or(0),
            limit: r.limit.unwrap_or(100).clamp(1, 500),
        };
        let all = desk.store.events(&filter).await?;
        let line = |e: redress_store::Recorded| AuditLine {
            pos: e.pos,
            stream: e.stream,
            seq: e.seq,
            kind: e.kind,
            actor: e.actor.parse().map_or(e.actor, |p| house.name(p)),
            at: e.at,
            hash: e.hash,
        };
        Ok(all.into_iter().map(line).collect())
    }

    /// Walks chain, signatures, values, documents and attachments; then folds every case again and compares the
    /// projections; then holds the log against an anchor, where one is given.
    ///
    /// # Errors
    /// `anchor_not_understood`, and the store's.
    pub async fn verify(
        &self,
        anchor: Option<&str>,
        lang: Lang,
    ) -> Result<VerifyResponse, ApiError> {
        let desk = self.desk().await?;
        let anchor = anchor.map(str::trim).filter(|a| !a.is_empty());
        let anchor = anchor.map(parse_anchor).transpose()?;
        let report = desk.store.verify().await?;
        let mut found = report.problems;
        if found.is_empty() {
            found = desk.refolded().await?;
        }
        if let Some((pos, hash)) = &anchor {
            let filter = EventFilter {
                stream: None,
                after: pos - 1,
                limit: 1,
            };
            let there = desk.store.events(&filter).await?;
            let code = match there.first().filter(|e| e.pos == *pos) {
                None => Some("anchor_missing"),
                Some(e) if e.hash != *hash => Some("anchor_differs"),
                Some(_) => None,
            };
            found.extend(code.map(|code| Problem {
                code: code.to_owned(),
                stream: String::new(),
                seq: *pos,
                about: String::new(),
            }));
        }
        let mut problems = Vec::with_capacity(found.len());
        for p in found {
            problems.push(desk.told(p, lang).await?);
        }
        Ok(VerifyResponse {
            ok: problems.is_empty(),
            checked_anchor: anchor.map(|(pos, hash)| format!("{pos}:{hash}")),
            events: report.events,
            first_bad: problems.first().cloned(),
            problems,
            anchor_pos: report.anchor_pos,
            anchor_hash: report.anchor_hash,
        })
    }

    /// Drops what lists and searches read, and derives it again from the log.
    ///
    /// # Errors
    /// The store's.
    pub async fn rebuild(&self) -> Result<usize, ApiError> {
        let desk = self.desk().await?;
        let house = desk.house().await;
        let name = |p| house.name(p);
        let ids = desk.store.all_case_ids().await?;
        let mut all = Vec::with_capacity(ids.len());
        for id in &ids {
            let events = desk.store.case_events(*id).await?;
            let case =
                Case::fold(&events).ok_or_else(|| ApiError::internal("case does not fold"))?;
            let edition = desk.edition(&case.procedure, &case.edition_hash).await?;
            all.push(project(&edition, &case, &name));
        }
        desk.store.replace_projections(all).await?;
        Ok(ids.len())
    }
}

/// `POS:HASH`.
fn parse_anchor(text: &str) -> Result<(i64, String), ApiError> {
    let parts = text.split_once(':');
    parts
        .and_then(|(pos, hash)| Some((pos.trim().parse().ok()?, hash.trim().to_lowercase())))
        .filter(|(pos, hash)| *pos > 0 && hash.len() == 64)
        .ok_or_else(|| ApiError::new("anchor_not_understood").with("text", text))
}

impl Desk {
    /// Every case folded again, compared with what lists and searches know of it.
    async fn refolded(&self) -> Result<Vec<Problem>, ApiError> {
        let house = self.house().await;
        let name = |p| house.name(p);
        let mut found = Vec::new();
        for id in self.store.all_case_ids().await? {
            let events = self.store.case_events(id).await?;
            let bad = |code: &str| Problem {
                code: code.to_owned(),
                stream: crate::cases::stream(id),
                seq: 0,
                about: String::new(),
            };
            let Some(case) = Case::fold(&events) else {
                found.push(bad("case_does_not_fold"));
                continue;
            };
            let edition = self.edition(&case.procedure, &case.edition_hash).await?;
            let fresh = project(&edition, &case, &name).row;
            if self.store.case_row(id).await?.as_ref() != Some(&fresh) {
                found.push(bad("projection_differs"));
            }
        }
        Ok(found)
    }

    /// A problem in the words of an auditor: which case, which record, which field.
    async fn told(&self, p: Problem, lang: Lang) -> Result<AuditProblem, ApiError> {
        let house = self.house().await;
        let (mut place, mut about) = (p.stream.clone(), p.about.clone());
        if let Some(id) = p.stream.strip_prefix("case:").and_then(|t| t.parse().ok()) {
            if let Some(row) = self.store.case_row(id).await? {
                place.clone_from(&row.number);
                let edition = self.newest(&row.procedure);
                if let Some(f) = edition.ok().and_then(|e| e.field(&p.about).cloned()) {
                    about = f.title;
                }
            }
        } else if let Some(id) = p
            .stream
            .strip_prefix("person:")
            .and_then(|t| t.parse().ok())
        {
            place = house.name(id);
        }
        let message = ApiError::new(&format!("audit_{}", p.code))
            .with("place", place)
            .with("seq", p.seq)
            .with("about", about)
            .message(lang);
        Ok(AuditProblem {
            code: p.code,
            stream: p.stream,
            seq: p.seq,
            about: p.about,
            message,
        })
    }
}
