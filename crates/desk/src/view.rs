//! One case as a person sees it: enough for a program that knows no procedure to walk it to its end.

mod papers;
mod timeline;

use crate::{
    attachments::AttachmentView,
    cases::{Loaded, RegisterRequest, parse_time, status},
    error::{ApiError, Lang},
    filling::headline,
    forms::{ActionView, FieldView, action_view},
    open::{Office, new_id},
    sight::{Eyes, Seen, Veil, may_reveal},
    words,
};
use papers::{documents, forms, values};
use redress_domain::{
    case::{Case, Running},
    clock::Moment,
    decide::{Actor, Ctx, Registration, offers, permitted},
    disposal::keep_until,
    event::MoveCause,
    id::{CaseId, PersonId},
    impartial::excluded,
    issue::preview,
    procedure::Edition,
    sight::{Sight, circle},
    value::Class,
};
use redress_store::Store;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use timeline::timeline;
use ts_rs::TS;

/// Which case.
#[derive(Debug, Deserialize, TS)]
pub struct CaseRef {
    /// Id or number.
    pub case: String,
    /// Opens what is covered, for this session; kept in the access stream.
    #[serde(default)]
    #[ts(optional)]
    pub why: Option<String>,
}

/// A step on the way.
#[derive(Debug, Serialize, TS)]
pub struct WayStep {
    /// Id.
    pub id: String,
    /// Words.
    pub title: String,
    /// `done`, `now` or `ahead`.
    pub state: String,
}

/// What stands open now.
#[derive(Debug, Serialize, TS)]
pub struct NowView {
    /// The step's words.
    pub title: String,
    /// Source, or that it is a product default.
    pub note: String,
}

/// A limit.
#[derive(Debug, Serialize, TS)]
pub struct ClockView {
    /// Id within the case.
    pub id: String,
    /// Words.
    pub title: String,
    /// RFC 3339; none for 立即, 及时.
    pub due: Option<String>,
    /// Not before.
    pub opens: Option<String>,
    /// `waiting`, `running`, `late`, `met` or `missed`.
    pub state: String,
    /// When it was stopped.
    pub stopped_at: Option<String>,
    /// When it began.
    pub started_at: String,
    /// Why it is due then (T5).
    pub explanation: String,
    /// Line of the source.
    pub source: String,
    /// Decision where the source is silent.
    pub default_note: String,
    /// Computed past known data (T4).
    pub provisional: bool,
    /// 立即, 及时 (T6).
    pub word: String,
    /// The task that it belongs to.
    pub task: Option<String>,
}

/// A side task.
#[derive(Debug, Serialize, TS)]
pub struct TaskView {
    /// Id within the case.
    pub id: String,
    /// Kind.
    pub kind: String,
    /// Words.
    pub title: String,
    /// What tells it from its like.
    pub headline: String,
    /// Its step.
    pub step_title: String,
    /// Ended.
    pub done: bool,
    /// Since when.
    pub opened_at: String,
}

/// Something that happened.
#[derive(Debug, Serialize, TS)]
pub struct TimelineView {
    /// When.
    pub at: String,
    /// Who.
    pub actor: String,
    /// What.
    pub title: String,
    /// More of it.
    pub detail: String,
    /// Position in the case.
    #[ts(type = "number")]
    pub seq: i64,
}

/// Something missing.
#[derive(Debug, Serialize, TS)]
pub struct MissingView {
    /// Field or action.
    pub code: String,
    /// In words.
    pub title: String,
}

/// A form that the case can print.
#[derive(Debug, Serialize, TS)]
pub struct FormView {
    /// Id.
    pub id: String,
    /// Words.
    pub title: String,
    /// The task that it is filled for.
    pub task: Option<String>,
    /// May be given out.
    pub ready: bool,
    /// What it waits for.
    pub missing: Vec<MissingView>,
}

