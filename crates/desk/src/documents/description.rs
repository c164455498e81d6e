//! 投诉处理流程公示: what an institution tells the public of its procedure, from the procedure's own data (ISO 10002
//! 7.1), with a flow chart drawn from its steps.

use crate::{
    access::log::note,
    documents::issue::draw,
    office::handle::Office,
    people::parties::mark_words,
    text::{error::ApiError, file::FileResponse, words},
};
use redress_domain::{
    calendar::Calendar,
    clock,
    condition::{Condition, Expect},
    decide::LATE,
    form::{Align, BY_DEFAULT, Block, Cell, Filling, FlowEdge, FlowNode, Form, Mark, TableColumn},
    id::PersonId,
    procedure::{Action, ClockRule, Edition, Effect, Step},
    value::{Field, FieldKind},
};
use serde::Deserialize;
use std::collections::BTreeMap;
use ts_rs::TS;

/// Which procedure is described.
#[derive(Debug, Deserialize, TS)]
pub struct DescribeRequest {
    /// Procedure id.
    pub id: String,
}

/// The public description of a procedure as PDF.
///
/// # Errors
/// `unknown_procedure`.
pub(crate) async fn procedure_describe(
    office: &Office,
    person: PersonId,
    r: DescribeRequest,
) -> Result<FileResponse, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let now = office.now();
    let edition = open.newest(&r.id)?;
    let mut filling = Filling {
        organisation: state.organisation.name.clone(),
        ..Filling::default()
    };
    let organisation = &state.organisation;
    let page = page(
        &edition,
        &mut filling,
        [
            &organisation.name,
            &organisation.address,
            &organisation.phone,
        ],
    );
    if state.training {
        filling.marks.push(Mark::Practice);
    }
    let bytes = draw(&open, &page, &filling, now)?;
    let name = format!("redress-{}-description.pdf", r.id);
    note(office, &open, person, "report", None, Some(&name), "").await?;
    Ok(FileResponse {
        name,
        bytes: bytes.into(),
    })
}

fn heading(text: &str) -> Block {
    ours(text, "")
}

/// A part that the document says nothing of.
fn ours(text: &str, decision: &str) -> Block {
    Block::Heading {
        text: text.to_owned(),
        align: Align::Left,
        default_note: decision.to_owned(),
    }
}

fn paragraph(text: String) -> Block {
    Block::Paragraph {
        text,
        indent: true,
        align: Align::Left,
        small: false,
    }
}

fn cell(label: &str, text: String) -> Vec<Cell> {
    vec![Cell {
        label: label.to_owned(),
        text,
        span: 1,
        ..Cell::default()
    }]
}

/// The page; the limits stand in the filling's rows.
fn page(edition: &Edition, filling: &mut Filling, institution: [&String; 3]) -> Form {
    let p = &edition.procedure;
    let limits = p.clocks.iter().filter(|c| !c.of_complainant);
    let limits = limits.map(|c| limit(edition, c)).collect();
    filling.rows.insert("limits".to_owned(), limits);
    let mut blocks = how_to_complain(edition, institution);
    blocks.extend(what_follows(edition));
    blocks.extend([
        Block::PageBreak,
        heading("附图　办理流程"),
        Block::Paragraph {
            text: format!("标※的步骤：{BY_DEFAULT}。"),
            indent: false,
            align: Align::Left,
            small: true,
        },
        chart(edition),
    ]);
    Form {
        edition: p.head.edition.clone(),
        ..Form::paper("description", "投诉处理流程公示", blocks)
    }
}

