//! Lists of a damaged office, answered from memory: rows that could still be read, and cases folded anew from the log.

use crate::{CasePage, CaseProjection, CaseQuery, CaseRow, Counts, SOON, Viewer, Waiting};
use redress_domain::id::CaseId;

/// Every case of which something is known, in order of registration.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    rows: Vec<(i64, CaseProjection)>,
    unreadable: usize,
}

fn waiting(p: &CaseProjection) -> Waiting {
    (p.row.clone(), p.clocks.clone(), p.tasks.clone())
}

fn due(row: &CaseRow) -> i64 {
    row.next_due.unwrap_or(i64::MAX)
}

impl Lists {
    pub(crate) fn new(mut rows: Vec<(i64, CaseProjection)>, unreadable: usize) -> Self {
        rows.sort_by_key(|(rank, _)| *rank);
        Self { rows, unreadable }
    }

    /// Cases that are there for whoever looks.
    fn known<'a>(&'a self, viewer: &'a Viewer) -> impl Iterator<Item = &'a (i64, CaseProjection)> {
        self.rows
            .iter()
            .filter(|(_, p)| viewer.people.is_empty() || viewer.knows(&p.row))
    }

    /// Newest first. Words are looked for in what a list shows: the search index stands in the damaged file.
    pub(crate) fn page(&self, q: &CaseQuery) -> CasePage {
        let fits: Vec<&(i64, CaseProjection)> = self
            .known(&q.viewer)
            .filter(|(_, p)| fits(&p.row, q))
            .collect();
        let before = q.cursor.as_ref().and_then(|c| c.parse::<i64>().ok());
        let limit = q.limit as usize;
        let mut rest = fits
            .iter()
            .rev()
            .filter(|(rank, _)| before.is_none_or(|before| *rank < before));
        let rows: Vec<_> = rest.by_ref().take(limit).collect();
        let more = rest.next().is_some();
        CasePage {
            next: rows
                .last()
                .filter(|_| more)
                .map(|(rank, _)| rank.to_string()),
            rows: rows.iter().map(|(_, p)| p.row.clone()).collect(),
            total: i64::try_from(fits.len()).unwrap_or(i64::MAX),
            unreadable: self.unreadable,
        }
    }

    pub(crate) fn worklist(
        &self,
        roles: &[(String, String)],
        limit: u32,
        viewer: &Viewer,
    ) -> Vec<Waiting> {
        let waits = |p: &CaseProjection| {
            let own = roles.iter().filter(|(of, _)| *of == p.row.procedure);
            let mut own = own.map(|(_, role)| role.as_str());
            let open: Vec<_> = p.tasks.iter().filter(|t| !t.done).collect();
            match roles.is_empty() {
                true => p.row.status == "open",
                false => own.any(|role| open.iter().any(|t| t.roles().contains(role))),
            }
        };
        let mut all: Vec<&CaseProjection> = self
            .known(viewer)
            .map(|(_, p)| p)
            .filter(|p| waits(p))
            .collect();
        all.sort_by_key(|p| due(&p.row));
        all.into_iter().take(limit as usize).map(waiting).collect()
    }

    pub(crate) fn all(&self, viewer: &Viewer) -> Vec<Waiting> {
        self.known(viewer).map(|(_, p)| waiting(p)).collect()
    }

    pub(crate) fn counts(&self, since: i64, now: i64, viewer: &Viewer) -> Counts {
        let mut counts = Counts::default();
        for (_, p) in self.known(viewer) {
            let open = p.row.status == "open";
            counts.received += i64::from(seconds(&p.row.received_at) >= since);
            counts.open += i64::from(open);
            counts.late += i64::from(open && due(&p.row) < now);
        }
        counts
    }

    pub(crate) fn kept_until(&self, day: &str, limit: u32, viewer: &Viewer) -> Vec<CaseRow> {
        let over = |row: &CaseRow| row.keep_until.as_deref().is_some_and(|until| until <= day);
        let mut all: Vec<CaseRow> = self
            .known(viewer)
            .map(|(_, p)| p.row.clone())
            .filter(over)
            .collect();
        all.sort_by(|a, b| a.keep_until.cmp(&b.keep_until));
        all.truncate(limit as usize);
        all
    }

    pub(crate) fn one(&self, case: CaseId) -> Option<CaseRow> {
        let mut rows = self.rows.iter();
        rows.find(|(_, p)| p.row.id == case)
            .map(|(_, p)| p.row.clone())
    }

    pub(crate) fn one_by(&self, which: &str) -> Option<CaseRow> {
        let id = which.parse::<CaseId>().ok();
        let mut rows = self.rows.iter();
        rows.find(|(_, p)| Some(p.row.id) == id || p.row.number == which)
            .map(|(_, p)| p.row.clone())
    }

    pub(crate) fn any(&self, procedure: Option<&str>) -> bool {
        let mut rows = self.rows.iter();
        rows.any(|(_, p)| procedure.is_none_or(|of| p.row.procedure == of))
    }
}

fn seconds(at: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(at).map_or(0, |at| at.timestamp())
}

fn fits(row: &CaseRow, q: &CaseQuery) -> bool {
    let is = |wanted: &Option<String>, have: &str| wanted.as_deref().is_none_or(|w| w == have);
    let late = |before: i64| row.status == "open" && due(row) < before;
    let clock = match q.clock.as_deref() {
        Some("late") => late(q.now),
        Some("soon") => late(q.now + SOON) && !late(q.now),
        _ => true,
    };
    let received = seconds(&row.received_at);
    let person = q
        .person
        .is_none_or(|p| row.registered_by == p && q.viewer.admitted(row));
    let text = q.text.as_deref().map(str::trim).filter(|t| !t.is_empty());
    is(&q.procedure, &row.procedure)
        && is(&q.status, &row.status)
        && clock
        && q.from.is_none_or(|from| received >= from)
        && q.to.is_none_or(|to| received < to)
        && person
        && text.is_none_or(|text| holds(row, text, &q.viewer))
}

/// Whether a row shows words to somebody: names only to those whose roles need them.
fn holds(row: &CaseRow, text: &str, viewer: &Viewer) -> bool {
    if !viewer.admitted(row) {
        return false;
    }
    let text = text.to_lowercase();
    let mut shown = vec![&row.number, &row.open_headline];
    if viewer.names_in.contains(&row.procedure) {
        shown.extend([&row.headline, &row.complainant]);
    }
    shown.iter().any(|s| s.to_lowercase().contains(&text))
}