/// A document given out.
#[derive(Debug, Serialize, TS)]
pub struct DocumentView {
    /// Id.
    pub id: String,
    /// Form id.
    pub form: String,
    /// Form's words.
    pub title: String,
    /// Document number.
    pub number: String,
    /// When.
    pub at: String,
    /// By whom.
    pub by: String,
    /// Pages.
    pub pages: u32,
    /// A value that it shows was corrected since.
    pub outdated: bool,
    /// A later one took its place.
    pub superseded_by: Option<String>,
    /// Kinds of its copies.
    pub copies: Vec<String>,
}

/// A recorded value.
#[derive(Debug, Serialize, TS)]
pub struct ValueView {
    /// Field, or `task/field`.
    pub key: String,
    /// Words.
    pub title: String,
    /// The value in words.
    pub text: String,
    /// The value.
    #[ts(type = "unknown")]
    pub value: Value,
    /// Covered for whoever looks (G11); the value is then null.
    pub covered: bool,
    /// Who entered it last.
    pub by: String,
    /// When.
    pub at: String,
    /// G11.
    #[ts(type = "'open'|'personal'|'sensitive'")]
    pub class: Class,
    /// Its field.
    pub field: FieldView,
}

/// A person excluded by the case (G1).
#[derive(Debug, Serialize, TS)]
pub struct ExcludedView {
    /// Person id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Bar.
    pub relation: String,
    /// Its words.
    pub relation_title: String,
    /// An exception was recorded.
    pub excepted: bool,
}

/// One case.
#[derive(Debug, Serialize, TS)]
pub struct CaseView {
    /// Id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Procedure id.
    pub procedure: String,
    /// Its title.
    pub procedure_title: String,
    /// Edition it stays on.
    pub edition: String,
    /// `open`, `closed`, `withdrawn`, `merged`, `transferred` or `voided`.
    pub status: String,
    /// Filed.
    pub archived: bool,
    /// Its values were erased after retention (G10).
    pub disposed: bool,
    /// First day on which it may be disposed of, once it is archived.
    pub keep_until: Option<String>,
    /// Why it is confidential; empty: it is not.
    pub confidential: Vec<String>,
    /// Something is covered for whoever looks.
    pub covered: bool,
    /// A reason opens what is covered.
    pub may_reveal: bool,
    /// What it is called.
    pub headline: String,
    /// Who complains.
    pub complainant: String,
    /// T1.
    pub received_at: String,
    /// T1.
    pub entered_at: String,
    /// Channel in words.
    pub channel: String,
    /// Events so far.
    #[ts(type = "number")]
    pub seq: i64,
    /// Round (G4).
    pub round: u32,
    /// The way.
    pub steps: Vec<WayStep>,
    /// Now.
    pub now: NowView,
    /// What can be done, and by whom.
    pub actions: Vec<ActionView>,
    /// Limits.
    pub clocks: Vec<ClockView>,
    /// Side tasks.
    pub tasks: Vec<TaskView>,
    /// What happened.
    pub timeline: Vec<TimelineView>,
    /// Forms.
    pub forms: Vec<FormView>,
    /// Documents.
    pub documents: Vec<DocumentView>,
    /// Values.
    pub values: Vec<ValueView>,
    /// Files.
    pub attachments: Vec<AttachmentView>,
    /// 回避.
    pub excluded: Vec<ExcludedView>,
}

impl Office {
    /// One case.
    pub(crate) async fn case_get(
        &self,
        eyes: Eyes<'_>,
        r: CaseRef,
        lang: Lang,
    ) -> Result<CaseView, ApiError> {
        let desk = self.desk().await?;
        let seen = self.look(&desk, eyes, &r.case, r.why.as_deref()).await?;
        let attachments = desk.store.attachments(seen.loaded.case.id).await?;
        let house = desk.house().await;
        let name = |p| house.name(p);
        let ctx = house.ctx(&seen.loaded.edition, self.now());
        let mut view = view(&seen, &ctx, &name, lang);
        let account = house.people.get(&eyes.person).map(|p| p.account);
        view.may_reveal = view.covered && may_reveal(&seen.actor, account);
        view.attachments = attachments
            .into_iter()
            .map(|a| covered_file(a.into(), seen.sight))
            .collect();
        Ok(view)
    }

