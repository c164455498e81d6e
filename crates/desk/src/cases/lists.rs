//! My desk, the case list, and the repeat-complainant hint.

use crate::{
    office::handle::Office,
    text::error::ApiError,
    text::{limits, words},
};
use chrono::TimeZone;
use redress_domain::{calendar, clock::Moment, decide::Actor, event::Account, id::PersonId};
use redress_store::{CaseQuery, CaseRow, ClockRow, Store, TaskRow, Viewer};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

/// A search or filter.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct CaseListRequest {
    /// Words, names, phones, report numbers, pinyin initials.
    pub text: Option<String>,
    /// Procedure id.
    pub procedure: Option<String>,
    /// `open`, `closed` …
    pub status: Option<String>,
    /// `late` or `soon`.
    pub clock: Option<String>,
    /// Person id.
    pub person: Option<String>,
    /// `YYYY-MM-DD`, received from.
    pub from: Option<String>,
    /// `YYYY-MM-DD`, received until.
    pub to: Option<String>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows; 50 where not said, 200 at most.
    pub limit: Option<u32>,
}

/// One row of the list.
#[derive(Debug, Serialize, TS)]
pub struct CaseLine {
    /// Id.
    pub id: String,
    /// Number.
    pub number: String,
    /// What it is called.
    pub headline: String,
    /// Masked (G11) unless the person's role needs names.
    pub complainant: String,
    /// A confidential case.
    pub confidential: bool,
    /// A confidential case in which the person has no part: title and names are not told.
    pub hidden: bool,
    /// Status.
    pub status: String,
    /// Filed.
    pub archived: bool,
    /// Where it stands.
    pub step_title: String,
    /// RFC 3339.
    pub received_at: String,
    /// The nearest due time.
    pub due: Option<String>,
    /// `late`, `soon`, `running` or `none`.
    pub due_state: String,
}

/// A page of the list.
#[derive(Debug, Serialize, TS)]
pub struct CaseListResponse {
    /// Rows, newest first.
    pub rows: Vec<CaseLine>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// All that match.
    #[ts(type = "number")]
    pub total: i64,
    /// Rows of this page that are damaged and not in it; in a damaged office, all cases that cannot be read.
    pub unreadable: usize,
}

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
#[derive(Debug, Serialize, TS)]
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
#[derive(Debug, Serialize, TS)]
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

/// Words to look for.
#[derive(Debug, Deserialize, TS)]
pub struct SimilarRequest {
    /// Name or phone.
    pub text: String,
}

const PAGE: u32 = 50;
pub(crate) const PAGE_MAX: u32 = 200;
/// Cases on the desk that wait for its owner, the most urgent first.
const MINE: u32 = 60;
/// And those that wait for somebody else.
const OTHERS: u32 = 30;

fn at(seconds: i64, like: Moment) -> Option<Moment> {
    like.offset().timestamp_opt(seconds, 0).single()
}

fn due_state(due: Option<i64>, now: Moment) -> &'static str {
    let tomorrow_end = (now.date_naive() + chrono::Days::new(2)).and_hms_opt(0, 0, 0);
    let soon = tomorrow_end.and_then(|t| t.and_local_timezone(*now.offset()).single());
    match due {
        None => "none",
        Some(d) if d < now.timestamp() => "late",
        Some(d) if soon.is_some_and(|s| d <= s.timestamp()) => "soon",
        Some(_) => "running",
    }
}

/// What somebody is told of a row: what it is called, and who complains.
fn told(row: &CaseRow, viewer: &Viewer) -> (String, String) {
    if !viewer.admitted(row) {
        (String::new(), String::new())
    } else if viewer.names_in.contains(&row.procedure) {
        (row.headline.clone(), row.complainant.clone())
    } else {
        (row.open_headline.clone(), row.masked.clone())
    }
}