/// By which document, where, how, and until when.
fn how_to_complain(edition: &Edition, [name, address, phone]: [&String; 3]) -> Vec<Block> {
    let p = &edition.procedure;
    let channels: Vec<&str> = p.channels.iter().map(|c| c.title.as_str()).collect();
    let mut blocks = vec![
        Block::Grid {
            rows: vec![
                cell("依据文件", format!("{}　{}", p.head.title, p.head.edition)),
                cell("受理机构", format!("{name}　{address}　{phone}")),
                cell("怎样提出", channels.join("、")),
            ],
        },
        heading("一、提出时请说明"),
        paragraph("您的姓名和联系方式（也可以匿名）、事情的经过、您的要求，并附上有关材料。我们照您的原话记录，给您编号和回执。".to_owned()),
    ];
    let window = p.clocks.iter().find(|c| c.of_complainant);
    blocks.extend(window.map(|w| {
        paragraph(format!(
            "{}：{}。逾期提出的也予以收下，并书面说明是否受理。",
            w.title,
            limit(edition, w)["limit"]
        ))
    }));
    blocks
}

/// What is done with it, by whom, what the complainant receives, and what is kept.
fn what_follows(edition: &Edition) -> Vec<Block> {
    let papers = [
        "complaint-receipt",
        "reply-letter",
        "appeal-decision",
        "closing-notice",
    ];
    let title = |id: &str| edition.forms.get(id).map(|f| format!("《{}》", f.title));
    let papers: Vec<String> = papers.into_iter().filter_map(title).collect();
    let routes = edition.field("routes.told").map_or(String::new(), |f| {
        let all: Vec<&str> = f.choices.iter().map(|c| c.title.as_str()).collect();
        all.join("、")
    });
    let years = edition.procedure.head.retention_years;
    let column = |id: &str, title: &str, width: f32| TableColumn {
        id: id.to_owned(),
        title: title.to_owned(),
        width,
        align: Align::Left,
    };
    vec![
        heading("二、我们在多长时间内做什么"),
        Block::Table {
            title: String::new(),
            rows: "limits".to_owned(),
            columns: vec![
                column("title", "事项", 3.0),
                column("limit", "时限", 3.0),
                column("source", "依据", 2.6),
            ],
            min_rows: 1,
            numbered: false,
        },
        heading("三、谁来办理"),
        paragraph(format!(
            "办理的步骤和人员见附图。被投诉的人、做过或审过争议工作的人不参加调查和决定；参加调查的人不批准结果。确需例外的，写明理由并印在有关表单上（{BY_DEFAULT}）。"
        )),
        heading("四、您会收到什么"),
        paragraph(format!(
            "{}。办理期间可以凭编号查询进度。",
            papers.join("、")
        )),
        ours("五、如果您不接受结果", "G4"),
        paragraph(format!(
            "可以要求再次处理，或者提出申诉，由没有参与原决定的人决定；也可以通过{routes}解决。在告知这些途径之前，我们不结案。"
        )),
        ours("六、保密和保存", "G11"),
        paragraph(format!(
            "您的姓名、电话、地址和健康信息只用于处理本次投诉，未经您同意不提供给无关的人；涉及工作人员的投诉按保密案件办理。记录至少保存 {years} 年。投诉不收费，也不影响您今后得到的服务。"
        )),
    ]
}

/// A limit in words, with its line of the document or that it is a product default.
fn limit(edition: &Edition, c: &ClockRule) -> BTreeMap<String, String> {
    let calendar = Calendar::default();
    let start = chrono::DateTime::<chrono::FixedOffset>::default();
    let said = |span| words::limit(&clock::due(span, start, c.roll, &calendar), Some(c));
    let words = if let Some(span) = c.within.and_then(|l| l.span()) {
        said(span)
    } else if let Some(span) = c.not_before.and_then(|l| l.span()) {
        format!("{}后", said(span))
    } else if c.by_class.is_empty() {
        words::limit(&clock::word(start, &calendar), Some(c))
    } else {
        let one = |l: &redress_domain::procedure::ClassLimit| {
            let span = l.within.span()?;
            let when = condition(edition, &l.when);
            let when = if when.is_empty() {
                "其他".to_owned()
            } else {
                when
            };
            Some(format!("{when}：{}", said(span)))
        };
        c.by_class
            .iter()
            .filter_map(one)
            .collect::<Vec<_>>()
            .join("；")
    };
    BTreeMap::from([
        ("title".to_owned(), c.title.clone()),
        ("limit".to_owned(), words),
        (
            "source".to_owned(),
            words::clock_basis(&edition.procedure, c),
        ),
    ])
}

