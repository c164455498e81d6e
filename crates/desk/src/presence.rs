//! Who else has a case open: said by the windows themselves, kept nowhere, forgotten when they fall silent.

use crate::{
    error::ApiError,
    open::{Office, Session},
    sight::Eyes,
    sight::look,
    told::Told,
};
use redress_domain::id::{CaseId, PersonId};
use redress_store::Store;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use ts_rs::TS;

/// What a window has open. It says so again every 20 seconds.
#[derive(Debug, Deserialize, TS)]
pub struct PresentRequest {
    /// Case id or number; none: it looks at no case.
    pub case: Option<String>,
    /// Something is being filled in there.
    #[serde(default)]
    pub typing: bool,
}

/// Somebody else who has the case open.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
pub struct PresentView {
    /// Name.
    pub name: String,
    /// Is filling something in.
    pub typing: bool,
}

/// A window that says nothing for so long is gone.
const SILENT: Duration = Duration::from_secs(45);

/// What one session says to every process on the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Said {
    session: String,
    person: PersonId,
    case: Option<CaseId>,
    typing: bool,
}

/// Everything that was said lately, by session.
#[derive(Debug, Default)]
pub(crate) struct Presence(Mutex<BTreeMap<String, (Said, Instant)>>);

impl Presence {
    fn all(&self) -> MutexGuard<'_, BTreeMap<String, (Said, Instant)>> {
        // What a panic interrupted was one insertion or removal.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what was said; answers whom it concerns.
    pub(crate) fn heard(&self, said: &str, now: Instant) -> Vec<Told> {
        let Ok(said) = serde_json::from_str::<Said>(said) else {
            // A newer version on the same data says more than this one knows.
            return vec![];
        };
        let mut all = self.all();
        all.retain(|_, (_, seen)| now.duration_since(*seen) <= SILENT);
        let before = all.remove(&said.session).map(|(s, _)| s);
        if before.as_ref() == Some(&said) {
            all.insert(said.session.clone(), (said, now));
            return vec![];
        }
        let mut cases = vec![before.and_then(|s| s.case), said.case];
        cases.dedup();
        if said.case.is_some() {
            all.insert(said.session.clone(), (said, now));
        }
        let told = |case: CaseId| Told::Present {
            case: case.to_string(),
        };
        cases.into_iter().flatten().map(told).collect()
    }

    /// Who has a case open besides this session; whether anybody of the same name types.
    fn others(&self, case: CaseId, session: &str, now: Instant) -> BTreeMap<PersonId, bool> {
        let mut found = BTreeMap::new();
        for (said, seen) in self.all().values() {
            let fresh = now.saturating_duration_since(*seen) <= SILENT;
            if fresh && said.case == Some(case) && said.session != session {
                *found.entry(said.person).or_default() |= said.typing;
            }
        }
        found
    }
}

/// Says what this window has open; answers who else has.
pub(crate) async fn present(
    office: &Office,
    eyes: Eyes<'_>,
    r: PresentRequest,
) -> Result<Vec<PresentView>, ApiError> {
    let desk = office.desk().await?;
    let case = match &r.case {
        Some(case) => Some(look(office, &desk, eyes, case, None).await?.loaded.case.id),
        None => None,
    };
    let said = Said {
        session: eyes.session.id().to_owned(),
        person: eyes.person,
        case,
        typing: r.typing,
    };
    desk.store.announce(&serde_json::to_string(&said)?).await?;
    let Some(case) = case else {
        return Ok(vec![]);
    };
    let house = desk.house().await;
    let others = desk
        .presence
        .others(case, eyes.session.id(), Instant::now());
    Ok(others
        .into_iter()
        .map(|(person, typing)| PresentView {
            name: house.name(person),
            typing,
        })
        .collect())
}

/// Whoever signs out looks at nothing any more.
pub(crate) async fn sign_out(office: &Office, session: &Session) {
    if let Some(person) = session.person() {
        let nothing = PresentRequest {
            case: None,
            typing: false,
        };
        // Signing out never fails; the others forget the window soon by themselves.
        let _ = present(office, Eyes { person, session }, nothing).await;
    }
    session.set(None);
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn said(session: &str, person: u128, case: Option<u128>, typing: bool) -> String {
        let said = Said {
            session: session.to_owned(),
            person: PersonId(Uuid::from_u128(person)),
            case: case.map(|c| CaseId(Uuid::from_u128(c))),
            typing,
        };
        serde_json::to_string(&said).expect("text")
    }

    #[test]
    fn whoever_comes_goes_or_falls_silent_is_known() {
        let p = Presence::default();
        let t = Instant::now();
        let later = |s| t + Duration::from_secs(s);
        let (one, two) = (CaseId(Uuid::from_u128(1)), CaseId(Uuid::from_u128(2)));
        let who = |case, now| {
            let all = p.others(case, "me", now);
            all.into_iter()
                .map(|(p, typing)| (p.0.as_u128(), typing))
                .collect::<Vec<_>>()
        };
        assert_eq!(p.heard(&said("a", 7, Some(1), false), t).len(), 1);
        assert_eq!(
            p.heard(&said("a", 7, Some(1), false), later(20)),
            vec![],
            "nothing new"
        );
        assert_eq!(who(one, later(20)), [(7, false)]);
        assert_eq!(p.heard(&said("b", 7, Some(1), true), later(21)).len(), 1);
        assert_eq!(
            who(one, later(21)),
            [(7, true)],
            "two windows of one person"
        );
        assert_eq!(
            p.heard(&said("b", 7, Some(2), false), later(22)).len(),
            2,
            "both cases are told"
        );
        assert_eq!(
            (who(one, later(22)), who(two, later(22))),
            (vec![(7, false)], vec![(7, false)])
        );
        assert_eq!(p.heard(&said("b", 7, None, false), later(23)).len(), 1);
        assert_eq!(who(two, later(23)), []);
        assert_eq!(who(one, later(66)), [], "silent since 20");
        assert_eq!(
            p.heard("{\"other\":1}", t),
            vec![],
            "not ours to understand"
        );
    }
}
