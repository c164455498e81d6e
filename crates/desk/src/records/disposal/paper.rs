//! The disposal list on paper (G10), for ink and for keeping.

use super::{DisposalRef, found};
use crate::{
    access::log::note,
    documents::issue::house_paper,
    office::handle::Office,
    records::disposal::{disposal_view, rows_for},
    text::{error::ApiError, file::FileOut, words},
};
use redress_domain::{
    case::Case,
    disposal::{self, MEANING},
    form::{Filling, Mark, Signature},
    id::PersonId,
    procedure::Edition,
};
use redress_store::Store;
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
    let desk = office.desk().await?;
    let house = desk.house().await;
    let viewer = desk.viewer(person, office.now()).await;
    let list = found(&desk, &house, &viewer, &r.disposal).await?;
    let view = disposal_view(office, &desk, &house, person, list).await?;
    let mut rows = Vec::new();
    for row in rows_for(&desk, &viewer, list).await? {
        let day = |t: &Option<String>| {
            let text = t.as_deref().and_then(|t| t.get(..10));
            text.and_then(|d| d.parse().ok())
                .map_or_else(|| "—".to_owned(), words::full_day)
        };
        let loaded = desk.load_case(&row.id.to_string()).await?;
        rows.push(BTreeMap::from([
            ("number".to_owned(), row.number),
            (
                "procedure".to_owned(),
                loaded.edition.procedure.head.title.clone(),
            ),
            ("ended".to_owned(), day(&row.ended_at)),
            ("until".to_owned(), keep(&loaded.edition, &loaded.case)),
            (
                "documents".to_owned(),
                loaded.case.documents.len().to_string(),
            ),
        ]));
    }
    let codes = desk.store.signed("office").await?;
    let mut filling = Filling {
        organisation: house.organisation.name.clone(),
        ..Filling::default()
    };
    let state = match view.state.as_str() {
        "done" => "已销毁",
        "approved" => "已批准，尚未销毁",
        "refused" => "未批准",
        _ => "待批准",
    };
    let done = list.done.as_ref().map(|(at, _)| words::moment(*at));
    for (key, text) in [
        ("disposal.reason", list.reason.clone()),
        (
            "disposal.by",
            format!("{}　{}", view.by, words::moment(list.at)),
        ),
        ("disposal.count", rows.len().to_string()),
        ("disposal.state", state.to_owned()),
        ("disposal.done_at", done.unwrap_or_default()),
        (
            "disposal.backups",
            if view.backups.is_empty() {
                "无".to_owned()
            } else {
                view.backups.join("、")
            },
        ),
    ] {
        filling.texts.insert(key.to_owned(), text);
    }
    filling.rows.insert("disposal.cases".to_owned(), rows);
    for (n, a) in list.approvals.iter().enumerate() {
        let code = codes.get(&a.seq).map(|h| h.chars().take(8).collect());
        let signature = Signature {
            name: house.name(a.by),
            meaning: MEANING.to_owned(),
            at: words::moment(a.at),
            code: code.unwrap_or_default(),
        };
        filling
            .signatures
            .insert(format!("approval-{}", n + 1), signature);
    }
    if house.training {
        filling.marks.push(Mark::Practice);
    }
    let pdf = house_paper(&desk, "disposal-list", &filling, office.now())?;
    note(
        office,
        &desk,
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

fn keep(edition: &Edition, case: &Case) -> String {
    let whole = Case {
        disposed: false,
        ..case.clone()
    };
    disposal::keep_until(edition, &whole).map_or_else(|| "—".to_owned(), words::full_day)
}
