//! Signing in, with a password or a PIN.

use crate::{
    access::log::note_access,
    office::{
        damage::{READ_ONLY, of_damage},
        events::{append, event},
        handle::{Office, OpenOffice},
        session::Session,
        state::{OfficeState, person::Person},
    },
    people::{
        accounts::PersonRef,
        second_factor::proof::second_step,
        session_state::{SessionState, session_state},
        signing_keys,
        throttle::Guess,
    },
    secrets::passwords::{PIN, hash_secret, is_pin, password_fits},
    text::{error::ApiError, limits},
};
use redress_domain::{
    chain::kept_hash,
    event::{Account, EventBody},
    id::PersonId,
    value::Values,
};
use redress_store::{Credential, Store};
use serde::Deserialize;
use ts_rs::TS;

/// Name and password.
#[derive(Debug, Deserialize, TS)]
pub struct SignInRequest {
    /// Sign-in name.
    pub login: String,
    /// Password.
    pub password: String,
    /// The code of the second factor, or a recovery code; empty where none is on.
    #[serde(default)]
    #[ts(optional, as = "Option<String>")]
    pub code: String,
}

/// A PIN, with the password that allows it.
#[derive(Debug, Deserialize, TS)]
pub struct PinRequest {
    /// The password.
    pub password: String,
    /// Four to eight digits.
    pub pin: String,
}

/// How somebody signs in. In a damaged office what is kept counts only where it is what the log says.
async fn credential(
    open: &OpenOffice,
    state: &OfficeState,
    login: &str,
) -> Result<Option<Credential>, ApiError> {
    let kept = match open.store.credential(login).await {
        Ok(kept) => kept,
        Err(e) => {
            let e = ApiError::from(e);
            open.face_damage().await?;
            if open.read_only().is_some() && of_damage(&e) {
                return Ok(None);
            }
            return Err(e);
        }
    };
    if open.read_only().is_none() {
        return Ok(kept);
    }
    let Some(mut c) = kept else {
        return Ok(None);
    };
    let Some(p) = state.people.get(&c.person) else {
        return Ok(None);
    };
    let own = signing_keys::kept(&p.login, &c.password_hash, &c.sealed_key);
    if p.login != login || p.kept.as_ref().is_some_and(|kept| *kept != own) {
        return Ok(None);
    }
    let pin = c.pin_hash.as_ref().map(|h| kept_hash(&[h.as_bytes()]));
    if pin != p.kept_pin {
        c.pin_hash = None;
    }
    Ok(Some(c))
}

/// Signs in with name and password, or with the PIN that one has set for oneself.
///
/// # Errors
/// `second_factor_needed` and why a code does not fit. `sign_in_failed`, `try_later`, `pin_asleep`: the same for an unknown name and a wrong password. `clock_set_back` for
/// everyone but an administrator (T8).
pub async fn sign_in(
    office: &Office,
    session: &Session,
    r: SignInRequest,
) -> Result<SessionState, ApiError> {
    let open = office.open_office().await?;
    let turn = office.signing_in.lock().await;
    let now = office.now();
    let state = open.state().await;
    let named = state.people.values().find(|p| p.login == r.login.trim());
    let guess = Guess::at_the_door(&r.login, session.origin(), named);
    guess.check(&open.store, now).await?;
    let pin = is_pin(&r.password);
    if pin && !guess.takes_pin(&open.store).await? {
        return Err(ApiError::new("pin_asleep"));
    }
    // Nobody has a longer name: it fails like any other that nobody has.
    let known = if limits::beyond(&r.login, limits::LOGIN) {
        None
    } else {
        credential(&open, &state, &r.login).await?
    };
    let hash = known.as_ref().map(|c| c.password_hash.clone());
    let pin_hash = known.as_ref().and_then(|c| c.pin_hash.clone());
    // No password looks like a PIN.
    let password = r.password.clone();
    let fits = password_fits(if pin { pin_hash } else { hash }, password).await?;
    let person = known
        .filter(|_| fits)
        .and_then(|c| state.people.get(&c.person).cloned())
        .filter(|p| !p.closed && !p.unsure && p.account != Account::Named);
    if let Some(p) = &person {
        // Before the password counts as right: whoever guesses codes is not forgiven by it each time.
        let given = (r.password.as_str(), r.code.as_str(), pin);
        second_step(office, &open, p, session.origin(), given, now).await?;
    }
    guess.note(&open.store, now, fits, pin).await?;
    drop(turn);
    let Some(person) = person else {
        let damaged = open.read_only().is_some();
        return Err(ApiError::new(match damaged {
            true => "sign_in_damaged",
            false => "sign_in_failed",
        }));
    };
    note_signed_in(office, &open, &person).await?;
    session.set(Some((person.id, person.passwords)));
    session_state(office, session).await
}

/// Keeps that somebody came in.
async fn note_signed_in(
    office: &Office,
    open: &OpenOffice,
    person: &Person,
) -> Result<(), ApiError> {
    let body = EventBody::SignedIn {};
    match note_access(office, open, person.id, body, Values::new()).await {
        // Whoever confirms the clock has to come in first; confirming keeps who it was (T8).
        Err(e) if e.code == "clock_set_back" && person.account == Account::Administrator => Ok(()),
        // A damaged office is read; that somebody came in cannot be written down.
        Err(e) if e.code == READ_ONLY => Ok(()),
        other => other,
    }
}

/// Sets one's own PIN: it opens the desk at a shared PC, and never a signing key.
pub(crate) async fn set_pin(
    office: &Office,
    me: PersonId,
    r: PinRequest,
) -> Result<PersonRef, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let p = state
        .people
        .get(&me)
        .ok_or_else(|| ApiError::new("sign_in_first"))?;
    let login = p.login.as_str();
    if !is_pin(&r.pin) {
        return Err(ApiError::new("pin_unfit")
            .with("min", *PIN.start())
            .with("max", *PIN.end()));
    }
    let now = office.now();
    let turn = open.proving.lock().await;
    let guess = Guess::inside(p);
    guess.check(&open.store, now).await?;
    let known = open.store.credential(login).await?;
    let fits = password_fits(known.map(|c| c.password_hash), r.password).await?;
    guess.note(&open.store, now, fits, false).await?;
    drop(turn);
    if !fits {
        return Err(ApiError::new("signature_password_wrong"));
    }
    let hash = hash_secret(r.pin).await?;
    let body = EventBody::PinSet {
        person: me,
        kept: kept_hash(&[hash.as_bytes()]),
    };
    let set = event(me, now, body, Values::new());
    let mut one = append(&format!("person:{me}"), p.seq, vec![set])?;
    one.pin = Some((login.to_owned(), hash));
    open.keep(vec![one]).await?;
    open.refold().await?;
    Ok(PersonRef { id: me.to_string() })
}
