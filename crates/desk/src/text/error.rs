//! What crosses to a door: a code with parameters. The sentence is made here from `locales/`.

use redress_domain::{check::Problem, refusal::Refusal};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, sync::LazyLock};
use ts_rs::TS;

/// The language of a sentence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Lang {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// From `LANG`, an `Accept-Language` header or a door's own word.
    pub fn from_tag(tag: &str) -> Self {
        if tag.to_ascii_lowercase().starts_with("en") {
            Self::En
        } else {
            Self::Zh
        }
    }

    /// As an `Accept-Language` header says it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
}

/// A refusal, an invalid request, or a failure of the house.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{code} {params:?}")]
pub struct ApiError {
    /// Stable code.
    pub code: String,
    /// What the sentence needs.
    #[ts(type = "Record<string, unknown>")]
    pub params: Map<String, Value>,
}

/// Failures below the program: nothing was done, and the same request is done once they are over.
const PASSING: [&str; 9] = [
    "database_away",
    "database_full",
    "database_locked",
    "disk_failed",
    "disk_full",
    "folder_not_writable",
    "office_indexing",
    "office_opening",
    "out_of_memory",
];

/// Codes that mean a failure of the program rather than a refusal.
pub const INTERNAL: &str = "internal";

impl ApiError {
    /// The answer where a case is not there for whoever asks: what belongs to it is not there either.
    pub(crate) fn or_unknown(self, unknown: impl FnOnce() -> Self) -> Self {
        if self.code == "unknown_case" {
            unknown()
        } else {
            self
        }
    }

    /// An error without parameters.
    pub fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            params: Map::new(),
        }
    }

    /// The same with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// A failure that no user can mend; `detail` holds no personal value.
    pub fn internal(detail: impl std::fmt::Display) -> Self {
        Self::new(INTERNAL).with("detail", detail.to_string())
    }

    /// A file or folder that somebody named, and that cannot be read or written.
    pub fn of_file(path: &std::path::Path, e: &std::io::Error) -> Self {
        use std::io::ErrorKind as Kind;
        let refusal = match e.kind() {
            Kind::NotFound | Kind::NotADirectory => Self::new("file_missing"),
            Kind::AlreadyExists => Self::new("file_exists"),
            Kind::PermissionDenied | Kind::ReadOnlyFilesystem | Kind::IsADirectory => {
                Self::new("file_refused")
            }
            Kind::StorageFull | Kind::QuotaExceeded => Self::new("file_no_room"),
            // What is read as text is none, e.g. since an editor saved it as GBK.
            Kind::InvalidData => Self::new("file_not_text"),
            _ => Self::new("file_failed").with("detail", e.to_string()),
        };
        refusal.with("file", path.to_string_lossy())
    }

    /// Whether the same request may be sent again later: what failed lies below the program.
    pub fn passes(&self) -> bool {
        PASSING.contains(&self.code.as_str())
    }

    /// The sentence: what happened and what to do next.
    pub fn message(&self, lang: Lang) -> String {
        let all = match lang {
            Lang::Zh => &*ZH,
            Lang::En => &*EN,
        };
        let known = all.get(&self.code).or_else(|| all.get(INTERNAL));
        let template = known.map_or(self.code.as_str(), String::as_str);
        let whole = placeholders(template).all(|name| self.word(name).is_some());
        // A sentence of its own where nothing was given; it names nothing that may lack.
        let bare = all.get(&format!("{}.empty", self.code));
        let template = match bare {
            Some(bare) if !whole => bare.as_str(),
            _ => template,
        };
        fill(template, lang, |name| self.word(name))
    }

    /// What stands for a parameter; none where it lacks or is empty.
    fn word(&self, name: &str) -> Option<String> {
        let word = match self.params.get(name)? {
            Value::Null => return None,
            Value::String(s) => s.clone(),
            other => other.to_string(),
        };
        Some(word).filter(|w| !w.trim().is_empty())
    }

    /// `{code, params, message}`, as doors hand it on.
    pub fn to_door(&self, lang: Lang) -> Value {
        serde_json::json!({ "code": self.code, "params": self.params, "message": self.message(lang) })
    }
}

