//! What doors are told between requests: which cases changed, and where somebody came or went.
//!
//! A notice names cases by id and nothing else: whoever gets it reads again, and sees as much as before. A
//! confidential case is named to those who have part in it; whom it is about is told nothing at all.

use crate::office::{handle::Office, presence::Presence, session::Session};
use redress_domain::sight::Part;
use redress_store::{Change, Notice, Store};
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Instant};
use tokio::sync::broadcast::{Receiver, Sender, channel};
use ts_rs::TS;

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Told {
    /// Something was done.
    Changed {
        /// Ids of the cases that it was done on.
        cases: Vec<String>,
        /// It concerns people, institution, calendars or procedures.
        house: bool,
    },
    /// Somebody opened a case, left it or began to type.
    Present {
        /// Id of the case.
        case: String,
    },
    /// Something may have passed unheard: read everything again.
    Missed,
}

/// Notices that wait for a slow door.
const WAITING: usize = 256;

pub(crate) fn tellers() -> Sender<Told> {
    channel(WAITING).0
}

/// Looking at something changes nothing that a list shows.
fn changed(c: &Change) -> Option<Told> {
    let cases: Vec<String> = c
        .streams
        .iter()
        .filter_map(|s| s.strip_prefix("case:").map(str::to_owned))
        .collect();
    let beside = |s: &&String| !s.starts_with("case:") && *s != "access";
    let house = c.streams.iter().any(|s| beside(&s));
    (house || !cases.is_empty()).then_some(Told::Changed { cases, house })
}

/// Hands on what the store says, until the store is closed.
pub(crate) fn listen(store: &impl Store, presence: Arc<Presence>, to: Sender<Told>) {
    let mut changes = store.changes();
    tokio::spawn(async move {
        while let Some(notice) = changes.next().await {
            let told = match notice {
                Notice::Changed(c) => changed(&c).into_iter().collect(),
                Notice::Said(said) => presence.heard(&said, Instant::now()),
                Notice::Missed => vec![Told::Missed],
            };
            for one in told {
                // No door may be listening.
                let _ = to.send(one);
            }
        }
    });
}

impl Office {
    /// Hears from now on what doors are told. A door that falls behind gets an error and reads everything again.
    pub fn told(&self) -> Receiver<Told> {
        self.told.subscribe()
    }
}

/// What somebody is told of a notice: a door asks for each of its listeners.
pub(crate) async fn hears(office: &Office, session: &Session, told: Told) -> Option<Told> {
    match told {
        Told::Missed => Some(Told::Missed),
        Told::Changed { cases, house } => {
            let (mut named, mut there) = (Vec::new(), house);
            for case in cases {
                match part_in(office, session, &case).await {
                    Part::Whole => named.push(case),
                    Part::None => there = true,
                    Part::Subject => {}
                }
            }
            (there || !named.is_empty()).then_some(Told::Changed {
                cases: named,
                house,
            })
        }
        Told::Present { case } => {
            let part = part_in(office, session, &case).await;
            (part == Part::Whole).then_some(Told::Present { case })
        }
    }
}

/// What whoever is signed in has to do with a case. Of one that cannot be read nothing is named.
async fn part_in(office: &Office, session: &Session, case: &str) -> Part {
    let (Ok(open), Some(person)) = (office.open_office().await, session.person()) else {
        return Part::None;
    };
    let viewer = open.viewer(person, office.now()).await;
    match open.store.case_row_by(case).await {
        Ok(Some(row)) => row
            .circle
            .as_ref()
            .map_or(Part::Whole, |c| viewer.part(&row.procedure, c)),
        _ => Part::None,
    }
}
