//! Books over cases, e.g. of hand-overs and returns.

use crate::{
    access::log::note,
    office::handle::Office,
    reports::{kinds::cases_of, period::finish, summary::Period},
    text::{error::ApiError, file::FileResponse},
};
use redress_domain::id::PersonId;
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
    let desk = office.desk().await?;
    let house = desk.house().await;
    let edition = desk.newest(&r.procedure)?;
    let mut books = edition.procedure.books.iter();
    let book = books.find(|b| b.id == r.book);
    let book = book.ok_or_else(|| ApiError::new("unknown_report").with("report", r.book))?;
    let account = house.people.get(&person).map(|p| p.account);
    let reads = account != Some(redress_domain::event::Account::Member);
    if !reads && house.roles(person, &r.procedure).is_empty() {
        return Err(ApiError::new("role_missing")
            .with("action", book.title.as_str())
            .with("who", ""));
    }
    let viewer = desk.viewer(person, now).await;
    let rows = super::kinds::rows(&desk, Some(&r.procedure), &viewer).await?;
    let cases = cases_of(&desk, &super::kinds::within(rows, period.seconds)).await?;
    let tables = super::kinds::book(book, &cases, (period.seconds, now), &viewer, &|p| {
        house.name(p)
    });
    let signs = ["登记人", "审阅人"];
    let made = finish(
        office,
        &desk,
        person,
        book.title.clone(),
        &period,
        (tables, signs, String::new()),
        &r.format,
    )
    .await?;
    let (from, to) = period.days;
    let name = format!("redress-{}-{from}-{to}.{}", book.id, r.format);
    note(office, &desk, person, "report", None, Some(&name), "").await?;
    Ok(FileResponse {
        name,
        bytes: made.into(),
    })
}
