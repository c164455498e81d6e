//! Who has a case open.

use crate::{
    access::look::look,
    office::{
        handle::Office,
        presence::Said,
        session::{Eyes, Session},
    },
    text::error::ApiError,
};
use redress_store::Store;
use serde::{Deserialize, Serialize};
use std::time::Instant;
use ts_rs::TS;

/// What a window has open. It says so again every 20 seconds.
#[derive(Debug, Deserialize, TS)]
pub struct PresentRequest {
    /// Case id or number; none: it looks at no case.
    pub case: Option<String>,
    /// Something is being filled in there.
    #[serde(default)]
    pub typing: bool,
}

/// Somebody else who has the case open.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
pub struct PresentView {
    /// Name.
    pub name: String,
    /// Is filling something in.
    pub typing: bool,
}

/// Says what this window has open; answers who else has.
pub(crate) async fn present(
    office: &Office,
    eyes: Eyes<'_>,
    r: PresentRequest,
) -> Result<Vec<PresentView>, ApiError> {
    let open = office.open_office().await?;
    let case = match &r.case {
        Some(case) => Some(look(office, &open, eyes, case, None).await?.loaded.case.id),
        None => None,
    };
    let said = Said {
        session: eyes.session.id().to_owned(),
        person: eyes.person,
        case,
        typing: r.typing,
    };
    open.store.announce(&serde_json::to_string(&said)?).await?;
    let Some(case) = case else {
        return Ok(vec![]);
    };
    let state = open.state().await;
    let others = open
        .presence
        .others(case, eyes.session.id(), Instant::now());
    Ok(others
        .into_iter()
        .map(|(person, typing)| PresentView {
            name: state.name(person),
            typing,
        })
        .collect())
}

/// Whoever signs out looks at nothing any more.
pub(crate) async fn sign_out(office: &Office, session: &Session) {
    if let Some(person) = session.person() {
        let nothing = PresentRequest {
            case: None,
            typing: false,
        };
        // Signing out never fails; the others forget the window soon by themselves.
        let _ = present(office, Eyes { person, session }, nothing).await;
    }
    session.set(None);
}
