//! What a printed form is made of, and what is filled into it.
//!
//! A [`Form`] is data of the procedure's edition: blocks of cells, in the order in which they
//! stand on the page. A [`Filling`] is everything that a page needs besides: the texts, ticks,
//! rows and signatures of one case, already in words. Paper draws a form with a filling and
//! knows neither case nor procedure.

use crate::condition::Condition;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is printed and shown beside everything that is the product's and not the document's.
pub const BY_DEFAULT: &str = "产品默认，非程序文件规定";

/// One printed form, as its file says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Stable id, e.g. `complaint-receipt`.
    pub id: String,
    /// The title, centred on top of the first page.
    pub title: String,
    /// The institution's own form number (表单编号), printed at the upper left.
    #[serde(default)]
    pub number: String,
    /// The form's edition (版本), printed in the foot.
    #[serde(default)]
    pub edition: String,
    /// How long the record is kept (保存期限), printed in the foot.
    #[serde(default)]
    pub keep: String,
    /// The part of a document number that names the form, e.g. `HZ` in `TS-2026-0001-HZ-01`.
    pub code: String,
    /// The decision behind the retention, where it is the product's: the foot says so.
    #[serde(default)]
    pub keep_note: String,
    /// Size and direction of the page.
    #[serde(default)]
    pub page: PageSize,
    /// Line of the source that asks for the form, or the decision.
    #[serde(default)]
    pub source: String,
    /// The decision behind the form, where the source asks for what stands on it but names no such form (`house`: it
    /// is composed by the product): the foot says that its layout is the product's.
    #[serde(default)]
    pub default_note: String,
    /// What of it is the product's and not the document's, in words, said under the foot; filled by
    /// [`Edition::form`](crate::procedure::Edition::form).
    #[serde(skip)]
    pub ours: Vec<String>,
    /// The form is offered only while this holds.
    #[serde(default)]
    pub when: Condition,
    /// Fields that must have a value before the form may be given out.
    #[serde(default)]
    pub needs: Vec<String>,
    /// A form that is filled for one task, e.g. one corrective action: the task's kind.
    #[serde(default)]
    pub task: Option<String>,
    /// A new sheet for each round (G4): besides what was registered it shows only what its own round entered and
    /// signed, and it supersedes none of another round.
    #[serde(default)]
    pub per_round: bool,
    /// That the case owes this paper as its record: closing asks for it, complete and up to date (G7).
    #[serde(default)]
    pub record: Option<Owed>,
    /// The blocks, from top to bottom.
    #[serde(rename = "block")]
    pub blocks: Vec<Block>,
}

/// When a form is owed as a record, and what it must show by closing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owed {
    /// Owed while this holds.
    #[serde(default)]
    pub when: Condition,
    /// Owed once one of these actions was done; none: from registration on. For a form of a task: in the task.
    #[serde(default)]
    pub after: Vec<String>,
    /// Fields that have a value by closing, where the case asks for them at all.
    #[serde(default)]
    pub must: Vec<String>,
    /// Actions that are done by closing: who signs the record has signed. Of several, parted by `|`, one.
    #[serde(default)]
    pub signed: Vec<String>,
    /// Line of the source that names the record.
    #[serde(default)]
    pub source: String,
    /// The decision where the source is silent.
    #[serde(default)]
    pub default_note: String,
}

impl Form {
    /// A paper of the house itself, of no procedure: only a title and what stands below it.
    pub fn paper(id: &str, title: &str, blocks: Vec<Block>) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            number: String::new(),
            edition: String::new(),
            keep: String::new(),
            keep_note: String::new(),
            code: String::new(),
            page: PageSize::A4,
            source: String::new(),
            default_note: String::new(),
            ours: vec![],
            when: Condition::default(),
            needs: vec![],
            task: None,
            per_round: false,
            record: None,
            blocks,
        }
    }
}

/// Page size and direction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageSize {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 210 × 148 mm, for slips.
    A5Landscape,
}

/// One block of a form. Texts may hold `{key}`, replaced from [`Filling::texts`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "snake_case",
    deny_unknown_fields
)]
pub enum Block {
    /// A bold line of its own, e.g. the title of a part.
    Heading {
        /// The words.
        text: String,
        /// Where the line stands.
        #[serde(default)]
        align: Align,
        /// The decision behind the part, where the source is silent; printed beside the words.
        #[serde(default)]
        default_note: String,
    },
    /// Running text: letters, statements, notices.
    Paragraph {
        /// The words; `\n` starts a new paragraph.
        text: String,
        /// First line indented by two characters.
        #[serde(default)]
        indent: bool,
        /// Where the lines stand.
        #[serde(default)]
        align: Align,
        /// Printed in the small size (9 pt).
        #[serde(default)]
        small: bool,
    },
    /// Rows of labelled cells in a frame. Neighbouring grids, tables and signature blocks share one frame.
    Grid {
        /// Each row is a list of cells that share the width by their `span`.
        rows: Vec<Vec<Cell>>,
    },
    /// A table with one line per row of a rows-field, its head repeated on each page.
    Table {
        /// Printed as a label line above the head, inside the frame.
        #[serde(default)]
        title: String,
        /// Key into [`Filling::rows`].
        rows: String,
        /// The columns from left to right.
        columns: Vec<TableColumn>,
        /// At least so many lines are drawn, empty ones included.
        #[serde(default)]
        min_rows: usize,
        /// A first column with the running number (序号).
        #[serde(default)]
        numbered: bool,
    },
    /// Signature cells side by side; never alone on a page.
    Sign {
        /// The cells from left to right.
        cells: Vec<SignCell>,
    },
    /// A dashed cut line with its words; what follows, up to the next cut, stays together.
    Cut {
        /// E.g. `回　执（请填写后随报告退回）`.
        text: String,
    },
    /// The inner blocks once for each group, e.g. a return slip per copy.
    Each {
        /// Key into [`Filling::groups`].
        over: String,
        /// What is repeated.
        #[serde(rename = "block")]
        blocks: Vec<Block>,
    },
    /// The inner blocks only where the key has words; never on a blank form.
    Only {
        /// Key into [`Filling::texts`].
        given: String,
        /// What stands there then.
        #[serde(rename = "block")]
        blocks: Vec<Block>,
    },
    /// What follows begins on a new page.
    PageBreak,
    /// A flow chart.
    Flow {
        /// Boxes from top to bottom.
        nodes: Vec<FlowNode>,
        /// Arrows.
        edges: Vec<FlowEdge>,
    },
}

