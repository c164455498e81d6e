//! A case's headline.

use crate::text::words;
use redress_domain::{id::PersonId, procedure::Edition, value::Values};

/// What a case is called in lists.
pub fn headline(edition: &Edition, values: &Values, name: &dyn Fn(PersonId) -> String) -> String {
    let said = edition.procedure.head.headline.iter().filter_map(|id| {
        let text = words::value(edition.field(id)?, values.get(id)?, name);
        (!text.is_empty()).then_some(text)
    });
    said.collect::<Vec<_>>().join(" · ")
}
