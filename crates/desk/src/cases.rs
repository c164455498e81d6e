//! Registering a case and acting on it: load, decide, append.

use crate::{
    damage::of_damage,
    error::ApiError,
    keys::SignatureRequest,
    keys::unlock,
    merging::lets_go,
    merging::merges,
    open::{Desk, Office, append, new_id},
    party::with_parties,
    projection::project,
    restored::may_number,
    sight::look,
    sight::{Eyes, Seen},
    words,
};
use redress_domain::{
    calendar::{YEARS, here},
    case::{Case, apply},
    clock::Moment,
    decide::{self, Actor, Registration, Request},
    event::{Event, EventBody},
    id::{CaseId, PersonId},
    limits::NUMBER_DIGITS,
    merge,
    procedure::{Edition, Effect},
    value::Values,
};
use redress_store::{CaseRow, NumberClaim, Store, StoreError, Viewer};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};
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

/// A case with everything that a command needs beside it.
pub(crate) struct Loaded {
    pub(crate) case: Case,
    pub(crate) edition: Arc<Edition>,
    pub(crate) events: Vec<Event>,
}

impl Loaded {
    /// The case as it stood after the first event of a kind; none where there is no such event.
    pub(crate) fn when(&self, is: impl FnMut(&Event) -> bool) -> Option<Case> {
        let at = self.events.iter().position(is)?;
        Case::fold(&self.events[..=at])
    }
}

/// What is said of a case that is not there, and of one that is not there for whoever asks.
pub(crate) fn unknown_case(id_or_number: &str) -> ApiError {
    ApiError::new("unknown_case").with("case", id_or_number)
}

impl Desk {
    /// The row of a case, by id or number, that is there for whoever looks.
    ///
    /// # Errors
    /// `unknown_case`.
    pub(crate) async fn known(&self, viewer: &Viewer, which: &str) -> Result<CaseRow, ApiError> {
        let row = match self.store.case_row_by(which).await.map_err(ApiError::from) {
            // The row is damaged; the case itself may be whole.
            Err(e) if of_damage(&e) => self.row_anew(which).await?.ok_or(e)?,
            row => row?.ok_or_else(|| unknown_case(which))?,
        };
        Some(row)
            .filter(|r| viewer.knows(r))
            .ok_or_else(|| unknown_case(which))
    }

    /// What lists would know of a case, from its events.
    async fn row_anew(&self, which: &str) -> Result<Option<CaseRow>, ApiError> {
        if which.parse::<CaseId>().is_err() {
            return Ok(None);
        }
        let loaded = self.load_case(which).await?;
        let house = self.house().await;
        let name = |p| house.name(p);
        Ok(Some(project(&loaded.edition, &loaded.case, &name).row))
    }

    /// A case by id or number.
    pub(crate) async fn load_case(&self, id_or_number: &str) -> Result<Loaded, ApiError> {
        let id = match id_or_number.parse::<CaseId>() {
            Ok(id) => Some(id),
            Err(_) => self.store.case_id_by_number(id_or_number).await?,
        };
        let unknown = || unknown_case(id_or_number);
        let id = id.ok_or_else(unknown)?;
        // Read first: what is added meanwhile makes the case longer than the row says, and never shorter.
        let row = match self.store.case_row(id).await.map_err(ApiError::from) {
            Err(e) if of_damage(&e) => None,
            row => row?,
        };
        let events = self.store.case_events(id).await?;
        let read = i64::try_from(events.len()).unwrap_or(i64::MAX);
        if row.is_some_and(|row| read < row.seq) {
            return Err(
                ApiError::new("record_damaged").with("about", format!("{}: end", stream(id)))
            );
        }
        let case = Case::fold(&events).ok_or_else(unknown)?;
        let edition = self.edition(&case.procedure, &case.edition_hash).await?;
        Ok(Loaded {
            case,
            edition,
            events,
        })
    }

    pub(crate) async fn actor(&self, person: PersonId, procedure: &str, now: Moment) -> Actor {
        let house = self.house().await;
        house.actor(person, procedure, now.date_naive())
    }

