//! The desk: what somebody can do now, most urgent first.

use crate::{
    cases::lists::{at, due_state, told},
    office::{
        handle::{Office, OpenOffice},
        state::OfficeState,
    },
    text::{error::ApiError, words},
};
use redress_domain::{clock::Moment, decide::Actor, event::Account, id::PersonId};
use redress_store::{CaseRow, ClockRow, Store, TaskRow, Viewer};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

/// One thing on the desk.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DeskItem {
    /// Case id.
    pub case: String,
    /// Number.
    pub number: String,
    /// What is to be done.
    pub title: String,
    /// About what.
    pub subtitle: String,
    /// A confidential case in which the person has no part.
    pub hidden: bool,
    /// The task that it belongs to.
    pub task: Option<String>,
    /// RFC 3339.
    pub due: Option<String>,
    /// In words.
    pub due_text: String,
    /// `late`, `soon`, `running` or `none`.
    pub state: String,
    /// Of which limit.
    pub explanation: String,
    /// 立即, 及时 …, where no limit with a number runs (T6); else empty.
    pub word: String,
    /// Since when that limit has run.
    pub since: Option<String>,
}

/// The week in figures.
#[derive(Debug, Default, Serialize, TS)]
pub struct WeekView {
    /// Registered since Monday.
    #[ts(type = "number")]
    pub received: i64,
    /// Open now.
    #[ts(type = "number")]
    pub open: i64,
    /// Late now.
    #[ts(type = "number")]
    pub late: i64,
}

/// My desk.
#[derive(Debug, Default, Serialize, TS)]
pub struct WorklistResponse {
    /// Past due.
    pub late: Vec<DeskItem>,
    /// Today and tomorrow.
    pub soon: Vec<DeskItem>,
    /// Later, or without a number.
    pub mine: Vec<DeskItem>,
    /// Somebody else's turn.
    pub waiting: Vec<DeskItem>,
    /// Figures.
    pub week: WeekView,
}

/// Cases on the desk that wait for its owner, the most urgent first.
const MINE: u32 = 60;

/// And those that wait for somebody else.
const OTHERS: u32 = 30;

pub(crate) async fn worklist(
    office: &Office,
    person: PersonId,
) -> Result<WorklistResponse, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let now = office.now();
    let viewer = open.viewer(person, now).await;
    let (rows, theirs) = of_my_roles(&open, &state, person, &viewer, now).await?;
    let others = of_others(&open, &state, person, (&viewer, now), theirs).await?;
    let mut out = WorklistResponse::default();
    for (row, clocks, tasks) in rows.into_iter().chain(others) {
        let actor = state.actor(person, &row.procedure, now.date_naive());
        let mut mine_any = false;
        for task in tasks.iter().filter(|t| !t.done) {
            if !viewer.admitted(&row) || !task.doors.iter().any(|d| d.admits(&actor)) {
                continue;
            }
            mine_any = true;
            let item = item(&row, task, &clocks, &viewer, now);
            match item.state.as_str() {
                "late" => out.late.push(item),
                "soon" => out.soon.push(item),
                _ => out.mine.push(item),
            }
        }
        if !mine_any && let Some(task) = tasks.iter().find(|t| !t.done) {
            out.waiting.push(item(&row, task, &clocks, &viewer, now));
        }
    }
    out.week = week(&open, &viewer, now).await?;
    Ok(out)
}

type Rows = Vec<(CaseRow, Vec<ClockRow>, Vec<TaskRow>)>;

/// Procedure and role of the person, and of everybody whose deputy the person is today: what waits for them waits for
/// the person.
fn roles(state: &OfficeState, person: PersonId, now: Moment) -> Vec<(String, String)> {
    let stands_for = state.principals(person, now.date_naive());
    let hands = stands_for.iter().chain([&person]);
    let grants = hands
        .filter_map(|p| state.people.get(p))
        .flat_map(|p| &p.roles);
    let all: BTreeSet<(String, String)> = grants
        .map(|r| (r.procedure.clone(), r.role.clone()))
        .collect();
    all.into_iter().collect()
}