/// A box of a flow chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowNode {
    /// What is done.
    pub title: String,
    /// By whom.
    #[serde(default)]
    pub who: String,
    /// The way ends here.
    #[serde(default)]
    pub ends: bool,
}

/// An arrow of a flow chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowEdge {
    /// Index of the box that it leaves.
    pub from: usize,
    /// Index of the box that it enters.
    pub to: usize,
    /// When the way is taken; empty: always.
    #[serde(default)]
    pub label: String,
}

/// Where a line stands between the margins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// At the left margin, justified where a line is full.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right margin.
    Right,
}

/// One labelled cell of a grid. Exactly one of `text`, `choice` and `long` says what stands in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// The printed label; without one the value has the whole cell.
    #[serde(default)]
    pub label: String,
    /// A template: `{complainant.name}　{complainant.phone}`.
    #[serde(default)]
    pub text: String,
    /// The key of a choice: every option is printed with a box, the chosen ones ticked.
    #[serde(default)]
    pub choice: String,
    /// A template of long text that may flow over pages; the label is then marked （续）.
    #[serde(default)]
    pub long: String,
    /// How many of the row's equal parts the cell takes.
    #[serde(default = "one")]
    pub span: u8,
    /// The cell is at least so many text lines high.
    #[serde(default)]
    pub lines: u8,
}

fn one() -> u8 {
    1
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableColumn {
    /// Key into the row.
    pub id: String,
    /// The column's head.
    pub title: String,
    /// Share of the width, relative to the other columns.
    #[serde(default = "one_f")]
    pub width: f32,
    /// Where the text stands.
    #[serde(default)]
    pub align: Align,
}

fn one_f() -> f32 {
    1.0
}

/// One signature cell: label, what was decided, the internal approval (G17) and the line for ink.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignCell {
    /// E.g. `质量负责人`.
    pub label: String,
    /// A template printed above the line, e.g. the opinion.
    #[serde(default)]
    pub text: String,
    /// The action whose actor and time are printed beside the line for ink; key into [`Filling::signatures`].
    /// Of several, parted by `|`, the first that was done.
    #[serde(default)]
    pub act: String,
    /// 45 mm are left free for the seal.
    #[serde(default)]
    pub seal: bool,
    /// The line of the source that asks for this signature, where its act is marked otherwise.
    #[serde(default)]
    pub source: String,
    /// The decision behind the signature, where the source asks for none; printed under the label. It need not be
    /// written where the act is the product's: [`Edition::form`](crate::procedure::Edition::form) takes it from there.
    #[serde(default)]
    pub default_note: String,
}

/// What is filled into a form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Filling {
    /// Organisation name above the title; empty: none.
    pub organisation: String,
    /// Document number (G18) once issued; otherwise empty.
    pub number: String,
    /// What the QR code says; none: no code.
    pub qr: Option<String>,
    /// Replacements for `{key}`. A key that is not here prints as nothing.
    pub texts: BTreeMap<String, String>,
    /// Options of each choice, in the order of the data.
    pub choices: BTreeMap<String, Vec<Picked>>,
    /// Lines of each table: column id → words.
    pub rows: BTreeMap<String, Vec<BTreeMap<String, String>>>,
    /// Fillings of each repeated group; keys not found there are looked up here.
    pub groups: BTreeMap<String, Vec<Filling>>,
    /// Internal approvals by action id.
    pub signatures: BTreeMap<String, Signature>,
    /// Nothing is filled in: free cells get lines to write on.
    pub blank: bool,
    /// What is printed across or beside the page.
    pub marks: Vec<Mark>,
    /// What each key of the texts is called, to say where a character stands that no font has. No part of what is
    /// printed, nor of the code that stands for it.
    #[serde(skip)]
    pub titles: BTreeMap<String, String>,
}

/// One option of a choice and whether it is ticked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    /// The option's words.
    pub title: String,
    /// Ticked.
    pub picked: bool,
}

/// An internal approval as printed beside the line for ink (G17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Who.
    pub name: String,
    /// What it means, e.g. `批准`; empty where the act was no signature.
    #[serde(default)]
    pub meaning: String,
    /// When, in words, e.g. `2026年10月10日 16:02`.
    pub at: String,
    /// The first 8 characters of the signed event's hash; empty where it is not signed.
    #[serde(default)]
    pub code: String,
}

/// Marks on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Mark {
    /// 演练 across the page: made in a training folder.
    Practice,
    /// 补打 and the time: an identical reprint (G18).
    Reprint {
        /// In words.
        at: String,
    },
    /// Superseded by a later document.
    Superseded {
        /// Its number.
        by: String,
    },
    /// 预览: not given out yet.
    Preview,
}