    /// Appends what was decided on a case, with its projections, in one transaction.
    pub(crate) async fn append_case(
        &self,
        edition: &Edition,
        case: &Case,
        events: Vec<Event>,
        beside: Beside,
    ) -> Result<Case, ApiError> {
        let after = events.iter().fold(case.clone(), apply);
        let house = self.house().await;
        let name = |p| house.name(p);
        let mut one = append(&stream(case.id), case.seq, events)?;
        one.projection = Some(project(edition, &after, &name));
        one.document = beside.document;
        one.attachment = beside.attachment;
        one.signer = beside.signer;
        let mut all = vec![one];
        for (other, event) in beside.notes {
            let Loaded { case, edition, .. } = other;
            let seq = case.seq;
            let after = apply(case, &event);
            let mut note = append(&stream(after.id), seq, vec![event])?;
            note.projection = Some(project(&edition, &after, &name));
            all.push(note);
        }
        self.keep(all).await?;
        Ok(after)
    }
}

/// What goes with a case's events into the same transaction.
#[derive(Default)]
pub(crate) struct Beside {
    /// The PDF of a document given out.
    pub document: Option<(redress_domain::id::DocumentId, Vec<u8>)>,
    /// A file.
    pub attachment: Option<redress_store::NewAttachment>,
    /// The key of whoever signs.
    pub signer: Option<redress_domain::signature::Signer>,
    /// What other cases keep of it, each as it was looked at: one that went on since then makes all of it `changed`.
    pub notes: Vec<(Loaded, Event)>,
}

/// The stream of a case.
pub(crate) fn stream(case: CaseId) -> String {
    format!("case:{case}")
}

/// RFC 3339 with any offset, taken to the institution's zone, or a refusal that shows how it looks: `time_not_understood`, `year_unknown`.
pub(crate) fn parse_time(text: &str) -> Result<Moment, ApiError> {
    let bad = |_| ApiError::new("time_not_understood");
    let moment = here(&chrono::DateTime::parse_from_rfc3339(text).map_err(bad)?);
    if !YEARS.contains(&chrono::Datelike::year(&moment)) {
        return Err(ApiError::new("year_unknown"));
    }
    Ok(moment)
}

/// Registers a case (T1, G12).
pub(crate) async fn register(
    office: &Office,
    person: PersonId,
    r: RegisterRequest,
) -> Result<RegisterResponse, ApiError> {
    let desk = office.desk().await?;
    let edition = desk.newest(&r.procedure)?;
    may_number(&desk, office.now()).await?;
    let house = desk.house().await;
    if !house.uses(&r.procedure) {
        let title = edition.procedure.head.title.as_str();
        return Err(ApiError::new("procedure_not_in_use").with("title", title));
    }
    let received_at = parse_time(&r.received_at)?;
    let actor = desk.actor(person, &r.procedure, office.now()).await;
    let name = |p| house.name(p);
    let values = with_parties(&house, &edition, r.values)?;
    let case_id = CaseId(new_id());
    // Another process on the same data may take the number first: then the next one is tried.
    let _turn = desk.turn.lock().await;
    for _ in 0..RACES {
        // Entered when its turn has come, however long that took.
        let now = office.now();
        let ctx = house.ctx(&edition, now);
        let year = chrono::Datelike::year(&now);
        let last = desk.store.last_number(&r.procedure, year).await?;
        let seq = last.max(house.restores.last(&r.procedure, year)) + 1;
        let number = format_number(&edition.procedure.head.number_format, year, seq);
        let new = Registration {
            case: case_id,
            number: number.clone(),
            channel: r.channel.clone(),
            received_at,
            values: values.clone(),
            confirmed: r.confirmed.clone(),
        };
        let events = decide::register(&ctx, &actor, &new)?;
        let Some(case) = Case::fold(&events) else {
            return Err(ApiError::internal("registration without a case"));
        };
        let mut one = append(&stream(case_id), 0, events)?;
        one.projection = Some(project(&edition, &case, &name));
        one.number = Some(NumberClaim {
            procedure: r.procedure.clone(),
            year,
            seq,
        });
        let files = serde_json::to_string(&edition.files)?;
        one.edition = Some((edition.hash.clone(), files));
        match desk.keep(vec![one]).await {
            Ok(()) => {
                return Ok(RegisterResponse {
                    case: case_id.to_string(),
                    number,
                    seq: case.seq,
                });
            }
            Err(StoreError::Changed) => {}
            Err(other) => return Err(other.into()),
        }
        let last = desk.store.last_number(&r.procedure, year).await?;
        if last < seq && desk.store.case_id_by_number(&number).await?.is_some() {
            // No race: another procedure, or another year, makes the same numbers.
            return Err(ApiError::new("number_taken")
                .with("number", number)
                .with("title", edition.procedure.head.title.as_str()));
        }
    }
    Err(ApiError::new("changed"))
}

