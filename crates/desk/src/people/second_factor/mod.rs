//! The second factor: a code that a telephone makes every half minute from a shared secret (RFC 6238).
//!
//! The secret is sealed by the password, so a stolen folder does not tell it; ten printed recovery codes stand in
//! for a telephone that is lost, and only their hashes are kept. No code is taken twice. A signature asks for the
//! password alone: whoever signs came in with both.

pub(crate) mod lost;
pub(crate) mod proof;
pub(crate) mod rule;

use crate::{
    office::{
        events::{append, event},
        handle::{Office, OpenOffice},
        session::Eyes,
        state::{OfficeState, person::Person},
    },
    people::{accounts::PersonRef, second_person::may_confirm},
    secrets::{
        codes::{self, SecondFactorOffer},
        passwords::blocking,
        sealing::{seal, unseal},
    },
    text::error::ApiError,
};
use proof::{password_again, prove_and_spend, prove_own, step};
use redress_domain::{
    chain::kept_hash,
    clock::Moment,
    confirm::Matter,
    event::{Event, EventBody, FactorChange, FactorRule},
    id::PersonId,
    value::Values,
};
use redress_store::{SecondFactor, SecondFactorChange, Store};
use rule::{needed, rule_word};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The own password.
#[derive(Debug, Deserialize, TS)]
pub struct SecondFactorBegin {
    /// The password.
    pub password: String,
    /// A code of the one that is on, or a recovery code; empty where none is on.
    #[serde(default)]
    pub code: String,
}

/// A code, to show that the telephone has the secret.
#[derive(Debug, Deserialize, TS)]
pub struct SecondFactorProof {
    /// The password.
    pub password: String,
    /// The code; for what changes a second factor that is on, a recovery code as well.
    pub code: String,
}

/// Recovery codes: shown this once.
#[derive(Debug, Serialize, TS)]
pub struct RecoveryCodes {
    /// Ten, each good for one signing in.
    pub codes: Vec<String>,
}

/// The own second factor.
#[derive(Debug, Serialize, TS)]
pub struct SecondFactorView {
    /// It is on.
    pub on: bool,
    /// Recovery codes that are left.
    pub codes_left: u32,
    /// The institution's rule: `off`, `optional`, `administrators`, `signatories`.
    pub rule: String,
    /// The rule asks for one.
    pub needed: bool,
}

/// Whose second factor.
#[derive(Debug, Deserialize, TS)]
pub struct SecondFactorOf {
    /// Whose.
    pub id: String,
}

fn kept(person: PersonId, f: &SecondFactor) -> String {
    kept_hash(&[person.to_string().as_bytes(), &f.sealed, f.codes.as_bytes()])
}

fn set(person: PersonId, change: FactorChange, f: &SecondFactor, now: Moment) -> Event {
    let body = EventBody::SecondFactorSet {
        person,
        change,
        kept: kept(person, f),
    };
    event(person, now, body, Values::new())
}

/// What is kept of a second factor when the own password changes, and the event that says so; nothing where the
/// old password does not open it.
pub(crate) async fn resealed(
    open: &OpenOffice,
    p: &Person,
    old: &str,
    new: &str,
    now: Moment,
) -> Result<Option<(Event, SecondFactorChange)>, ApiError> {
    let Some(factor) = open.store.second_factor(p.id).await? else {
        return Ok(None);
    };
    let (sealed, old, new) = (factor.sealed.clone(), old.to_owned(), new.to_owned());
    let again = blocking(move || {
        let secret = unseal::<{ codes::SECRET }>(&sealed, &old)?;
        secret.map(|s| seal(&s, &new)).transpose()
    });
    Ok(again.await?.map(|sealed| {
        let fresh = SecondFactor { sealed, ..factor };
        let said = set(p.id, FactorChange::Resealed, &fresh, now);
        (said, SecondFactorChange::Set(p.id, fresh))
    }))
}

async fn keep_factor(
    open: &OpenOffice,
    p: &Person,
    said: Event,
    change: Option<SecondFactorChange>,
) -> Result<(), ApiError> {
    let mut one = append(&format!("person:{}", p.id), p.seq, vec![said])?;
    one.second_factor = change;
    open.keep(vec![one]).await?;
    open.refold().await
}

/// The own second factor and the rule.
pub(crate) async fn second_factor(
    office: &Office,
    me: PersonId,
) -> Result<SecondFactorView, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let p = own(&state, me)?;
    let factor = open.store.second_factor(me).await?;
    Ok(SecondFactorView {
        on: p.second_factor,
        codes_left: factor.map_or(Ok(0), |f| codes::left(&f.codes))?,
        rule: rule_word(state.factor_rule),
        needed: needed(state.factor_rule, p, &open.current()),
    })
}

