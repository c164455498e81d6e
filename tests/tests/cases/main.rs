//! The way of a case: what is told, refused, corrected, merged, signed, and when it is due.

mod agree;
mod corrections;
mod editions;
mod merging;
mod parties;
mod signatures;
mod stories;
mod times;
mod told;
mod walker;
mod words;
