//! Name, address and phone of the institution.

use crate::{secrets::passwords::guessable::About, text::error::ApiError};
use redress_domain::value::Values;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// Name, address and phone as printed on forms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Organisation {
    /// Full name.
    pub name: String,
    /// Postal address.
    #[serde(default)]
    pub address: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
}

/// What a colleague knows of a person whose password is chosen.
pub(crate) fn about(o: &Organisation, name: &str, login: &str) -> About {
    About {
        name: name.to_owned(),
        login: login.to_owned(),
        institution: o.name.clone(),
        more: vec![o.address.clone(), o.phone.clone()],
    }
}

/// The values of an institution.
pub fn organisation_values(o: &Organisation) -> Values {
    [
        ("name", &o.name),
        ("address", &o.address),
        ("phone", &o.phone),
    ]
    .into_iter()
    .map(|(k, v)| (k.to_owned(), Value::from(v.as_str())))
    .collect()
}

pub(crate) fn organisation_of(values: &Values) -> Organisation {
    let text = |k: &str| {
        values
            .get(k)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    Organisation {
        name: text("name"),
        address: text("address"),
        phone: text("phone"),
    }
}

/// Holds an institution's words against their limits.
///
/// # Errors
/// `organisation_unnamed`, `value_too_long`.
pub fn check_organisation(o: &Organisation) -> Result<(), ApiError> {
    if o.name.trim().is_empty() {
        return Err(ApiError::new("organisation_unnamed"));
    }
    let longest = [&o.name, &o.address, &o.phone].map(|s| s.chars().count());
    if let Some(actual) = longest.into_iter().find(|n| *n > 200) {
        return Err(ApiError::new("value_too_long")
            .with("title", "机构")
            .with("max", 200)
            .with("actual", actual));
    }
    Ok(())
}