/// Does an action.
pub(crate) async fn act(
    office: &Office,
    eyes: Eyes<'_>,
    r: ActRequest,
) -> Result<ActResponse, ApiError> {
    let desk = office.desk().await?;
    let person = eyes.person;
    let house = desk.house().await;
    let mut signature = r.signature;
    let mut signer = None;
    let mut looked_at = r.seq;
    for turn in 1.. {
        let Seen { loaded, actor, .. } = look(office, &desk, eyes, &r.case, None).await?;
        let Loaded { case, edition, .. } = loaded;
        if looked_at.is_some_and(|s| s != case.seq) {
            return Err(ApiError::new("changed"));
        }
        looked_at = Some(case.seq);
        let ctx = house.ctx(&edition, office.now());
        let mut request = Request {
            action: &r.action,
            values: with_parties(&house, &edition, r.values.clone())?,
            confirmed: r.confirmed.clone(),
            into: None,
        };
        let bare = r.action.split('@').next().unwrap_or_default();
        let effect = edition.action(bare).map(|a| a.effect);
        let others = match effect {
            Some(Effect::Merge) => merges(office, &desk, person, &case, &mut request).await?,
            Some(Effect::Reopen) => lets_go(&desk, &case).await?,
            _ => vec![],
        };
        let events = decide::decide(&ctx, &case, &actor, &request)
            .map_err(|refusal| words::named(refusal.into(), &|p| house.name(p)))?;
        let kinds = events
            .iter()
            .map(|e| e.body.split().map(|(kind, _)| kind))
            .collect::<Result<Vec<_>, _>>()?;
        let meaning = events.iter().find_map(|e| match &e.body {
            EventBody::Acted { signs, .. } => signs.clone(),
            _ => None,
        });
        if let (Some(m), None) = (&meaning, &signer) {
            let now = office.now();
            let key = unlock(&desk, &house, person, m, signature.take(), now);
            signer = Some(key.await?);
        }
        let mut notes = Vec::with_capacity(others.len());
        for other in others {
            let event = match effect {
                Some(Effect::Merge) => {
                    merge::taken_in(&ctx, &actor, &other.case, &case, &request.values)
                }
                _ => merge::let_go(&ctx, &actor, &other.case, &case),
            };
            notes.push((other, event));
        }
        let beside = Beside {
            signer: signer.clone(),
            notes,
            ..Beside::default()
        };
        let several = !beside.notes.is_empty();
        match desk.append_case(&edition, &case, events, beside).await {
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

/// Tries for a number before giving up.
const RACES: usize = 64;

/// `TS-{year}-{seq:04}`; the width after the colon is optional.
pub(crate) fn format_number(format: &str, year: i32, seq: i64) -> String {
    let with_year = format.replace("{year}", &year.to_string());
    let Some((head, rest)) = with_year.split_once("{seq") else {
        return format!("{with_year}{seq}");
    };
    let Some((width, tail)) = rest.split_once('}') else {
        return format!("{with_year}{seq}");
    };
    let width: usize = width.trim_start_matches(':').parse().unwrap_or(1);
    let width = width.min(NUMBER_DIGITS);
    format!("{head}{seq:0width$}{tail}")
}

/// The status on the wire.
pub(crate) fn status(case: &Case) -> &'static str {
    use redress_domain::event::Ending;
    match case.ended {
        None => "open",
        Some(Ending::Closed) => "closed",
        Some(Ending::Withdrawn) => "withdrawn",
        Some(Ending::Merged) => "merged",
        Some(Ending::Transferred) => "transferred",
        Some(Ending::Voided) => "voided",
    }
}
