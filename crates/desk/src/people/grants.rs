//! What needs two people: a role or account that opens confidential cases, a deputy whom the principal did not name,
//! an edition under which somebody sees more (docs/decisions/0009). One gives it, another confirms or refuses it.

use crate::{
    office::{
        editions::procedure_title,
        events::{append, event},
        handle::{Office, OpenOffice},
        state::{
            OfficeState,
            person::{Person, VOUCH, Waiting, deputy_grant},
        },
    },
    people::{
        accounts::PersonRef,
        second_person::{may_confirm, may_keep_key, second_person_unfit},
        signing_keys::{ConfirmKeyRequest, confirm_key},
    },
    text::error::ApiError,
};
use redress_domain::{
    backup_key::Asked,
    clock::Moment,
    confirm::Matter,
    event::{Account, EventBody},
    id::PersonId,
    value::Values,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something that waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct GrantView {
    /// Tells it from the others.
    pub id: String,
    /// `role`, `account`, `deputy`, `edition`, `key`, `vouch` (whether a second person knows of an account) or `backup_key`.
    pub kind: String,
    /// To whom; for an edition the procedure's title, for a deputy the principal.
    pub whom: String,
    /// What: the role with its procedure, the kind of account, the deputy with the days, the edition's label.
    pub what: String,
    /// Who gave it.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
    /// Whoever asks may confirm or refuse it.
    pub may: bool,
    /// The first password was typed by somebody else and the person has not set another: whoever gave it knows it.
    pub password_of_giver: bool,
}

/// Which grant.
#[derive(Debug, Deserialize, TS)]
pub struct GrantRef {
    /// Its id.
    pub id: String,
}

/// The id of a backup key that was asked for: there is one at a time.
const BACKUP_KEY: &str = "backup_key";

/// What waits, and for whom.
enum Item {
    Grant {
        person: PersonId,
        grant: String,
        waiting: Waiting,
    },
    Key {
        person: PersonId,
        by: PersonId,
    },
    Edition {
        hash: String,
    },
    BackupKey {
        asked: Asked,
    },
}

impl Item {
    fn id(&self) -> String {
        match self {
            Self::Grant { person, grant, .. } => format!("{person}/{grant}"),
            Self::Key { person, .. } => format!("{person}/key"),
            Self::Edition { hash } => format!("edition/{hash}"),
            Self::BackupKey { .. } => BACKUP_KEY.to_owned(),
        }
    }

    /// The procedure that it is about; none where it is about all.
    fn procedure(&self, state: &OfficeState) -> Option<String> {
        match self {
            Self::Grant { grant, .. } => {
                let role = grant.strip_prefix("role:")?;
                role.split_once('/').map(|(p, _)| p.to_owned())
            }
            Self::Key { .. } | Self::BackupKey { .. } => None,
            Self::Edition { hash } => {
                let mut all = state.installed.iter();
                all.find(|i| &i.hash == hash).map(|i| i.procedure.clone())
            }
        }
    }

    /// Who gave it, and when, where the log says so.
    fn given(&self, state: &OfficeState) -> Option<(PersonId, Option<Moment>)> {
        Some(match self {
            Self::Grant { waiting, .. } => (waiting.by, Some(waiting.at)),
            Self::Key { by, .. } => (*by, None),
            Self::Edition { hash } => {
                let i = state.installed.iter().find(|i| &i.hash == hash)?;
                (i.by, Some(i.at))
            }
            Self::BackupKey { asked } => (asked.by, Some(asked.at)),
        })
    }
}

fn waiting_items(state: &OfficeState) -> Vec<Item> {
    let mut all = Vec::new();
    for p in state.people.values().filter(|p| !p.closed) {
        // Whoever confirms anything else of somebody knows them: that alone is not asked besides.
        let more = p.waiting.len() > 1;
        let asked = p.waiting.iter().filter(|(g, _)| !(more && *g == VOUCH));
        all.extend(asked.map(|(grant, w)| Item::Grant {
            person: p.id,
            grant: grant.clone(),
            waiting: w.clone(),
        }));
        let key = p.key_waits_for.map(|by| Item::Key { person: p.id, by });
        all.extend(key);
    }
    all.extend(
        state
            .asked
            .iter()
            .map(|((principal, deputy), a)| Item::Grant {
                person: *principal,
                grant: deputy_grant(*deputy),
                waiting: a.waiting.clone(),
            }),
    );
    let editions = state.installed.iter().filter(|i| i.waits);
    all.extend(editions.map(|i| Item::Edition {
        hash: i.hash.clone(),
    }));
    let asked = state.backup_keys.asked.clone();
    all.extend(asked.map(|asked| Item::BackupKey { asked }));
    all
}

/// Whether somebody has a confirmed role that answers for a procedure; for any, where none is named.
fn answers_for(open: &OpenOffice, p: &Person, procedure: Option<&str>) -> bool {
    let current = open.current();
    p.roles.iter().any(|r| {
        let here = procedure.is_none_or(|x| x == r.procedure);
        let oversees = current.get(&r.procedure).is_some_and(|e| {
            let mut roles = e.procedure.roles.iter();
            roles.any(|x| x.id == r.role && x.oversees)
        });
        here && oversees && p.holds(&r.procedure, &r.role)
    })
}

/// Whether somebody may be the second person: neither who gave it nor who gets it, there before it was given, and
/// an administrator or whoever answers for the procedure, or the principal whose deputy it is.
fn may_second(open: &OpenOffice, state: &OfficeState, me: PersonId, item: &Item) -> bool {
    let Some(p) = state.people.get(&me).filter(|p| p.stands()) else {
        return false;
    };
    match item {
        Item::Key { person, .. } => may_confirm(state, me, *person, Matter::Key).is_ok(),
        Item::Grant {
            person,
            grant,
            waiting,
        } => {
            let deputy = grant.starts_with("deputy:");
            let principal = deputy && me == *person;
            let gets = if deputy {
                *grant == deputy_grant(me)
            } else {
                me == *person
            };
            let procedure = item.procedure(state);
            let answers = p.administers() || answers_for(open, p, procedure.as_deref());
            let before = p.added < waiting.since;
            me != waiting.by && !gets && before && (principal || answers && p.known())
        }
        Item::Edition { hash } => {
            let procedure = item.procedure(state);
            let Some(i) = state.installed.iter().find(|i| &i.hash == hash) else {
                return false;
            };
            let answers = p.administers() || answers_for(open, p, procedure.as_deref());
            me != i.by && p.known() && answers
        }
        Item::BackupKey { asked } => may_keep_key(state, me, asked),
    }
}

fn grant_view(
    open: &OpenOffice,
    state: &OfficeState,
    me: PersonId,
    item: &Item,
) -> Option<GrantView> {
    let (kind, whom, what) = match item {
        Item::Key { person, .. } => ("key", state.name(*person), String::new()),
        Item::Grant { person, grant, .. } => {
            let (kind, rest) = grant.split_once(':')?;
            let what = grant_said(open, state, *person, (kind, rest))?;
            (kind, state.name(*person), what)
        }
        Item::BackupKey { .. } => (BACKUP_KEY, String::new(), String::new()),
        Item::Edition { hash } => {
            let i = state.installed.iter().find(|i| &i.hash == hash)?;
            let title = procedure_title(open, &i.procedure);
            ("edition", title, i.edition.clone())
        }
    };
    let (by, at) = item.given(state)?;
    let password_of_giver = match item {
        Item::Grant { person, .. } if kind != "deputy" => {
            let p = state.people.get(person);
            p.is_some_and(|p| p.passwords == 1)
        }
        _ => false,
    };
    Some(GrantView {
        id: item.id(),
        kind: kind.to_owned(),
        whom,
        what,
        by: state.name(by),
        // Of a reset key the log says who gave it, not when.
        at: at.map(|t| t.to_rfc3339()).unwrap_or_default(),
        may: may_second(open, state, me, item),
        password_of_giver,
    })
}

/// The role with its procedure, or the deputy with the days; anything else as it is.
fn grant_said(
    open: &OpenOffice,
    state: &OfficeState,
    person: PersonId,
    (kind, rest): (&str, &str),
) -> Option<String> {
    Some(match kind {
        "role" => {
            let (procedure, role) = rest.split_once('/')?;
            let current = open.current();
            let edition = current.get(procedure);
            let title = edition.map_or(role, |e| e.role_title(role));
            format!("{title}（{}）", procedure_title(open, procedure))
        }
        "deputy" => {
            let deputy = rest.parse().ok()?;
            let asked = state.asked.get(&(person, deputy))?;
            format!("{}（{} – {}）", state.name(deputy), asked.from, asked.until)
        }
        _ => rest.to_owned(),
    })
}

/// What waits for a second person, and concerns whoever asks: to confirm it, or because they gave or get it.
pub(crate) async fn grants(office: &Office, me: PersonId) -> Result<Vec<GrantView>, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let reads = state.people.get(&me).is_some_and(|p| {
        matches!(p.account, Account::Administrator | Account::Auditor) && p.stands()
    });
    let concerns = |item: &Item| match item {
        Item::Grant {
            person,
            grant,
            waiting,
        } => *person == me || waiting.by == me || *grant == deputy_grant(me),
        Item::Key { person, by } => *person == me || *by == me,
        Item::BackupKey { asked } => asked.by == me,
        Item::Edition { .. } => false,
    };
    let all = waiting_items(&state);
    let shown = all
        .iter()
        .filter_map(|i| Some((i, grant_view(&open, &state, me, i)?)));
    let shown = shown.filter(|(i, v)| v.may || reads || concerns(i));
    Ok(shown.map(|(_, v)| v).collect())
}

