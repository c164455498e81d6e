//! The shape of a procedure: one controlled document in one edition, as data.

use crate::{
    amount::Amount,
    clock::{Span, Unit},
    condition::Condition,
    form::{Block, Form},
    value::{Class, Field},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
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

/// A choice whose answers a summary counts over the cases received in its period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// What is counted, in words.
    pub title: String,
    /// The choice field.
    pub field: String,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// The decision where the source is silent.
    #[serde(default)]
    pub default_note: String,
}

/// Cases that a summary lists while something holds of them, closed ones too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// What is listed, in words.
    pub title: String,
    /// Listed while this holds.
    pub when: Condition,
    /// Fields that each line shows; of open class.
    pub fields: Vec<String>,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// The decision where the source is silent.
    #[serde(default)]
    pub default_note: String,
}

/// Id, title, edition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Stable id, e.g. `inspection-station`.
    pub id: String,
    /// The document's own title.
    pub title: String,
    /// The document's number, where it has one.
    #[serde(default)]
    pub number: String,
    /// The document's edition.
    pub edition: String,
    /// What kind of institution it is for.
    pub organisation_kind: String,
    /// `TS-{year}-{seq:04}` (G12).
    pub number_format: String,
    /// Fields whose words make the case's headline in lists.
    #[serde(default)]
    pub headline: Vec<String>,
    /// Fields that name the complainant in lists.
    #[serde(default)]
    pub complainant: Vec<String>,
    /// Lines of the source that the document covers.
    #[serde(default)]
    pub source: String,
    /// Received more than so many hours before entered needs a reason (T1).
    #[serde(default = "a_day")]
    pub late_entry_hours: u32,
    /// Fields that name the responsible department, for reports; the first that is given.
    #[serde(default)]
    pub department: Vec<String>,
    /// The field that says how satisfied the complainant is, for reports.
    #[serde(default)]
    pub satisfaction: String,
    /// When a case is 重大: it goes into the management review. Empty: none is.
    #[serde(default)]
    pub major: Condition,
    /// Fields with causes, measures and effects for the management review.
    #[serde(default)]
    pub review: Vec<String>,
    /// Years for which a case is kept after it has ended (G10).
    #[serde(default = "six_years")]
    pub retention_years: u32,
}

fn a_day() -> u32 {
    24
}

fn six_years() -> u32 {
    6
}

/// A role of the procedure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Stable id.
    pub id: String,
    /// The procedure's word.
    pub title: String,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// 产品默认 where the source is silent.
    #[serde(default)]
    pub default_note: String,
    /// The highest class that the role sees in a case without revealing it (G11).
    #[serde(default = "everything")]
    pub sees: Class,
    /// The role's work needs names in lists and searches; to all others they are masked there.
    #[serde(default)]
    pub lists: bool,
    /// Answers for the procedure: opens confidential cases of which it has no part, with a recorded reason,
    /// and approves disposal.
    #[serde(default)]
    pub oversees: bool,
}

fn everything() -> Class {
    Class::Sensitive
}

/// When a case is confidential: its title and names are hidden from everyone not involved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confidential {
    /// Stable id.
    pub id: String,
    /// Why, in words.
    pub title: String,
    /// While this holds.
    pub when: Condition,
    /// The staff field that names whom the case is about: it is hidden from them too.
    #[serde(default)]
    pub about: String,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// The decision where the source is silent.
    #[serde(default)]
    pub default_note: String,
}

/// A way in which a complaint comes in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// Stable id.
    pub id: String,
    /// The procedure's word.
    pub title: String,
    /// The same within a sentence to the complainant, with its verb: `来人反映`, `经代理商反映`. It is needed where a
    /// form of the procedure says `{case.channel_phrase}`.
    #[serde(default)]
    pub phrase: String,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// 产品默认 where the source is silent.
    #[serde(default)]
    pub default_note: String,
}

