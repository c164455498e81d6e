//! The log and its proof: checked, anchored, damaged, brought back, migrated, disposed of.

mod anchors;
mod damaged;
mod disposal;
mod proof;
mod restored;
mod upgrade;
