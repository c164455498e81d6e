//! A folder that is kept encrypted: its key, the recovery phrase, and the marker that says so.
//!
//! SQLCipher encrypts the database, page by page, with a raw key of 256 bits. Where that key is kept is the desk's
//! affair (the system's keystore, a file of a service); here it is sealed a second time in the folder, by the phrase.

mod key;
mod marker;
mod phrase;

pub use key::DataKey;
pub(crate) use key::keyed;
pub use marker::Marker;
pub use phrase::Phrase;
