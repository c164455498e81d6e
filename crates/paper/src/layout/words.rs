//! What is filled into a form, looked up by key.

use redress_domain::form::{Filling, Picked};
use std::collections::BTreeMap;

/// A filling with the one around it: a group's keys first.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) own: &'a Filling,
    pub(super) outer: Option<&'a Filling>,
}

impl<'a> Words<'a> {
    fn look<T>(&self, find: impl Fn(&'a Filling) -> Option<&'a T>) -> Option<&'a T> {
        find(self.own).or_else(|| self.outer.and_then(find))
    }

    pub(super) fn blank(&self) -> bool {
        self.own.blank || self.outer.is_some_and(|o| o.blank)
    }

    /// Whether somebody filled the key.
    pub(super) fn given(&self, key: &str) -> bool {
        self.look(|f| f.texts.get(key))
            .is_some_and(|v| !v.trim().is_empty())
    }

    /// `{key}` replaced; a key that nobody filled is nothing, or `gap` on a blank form.
    pub(super) fn say(&self, template: &str, gap: &str) -> String {
        let mut out = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((key, tail)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            match self.look(|f| f.texts.get(key)) {
                Some(v) => out.push_str(v),
                None if self.blank() => out.push_str(gap),
                None => {}
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }

    pub(super) fn options(&self, key: &str) -> &'a [Picked] {
        self.look(|f| f.choices.get(key)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn rows(&self, key: &str) -> &'a [BTreeMap<String, String>] {
        self.look(|f| f.rows.get(key)).map_or(&[], Vec::as_slice)
    }
}
