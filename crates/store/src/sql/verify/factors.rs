//! Second factors are those of which the log tells: none was put in another's place, and none taken away.

use super::super::{read::Read, whole::Whole};
use super::{Connection, Found, Line};
use crate::StoreError;
use redress_domain::chain::kept_hash;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What the newest second factor of a person is kept as.
#[derive(Default)]
pub(super) struct Factors(BTreeMap<String, String>);

impl Factors {
    /// Keeps what an event tells of a second factor.
    pub(super) fn look(&mut self, line: &Line, body: &Value) {
        let text = |k: &str| body[k].as_str().unwrap_or_default().to_owned();
        match line.kind.as_str() {
            "second_factor_set" => {
                self.0.insert(text("person"), text("kept"));
            }
            "second_factor_off" | "second_factor_reset_confirmed" => {
                self.0.remove(&text("person"));
            }
            _ => {}
        }
    }

    /// Holds what is there against it.
    pub(super) async fn finish(
        &self,
        c: &mut Connection,
        lost: &BTreeSet<String>,
        found: &mut Found,
    ) -> Result<(), StoreError> {
        // Of whom a salvage could not carry everything nobody knows what should be kept.
        let lost = |person: &str| lost.contains(&format!("person:{person}"));
        let rows = sqlx::query("SELECT person, sealed, codes FROM second_factor")
            .rows(c)
            .await?;
        let mut missing = self.0.clone();
        for r in &rows {
            let (person, sealed, codes): (String, Vec<u8>, String) =
                (r.read(0)?, r.read(1)?, r.read(2)?);
            let kept = kept_hash(&[person.as_bytes(), &sealed, codes.as_bytes()]);
            if missing.remove(&person) != Some(kept) && !lost(&person) {
                found.stray("second_factor_differs", &person);
            }
        }
        for person in missing.keys().filter(|p| !lost(p)) {
            found.stray("second_factor_lost", person);
        }
        Ok(())
    }
}
