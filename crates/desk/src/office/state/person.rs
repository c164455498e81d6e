//! A person, and what was given to them.

use chrono::NaiveDate;
use redress_domain::{
    clock::Moment,
    event::{Account, RoleGrant},
    id::PersonId,
};
use std::collections::BTreeMap;

/// A person with an account, or one who is only named.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Id.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Sign-in name; empty where there is none.
    pub login: String,
    /// Kind of account.
    pub account: Account,
    /// Roles.
    pub roles: Vec<RoleGrant>,
    /// Left; never deleted.
    pub closed: bool,
    /// Events in the person's stream.
    pub seq: i64,
    /// The key with which the person signs; empty where there is none.
    pub key: String,
    /// Who reset the password: until someone else has confirmed the new key, it does not sign.
    pub key_waits_for: Option<PersonId>,
    /// The password was given by somebody else after a reset, and is changed at the next signing in.
    pub must_change: bool,
    /// How often the password was set.
    pub passwords: u32,
    /// The place of the person's first event among all those about people: who was there before whom.
    pub added: u32,
    /// What the person was given and a second person has not confirmed yet, by [`role_grant`] and its like, and [`VOUCH`].
    pub waiting: BTreeMap<String, Waiting>,
    /// Signing in asks for a second factor.
    pub second_factor: bool,
    /// What the log holds of the newest password, and of the newest PIN; an older log does not say it.
    pub kept: Option<String>,
    /// The same of the PIN.
    pub kept_pin: Option<String>,
    /// Something is missing of what the log says of the person: nobody knows what, so nobody comes in as them.
    pub unsure: bool,
}

/// Who gave somebody something that waits for a second person, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// Who gave it.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// The place of the event among all those about people.
    pub since: u32,
    /// The kind of account until then, for refusing one.
    pub before: Account,
}

/// A delegation that waits for a second person.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
    /// Who asked, and when.
    pub waiting: Waiting,
}

/// A role as something that is given.
pub fn role_grant(procedure: &str, role: &str) -> String {
    format!("role:{procedure}/{role}")
}

/// A kind of account as something that is given; none where it opens nothing.
pub fn account_grant(account: Account) -> Option<&'static str> {
    match account {
        Account::Auditor => Some("account:auditor"),
        Account::Administrator => Some("account:administrator"),
        Account::Member | Account::Named => None,
    }
}

/// What waits of somebody whom one person alone let in after the set-up: whether a second one knows them. It bars
/// nothing but being the second person for others.
pub const VOUCH: &str = "vouch:person";

/// A deputy as something that is given.
pub fn deputy_grant(deputy: PersonId) -> String {
    format!("deputy:{deputy}")
}

impl Person {
    /// Whether the account itself stands: open, with a password of the person's own.
    pub fn stands(&self) -> bool {
        !self.closed && self.account != Account::Named && self.key_waits_for.is_none()
    }

    /// Whether more than one person knows of the account: from the set-up, or by something that was confirmed.
    pub fn known(&self) -> bool {
        !self.waiting.contains_key(VOUCH)
    }

    /// Whether the person reads as an auditor, confidential cases included.
    pub fn audits(&self) -> bool {
        let waits = self.waiting.contains_key("account:auditor");
        self.account == Account::Auditor && self.stands() && !waits
    }

    /// Whether the person keeps the office, and nothing about that waits for a second person.
    pub fn administers(&self) -> bool {
        let waits = self.waiting.contains_key("account:administrator");
        self.account == Account::Administrator && self.stands() && !waits
    }

    /// Whether somebody stands, is known to more than one person, and was given something that nobody has to confirm
    /// any more: not one to whom somebody alone gave everything.
    pub fn counts(&self) -> bool {
        let mut roles = self.roles.iter();
        let confirmed = roles.any(|r| self.holds(&r.procedure, &r.role));
        self.stands() && self.known() && (confirmed || self.administers() || self.audits())
    }

    /// Whether a role is confirmed, or never had to be.
    pub fn holds(&self, procedure: &str, role: &str) -> bool {
        let mut all = self.roles.iter();
        let has = all.any(|r| r.procedure == procedure && r.role == role);
        has && !self.waiting.contains_key(&role_grant(procedure, role))
    }
}

/// Who acts where nobody signs in: the terminal on the machine that holds the folder.
pub const TERMINAL: PersonId = PersonId(uuid::Uuid::nil());
