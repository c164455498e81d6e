//! An office that was restored from a backup does not know what was done after the backup: an administrator says up to
//! which number cases and documents were given out, and those numbers are skipped, on record (G12).
//!
//! Until that is said nothing is registered and no document is given out, for either would be numbered anew what lies
//! in somebody's hands already.

use crate::{
    office::{
        events::{append, event},
        handle::{Office, OpenOffice},
        state::{OfficeState, person::TERMINAL, restores::RESTORED_BY},
    },
    text::{error::ApiError, number::format_number},
};
use chrono::Datelike;
use redress_domain::{
    event::{EventBody, Skipped, SkippedDocuments},
    id::PersonId,
    number::forms,
    value::Values,
};
use redress_store::Store;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// Numbers that are skipped at once, at most: more is a slip of the pen.
const FAR: i64 = 5_000;
/// Documents that are named at once, at most.
const DOCUMENTS: usize = 2_000;

/// Numbers of cases that this office skips: they were given out after a backup that was restored.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SkippedView {
    /// Title of the procedure.
    pub title: String,
    /// The first of them.
    pub first: String,
    /// The last.
    pub last: String,
    /// How many.
    #[ts(type = "number")]
    pub count: i64,
    /// When that was said.
    pub at: String,
}

/// Up to which number a restored office knows the cases of a procedure and year.
#[derive(Debug, Serialize, TS)]
pub struct KnownNumbers {
    /// Procedure id.
    pub procedure: String,
    /// Its title.
    pub title: String,
    /// Year.
    pub year: i32,
    /// The last number that is known; 0: none.
    #[ts(type = "number")]
    pub last: i64,
    /// The same as it is printed; empty: none.
    pub number: String,
    /// How the next one would be printed.
    pub next: String,
}

/// Restores and what was said of them.
#[derive(Debug, Serialize, TS)]
pub struct NumbersView {
    /// A backup was restored, and nobody has said yet what was given out since.
    pub unsaid: bool,
    /// When the newest restore was noted; none: never.
    pub restored_at: Option<String>,
    /// By whom: user and machine.
    pub restored_by: String,
    /// `POS:HASH` of the newest event that the backup knew.
    pub anchor: String,
    /// Up to which number this office knows.
    pub known: Vec<KnownNumbers>,
    /// What is skipped.
    pub skipped: Vec<SkippedView>,
}

/// The highest number of a procedure and year that was given out.
#[derive(Debug, Deserialize, TS)]
pub struct HighestNumber {
    /// Procedure id.
    pub procedure: String,
    /// Year.
    pub year: i32,
    /// As printed, or its running number alone; the known one, or nothing, where none was given out since.
    pub highest: String,
}

/// What was given out since the backup.
#[derive(Debug, Deserialize, TS)]
pub struct NumbersSay {
    /// One for each procedure and year that `numbers.get` names.
    pub cases: Vec<HighestNumber>,
    /// Numbers of documents that were given out since for cases that this office knows.
    #[serde(default)]
    pub documents: Vec<String>,
}

/// Writes into the log that the folder was restored, where that is not there yet.
pub(crate) async fn note_restore(
    open: &OpenOffice,
    at: redress_domain::clock::Moment,
) -> Result<(), ApiError> {
    let Some(folder) = open.store.in_folder() else {
        return Ok(());
    };
    let Some(mark) = folder.restored() else {
        return Ok(());
    };
    let state = open.state().await;
    let noted = state.restores.newest.as_ref();
    let noted = noted.is_some_and(|(pos, hash, ..)| (*pos, hash) == (mark.pos, &mark.hash));
    // A restore that was cut off left the folder that was there before.
    let here = open.store.knows(mark.pos, &mark.hash).await?;
    if here && !noted {
        let body = EventBody::Restored {
            pos: mark.pos,
            hash: mark.hash.clone(),
        };
        let values = Values::from([(RESTORED_BY.to_owned(), Value::from(mark.by.as_str()))]);
        let one = event(TERMINAL, at, body, values);
        open.store
            .append(vec![append("office", state.seq, vec![one])?])
            .await?;
        open.refold().await?;
    }
    folder.restored_noted();
    Ok(())
}

