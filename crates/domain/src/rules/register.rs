//! Registering a case (T1, G12), and what a registration would start.

use crate::{
    case::Case,
    event::{Event, EventBody},
    procedure::Action,
    refusal::Refusal,
    rules::{
        actor::Actor,
        clocks,
        context::Ctx,
        entry::{settled, take, weigh},
        permit::may,
        request::Registration,
        requirements,
        run::Run,
        ways,
    },
    time::{calendar::here, clock::Moment},
    value::{
        Values, given,
        range::{confirmed, long_ago},
    },
};

/// The limits that a registration would start, for showing before it is done.
pub fn preview(ctx: &Ctx<'_>, actor: &Actor, new: &Registration) -> Vec<crate::case::Running> {
    let first = Event {
        actor: actor.person,
        at: ctx.now,
        body: EventBody::Registered {
            case: new.case,
            procedure: ctx.edition.procedure.head.id.clone(),
            edition: String::new(),
            edition_hash: String::new(),
            number: String::new(),
            channel: new.channel.clone(),
            received_at: new.received_at,
            step: String::new(),
            training: ctx.training,
        },
        values: new.values.clone(),
    };
    let Some(case) = Case::begin(&first) else {
        return vec![];
    };
    let mut run = Run::new(ctx, actor, case);
    clocks::happened(&mut run, "registered", None);
    ways::follow(&mut run, &ctx.edition.procedure.register, None);
    run.case.clocks
}

/// Registers a case (T1, G12).
///
/// # Errors
/// `role_missing`, `fields_missing` with `channel`, `unknown_channel`, `received_in_future`, `late_entry_unexplained`, and whatever the values earn.
pub fn register(ctx: &Ctx<'_>, actor: &Actor, new: &Registration) -> Result<Vec<Event>, Refusal> {
    let p = &ctx.edition.procedure;
    may(ctx.edition, &p.register, actor, None)?;
    known_channel(ctx, &new.channel)?;
    let received_at = here(&new.received_at);
    let entered = settled(ctx.edition, &new.values);
    received(ctx, received_at, &entered)?;
    let mut known = p.register.fields.clone();
    known.push(format!("{LATE_ENTRY}?"));
    let asked = Action {
        fields: known,
        ..p.register.clone()
    };
    let values = take(ctx.edition, &asked, None, &entered, &|f: &str| {
        entered.get(f)
    })?;
    // A procedure that was loaded has steps.
    let step = p.steps.first().map_or(String::new(), |s| s.id.clone());
    let first = Event {
        actor: actor.person,
        at: ctx.now,
        body: EventBody::Registered {
            case: new.case,
            procedure: p.head.id.clone(),
            edition: p.head.edition.clone(),
            edition_hash: ctx.edition.hash.clone(),
            number: new.number.clone(),
            channel: new.channel.clone(),
            received_at,
            step,
            training: ctx.training,
        },
        values,
    };
    let Some(case) = Case::begin(&first) else {
        return Err(Refusal::new("internal").with("detail", "registration without a case"));
    };
    let mut run = Run::new(ctx, actor, case);
    requirements::check(&run, &p.register, None, &entered)?;
    let mut asks = weigh(ctx, &asked, &entered)?;
    asks.extend(long_ago(
        RECEIVED_AT,
        "接到时间",
        received_at,
        ctx.now,
        RECEIVED_YEARS,
    ));
    confirmed(asks, &new.confirmed)?;
    run.events.push(first);
    clocks::happened(&mut run, "registered", None);
    ways::follow(&mut run, &p.register, None);
    Ok(run.events)
}

fn known_channel(ctx: &Ctx<'_>, channel: &str) -> Result<(), Refusal> {
    if channel.trim().is_empty() {
        return Err(Refusal::new("fields_missing")
            .with("fields", vec!["channel"])
            .with("titles", "投诉方式"));
    }
    if ctx
        .edition
        .procedure
        .channels
        .iter()
        .all(|c| c.id != channel)
    {
        return Err(Refusal::new("unknown_channel").with("channel", channel));
    }
    Ok(())
}

/// The time of receipt lies before now; where it lies long before, the entry says why it is late (T1).
fn received(ctx: &Ctx<'_>, at: Moment, entered: &Values) -> Result<(), Refusal> {
    if at > ctx.now {
        return Err(Refusal::new("received_in_future")
            .with("received_at", at.to_rfc3339())
            .with("now", here(&ctx.now).to_rfc3339()));
    }
    let hours = (ctx.now - at).num_hours();
    let allowed = ctx.edition.procedure.head.late_entry_hours;
    if hours > i64::from(allowed) && !given(entered.get(LATE_ENTRY)) {
        return Err(Refusal::new("late_entry_unexplained")
            .with("hours", hours)
            .with("allowed", allowed));
    }
    Ok(())
}

/// The key of the time of receipt where it is asked about.
pub const RECEIVED_AT: &str = "received_at";

/// Years after which a time of receipt is asked about: nobody enters complaints of so long ago.
const RECEIVED_YEARS: u32 = 2;

/// The reason for an entry later than the allowance (T1).
pub const LATE_ENTRY: &str = "late_entry.reason";