pub(crate) fn line(row: CaseRow, viewer: &Viewer, now: Moment) -> CaseLine {
    let (headline, complainant) = told(&row, viewer);
    CaseLine {
        id: row.id.to_string(),
        headline,
        complainant,
        confidential: row.circle.is_some(),
        hidden: !viewer.admitted(&row),
        number: row.number,
        status: row.status,
        archived: row.archived,
        step_title: row.step_title,
        received_at: row.received_at,
        due: row
            .next_due
            .and_then(|s| at(s, now))
            .map(|t| t.to_rfc3339()),
        due_state: due_state(row.next_due, now).to_owned(),
    }
}

pub(crate) async fn case_list(
    office: &Office,
    person: PersonId,
    r: CaseListRequest,
) -> Result<CaseListResponse, ApiError> {
    let desk = office.desk().await?;
    let now = office.now();
    let viewer = desk.viewer(person, now).await;
    let day = |text: &Option<String>, plus: u64| -> Result<Option<i64>, ApiError> {
        let Some(text) = text.as_deref().filter(|t| !t.is_empty()) else {
            return Ok(None);
        };
        let bad = || ApiError::new("time_not_understood");
        let date = calendar::day(text.get(..10).unwrap_or(text)).ok_or_else(bad)?;
        let start = (date + chrono::Days::new(plus))
            .and_hms_opt(0, 0, 0)
            .ok_or_else(bad)?;
        Ok(start
            .and_local_timezone(*now.offset())
            .single()
            .map(|t| t.timestamp()))
    };
    limits::text(
        "搜索",
        r.text.as_deref().unwrap_or_default(),
        limits::SEARCH,
    )?;
    let full = |t: Option<String>| t.filter(|s| !s.trim().is_empty());
    let query = CaseQuery {
        text: full(r.text),
        procedure: full(r.procedure),
        status: full(r.status),
        clock: full(r.clock),
        person: r.person.as_deref().and_then(|p| p.parse().ok()),
        from: day(&r.from, 0)?,
        to: day(&r.to, 1)?,
        cursor: full(r.cursor),
        limit: r.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX),
        now: now.timestamp(),
        viewer,
    };
    let mut page = desk.store.case_rows(&query).await?;
    // A number finds its case for everybody for whom it is there, whatever else of it is hidden.
    if let (Some(text), None) = (&query.text, &query.cursor)
        && let Some(row) = desk.store.case_row_by(text.trim()).await?
        && row.id.to_string() != text.trim()
        && query.viewer.knows(&row)
        && page.rows.iter().all(|r| r.id != row.id)
    {
        page.rows.insert(0, row);
        page.total += 1;
    }
    let viewer = &query.viewer;
    Ok(CaseListResponse {
        rows: page
            .rows
            .into_iter()
            .map(|row| line(row, viewer, now))
            .collect(),
        next: page.next,
        total: page.total,
        unreadable: page.unreadable,
    })
}

/// Earlier cases of the same name or phone.
pub(crate) async fn similar(
    office: &Office,
    person: PersonId,
    r: SimilarRequest,
) -> Result<CaseListResponse, ApiError> {
    // What is typed into a field is compared as it is typed: the beginning of a long one is enough.
    let text: String = r.text.trim().chars().take(limits::SEARCH).collect();
    if text.chars().count() < 2 {
        return Ok(CaseListResponse {
            rows: vec![],
            next: None,
            total: 0,
            unreadable: 0,
        });
    }
    let request = CaseListRequest {
        text: Some(text),
        limit: Some(5),
        ..CaseListRequest::default()
    };
    case_list(office, person, request).await
}

