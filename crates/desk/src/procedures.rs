//! The procedures that ship with the product, and those that cases were opened under.

use crate::error::ApiError;
use redress_domain::{
    calendar::YearFile,
    check::{self, Files, files_name},
    procedure::Edition,
};
use std::{collections::BTreeMap, sync::Arc};

macro_rules! texts {
    ($prefix:literal, $($name:literal => $path:literal),+ $(,)?) => {
        [$((concat!($prefix, $name), include_str!(concat!("../../../procedures/", $path)))),+]
    };
}

const SHARED: [(&str, &str); 1] = texts!("shared/", "common.toml" => "shared/common.toml");

const SHARED_FORMS: [(&str, &str); 8] = texts!("forms/",
    "complaint-receipt.toml" => "shared/forms/complaint-receipt.toml",
    "reinspection-report.toml" => "shared/forms/reinspection-report.toml",
    "retraction-notice.toml" => "shared/forms/retraction-notice.toml",
    "amendment-statement.toml" => "shared/forms/amendment-statement.toml",
    "reply-letter.toml" => "shared/forms/reply-letter.toml",
    "corrective-action.toml" => "shared/forms/corrective-action.toml",
    "closing-notice.toml" => "shared/forms/closing-notice.toml",
    "case-cover.toml" => "shared/forms/case-cover.toml",
);

const INSPECTION_STATION: (&str, [(&str, &str); 1]) = (
    include_str!("../../../procedures/inspection-station/procedure.toml"),
    texts!("forms/",
        "intake-pretreatment.toml" => "inspection-station/forms/intake-pretreatment.toml"),
);

/// The years that ship with the product.
pub fn calendars() -> Result<Vec<YearFile>, ApiError> {
    [
        include_str!("../../../procedures/calendars/2025.json"),
        include_str!("../../../procedures/calendars/2026.json"),
    ]
    .into_iter()
    .map(|text| serde_json::from_str(text).map_err(ApiError::from))
    .collect()
}

/// The editions that ship with the product, by procedure id.
///
/// # Errors
/// `procedure_unsound`: one of our own files is wrong.
pub fn shipped() -> Result<BTreeMap<String, Arc<Edition>>, ApiError> {
    let own = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter()
            .map(|(n, t)| ((*n).to_owned(), (*t).to_owned()))
            .collect()
    };
    let (procedure, forms) = INSPECTION_STATION;
    let files = Files {
        procedure: (files_name::PROCEDURE.to_owned(), procedure.to_owned()),
        shared: own(&SHARED),
        forms: own(&SHARED_FORMS).into_iter().chain(own(&forms)).collect(),
    };
    let edition = Arc::new(check::load(&files)?);
    Ok(BTreeMap::from([(
        edition.procedure.head.id.clone(),
        edition,
    )]))
}

/// An edition from the files that were kept with it.
///
/// # Errors
/// `procedure_unsound` where this version no longer understands them.
pub fn kept(files_json: &str) -> Result<Edition, ApiError> {
    let files: Vec<(String, String)> = serde_json::from_str(files_json)?;
    Ok(check::reload(&files)?)
}
