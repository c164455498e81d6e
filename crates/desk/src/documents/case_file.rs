//! 案卷: the whole file of a case as one PDF: cover and contents, every document as it was given out, the course of the
//! case with all that was entered, the register of attachments, with page numbers through the whole file.

use crate::{
    access::{
        log::note,
        look::{Seen, look},
    },
    cases::{merging::untold, view::timeline},
    documents::{filling::Surroundings, given_out::laid_then, preview::Variant},
    masking::mask::Mask,
    office::{
        handle::{Office, OpenOffice},
        load::{Loaded, stream},
        session::Eyes,
    },
    text::{
        error::ApiError,
        file::FileResponse,
        time::parse_time,
        words::{self, Names},
    },
};
use redress_domain::{
    form::{Align, Block, Cell, Filling, Form, Mark, TableColumn},
    sight::Sight,
    value::Class,
};
use redress_paper::{About, Laid, bind, lay_out, pdf};
use redress_store::{AttachmentRow, Store};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

/// Which case, and how much of it.
#[derive(Debug, Deserialize, TS)]
pub struct CaseFileRequest {
    /// Id or number.
    pub case: String,
    /// `filled` or `redacted`.
    pub variant: Variant,
    /// Why somebody without part in the case opens it.
    #[serde(default)]
    #[ts(optional)]
    pub why: Option<String>,
}

type Line = BTreeMap<String, String>;
/// Lines of the tables, by their ids.
type Rows = BTreeMap<String, Vec<Line>>;

fn line(all: &[(&str, String)]) -> Line {
    all.iter()
        .map(|(k, v)| ((*k).to_owned(), v.clone()))
        .collect()
}

/// The whole file of a case as one PDF; printing it is kept in the access stream.
///
/// # Errors
/// `unknown_case`, `case_confidential`, `why_needed`, `file_empty` while nothing was given out.
pub(crate) async fn case_file(
    office: &Office,
    eyes: Eyes<'_>,
    r: CaseFileRequest,
) -> Result<FileResponse, ApiError> {
    let open = office.open_office().await?;
    let seen = look(office, &open, eyes, &r.case, r.why.as_deref()).await?;
    let why = seen.why()?.to_owned();
    let Seen { loaded, sight, .. } = seen;
    let sight = match r.variant {
        Variant::Redacted => Sight::UpTo(Class::Open),
        Variant::Filled | Variant::Blank => sight,
    };
    if loaded.case.documents.is_empty() {
        return Err(ApiError::new("file_empty").with("number", loaded.case.number.as_str()));
    }
    let now = office.now();
    let viewer = open.viewer(eyes.person, now).await;
    let untold = untold(&open, &loaded.events, &viewer).await?;
    let laid = bound(&open, &loaded, sight, &untold).await?;
    let fonts = open.fonts()?;
    let title = format!("案卷 {}", loaded.case.number);
    let about = About {
        title: &title,
        created: now,
    };
    let bytes = pdf(&laid, &fonts, &about)?;
    let name = format!("{}-file.pdf", loaded.case.number);
    note(
        office,
        &open,
        eyes.person,
        "print",
        Some(loaded.case.id),
        Some("case-file"),
        &why,
    )
    .await?;
    Ok(FileResponse {
        name,
        bytes: bytes.into(),
    })
}

async fn bound(
    open: &OpenOffice,
    loaded: &Loaded,
    sight: Sight,
    untold: &BTreeSet<i64>,
) -> Result<Laid, ApiError> {
    let state = open.state().await;
    let name = |p| state.name(p);
    let signed = open.store.signed(&stream(loaded.case.id)).await?;
    let mask = Mask::paper(sight, &loaded.edition, &loaded.case.values);
    let s = Surroundings {
        edition: &loaded.edition,
        name: &name,
        organisation: &state.organisation,
        mask: &mask,
        training: state.training,
        signed: &signed,
    };
    let fonts = open.fonts()?;
    let mut parts = Vec::new();
    for issued in &loaded.case.documents {
        parts.push(laid_then(loaded, issued, &s, None, &fonts)?);
    }
    let of_house = |rows: Rows| Filling {
        organisation: state.organisation.name.clone(),
        marks: state
            .training
            .then_some(Mark::Practice)
            .into_iter()
            .collect(),
        rows,
        ..Filling::default()
    };
    let (form, rows) = course(loaded, &mask, &name, untold);
    parts.push(lay_out(&form, &of_house(rows), &fonts)?);
    let files = open.store.attachments(loaded.case.id).await?;
    // How many pages the contents take decides where the first document begins.
    let mut before = 1;
    loop {
        let rows = BTreeMap::from([
            ("documents".to_owned(), contents(loaded, &parts, before)),
            ("files".to_owned(), files_listed(&files, sight)),
        ]);
        let cover = lay_out(&cover(loaded), &of_house(rows), &fonts)?;
        if cover.pages.len() == before {
            let all = std::iter::once(cover).chain(parts).collect();
            return Ok(bind(all, &fonts));
        }
        before = cover.pages.len();
    }
}

const COURSE: &str = "办理经过";

