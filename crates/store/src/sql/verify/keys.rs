//! Whose key signed what, as the log itself tells of the keys.

use super::Line;
use redress_domain::{
    confirm::{Confirmers, Matter},
    event::EventBody,
    signature::{fits, key_id},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// The keys that the log has told of so far.
#[derive(Default)]
pub(super) struct Keys {
    /// Owner, public half and who must not confirm it, by key id.
    known: BTreeMap<String, (String, String, Option<String>)>,
    /// The key with which a person signs.
    current: BTreeMap<String, String>,
    /// Who may confirm what.
    confirmers: Confirmers,
}

impl Keys {
    /// What is wrong with an event's signature; keeps the keys that the event tells of.
    ///
    /// Only the owner's key of that moment signs, confirmed where it came with a reset. Whoever has a key
    /// signs every act that is a signature.
    pub(super) fn judge(&mut self, line: &Line, body: &Value) -> Option<&'static str> {
        let text = |k: &str| body[k].as_str().unwrap_or_default().to_owned();
        let (kind, actor) = (line.kind.as_str(), line.actor.as_str());
        if kind == "key_added" {
            let reset_by = body["reset_by"].as_str().map(str::to_owned);
            if key_id(&text("public")) != text("key") {
                return Some("key_differs");
            }
            self.current.insert(text("person"), text("key"));
            self.known
                .insert(text("key"), (text("person"), text("public"), reset_by));
        } else if kind == "key_confirmed"
            && let Some((owner, _, reset_by)) = self.known.get_mut(&text("key"))
        {
            if reset_by.as_deref() == Some(actor) || owner == actor {
                return Some("key_confirmed_by_resetter");
            }
            if reset_by.is_some() && !confirms(&self.confirmers, line, owner, Matter::Key) {
                return Some("confirmed_by_newcomer");
            }
            *reset_by = None;
        } else if kind == "second_factor_reset_confirmed"
            && !confirms(&self.confirmers, line, &text("person"), Matter::Factor)
        {
            return Some("confirmed_by_newcomer");
        }
        if line.stream.starts_with("person:")
            && let Ok(by) = actor.parse()
            && let Ok(event) = EventBody::join(kind, body.clone())
        {
            self.confirmers.apply(by, &event);
        }
        match (line.key.as_deref(), line.signature.as_deref()) {
            (Some(key), Some(signature)) => {
                let known = self.known.get(key);
                let current = self.current.get(actor).map(String::as_str) == Some(key);
                let good = known.is_some_and(|(owner, public, reset_by)| {
                    owner == actor && reset_by.is_none() && fits(public, &line.hash, signature)
                });
                (!(good && current)).then_some("signature_differs")
            }
            (None, None) => {
                let signs = body["signs"].is_string();
                (signs && self.current.contains_key(actor)).then_some("signature_missing")
            }
            _ => Some("signature_differs"),
        }
    }
}

/// Whether whoever acted may confirm what waits for a person.
fn confirms(confirmers: &Confirmers, line: &Line, person: &str, matter: Matter) -> bool {
    let (Ok(by), Ok(person)) = (line.actor.parse(), person.parse()) else {
        return false;
    };
    confirmers.may_confirm(by, person, matter).is_ok()
}
