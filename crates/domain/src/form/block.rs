//! The blocks of a form, from headings to flow charts.

use serde::{Deserialize, Serialize};

/// One block of a form. Texts may hold `{key}`, replaced from [`Filling::texts`](super::Filling::texts).
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
        /// Key into [`Filling::rows`](super::Filling::rows).
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
        /// Key into [`Filling::groups`](super::Filling::groups).
        over: String,
        /// What is repeated.
        #[serde(rename = "block")]
        blocks: Vec<Block>,
    },
    /// The inner blocks only where the key has words; never on a blank form.
    Only {
        /// Key into [`Filling::texts`](super::Filling::texts).
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
    /// The action whose actor and time are printed beside the line for ink; key into [`Filling::signatures`](super::Filling::signatures).
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