/// Everything that was done, in order and in full: also each contact and note, which stand on no form.
fn course(loaded: &Loaded, mask: &Mask, name: Names<'_>, untold: &BTreeSet<i64>) -> (Form, Rows) {
    let mut told = timeline(&loaded.edition, &loaded.case, &loaded.events, mask, name);
    told.retain(|e| !untold.contains(&e.seq));
    // An act and what it brought about, as 结案, are one line where they say the same.
    told.dedup_by(|next, e| next.title == e.title && next.at == e.at && next.said.is_empty());
    let lines = told.into_iter().map(|e| {
        let said = e.said.iter().map(|s| format!("{}：{}", s.title, s.text));
        let said: Vec<String> = said.collect();
        let words = if said.is_empty() {
            e.detail
        } else {
            said.join("　")
        };
        let at = parse_time(&e.at).map_or(e.at, words::moment);
        line(&[
            ("at", at),
            ("who", e.actor),
            ("what", e.title),
            ("words", words),
        ])
    });
    let number = format!("案件编号　{}", loaded.case.number);
    let columns = [
        ("at", "时间", 1.5, Align::Left),
        ("who", "经手人", 0.9, Align::Left),
        ("what", "事项", 1.6, Align::Left),
        ("words", "内容", 4.0, Align::Left),
    ];
    let table = table(&number, "course", &columns);
    let rows = BTreeMap::from([("course".to_owned(), lines.collect())]);
    (Form::paper("case-course", COURSE, vec![table]), rows)
}

/// A table over rows, with the id, title, width and alignment of each column.
fn table(title: &str, rows: &str, columns: &[(&str, &str, f32, Align)]) -> Block {
    let column = |(id, title, width, align): &(&str, &str, f32, Align)| TableColumn {
        id: (*id).to_owned(),
        title: (*title).to_owned(),
        width: *width,
        align: *align,
    };
    Block::Table {
        title: title.to_owned(),
        rows: rows.to_owned(),
        columns: columns.iter().map(column).collect(),
        min_rows: 1,
        numbered: false,
    }
}

/// Every document, and the course of the case behind them, with the page on which it begins.
fn contents(loaded: &Loaded, parts: &[Laid], before: usize) -> Vec<Line> {
    let Loaded { case, edition, .. } = loaded;
    let mut page = before + 1;
    let mut lines: Vec<Line> = Vec::new();
    for (n, (d, laid)) in case.documents.iter().zip(parts).enumerate() {
        let known = edition.forms.get(&d.form);
        let title = known.map_or(d.form.as_str(), |f| &f.title);
        let superseded = match d.superseded_by {
            Some(_) => "（已被取代）",
            None => "",
        };
        lines.push(line(&[
            ("no", (n + 1).to_string()),
            ("number", d.number.clone()),
            ("title", format!("{title}{superseded}")),
            ("date", words::full_day(d.at.date_naive())),
            ("page", page.to_string()),
        ]));
        page += laid.pages.len();
    }
    lines.push(line(&[
        ("no", (lines.len() + 1).to_string()),
        ("title", COURSE.to_owned()),
        ("page", page.to_string()),
    ]));
    lines
}

/// The attachments, which are kept apart; their names may name somebody.
fn files_listed(files: &[AttachmentRow], sight: Sight) -> Vec<Line> {
    let one = |(n, f): (usize, &AttachmentRow)| {
        let name = match sight == Sight::FULL {
            true => f.name.clone(),
            false => "（已遮盖）".to_owned(),
        };
        line(&[
            ("no", (n + 1).to_string()),
            ("name", name),
            ("size", size(f.size)),
        ])
    };
    files.iter().enumerate().map(one).collect()
}

/// The first pages: what the case is, and what lies in the file on which page.
fn cover(loaded: &Loaded) -> Form {
    let Loaded { case, edition, .. } = loaded;
    let cell = |label: &str, text: String| {
        vec![Cell {
            label: label.to_owned(),
            text,
            span: 1,
            ..Cell::default()
        }]
    };
    let procedure = format!("{}　{}", edition.procedure.head.title, case.edition);
    let ended = case.ended_at.map(words::moment).unwrap_or_default();
    let documents = [
        ("no", "序号", 0.6, Align::Center),
        ("number", "文件编号", 2.2, Align::Left),
        ("title", "文件名称", 2.4, Align::Left),
        ("date", "日期", 1.5, Align::Center),
        ("page", "页码", 0.7, Align::Center),
    ];
    let files = [
        ("no", "序号", 0.6, Align::Center),
        ("name", "名称", 5.6, Align::Left),
        ("size", "大小", 0.8, Align::Right),
    ];
    let blocks = vec![
        Block::Grid {
            rows: vec![
                cell("案件编号", case.number.clone()),
                cell("程序文件", procedure),
                cell("接到时间", words::moment(case.received_at)),
                cell("结案时间", ended),
            ],
        },
        table("卷内文件", "documents", &documents),
        table("附件（另存，不在本卷内）", "files", &files),
    ];
    Form::paper("case-file", "全案文件目录", blocks)
}

fn size(bytes: i64) -> String {
    format!("{} KB", (bytes + 1023) / 1024)
}