/// A relation to the disputed work that excludes a person (G1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bar {
    /// Stable id, e.g. `did_original`.
    pub id: String,
    /// In words, e.g. `原检验`.
    pub title: String,
    /// The staff field that names the people.
    #[serde(default)]
    pub field: String,
    /// Actions whose actors are excluded: whoever investigated may not approve.
    #[serde(default)]
    pub actors_of: Vec<String>,
}

/// One step of the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Stable id.
    pub id: String,
    /// The procedure's word.
    pub title: String,
    /// Line of the source, or a decision.
    #[serde(default)]
    pub source: String,
    /// 产品默认 where the source is silent.
    #[serde(default)]
    pub default_note: String,
    /// What can be done here.
    #[serde(default, rename = "action")]
    pub actions: Vec<Action>,
}

/// A kind of side task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskKind {
    /// Stable id.
    pub id: String,
    /// In words.
    pub title: String,
    /// The task's own fields whose words tell it from its like.
    #[serde(default)]
    pub headline: Vec<String>,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// 产品默认 where the source is silent.
    #[serde(default)]
    pub default_note: String,
    /// Its steps; it begins at the first.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

/// Something that a person does.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Stable id, unique within the procedure.
    pub id: String,
    /// On the button and in the timeline.
    pub title: String,
    /// Roles that may; empty: everybody with a role in the procedure.
    #[serde(default)]
    pub by: Vec<String>,
    /// Only the people named in these staff fields may; one field, or several.
    #[serde(default, deserialize_with = "one_or_many")]
    pub by_person: Vec<String>,
    /// Roles that were given for departments only act where this field names one of them.
    #[serde(default)]
    pub department: String,
    /// Bars (G1) that exclude from this action.
    #[serde(default)]
    pub bars: Vec<String>,
    /// Asked in speaking order; a trailing `?` makes one optional.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Offered only while this holds.
    #[serde(default)]
    pub when: Condition,
    /// Held against case and values when it is done.
    #[serde(default)]
    pub requires: Vec<Requirement>,
    /// The act is a signature, and what it means (`签字`, `批准`).
    #[serde(default)]
    pub signs: String,
    /// Where it leads; the first way whose condition holds. None: it stays.
    #[serde(default)]
    pub to: Vec<Way>,
    /// Forms that it makes ready.
    #[serde(default)]
    pub issues: Vec<String>,
    /// What it does beyond recording.
    #[serde(default)]
    pub effect: Effect,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// 产品默认 where the source is silent.
    #[serde(default)]
    pub default_note: String,
}

/// A text alone, or a list of texts.
fn one_or_many<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Either::deserialize(from)? {
        Either::One(s) if s.is_empty() => vec![],
        Either::One(s) => vec![s],
        Either::Many(all) => all,
    })
}

impl Action {
    /// The fields with whether each is required.
    pub fn asked(&self) -> impl Iterator<Item = (&str, bool)> {
        self.fields.iter().map(|f| match f.strip_suffix('?') {
            Some(id) => (id, false),
            None => (f.as_str(), true),
        })
    }
}

/// What an action does beyond recording; the engine's own vocabulary.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing more.
    #[default]
    Record,
    /// Corrects a recorded value with old, new and reason (G14).
    Correct,
    /// Moves a due time with a reason (T5).
    Extend,
    /// Another class: running clocks get the limit of the new class, from the same start (T5).
    Reclassify,
    /// Lets an excluded person act, with a reason and a second person (G1).
    Except,
    /// Names who is responsible from now on.
    Assign,
    /// Closes the case (G7).
    Close,
    /// Opens a closed case again (G4).
    Reopen,
    /// Files a closed case.
    Archive,
    /// The complainant withdraws (G6).
    Withdraw,
    /// Merged into another case (G6).
    Merge,
    /// Given to another body (G6).
    Transfer,
    /// The number is void (G6, G12).
    Void,
}

