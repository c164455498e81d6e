//! Who sees what of a case (G11): what a role needs, what a reason opens, and what stays covered.

use crate::{
    access::note,
    cases::{Loaded, unknown_case},
    error::ApiError,
    office::{House, Person},
    open::{Desk, Office, Session},
    words,
};
use redress_domain::{
    case::Case,
    clock::Moment,
    decide::Actor,
    event::Account,
    id::{CaseId, PersonId},
    procedure::Edition,
    sight::{self, Sight, needs_lists},
    value::{Class, Field, FieldKind, Values},
};
use redress_store::{Circle, Viewer};
use serde_json::Value;

/// Characters of a reason, at least and at most.
const WHY: std::ops::RangeInclusive<usize> = 2..=200;
/// What the access stream says of somebody whose work it is.
const AT_WORK: &str = "办理案件";

/// Whoever looks: a person, through a session that keeps what a reason has opened.
#[derive(Clone, Copy)]
pub(crate) struct Eyes<'a> {
    pub(crate) person: PersonId,
    pub(crate) session: &'a Session,
}

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
    desk: &Desk,
    eyes: Eyes<'_>,
    case: &str,
    why: Option<&str>,
) -> Result<Seen, ApiError> {
    // Asked of the row first: what is not there for somebody takes no more work than what is not there at all.
    let viewer = desk.viewer(eyes.person, office.now()).await;
    let row = desk.known(&viewer, case).await?;
    let loaded = desk.load_case(&row.id.to_string()).await?;
    let why = reason(why)?;
    let house = desk.house().await;
    let day = office.now().date_naive();
    let actor = house.actor(eyes.person, &loaded.case.procedure, day);
    let account = house.people.get(&eyes.person).map(|p| p.account);
    let audits = house.people.get(&eyes.person).is_some_and(Person::audits);
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
            open_case(office, desk, eyes, id, "open_confidential", &why).await?;
            (Sight::FULL, Some(why))
        }
        // Whoever has part in a confidential case opens it without a word, and the stream keeps that they did.
        (own, None, _) if confidential => {
            open_case(office, desk, eyes, id, "open_confidential", AT_WORK).await?;
            (own, Some(AT_WORK.to_owned()))
        }
        (own, None, Some(why)) if own != Sight::FULL => {
            if !may_reveal(&actor, account) {
                return Err(ApiError::new("reveal_not_yours"));
            }
            open_case(office, desk, eyes, id, "reveal", &why).await?;
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
    desk: &Desk,
    eyes: Eyes<'_>,
    case: CaseId,
    what: &str,
    why: &str,
) -> Result<(), ApiError> {
    note(office, desk, eyes.person, what, Some(case), None, why).await?;
    eyes.session.open(case, why);
    Ok(())
}

/// Whoever has a role in the procedure, audits, or keeps the office may reveal with a reason.
pub(crate) fn may_reveal(actor: &Actor, account: Option<Account>) -> bool {
    actor.takes_part() || matches!(account, Some(Account::Auditor | Account::Administrator))
}

/// What covers a text: `王＊` on the screen, a bar on paper.
type Cover = fn(&str) -> String;

/// What is covered of a case for somebody: values above the class that the person sees, and wherever else in
/// the case the same words stand.
pub(crate) struct Veil {
    sight: Sight,
    /// The longest first, so that no part of one is left over.
    secrets: Vec<String>,
    cover: Cover,
    /// What is not covered, as the page takes it.
    open: Cover,
}

impl Veil {
    /// The veil over a case on the screen.
    pub(crate) fn screen(sight: Sight, edition: &Edition, values: &Values) -> Self {
        Self::new(sight, edition, values, words::mask, str::to_owned)
    }

    /// The veil over a case on paper: bars as long as what they cover.
    pub(crate) fn paper(sight: Sight, edition: &Edition, values: &Values) -> Self {
        let (cover, open) = (redress_paper::redacted, redress_paper::plain);
        Self::new(sight, edition, values, cover, open)
    }

