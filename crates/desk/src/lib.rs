//! What the program can do: one function per command behind one list ([`commands`]).
//!
//! A door opens an [`Office`] on a data folder, keeps a [`Session`] per person and hands on names and
//! JSON. Nothing here is global; time and ids come from the [`Office`].
//!
//! Each folder is a room, and imports only from those below it. From top to bottom: `demo`, `commands`, `records`,
//! `reports`, `documents`, `cases`, `institution`, `people`, `access`, `anchors`, `office`, `index`, `masking`, `secrets`,
//! `shipped`, `content`, `text`. A test over the source holds that (`tests/tests/architecture`).

mod access;
mod anchors;
mod cases;
pub mod commands;
mod content;
pub mod demo;
mod documents;
mod index;
mod institution;
mod masking;
mod office;
mod people;
mod records;
mod reports;
mod secrets;
mod shipped;
mod text;

pub use anchors::{AnchorPlace, AnchorState};
pub use commands::files::{Answer, takes_file};
pub use content::file_name::pdf_name;
pub use content::media;
pub use institution::editions::{ProblemView, check_procedure};
pub use office::change_feed::Told;
pub use office::damage::{DamageView, DamagedPart};
pub use office::{
    config::{Config, owner},
    fonts::font_dirs,
    handle::Office,
    session::{Session, session_id},
};
pub use records::backup::{Backed, Moved, move_house, prepare, restore, restore_from};
pub use records::check::VerifyResponse;
pub use records::salvage::{LostPart, SalvageReport, SalvageRequest, salvage_house};
pub use redress_domain::id::PersonId;
pub use redress_store::{Address, Step, private};
pub use redress_store::{BackupKey, Progress};
pub use secrets::keystore::{Keys, Keystore};
pub use text::error::{ApiError, Lang};
pub use text::file::content_hash;
pub use text::limits::FILE_MAX;
pub use text::{error, json as request};