    /// The limits that a registration would start.
    pub(crate) async fn preview_clocks(
        &self,
        person: PersonId,
        r: RegisterRequest,
    ) -> Result<Vec<ClockView>, ApiError> {
        let desk = self.desk().await?;
        let edition = desk.newest(&r.procedure)?;
        let house = desk.house().await;
        let actor = desk.actor(person, &r.procedure, self.now()).await;
        let ctx = house.ctx(&edition, self.now());
        let new = Registration {
            case: CaseId(new_id()),
            number: String::new(),
            channel: r.channel,
            received_at: parse_time(&r.received_at)?,
            values: r.values,
        };
        let clocks = preview(&ctx, &actor, &new);
        Ok(clocks
            .iter()
            .map(|c| clock_view(&edition, c, ctx.now))
            .collect())
    }
}

pub(crate) fn clock_view(edition: &Edition, c: &Running, now: Moment) -> ClockView {
    let rule = edition.clock(&c.rule);
    let mut explanation = words::explanation(&c.due, rule);
    if c.moved.contains(&MoveCause::Extension) {
        explanation = format!("{explanation}；已延长");
    }
    ClockView {
        id: c.id.clone(),
        title: rule.map_or_else(|| c.rule.clone(), |r| r.title.clone()),
        due: c.due.at.map(|t| t.to_rfc3339()),
        opens: c.due.opens.map(|t| t.to_rfc3339()),
        state: words::state(redress_domain::clock::state(&c.due, c.stopped_at, now)).to_owned(),
        stopped_at: c.stopped_at.map(|t| t.to_rfc3339()),
        started_at: c.due.start.to_rfc3339(),
        explanation,
        source: rule.map(|r| r.source.clone()).unwrap_or_default(),
        default_note: rule.map(|r| r.default_note.clone()).unwrap_or_default(),
        provisional: c.due.provisional,
        word: rule.map(|r| r.word.clone()).unwrap_or_default(),
        task: c.task.clone(),
    }
}

/// The name of a file may name somebody.
pub(crate) fn covered_file(mut file: AttachmentView, sight: Sight) -> AttachmentView {
    if !sight.shows(Class::Personal) {
        file.name = words::mask(&file.name);
    }
    file
}

type Names<'a> = &'a dyn Fn(PersonId) -> String;

fn view(seen: &Seen, ctx: &Ctx<'_>, name: Names<'_>, lang: Lang) -> CaseView {
    let Loaded {
        case,
        edition,
        events,
    } = &seen.loaded;
    let veil = Veil::screen(seen.sight, edition, &case.values);
    let head = &edition.procedure.head;
    let step = edition.step(&case.step);
    let said = |id: &String| {
        let field = edition.field(id)?;
        let text = words::value(field, case.values.get(id)?, name);
        Some(veil.say(field, &text)).filter(|s| !s.is_empty())
    };
    let complainant: Vec<String> = head.complainant.iter().filter_map(said).collect();
    let channel = edition
        .procedure
        .channels
        .iter()
        .find(|c| c.id == case.channel);
    let note = step.map(|s| match (s.source.as_str(), s.default_note.as_str()) {
        ("", note) => format!("产品默认，非程序文件规定（{note}）"),
        (source, _) => format!("依据 {source}"),
    });
    CaseView {
        id: case.id.to_string(),
        number: case.number.clone(),
        procedure: case.procedure.clone(),
        procedure_title: head.title.clone(),
        edition: case.edition.clone(),
        status: status(case).to_owned(),
        archived: case.archived,
        disposed: case.disposed,
        keep_until: keep_until(edition, case).map(|d| d.to_string()),
        confidential: circle(edition, case).map_or_else(Vec::new, |c| c.reasons),
        covered: seen.sight != Sight::FULL && !case.disposed,
        may_reveal: false,
        headline: veil.within(&headline(edition, &case.values, name)),
        complainant: complainant.join(" · "),
        received_at: case.received_at.to_rfc3339(),
        entered_at: case.entered_at.to_rfc3339(),
        channel: channel.map(|c| c.title.clone()).unwrap_or_default(),
        seq: case.seq,
        round: case.round,
        steps: way(edition, case),
        now: NowView {
            title: step.map(|s| s.title.clone()).unwrap_or_default(),
            note: note.unwrap_or_default(),
        },
        actions: actions(ctx, case, &seen.actor, lang),
        clocks: case
            .clocks
            .iter()
            .map(|c| clock_view(edition, c, ctx.now))
            .collect(),
        tasks: tasks(edition, case, &veil, name),
        timeline: timeline(edition, events, &veil, name),
        forms: forms(edition, case),
        documents: documents(edition, case, name),
        values: values(edition, case, events, &veil, name),
        attachments: vec![],
        excluded: excluded(edition, case)
            .into_iter()
            .map(|x| ExcludedView {
                id: x.person.to_string(),
                name: name(x.person),
                relation: x.bar,
                relation_title: x.title,
                excepted: case.exceptions.iter().any(|(p, _)| *p == x.person),
            })
            .collect(),
    }
}