    fn new(sight: Sight, edition: &Edition, values: &Values, cover: Cover, open: Cover) -> Self {
        let mut secrets = Vec::new();
        if sight != Sight::FULL {
            for (key, value) in values {
                if let Some(field) = edition.field(key) {
                    secret(field, field.class, value, sight, &mut secrets);
                }
            }
            secrets.sort_by_key(|s: &String| std::cmp::Reverse(s.chars().count()));
            secrets.dedup();
        }
        Self {
            sight,
            secrets,
            cover,
            open,
        }
    }

    /// Whether a value of the field is covered altogether.
    pub(crate) fn covers(&self, field: &Field) -> bool {
        !self.sight.shows(field.class)
    }

    /// Whether nothing at all is covered: then values may be handed on as they are.
    pub(crate) fn whole(&self) -> bool {
        self.sight == Sight::FULL
    }

    /// The words of a value, covered as far as they must be.
    pub(crate) fn say(&self, field: &Field, text: &str) -> String {
        if text.is_empty() {
            String::new()
        } else if self.covers(field) {
            (self.cover)(text)
        } else {
            self.within(text)
        }
    }

    /// A text of no class in which what is covered elsewhere may stand.
    pub(crate) fn within(&self, text: &str) -> String {
        let mut rest = text;
        let mut out = String::with_capacity(text.len());
        while let Some((at, word)) = self.next(rest) {
            out.push_str(&(self.open)(&rest[..at]));
            out.push_str(&(self.cover)(word));
            rest = &rest[at + word.len()..];
        }
        out.push_str(&(self.open)(rest));
        out
    }

    fn next<'s>(&'s self, text: &str) -> Option<(usize, &'s str)> {
        let places = self
            .secrets
            .iter()
            .filter_map(|s| text.find(s.as_str()).map(|at| (at, s.as_str())));
        // The leftmost; of several there, the longest, which comes first.
        places.min_by_key(|(at, _)| *at)
    }
}

/// Words of two characters or more in a covered short text; long texts are covered where they stand.
fn secret(field: &Field, class: Class, value: &Value, sight: Sight, out: &mut Vec<String>) {
    if field.kind == FieldKind::Rows {
        for row in value.as_array().into_iter().flatten() {
            for column in &field.columns {
                if let Some(cell) = row.get(&column.id) {
                    secret(column, class.max(column.class), cell, sight, out);
                }
            }
        }
    } else if field.kind == FieldKind::Text
        && !sight.shows(class)
        && let Some(text) = value.as_str().map(str::trim)
        && text.chars().count() >= 2
    {
        out.push(text.to_owned());
    }
}

impl House {
    /// Whoever looks at lists.
    pub(crate) fn viewer<'e>(
        &self,
        person: PersonId,
        now: Moment,
        editions: impl Iterator<Item = &'e Edition>,
    ) -> Viewer {
        let day = now.date_naive();
        let principals = self.principals(person, day);
        let people: Vec<PersonId> = std::iter::once(person).chain(principals).collect();
        let mut viewer = Viewer::default();
        for edition in editions {
            let procedure = &edition.procedure.head.id;
            let actor = self.actor(person, procedure, day);
            // An edition that is missing may have shown less.
            if needs_lists(edition, &actor) && !self.unsure {
                viewer.names_in.push(procedure.clone());
            }
            let hands = std::iter::once(&actor).chain(&actor.principals);
            let roles = hands.flat_map(|a| a.roles.iter().filter(|r| a.sees_by(r)).cloned());
            viewer.roles.extend(roles.map(|r| (procedure.clone(), r)));
        }
        viewer.untrusted = !self.trusts(person);
        viewer.people = people;
        viewer
    }
}

/// The circle of a confidential case as lists keep it.
pub(crate) fn circle(edition: &Edition, case: &Case) -> Option<Circle> {
    sight::circle(edition, case).map(|c| Circle {
        reasons: vec![],
        ..c
    })
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
