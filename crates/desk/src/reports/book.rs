//! Books over cases, e.g. of hand-overs and returns.

use crate::{
    access::log::note,
    office::{handle::Office, load::Loaded},
    reports::{
        kinds::{cases_of, covered, open_words, overrun, rows, within},
        period::finish,
        summary::{Period, span},
        table::Table,
    },
    text::{error::ApiError, file::FileResponse, words},
};
use redress_domain::{clock::Moment, event::EventBody, id::PersonId, procedure::Book};
use redress_store::Viewer;
use serde::Deserialize;
use ts_rs::TS;

/// Which book.
#[derive(Debug, Deserialize, TS)]
pub struct BookRequest {
    /// Procedure.
    pub procedure: String,
    /// Its book.
    pub book: String,
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, `YYYY-MM-DD`.
    pub to: String,
    /// `pdf` or `xlsx`.
    pub format: String,
}

/// A book over cases, e.g. 交付/返回登记本.
///
/// # Errors
/// `unknown_procedure`, `unknown_report`, `role_missing`, `time_not_understood`, `period_unsound`.
pub(crate) async fn report_book(
    office: &Office,
    person: PersonId,
    r: BookRequest,
) -> Result<FileResponse, ApiError> {
    let now = office.now();
    let period = Period::new(&r.from, &r.to, now)?;
    let open = office.open_office().await?;
    let state = open.state().await;
    let edition = open.newest(&r.procedure)?;
    let mut books = edition.procedure.books.iter();
    let book = books.find(|b| b.id == r.book);
    let book = book.ok_or_else(|| ApiError::new("unknown_report").with("report", r.book))?;
    let account = state.people.get(&person).map(|p| p.account);
    let reads = account != Some(redress_domain::event::Account::Member);
    if !reads && state.roles(person, &r.procedure).is_empty() {
        return Err(ApiError::new("role_missing")
            .with("action", book.title.as_str())
            .with("who", ""));
    }
    let viewer = open.viewer(person, now).await;
    let rows = rows(&open, Some(&r.procedure), &viewer).await?;
    let cases = cases_of(&open, &within(rows, period.seconds)).await?;
    let tables = vec![lines_of(
        book,
        &cases,
        (period.seconds, now),
        &viewer,
        &|p| state.name(p),
    )];
    let signs = ["登记人", "审阅人"];
    let made = finish(
        office,
        &open,
        person,
        book.title.clone(),
        &period,
        (tables, signs, String::new()),
        &r.format,
    )
    .await?;
    let (from, to) = period.days;
    let name = format!("redress-{}-{from}-{to}.{}", book.id, r.format);
    note(office, &open, person, "report", None, Some(&name), "").await?;
    Ok(FileResponse {
        name,
        bytes: made.into(),
    })
}

/// A book over cases: one line for each run of its clock that began in the period.
fn lines_of(
    book: &Book,
    cases: &[Loaded],
    ((from, to), now): ((i64, i64), Moment),
    viewer: &Viewer,
    name: words::Names<'_>,
) -> Table {
    let mut lines = Vec::new();
    let mut titles: Vec<(String, u16)> = vec![("编号".to_owned(), 19)];
    for loaded in cases {
        let Loaded { case, edition, .. } = loaded;
        if titles.len() == 1 {
            let title = |id: &String| edition.field(id).map(|f| (f.title.clone(), 17));
            titles.extend(book.fields.iter().filter_map(title));
        }
        let runs = case.clocks.iter().filter(|c| c.rule == book.clock);
        for c in runs.filter(|c| (from..to).contains(&c.due.start.timestamp())) {
            let mut line = vec![case.number.clone()];
            // A line stays as it was written: what the case held when the run began.
            let then = loaded.when(
                |e| matches!(&e.body, EventBody::ClockStarted { clock, .. } if clock == &c.id),
            );
            let then = then.as_ref().unwrap_or(case);
            let said = book.fields.iter();
            let apart = covered(edition, case, viewer);
            line.extend(said.map(|id| {
                if apart {
                    String::new()
                } else {
                    open_words(edition, then, id, name)
                }
            }));
            line.push(words::moment(c.due.start));
            line.push(c.stopped_at.map(words::moment).unwrap_or_default());
            line.push(match (overrun(c, edition, now.timestamp()), c.stopped_at) {
                (Some(over), _) => format!("是，超 {}", span(over)),
                (None, Some(_)) => "否".to_owned(),
                (None, None) => String::new(),
            });
            lines.push((c.due.start, line));
        }
    }
    lines.sort_by_key(|(at, line): &(Moment, Vec<String>)| (*at, line[0].clone()));
    titles.extend(book.titles.iter().map(|t| (t.clone(), 22)));
    Table {
        name: "登记本",
        heads: titles,
        rows: lines.into_iter().map(|(_, l)| l).collect(),
    }
}