/// Held when an action is done.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Only while this holds.
    #[serde(default)]
    pub when: Condition,
    /// The field that is looked at.
    #[serde(default)]
    pub field: String,
    /// The date field may not lie before this: `today`, or another date field.
    #[serde(default)]
    pub not_before: String,
    /// The date field may not lie after this: `today`, or another date field.
    #[serde(default)]
    pub not_after: String,
    /// The field must have a value.
    #[serde(default)]
    pub given: bool,
    /// The staff field may not name the person who acts.
    #[serde(default)]
    pub not_actor: bool,
    /// The staff field may not name anyone whom this staff field names.
    #[serde(default)]
    pub not_in: String,
    /// Whoever did one of these actions last (in the same task) may not do this one: four eyes.
    #[serde(default)]
    pub other_than: Vec<String>,
    /// A document of this form must have been issued.
    #[serde(default)]
    pub issued: String,
    /// All tasks of this kind must be done.
    #[serde(default)]
    pub tasks_done: String,
    /// The newest run of this clock must have opened: its not-before day has come (T2).
    #[serde(default)]
    pub opened: String,
    /// This may not hold: answers that cannot stand together.
    #[serde(default)]
    pub never: Condition,
    /// `field` says whether two columns of a table agree; it must say what the rows say (P1-f).
    #[serde(default)]
    pub compares: Option<Comparison>,
    /// The refusal's code.
    pub refusal: String,
}

/// Two columns of a table that are held against each other, row by row (P1-f).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The rows-field.
    pub rows: String,
    /// The column of the first result.
    pub first: String,
    /// The column of the second.
    pub second: String,
    /// The column of the tolerance (允差), in the results' own unit.
    pub tolerance: String,
    /// The column with the row's own verdict, in the words of `within` and `beyond`; it must say what the row says.
    #[serde(default)]
    pub verdict: String,
    /// What the requirement's field must say where every row lies within.
    pub within: String,
    /// And where one lies beyond.
    pub beyond: String,
}

/// Where an action leads.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// Only while this holds.
    #[serde(default)]
    pub when: Condition,
    /// The next step; empty: stays.
    #[serde(default)]
    pub step: String,
    /// The task ends.
    #[serde(default)]
    pub ends: bool,
    /// Another round begins (G4).
    #[serde(default)]
    pub round: bool,
    /// Values that the way sets; `@actor` in a staff field is whoever acts, and for a deputy whom the deputy stands for.
    #[serde(default)]
    pub sets: BTreeMap<String, Value>,
    /// Side tasks that it opens.
    #[serde(default)]
    pub starts: Vec<Start>,
}

/// A side task to open.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Its kind.
    pub task: String,
    /// One for each row of this rows-field; the row's columns become the task's values.
    #[serde(default)]
    pub per: String,
    /// Prefix of the task's fields that take the row's columns, e.g. `copy.`.
    #[serde(default)]
    pub into: String,
    /// Only while this holds.
    #[serde(default)]
    pub when: Condition,
    /// Not when a task of the kind was opened before.
    #[serde(default)]
    pub once: bool,
}

/// A limit and what starts and stops it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRule {
    /// Stable id.
    pub id: String,
    /// In words.
    pub title: String,
    /// `registered`, `action:ID`, `step:ID`, `task:KIND`, `issued:FORM` or `round`; one, or several.
    #[serde(deserialize_with = "one_or_many")]
    pub starts: Vec<String>,
    /// `closed`, or as above; `task:KIND` is the task's end.
    pub stops: Vec<String>,
    /// Only while this holds at the start.
    #[serde(default)]
    pub when: Condition,
    /// The limit.
    #[serde(default)]
    pub within: Option<Limit>,
    /// The limit by class: the first whose condition holds when the clock starts.
    #[serde(default, rename = "by_class", skip_serializing_if = "Vec::is_empty")]
    pub by_class: Vec<ClassLimit>,
    /// The procedure leaves the limit to the institution (P3); 未设定时限 until it is set.
    #[serde(default)]
    pub left_open: bool,
    /// A not-before date (T2).
    #[serde(default)]
    pub not_before: Option<Limit>,
    /// A day agreed in this date field.
    #[serde(default)]
    pub agreed: String,
    /// 立即, 及时: no number (T6).
    #[serde(default)]
    pub word: String,
    /// T3: `false` where the rule says so.
    #[serde(default = "yes")]
    pub roll: bool,
    /// The case's received time, rather than now, is the start.
    #[serde(default)]
    pub from_received: bool,
    /// A date field is the start, e.g. the day on which the client received the report.
    #[serde(default)]
    pub from: String,
    /// The complainant's own window (D17): held against the time of receipt, and nobody of the house is late.
    #[serde(default)]
    pub of_complainant: bool,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// Decision where the source is silent.
    #[serde(default)]
    pub default_note: String,
}

