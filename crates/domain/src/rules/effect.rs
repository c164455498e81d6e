//! What an action does beyond recording: correction, extension, exception, ending, reopening.

use crate::{
    case::EXCEPTED_BAR,
    event::{Ending, EventBody, MoveCause},
    procedure::{Action, Effect},
    refusal::Refusal,
    rules::{
        clocks, correction,
        impartial::{Exclusion, excluded},
        request::Request,
        run::Run,
    },
    time::clock,
    value::{Values, people_in},
};
use serde_json::Value;

/// Carries out the action's effect.
///
/// # Errors
/// Those of a correction, `value_asks`, `clock_not_running`, `extension_not_later`, `second_person_needed`,
/// `exception_nobody_barred`, `exception_bar_needed`, `exception_other_bar`.
pub(crate) fn carry_out(
    run: &mut Run<'_>,
    action: &Action,
    entered: &Values,
    request: &Request<'_>,
) -> Result<(), Refusal> {
    let end = |run: &mut Run<'_>, how| {
        let into = request.into.filter(|_| how == Ending::Merged);
        run.push(EventBody::Ended { how, into }, Values::new());
        clocks::happened(run, "closed", None);
    };
    match action.effect {
        Effect::Record | Effect::Assign => {}
        Effect::Correct => correction::correct(run, entered, &request.confirmed)?,
        Effect::Extend => extend(run, entered)?,
        Effect::Reclassify => clocks::reclassify(run),
        Effect::Except => except(run, entered)?,
        Effect::Close => end(run, Ending::Closed),
        Effect::Withdraw => end(run, Ending::Withdrawn),
        Effect::Merge => end(run, Ending::Merged),
        Effect::Transfer => end(run, Ending::Transferred),
        Effect::Void => end(run, Ending::Voided),
        Effect::Archive => run.push(EventBody::Archived {}, Values::new()),
        Effect::Reopen => {
            let step = run.case.step.clone();
            run.push(EventBody::Reopened { step }, Values::new());
        }
    }
    Ok(())
}

fn text<'a>(entered: &'a Values, field: &str) -> &'a str {
    entered
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// T5: a due time moves by a recorded act, and only to a later moment.
fn extend(run: &mut Run<'_>, entered: &Values) -> Result<(), Refusal> {
    let id = text(entered, "extension.clock");
    let until = entered.get("extension.until");
    let running = run
        .case
        .clocks
        .iter()
        .find(|c| c.id == id && c.stopped_at.is_none());
    let Some(running) = running else {
        return Err(Refusal::new("clock_not_running").with("clock", id));
    };
    let mut due = running.due.clone();
    let moved = clock::agreed(until, due.start, run.ctx.calendar).at;
    if moved.is_none() {
        return Err(Refusal::new("date_beyond_horizon").with("years", clock::HORIZON / 365));
    }
    if moved <= due.at {
        return Err(Refusal::new("extension_not_later").with("clock", id));
    }
    due.at = moved;
    let body = EventBody::ClockMoved {
        clock: id.to_owned(),
        due,
        cause: MoveCause::Extension,
    };
    run.push(body, Values::new());
    Ok(())
}

/// G1: an exception needs a reason and a second person, neither of whom is the excluded one; it lifts one bar of one
/// person. Where the person has one bar alone, that is the one that is meant.
fn except(run: &mut Run<'_>, entered: &Values) -> Result<(), Refusal> {
    let one = |f: &str| entered.get(f).and_then(|v| people_in(v).first().copied());
    let (Some(person), Some(second)) = (one("exception.person"), one("exception.second")) else {
        return Err(Refusal::new("second_person_needed"));
    };
    if person == second || second == run.actor.person || person == run.actor.person {
        return Err(Refusal::new("second_person_needed"));
    }
    let bars: Vec<Exclusion> = excluded(run.ctx.edition, &run.case)
        .into_iter()
        .filter(|x| x.person == person && !x.excepted(&run.case))
        .collect();
    let named = text(entered, EXCEPTED_BAR);
    let titles = || bars.iter().map(|x| x.title.as_str()).collect::<Vec<_>>();
    let bar = match (named, bars.as_slice()) {
        (_, []) => return Err(Refusal::new("exception_nobody_barred")),
        ("", [only]) => only,
        ("", _) => {
            return Err(Refusal::new("exception_bar_needed").with("relations", titles().join("、")));
        }
        (named, _) => match bars.iter().find(|x| x.bar == named) {
            Some(x) => x,
            None => {
                return Err(
                    Refusal::new("exception_other_bar").with("relations", titles().join("、"))
                );
            }
        },
    };
    let bar = Some(bar.bar.clone());
    let body = EventBody::Excepted {
        person,
        second,
        bar,
    };
    run.push(body, Values::new());
    Ok(())
}
