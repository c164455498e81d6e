//! A request that is sent again acts once.
//!
//! A door gives each request a key. The first append of the command keeps it in the same transaction, so that
//! what was done and that it was done are one; whoever sends the request again, to this process or another on
//! the same database, is told what the first one did. Looking (the access stream) is not an act: it may repeat.

use crate::{
    cases::act::{ActResponse, RegisterResponse},
    commands::call,
    documents::{
        given_out::{DocumentRef, issued},
        issue::IssueResponse,
    },
    office::{
        handle::{Office, OpenOffice},
        session::{Eyes, Session},
        transaction::keyed,
    },
    text::{
        error::{ApiError, Lang},
        file::{self, content_hash},
    },
};
use redress_domain::{
    event::{Event, EventBody},
    id::CaseId,
};
use redress_store::{Sent, SentKey, Store};
use serde_json::Value;

/// Commands that append more than once: sent again, each goes on with what is still to be done.
const MANY: [&str; 1] = ["calendar.recalculate"];
/// Characters of a key.
const KEY_LENGTH: std::ops::RangeInclusive<usize> = 16..=100;

/// The number of the case of a stream; empty where it is another's.
async fn number_of(open: &OpenOffice, stream: &str) -> Result<String, ApiError> {
    let id = stream.strip_prefix("case:").and_then(|id| id.parse().ok());
    let row = match id {
        Some(id) => open.store.case_row(id).await?,
        None => None,
    };
    Ok(row.map(|r| r.number).unwrap_or_default())
}

/// Runs a command as [`Office::call`] does; sent again with the same key it acts once and answers what the first did.
///
/// # Errors
/// Those of [`Office::call`], `request_key_unfit`, and where it was done and its answer cannot be given again
/// `already_done`, or `done_otherwise` with the case's number where something else was asked for.
pub(crate) async fn send(
    office: &Office,
    session: &Session,
    key: &str,
    name: &str,
    payload: Value,
    lang: Lang,
) -> Result<Value, ApiError> {
    let fit = key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !fit || !KEY_LENGTH.contains(&key.len()) {
        return Err(ApiError::new("request_key_unfit"));
    }
    let Some(person) = session.person() else {
        return call(office, session, name, payload, lang).await;
    };
    if office.read_only().await {
        // Nothing is done that could be done twice.
        return call(office, session, name, payload, lang).await;
    }
    let key = SentKey {
        key: content_hash(format!("{person} {name} {key}").as_bytes()),
        // With the door's own key, which is kept nowhere: there may be a password in it.
        content: content_hash(
            format!("{key} {}{}", asked(&payload), file::taken_hash()).as_bytes(),
        ),
    };
    if let Some(answer) = again(office, session, &key, name, lang).await? {
        return Ok(answer);
    }
    let call = call(office, session, name, payload, lang);
    if MANY.contains(&name) {
        return call.await;
    }
    let answer = keyed(key.clone(), call).await;
    if answer.is_err() {
        // The first may have been at work while the second came.
        if let Some(answer) = again(office, session, &key, name, lang).await? {
            return Ok(answer);
        }
    }
    answer
}

/// What the first sending did; none where there was none.
async fn again(
    office: &Office,
    session: &Session,
    key: &SentKey,
    name: &str,
    lang: Lang,
) -> Result<Option<Value>, ApiError> {
    let open = office.open_office().await?;
    let Some(sent) = open.store.sent(&key.key).await? else {
        return Ok(None);
    };
    // Whoever may not any more is not told.
    let whoami = call(office, session, "session.state", Value::Null, lang);
    if whoami.await?["user"].is_null() {
        return Err(ApiError::new("sign_in_first"));
    }
    // What was typed since is not what was done: whoever sent it must hear so.
    if sent.content != key.content {
        let number = number_of(&open, &sent.stream).await?;
        return Err(ApiError::new("done_otherwise").with("number", number));
    }
    let events = match sent.stream.strip_prefix("case:") {
        Some(_) => open.store.stream_events(&sent.stream).await?,
        None => vec![],
    };
    // Counted from one; where the row says nothing of the kind, the answer is that it was done.
    let first = usize::try_from(sent.first - 1).ok();
    let own = first.zip(usize::try_from(sent.last).ok());
    let own = own.and_then(|(first, last)| events.get(first..last));
    let answer = match (name, own) {
        ("case.register", Some(_)) => registered(&open, &sent).await?,
        ("case.act", Some(own)) => acted(&sent, own)?,
        ("form.issue", Some(own)) => issued_again(office, &open, session, own).await?,
        _ => None,
    };
    let done = || ApiError::new("already_done").with("command", name);
    answer.map(Some).ok_or_else(done)
}

async fn issued_again(
    office: &Office,
    open: &OpenOffice,
    session: &Session,
    own: &[Event],
) -> Result<Option<Value>, ApiError> {
    let given_out = own.iter().find_map(|e| match &e.body {
        EventBody::Issued {
            document,
            number,
            pages,
            ..
        } => Some((*document, number.clone(), *pages)),
        _ => None,
    });
    let (Some((id, number, pages)), Some(person)) = (given_out, session.person()) else {
        return Ok(None);
    };
    // Whoever gave it out gets it once more, as at the first time: nothing is noted.
    let r = DocumentRef {
        document: id.to_string(),
        why: None,
    };
    let eyes = Eyes { person, session };
    issued(office, open, eyes, &r).await?;
    let Some(pdf) = open.store.document(id).await? else {
        return Ok(None);
    };
    let answer = IssueResponse {
        document: id.to_string(),
        number,
        pages: usize::try_from(pages).map_err(ApiError::internal)?,
        pdf: pdf.into(),
    };
    Ok(Some(serde_json::to_value(answer)?))
}

/// What a request asks for; the password with which it is signed is not part of it.
fn asked(payload: &Value) -> Value {
    let mut asked = payload.clone();
    if let Some(map) = asked.as_object_mut() {
        map.remove("signature");
    }
    asked
}

async fn registered(open: &OpenOffice, sent: &Sent) -> Result<Option<Value>, ApiError> {
    let case = sent.stream.strip_prefix("case:");
    let Some(id) = case.and_then(|id| id.parse::<CaseId>().ok()) else {
        return Ok(None);
    };
    let Some(row) = open.store.case_row(id).await? else {
        return Ok(None);
    };
    let answer = RegisterResponse {
        case: id.to_string(),
        number: row.number,
        seq: sent.last,
    };
    Ok(Some(serde_json::to_value(answer)?))
}

fn acted(sent: &Sent, own: &[Event]) -> Result<Option<Value>, ApiError> {
    let kinds = own.iter().map(|e| e.body.split().map(|(kind, _)| kind));
    let answer = ActResponse {
        seq: sent.last,
        events: kinds.collect::<Result<_, _>>()?,
    };
    Ok(Some(serde_json::to_value(answer)?))
}
