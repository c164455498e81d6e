//! The disposal list on paper (G10), for ink and for keeping.

use super::{
    DisposalRef, DisposalView,
    lists::{disposal_view, found, rows_for},
};
use crate::{
    access::log::note,
    documents::issue::house_paper,
    office::{
        handle::{Office, OpenOffice},
        load::Loaded,
        state::OfficeState,
    },
    text::{error::ApiError, file::FileOut, words},
};
use redress_domain::{
    case::Case,
    disposal::{self, Approval, Disposal, MEANING},
    form::{Filling, Mark, Signature},
    id::PersonId,
    procedure::Edition,
};
use redress_store::{Store, Viewer};
use serde::Serialize;
use std::collections::BTreeMap;
use ts_rs::TS;

/// The printed list.
#[derive(Debug, Serialize, TS)]
pub struct DisposalPaper {
    /// A name for the file.
    pub name: String,
    /// The PDF.
    #[ts(type = "Blob")]
    pub pdf: FileOut,
}

/// The list on paper: its cases, who approved it, which backups still hold them, and lines for ink.
pub(crate) async fn disposal_print(
    office: &Office,
    person: PersonId,
    r: DisposalRef,
) -> Result<DisposalPaper, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let viewer = open.viewer(person, office.now()).await;
    let list = found(&open, &state, &viewer, &r.disposal).await?;
    let view = disposal_view(office, &open, &state, person, list).await?;
    let rows = case_lines(&open, &viewer, list).await?;
    let mut filling = Filling {
        organisation: state.organisation.name.clone(),
        texts: facts(&view, list, rows.len()),
        signatures: approvals(&open, &state, list).await?,
        ..Filling::default()
    };
    filling.rows.insert("disposal.cases".to_owned(), rows);
    if state.training {
        filling.marks.push(Mark::Practice);
    }
    let pdf = house_paper(&open, "disposal-list", &filling, office.now())?;
    note(
        office,
        &open,
        person,
        "print",
        None,
        Some("disposal-list"),
        "",
    )
    .await?;
    Ok(DisposalPaper {
        name: format!("disposal-{}.pdf", list.at.format("%Y%m%d-%H%M%S")),
        pdf: pdf.into(),
    })
}

/// The cases of the list, as far as they are there for whoever asks.
async fn case_lines(
    open: &OpenOffice,
    viewer: &Viewer,
    list: &Disposal,
) -> Result<Vec<BTreeMap<String, String>>, ApiError> {
    let day = |t: &Option<String>| {
        let text = t.as_deref().and_then(|t| t.get(..10));
        text.and_then(|d| d.parse().ok())
            .map_or_else(|| "—".to_owned(), words::full_day)
    };
    let mut lines = Vec::new();
    for row in rows_for(open, viewer, list).await? {
        let Loaded { case, edition, .. } = open.load_case(&row.id.to_string()).await?;
        let line = [
            ("number", row.number),
            ("procedure", edition.procedure.head.title.clone()),
            ("ended", day(&row.ended_at)),
            ("until", keep(&edition, &case)),
            ("documents", case.documents.len().to_string()),
        ];
        lines.push(line.map(|(k, v)| (k.to_owned(), v)).into());
    }
    Ok(lines)
}

/// Why, by whom, how it stands, and where copies are left.
fn facts(view: &DisposalView, list: &Disposal, count: usize) -> BTreeMap<String, String> {
    let state = match view.state.as_str() {
        "done" => "已销毁",
        "approved" => "已批准，尚未销毁",
        "refused" => "未批准",
        _ => "待批准",
    };
    let done = list.done.as_ref().map(|(at, _)| words::moment(*at));
    let backups = match view.backups.as_slice() {
        [] => "无".to_owned(),
        all => all.join("、"),
    };
    let by = format!("{}　{}", view.by, words::moment(list.at));
    let all = [
        ("disposal.reason", list.reason.clone()),
        ("disposal.by", by),
        ("disposal.count", count.to_string()),
        ("disposal.state", state.to_owned()),
        ("disposal.done_at", done.unwrap_or_default()),
        ("disposal.backups", backups),
    ];
    all.map(|(k, v)| (k.to_owned(), v)).into()
}

/// Who approved it, each with the beginning of the signed event's hash.
async fn approvals(
    open: &OpenOffice,
    state: &OfficeState,
    list: &Disposal,
) -> Result<BTreeMap<String, Signature>, ApiError> {
    let codes = open.store.signed("office").await?;
    let one = |(n, a): (usize, &Approval)| {
        let code = codes.get(&a.seq).map(|h| h.chars().take(8).collect());
        let signature = Signature {
            name: state.name(a.by),
            meaning: MEANING.to_owned(),
            at: words::moment(a.at),
            code: code.unwrap_or_default(),
        };
        (format!("approval-{}", n + 1), signature)
    };
    Ok(list.approvals.iter().enumerate().map(one).collect())
}

fn keep(edition: &Edition, case: &Case) -> String {
    let whole = Case {
        disposed: false,
        ..case.clone()
    };
    disposal::keep_until(edition, &whole).map_or_else(|| "—".to_owned(), words::full_day)
}