pub(crate) async fn worklist(
    office: &Office,
    person: PersonId,
) -> Result<WorklistResponse, ApiError> {
    let desk = office.desk().await?;
    let house = desk.house().await;
    let now = office.now();
    let viewer = desk.viewer(person, now).await;
    let me = house.people.get(&person);
    let sees_all = me.is_some_and(|p| {
        matches!(p.account, Account::Administrator | Account::Auditor) && p.roles.is_empty()
    });
    let mut out = WorklistResponse {
        late: vec![],
        soon: vec![],
        mine: vec![],
        waiting: vec![],
        week: WeekView {
            received: 0,
            open: 0,
            late: 0,
        },
    };
    // What waits for somebody whose deputy I am today waits for me.
    let stands_for = house.principals(person, now.date_naive());
    let others = stands_for.iter().filter_map(|p| house.people.get(p));
    let grants = me.into_iter().chain(others).flat_map(|p| &p.roles);
    let roles: BTreeSet<(String, String)> = grants
        .map(|r| (r.procedure.clone(), r.role.clone()))
        .collect();
    let roles: Vec<_> = roles.into_iter().collect();
    let mut actors: BTreeMap<String, Actor> = BTreeMap::new();
    let mut mine = |row: &CaseRow, tasks: &[TaskRow]| {
        let actor = actors
            .entry(row.procedure.clone())
            .or_insert_with(|| house.actor(person, &row.procedure, now.date_naive()));
        let open = tasks.iter().filter(|t| !t.done);
        // A complaint about oneself is nobody's own work (G11).
        viewer.admitted(row) && open.flat_map(|t| &t.doors).any(|d| d.admits(actor))
    };
    // The table knows roles alone: what waits for the same role, but not for me, does not hide what does.
    let (mut rows, mut theirs, mut take) = (vec![], vec![], MINE);
    while !roles.is_empty() {
        let found = desk.store.worklist_rows(&roles, take, &viewer).await?;
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
    // Only what the person would be shown is asked for: another desk's urgent cases push none of it out.
    let current = desk.current();
    let part = |p: &&String| sees_all || house.actor(person, p, now.date_naive()).takes_part();
    let shown: Vec<String> = current.keys().filter(part).cloned().collect();
    // What waits for the same role, and for somebody else, was found above.
    theirs.retain(|(row, ..)| shown.contains(&row.procedure));
    theirs.truncate(OTHERS as usize);
    let take = OTHERS - u32::try_from(theirs.len()).unwrap_or(OTHERS);
    let others = desk.store.open_rows(&shown, &roles, take, &viewer).await?;
    rows.extend(theirs);
    rows.extend(others);
    for (row, clocks, tasks) in rows {
        let actor = house.actor(person, &row.procedure, now.date_naive());
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
    let monday = now.date_naive()
        - chrono::Days::new(u64::from(
            chrono::Datelike::weekday(&now).num_days_from_monday(),
        ));
    let since = monday
        .and_hms_opt(0, 0, 0)
        .and_then(|t| t.and_local_timezone(*now.offset()).single());
    let counts = desk
        .store
        .counts(since.map_or(0, |t| t.timestamp()), now.timestamp(), &viewer)
        .await?;
    out.week = WeekView {
        received: counts.received,
        open: counts.open,
        late: counts.late,
    };
    Ok(out)
}

fn item(
    row: &CaseRow,
    task: &TaskRow,
    clocks: &[ClockRow],
    viewer: &Viewer,
    now: Moment,
) -> DeskItem {
    let nearest = clocks
        .iter()
        .filter(|c| {
            c.stopped_at.is_none()
                && c.task.as_deref() == (!task.id.is_empty()).then_some(task.id.as_str())
        })
        .filter_map(|c| c.due_at.map(|d| (d, c)))
        .min_by_key(|(d, _)| *d);
    let due = nearest.and_then(|(d, _)| at(d, now));
    // T6: a word has no number, but an age.
    let word = clocks.iter().find(|c| {
        c.stopped_at.is_none()
            && !c.word.is_empty()
            && c.task.as_deref() == (!task.id.is_empty()).then_some(task.id.as_str())
    });
    let word = word.filter(|_| nearest.is_none());
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
        task: (!task.id.is_empty()).then(|| task.id.clone()),
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
