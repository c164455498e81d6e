//! That somebody holds the second factor, and knows the password.

use super::{SecondFactorProof, keep_factor, set};
use crate::{
    office::{
        handle::{Office, OpenOffice},
        state::person::Person,
    },
    people::throttle::Guess,
    secrets::{
        codes::{self, Fit},
        passwords::{blocking, password_fits},
        sealing::unseal,
    },
    text::error::ApiError,
};
use redress_domain::{clock::Moment, event::FactorChange};
use redress_store::{SecondFactor, SecondFactorChange, Store};

/// What proved that somebody holds the second factor.
enum Proof {
    /// A code of the telephone, and the secret that it was made from.
    Code,
    /// A recovery code; what is kept without it.
    Recovery(SecondFactor),
}

/// Holds a code against a person's second factor. A right code of the telephone is used up by this; a recovery
/// code by the event that the caller appends.
///
/// # Errors
/// `second_factor_wrong`, `second_factor_clock`, `second_factor_used`, `second_factor_sealed`, `try_later`.
async fn prove(
    open: &OpenOffice,
    p: &Person,
    password: &str,
    code: &str,
    now: Moment,
) -> Result<Proof, ApiError> {
    let guess = Guess::code(p);
    guess.check(&open.store, now).await?;
    let tried = fit(open, p, password, code, now).await;
    let right = tried.is_ok();
    // A code that was right once and one that no secret is there for are no guesses.
    let counts = |e: &ApiError| {
        matches!(
            e.code.as_str(),
            "second_factor_wrong" | "second_factor_clock"
        )
    };
    if right || tried.as_ref().is_err_and(counts) {
        guess.note(&open.store, now, right, false).await?;
    }
    tried
}

async fn fit(
    open: &OpenOffice,
    p: &Person,
    password: &str,
    code: &str,
    now: Moment,
) -> Result<Proof, ApiError> {
    let factor = open.store.second_factor(p.id).await?;
    let mut factor = factor.ok_or_else(|| ApiError::new("second_factor_lost"))?;
    if !codes::is_code(code) {
        factor.codes = codes::without(&factor.codes, p.id, code)
            .ok_or_else(|| ApiError::new("second_factor_wrong"))?;
        return Ok(Proof::Recovery(factor));
    }
    let (sealed, password) = (factor.sealed, password.to_owned());
    let secret = blocking(move || unseal::<{ codes::SECRET }>(&sealed, &password)).await?;
    let secret = secret.ok_or_else(|| ApiError::new("second_factor_sealed"))?;
    let step = step(&secret, code, now)?;
    // A step that lies in the future was used under a clock that had run ahead, and bars nothing.
    let newest = codes::step(now) + 1;
    if open.store.second_factor_used(p.id, step, newest).await? {
        Ok(Proof::Code)
    } else {
        Err(ApiError::new("second_factor_used"))
    }
}

/// The half minute of which a code is.
///
/// # Errors
/// `second_factor_wrong`, `second_factor_clock`.
pub(super) fn step(secret: &[u8; codes::SECRET], code: &str, now: Moment) -> Result<i64, ApiError> {
    match codes::fits(secret, code, now)? {
        Fit::Step(step) => Ok(step),
        Fit::Drift(minutes) => Err(ApiError::new("second_factor_clock")
            .with("minutes", minutes)
            .with("now", now.format("%H:%M:%S").to_string())),
        Fit::No => Err(ApiError::new("second_factor_wrong")),
    }
}

/// Proves it, and keeps that a recovery code is used up.
///
/// # Errors
/// Those of [`prove`].
pub(super) async fn prove_and_spend(
    open: &OpenOffice,
    p: &Person,
    password: &str,
    code: &str,
    now: Moment,
) -> Result<(), ApiError> {
    if let Proof::Recovery(left) = prove(open, p, password, code, now).await? {
        let said = set(p.id, FactorChange::CodeUsed, &left, now);
        let change = SecondFactorChange::Set(p.id, left);
        keep_factor(open, p, said, Some(change)).await?;
    }
    Ok(())
}

/// The password of somebody who has signed in.
pub(crate) async fn password_again(
    open: &OpenOffice,
    p: &Person,
    password: &str,
    now: Moment,
) -> Result<(), ApiError> {
    let _turn = open.proving.lock().await;
    let guess = Guess::inside(p);
    guess.check(&open.store, now).await?;
    let known = open.store.credential(&p.login).await?;
    let fits = password_fits(known.map(|c| c.password_hash), password.to_owned()).await?;
    guess.note(&open.store, now, fits, false).await?;
    if fits {
        Ok(())
    } else {
        Err(ApiError::new("signature_password_wrong"))
    }
}

/// The second step of signing in; nothing where no second factor is on.
///
/// # Errors
/// `second_factor_needed` without a code, `second_factor_pin` for a PIN where nobody came in with both, and why a
/// code does not fit.
pub(crate) async fn second_step(
    office: &Office,
    open: &OpenOffice,
    p: &Person,
    origin: &str,
    given: (&str, &str, bool),
    now: Moment,
) -> Result<(), ApiError> {
    let (password, code, pin) = given;
    if !p.second_factor {
        return Ok(());
    }
    if pin {
        if office.came_in.lately(p.id, origin) {
            return Ok(());
        }
        return Err(ApiError::new("second_factor_pin"));
    }
    if code.trim().is_empty() {
        return Err(ApiError::new("second_factor_needed"));
    }
    prove_and_spend(open, p, password, code, now).await?;
    office.came_in.note(p.id, origin);
    Ok(())
}

pub(super) async fn prove_own(
    open: &OpenOffice,
    p: &Person,
    r: &SecondFactorProof,
    now: Moment,
) -> Result<(), ApiError> {
    if !p.second_factor {
        return Err(ApiError::new("second_factor_not_on"));
    }
    password_again(open, p, &r.password, now).await?;
    // A recovery code needs no event of its own: what follows replaces all of them.
    prove(open, p, &r.password, &r.code, now).await?;
    Ok(())
}
