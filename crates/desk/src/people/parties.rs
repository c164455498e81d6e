//! The register of people, organisations and products (G16). Cases point to it, and keep name and marks as
//! they were at the time.

use crate::{
    office::{
        events::{append, event, new_id},
        handle::Office,
        state::{OfficeState, parties::Party},
    },
    text::{error::ApiError, limits, words},
};
use redress_domain::{
    event::{Account, EventBody, PartySort},
    id::{PartyId, PersonId},
    procedure::Edition,
    value::{FieldKind, TEXT_MAX, Values},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ts_rs::TS;

/// 重要客户, 新客户, 新开发产品.
pub const MARKS: [&str; 3] = ["important", "new_customer", "new_product"];
/// A mark in words.
pub(crate) fn mark_words(mark: &str) -> &str {
    match mark {
        "important" => "重要客户",
        "new_customer" => "新客户",
        "new_product" => "新开发产品",
        other => other,
    }
}

/// Lines of one answer, at most.
const LINES_MAX: usize = 200;

/// A line of the register.
#[derive(Debug, Serialize, TS)]
pub struct PartyView {
    /// Id.
    pub id: String,
    /// `person`, `organisation` or `product`.
    #[ts(type = "string")]
    pub sort: PartySort,
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Address.
    pub address: String,
    /// What else is known.
    pub note: String,
    /// Marks.
    pub marks: Vec<String>,
    /// Out of use.
    pub closed: bool,
    /// For keeping it: a change in between is refused.
    #[ts(type = "number")]
    pub seq: i64,
}

/// What to look for.
#[derive(Debug, Default, Deserialize, TS)]
pub struct PartyListRequest {
    /// Part of a name.
    #[serde(default)]
    #[ts(optional)]
    pub text: Option<String>,
    /// Only these.
    #[serde(default)]
    #[ts(optional, type = "string")]
    pub sort: Option<PartySort>,
    /// Closed ones too.
    #[serde(default)]
    #[ts(optional)]
    pub closed: Option<bool>,
}

/// An entry as it shall be.
#[derive(Debug, Deserialize, TS)]
pub struct PartyKeep {
    /// None: a new one.
    #[serde(default)]
    #[ts(optional)]
    pub id: Option<String>,
    /// What it is.
    #[ts(type = "string")]
    pub sort: PartySort,
    /// Name.
    pub name: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    /// Address.
    #[serde(default)]
    pub address: String,
    /// What else is known.
    #[serde(default)]
    pub note: String,
    /// Marks.
    #[serde(default)]
    pub marks: Vec<String>,
    /// Out of use.
    #[serde(default)]
    pub closed: bool,
    /// The entry's `seq` as it was shown.
    #[serde(default)]
    #[ts(optional, type = "number")]
    pub seq: Option<i64>,
}

fn view(id: PartyId, p: &Party) -> PartyView {
    PartyView {
        id: id.to_string(),
        sort: p.sort,
        name: p.said("name"),
        phone: p.said("phone"),
        address: p.said("address"),
        note: p.said("note"),
        marks: p.marks.clone(),
        closed: p.closed,
        seq: p.seq,
    }
}

fn covered(p: PartyView) -> PartyView {
    PartyView {
        name: words::mask(&p.name),
        phone: words::mask(&p.phone),
        address: String::new(),
        note: String::new(),
        ..p
    }
}

/// A name as it is compared: in one form, without what may stand between its characters.
fn bare(name: &str) -> String {
    let mut form = redress_store::normal(name);
    form.retain(|c| !c.is_whitespace() && !"·・•‧-".contains(c));
    form
}

/// The register, by name. Whoever has no part in any procedure sees of people that there is somebody (G11).
pub(crate) async fn party_list(
    office: &Office,
    me: PersonId,
    r: PartyListRequest,
) -> Result<Vec<PartyView>, ApiError> {
    let state = office.open_office().await?.state().await;
    let sought = bare(&r.text.unwrap_or_default());
    let stands_for = state.principals(me, office.now().date_naive());
    let hands = stands_for.iter().chain([&me]);
    let works = hands
        .filter_map(|p| state.people.get(p))
        .any(|p| p.account == Account::Administrator || !p.roles.is_empty());
    let mut found: Vec<PartyView> = state
        .parties
        .iter()
        .filter(|(_, p)| !p.closed || r.closed == Some(true))
        .filter(|(_, p)| r.sort.is_none_or(|s| s == p.sort))
        .filter(|(_, p)| bare(&p.said("name")).contains(&sought))
        .map(|(id, p)| view(*id, p))
        .map(|p| {
            if works || p.sort != PartySort::Person {
                p
            } else {
                covered(p)
            }
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found.truncate(LINES_MAX);
    Ok(found)
}

/// Adds or changes an entry.
///
/// # Errors
/// `fields_missing`, `value_too_long`, `value_unknown_choice`, `unknown_party`, `changed`.
pub(crate) async fn party_keep(
    office: &Office,
    by: PersonId,
    r: PartyKeep,
) -> Result<PartyView, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let known = match &r.id {
        None => None,
        Some(id) => Some(known_party(&state, id)?),
    };
    if known.is_some_and(|(_, p)| r.seq.is_some_and(|s| s != p.seq)) {
        return Err(ApiError::new("changed"));
    }
    let values = entered(&r)?;
    let seq = known.map_or(0, |(_, p)| p.seq);
    if known.is_none() && state.parties.len() >= limits::PARTIES {
        return Err(ApiError::new("parties_too_many").with("max", limits::PARTIES));
    }
    let party = known.map_or_else(|| PartyId(new_id()), |(id, _)| id);
    let body = EventBody::PartyKept {
        party,
        sort: r.sort,
        marks: r.marks,
        closed: r.closed,
    };
    let kept = event(by, office.now(), body, values);
    let kept = append(&format!("party:{party}"), seq, vec![kept])?;
    open.keep(vec![kept]).await?;
    open.refold().await?;
    let state = open.state().await;
    let (id, kept) = known_party(&state, &party.to_string())?;
    Ok(view(id, kept))
}

/// What is said of an entry, held against what may be; what is empty is left out.
///
/// # Errors
/// `fields_missing`, `value_too_many`, `value_unknown_choice`, `value_too_long`.
fn entered(r: &PartyKeep) -> Result<Values, ApiError> {
    if r.name.trim().is_empty() {
        return Err(ApiError::new("fields_missing")
            .with("fields", vec!["name"])
            .with("titles", "名称"));
    }
    if r.marks.len() > MARKS.len() {
        return Err(ApiError::new("value_too_many")
            .with("title", "标记")
            .with("max", MARKS.len())
            .with("actual", r.marks.len()));
    }
    if let Some(mark) = r.marks.iter().find(|m| !MARKS.contains(&m.as_str())) {
        return Err(ApiError::new("value_unknown_choice")
            .with("title", "标记")
            .with("choice", mark.as_str()));
    }
    let mut values = Values::new();
    for (key, title, text) in [
        ("name", "名称", &r.name),
        ("phone", "电话", &r.phone),
        ("address", "地址", &r.address),
        ("note", "说明", &r.note),
    ] {
        let actual = text.chars().count();
        if actual > TEXT_MAX {
            return Err(ApiError::new("value_too_long")
                .with("title", title)
                .with("max", TEXT_MAX)
                .with("actual", actual));
        }
        if !text.trim().is_empty() {
            values.insert(key.to_owned(), Value::from(text.trim()));
        }
    }
    Ok(values)
}

/// An entry by the id that a door sends.
///
/// # Errors
/// `unknown_party`.
pub fn known_party<'a>(state: &'a OfficeState, id: &str) -> Result<(PartyId, &'a Party), ApiError> {
    let parsed: Option<PartyId> = id.parse().ok();
    let known = parsed.and_then(|p| Some((p, state.parties.get(&p)?)));
    let short: String = id.chars().take(40).collect();
    known.ok_or_else(|| ApiError::new("unknown_party").with("party", short))
}

/// Puts name and marks, as they are today, beside each party that the values name.
///
/// # Errors
/// `unknown_party`.
pub(crate) fn with_parties(
    state: &OfficeState,
    edition: &Edition,
    mut values: Values,
) -> Result<Values, ApiError> {
    for (key, value) in &mut values {
        let of_party = edition
            .field(key)
            .is_some_and(|f| f.kind == FieldKind::Party);
        if !of_party || !redress_domain::value::given(Some(value)) {
            continue;
        }
        let id = value.as_str().or_else(|| value["id"].as_str());
        let (id, known) = known_party(state, id.unwrap_or_default())?;
        *value = json!({ "id": id, "name": known.said("name"), "marks": known.marks });
    }
    Ok(values)
}
