//! A report as tables, drawn on paper and as a spreadsheet alike.

use crate::{
    documents::issue::draw,
    office::handle::OpenOffice,
    text::{
        error::ApiError,
        spreadsheet::{Cell, Sheet, workbook},
        words,
    },
};
use redress_domain::{
    clock::Moment,
    form::{self, Align, Block, Filling, Form, Mark, SignCell, TableColumn},
};
use std::collections::BTreeMap;

/// One table: its name, heads with their widths in characters, and lines.
pub(super) struct Table {
    pub name: &'static str,
    pub heads: Vec<(String, u16)>,
    pub rows: Vec<Vec<String>>,
}

/// A whole report.
pub(super) struct Report {
    /// On top of the page.
    pub title: String,
    /// The period in words, who made it and when, the log's anchor …
    pub facts: Vec<(&'static str, String)>,
    pub tables: Vec<Table>,
    /// Who signs.
    pub signs: [&'static str; 2],
}

/// Narrow columns hold counts, which a spreadsheet should add up.
fn counted((text, (_, width)): (&String, &(String, u16))) -> Cell {
    match text.parse() {
        Ok(n) if *width <= 10 => Cell::Number(n),
        _ => Cell::from(text.clone()),
    }
}

/// What stands where a table has no lines.
const NONE: &str = "（无）";

impl Report {
    /// The bytes of a PDF.
    pub(super) async fn paper(&self, open: &OpenOffice, now: Moment) -> Result<Vec<u8>, ApiError> {
        let state = open.state().await;
        let mut filling = Filling {
            organisation: state.organisation.name.clone(),
            ..Filling::default()
        };
        let cell = |(label, text): &(&str, String)| form::Cell {
            label: (*label).to_owned(),
            text: text.clone(),
            span: 1,
            ..form::Cell::default()
        };
        let mut blocks = vec![Block::Grid {
            rows: self.facts.iter().map(|f| vec![cell(f)]).collect(),
        }];
        for (n, table) in self.tables.iter().enumerate() {
            let key = format!("table.{n}");
            let column = |(k, (title, width)): (usize, &(String, u16))| TableColumn {
                id: k.to_string(),
                title: title.clone(),
                width: f32::from(*width),
                align: if *width < 12 {
                    Align::Center
                } else {
                    Align::Left
                },
            };
            let line = |row: &Vec<String>| -> BTreeMap<String, String> {
                let cells = row.iter().enumerate();
                cells.map(|(k, v)| (k.to_string(), v.clone())).collect()
            };
            let mut rows: Vec<_> = table.rows.iter().map(line).collect();
            if rows.is_empty() {
                rows.push(BTreeMap::from([("0".to_owned(), NONE.to_owned())]));
            }
            filling.rows.insert(key.clone(), rows);
            blocks.push(Block::Table {
                title: table.name.to_owned(),
                rows: key,
                columns: table.heads.iter().enumerate().map(column).collect(),
                min_rows: 1,
                numbered: false,
            });
        }
        let sign = |label: &&str| SignCell {
            label: (*label).to_owned(),
            // No document asks for a signature on a report.
            default_note: "house".to_owned(),
            ..SignCell::default()
        };
        blocks.push(Block::Sign {
            cells: self.signs.iter().map(sign).collect(),
        });
        if state.training {
            filling.marks.push(Mark::Practice);
        }
        let page = Form::paper("report", &self.title, blocks);
        draw(open, &page, &filling, now)
    }

    /// The bytes of a spreadsheet.
    pub(super) fn sheets(&self, now: Moment) -> Result<Vec<u8>, ApiError> {
        let sheet = |t: &Table| Sheet {
            name: t.name,
            heads: t.heads.clone(),
            rows: t
                .rows
                .iter()
                .map(|r| r.iter().zip(&t.heads).map(counted).collect())
                .collect(),
        };
        let mut sheets: Vec<Sheet> = self.tables.iter().map(sheet).collect();
        let mut facts: Vec<Vec<Cell>> = vec![vec!["名称".into(), self.title.clone().into()]];
        facts.extend(
            self.facts
                .iter()
                .map(|(k, v)| vec![Cell::from(*k), v.clone().into()]),
        );
        facts.push(vec!["生成时间".into(), words::moment(now).into()]);
        sheets.push(Sheet {
            name: "说明",
            heads: vec![("项目".to_owned(), 14), ("内容".to_owned(), 90)],
            rows: facts,
        });
        workbook(sheets)
    }
}
