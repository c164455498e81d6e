//! Registering a case and acting on it: load, decide, append.

use crate::{
    access::look::{Seen, look},
    cases::merging::{lets_go, merges},
    index::case_row::project,
    institution::numbers::may_number,
    office::{
        events::{append, new_id},
        handle::{Office, OpenOffice},
        load::{Loaded, TransactionExtras, stream},
        session::Eyes,
        state::OfficeState,
    },
    people::{
        parties::with_parties,
        signing_keys::{SignatureRequest, unlock},
    },
    text::{error::ApiError, number::format_number, time::parse_time, words},
};
use redress_domain::{
    case::Case,
    clock::Moment,
    decide::{self, Actor, Ctx, Registration, Request},
    event::{Event, EventBody},
    id::{CaseId, PersonId},
    merge,
    procedure::{Edition, Effect},
    value::Values,
};
use redress_store::{NumberClaim, Store, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;

/// A complaint as the counter enters it.
#[derive(Debug, Deserialize, TS)]
pub struct RegisterRequest {
    /// Procedure id.
    pub procedure: String,
    /// RFC 3339 (T1).
    pub received_at: String,
    /// Channel id.
    pub channel: String,
    /// Values by field id.
    #[ts(type = "Record<string, unknown>")]
    pub values: Values,
    /// Keys of the questions of `value_asks` whose values are meant.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub confirmed: BTreeSet<String>,
}

/// The new case.
#[derive(Debug, Serialize, TS)]
pub struct RegisterResponse {
    /// Its id.
    pub case: String,
    /// Its number (G12).
    pub number: String,
    /// Events so far: hand it back with the next act.
    #[ts(type = "number")]
    pub seq: i64,
}

/// Something done on a case.
#[derive(Debug, Deserialize, TS)]
pub struct ActRequest {
    /// Case id or number.
    pub case: String,
    /// Action id as `case.get` gives it.
    pub action: String,
    /// Values by field id.
    #[serde(default)]
    #[ts(type = "Record<string, unknown>")]
    pub values: Values,
    /// Keys of the questions of `value_asks` whose values are meant.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub confirmed: BTreeSet<String>,
    /// The `seq` that was looked at; a later one in the store means someone else changed the case.
    #[ts(type = "number | null")]
    pub seq: Option<i64>,
    /// Where the action is a signature (G17).
    #[serde(default)]
    pub signature: Option<SignatureRequest>,
}

/// What came of it.
#[derive(Debug, Serialize, TS)]
pub struct ActResponse {
    /// Events so far.
    #[ts(type = "number")]
    pub seq: i64,
    /// Kinds of the new events.
    pub events: Vec<String>,
}

/// Registers a case (T1, G12).
pub(crate) async fn register(
    office: &Office,
    person: PersonId,
    r: RegisterRequest,
) -> Result<RegisterResponse, ApiError> {
    let open = office.open_office().await?;
    let edition = open.newest(&r.procedure)?;
    may_number(&open, office.now()).await?;
    let state = open.state().await;
    if !state.uses(&r.procedure) {
        let title = edition.procedure.head.title.as_str();
        return Err(ApiError::new("procedure_not_in_use").with("title", title));
    }
    let received_at = parse_time(&r.received_at)?;
    let actor = open.actor(person, &r.procedure, office.now()).await;
    let name = |p| state.name(p);
    let mut new = Registration {
        case: CaseId(new_id()),
        number: String::new(),
        channel: r.channel,
        received_at,
        values: with_parties(&state, &edition, r.values)?,
        confirmed: r.confirmed,
    };
    // Another process on the same data may take the number first: then the next one is tried.
    let _turn = open.turn.lock().await;
    for _ in 0..RACES {
        // Entered when its turn has come, however long that took.
        let now = office.now();
        let claim = next_number(&open, &state, &edition, now).await?;
        let (year, seq) = (claim.year, claim.seq);
        new.number = format_number(&edition.procedure.head.number_format, year, seq);
        let events = decide::register(&state.ctx(&edition, now), &actor, &new)?;
        let Some(case) = Case::fold(&events) else {
            return Err(ApiError::internal("registration without a case"));
        };
        let mut one = append(&stream(new.case), 0, events)?;
        one.projection = Some(project(&edition, &case, &name));
        one.number = Some(claim);
        let files = serde_json::to_string(&edition.files)?;
        one.edition = Some((edition.hash.clone(), files));
        match open.keep(vec![one]).await {
            Ok(()) => {
                return Ok(RegisterResponse {
                    case: new.case.to_string(),
                    number: new.number,
                    seq: case.seq,
                });
            }
            Err(StoreError::Changed) => {}
            Err(other) => return Err(other.into()),
        }
        let last = open.store.last_number(&case.procedure, year).await?;
        if last < seq && open.store.case_id_by_number(&new.number).await?.is_some() {
            // No race: another procedure, or another year, makes the same numbers.
            return Err(ApiError::new("number_taken")
                .with("number", new.number)
                .with("title", edition.procedure.head.title.as_str()));
        }
    }
    Err(ApiError::new("changed"))
}

/// The number behind the last one of the procedure and year, and behind those that are skipped since a restore.
async fn next_number(
    open: &OpenOffice,
    state: &OfficeState,
    edition: &Edition,
    now: Moment,
) -> Result<NumberClaim, ApiError> {
    let procedure = edition.procedure.head.id.clone();
    let year = chrono::Datelike::year(&now);
    let last = open.store.last_number(&procedure, year).await?;
    let seq = last.max(state.restores.last(&procedure, year)) + 1;
    Ok(NumberClaim {
        procedure,
        year,
        seq,
    })
}

/// Does an action.
pub(crate) async fn act(
    office: &Office,
    eyes: Eyes<'_>,
    r: ActRequest,
) -> Result<ActResponse, ApiError> {
    let open = office.open_office().await?;
    let person = eyes.person;
    let state = open.state().await;
    let mut signature = r.signature;
    let mut signer = None;
    let mut looked_at = r.seq;
    for turn in 1.. {
        let Seen { loaded, actor, .. } = look(office, &open, eyes, &r.case, None).await?;
        let Loaded { case, edition, .. } = loaded;
        if looked_at.is_some_and(|s| s != case.seq) {
            return Err(ApiError::new("changed"));
        }
        looked_at = Some(case.seq);
        let ctx = state.ctx(&edition, office.now());
        let mut request = Request {
            action: &r.action,
            values: with_parties(&state, &edition, r.values.clone())?,
            confirmed: r.confirmed.clone(),
            into: None,
        };
        let effect = effect(&edition, &r.action);
        let others = match effect {
            Some(Effect::Merge) => merges(office, &open, person, &case, &mut request).await?,
            Some(Effect::Reopen) => lets_go(&open, &case).await?,
            _ => vec![],
        };
        let events = decide::decide(&ctx, &case, &actor, &request)
            .map_err(|refusal| words::named(refusal.into(), &|p| state.name(p)))?;
        let kinds = events.iter().map(|e| Ok(e.body.split()?.0));
        let kinds = kinds.collect::<Result<Vec<_>, ApiError>>()?;
        if let (Some(m), None) = (meaning(&events), &signer) {
            let now = office.now();
            let key = unlock(&open, &state, person, &m, signature.take(), now);
            signer = Some(key.await?);
        }
        let noted = |other| noted(&ctx, &actor, (&case, effect), &request, other);
        let beside = TransactionExtras {
            signer: signer.clone(),
            notes: others.into_iter().map(noted).collect(),
            ..TransactionExtras::default()
        };
        let several = !beside.notes.is_empty();
        match open.append_case(&edition, &case, events, beside).await {
            // The other case went on meanwhile; whether it still lives is asked again.
            Err(e) if several && e.code == "changed" && turn < RACES => {}
            done => {
                return Ok(ActResponse {
                    seq: done?.seq,
                    events: kinds,
                });
            }
        }
    }
    Err(ApiError::new("changed"))
}

/// What an action does beyond recording; one of a task is `action@task`.
fn effect(edition: &Edition, action: &str) -> Option<Effect> {
    let bare = action.split_once('@').map_or(action, |(bare, _)| bare);
    edition.action(bare).map(|a| a.effect)
}

/// Another case with what it keeps of an act that merges into it or lets it go.
fn noted(
    ctx: &Ctx<'_>,
    actor: &Actor,
    (case, effect): (&Case, Option<Effect>),
    request: &Request<'_>,
    other: Loaded,
) -> (Loaded, Event) {
    let event = match effect {
        Some(Effect::Merge) => merge::taken_in(ctx, actor, &other.case, case, &request.values),
        _ => merge::let_go(ctx, actor, &other.case, case),
    };
    (other, event)
}

/// What the act means as a signature; none where it is not one.
fn meaning(events: &[Event]) -> Option<String> {
    events.iter().find_map(|e| match &e.body {
        EventBody::Acted { signs, .. } => signs.clone(),
        _ => None,
    })
}

/// Tries for a number before giving up.
const RACES: usize = 64;
