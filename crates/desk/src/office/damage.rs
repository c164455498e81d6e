//! A damaged office: it opens for reading as far as it goes, names what cannot be read, and refuses every write.
//!
//! Nobody comes in who could not come in before: of whom something is missing in the log does not sign in, and neither
//! do their deputies act for them.

use crate::{
    index::case_row::project,
    office::{
        handle::{Office, OpenOffice},
        state::OfficeState,
    },
    text::error::{ApiError, Lang},
};
use redress_domain::{case::Case, id::PersonId};
use redress_store::{SqliteStore, Store};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError},
};
use ts_rs::TS;

/// Refuses whatever would be written.
pub(crate) const READ_ONLY: &str = "damaged_read_only";

/// Whether a refusal comes from what lies in the file.
pub(crate) fn of_damage(e: &ApiError) -> bool {
    ["damaged_folder", "record_damaged"].contains(&e.code.as_str())
}

/// Something that cannot be read, or not wholly.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DamagedPart {
    /// `person:…`, `office`, `party:…` or `case:…`.
    pub stream: String,
    /// Who or which case it is, where that can be read.
    pub name: String,
    /// Why, as a code: `event_unreadable`, `seq_gap`, `end_lost`, `end_unknown`.
    pub why: String,
    /// In words: what it is, and what that means.
    pub message: String,
}

/// What is known of the damage.
#[derive(Debug, Clone, Default, Serialize, TS)]
pub struct DamageView {
    /// Damage was seen: nothing is written.
    pub read_only: bool,
    /// People, institution, register and cases of which something is missing; the check names the rest.
    pub parts: Vec<DamagedPart>,
    /// Events of the log of which nobody knows what they were.
    pub unreadable: usize,
    /// Somebody who keeps the office can still sign in.
    pub administrator: bool,
}

/// What was found when the office was read past the damage.
#[derive(Debug, Default)]
pub(crate) struct Damage {
    /// Streams that are not whole, and why.
    broken: BTreeMap<String, String>,
    unreadable: usize,
}

impl OpenOffice {
    /// The folder of an office to which nothing is written any more.
    pub(crate) fn read_only(&self) -> Option<&SqliteStore> {
        self.store.in_folder().filter(|s| s.read_only())
    }

    pub(crate) fn damage(&self) -> Option<Arc<Damage>> {
        let damage = self.damage.read();
        damage.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_damage(&self, damage: Option<Damage>) {
        let mut slot = self.damage.write().unwrap_or_else(PoisonError::into_inner);
        *slot = damage.map(Arc::new);
    }

    /// Takes in that damage was seen, or that the file was found whole since.
    pub(crate) async fn face_damage(&self) -> Result<(), ApiError> {
        if self.read_only().is_some() == self.damage().is_some() {
            return Ok(());
        }
        let _one = self.facing.lock().await;
        match (self.read_only(), self.damage()) {
            (Some(store), None) => self.read_past(store).await,
            (None, Some(_)) => {
                self.refold().await?;
                self.set_damage(None);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Reads people, institution and lists past what cannot be read.
    async fn read_past(&self, store: &SqliteStore) -> Result<(), ApiError> {
        let past = store.past().await?;
        let mut state = OfficeState::fold(&past.office, &past.people, &past.parties);
        state.not_whole(past.broken.keys());
        let state = Arc::new(state);
        *self.state.write().await = state.clone();
        let mut damage = Damage {
            broken: past.broken,
            unreadable: past.unreadable,
        };
        if !self.read_current_past().await? {
            house_unsure(&mut damage);
        }
        let mut rows = store.rows_past().await?;
        let listed: BTreeSet<_> = rows.iter().map(|(_, p)| p.row.id).collect();
        let name = |p: PersonId| state.name(p);
        let mut lost = 0;
        for (pos, id) in past.cases.iter().filter(|(_, id)| !listed.contains(id)) {
            let folded = async {
                let events = self.store.case_events(*id).await?;
                let damaged = || {
                    ApiError::new("record_damaged").with("about", crate::office::load::stream(*id))
                };
                let case = Case::fold(&events).ok_or_else(damaged)?;
                let edition = self.edition(&case.procedure, &case.edition_hash).await?;
                Ok::<_, ApiError>(project(&edition, &case, &name))
            };
            match folded.await {
                Ok(projection) => rows.push((*pos, projection)),
                Err(e) if e.passes() => return Err(e),
                Err(_) => {
                    lost += 1;
                    let stream = crate::office::load::stream(*id);
                    damage.broken.insert(stream, "event_unreadable".to_owned());
                }
            }
        }
        store.list_from(rows, lost);
        self.set_damage(Some(damage));
        Ok(())
    }
}

fn house_unsure(damage: &mut Damage) {
    let why = "event_unreadable".to_owned();
    damage.broken.entry("office".to_owned()).or_insert(why);
}

impl Office {
    /// Takes in damage that was seen and not faced yet; answers whether there was.
    pub(crate) async fn turned_read_only(&self) -> Result<bool, ApiError> {
        let open = self.open_office().await?;
        let turned = open.read_only().is_some() && open.damage().is_none();
        if turned {
            open.face_damage().await?;
        }
        Ok(turned)
    }

    /// Whether nothing is written because damage was seen.
    pub async fn read_only(&self) -> bool {
        match self.open_office().await {
            Ok(open) => open.read_only().is_some(),
            Err(_) => false,
        }
    }
}

/// What cannot be read, by name; nothing where no damage was seen.
///
/// # Errors
/// `first_run`, or what passes.
pub(crate) async fn damage_view(office: &Office, lang: Lang) -> Result<DamageView, ApiError> {
    let open = office.open_office().await?;
    open.face_damage().await?;
    let (Some(damage), state) = (open.damage(), open.state().await) else {
        return Ok(DamageView::default());
    };
    let mut parts = Vec::with_capacity(damage.broken.len());
    for (stream, why) in &damage.broken {
        let (what, name) = match stream.split_once(':') {
            None => ("damaged_part_office", String::new()),
            Some(("person", id)) => {
                let known = id.parse().ok().and_then(|p| state.people.get(&p));
                (
                    "damaged_part_person",
                    known.map_or(String::new(), |p| p.name.clone()),
                )
            }
            Some(("party", _)) => ("damaged_part_party", String::new()),
            Some(_) => ("damaged_part_case", String::new()),
        };
        let said = if name.is_empty() { stream } else { &name };
        parts.push(DamagedPart {
            message: ApiError::new(what)
                .with("name", said.as_str())
                .message(lang),
            stream: stream.clone(),
            name,
            why: why.clone(),
        });
    }
    Ok(DamageView {
        read_only: true,
        parts,
        unreadable: damage.unreadable,
        administrator: state.people.values().any(|p| p.administers() && !p.unsure),
    })
}
