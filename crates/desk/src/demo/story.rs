//! Stories as data: who does what when, what must be refused, and how the case must then stand.
//!
//! `tests/stories/*.toml` are told by the tests, by `redressctl story` and by the demo, through the command list.
//! In values, `@login` stands for a person, `#name` for an entry of the register, `$case` for a case.

use super::at;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The stories that the demo tells, by procedure.
pub const STORIES: &[(&str, &str)] = &[
    (
        "hospital",
        include_str!("../../../../tests/stories/hospital.toml"),
    ),
    (
        "first-asked",
        include_str!("../../../../tests/stories/first-asked.toml"),
    ),
    (
        "car-dealer",
        include_str!("../../../../tests/stories/car-dealer.toml"),
    ),
    (
        "customer-service",
        include_str!("../../../../tests/stories/customer-service.toml"),
    ),
    (
        "factory",
        include_str!("../../../../tests/stories/factory.toml"),
    ),
    (
        "after-sales",
        include_str!("../../../../tests/stories/after-sales.toml"),
    ),
    (
        "inspection-institute",
        include_str!("../../../../tests/stories/inspection-institute.toml"),
    ),
];

/// One story.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// What it is about.
    pub title: String,
    /// Procedure id.
    pub procedure: String,
    /// Who takes part.
    #[serde(default, rename = "person")]
    pub people: Vec<Player>,
    /// Entries of the register (G16).
    #[serde(default, rename = "party")]
    pub parties: Vec<Map<String, Value>>,
    /// What happens.
    #[serde(rename = "deed")]
    pub deeds: Vec<Deed>,
}

/// Somebody in a story.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Player {
    /// Sign-in name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Role ids; `role@department` for one department.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// One thing that happens; exactly one of `register`, `act`, `issue`, `attach`, `call`, or only an expectation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deed {
    /// The clock moves first: `2026-11-20T16:00`, in the office's time.
    #[serde(default)]
    pub at: Option<String>,
    /// Who.
    #[serde(default)]
    pub who: String,
    /// The story's name for a case; the last one where it is not said.
    #[serde(default)]
    pub case: Option<String>,
    /// Registers through this channel.
    #[serde(default)]
    pub register: Option<String>,
    /// When the complaint was received; `at` where it is not said.
    #[serde(default)]
    pub received: Option<String>,
    /// Does an action; `action@task-1` for a task's.
    #[serde(default)]
    pub act: Option<String>,
    /// What is entered.
    #[serde(default)]
    pub values: Map<String, Value>,
    /// Keys of what is unusual among it and is meant (`value_asks`).
    #[serde(default)]
    pub confirmed: Vec<String>,
    /// Gives a form out.
    #[serde(default)]
    pub issue: Option<String>,
    /// The form's task.
    #[serde(default)]
    pub task: Option<String>,
    /// Adds a text file of this name.
    #[serde(default)]
    pub attach: Option<String>,
    /// Any other command.
    #[serde(default)]
    pub call: Option<String>,
    /// Its request.
    #[serde(default)]
    pub payload: Map<String, Value>,
    /// It must be refused with this code.
    #[serde(default)]
    pub refused: Option<String>,
    /// How the case stands afterwards.
    #[serde(default)]
    pub expect: Option<Expect>,
}

/// How a case must stand.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The current step's id.
    #[serde(default)]
    pub step: Option<String>,
    /// `open`, `closed` …
    #[serde(default)]
    pub status: Option<String>,
    /// Filed.
    #[serde(default)]
    pub archived: Option<bool>,
    /// Clocks by id, e.g. `handling-1`: `due`, `opens`, `state`, `provisional`.
    #[serde(default)]
    pub clocks: BTreeMap<String, Map<String, Value>>,
    /// Forms given out so far, in order.
    #[serde(default)]
    pub documents: Option<Vec<String>>,
    /// What closing still lacks.
    #[serde(default)]
    pub missing: Option<Vec<String>>,
    /// Values in words, by field.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Actions that must be offered to whoever looks.
    #[serde(default)]
    pub offers: Vec<String>,
    /// Actions that must not be.
    #[serde(default)]
    pub offers_not: Vec<String>,
}

/// Where a story did not go as told.
#[derive(Debug, thiserror::Error)]
pub enum Astray {
    /// The file is not understood.
    #[error("{0}")]
    File(String),
    /// A deed went another way.
    #[error("deed {number} ({what}): {why}")]
    Deed {
        /// From 1.
        number: usize,
        /// Which.
        what: String,
        /// What happened instead.
        why: String,
    },
}

impl Story {
    /// Reads a story.
    ///
    /// # Errors
    /// [`Astray::File`].
    pub fn read(text: &str) -> Result<Self, Astray> {
        toml::from_str(text).map_err(|e| Astray::File(e.to_string()))
    }

    /// The moment of its first deed.
    ///
    /// # Errors
    /// [`Astray::File`] where it has none.
    pub fn begins(&self) -> Result<chrono::DateTime<chrono::FixedOffset>, Astray> {
        let first = self.deeds.iter().find_map(|d| d.at.as_deref());
        let first = first.ok_or_else(|| Astray::File("no deed says when".to_owned()))?;
        at(first).map_err(|e| Astray::File(format!("{first}: {}", e.code)))
    }
}

impl Deed {
    pub(super) fn what(&self) -> String {
        let said = [
            ("register", &self.register),
            ("act", &self.act),
            ("issue", &self.issue),
            ("attach", &self.attach),
            ("call", &self.call),
        ];
        let said = said.into_iter().find_map(|(k, v)| Some((k, v.as_ref()?)));
        let (kind, id) = said.map_or(("expect", ""), |(k, v)| (k, v.as_str()));
        format!(
            "{} {} {kind} {id}",
            self.at.as_deref().unwrap_or("…"),
            self.who
        )
    }
}
