//! Who needs a second factor, and what waits until it is set up.

use crate::{
    office::{
        handle::OpenOffice,
        state::{OfficeState, person::Person},
    },
    text::error::ApiError,
};
use redress_domain::{
    event::{Account, FactorRule},
    procedure::{Edition, Procedure},
};
use std::{collections::BTreeMap, sync::Arc};

/// What stays possible until a second factor that is needed has been set up.
const WITHOUT: [&str; 6] = [
    "session.second_factor",
    "session.second_factor_begin",
    "session.second_factor_confirm",
    "session.change_password",
    // A clock that had run ahead bars the setting up itself (T8).
    "office.clock",
    "office.confirm_clock",
];

/// Whether an institution's rule asks a person for a second factor.
pub(crate) fn needed(
    rule: FactorRule,
    person: &Person,
    current: &BTreeMap<String, Arc<Edition>>,
) -> bool {
    let administers = person.account == Account::Administrator;
    let signatory = || {
        person.roles.iter().any(|grant| {
            let edition = current.get(&grant.procedure);
            edition.is_some_and(|e| signs(&e.procedure, &grant.role))
        })
    };
    match rule {
        FactorRule::Off | FactorRule::Optional => false,
        FactorRule::Administrators => administers,
        FactorRule::Signatories => administers || signatory(),
    }
}

/// Whether a role has an act that is a signature; one without roles is everybody's, unless it is for the one person whom
/// the case names.
fn signs(procedure: &Procedure, role: &str) -> bool {
    let of_tasks = procedure.tasks.iter().flat_map(|t| &t.steps);
    let steps = procedure.steps.iter().chain(of_tasks);
    let mut signatures = steps
        .flat_map(|s| &s.actions)
        .filter(|a| !a.signs.is_empty());
    signatures.any(|a| {
        let named = a.by.iter().any(|r| r == role);
        named || (a.by.is_empty() && a.by_person.is_empty())
    })
}

/// Refuses what waits until a second factor that is needed has been set up.
pub(crate) fn gate(
    open: &OpenOffice,
    state: &OfficeState,
    me: &Person,
    command: &str,
) -> Result<(), ApiError> {
    if me.second_factor
        || WITHOUT.contains(&command)
        || !needed(state.factor_rule, me, &open.current())
    {
        return Ok(());
    }
    Err(ApiError::new("second_factor_enrol"))
}

/// The rule's word on the wire.
pub(crate) fn rule_word(rule: FactorRule) -> String {
    let word = match rule {
        FactorRule::Off => "off",
        FactorRule::Optional => "optional",
        FactorRule::Administrators => "administrators",
        FactorRule::Signatories => "signatories",
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_as_it_is_written() {
        for rule in [
            FactorRule::Off,
            FactorRule::Optional,
            FactorRule::Administrators,
            FactorRule::Signatories,
        ] {
            let read = serde_json::from_value(rule_word(rule).into());
            assert_eq!(read.ok(), Some(rule));
        }
    }
}