/// Names between `{` and `}`.
fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    let parts = template.split('{').skip(1);
    parts
        .filter_map(|p| p.split_once('}'))
        .map(|(name, _)| name)
        .filter(|n| is_name(template, n))
}

/// A sentence that shows how a number's format looks has braces of its own, which name nothing.
fn is_name(template: &str, text: &str) -> bool {
    let letter = |b: u8| b.is_ascii_lowercase() || b == b'_';
    let format = template.contains("{seq:") && text == "year";
    !text.is_empty() && text.bytes().all(letter) && !format
}

/// Brackets and quotes around a parameter.
const AROUND: [(char, char); 5] = [
    ('（', '）'),
    ('(', ')'),
    ('“', '”'),
    ('《', '》'),
    ('"', '"'),
];

/// A sentence with its parameters. No hole is left where one lacks: brackets go with what would have stood in them, and
/// elsewhere it is said that nothing is there.
fn fill(template: &str, lang: Lang, word: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}').filter(|(n, _)| is_name(template, n))
        else {
            out.push_str(before);
            out.push('{');
            rest = after;
            continue;
        };
        out.push_str(before);
        rest = behind;
        if let Some(word) = word(name) {
            out.push_str(&word);
            continue;
        }
        let last = out.chars().next_back();
        let around = AROUND
            .iter()
            .find(|(a, b)| last == Some(*a) && rest.starts_with(*b));
        match around {
            Some((open, close)) => {
                out.pop();
                rest = &rest[close.len_utf8()..];
                if *open == '（' || *open == '(' {
                    // A space before a bracket belongs to it.
                    out.truncate(out.trim_end().len());
                } else {
                    out.push_str(nothing(lang));
                }
            }
            None => out.push_str(nothing(lang)),
        }
    }
    out.push_str(rest);
    out
}

/// Stands where a sentence names something that was not given.
fn nothing(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "（未写明）",
        Lang::En => "(not given)",
    }
}

static ZH: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| read(include_str!("../../../../locales/errors.zh-CN.json")));
static EN: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| read(include_str!("../../../../locales/errors.en.json")));

fn read(text: &str) -> BTreeMap<String, String> {
    serde_json::from_str(text).expect("the sentences are compiled in")
}

/// Every code that has a sentence, for the test that both languages know the same.
pub fn known_codes(lang: Lang) -> Vec<&'static str> {
    let all = match lang {
        Lang::Zh => &*ZH,
        Lang::En => &*EN,
    };
    all.keys().map(String::as_str).collect()
}

impl From<Refusal> for ApiError {
    fn from(r: Refusal) -> Self {
        Self {
            code: r.code,
            params: r.params,
        }
    }
}

impl From<redress_store::StoreError> for ApiError {
    fn from(e: redress_store::StoreError) -> Self {
        let params = e.params();
        Self {
            code: e.code().to_owned(),
            params,
        }
    }
}

impl From<redress_paper::PaperError> for ApiError {
    fn from(e: redress_paper::PaperError) -> Self {
        match e {
            redress_paper::PaperError::TooLong(max) => Self::new("paper_too_long").with("max", max),
            e => Self::new("paper_failed").with("detail", e.to_string()),
        }
    }
}

impl From<serde_json::Error> for ApiError {
    fn from(e: serde_json::Error) -> Self {
        Self::new("request_not_understood").with("detail", unquoted(&e.to_string()))
    }
}

/// What is wrong without what was typed: serde quotes strings between `"`, and names of fields between `` ` ``.
fn unquoted(text: &str) -> String {
    let parts = text.split('"').enumerate();
    parts
        .map(|(n, part)| if n % 2 == 0 { part } else { "\"…\"" })
        .collect()
}

impl From<Vec<Problem>> for ApiError {
    fn from(problems: Vec<Problem>) -> Self {
        let first = problems.first().cloned();
        Self::new("procedure_unsound")
            .with("file", first.as_ref().map_or("", |p| p.file.as_str()))
            .with("line", first.as_ref().map_or(0, |p| p.line))
            .with("about", first.as_ref().map_or("", |p| p.about.as_str()))
            .with("problems", json!(problems))
    }
}
