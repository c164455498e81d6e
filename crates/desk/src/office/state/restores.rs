//! Backups that were restored, and the numbers that are skipped since.

use redress_domain::{
    event::{Event, EventBody, Skipped},
    id::CaseId,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Who restored a backup, beside its record.
pub(crate) const RESTORED_BY: &str = "restored.by";

/// What the office knows of its restores.
#[derive(Debug, Clone, Default)]
pub struct Restores {
    /// Position and hash up to which the newest restored backup knew, who restored, and when it was noted.
    pub newest: Option<(i64, String, String, String)>,
    /// Nobody has said yet what was given out since that backup.
    pub unsaid: bool,
    /// Numbers that are skipped, each with when that was said.
    pub skipped: Vec<(Skipped, String)>,
    /// The highest number of documents of a form under a case that is known to be given out elsewhere.
    pub documents: BTreeMap<(CaseId, String), u32>,
}

impl Restores {
    /// Folds an event of the office stream; answers whether it was one of these.
    pub(crate) fn fold(&mut self, e: &Event) -> bool {
        match &e.body {
            EventBody::Restored { pos, hash } => {
                let by = e
                    .values
                    .get(RESTORED_BY)
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                let at = e.at.to_rfc3339();
                self.newest = Some((*pos, hash.clone(), by.to_owned(), at));
                self.unsaid = true;
            }
            EventBody::NumbersSaid { skipped, documents } => {
                self.unsaid = false;
                let at = e.at.to_rfc3339();
                let all = skipped.iter().map(|s| (s.clone(), at.clone()));
                self.skipped.extend(all);
                for d in documents {
                    let last = self.documents.entry((d.case, d.form.clone())).or_default();
                    *last = (*last).max(d.last);
                }
            }
            _ => return false,
        }
        true
    }

    /// The highest number of a procedure and year that was skipped; 0 where none was.
    pub fn last(&self, procedure: &str, year: i32) -> i64 {
        let all = self.skipped.iter().map(|(s, _)| s);
        let own = all.filter(|s| s.procedure == procedure && s.year == year);
        own.map(|s| s.to).max().unwrap_or_default()
    }
}