fn yes() -> bool {
    true
}

/// `{ working_days = 3 }`, `{ working_days = 0.5 }`: exactly one unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Elapsed hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Amount>,
    /// Hours within opening periods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_hours: Option<Amount>,
    /// Working days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<Amount>,
    /// Calendar days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_days: Option<Amount>,
}

impl Limit {
    /// So many of one unit.
    pub fn of(unit: Unit, amount: Amount) -> Self {
        let mut limit = Self::default();
        let place = match unit {
            Unit::Hours => &mut limit.hours,
            Unit::WorkingHours => &mut limit.working_hours,
            Unit::WorkingDays => &mut limit.working_days,
            Unit::CalendarDays => &mut limit.calendar_days,
        };
        *place = Some(amount);
        limit
    }

    /// The one unit that is given.
    pub fn span(&self) -> Option<Span> {
        let all = [
            (Unit::Hours, self.hours),
            (Unit::WorkingHours, self.working_hours),
            (Unit::WorkingDays, self.working_days),
            (Unit::CalendarDays, self.calendar_days),
        ];
        let mut given = all
            .into_iter()
            .filter_map(|(unit, n)| n.map(|amount| Span { unit, amount }));
        let one = given.next();
        if given.next().is_some() { None } else { one }
    }
}

/// A limit for the cases of one class.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassLimit {
    /// The class.
    #[serde(default)]
    pub when: Condition,
    /// Its limit.
    pub within: Limit,
}

/// How often a report is owed (T2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// On Monday for the week before.
    Week,
    /// On the first working day for the month before.
    Month,
    /// On the first working day for the year before.
    Year,
}

/// A report that a role owes to others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportDuty {
    /// Stable id.
    pub id: String,
    /// In words.
    pub title: String,
    /// `week`, `month`, `timeliness` or `management_review`, as in `report.period`.
    pub kind: String,
    /// How often.
    pub every: Every,
    /// Roles that owe it.
    pub by: Vec<String>,
    /// For whom, in the procedure's words.
    #[serde(default)]
    pub to: String,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// 产品默认 where the source is silent.
    #[serde(default)]
    pub default_note: String,
}

/// A book over cases: one line for each run of a clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// Stable id.
    pub id: String,
    /// In words.
    pub title: String,
    /// The clock whose runs are its lines.
    pub clock: String,
    /// Titles of the start, the stop and the lateness, e.g. 交付时间, 返回时间, 是否超过24小时.
    pub titles: Vec<String>,
    /// Fields between number and times, e.g. plate and department.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// 产品默认 where the source is silent.
    #[serde(default)]
    pub default_note: String,
}

/// Something that must be there before closing (G7).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// Stable id, named in the refusal.
    pub id: String,
    /// What is missing, in words.
    pub title: String,
    /// Only while this holds.
    #[serde(default)]
    pub when: Condition,
    /// This must hold.
    #[serde(default)]
    pub must: Condition,
    /// This form must have been issued.
    #[serde(default)]
    pub issued: String,
    /// Every task of this kind must be done.
    #[serde(default)]
    pub tasks_done: String,
    /// At least one task of this kind must have been opened.
    #[serde(default)]
    pub tasks_opened: String,
    /// G1–G18, P1-a …
    #[serde(default)]
    pub source: String,
}