/// What waits for one of the person's roles: first what waits for the person, then what waits for the same role and
/// somebody else.
async fn of_my_roles(
    open: &OpenOffice,
    state: &OfficeState,
    person: PersonId,
    viewer: &Viewer,
    now: Moment,
) -> Result<(Rows, Rows), ApiError> {
    let roles = roles(state, person, now);
    let mut actors: BTreeMap<String, Actor> = BTreeMap::new();
    let mut mine = |row: &CaseRow, tasks: &[TaskRow]| {
        let actor = actors
            .entry(row.procedure.clone())
            .or_insert_with(|| state.actor(person, &row.procedure, now.date_naive()));
        let undone = tasks.iter().filter(|t| !t.done);
        // A complaint about oneself is nobody's own work (G11).
        viewer.admitted(row) && undone.flat_map(|t| &t.doors).any(|d| d.admits(actor))
    };
    // The table knows roles alone: what waits for the same role, but not for me, does not hide what does.
    let (mut rows, mut theirs, mut take) = (vec![], vec![], MINE);
    while !roles.is_empty() {
        let found = open.store.worklist_rows(&roles, take, viewer).await?;
        let whole = found.len() < take as usize;
        (rows, theirs) = found
            .into_iter()
            .partition(|(row, _, tasks)| mine(row, tasks));
        if whole || rows.len() >= MINE as usize {
            break;
        }
        take *= 4;
    }
    rows.truncate(MINE as usize);
    Ok((rows, theirs))
}

/// What waits for others: of the same roles, which was found already, and of all else that the person would be shown.
async fn of_others(
    open: &OpenOffice,
    state: &OfficeState,
    person: PersonId,
    (viewer, now): (&Viewer, Moment),
    mut theirs: Rows,
) -> Result<Rows, ApiError> {
    let me = state.people.get(&person);
    let sees_all = me.is_some_and(|p| {
        matches!(p.account, Account::Administrator | Account::Auditor) && p.roles.is_empty()
    });
    // Only what the person would be shown is asked for: another desk's urgent cases push none of it out.
    let current = open.current();
    let part = |p: &&String| sees_all || state.actor(person, p, now.date_naive()).takes_part();
    let shown: Vec<String> = current.keys().filter(part).cloned().collect();
    theirs.retain(|(row, ..)| shown.contains(&row.procedure));
    theirs.truncate(OTHERS as usize);
    let take = OTHERS - u32::try_from(theirs.len()).unwrap_or(OTHERS);
    let roles = roles(state, person, now);
    theirs.extend(open.store.open_rows(&shown, &roles, take, viewer).await?);
    Ok(theirs)
}

/// What came in since Monday, and what is open and late.
async fn week(open: &OpenOffice, viewer: &Viewer, now: Moment) -> Result<WeekView, ApiError> {
    let days = u64::from(chrono::Datelike::weekday(&now).num_days_from_monday());
    let monday = now.date_naive() - chrono::Days::new(days);
    let since = monday
        .and_hms_opt(0, 0, 0)
        .and_then(|t| t.and_local_timezone(*now.offset()).single());
    let since = since.map_or(0, |t| t.timestamp());
    let counts = open.store.counts(since, now.timestamp(), viewer).await?;
    Ok(WeekView {
        received: counts.received,
        open: counts.open,
        late: counts.late,
    })
}

fn item(
    row: &CaseRow,
    task: &TaskRow,
    clocks: &[ClockRow],
    viewer: &Viewer,
    now: Moment,
) -> DeskItem {
    let of_task = (!task.id.is_empty()).then_some(task.id.as_str());
    let runs = |c: &&ClockRow| c.stopped_at.is_none() && c.task.as_deref() == of_task;
    let nearest = clocks
        .iter()
        .filter(runs)
        .filter_map(|c| c.due_at.map(|d| (d, c)))
        .min_by_key(|(d, _)| *d);
    let due = nearest.and_then(|(d, _)| at(d, now));
    // T6: a word has no number, but an age.
    let mut worded = clocks.iter().filter(runs).filter(|c| !c.word.is_empty());
    let word = worded.next().filter(|_| nearest.is_none());
    let (headline, complainant) = told(row, viewer);
    let subtitle = [complainant.as_str(), headline.as_str()];
    DeskItem {
        case: row.id.to_string(),
        number: row.number.clone(),
        title: task.title.clone(),
        subtitle: subtitle
            .into_iter()
            .filter(|s| !s.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
        hidden: !viewer.admitted(row),
        task: of_task.map(str::to_owned),
        due: due.map(|t| t.to_rfc3339()),
        due_text: due.map(words::due_moment).unwrap_or_default(),
        state: due_state(nearest.map(|(d, _)| d), now).to_owned(),
        explanation: nearest
            .map(|(_, c)| c)
            .or(word)
            .map(|c| c.title.clone())
            .unwrap_or_default(),
        word: word.map(|c| c.word.clone()).unwrap_or_default(),
        since: word
            .and_then(|c| at(c.started_at, now))
            .map(|t| t.to_rfc3339()),
    }
}
