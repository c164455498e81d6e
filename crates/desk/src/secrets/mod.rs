//! Passwords, sealed keys, codes of second factors, the system's keystore.
//! It knows no person and no office.

pub(crate) mod codes;
pub(crate) mod keystore;
pub(crate) mod passwords;
pub(crate) mod sealing;