/// A condition in words; a part that only says that something was not answered is left out.
fn condition(edition: &Edition, when: &Condition) -> String {
    let choice = |f: &Field, id: &str| {
        if f.kind == FieldKind::Party {
            return mark_words(id).to_owned();
        }
        let found = f.choices.iter().find(|c| c.id == id);
        found.map_or_else(|| id.to_owned(), |c| c.title.clone())
    };
    let part = |(id, expect): (&String, &Expect)| {
        if let Some(rule) = id.strip_prefix(LATE) {
            let title = edition.clock(rule).map_or("", |c| c.title.as_str());
            return Some(format!("{title}已逾期"));
        }
        let f = edition.field(id)?;
        Some(match expect {
            Expect::Is(v) => format!("{}：{}", f.title, choice(f, v)),
            Expect::OneOf(all) => {
                let all: Vec<String> = all.iter().map(|v| choice(f, v)).collect();
                format!("{}：{}", f.title, all.join("或"))
            }
            Expect::Flag(yes) if f.kind == FieldKind::YesNo => {
                format!("{}：{}", f.title, if *yes { "是" } else { "否" })
            }
            Expect::Given { given: true } => format!("有{}", f.title),
            _ => return None,
        })
    };
    let parts: Vec<String> = when.0.iter().filter_map(part).collect();
    parts.join("，")
}

/// Where a step leads, and what tells the ways apart: the act where there are several, the condition where one act has
/// several.
fn ways(edition: &Edition, step: &Step, place: &BTreeMap<&str, usize>) -> Vec<(usize, String)> {
    let leading = |a: &&Action| a.to.iter().any(|w| place.contains_key(w.step.as_str()));
    let acts: Vec<&Action> = step.actions.iter().filter(leading).collect();
    let mut all = Vec::new();
    for act in &acts {
        for way in &act.to {
            let Some(to) = place.get(way.step.as_str()) else {
                continue;
            };
            let when = condition(edition, &way.when);
            let label = match (acts.len(), act.to.len(), when.is_empty()) {
                (1, 1, _) => String::new(),
                (1, _, false) => when,
                (1, _, true) => "其他情况".to_owned(),
                (_, _, true) => act.title.clone(),
                (_, _, false) => format!("{}（{when}）", act.title),
            };
            all.push((*to, label));
        }
    }
    all
}

/// The steps as boxes and the ways between them as arrows; closing stands last.
fn chart(edition: &Edition) -> Block {
    let p = &edition.procedure;
    let closes = |s: &&Step| s.actions.iter().any(|a| a.effect == Effect::Close);
    let mut steps: Vec<&Step> = p.steps.iter().filter(|s| !closes(s)).collect();
    steps.extend(p.steps.iter().filter(closes));
    let place: BTreeMap<&str, usize> = steps
        .iter()
        .enumerate()
        .map(|(n, s)| (s.id.as_str(), n))
        .collect();
    let mut edges: Vec<FlowEdge> = Vec::new();
    for (from, step) in steps.iter().enumerate() {
        for (to, label) in ways(edition, step, &place) {
            if to == from {
                continue;
            }
            match edges.iter_mut().find(|e| (e.from, e.to) == (from, to)) {
                Some(known) if known.label.is_empty() || label.is_empty() => known.label.clear(),
                Some(known) => known.label = format!("{}；{label}", known.label),
                None => edges.push(FlowEdge { from, to, label }),
            }
        }
    }
    let node = |s: &&Step| {
        let mut who: Vec<&str> = Vec::new();
        for role in s.actions.iter().flat_map(|a| &a.by) {
            let title = edition.role_title(role);
            if !who.contains(&title) {
                who.push(title);
            }
        }
        FlowNode {
            title: if p.ours(&s.source) {
                format!("{}※", s.title)
            } else {
                s.title.clone()
            },
            who: who.join("、"),
            ends: closes(s),
        }
    };
    Block::Flow {
        nodes: steps.iter().map(node).collect(),
        edges,
    }
}
