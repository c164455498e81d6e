//! Which values a form shows: where one of them is corrected, the papers given out from it are out of date (G14).

use crate::{
    form::{Block, Form},
    procedure::edition::Edition,
};
use std::collections::BTreeSet;

/// What a form shows, gathered once from its blocks.
pub(crate) struct Shown<'a> {
    form: &'a Form,
    edition: &'a Edition,
    names: BTreeSet<String>,
}

/// Whether a text of the form has the key in braces.
pub(super) fn says(form: &Form, key: &str) -> bool {
    let mut names = BTreeSet::new();
    gather(&form.blocks, &mut names);
    names.contains(key)
}

impl<'a> Shown<'a> {
    /// What the form shows.
    pub fn of(form: &'a Form, edition: &'a Edition) -> Self {
        let mut names = BTreeSet::new();
        gather(&form.blocks, &mut names);
        Self {
            form,
            edition,
            names,
        }
    }

    /// Whether the value that is kept under a key is shown. In doubt it is: rows, groups and checks are named by a
    /// part of their fields' ids.
    pub fn value(&self, key: &str) -> bool {
        let field = key.rsplit('/').next().unwrap_or(key);
        let headline = &self.edition.procedure.head.headline;
        if self.names.contains("case.headline") && headline.iter().any(|h| h == field) {
            return true;
        }
        let within = |long: &str, short: &str| {
            let parted = |rest: &str| rest.starts_with('.');
            long.strip_prefix(short).is_some_and(parted)
        };
        self.names.iter().any(|name| {
            name == field
                || within(field, name)
                || within(name, field)
                || field
                    .strip_suffix(name.as_str())
                    .is_some_and(|rest| rest.ends_with('.'))
        })
    }

    /// Whether a signature line stands for an action.
    pub fn signed_with(&self, action: &str) -> bool {
        signs(&self.form.blocks, action)
    }

    /// Whether the texts name a key.
    pub fn text(&self, key: &str) -> bool {
        self.names.contains(key)
    }

    /// Whether the texts name a key below another: `clock.judgement.due` below `clock.judgement`.
    pub fn text_within(&self, above: &str) -> bool {
        let below = |n: &String| n.strip_prefix(above).is_some_and(|r| r.starts_with('.'));
        self.names.iter().any(below)
    }
}

fn signs(blocks: &[Block], action: &str) -> bool {
    blocks.iter().any(|block| match block {
        Block::Sign { cells } => cells.iter().any(|c| c.act.split('|').any(|a| a == action)),
        Block::Each { blocks, .. } | Block::Only { blocks, .. } => signs(blocks, action),
        _ => false,
    })
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
