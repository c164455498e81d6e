//! What is covered of a case for somebody, and its headline: pure functions.
//! It never decides who sees what; the domain does.

pub(crate) mod headline;
pub(crate) mod mask;
