//! Commands of this room: accounts, signing in, deputies, what a second person confirms, and the register of parties.

use crate::{
    office::command::{Nothing, commands},
    people::{
        accounts::{
            PersonAdd, PersonRef, PersonUpdate, PersonView, person_add, person_list, person_update,
        },
        deputies::{DelegateRequest, DelegateView, delegate_set, delegates},
        grants::{GrantRef, GrantView, grant_judge, grants},
        parties::{PartyKeep, PartyListRequest, PartyView, party_keep, party_list},
        second_factor::{
            RecoveryCodes, SecondFactorBegin, SecondFactorOf, SecondFactorProof, SecondFactorView,
            second_factor, second_factor_begin, second_factor_codes, second_factor_confirm,
            second_factor_off, second_factor_reset, second_factor_reset_confirm,
        },
        session_state::{SessionState, session_state},
        sign_in::{PinRequest, SignInRequest, set_pin, sign_in},
        signing_keys::{ChangePasswordRequest, ConfirmKeyRequest, change_password, confirm_key},
    },
    secrets::codes::SecondFactorOffer,
};

commands! {
    "session.state", "Who is signed in, and what a door needs to know first.", Anyone(reads Session | People | Institution), Nothing => SessionState,
        |c, r| session_state(c.office, c.session).await?;
    "session.sign_in", "Signs in with name and password.", Anyone(stale Session), SignInRequest => SessionState,
        |c, r| sign_in(c.office, c.session, r).await?;
    "session.change_password", "Changes one's own password; the signing key stays.", Reader(stale Session | People), ChangePasswordRequest => PersonRef,
        |c, r| change_password(c.office, c.eyes()?, r).await?;
    "session.set_pin", "Sets one's own PIN: it opens the desk at a shared PC, and never a signing key.", Reader(stale Session), PinRequest => PersonRef,
        |c, r| set_pin(c.office, c.me()?, r).await?;
    "session.second_factor", "One's own second factor, and the institution's rule.", Reader(reads Session), Nothing => SecondFactorView,
        |c, r| second_factor(c.office, c.me()?).await?;
    "session.second_factor_begin", "Makes the secret of a second factor and shows it; nothing is on yet.", Reader, SecondFactorBegin => SecondFactorOffer,
        |c, r| second_factor_begin(c.office, c.eyes()?, r).await?;
    "session.second_factor_confirm", "Turns it on with a first code; answers the recovery codes.", Reader(stale Session | People), SecondFactorProof => RecoveryCodes,
        |c, r| second_factor_confirm(c.office, c.eyes()?, r).await?;
    "session.second_factor_codes", "New recovery codes; the earlier ones are worth nothing then.", Reader(stale Session), SecondFactorProof => RecoveryCodes,
        |c, r| second_factor_codes(c.office, c.me()?, r).await?;
    "session.second_factor_off", "Turns one's own second factor off.", Reader(stale Session | People), SecondFactorProof => SecondFactorView,
        |c, r| second_factor_off(c.office, c.me()?, r).await?;
    "person.second_factor_reset", "Asks that somebody's second factor be taken away; it holds until a third person confirms.", Administrator(stale People), SecondFactorOf => PersonRef,
        |c, r| second_factor_reset(c.office, c.me()?, r).await?;
    "person.second_factor_reset_confirm", "Confirms it, by a third person.", Worker(stale People), SecondFactorOf => PersonRef,
        |c, r| second_factor_reset_confirm(c.office, c.me()?, r).await?;
    "person.confirm_key", "Confirms somebody's new signing key after a reset, by a third person.", Worker(stale People), ConfirmKeyRequest => PersonRef,
        |c, r| confirm_key(c.office, c.me()?, r).await?;
    "delegate.set", "Lets somebody act for another from one day to another: the principal, or an administrator with a second person.", Worker(stale People | Cases), DelegateRequest => PersonRef,
        |c, r| delegate_set(c.office, c.me()?, r).await?;
    "delegate.list", "Who acts for whom, and when.", Reader(reads People), Nothing => Vec<DelegateView>,
        |c, r| delegates(c.office).await?;
    "grant.list", "What waits for a second person: roles, accounts, deputies, editions, reset passwords.", Reader(reads People | Procedures | Records), Nothing => Vec<GrantView>,
        |c, r| grants(c.office, c.me()?).await?;
    "grant.confirm", "Confirms, as the second person, what somebody was given.", Worker(stale People | Procedures | Records | Cases), GrantRef => PersonRef,
        |c, r| grant_judge(c.office, c.me()?, r, true).await?;
    "grant.refuse", "Refuses, as the second person, what somebody was given: it is gone.", Worker(stale People | Procedures | Records | Cases), GrantRef => PersonRef,
        |c, r| grant_judge(c.office, c.me()?, r, false).await?;
    "person.list", "Everyone.", Reader(reads People), Nothing => Vec<PersonView>,
        |c, r| person_list(c.office).await?;
    "person.add", "Adds somebody.", Administrator(stale People), PersonAdd => PersonRef,
        |c, r| person_add(c.office, c.me()?, r).await?;
    "person.update", "Changes somebody; people are closed, never deleted.", Administrator(stale People | Session | Cases), PersonUpdate => PersonRef,
        |c, r| person_update(c.office, c.me()?, r).await?;
    "party.list", "The register of people, organisations and products.", Worker(reads Parties), PartyListRequest => Vec<PartyView>,
        |c, r| party_list(c.office, c.me()?, r).await?;
    "party.keep", "Adds or changes an entry of the register.", Worker(stale Parties), PartyKeep => PartyView,
        |c, r| party_keep(c.office, c.me()?, r).await?;
}
