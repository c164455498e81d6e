//! The register of people, organisations and products.

use redress_domain::{
    event::{Event, EventBody, PartySort},
    id::PartyId,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Somebody or something of the register.
#[derive(Debug, Clone, PartialEq)]
pub struct Party {
    /// Person, organisation or product.
    pub sort: PartySort,
    /// `name`, `phone`, `address`, `note`.
    pub particulars: BTreeMap<String, String>,
    /// Marks.
    pub marks: Vec<String>,
    /// Out of use.
    pub closed: bool,
    /// Events in its stream.
    pub seq: i64,
}

impl Party {
    pub(crate) fn said(&self, key: &str) -> String {
        self.particulars.get(key).cloned().unwrap_or_default()
    }
}

/// Takes an entry of the register from its event.
pub(crate) fn fold(parties: &mut BTreeMap<PartyId, Party>, e: &Event) {
    let EventBody::PartyKept {
        party,
        sort,
        marks,
        closed,
    } = &e.body
    else {
        return;
    };
    let seq = 1 + parties.get(party).map_or(0, |p| p.seq);
    let said = |(k, v): (&String, &Value)| Some((k.clone(), v.as_str()?.to_owned()));
    parties.insert(
        *party,
        Party {
            sort: *sort,
            particulars: e.values.iter().filter_map(said).collect(),
            marks: marks.clone(),
            closed: *closed,
            seq,
        },
    );
}
