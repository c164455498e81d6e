//! Who may look at a case, and the stream that keeps who did (G11).
//! It never says what may be done.

pub(crate) mod log;
pub(crate) mod look;
