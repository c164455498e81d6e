//! Signing keys: made with a password, sealed by it, confirmed after a reset, unsealed for one act.

use crate::{
    office::{
        events::{append, event},
        handle::{Office, OpenOffice},
        session::Eyes,
        state::{OfficeState, person::Person},
    },
    people::{
        accounts::PersonRef, second_factor::resealed, second_person::may_confirm, throttle::Guess,
    },
    secrets::{
        passwords::{blocking, guessable::About, hash_password},
        sealing::{SEED, seal, unseal},
    },
    text::error::ApiError,
};
use redress_domain::{
    chain::kept_hash,
    clock::Moment,
    confirm::Matter,
    event::{Event, EventBody},
    id::PersonId,
    signature::Signer,
    value::Values,
};
use redress_store::{NewCredential, Store};
use serde::Deserialize;
use ts_rs::TS;

/// With what somebody signs: meaning and password, or the password alone where the door has shown the meaning.
#[derive(Debug, Deserialize, TS)]
pub struct SignatureRequest {
    /// What the signature means, as the action says it; refused where it says something else.
    #[serde(default)]
    pub meaning: String,
    /// The password again; the door supplies it.
    #[serde(default)]
    pub password: String,
}

/// Which person.
#[derive(Debug, Deserialize, TS)]
pub struct ConfirmKeyRequest {
    /// Whose new key.
    pub id: String,
}

/// What the log keeps of a password, so that nobody puts another in its place unnoticed.
pub(crate) fn kept(login: &str, hash: &str, sealed: &[u8]) -> String {
    kept_hash(&[login.as_bytes(), hash.as_bytes(), sealed])
}

/// A password that is set: its hash, a fresh key sealed by it, and the events that say so.
pub(crate) struct NewPassword {
    hash: String,
    sealed: Vec<u8>,
    signer: Signer,
}

impl NewPassword {
    /// Checks the password's rules, hashes it and makes a key.
    pub(crate) async fn make(password: String, about: Option<About>) -> Result<Self, ApiError> {
        let hash = hash_password(password.clone(), about).await?;
        let mut seed = [0; SEED];
        getrandom::fill(&mut seed).map_err(ApiError::internal)?;
        let sealed = blocking(move || seal(&seed, &password)).await?;
        Ok(Self {
            hash,
            sealed,
            signer: Signer::from_seed(&seed),
        })
    }

    /// What the log says of it.
    pub(crate) fn events(
        &self,
        by: PersonId,
        at: redress_domain::clock::Moment,
        person: PersonId,
        login: &str,
        reset: bool,
    ) -> [Event; 2] {
        let key = EventBody::KeyAdded {
            person,
            key: self.signer.key_id(),
            public: self.signer.public(),
            reset_by: reset.then_some(by),
        };
        let set = EventBody::PasswordSet {
            person,
            kept: Some(kept(login, &self.hash, &self.sealed)),
        };
        [set, key].map(|body| event(by, at, body, Values::new()))
    }

    /// What signing in and signing need from now on.
    pub(crate) fn credential(self, login: &str, person: PersonId) -> NewCredential {
        NewCredential {
            login: login.to_owned(),
            person,
            password_hash: self.hash,
            sealed_key: self.sealed,
        }
    }
}

/// The key of a person who signs this act.
///
/// # Errors
/// `signature_needed`, `signature_meaning`, `key_unconfirmed`, `signature_password_wrong`, `try_later`.
pub(crate) async fn unlock(
    open: &OpenOffice,
    state: &OfficeState,
    person: PersonId,
    meaning: &str,
    given: Option<SignatureRequest>,
    now: Moment,
) -> Result<Signer, ApiError> {
    let given = given
        .filter(|g| !g.password.is_empty())
        .ok_or_else(|| ApiError::new("signature_needed").with("meaning", meaning))?;
    if !given.meaning.is_empty() && given.meaning != meaning {
        return Err(ApiError::new("signature_meaning")
            .with("meaning", meaning)
            .with("said", given.meaning.chars().take(100).collect::<String>()));
    }
    let p = state
        .people
        .get(&person)
        .ok_or_else(|| ApiError::new("sign_in_first"))?;
    if p.key_waits_for.is_some() {
        return Err(ApiError::new("key_unconfirmed"));
    }
    let _turn = open.proving.lock().await;
    let seed = seed_of(open, p, given.password, now).await?;
    Ok(Signer::from_seed(&seed))
}

