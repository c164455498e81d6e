//! What a form can say of the institution and of the case itself, apart from its fields.

use crate::{documents::filling::Surroundings, masking::headline::headline, text::words};
use redress_domain::{
    case::{Case, Exception, Running},
    clock::{ClockState, state},
};
use std::collections::BTreeMap;

pub(super) fn organisation(texts: &mut BTreeMap<String, String>, s: &Surroundings<'_>) {
    let o = s.organisation;
    for (k, v) in [
        ("name", &o.name),
        ("address", &o.address),
        ("phone", &o.phone),
    ] {
        texts.insert(format!("organisation.{k}"), v.clone());
    }
    let head = &s.edition.procedure.head;
    texts.insert("case.procedure".into(), head.title.clone());
    texts.insert("case.edition".into(), head.edition.clone());
}

pub(super) fn about_case(texts: &mut BTreeMap<String, String>, case: &Case, s: &Surroundings<'_>) {
    let channel = s
        .edition
        .procedure
        .channels
        .iter()
        .find(|c| c.id == case.channel);
    let mut put = |k: &str, v: String| texts.insert(k.to_owned(), v);
    put("case.number", case.number.clone());
    put("case.received_at", words::moment(case.received_at));
    put("case.entered_at", words::moment(case.entered_at));
    put(
        "case.channel",
        channel.map(|c| c.title.clone()).unwrap_or_default(),
    );
    put(
        "case.channel_phrase",
        channel.map(|c| c.phrase.clone()).unwrap_or_default(),
    );
    put("case.registered_by", (s.name)(case.registered_by));
    put(
        "case.closed_at",
        case.ended_at.map(words::moment).unwrap_or_default(),
    );
    put(
        "case.headline",
        s.mask.within(&headline(s.edition, &case.values, s.name)),
    );
    put("exceptions", exceptions(case, s));
    for c in &case.clocks {
        for (key, text) in about_clock(case, c, s) {
            put(&format!("clock.{}.{key}", c.rule), text);
        }
    }
}

/// Whose bars were lifted, with whose consent and why.
fn exceptions(case: &Case, s: &Surroundings<'_>) -> String {
    let one = |e: &Exception| {
        let (person, second) = ((s.name)(e.person), (s.name)(e.second));
        let bar = words::bar_title(s.edition, e.bar.as_deref());
        let bar = bar.map(|b| format!("{b}，")).unwrap_or_default();
        let reason = s.mask.within(&e.reason);
        format!("{person}（{bar}经{second}同意；{reason}）")
    };
    let all: Vec<String> = case.exceptions.iter().map(one).collect();
    match all.is_empty() {
        true => String::new(),
        false => format!("回避的例外：{}", all.join("、")),
    }
}

/// A limit: until when and why, since when, when it was kept, and whether too late.
fn about_clock(case: &Case, c: &Running, s: &Surroundings<'_>) -> [(&'static str, String); 5] {
    let rule = s.edition.clock(&c.rule);
    let due = c.due.at;
    let due = due.map_or_else(|| words::limit(&c.due, rule), words::due_moment);
    let due = match c.due.rolled_from {
        Some(last) => format!("{due}（{}）", words::rolled(last)),
        None => due,
    };
    let basis = words::explanation(&c.due, rule);
    let basis = match rule.map(|r| words::clock_basis(&s.edition.procedure, r)) {
        Some(whose) => format!("{basis}（{whose}）"),
        None => basis,
    };
    let late = match state(&c.due, c.stopped_at, case.last_at) {
        ClockState::Missed => "是",
        _ if c.stopped_at.is_some() => "否",
        _ => "",
    };
    [
        ("due", due),
        ("basis", basis),
        ("started", words::moment(c.due.start)),
        (
            "stopped",
            c.stopped_at.map(words::moment).unwrap_or_default(),
        ),
        ("late", late.to_owned()),
    ]
}
