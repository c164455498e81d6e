//! A case, folded from its events.
//!
//! This room holds where a case stands and how one event changes it. It never consults the procedure, and never refuses
//! an event: what was recorded happened.

mod apply;
mod keys;
mod parts;
mod state;

pub use apply::apply;
pub use keys::{
    CORRECTED_NEW, CORRECTED_OLD, CORRECTED_REASON, EXCEPTED_BAR, EXCEPTED_WHY, MERGE_INTO,
    MERGE_REASON, key,
};
pub use parts::{Act, Exception, Issued, MergedIn, Running, Task};
pub use state::Case;
