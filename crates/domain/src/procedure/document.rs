//! A procedure as its file says it.

use crate::{
    procedure::{
        clock_rule::ClockRule,
        head::{Bar, Channel, Confidential, Head, Role},
        report::{Book, Listing, ReportDuty, Tally},
        requirement::Closing,
        step::{Action, Step, TaskKind},
    },
    value::Field,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A procedure as its file says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// Id, title, edition.
    #[serde(rename = "procedure")]
    pub head: Head,
    /// Building blocks from `procedures/shared/` by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// What a `$name` in the building blocks stands for here: roles in `by`, steps in `to`, actions in
    /// `other_than`, `actors_of` and clock events, bars in `bars`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stands_for: BTreeMap<String, Vec<String>>,
    /// The institution's own numbers (表单编号) of shared forms, by form id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub form_numbers: BTreeMap<String, String>,
    /// The clause of the document (条款) in which a line of the source stands, as its readers cite it, by line:
    /// `L13 = "4.3.1"`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub clauses: BTreeMap<String, String>,
    /// Who takes part.
    #[serde(default, rename = "role")]
    pub roles: Vec<Role>,
    /// How a complaint can come in.
    #[serde(default, rename = "channel")]
    pub channels: Vec<Channel>,
    /// Everything that is asked.
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
    /// Who is excluded from what (G1).
    #[serde(default, rename = "bar")]
    pub bars: Vec<Bar>,
    /// When a case is confidential.
    #[serde(default, rename = "confidential")]
    pub confidential: Vec<Confidential>,
    /// Registration: an action like any other, but the first.
    pub register: Action,
    /// The way of a case, in order.
    #[serde(default, rename = "step")]
    pub steps: Vec<Step>,
    /// Work beside the steps, each with its own steps and clocks.
    #[serde(default, rename = "task")]
    pub tasks: Vec<TaskKind>,
    /// Possible at every step while the case is open (G15), or by their own condition.
    #[serde(default, rename = "always")]
    pub always: Vec<Action>,
    /// Limits.
    #[serde(default, rename = "clock")]
    pub clocks: Vec<ClockRule>,
    /// What must be there before closing (G7).
    #[serde(default, rename = "closing")]
    pub closing: Vec<Closing>,
    /// Reports that are owed (T2 recurring).
    #[serde(default, rename = "report")]
    pub reports: Vec<ReportDuty>,
    /// Books over the cases, e.g. 交付/返回登记本.
    #[serde(default, rename = "book")]
    pub books: Vec<Book>,
    /// What a period's summary counts besides: how often each answer was given.
    #[serde(default, rename = "tally")]
    pub tallies: Vec<Tally>,
    /// What a period's summary lists besides: cases in which something is open.
    #[serde(default, rename = "listing")]
    pub listings: Vec<Listing>,
    /// Ids of the forms.
    #[serde(default)]
    pub forms: Vec<String>,
}
