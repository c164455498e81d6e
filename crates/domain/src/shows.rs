//! Which values a form shows: where one of them is corrected, the papers given out from it are out of date (G14).

use crate::{
    form::{Block, Form},
    procedure::Edition,
};
use std::collections::BTreeSet;

impl Form {
    /// Whether a text of the form has the key in braces.
    pub(crate) fn says(&self, key: &str) -> bool {
        let mut names = BTreeSet::new();
        gather(&self.blocks, &mut names);
        names.contains(key)
    }

    /// Whether the form shows the value that is kept under a key. In doubt it does: rows, groups and checks are named
    /// by a part of their fields' ids.
    pub fn shows(&self, edition: &Edition, key: &str) -> bool {
        let mut names = BTreeSet::new();
        gather(&self.blocks, &mut names);
        let field = key.rsplit('/').next().unwrap_or(key);
        let headline = &edition.procedure.head.headline;
        if names.contains("case.headline") && headline.iter().any(|h| h == field) {
            return true;
        }
        let within = |long: &str, short: &str| {
            let parted = |rest: &str| rest.starts_with('.');
            long.strip_prefix(short).is_some_and(parted)
        };
        names.iter().any(|name| {
            name == field
                || within(field, name)
                || within(name, field)
                || field.ends_with(&format!(".{name}"))
        })
    }
}

fn gather(blocks: &[Block], names: &mut BTreeSet<String>) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph { text, .. } | Block::Cut { text } => {
                template(text, names);
            }
            Block::Grid { rows } => {
                for cell in rows.iter().flatten() {
                    template(&cell.text, names);
                    template(&cell.long, names);
                    names.insert(cell.choice.clone());
                }
            }
            Block::Table { title, rows, .. } => {
                template(title, names);
                names.insert(rows.clone());
            }
            Block::Sign { cells } => {
                for cell in cells {
                    template(&cell.text, names);
                }
            }
            Block::Each {
                over: named,
                blocks,
            }
            | Block::Only {
                given: named,
                blocks,
            } => {
                names.insert(named.clone());
                gather(blocks, names);
            }
            Block::PageBreak | Block::Flow { .. } => {}
        }
    }
    names.remove("");
}

/// The keys of a template: `{complainant.name}　{complainant.phone}`.
fn template(text: &str, names: &mut BTreeSet<String>) {
    let keys = text.split('{').skip(1);
    names.extend(keys.filter_map(|k| Some(k.split_once('}')?.0.to_owned())));
}
