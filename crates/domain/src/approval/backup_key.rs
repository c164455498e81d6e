//! The institution's backup key (备份密钥), and what a backup is sealed to (docs/decisions/0011).
//!
//! One administrator asks for a key; it is made before the eyes of a second person, who keeps the half that opens
//! backups. The office keeps the half that seals them, so that an administrator alone reads nothing by a backup.

use crate::{
    event::{Event, EventBody},
    id::PersonId,
    refusal::Refusal,
    time::clock::Moment,
};

/// Somebody asked for a key, and nobody has said yes or no yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// How many events there were about people by then: who came later is no second person.
    pub people: u32,
}

/// A key that is, or was, in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The half that seals (`age1…`).
    pub recipient: String,
    /// Since when.
    pub since: Moment,
    /// Who asked for it.
    pub proposed_by: PersonId,
    /// Who has the half that opens.
    pub keeper: PersonId,
    /// Made by one person in an office where there was nobody else.
    pub alone: bool,
}

/// The keys of an office, folded from its stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackupKeys {
    /// What waits for a second person.
    pub asked: Option<Asked>,
    /// Every key that there was, the one in force last.
    pub all: Vec<Key>,
}

/// To what a backup is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealing<'a> {
    /// To this key and nothing else.
    Key(&'a Key),
    /// To what whoever makes it chooses.
    Own,
}

impl BackupKeys {
    /// Takes one event of the office in.
    pub fn apply(&mut self, e: &Event) {
        match &e.body {
            EventBody::BackupKeyAsked { people } => {
                self.asked = Some(Asked {
                    by: e.actor,
                    at: e.at,
                    people: *people,
                });
            }
            EventBody::BackupKeyMade {
                recipient,
                proposed_by,
                alone,
            } => {
                self.asked = None;
                self.all.push(Key {
                    recipient: recipient.clone(),
                    since: e.at,
                    proposed_by: *proposed_by,
                    keeper: e.actor,
                    alone: *alone,
                });
            }
            EventBody::BackupKeyRefused {} => self.asked = None,
            _ => {}
        }
    }

    /// The key that is in force.
    pub fn in_force(&self) -> Option<&Key> {
        self.all.last()
    }

    /// The key of a sealed backup.
    pub fn of(&self, recipient: &str) -> Option<&Key> {
        self.all.iter().rev().find(|k| k.recipient == recipient)
    }

    /// To what a backup is sealed in an office of one person or of more, with or without cases.
    ///
    /// Whether there is a confidential case decides nothing: whom one is about would learn of it by the refusal.
    ///
    /// # Errors
    /// `backup_key_missing` where there are cases and other people and no key, `backup_key_alone` where the key was
    /// made by one person before there were others.
    pub fn sealing(&self, of_one: bool, cases: bool) -> Result<Sealing<'_>, Refusal> {
        match self.in_force() {
            Some(key) if key.alone && !of_one && cases => Err(Refusal::new("backup_key_alone")),
            Some(key) => Ok(Sealing::Key(key)),
            None if cases && !of_one => Err(Refusal::new("backup_key_missing")),
            None => Ok(Sealing::Own),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Values;
    use uuid::Uuid;

    const A: PersonId = PersonId(Uuid::from_u128(1));
    const B: PersonId = PersonId(Uuid::from_u128(2));

    fn keys(all: &[(PersonId, EventBody)]) -> BackupKeys {
        let mut keys = BackupKeys::default();
        for (actor, body) in all {
            keys.apply(&Event {
                actor: *actor,
                at: Moment::default(),
                body: body.clone(),
                values: Values::new(),
            });
        }
        keys
    }

    fn made(recipient: &str, alone: bool) -> EventBody {
        EventBody::BackupKeyMade {
            recipient: recipient.to_owned(),
            proposed_by: A,
            alone,
        }
    }

    fn says(keys: &BackupKeys, of_one: bool, cases: bool) -> String {
        match keys.sealing(of_one, cases) {
            Ok(Sealing::Key(key)) => key.recipient.clone(),
            Ok(Sealing::Own) => "own".to_owned(),
            Err(e) => e.code,
        }
    }

    #[test]
    fn what_a_backup_is_sealed_to() {
        let none = keys(&[]);
        let two = keys(&[(B, made("age1two", false))]);
        let alone = keys(&[(A, made("age1one", true))]);
        let table = [
            ("no key, set-up", &none, false, false, "own"),
            ("no key, cases", &none, false, true, "backup_key_missing"),
            ("no key, one person", &none, true, true, "own"),
            ("a key", &two, false, true, "age1two"),
            ("a key before the first case", &two, false, false, "age1two"),
            ("made alone, still alone", &alone, true, true, "age1one"),
            (
                "made alone, with others",
                &alone,
                false,
                true,
                "backup_key_alone",
            ),
        ];
        for (what, keys, of_one, cases, expected) in table {
            assert_eq!(says(keys, of_one, cases), expected, "{what}");
        }
    }

    #[test]
    fn asking_changes_nothing_until_a_key_is_made_and_the_keys_before_are_known() {
        let asked = EventBody::BackupKeyAsked { people: 7 };
        let first = [(A, asked.clone()), (B, made("age1first", false))];
        let mut all = first.to_vec();
        all.push((A, asked));
        let waiting = keys(&all);
        assert_eq!(says(&waiting, false, true), "age1first");
        assert_eq!(waiting.asked.as_ref().map(|a| a.people), Some(7));
        all.push((B, EventBody::BackupKeyRefused {}));
        assert_eq!(keys(&all), keys(&first), "refused: as before");
        all.push((B, made("age1second", false)));
        let replaced = keys(&all);
        assert_eq!(says(&replaced, false, true), "age1second");
        assert_eq!(replaced.of("age1first").map(|k| k.keeper), Some(B));
        assert_eq!(replaced.of("age1other"), None);
    }
}
