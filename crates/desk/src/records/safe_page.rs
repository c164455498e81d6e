//! A page for the safe: a secret that is kept on paper and nowhere else.

use redress_domain::form::{Align, Block, Cell, Form};

/// What stands on it.
pub(super) struct SafePage<'a> {
    pub id: &'a str,
    pub title: &'a str,
    /// Of which institution and what it opens, each under its label.
    pub facts: &'a [(&'a str, &'a str)],
    /// The secret, line by line.
    pub secret: Vec<String>,
    /// How to keep it, twice in Chinese and once in English.
    pub words: [&'a str; 3],
}

impl SafePage<'_> {
    pub(super) fn form(self) -> Form {
        let cell = |(label, text): &(&str, &str)| {
            vec![Cell {
                label: (*label).to_owned(),
                text: (*text).to_owned(),
                span: 1,
                ..Cell::default()
            }]
        };
        let heading = |text: String| Block::Heading {
            text,
            align: Align::Center,
            default_note: String::new(),
        };
        let paragraph = |text: &str| Block::Paragraph {
            text: text.to_owned(),
            indent: true,
            align: Align::Left,
            small: false,
        };
        let mut blocks = vec![Block::Grid {
            rows: self.facts.iter().map(cell).collect(),
        }];
        blocks.extend(self.secret.into_iter().map(heading));
        blocks.extend(self.words.into_iter().map(paragraph));
        Form::paper(self.id, self.title, blocks)
    }
}
