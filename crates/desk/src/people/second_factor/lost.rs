//! The way in for somebody who lost telephone and recovery codes where nobody else can take the second factor away.

use crate::{
    office::{
        events::{append, event},
        handle::Office,
        state::{
            OfficeState,
            person::{Person, TERMINAL},
        },
    },
    people::second_factor::proof::password_again,
    text::error::ApiError,
};
use redress_domain::{event::EventBody, value::Values};
use redress_store::SecondFactorChange;
use serde_json::Value;

/// The value that says which account of the system sat at the terminal.
const BY: &str = "second_factor.by";

/// Turns somebody's second factor off, as the terminal where the office is kept: whoever can open its files and
/// knows the person's own password. The log keeps that it was the terminal, and the system's account.
///
/// # Errors
/// `second_factor_not_on`; `second_factor_others_can` where an administrator and a third person could do it; `key_unconfirmed`
/// where the password was reset and nobody has confirmed that; `signature_password_wrong`, `try_later`.
pub(crate) async fn second_factor_lost(
    office: &Office,
    login: &str,
    password: &str,
) -> Result<(), ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let person = state.people.values().find(|p| p.login == login);
    let p = person.ok_or_else(|| ApiError::new("sign_in_failed"))?;
    if !p.second_factor {
        return Err(ApiError::new("second_factor_not_on"));
    }
    if others_can(&state, p) {
        return Err(ApiError::new("second_factor_others_can"));
    }
    if p.key_waits_for.is_some() {
        return Err(ApiError::new("key_unconfirmed"));
    }
    let now = office.now();
    password_again(&open, p, password, now).await?;
    let values = Values::from([(BY.to_owned(), Value::from(office.config.owner.as_str()))]);
    let said = event(
        TERMINAL,
        now,
        EventBody::SecondFactorOff { person: p.id },
        values,
    );
    let mut one = append(&format!("person:{}", p.id), p.seq, vec![said])?;
    one.second_factor = Some(SecondFactorChange::Off(p.id));
    open.keep(vec![one]).await?;
    open.refold().await
}

/// Whether another administrator can ask for it and a third person confirm.
fn others_can(state: &OfficeState, of: &Person) -> bool {
    let others = || {
        let all = state.people.values();
        all.filter(|p| p.id != of.id && p.stands() && !p.unsure && !p.login.is_empty())
    };
    others().any(Person::administers) && others().count() > 1
}
