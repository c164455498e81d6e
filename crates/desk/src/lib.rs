//! What the program can do: one function per command behind one list ([`commands`]).
//!
//! A door opens an [`Office`] on a data folder, keeps a [`Session`] per person and hands on names and
//! JSON. Nothing here is global; time and ids come from the [`Office`].

mod access;
mod attachments;
mod audit;
mod calendars;
mod case_file;
mod cases;
mod clock;
mod codes;
pub mod commands;
mod content;
pub mod demo;
mod deputies;
mod describe;
mod disposal;
mod documents;
mod drafts;
mod duties;
mod editions;
mod encryption;
pub mod error;
mod file_name;
mod files;
mod filling;
mod forms;
mod grants;
mod keys;
mod keystore;
mod limits;
mod lists;
mod office;
mod open;
mod party;
mod passwords;
mod people;
mod presence;
mod procedures;
mod projection;
mod reports;
pub mod request;
mod salvage;
mod second_factor;
mod sent;
mod setup;
mod sheets;
mod sight;
mod throttle;
mod told;
mod upkeep;
mod view;
mod words;

pub use audit::VerifyResponse;
pub use editions::{ProblemView, check_procedure};
pub use error::{ApiError, Lang};
pub use file_name::pdf_name;
pub use files::{Answer, FILE_MAX, takes_file};
pub use keystore::{Keys, Keystore};
pub use open::{Config, Office, Session, content_hash, font_dirs, owner, session_id};
pub use redress_domain::id::PersonId;
pub use redress_store::BackupKey;
pub use redress_store::{Address, Step, private};
pub use salvage::{LostPart, SalvageReport, salvage_house};
pub use told::Told;
pub use upkeep::{Backed, Moved, move_house, prepare, restore, restore_from};
