//! What is filled into a form.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
