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
    let desk = office.desk().await?;
    let seen = look(office, &desk, eyes, &r.case, r.why.as_deref()).await?;
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
    let viewer = desk.viewer(eyes.person, now).await;
    let untold = untold(&desk, &loaded.events, &viewer).await?;
    let laid = bound(&desk, &loaded, sight, &untold).await?;
    let fonts = desk.fonts()?;
    let title = format!("案卷 {}", loaded.case.number);
    let about = About {
        title: &title,
        created: now,
    };
    let bytes = pdf(&laid, &fonts, &about)?;
    let name = format!("{}-file.pdf", loaded.case.number);
    note(
        office,
        &desk,
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
    desk: &OpenOffice,
    loaded: &Loaded,
    sight: Sight,
    untold: &BTreeSet<i64>,
) -> Result<Laid, ApiError> {
    let house = desk.house().await;
    let name = |p| house.name(p);
    let signed = desk.store.signed(&stream(loaded.case.id)).await?;
    let veil = Mask::paper(sight, &loaded.edition, &loaded.case.values);
    let s = Surroundings {
        edition: &loaded.edition,
        name: &name,
        organisation: &house.organisation,
        veil: &veil,
        training: house.training,
        signed: &signed,
    };
    let fonts = desk.fonts()?;
    let mut parts = Vec::new();
    for issued in &loaded.case.documents {
        parts.push(laid_then(loaded, issued, &s, None, &fonts)?);
    }
    let (form, mut filling) = course(loaded, &veil, &name, untold);
    filling.organisation.clone_from(&house.organisation.name);
    if house.training {
        filling.marks.push(Mark::Practice);
    }
    parts.push(lay_out(&form, &filling, &fonts)?);
    let files = desk.store.attachments(loaded.case.id).await?;
    // How many pages the contents take decides where the first document begins.
    let mut before = 1;
    loop {
        let page = cover(loaded, &files, &parts, before, sight);
        let mut filling = page.1;
        filling.organisation.clone_from(&house.organisation.name);
        if house.training {
            filling.marks.push(Mark::Practice);
        }
        let cover = lay_out(&page.0, &filling, &fonts)?;
        if cover.pages.len() == before {
            let all = std::iter::once(cover).chain(parts).collect();
            return Ok(bind(all, &fonts));
        }
        before = cover.pages.len();
    }
}

const COURSE: &str = "办理经过";

/// Everything that was done, in order and in full: also each contact and note, which stand on no form.
fn course(
    loaded: &Loaded,
    veil: &Mask,
    name: Names<'_>,
    untold: &BTreeSet<i64>,
) -> (Form, Filling) {
    let mut told = timeline(&loaded.edition, &loaded.case, &loaded.events, veil, name);
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
    let column = |id: &str, title: &str, width| TableColumn {
        id: id.to_owned(),
        title: title.to_owned(),
        width,
        align: Align::Left,
    };
    let table = Block::Table {
        title: format!("案件编号　{}", loaded.case.number),
        rows: "course".to_owned(),
        columns: vec![
            column("at", "时间", 1.5),
            column("who", "经手人", 0.9),
            column("what", "事项", 1.6),
            column("words", "内容", 4.0),
        ],
        min_rows: 1,
        numbered: false,
    };
    let rows = BTreeMap::from([("course".to_owned(), lines.collect())]);
    let filling = Filling {
        rows,
        ..Filling::default()
    };
    (Form::paper("case-course", COURSE, vec![table]), filling)
}

/// The first pages: what the case is, and what lies in the file on which page.
fn cover(
    loaded: &Loaded,
    files: &[AttachmentRow],
    parts: &[Laid],
    before: usize,
    sight: Sight,
) -> (Form, Filling) {
    let Loaded { case, edition, .. } = loaded;
    let mut page = before + 1;
    let documents = case
        .documents
        .iter()
        .zip(parts)
        .enumerate()
        .map(|(n, (d, laid))| {
            let first = page;
            page += laid.pages.len();
            let title = edition
                .forms
                .get(&d.form)
                .map_or(d.form.as_str(), |f| &f.title);
            let title = if d.superseded_by.is_some() {
                format!("{title}（已被取代）")
            } else {
                title.to_owned()
            };
            line(&[
                ("no", (n + 1).to_string()),
                ("number", d.number.clone()),
                ("title", title),
                ("date", words::full_day(d.at.date_naive())),
                ("page", first.to_string()),
            ])
        });
    let mut documents: Vec<Line> = documents.collect();
    documents.push(line(&[
        ("no", (documents.len() + 1).to_string()),
        ("title", COURSE.to_owned()),
        ("page", page.to_string()),
    ]));
    let open = sight == Sight::FULL;
    let files = files.iter().enumerate().map(|(n, f)| {
        let name = if open {
            f.name.clone()
        } else {
            "（已遮盖）".to_owned()
        };
        line(&[
            ("no", (n + 1).to_string()),
            ("name", name),
            ("size", size(f.size)),
        ])
    });
    let rows = BTreeMap::from([
        ("documents".to_owned(), documents),
        ("files".to_owned(), files.collect()),
    ]);
    let filling = Filling {
        rows,
        ..Filling::default()
    };
    let cell = |label: &str, text: String| {
        vec![Cell {
            label: label.to_owned(),
            text,
            span: 1,
            ..Cell::default()
        }]
    };
    let column = |id: &str, title: &str, width: f32, align| TableColumn {
        id: id.to_owned(),
        title: title.to_owned(),
        width,
        align,
    };
    let ended = case.ended_at.map(words::moment).unwrap_or_default();
    let blocks = vec![
        Block::Grid {
            rows: vec![
                cell("案件编号", case.number.clone()),
                cell(
                    "程序文件",
                    format!("{}　{}", edition.procedure.head.title, case.edition),
                ),
                cell("接到时间", words::moment(case.received_at)),
                cell("结案时间", ended),
            ],
        },
        Block::Table {
            title: "卷内文件".to_owned(),
            rows: "documents".to_owned(),
            columns: vec![
                column("no", "序号", 0.6, Align::Center),
                column("number", "文件编号", 2.2, Align::Left),
                column("title", "文件名称", 2.4, Align::Left),
                column("date", "日期", 1.5, Align::Center),
                column("page", "页码", 0.7, Align::Center),
            ],
            min_rows: 1,
            numbered: false,
        },
        Block::Table {
            title: "附件（另存，不在本卷内）".to_owned(),
            rows: "files".to_owned(),
            columns: vec![
                column("no", "序号", 0.6, Align::Center),
                column("name", "名称", 5.6, Align::Left),
                column("size", "大小", 0.8, Align::Right),
            ],
            min_rows: 1,
            numbered: false,
        },
    ];
    let form = Form::paper("case-file", "全案文件目录", blocks);
    (form, filling)
}

fn size(bytes: i64) -> String {
    format!("{} KB", (bytes + 1023) / 1024)
}