/// Makes a secret and shows it; nothing is on before a code proves that the telephone has it.
///
/// # Errors
/// `second_factor_rule_off`, `signature_password_wrong`, and why the code of the one that is on does not fit.
pub(crate) async fn second_factor_begin(
    office: &Office,
    eyes: Eyes<'_>,
    r: SecondFactorBegin,
) -> Result<SecondFactorOffer, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let p = own(&state, eyes.person)?;
    if state.factor_rule == FactorRule::Off {
        return Err(ApiError::new("second_factor_rule_off"));
    }
    let now = office.now();
    password_again(&open, p, &r.password, now).await?;
    if p.second_factor {
        // A borrowed session must not put another telephone in the place of the one that is on.
        prove_and_spend(&open, p, &r.password, &r.code, now).await?;
    }
    let secret = codes::new_secret()?;
    eyes.session.offer(Some(secret));
    codes::offer(&secret, &state.organisation.name, &p.login)
}

/// Turns it on: the code proves that the telephone has the secret. Answers the recovery codes.
///
/// # Errors
/// `second_factor_begin_first`, `signature_password_wrong`, `second_factor_wrong`, `second_factor_clock`.
pub(crate) async fn second_factor_confirm(
    office: &Office,
    eyes: Eyes<'_>,
    r: SecondFactorProof,
) -> Result<RecoveryCodes, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let p = own(&state, eyes.person)?;
    let now = office.now();
    let secret = eyes.session.offered();
    let secret = secret.ok_or_else(|| ApiError::new("second_factor_begin_first"))?;
    password_again(&open, p, &r.password, now).await?;
    let last_step = step(&secret, &r.code, now)?;
    let password = r.password;
    let sealed = blocking(move || seal(&secret, &password)).await?;
    let (plain, hashes) = codes::recovery(p.id)?;
    let factor = SecondFactor {
        sealed,
        codes: hashes,
        last_step,
    };
    let said = set(p.id, FactorChange::Enrolled, &factor, now);
    let change = SecondFactorChange::Set(p.id, factor);
    keep_factor(&open, p, said, Some(change)).await?;
    eyes.session.offer(None);
    office.came_in.note(p.id, eyes.session.origin());
    Ok(RecoveryCodes { codes: plain })
}

/// New recovery codes; the earlier ones are worth nothing then.
///
/// # Errors
/// `second_factor_not_on`, and why password or code do not fit.
pub(crate) async fn second_factor_codes(
    office: &Office,
    me: PersonId,
    r: SecondFactorProof,
) -> Result<RecoveryCodes, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let p = own(&state, me)?;
    let now = office.now();
    prove_own(&open, p, &r, now).await?;
    let factor = open.store.second_factor(me).await?;
    let factor = factor.ok_or_else(|| ApiError::new("second_factor_lost"))?;
    let (plain, hashes) = codes::recovery(me)?;
    let factor = SecondFactor {
        codes: hashes,
        ..factor
    };
    let said = set(me, FactorChange::CodesRenewed, &factor, now);
    let change = SecondFactorChange::Set(me, factor);
    keep_factor(&open, p, said, Some(change)).await?;
    Ok(RecoveryCodes { codes: plain })
}

/// Turns the own second factor off.
///
/// # Errors
/// `second_factor_not_on`, `second_factor_rule_needs` where the rule asks for it, and why password or code do not fit.
pub(crate) async fn second_factor_off(
    office: &Office,
    me: PersonId,
    r: SecondFactorProof,
) -> Result<SecondFactorView, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let p = own(&state, me)?;
    if needed(state.factor_rule, p, &open.current()) {
        return Err(ApiError::new("second_factor_rule_needs"));
    }
    let now = office.now();
    prove_own(&open, p, &r, now).await?;
    let said = event(
        me,
        now,
        EventBody::SecondFactorOff { person: me },
        Values::new(),
    );
    keep_factor(&open, p, said, Some(SecondFactorChange::Off(me))).await?;
    second_factor(office, me).await
}

/// Asks that somebody's second factor be taken away; it holds until a third person confirms.
///
/// # Errors
/// `second_factor_not_on`, `second_person_needed` for one's own.
pub(crate) async fn second_factor_reset(
    office: &Office,
    me: PersonId,
    r: SecondFactorOf,
) -> Result<PersonRef, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let p = state.person(&r.id)?;
    if !p.second_factor {
        return Err(ApiError::new("second_factor_not_on"));
    }
    if p.id == me {
        return Err(ApiError::new("second_person_needed"));
    }
    let body = EventBody::SecondFactorReset { person: p.id };
    let said = event(me, office.now(), body, Values::new());
    keep_factor(&open, p, said, None).await?;
    Ok(PersonRef {
        id: p.id.to_string(),
    })
}

/// Confirms it, by a third person whose account is older than the asking: the second factor is gone.
///
/// # Errors
/// Those of [`may_confirm`].
pub(crate) async fn second_factor_reset_confirm(
    office: &Office,
    me: PersonId,
    r: SecondFactorOf,
) -> Result<PersonRef, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let p = state.person(&r.id)?;
    may_confirm(&state, me, p.id, Matter::Factor)?;
    let body = EventBody::SecondFactorResetConfirmed { person: p.id };
    let said = event(me, office.now(), body, Values::new());
    keep_factor(&open, p, said, Some(SecondFactorChange::Off(p.id))).await?;
    Ok(PersonRef {
        id: p.id.to_string(),
    })
}

pub(crate) fn own(state: &OfficeState, me: PersonId) -> Result<&Person, ApiError> {
    let p = state.people.get(&me);
    p.ok_or_else(|| ApiError::new("sign_in_first"))
}