/// A sound procedure with its forms and the hash of the bytes that it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Edition {
    /// The procedure, building blocks merged in.
    pub procedure: Procedure,
    /// Forms by id.
    pub forms: BTreeMap<String, Form>,
    /// SHA-256 over file names and bytes.
    pub hash: String,
    /// The files, kept with the cases opened under them.
    pub files: Vec<(String, String)>,
}

impl Edition {
    /// A field by id; `task/field` finds the field.
    pub fn field(&self, key: &str) -> Option<&Field> {
        let id = key.rsplit('/').next().unwrap_or(key);
        self.procedure.fields.iter().find(|f| f.id == id)
    }

    /// A step of the way.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.procedure.steps.iter().find(|s| s.id == id)
    }

    /// A kind of task.
    pub fn task(&self, kind: &str) -> Option<&TaskKind> {
        self.procedure.tasks.iter().find(|t| t.id == kind)
    }

    /// A rule of a clock.
    pub fn clock(&self, id: &str) -> Option<&ClockRule> {
        self.procedure.clocks.iter().find(|c| c.id == id)
    }

    /// Every action of the procedure, registration first.
    pub fn actions(&self) -> impl Iterator<Item = &Action> {
        let p = &self.procedure;
        std::iter::once(&p.register)
            .chain(p.steps.iter().flat_map(|s| &s.actions))
            .chain(
                p.tasks
                    .iter()
                    .flat_map(|t| &t.steps)
                    .flat_map(|s| &s.actions),
            )
            .chain(&p.always)
    }

    /// An action by id, wherever it stands.
    pub fn action(&self, id: &str) -> Option<&Action> {
        self.actions().find(|a| a.id == id)
    }

    /// A form as it is printed: with a mark at each signature and part that is the product's and not the document's.
    /// On a form that is the product's as a whole the foot says so once.
    pub fn form(&self, id: &str) -> Option<Form> {
        let mut form = self.forms.get(id)?.clone();
        let whole = self.procedure.ours(&form.source);
        if whole {
            form.ours.push("本表单".to_owned());
        } else if !form.default_note.is_empty() {
            form.ours.push("表单式样".to_owned());
        }
        if !form.keep_note.is_empty() {
            form.ours.push("保存期限".to_owned());
        }
        let ours = |act: &str| {
            let action = self.action(act)?;
            self.procedure
                .ours(&action.source)
                .then(|| action.default_note.clone())
        };
        mark(&mut form.blocks, &ours, whole);
        Some(form)
    }

    /// A role's title, or its id.
    pub fn role_title<'a>(&'a self, id: &'a str) -> &'a str {
        let role = self.procedure.roles.iter().find(|r| r.id == id);
        role.map_or(id, |r| r.title.as_str())
    }
}

/// Signatures whose every act is the product's get its decision. On a form that is so as a whole no part has a mark.
fn mark(blocks: &mut [Block], ours: &dyn Fn(&str) -> Option<String>, whole: bool) {
    for block in blocks {
        match block {
            Block::Sign { cells } => {
                for cell in cells {
                    // A line for ink alone is ours as well, unless the cell names its source.
                    let note = if cell.act.is_empty() {
                        Some("house".to_owned())
                    } else {
                        let acts: Option<Vec<String>> = cell.act.split('|').map(ours).collect();
                        acts.and_then(|all| all.into_iter().next())
                    };
                    if whole {
                        cell.default_note.clear();
                    } else if let Some(note) = note
                        && cell.default_note.is_empty()
                        && cell.source.is_empty()
                    {
                        cell.default_note = note;
                    }
                }
            }
            Block::Heading { default_note, .. } if whole => default_note.clear(),
            Block::Each { blocks, .. } | Block::Only { blocks, .. } => mark(blocks, ours, whole),
            _ => {}
        }
    }
}
