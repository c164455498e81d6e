//! What an auditor reads: the log, and whether it is whole.

use crate::{cases::project, error::ApiError, open::Office};
use redress_domain::case::Case;
use redress_store::{EventFilter, Store};
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
#[derive(Debug, Serialize, TS)]
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
}

/// Whether the log is whole.
#[derive(Debug, Serialize, TS)]
pub struct VerifyResponse {
    /// No problem was found. A recomputed history is found only against an anchor.
    pub ok: bool,
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

    /// Walks chain, values, documents and attachments; then folds every case again and compares the projections.
    pub async fn verify(&self) -> Result<VerifyResponse, ApiError> {
        let desk = self.desk().await?;
        let report = desk.store.verify().await?;
        let mut problems: Vec<AuditProblem> = report
            .problems
            .into_iter()
            .map(|p| AuditProblem {
                code: p.code,
                stream: p.stream,
                seq: p.seq,
                about: p.about,
            })
            .collect();
        if problems.is_empty() {
            let house = desk.house().await;
            let name = |p| house.name(p);
            for id in desk.store.all_case_ids().await? {
                let events = desk.store.case_events(id).await?;
                let bad = |code: &str| AuditProblem {
                    code: code.to_owned(),
                    stream: crate::cases::stream(id),
                    seq: 0,
                    about: String::new(),
                };
                let Some(case) = Case::fold(&events) else {
                    problems.push(bad("case_does_not_fold"));
                    continue;
                };
                let edition = desk.edition(&case.procedure, &case.edition_hash).await?;
                let fresh = project(&edition, &case, &name).row;
                if desk.store.case_row(id).await?.as_ref() != Some(&fresh) {
                    problems.push(bad("projection_differs"));
                }
            }
        }
        let first_bad = problems.first().map(|p| AuditProblem {
            code: p.code.clone(),
            stream: p.stream.clone(),
            seq: p.seq,
            about: p.about.clone(),
        });
        Ok(VerifyResponse {
            ok: problems.is_empty(),
            events: report.events,
            first_bad,
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
