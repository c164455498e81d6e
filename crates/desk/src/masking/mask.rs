//! What is covered of a case for somebody, and how.

use crate::text::words;
use redress_domain::{
    procedure::Edition,
    sight::Sight,
    value::{Class, Field, FieldKind, Values},
};
use serde_json::Value;

/// What covers a text: `王＊` on the screen, a bar on paper.
type Cover = fn(&str) -> String;

/// What is covered of a case for somebody: values above the class that the person sees, and wherever else in
/// the case the same words stand.
pub(crate) struct Mask {
    sight: Sight,
    /// The longest first, so that no part of one is left over.
    secrets: Vec<String>,
    cover: Cover,
    /// What is not covered, as the page takes it.
    open: Cover,
}

impl Mask {
    /// The mask over a case on the screen.
    pub(crate) fn screen(sight: Sight, edition: &Edition, values: &Values) -> Self {
        Self::new(sight, edition, values, words::mask, str::to_owned)
    }

    /// The mask over a case on paper: bars as long as what they cover.
    pub(crate) fn paper(sight: Sight, edition: &Edition, values: &Values) -> Self {
        let (cover, open) = (redress_paper::redacted, redress_paper::plain);
        Self::new(sight, edition, values, cover, open)
    }

    fn new(sight: Sight, edition: &Edition, values: &Values, cover: Cover, open: Cover) -> Self {
        let mut secrets = Vec::new();
        if sight != Sight::FULL {
            for (key, value) in values {
                if let Some(field) = edition.field(key) {
                    secret(field, field.class, value, sight, &mut secrets);
                }
            }
            secrets.sort_by_key(|s: &String| std::cmp::Reverse(s.chars().count()));
            secrets.dedup();
        }
        Self {
            sight,
            secrets,
            cover,
            open,
        }
    }

    /// Whether a value of the field is covered altogether.
    pub(crate) fn covers(&self, field: &Field) -> bool {
        !self.sight.shows(field.class)
    }

    /// Whether nothing at all is covered: then values may be handed on as they are.
    pub(crate) fn whole(&self) -> bool {
        self.sight == Sight::FULL
    }

    /// The words of a value, covered as far as they must be.
    pub(crate) fn say(&self, field: &Field, text: &str) -> String {
        if text.is_empty() {
            String::new()
        } else if self.covers(field) {
            (self.cover)(text)
        } else {
            self.within(text)
        }
    }

    /// A text of no class in which what is covered elsewhere may stand.
    pub(crate) fn within(&self, text: &str) -> String {
        let mut rest = text;
        let mut out = String::with_capacity(text.len());
        while let Some((at, word)) = self.next(rest) {
            out.push_str(&(self.open)(&rest[..at]));
            out.push_str(&(self.cover)(word));
            rest = &rest[at + word.len()..];
        }
        out.push_str(&(self.open)(rest));
        out
    }

    fn next<'s>(&'s self, text: &str) -> Option<(usize, &'s str)> {
        let places = self
            .secrets
            .iter()
            .filter_map(|s| text.find(s.as_str()).map(|at| (at, s.as_str())));
        // The leftmost; of several there, the longest, which comes first.
        places.min_by_key(|(at, _)| *at)
    }
}

/// Words of two characters or more in a covered short text; long texts are covered where they stand.
fn secret(field: &Field, class: Class, value: &Value, sight: Sight, out: &mut Vec<String>) {
    if field.kind == FieldKind::Rows {
        for row in value.as_array().into_iter().flatten() {
            for column in &field.columns {
                if let Some(cell) = row.get(&column.id) {
                    secret(column, class.max(column.class), cell, sight, out);
                }
            }
        }
    } else if field.kind == FieldKind::Text
        && !sight.shows(class)
        && let Some(text) = value.as_str().map(str::trim)
        && text.chars().count() >= 2
    {
        out.push(text.to_owned());
    }
}
