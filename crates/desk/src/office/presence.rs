//! Who else has a case open: said by the windows themselves, kept nowhere, forgotten when they fall silent.

use crate::office::change_feed::Told;
use redress_domain::id::{CaseId, PersonId};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// A window that says nothing for so long is gone.
const SILENT: Duration = Duration::from_secs(45);

/// What one session says to every process on the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Said {
    pub(crate) session: String,
    pub(crate) person: PersonId,
    pub(crate) case: Option<CaseId>,
    pub(crate) typing: bool,
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
    pub(crate) fn others(
        &self,
        case: CaseId,
        session: &str,
        now: Instant,
    ) -> BTreeMap<PersonId, bool> {
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