/// What the person's own password opens; a wrong one counts as a guess.
///
/// # Errors
/// `try_later`, `signature_password_wrong`.
async fn seed_of(
    open: &OpenOffice,
    p: &Person,
    password: String,
    now: Moment,
) -> Result<[u8; SEED], ApiError> {
    let guess = Guess::inside(p);
    guess.check(&open.store, now).await?;
    // Where nothing is kept nothing opens: the same as a wrong password.
    let known = open.store.credential(&p.login).await?;
    let sealed = known.map(|c| c.sealed_key).unwrap_or_default();
    let seed = blocking(move || unseal(&sealed, &password)).await?;
    guess.note(&open.store, now, seed.is_some(), false).await?;
    seed.ok_or_else(|| ApiError::new("signature_password_wrong"))
}

/// The own password, changed.
#[derive(Debug, Deserialize, TS)]
pub struct ChangePasswordRequest {
    /// The one until now.
    pub old: String,
    /// The one from now on.
    pub new: String,
}

/// Changes one's own password; the key stays, sealed anew.
pub(crate) async fn change_password(
    office: &Office,
    eyes: Eyes<'_>,
    r: ChangePasswordRequest,
) -> Result<PersonRef, ApiError> {
    let me = eyes.person;
    let open = office.open_office().await?;
    let state = open.state().await;
    let now = office.now();
    let p = state
        .people
        .get(&me)
        .ok_or_else(|| ApiError::new("sign_in_first"))?;
    if r.old == r.new {
        return Err(ApiError::new("password_same"));
    }
    let turn = open.proving.lock().await;
    let old = r.old;
    let seed = seed_of(&open, p, old.clone(), now).await?;
    drop(turn);
    let password_hash = hash_password(r.new.clone(), state.about(&p.name, &p.login)).await?;
    let factor = resealed(&open, p, &old, &r.new, now).await?;
    let sealed_key = blocking(move || seal::<SEED>(&seed, &r.new)).await?;
    let body = EventBody::PasswordSet {
        person: me,
        kept: Some(kept(&p.login, &password_hash, &sealed_key)),
    };
    let set = event(me, now, body, Values::new());
    let (resealed, second_factor) = factor.unzip();
    let events = std::iter::once(set).chain(resealed).collect();
    let mut one = append(&format!("person:{me}"), p.seq, events)?;
    one.second_factor = second_factor;
    one.credential = Some(NewCredential {
        login: p.login.clone(),
        person: me,
        password_hash,
        sealed_key,
    });
    open.keep(vec![one]).await?;
    open.refold().await?;
    // The session in which it was changed goes on; every other one, at any host, has ended.
    if let Some(p) = open.state().await.people.get(&me) {
        eyes.session.renew(p.passwords);
    }
    Ok(PersonRef { id: me.to_string() })
}

/// Confirms that somebody's new key is theirs: by someone else than the person and the resetter, whose account is
/// older than the reset.
pub(crate) async fn confirm_key(
    office: &Office,
    me: PersonId,
    r: ConfirmKeyRequest,
) -> Result<PersonRef, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let p = state.person(&r.id)?;
    let id = p.id;
    if p.key_waits_for.is_none() {
        return Err(ApiError::new("key_needs_nothing").with("name", p.name.as_str()));
    }
    may_confirm(&state, me, id, Matter::Key)?;
    let body = EventBody::KeyConfirmed {
        person: id,
        key: p.key.clone(),
    };
    let done = event(me, office.now(), body, Values::new());
    open.keep(vec![append(&format!("person:{id}"), p.seq, vec![done])?])
        .await?;
    open.refold().await?;
    Ok(PersonRef { id: id.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_opens_the_key() {
        let sealed = seal(&[5; SEED], "Redress-2026").expect("sealed");
        assert_eq!(
            unseal(&sealed, "Redress-2026").expect("opened"),
            Some([5; SEED])
        );
        assert_eq!(
            unseal::<SEED>(&sealed, "redress-2026").expect("tried"),
            None
        );
        assert_eq!(
            unseal::<SEED>(&sealed[1..], "Redress-2026").expect("tried"),
            None
        );
        assert!(
            !sealed.windows(4).any(|w| w == [5; 4]),
            "nothing of the seed shows"
        );
    }
}