/// Refuses to number anything while nobody has said what was numbered after the backup.
///
/// # Errors
/// `restored_numbers_unsaid`.
pub(crate) async fn may_number(
    open: &OpenOffice,
    now: redress_domain::clock::Moment,
) -> Result<(), ApiError> {
    note_restore(open, now).await?;
    match open.state().await.restores.unsaid {
        true => Err(ApiError::new("restored_numbers_unsaid")),
        false => Ok(()),
    }
}

async fn known_numbers(
    open: &OpenOffice,
    state: &OfficeState,
    this: i32,
) -> Result<Vec<KnownNumbers>, ApiError> {
    let mut all = Vec::new();
    // A backup of last December may be restored in January.
    for (id, edition) in open.current().iter() {
        for year in [this - 1, this] {
            let last = open.store.last_number(id, year).await?;
            let last = last.max(state.restores.last(id, year));
            // Of a year without a number only this one is asked, and only where complaints are taken in.
            if last == 0 && !(year == this && state.uses(id)) {
                continue;
            }
            let format = &edition.procedure.head.number_format;
            let said = |n| format_number(format, year, n);
            all.push(KnownNumbers {
                procedure: id.clone(),
                title: edition.procedure.head.title.clone(),
                year,
                last,
                number: if last == 0 { String::new() } else { said(last) },
                next: said(last + 1),
            });
        }
    }
    Ok(all)
}

/// What is skipped, as lists show it.
pub(crate) async fn skipped(open: &OpenOffice) -> Vec<SkippedView> {
    let (state, current) = (open.state().await, open.current());
    let view = |(s, at): &(Skipped, String)| {
        let edition = current.get(&s.procedure);
        let head = edition.map(|e| &e.procedure.head);
        let said = |n| match head {
            Some(h) => format_number(&h.number_format, s.year, n),
            None => n.to_string(),
        };
        SkippedView {
            title: head.map_or_else(|| s.procedure.clone(), |h| h.title.clone()),
            first: said(s.from),
            last: said(s.to),
            count: s.to - s.from + 1,
            at: at.clone(),
        }
    };
    state.restores.skipped.iter().map(view).collect()
}

/// Restores, what is known, and what is skipped.
pub(crate) async fn numbers_get(office: &Office) -> Result<NumbersView, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let r = &state.restores;
    let known = match r.unsaid {
        true => known_numbers(&open, &state, office.now().year()).await?,
        false => vec![],
    };
    let newest = r.newest.clone();
    Ok(NumbersView {
        unsaid: r.unsaid,
        restored_at: newest.as_ref().map(|(.., at)| at.clone()),
        restored_by: newest
            .as_ref()
            .map(|(_, _, by, _)| by.clone())
            .unwrap_or_default(),
        anchor: newest
            .map(|(pos, hash, ..)| format!("{pos}:{hash}"))
            .unwrap_or_default(),
        known,
        skipped: skipped(&open).await,
    })
}

/// Keeps what was given out since the backup; from then on cases are registered and documents given out again.
///
/// # Errors
/// `numbers_not_asked`, `numbers_missing`, `number_not_understood`, `number_too_far`, `document_number_unknown`.
pub(crate) async fn numbers_say(
    office: &Office,
    person: PersonId,
    r: NumbersSay,
) -> Result<NumbersView, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    if !state.restores.unsaid {
        return Err(ApiError::new("numbers_not_asked"));
    }
    let now = office.now();
    let mut skipped = Vec::new();
    for known in known_numbers(&open, &state, now.year()).await? {
        let said = r
            .cases
            .iter()
            .find(|c| c.procedure == known.procedure && c.year == known.year)
            .ok_or_else(|| {
                ApiError::new("numbers_missing")
                    .with("title", known.title.as_str())
                    .with("year", known.year)
            })?;
        let edition = open.newest(&known.procedure)?;
        let format = &edition.procedure.head.number_format;
        let highest = running(format, known.year, &said.highest, known.last).ok_or_else(|| {
            ApiError::new("number_not_understood")
                .with("number", said.highest.trim())
                .with("example", known.next.as_str())
        })?;
        if highest > known.last + FAR {
            return Err(ApiError::new("number_too_far")
                .with("number", said.highest.trim())
                .with("max", FAR));
        }
        if highest > known.last {
            skipped.push(Skipped {
                procedure: known.procedure,
                year: known.year,
                from: known.last + 1,
                to: highest,
            });
        }
    }
    if r.documents.len() > DOCUMENTS {
        return Err(ApiError::new("value_too_many")
            .with("field", "documents")
            .with("title", "文件编号")
            .with("max", DOCUMENTS)
            .with("actual", r.documents.len()));
    }
    let mut documents: Vec<SkippedDocuments> = Vec::new();
    for typed in r.documents.iter().filter(|d| !d.trim().is_empty()) {
        documents.extend(document_named(&open, typed, &skipped).await?);
    }
    let body = EventBody::NumbersSaid { skipped, documents };
    let one = event(person, now, body, Values::new());
    open.keep(vec![append("office", state.seq, vec![one])?])
        .await?;
    open.refold().await?;
    numbers_get(office).await
}

