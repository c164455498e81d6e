//! Who may act on an offer, and why somebody may not: action × role × department, and bars (G1).

use crate::{
    case::Case,
    procedure::{Action, Edition, Effect, Requirement},
    refusal::Refusal,
    rules::{
        actor::{Actor, Permit},
        context::Ctx,
        eligible::kept_out,
        impartial::{Exclusion, Standing, standing},
        lookup::look_up,
        merge,
        offer::Offer,
    },
    value::{Values, people_in},
};
use serde_json::Value;

/// Whether the actor may do what is offered, apart from the values: by the own roles, or as somebody's deputy.
///
/// # Errors
/// `role_missing`, `other_department`, `not_the_responsible`, `barred`, `barred_hand`, `merged_cases_here`, and what
/// requirements say that need no entry: [`eligible`](crate::rules::eligible) says the same of a whole list.
pub fn permitted(
    ctx: &Ctx<'_>,
    case: &Case,
    actor: &Actor,
    offer: &Offer<'_>,
) -> Result<Permit, Refusal> {
    let own = alone(ctx, case, actor, offer);
    let Err(refusal) = own else { return own };
    let mut refusal = refusal;
    for principal in &actor.principals {
        match alone(ctx, case, principal, offer) {
            Ok(permit) => return Ok(permit),
            // Whoever has the principal's role and is barred is told of the bar; an own bar comes first.
            Err(r) if refusal.code == "role_missing" => refusal = r,
            Err(_) => {}
        }
    }
    Err(refusal)
}

fn alone(ctx: &Ctx<'_>, case: &Case, actor: &Actor, offer: &Offer<'_>) -> Result<Permit, Refusal> {
    let task = offer.task.map(|t| t.id.as_str());
    let department = look_up(case, task, &offer.action.department).and_then(Value::as_str);
    may(ctx.edition, offer.action, actor, department)?;
    if !offer.action.by_person.is_empty() {
        let mut fields = offer.action.by_person.iter();
        let names = |v: &Value| actor.hands().any(|p| people_in(v).contains(&p));
        if !fields.any(|f| look_up(case, task, f).is_some_and(names)) {
            return Err(
                Refusal::new("not_the_responsible").with("action", offer.action.title.as_str())
            );
        }
    }
    for r in &offer.action.requires {
        let mut others = r
            .other_than
            .iter()
            .filter_map(|id| case.newest_act(id, task));
        if others.any(|a| actor.hands().any(|p| a.hands().any(|h| h == p))) {
            return Err(unmet(ctx.edition, offer.action, r));
        }
        let out = kept_out(case, task, offer.action, r);
        if actor.hands().any(|p| out.contains(&p)) {
            return Err(unmet(ctx.edition, offer.action, r));
        }
    }
    if matches!(offer.action.effect, Effect::Withdraw | Effect::Void) {
        merge::carries_none(case)?;
    }
    match standing(ctx.edition, case, &Values::new(), offer.action, actor) {
        Standing::Free => Ok(Permit {
            excepted: false,
            acts_for: actor.acts_for,
        }),
        Standing::Excepted => Ok(Permit {
            excepted: true,
            acts_for: actor.acts_for,
        }),
        Standing::Barred(x) => Err(is_barred(actor, x, offer.action)),
    }
}

/// Whose bar it is: the person's own, or that of the one for whom the person would act.
pub(super) fn is_barred(actor: &Actor, x: Exclusion, action: &Action) -> Refusal {
    let code = if x.person == actor.person && actor.acts_for.is_none() {
        "barred"
    } else {
        "barred_hand"
    };
    let refusal = Refusal::new(code)
        .with("relation", x.title)
        .with("action", action.title.as_str());
    match actor.acts_for {
        None => refusal,
        Some(principal) => refusal
            .with("person", x.person.to_string())
            .with("principal", principal.to_string()),
    }
}

/// A requirement that is not met.
pub(super) fn unmet(edition: &Edition, action: &Action, r: &Requirement) -> Refusal {
    let title = edition.field(&r.field).map_or("", |f| f.title.as_str());
    Refusal::new(&r.refusal)
        .with("field", r.field.as_str())
        .with("title", title)
        .with("action", action.title.as_str())
}

/// The second permission table: action × role × department.
pub(super) fn may(
    edition: &Edition,
    action: &Action,
    actor: &Actor,
    department: Option<&str>,
) -> Result<(), Refusal> {
    let wanted = |role: &&String| action.by.is_empty() || action.by.contains(role);
    let mut held = actor.roles.iter().filter(wanted).peekable();
    if held.peek().is_none() {
        let who: Vec<&str> = action.by.iter().map(|r| edition.role_title(r)).collect();
        return Err(Refusal::new("role_missing")
            .with("action", action.title.as_str())
            .with("who", who.join("、")));
    }
    let Some(department) = department.map(str::trim).filter(|d| !d.is_empty()) else {
        return Ok(());
    };
    let own = |role: &String| {
        let limited = actor.departments.get(role);
        limited.is_none_or(|all| all.contains(department))
    };
    if held.any(own) {
        return Ok(());
    }
    Err(Refusal::new("other_department")
        .with("action", action.title.as_str())
        .with("department", department))
}
