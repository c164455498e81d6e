//! What the events about people make of them.

use super::{
    OfficeState,
    person::{Asked, Person, VOUCH, Waiting, account_grant, role_grant},
};
use redress_domain::{
    event::{Account, Event, EventBody, RoleGrant},
    id::PersonId,
};
use serde_json::Value;
use std::collections::BTreeSet;

fn text(e: &Event, key: &str) -> Option<String> {
    e.values.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// What is given by an event and waits for a second person.
fn waiting(e: &Event, since: u32, before: Account) -> Waiting {
    Waiting {
        by: e.actor,
        at: e.at,
        since,
        before,
    }
}

impl OfficeState {
    pub(super) fn apply_person(&mut self, e: &Event) {
        self.confirmers.apply(e.actor, &e.body);
        self.turns += 1;
        match &e.body {
            EventBody::PersonAdded { person, .. } => {
                self.people
                    .extend(added(e, self.turns).map(|p| (*person, p)));
            }
            EventBody::PersonUpdated { person, .. } => {
                let since = self.turns;
                if let Some(p) = self.in_stream(*person) {
                    update(p, e, since);
                }
            }
            EventBody::DelegateSet { principal, .. } => {
                self.delegate(e);
                self.in_stream(*principal);
            }
            EventBody::GrantConfirmed { person, grant } => self.judged(*person, grant, true),
            EventBody::GrantRefused { person, grant } => self.judged(*person, grant, false),
            EventBody::SecondFactorSet { person, .. }
            | EventBody::SecondFactorOff { person }
            | EventBody::SecondFactorReset { person }
            | EventBody::SecondFactorResetConfirmed { person }
            | EventBody::PinSet { person, .. }
            | EventBody::PasswordSet { person, .. }
            | EventBody::KeyAdded { person, .. }
            | EventBody::KeyConfirmed { person, .. } => {
                if let Some(p) = self.in_stream(*person) {
                    signs_in_with(p, e);
                }
            }
            _ => {}
        }
    }

    /// The person in whose stream an event stands, which is one event longer by it.
    fn in_stream(&mut self, person: PersonId) -> Option<&mut Person> {
        let p = self.people.get_mut(&person)?;
        p.seq += 1;
        Some(p)
    }

    /// A deputy, at once or once a second person has confirmed it.
    fn delegate(&mut self, e: &Event) {
        let EventBody::DelegateSet {
            principal,
            deputy,
            from,
            until,
            waits,
        } = &e.body
        else {
            return;
        };
        let pair = (*principal, *deputy);
        if *waits {
            let asked = Asked {
                from: *from,
                until: *until,
                waiting: waiting(e, self.turns, Account::Member),
            };
            self.asked.insert(pair, asked);
        } else {
            self.deputies.insert(pair, (*from, *until));
            self.asked.remove(&pair);
        }
    }

    /// What becomes of a grant once a second person has said so.
    fn judged(&mut self, person: PersonId, grant: &str, confirmed: bool) {
        let deputy = grant.strip_prefix("deputy:").and_then(|d| d.parse().ok());
        if let Some(deputy) = deputy {
            let asked = self.asked.remove(&(person, deputy));
            if let Some(a) = asked.filter(|_| confirmed) {
                self.deputies.insert((person, deputy), (a.from, a.until));
            }
        }
        let Some(p) = self.in_stream(person) else {
            return;
        };
        let waited = p.waiting.remove(grant);
        // Whoever confirms what somebody is given knows them.
        if confirmed && deputy.is_none() {
            p.waiting.remove(VOUCH);
        }
        let Some(waited) = waited.filter(|_| !confirmed) else {
            return;
        };
        if grant.starts_with("account:") {
            p.account = waited.before;
        } else {
            p.roles
                .retain(|r| role_grant(&r.procedure, &r.role) != grant);
        }
    }
}

/// Somebody new.
fn added(e: &Event, since: u32) -> Option<Person> {
    let EventBody::PersonAdded {
        person,
        account,
        roles,
        waits,
    } = &e.body
    else {
        return None;
    };
    let each = |grant: &String| (grant.clone(), waiting(e, since, Account::Member));
    Some(Person {
        added: since,
        waiting: waits.iter().map(each).collect(),
        id: *person,
        name: text(e, "name").unwrap_or_default(),
        login: text(e, "login").unwrap_or_default(),
        account: *account,
        roles: roles.clone(),
        closed: false,
        seq: 1,
        key: String::new(),
        key_waits_for: None,
        must_change: false,
        passwords: 0,
        second_factor: false,
        kept: None,
        kept_pin: None,
        unsure: false,
    })
}

/// Name, account and roles as they are from now on.
fn update(p: &mut Person, e: &Event, since: u32) {
    let EventBody::PersonUpdated {
        account,
        roles,
        closed,
        waits,
        ..
    } = &e.body
    else {
        return;
    };
    // What was taken away does not wait any more; what waited still does, by whoever gave it.
    let kept = grants(*account, roles);
    p.waiting.retain(|grant, _| kept.contains(grant));
    for grant in waits {
        p.waiting
            .insert(grant.clone(), waiting(e, since, p.account));
    }
    if let Some(name) = text(e, "name") {
        p.name = name;
    }
    p.account = *account;
    p.roles.clone_from(roles);
    p.closed = *closed;
}

/// All that somebody has and that could wait.
fn grants(account: Account, roles: &[RoleGrant]) -> BTreeSet<String> {
    let roles = roles.iter().map(|r| role_grant(&r.procedure, &r.role));
    let account = account_grant(account).map(str::to_owned);
    roles.chain(account).chain([VOUCH.to_owned()]).collect()
}

/// Password, PIN, key and second factor.
fn signs_in_with(p: &mut Person, e: &Event) {
    match &e.body {
        EventBody::SecondFactorSet { .. } => p.second_factor = true,
        EventBody::SecondFactorOff { .. } | EventBody::SecondFactorResetConfirmed { .. } => {
            p.second_factor = false;
        }
        EventBody::PinSet { kept, .. } => p.kept_pin = Some(kept.clone()),
        EventBody::PasswordSet { kept, .. } => {
            p.kept.clone_from(kept);
            p.kept_pin = None;
            p.must_change &= e.actor != p.id;
            p.passwords += 1;
        }
        EventBody::KeyAdded { key, reset_by, .. } => {
            p.key.clone_from(key);
            p.key_waits_for = *reset_by;
            p.must_change = reset_by.is_some();
        }
        EventBody::KeyConfirmed { key, .. } if p.key == *key => p.key_waits_for = None,
        _ => {}
    }
}
