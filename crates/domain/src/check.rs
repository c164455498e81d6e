//! Is a procedure sound? Checked once, when it is loaded; a wrong file is refused with file, line and what to do.

use crate::{
    alias,
    blocks::Shared,
    chain::{hex, sha256},
    condition::{Condition, Expect},
    decide::LATE,
    form::{Block, Form},
    limits,
    procedure::{Action, Comparison, Edition, Procedure, Step},
    run::ACTOR,
    value::{Class, Field, FieldKind, ROWS_MAX},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong in a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// File name within the procedure's folder.
    pub file: String,
    /// Line, from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// Stable code; its sentence says what to do.
    pub code: String,
    /// What it is about.
    pub about: String,
}

impl Problem {
    /// A problem of a file as a whole.
    fn whole(file: &str, code: &str, about: &str) -> Self {
        Self {
            file: file.to_owned(),
            line: 0,
            code: code.to_owned(),
            about: about.to_owned(),
        }
    }
}

/// A procedure's file, its building blocks and its forms, each with its name and text.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// `procedure.toml`.
    pub procedure: (String, String),
    /// Building blocks by name.
    pub shared: Vec<(String, String)>,
    /// Form files.
    pub forms: Vec<(String, String)>,
}

/// Reads and checks an edition.
///
/// # Errors
/// Every problem found, in the order of the files.
pub fn load(files: &Files) -> Result<Edition, Vec<Problem>> {
    let mut problems = Vec::new();
    if let Some(p) = bundle(files) {
        return Err(vec![p]);
    }
    let mut procedure: Procedure = match parse(&files.procedure, &mut problems) {
        Some(p) => p,
        None => return Err(problems),
    };
    let mut kept = vec![files.procedure.clone()];
    for (n, name) in procedure.include.clone().into_iter().enumerate() {
        if procedure.include[..n].contains(&name) {
            problems.push(found(&files.procedure, "id_twice", &name));
            continue;
        }
        match files
            .shared
            .iter()
            .find(|(n, _)| *n == format!("shared/{name}.toml"))
        {
            None => problems.push(found(&files.procedure, "include_unknown", &name)),
            Some(file) => {
                if let Some(block) = parse::<Shared>(file, &mut problems) {
                    block.lend_to(&mut procedure);
                }
                kept.push(file.clone());
            }
        }
    }
    match alias::resolve(&mut procedure) {
        Some(missing) => problems.extend(
            missing
                .iter()
                .map(|name| found(&files.procedure, "stands_for_missing", name)),
        ),
        None => {
            let about = format!("stands_for: > {}", limits::STANDS_FOR);
            problems.push(Problem::whole(
                &files.procedure.0,
                "file_over_limit",
                &about,
            ));
            return Err(problems);
        }
    }
    let mut forms = BTreeMap::new();
    for file in &files.forms {
        if let Some(mut form) = parse::<Form>(file, &mut problems)
            && procedure.forms.contains(&form.id)
        {
            if let Some(number) = procedure.form_numbers.get(&form.id) {
                form.number.clone_from(number);
            }
            forms.insert(form.id.clone(), form);
            kept.push(file.clone());
        }
    }
    let edition = Edition {
        procedure,
        forms,
        hash: hash(&kept),
        files: kept,
    };
    Look {
        edition: &edition,
        file: &files.procedure,
        problems: &mut problems,
    }
    .over();
    if problems.is_empty() {
        Ok(edition)
    } else {
        Err(problems)
    }
}

/// What is wrong with the files all in all, before any is read.
fn bundle(files: &Files) -> Option<Problem> {
    let all = || {
        std::iter::once(&files.procedure)
            .chain(&files.shared)
            .chain(&files.forms)
    };
    let (count, bytes) = (
        all().count(),
        all().map(|(_, text)| text.len()).sum::<usize>(),
    );
    let over = |about: String| Problem::whole(&files.procedure.0, "file_over_limit", &about);
    if count > limits::FILES {
        return Some(over(format!("{count} > {}", limits::FILES)));
    }
    let most = limits::BUNDLE_BYTES / 1024;
    (bytes > limits::BUNDLE_BYTES).then(|| over(format!("{} KB > {most} KB", bytes / 1024)))
}