/// The running number in what was typed: itself, or a number as the format prints it; nothing typed is what is known.
fn running(format: &str, year: i32, typed: &str, known: i64) -> Option<i64> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Some(known);
    }
    let with_year = format.replace("{year}", &year.to_string());
    let (head, rest) = with_year.split_once("{seq").unwrap_or((&with_year, ""));
    let tail = rest.split_once('}').map_or("", |(_, t)| t);
    let digits = |s: &str| -> Option<i64> {
        let all = !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        s.parse().ok().filter(|_| all)
    };
    forms(typed)
        .iter()
        .find_map(|t| digits(t).or_else(|| digits(t.strip_prefix(head)?.strip_suffix(tail)?)))
}

/// The form and running number of a document by its printed number. Of a case that is skipped nothing has to be
/// kept: no case will have its number.
async fn document_named(
    open: &OpenOffice,
    typed: &str,
    skipped: &[Skipped],
) -> Result<Vec<SkippedDocuments>, ApiError> {
    let current = open.current();
    for number in forms(typed) {
        let Some((above, last)) = number.rsplit_once('-') else {
            continue;
        };
        let Ok(last) = last.parse::<u32>() else {
            continue;
        };
        for edition in current.values() {
            let codes = edition.forms.values().filter(|f| !f.code.is_empty());
            let mut cases = codes.filter_map(|f| above.strip_suffix(&format!("-{}", f.code)));
            let Some(case) = cases.find(|c| !c.is_empty()) else {
                continue;
            };
            if let Some(row) = open.store.case_row_by(case).await? {
                let loaded = open.load_case(&row.id.to_string()).await?;
                let forms = loaded.edition.forms.iter();
                let own = forms.filter(|(_, f)| above == format!("{}-{}", row.number, f.code));
                let own: Vec<SkippedDocuments> = own
                    .map(|(id, _)| SkippedDocuments {
                        case: row.id,
                        form: id.clone(),
                        last,
                    })
                    .collect();
                if !own.is_empty() {
                    return Ok(own);
                }
            }
            let gone = skipped.iter().filter_map(|s| {
                let edition = current.get(&s.procedure)?;
                let format = &edition.procedure.head.number_format;
                running(format, s.year, case, 0).filter(|n| (s.from..=s.to).contains(n))
            });
            if gone.count() > 0 {
                return Ok(vec![]);
            }
        }
    }
    Err(ApiError::new("document_number_unknown").with("number", typed.trim()))
}

#[cfg(test)]
mod tests {
    use super::running;

    #[test]
    fn a_number_is_read_as_it_is_printed_or_typed() {
        for (format, typed, expected) in [
            ("TS-{year}-{seq:04}", "TS-2026-0012", Some(12)),
            ("TS-{year}-{seq:04}", "ts-2026-12", Some(12)),
            ("TS-{year}-{seq:04}", "12", Some(12)),
            ("TS-{year}-{seq:04}", "１２", Some(12)),
            ("TS-{year}-{seq:04}", "", Some(7)),
            ("TS-{year}-{seq:04}", "TS-2025-0012", None),
            ("TS-{year}-{seq:04}", "十二", None),
            ("TS-{year}-{seq:04}", "-3", None),
            ("投诉〔{year}〕{seq}号", "投诉〔2026〕31号", Some(31)),
        ] {
            assert_eq!(running(format, 2026, typed, 7), expected, "{typed}");
        }
    }
}
