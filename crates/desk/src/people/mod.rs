//! People: accounts, signing in, passwords, second factors, signing keys, deputies, the second person, the register of parties.
//! It never looks into a case.

pub(crate) mod accounts;
pub(crate) mod commands;
pub(crate) mod deputies;
pub(crate) mod grants;
pub(crate) mod parties;
pub(crate) mod second_factor;
pub(crate) mod second_person;
pub(crate) mod session_state;
pub(crate) mod sign_in;
pub(crate) mod signing_keys;
pub(crate) mod throttle;
