//! Who can be the second person, and what needs one (docs/decisions/0009).

use crate::{
    office::{
        handle::OpenOffice,
        state::{
            OfficeState,
            person::{Person, VOUCH, account_grant, role_grant},
        },
    },
    people::accounts::RoleLine,
    text::error::ApiError,
};
use redress_domain::{
    backup_key::Asked, confirm::Matter, event::Account, id::PersonId, sight::opens,
};
use redress_store::Store;

/// Somebody cannot be the second person.
pub(crate) fn second_person_unfit() -> ApiError {
    ApiError::new("second_person_unfit")
}

/// What somebody is given.
pub(crate) struct Given<'a> {
    /// The person as they stand; none for somebody new, or who comes back.
    pub before: Option<&'a Person>,
    pub account: Account,
    pub roles: &'a [RoleLine],
}

/// What of a grant waits for a second person. While nothing was registered nobody sees anything by it: the office
/// and each procedure are set up by one. Nor is there a second person where nobody else ever had an account.
pub(crate) async fn waits(
    open: &OpenOffice,
    state: &OfficeState,
    by: PersonId,
    given: Given<'_>,
) -> Result<Vec<String>, ApiError> {
    let mut waits = Vec::new();
    if state.alone(by) {
        return Ok(waits);
    }
    for r in given.roles {
        let grant = role_grant(&r.procedure, &r.role);
        let before = given.before.map(|p| &p.roles);
        let had = before.is_some_and(|all| {
            let mut all = all.iter();
            all.any(|x| x.procedure == r.procedure && x.role == r.role)
        });
        // What is not there any more opens nothing.
        let Ok(edition) = open.newest(&r.procedure) else {
            continue;
        };
        if !had
            && !waits.contains(&grant)
            && opens(&edition, &r.role)
            && open.store.has_cases(Some(&r.procedure)).await?
        {
            waits.push(grant);
        }
    }
    let same = given.before.is_some_and(|p| p.account == given.account);
    if let Some(grant) = account_grant(given.account).filter(|_| !same)
        && open.store.has_cases(None).await?
    {
        waits.push(grant.to_owned());
    }
    // An account that one person alone lets in is nobody's second person, whatever it is given that opens nothing.
    let before = given.before.is_some_and(|p| p.account != Account::Named);
    if !before && given.account != Account::Named && open.store.has_cases(None).await? {
        waits.push(VOUCH.to_owned());
    }
    Ok(waits)
}

/// Whether somebody counts, and was there before.
fn vouches(state: &OfficeState, me: PersonId, since: u32) -> bool {
    let me = state.people.get(&me);
    me.is_some_and(|p| p.counts() && p.added < since)
}

/// Holds whoever confirms a reset key, or that a second factor is taken away, against both rules: by the order of
/// the log, and by who gave them what they have.
///
/// # Errors
/// Those of [`Confirmers::may_confirm`](redress_domain::confirm::Confirmers::may_confirm), `second_person_unfit`.
pub(crate) fn may_confirm(
    state: &OfficeState,
    me: PersonId,
    person: PersonId,
    matter: Matter,
) -> Result<(), ApiError> {
    state.confirmers.may_confirm(me, person, matter)?;
    match state.people.get(&me) {
        Some(p) if p.counts() => Ok(()),
        _ => Err(ApiError::new("second_person_unfit")),
    }
}

/// Whether somebody may make and keep the backup key that was asked for.
pub(crate) fn may_keep_key(state: &OfficeState, me: PersonId, asked: &Asked) -> bool {
    if me == asked.by {
        return state.alone(me);
    }
    vouches(state, me, asked.people + 1) && state.confirmers.was_there(me, asked.people)
}