/// The steps passed in the order in which they came, the current one, and those that the data puts after it.
fn way(edition: &Edition, case: &Case) -> Vec<WayStep> {
    let one = |id: &str, state: &str| WayStep {
        id: id.to_owned(),
        title: edition
            .step(id)
            .map(|s| s.title.clone())
            .unwrap_or_default(),
        state: state.to_owned(),
    };
    let mut all: Vec<WayStep> = Vec::new();
    for id in &case.passed {
        if all.iter().all(|s| &s.id != id) && id != &case.step {
            all.push(one(id, "done"));
        }
    }
    all.push(one(&case.step, if case.is_open() { "now" } else { "done" }));
    if case.is_open() {
        let last = edition
            .procedure
            .steps
            .last()
            .map(|s| s.id.clone())
            .unwrap_or_default();
        let ways = edition
            .step(&case.step)
            .into_iter()
            .flat_map(|s| &s.actions)
            .flat_map(|a| &a.to);
        let next: Vec<String> = ways
            .map(|w| w.step.clone())
            .filter(|s| !s.is_empty())
            .collect();
        let order = edition.procedure.steps.iter().map(|s| &s.id);
        for id in order.filter(|id| next.contains(id) || **id == last) {
            if all.iter().all(|s| &s.id != id) {
                all.push(one(id, "ahead"));
            }
        }
    }
    all
}

fn actions(ctx: &Ctx<'_>, case: &Case, actor: &Actor, lang: Lang) -> Vec<ActionView> {
    offers(ctx.edition, case)
        .iter()
        .map(|o| {
            let mut a = action_view(ctx.edition, o.action, o.id(), o.task.map(|t| t.id.clone()));
            if let Err(refusal) = permitted(ctx, case, actor, o) {
                a.allowed = false;
                a.refusal = ApiError::from(refusal).to_door(lang);
            }
            a
        })
        .collect()
}

fn tasks(edition: &Edition, case: &Case, veil: &Veil, name: Names<'_>) -> Vec<TaskView> {
    let view = |t: &redress_domain::case::Task| {
        let kind = edition.task(&t.kind);
        let parts = kind.into_iter().flat_map(|k| &k.headline).filter_map(|id| {
            let v = case.values.get(&format!("{}/{id}", t.id))?;
            let field = edition.field(id)?;
            Some(veil.say(field, &words::value(field, v, name)))
        });
        TaskView {
            id: t.id.clone(),
            kind: t.kind.clone(),
            title: kind.map(|k| k.title.clone()).unwrap_or_default(),
            headline: parts.collect::<Vec<_>>().join(" · "),
            step_title: kind
                .and_then(|k| k.steps.iter().find(|s| s.id == t.step))
                .map(|s| s.title.clone())
                .unwrap_or_default(),
            done: t.done_at.is_some(),
            opened_at: t.opened_at.to_rfc3339(),
        }
    };
    case.tasks.iter().map(view).collect()
}
