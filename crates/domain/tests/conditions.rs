//! Conditions on fields are evaluated here and in the page: one table holds both (`ui/src/shared/fields/condition.test.ts`).

use redress_domain::condition::Condition;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Table {
    values: BTreeMap<String, Value>,
    cases: Vec<(Condition, bool)>,
}

#[test]
fn a_condition_holds_here_as_in_the_page() {
    let text = include_str!("../../../tests/tables/conditions.json");
    let table: Table = serde_json::from_str(text).expect("a table");
    assert!(table.cases.len() > 30, "every kind of condition");
    for (when, is) in &table.cases {
        let holds = when.holds(|field| table.values.get(field));
        assert_eq!(holds, *is, "{when:?}");
    }
}