/// Reads the files that an edition was kept with.
///
/// # Errors
/// As [`load`].
pub fn reload(kept: &[(String, String)]) -> Result<Edition, Vec<Problem>> {
    let mut files = Files::default();
    for file in kept {
        if file.0 == files_name::PROCEDURE {
            files.procedure = file.clone();
        } else if file.0.starts_with(files_name::FORMS) {
            files.forms.push(file.clone());
        } else {
            files.shared.push(file.clone());
        }
    }
    load(&files)
}

/// Names of the files within a kept edition.
pub mod files_name {
    /// The procedure itself.
    pub const PROCEDURE: &str = "procedure.toml";
    /// Prefix of building blocks.
    pub const SHARED: &str = "shared/";
    /// Prefix of form files.
    pub const FORMS: &str = "forms/";
}

/// SHA-256 over the files of an edition, sound or not.
pub fn hash(kept: &[(String, String)]) -> String {
    let all: String = kept
        .iter()
        .map(|(name, text)| format!("{name}\0{}\0{text}\0", text.len()))
        .collect();
    hex(&sha256(all.as_bytes()))
}

fn parse<T: serde::de::DeserializeOwned>(
    file: &(String, String),
    problems: &mut Vec<Problem>,
) -> Option<T> {
    if !limits::hold(file, problems) {
        return None;
    }
    match toml::from_str(&file.1) {
        Ok(t) => Some(t),
        Err(e) => {
            let at = e.span().map_or(0, |s| s.start);
            problems.push(Problem {
                file: file.0.clone(),
                line: limits::line(&file.1, at),
                code: "file_not_understood".to_owned(),
                about: e.message().to_owned(),
            });
            None
        }
    }
}

/// A form that belongs to no procedure.
///
/// # Errors
/// What is wrong with its file.
pub fn form(file: &(String, String)) -> Result<Form, Vec<Problem>> {
    let mut problems = Vec::new();
    parse(file, &mut problems).ok_or(problems)
}

/// The problem with the line that first names what it is about.
fn found(file: &(String, String), code: &str, about: &str) -> Problem {
    let quoted = format!("\"{about}\"");
    let line = file
        .1
        .lines()
        .position(|l| l.contains(&quoted))
        .or_else(|| file.1.lines().position(|l| l.contains(about)))
        .map_or(0, |n| n + 1);
    Problem {
        file: file.0.clone(),
        line,
        code: code.to_owned(),
        about: about.to_owned(),
    }
}

/// Kinds of reports that a procedure's file may owe.
pub const REPORT_KINDS: [&str; 4] = ["week", "month", "timeliness", "management_review"];

struct Look<'a> {
    edition: &'a Edition,
    file: &'a (String, String),
    problems: &'a mut Vec<Problem>,
}

