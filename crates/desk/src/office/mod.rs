//! The open office: configuration, session, state folded from the log, loading a case, one append with all that belongs to it.
//! Methods on it stand in this room only (and in `commands::doors` for doors): every other call is named by an import.

pub(crate) mod came_in;
pub(crate) mod change_feed;
pub(crate) mod command;
pub(crate) mod config;
pub(crate) mod damage;
pub(crate) mod editions;
pub(crate) mod events;
pub(crate) mod fonts;
pub(crate) mod handle;
pub(crate) mod left_anchors;
pub(crate) mod load;
pub(crate) mod presence;
pub(crate) mod rebuild;
pub(crate) mod session;
pub(crate) mod state;
pub(crate) mod transaction;
pub(crate) mod viewer;
