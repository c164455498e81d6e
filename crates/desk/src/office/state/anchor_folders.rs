//! The folders in which anchors are left, as the log keeps them.

use redress_domain::{event::EventBody, value::Values};
use serde_json::Value;

/// The value that holds the paths: what somebody typed can name somebody, as `/media/ZHANG WEI` does.
const FOLDERS: &str = "anchors.folders";

/// What the log keeps of the folders that were named.
pub(crate) fn setting(folders: Vec<String>) -> (EventBody, Values) {
    let body = EventBody::AnchorFoldersSet { folders: vec![] };
    (
        body,
        Values::from([(FOLDERS.to_owned(), Value::from(folders))]),
    )
}

/// The folders that an event names: an older one holds them itself.
pub(crate) fn named(body: &[String], values: &Values) -> Vec<String> {
    let typed = values.get(FOLDERS).and_then(Value::as_array);
    let typed = typed.map(|all| all.iter().filter_map(Value::as_str).map(str::to_owned));
    typed.map_or_else(|| body.to_vec(), Iterator::collect)
}
