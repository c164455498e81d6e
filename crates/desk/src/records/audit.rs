//! What an auditor reads: the log, and whether it is whole.

use crate::{
    access::log::note,
    anchors::anchor,
    office::{
        handle::{Office, OpenOffice},
        session::Eyes,
        state::person::Person,
    },
    text::{error::ApiError, file::FileOut, words},
};
use redress_domain::id::{CaseId, PersonId};
use redress_store::{CaseRow, EventFilter, Recorded, Store};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
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
    /// It is of a confidential case in which an administrator has no part: who and what are covered.
    pub hidden: bool,
}

/// An anchor to be kept elsewhere.
#[derive(Debug, Serialize, TS)]
pub struct AnchorResponse {
    /// `POS:HASH`.
    pub anchor: String,
    /// A name for the file.
    pub name: String,
    /// Its bytes.
    #[ts(type = "Blob")]
    pub bytes: FileOut,
}

pub(crate) async fn audit_list(
    office: &Office,
    eyes: Eyes<'_>,
    r: AuditListRequest,
) -> Result<Vec<AuditLine>, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let viewer = open.viewer(eyes.person, office.now()).await;
    let stream = match r.case {
        Some(case) => Some(crate::office::load::stream(
            open.known(&viewer, &case).await?.id,
        )),
        None => r.stream,
    };
    let me = state.people.get(&eyes.person);
    let audits = me.is_some_and(Person::audits);
    let mut filter = EventFilter {
        stream,
        after: r.after.unwrap_or(0),
        limit: r.limit.unwrap_or(100).clamp(1, 500),
    };
    let wanted = filter.limit as usize;
    let mut rows: BTreeMap<CaseId, Option<CaseRow>> = BTreeMap::new();
    let mut all = Vec::new();
    // What is not there for whoever asks makes no page shorter.
    while all.len() < wanted {
        let found = open.store.events(&filter).await?;
        let last = found.len() < wanted;
        filter.after = found.last().map_or(filter.after, |e| e.pos);
        for e in found {
            let about = case_of(&open, &e).await?;
            if let Some(id) = about
                && let std::collections::btree_map::Entry::Vacant(slot) = rows.entry(id)
            {
                slot.insert(open.store.case_row(id).await?);
            }
            let row = about.and_then(|id| rows.get(&id)?.as_ref());
            if row.is_some_and(|r| !viewer.knows(r)) || all.len() == wanted {
                continue;
            }
            let opened = |r: &CaseRow| viewer.admitted(r) || eyes.session.opened(r.id).is_some();
            let hidden = !audits && row.is_some_and(|r| !opened(r));
            let shown = |text: String| if hidden { String::new() } else { text };
            all.push(AuditLine {
                pos: e.pos,
                stream: e.stream,
                seq: e.seq,
                kind: shown(e.kind),
                actor: shown(e.actor.parse().map_or(e.actor, |p| state.name(p))),
                at: e.at,
                hash: e.hash,
                hidden,
            });
        }
        if last {
            break;
        }
    }
    Ok(all)
}

/// The log's end as of now, as a small text to be kept elsewhere; `verify` takes it back as it is.
pub(crate) async fn anchor_export(
    office: &Office,
    person: PersonId,
) -> Result<AnchorResponse, ApiError> {
    let open = office.open_office().await?;
    let anchor = anchor(&open).await?;
    let state = open.state().await;
    let now = office.now();
    let text = format!(
        "Redress 记录锚点\n机构：{}\n时间：{}\n锚点：{anchor}\n\n请保存在本机以外的地方。以后核对时填入“锚点”一行，即可证明此前的记录没有改动过。\n",
        state.organisation.name,
        words::moment(now),
    );
    note(office, &open, person, "anchor", None, None, "").await?;
    Ok(AnchorResponse {
        anchor,
        name: format!("redress-anchor-{}.txt", now.format("%Y%m%d-%H%M%S")),
        bytes: text.into_bytes().into(),
    })
}

/// The case that an event is about: one of its own, or of somebody's looking at it.
async fn case_of(open: &OpenOffice, e: &Recorded) -> Result<Option<CaseId>, ApiError> {
    if let Some(id) = e.stream.strip_prefix("case:") {
        return Ok(id.parse().ok());
    }
    if e.stream != "access" {
        return Ok(None);
    }
    let body: serde_json::Value = serde_json::from_str(&e.body)?;
    let id = |key: &str| body[key].as_str().map(str::to_owned);
    match (id("case"), id("document").and_then(|d| d.parse().ok())) {
        (Some(case), _) => Ok(case.parse().ok()),
        (None, Some(document)) => Ok(open.store.case_of_document(document).await?),
        (None, None) => Ok(None),
    }
}
