//! Who sees what of a case (G11): what a role needs, what a reason opens, and what stays covered.

use crate::{
    access::log::note,
    office::{
        handle::{Office, OpenOffice},
        load::{Loaded, unknown_case},
        session::Eyes,
        state::person::Person,
    },
    text::error::ApiError,
};
use redress_domain::{
    decide::Actor,
    event::Account,
    id::CaseId,
    procedure::Edition,
    sight::{self, Sight},
};

/// Characters of a reason, at least and at most.
const WHY: std::ops::RangeInclusive<usize> = 2..=200;
/// What the access stream says of somebody whose work it is.
const AT_WORK: &str = "办理案件";

/// A case with what somebody sees of it.
pub(crate) struct Seen {
    pub(crate) loaded: Loaded,
    pub(crate) actor: Actor,
    pub(crate) sight: Sight,
    /// Why the person looks, for the access stream; none where nobody has said it and it is not the person's work.
    pub(crate) why: Option<String>,
}

impl Seen {
    /// Why something leaves the screen: for a printer, a file or another program.
    ///
    /// # Errors
    /// `why_needed`: whoever has no part in the procedure says why.
    pub(crate) fn why(&self) -> Result<&str, ApiError> {
        self.why
            .as_deref()
            .ok_or_else(|| ApiError::new("why_needed"))
    }

    /// The same for what cannot be covered in part: a paper as it was given out, a file.
    ///
    /// # Errors
    /// `why_needed`: also whoever has part in the procedure, and sees only some of it, says why.
    pub(crate) fn whole(&self) -> Result<&str, ApiError> {
        if self.sight != Sight::FULL {
            return Err(ApiError::new("why_needed"));
        }
        self.why()
    }
}

/// A reason as typed; none where nothing was.
///
/// # Errors
/// `why_unfit`.
fn reason(why: Option<&str>) -> Result<Option<String>, ApiError> {
    let why = why.map(str::trim).filter(|w| !w.is_empty());
    match why {
        Some(w) if !WHY.contains(&w.chars().count()) => Err(ApiError::new("why_unfit")
            .with("min", *WHY.start())
            .with("max", *WHY.end())),
        other => Ok(other.map(str::to_owned)),
    }
}

/// A case as somebody may see it. A reason opens what is covered, and is kept in the access stream.
///
/// # Errors
/// `unknown_case` also where it is about whoever asks; `case_confidential`, `why_unfit`, `reveal_not_yours`.
pub(crate) async fn look(
    office: &Office,
    open: &OpenOffice,
    eyes: Eyes<'_>,
    case: &str,
    why: Option<&str>,
) -> Result<Seen, ApiError> {
    // Asked of the row first: what is not there for somebody takes no more work than what is not there at all.
    let viewer = open.viewer(eyes.person, office.now()).await;
    let row = open.known(&viewer, case).await?;
    let loaded = open.load_case(&row.id.to_string()).await?;
    let why = reason(why)?;
    let state = open.state().await;
    let day = office.now().date_naive();
    let actor = state.actor(eyes.person, &loaded.case.procedure, day);
    let account = state.people.get(&eyes.person).map(|p| p.account);
    let audits = state.people.get(&eyes.person).is_some_and(Person::audits);
    let id = loaded.case.id;
    let own = sight::sight(&loaded.edition, &loaded.case, &actor);
    if own == Sight::Absent {
        return Err(unknown_case(case));
    }
    let confidential = sight::circle(&loaded.edition, &loaded.case).is_some();
    let opened = eyes.session.opened(id);
    let at_work = actor.takes_part().then(|| AT_WORK.to_owned());
    let (seen, why) = match (own, opened, why) {
        (_, Some(said), _) => (Sight::FULL, Some(said)),
        (Sight::Hidden, None, why) => {
            let may = audits || sight::oversees_confidential(&loaded.edition, &actor);
            let Some(why) = why.filter(|_| may) else {
                return Err(ApiError::new("case_confidential")
                    .with("number", loaded.case.number.as_str())
                    .with("who", overseers(&loaded.edition))
                    .with("may_open", may));
            };
            open_case(office, open, eyes, id, "open_confidential", &why).await?;
            (Sight::FULL, Some(why))
        }
        // Whoever has part in a confidential case opens it without a word, and the stream keeps that they did.
        (own, None, _) if confidential => {
            open_case(office, open, eyes, id, "open_confidential", AT_WORK).await?;
            (own, Some(AT_WORK.to_owned()))
        }
        (own, None, Some(why)) if own != Sight::FULL => {
            if !may_reveal(&actor, account) {
                return Err(ApiError::new("reveal_not_yours"));
            }
            open_case(office, open, eyes, id, "reveal", &why).await?;
            (Sight::FULL, Some(why))
        }
        (own, None, why) => (own, why.or(at_work)),
    };
    Ok(Seen {
        loaded,
        actor,
        sight: seen,
        why,
    })
}

async fn open_case(
    office: &Office,
    open: &OpenOffice,
    eyes: Eyes<'_>,
    case: CaseId,
    what: &str,
    why: &str,
) -> Result<(), ApiError> {
    note(office, open, eyes.person, what, Some(case), None, why).await?;
    eyes.session.open(case, why);
    Ok(())
}

/// Whoever has a role in the procedure, audits, or keeps the office may reveal with a reason.
pub(crate) fn may_reveal(actor: &Actor, account: Option<Account>) -> bool {
    actor.takes_part() || matches!(account, Some(Account::Auditor | Account::Administrator))
}

/// Who opens a confidential case without having part in it, in the words of the procedure at hand.
fn overseers(edition: &Edition) -> String {
    let roles = edition.procedure.roles.iter().filter(|r| r.oversees);
    let titles: Vec<&str> = roles.map(|r| r.title.as_str()).collect();
    if titles.is_empty() {
        "管理员".to_owned()
    } else {
        titles.join("、")
    }
}