impl Look<'_> {
    fn bad(&mut self, code: &str, about: &str) {
        if self.problems.len() >= limits::PROBLEMS {
            return;
        }
        let p = found(self.file, code, about);
        if !self.problems.contains(&p) {
            self.problems.push(p);
        }
    }

    fn over(&mut self) {
        let p = &self.edition.procedure;
        self.unique("id_twice", p.fields.iter().map(|f| f.id.as_str()));
        self.unique("id_twice", p.steps.iter().map(|s| s.id.as_str()));
        self.unique("id_twice", self.edition.actions().map(|a| a.id.as_str()));
        self.unique("id_twice", p.clocks.iter().map(|c| c.id.as_str()));
        if p.steps.is_empty() {
            self.bad("no_steps", &p.head.id);
        }
        for f in &p.fields {
            if matches!(f.kind, FieldKind::Choice | FieldKind::Many)
                && f.choices.is_empty()
                && f.id != "correction.field"
                && f.id != "extension.clock"
            {
                self.bad("choices_missing", &f.id);
            }
            if f.kind == FieldKind::Rows && f.columns.is_empty() {
                self.bad("columns_missing", &f.id);
            }
            if !f.range_sound() {
                self.bad("range_unfit", &f.id);
            }
            if f.duty {
                self.duty(f);
            }
            if let Some(late) = f.when.fields().find(|c| c.starts_with(LATE)) {
                self.bad("field_unknown", late);
            }
            self.condition(&f.when);
        }
        for b in &p.bars {
            if !b.field.is_empty() {
                self.field(&b.field);
            }
        }
        for t in &p.tallies {
            self.field(&t.field);
            self.in_summary(&t.field, |f| {
                matches!(f.kind, FieldKind::Choice | FieldKind::YesNo)
            });
        }
        for l in &p.listings {
            self.condition(&l.when);
            for f in &l.fields {
                self.field(f);
                self.in_summary(f, |f| {
                    !matches!(f.kind, FieldKind::Staff | FieldKind::Party)
                });
            }
        }
        // Without the year each January begins with a number that is taken.
        let format = &p.head.number_format;
        if !number_format(format) {
            self.bad("number_format_unfit", format);
        }
        for form in p.form_numbers.keys().filter(|f| !p.forms.contains(f)) {
            self.bad("form_unknown", form);
        }
        for c in &p.confidential {
            self.condition(&c.when);
            if !c.about.is_empty() {
                self.field(&c.about);
            }
        }
        self.steps(&p.steps);
        for t in &p.tasks {
            self.steps(&t.steps);
        }
        self.action(&p.register, &p.steps);
        for a in &p.always {
            self.action(a, &p.steps);
        }
        self.reachable();
        self.clocks();
        self.reports();
        self.closings();
        self.forms();
    }

    /// A duty that was answered with no has a reason asked with it, a way to make it good, and a rule in closing.
    fn duty(&mut self, f: &Field) {
        let p = &self.edition.procedure;
        let is_no = |c: &Condition| c.0.get(&f.id) == Some(&Expect::Flag(false));
        let reasons: Vec<&str> = p
            .fields
            .iter()
            .filter(|r| is_no(&r.when))
            .map(|r| r.id.as_str())
            .collect();
        let asks = |a: &&Action| a.asked().any(|(id, _)| id == f.id);
        let explained = |a: &Action| {
            a.asked()
                .any(|(id, needed)| needed && reasons.contains(&id))
        };
        let later = |a: &&Action| is_no(&a.when);
        let sound = f.kind == FieldKind::YesNo
            && self
                .edition
                .actions()
                .filter(asks)
                .all(|a| later(&a) || explained(a))
            && p.always.iter().filter(asks).any(|a| later(&a))
            && p.closing
                .iter()
                .any(|c| c.must.0.get(&f.id) == Some(&Expect::Flag(true)));
        if !sound {
            self.bad("duty_unfit", &f.id);
        }
    }

    fn unique<'s>(&mut self, code: &str, ids: impl Iterator<Item = &'s str>) {
        let mut seen = BTreeSet::new();
        for id in ids {
            if !seen.insert(id) {
                self.bad(code, id);
            }
        }
    }

    fn field(&mut self, id: &str) {
        if self.edition.field(id).is_none() {
            self.bad("field_unknown", id);
        }
    }

    /// A summary names nobody: what it counts and lists is open, and fit for it.
    fn in_summary(&mut self, id: &str, fit: impl Fn(&Field) -> bool) {
        let field = self.edition.field(id);
        if field.is_some_and(|f| f.class != Class::Open || !fit(f)) {
            self.bad("summary_unfit", id);
        }
    }

    fn condition(&mut self, c: &Condition) {
        let ids: Vec<String> = c.fields().map(str::to_owned).collect();
        for id in ids {
            match id.strip_prefix(LATE) {
                Some(rule) if self.edition.clock(rule).is_none() => self.bad("clock_unknown", rule),
                Some(_) => {}
                None => self.field(&id),
            }
        }
    }

    fn form(&mut self, id: &str) {
        if !self.edition.forms.contains_key(id) {
            self.bad("form_unknown", id);
        }
    }

    fn task(&mut self, kind: &str) {
        if self.edition.task(kind).is_none() {
            self.bad("task_unknown", kind);
        }
    }

    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            for a in &step.actions {
                self.action(a, steps);
            }
        }
    }

    fn roles(&mut self, ids: &[String]) {
        for role in ids {
            if self.edition.procedure.roles.iter().all(|r| &r.id != role) {
                self.bad("role_unknown", role);
            }
        }
    }

    fn action(&mut self, a: &Action, steps: &[Step]) {
        self.roles(&a.by);
        for bar in &a.bars {
            if self.edition.procedure.bars.iter().all(|b| &b.id != bar) {
                self.bad("bar_unknown", bar);
            }
        }
        let asked: Vec<String> = a.asked().map(|(f, _)| f.to_owned()).collect();
        for f in asked
            .iter()
            .chain(&a.by_person)
            .chain((!a.department.is_empty()).then_some(&a.department))
        {
            self.field(f);
        }
        self.condition(&a.when);
        for r in &a.requires {
            self.condition(&r.when);
            for f in [&r.field, &r.not_in].into_iter().filter(|f| !f.is_empty()) {
                self.field(f);
            }
            for f in [&r.not_before, &r.not_after] {
                if !f.is_empty() && f != "today" {
                    self.field(f);
                }
            }
            for other in &r.other_than {
                if self.edition.action(other).is_none() {
                    self.bad("action_unknown", other);
                }
            }
            if !r.issued.is_empty() {
                self.form(&r.issued);
            }
            if !r.tasks_done.is_empty() {
                self.task(&r.tasks_done);
            }
            self.condition(&r.never);
            if !r.opened.is_empty() && self.edition.clock(&r.opened).is_none() {
                self.bad("clock_unknown", &r.opened);
            }
            if let Some(c) = &r.compares {
                self.compares(c, &r.field);
            }
            if r.refusal.is_empty() {
                self.bad("refusal_missing", &a.id);
            }
        }
        for f in &a.issues {
            self.form(f);
        }
        for way in &a.to {
            self.condition(&way.when);
            if !way.step.is_empty() && steps.iter().all(|s| s.id != way.step) {
                self.bad("step_unknown", &way.step);
            }
            for (f, v) in &way.sets {
                self.field(f);
                let staff = |f: &Field| f.kind == FieldKind::Staff && !f.multiple;
                if v.as_str() == Some(ACTOR) && !self.edition.field(f).is_some_and(staff) {
                    self.bad("field_unknown", f);
                }
            }
            for s in &way.starts {
                self.task(&s.task);
                if !s.per.is_empty() {
                    self.field(&s.per);
                }
                self.condition(&s.when);
            }
        }
    }

    /// A comparison names columns of its table and answers of its field.
    fn compares(&mut self, c: &Comparison, answer: &str) {
        let edition = self.edition;
        let Some(rows) = edition.field(&c.rows).filter(|f| f.kind == FieldKind::Rows) else {
            self.bad("field_unknown", &c.rows);
            return;
        };
        let verdict = Some(&c.verdict).filter(|v| !v.is_empty());
        for column in [&c.first, &c.second, &c.tolerance]
            .into_iter()
            .chain(verdict)
        {
            if rows.columns.iter().all(|x| &x.id != column) {
                self.bad("field_unknown", column);
            }
        }
        let choices = edition
            .field(answer)
            .map(|f| &f.choices[..])
            .unwrap_or_default();
        for wanted in [&c.within, &c.beyond] {
            if choices.iter().all(|x| &x.id != wanted) {
                self.bad("field_unknown", wanted);
            }
        }
    }

    /// Every step can be reached, and every step can be left or closed in.
    fn reachable(&mut self) {
        let p = &self.edition.procedure;
        let lists = std::iter::once(&p.steps).chain(p.tasks.iter().map(|t| &t.steps));
        let (mut lost, mut stuck) = (Vec::new(), Vec::new());
        for steps in lists {
            let everywhere = if std::ptr::eq(steps, &p.steps) {
                &p.always[..]
            } else {
                &[]
            };
            let mut reached: BTreeSet<&str> =
                steps.first().map(|s| s.id.as_str()).into_iter().collect();
            let ways = |s: &Step| {
                s.actions
                    .iter()
                    .flat_map(|a| a.to.clone())
                    .collect::<Vec<_>>()
            };
            loop {
                let more: BTreeSet<&str> = steps
                    .iter()
                    .filter(|s| reached.contains(s.id.as_str()))
                    .flat_map(ways)
                    .chain(everywhere.iter().flat_map(|a| a.to.clone()))
                    .filter_map(|w| steps.iter().find(|s| s.id == w.step))
                    .map(|s| s.id.as_str())
                    .filter(|id| !reached.contains(id))
                    .collect();
                if more.is_empty() {
                    break;
                }
                reached.extend(more);
            }
            for s in steps {
                if !reached.contains(s.id.as_str()) {
                    lost.push(s.id.clone());
                }
                let leaves = s.actions.iter().any(|a| {
                    a.effect == crate::procedure::Effect::Close
                        || a.to
                            .iter()
                            .any(|w| w.ends || (!w.step.is_empty() && w.step != s.id))
                });
                if !leaves {
                    stuck.push(s.id.clone());
                }
            }
        }
        for id in lost {
            self.bad("step_unreachable", &id);
        }
        for id in stuck {
            self.bad("step_without_way_out", &id);
        }
    }

    fn clocks(&mut self) {
        for c in &self.edition.procedure.clocks {
            let limits = [
                c.within.is_some(),
                c.not_before.is_some(),
                !c.by_class.is_empty(),
                c.left_open,
                !c.agreed.is_empty(),
                !c.word.is_empty(),
            ];
            let broken =
                |l: &Option<crate::procedure::Limit>| l.is_some_and(|l| l.span().is_none());
            if limits.iter().filter(|g| **g).count() != 1
                || broken(&c.within)
                || broken(&c.not_before)
                || c.by_class.iter().any(|l| l.within.span().is_none())
            {
                self.bad("clock_needs_one_limit", &c.id);
            }
            if c.stops.is_empty() {
                self.bad("clock_never_stops", &c.id);
            }
            if c.source.is_empty() && c.default_note.is_empty() {
                self.bad("source_missing", &c.id);
            }
            if c.starts.is_empty() {
                self.bad("clock_event_unknown", &c.id);
            }
            for event in c.starts.iter().chain(&c.stops) {
                self.event(event);
            }
            self.condition(&c.when);
            for l in &c.by_class {
                self.condition(&l.when);
            }
            for field in [&c.from, &c.agreed].into_iter().filter(|f| !f.is_empty()) {
                self.field(field);
            }
        }
    }

    fn reports(&mut self) {
        let p = &self.edition.procedure;
        let told = p.head.department.iter().chain(&p.head.review);
        for id in told.chain((!p.head.satisfaction.is_empty()).then_some(&p.head.satisfaction)) {
            self.field(id);
        }
        self.condition(&p.head.major);
        for r in &p.reports {
            self.roles(&r.by);
            if !REPORT_KINDS.contains(&r.kind.as_str()) {
                self.bad("report_unknown", &r.kind);
            }
        }
        for b in &p.books {
            if self.edition.clock(&b.clock).is_none() {
                self.bad("clock_unknown", &b.clock);
            }
            if b.titles.len() != 3 {
                self.bad("book_needs_three_titles", &b.id);
            }
            for f in &b.fields {
                self.field(f);
            }
        }
    }

    fn event(&mut self, event: &str) {
        let p = &self.edition.procedure;
        let known = match event.split_once(':') {
            None => matches!(event, "registered" | "closed" | "round"),
            Some(("action", id)) => self.edition.action(id).is_some(),
            Some(("step", id)) => p
                .steps
                .iter()
                .chain(p.tasks.iter().flat_map(|t| &t.steps))
                .any(|s| s.id == id),
            Some(("task", id)) => self.edition.task(id).is_some(),
            Some(("issued", id)) => self.edition.forms.contains_key(id),
            Some(_) => false,
        };
        if !known {
            self.bad("clock_event_unknown", event);
        }
    }

    fn closings(&mut self) {
        for c in &self.edition.procedure.closing {
            self.condition(&c.when);
            self.condition(&c.must);
            if !c.issued.is_empty() {
                self.form(&c.issued);
            }
            for kind in [&c.tasks_done, &c.tasks_opened] {
                if !kind.is_empty() {
                    self.task(kind);
                }
            }
        }
        let closes = self
            .edition
            .actions()
            .any(|a| a.effect == crate::procedure::Effect::Close);
        if !closes {
            self.bad("nothing_closes", &self.edition.procedure.head.id.clone());
        }
    }

    fn forms(&mut self) {
        for id in &self.edition.procedure.forms {
            self.form(id);
        }
        let letters = self.edition.forms.values();
        if letters.clone().any(|f| f.says("case.channel_phrase")) {
            let channels = &self.edition.procedure.channels;
            for c in channels.iter().filter(|c| c.phrase.is_empty()) {
                self.bad("channel_phrase_missing", &c.id);
            }
        }
        for (id, form) in &self.edition.forms {
            let file = format!("{}{id}.toml", files_name::FORMS);
            let text = self.edition.files.iter().find(|(n, _)| *n == file);
            let file = text.cloned().unwrap_or((file, String::new()));
            for field in form
                .needs
                .iter()
                .chain(form.record.iter().flat_map(|r| &r.must))
                .map(String::as_str)
                .chain(form.when.fields())
                .chain(form.record.iter().flat_map(|r| r.when.fields()))
            {
                if self.edition.field(field).is_none() {
                    self.problems.push(found(&file, "field_unknown", field));
                }
            }
            let signed = form.record.iter().flat_map(|r| &r.signed);
            let after = form.record.iter().flat_map(|r| &r.after);
            let named = after.map(String::as_str);
            for action in named.chain(signed.flat_map(|ids| ids.split('|'))) {
                if self.edition.action(action).is_none() {
                    self.problems.push(found(&file, "action_unknown", action));
                }
            }
            if form
                .blocks
                .iter()
                .any(|b| matches!(b, Block::Grid { rows } if rows.is_empty()))
            {
                self.problems.push(found(&file, "grid_empty", id));
            }
            let flows = form.blocks.iter().any(flow_astray);
            if flows {
                self.problems.push(found(&file, "flow_astray", id));
            }
            let height = lines(&form.blocks, 1);
            if height > FORM_LINES {
                let about = format!("{id}: {height} > {FORM_LINES}");
                self.problems
                    .push(Problem::whole(&file.0, "form_too_long", &about));
            }
        }
    }
}