/// Confirms or refuses it, as the second person.
///
/// # Errors
/// `unknown_grant` where it does not wait (any more), `second_person_unfit`, `backup_key_confirm` for a backup key, which
/// is made by whoever keeps it.
pub(crate) async fn grant_judge(
    office: &Office,
    me: PersonId,
    r: GrantRef,
    confirmed: bool,
) -> Result<PersonRef, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let mut all = waiting_items(&state).into_iter();
    let item = all
        .find(|i| i.id() == r.id)
        .ok_or_else(|| ApiError::new("unknown_grant"))?;
    // What nobody has to keep may be taken back by whoever asked for it.
    let takes_back = matches!(&item, Item::BackupKey { asked } if asked.by == me && !confirmed);
    if !takes_back && !may_second(&open, &state, me, &item) {
        return Err(second_person_unfit());
    }
    let (stream, seq, id) = match &item {
        Item::Key { person, .. } => {
            if !confirmed {
                // Another reset is what undoes one.
                return Err(ApiError::new("unknown_grant"));
            }
            let id = person.to_string();
            return confirm_key(office, me, ConfirmKeyRequest { id }).await;
        }
        Item::Grant { person, .. } => {
            let seq = state.people.get(person).map_or(0, |p| p.seq);
            (format!("person:{person}"), seq, person.to_string())
        }
        Item::BackupKey { .. } => ("office".to_owned(), state.seq, BACKUP_KEY.to_owned()),
        Item::Edition { hash } => ("office".to_owned(), state.seq, hash.clone()),
    };
    let done = event(me, office.now(), judgement(item, confirmed)?, Values::new());
    open.keep(vec![append(&stream, seq, vec![done])?]).await?;
    open.refold().await?;
    Ok(PersonRef { id })
}

/// What the log says of it, for all but a reset key, which is confirmed by an act of its own.
fn judgement(item: Item, confirmed: bool) -> Result<EventBody, ApiError> {
    Ok(match (item, confirmed) {
        (Item::BackupKey { .. }, true) => return Err(ApiError::new("backup_key_confirm")),
        (Item::BackupKey { .. }, false) => EventBody::BackupKeyRefused {},
        // Nothing of it could be taken away.
        (Item::Grant { grant, .. }, false) if grant == VOUCH => {
            return Err(ApiError::new("unknown_grant"));
        }
        (Item::Key { .. }, _) => return Err(ApiError::new("unknown_grant")),
        (Item::Grant { person, grant, .. }, true) => EventBody::GrantConfirmed { person, grant },
        (Item::Grant { person, grant, .. }, false) => EventBody::GrantRefused { person, grant },
        (Item::Edition { hash }, true) => EventBody::EditionConfirmed { hash },
        (Item::Edition { hash }, false) => EventBody::EditionRefused { hash },
    })
}
