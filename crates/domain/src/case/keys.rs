//! Keys under which a case keeps values.

/// Key of the bar that an exception lifts (G1).
pub const EXCEPTED_BAR: &str = "exception.bar";

/// Key of the reason for an exception (G1).
pub const EXCEPTED_WHY: &str = "exception.reason";

/// Key of the number of the case that one is merged into.
pub const MERGE_INTO: &str = "merge.into";

/// Key of the reason for a merge.
pub const MERGE_REASON: &str = "merge.reason";

/// Key of the new value in a correction's values.
pub const CORRECTED_NEW: &str = "correction.new";

/// Key of the old value in a correction's values.
pub const CORRECTED_OLD: &str = "correction.old";

/// Key of the reason in a correction's values.
pub const CORRECTED_REASON: &str = "correction.reason";

/// A task's own values stand under `task/field`.
pub fn key(task: Option<&str>, field: &str) -> String {
    match task {
        Some(t) => format!("{t}/{field}"),
        None => field.to_owned(),
    }
}
