//! What is still missing before a case may be closed (G7).

use crate::{
    case::Case,
    procedure::{Closing, Edition},
};

/// The requirements that are not met, in the order of the data.
pub fn missing<'a>(edition: &'a Edition, case: &Case) -> Vec<&'a Closing> {
    edition
        .procedure
        .closing
        .iter()
        .filter(|c| c.when.holds(|f| case.values.get(f)) && !met(c, case))
        .collect()
}

fn met(rule: &Closing, case: &Case) -> bool {
    let of = |kind: &str| case.tasks.iter().filter(move |t| t.kind == kind).collect::<Vec<_>>();
    rule.must.holds(|f| case.values.get(f))
        && (rule.issued.is_empty() || case.issued(&rule.issued))
        && (rule.tasks_opened.is_empty() || !of(&rule.tasks_opened).is_empty())
        && (rule.tasks_done.is_empty()
            || of(&rule.tasks_done).iter().all(|t| t.done_at.is_some()))
}