/// Lines that a form may print where every repeated group is as long as it can be: some thousand pages.
const FORM_LINES: usize = 60_000;
/// Lines of a table that is filled, counted as what one prints on the average.
const TABLE_LINES: usize = 10;

/// How many lines the blocks print, `times` each; a group stands once for every row.
fn lines(blocks: &[Block], times: usize) -> usize {
    let one = |block: &Block| match block {
        Block::Grid { rows } => rows
            .iter()
            .map(|row| row.iter().map(|c| usize::from(c.lines).max(1)).max())
            .map(|n| n.unwrap_or_default().saturating_mul(times))
            .fold(0, usize::saturating_add),
        Block::Table { min_rows, .. } => min_rows.saturating_add(TABLE_LINES).saturating_mul(times),
        Block::Each { blocks, .. } => lines(blocks, times.saturating_mul(ROWS_MAX)),
        Block::Only { blocks, .. } => lines(blocks, times),
        _ => times,
    };
    blocks.iter().map(one).fold(0, usize::saturating_add)
}

/// Whether a flow chart has an arrow from or to a box that is not there.
fn flow_astray(block: &Block) -> bool {
    match block {
        Block::Flow { nodes, edges } => edges
            .iter()
            .any(|e| e.from >= nodes.len() || e.to >= nodes.len()),
        Block::Each { blocks, .. } | Block::Only { blocks, .. } => blocks.iter().any(flow_astray),
        _ => false,
    }
}

/// Without the year each January begins with a number that is taken; more digits than a number has are none.
fn number_format(format: &str) -> bool {
    let width = |rest: &str| {
        let width = rest.split_once('}').map(|(w, _)| w);
        width.is_some_and(|w| {
            let digits = w.strip_prefix(':').map(str::parse::<usize>);
            w.is_empty() || matches!(digits, Some(Ok(n)) if n <= limits::NUMBER_DIGITS)
        })
    };
    format.contains("{year}")
        && format
            .split_once("{seq")
            .is_some_and(|(_, rest)| width(rest))
}
