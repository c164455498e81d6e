//! Whether somebody sees more than before: by a role, or under a newer edition.

use crate::{procedure::Edition, value::Class};

/// Whether somebody with the role sees confidential cases or personal values of the procedure by it.
pub fn opens(edition: &Edition, role: &str) -> bool {
    let p = &edition.procedure;
    let known = p.roles.iter().find(|r| r.id == role);
    known.is_some_and(|r| !p.confidential.is_empty() || r.oversees || r.sees > Class::Open)
}

/// Whether somebody sees more in cases under the newer edition than under the older one: a role that sees more,
/// lists names, answers for the procedure or has a turn that it had not, or a confidential rule that is gone or
/// says something else.
pub fn widens(old: &Edition, new: &Edition) -> bool {
    let (a, b) = (&old.procedure, &new.procedure);
    let rules_kept = a.confidential.iter().all(|r| b.confidential.contains(r));
    let turns = |e: &Edition, role: &str| {
        let steps = e.procedure.steps.iter().flat_map(|s| &s.actions);
        let tasks = e.procedure.tasks.iter().flat_map(|t| &t.steps);
        let mut all = steps.chain(tasks.flat_map(|s| &s.actions));
        all.any(|x| x.by.iter().any(|r| r == role))
    };
    let more = |role: &crate::procedure::Role| {
        let before = a.roles.iter().find(|r| r.id == role.id);
        // Nobody holds a role that is new, and giving it has a rule of its own.
        before.is_some_and(|r| {
            role.sees > r.sees
                || role.lists && !r.lists
                || role.oversees && !r.oversees
                || turns(new, &role.id) && !turns(old, &role.id)
        })
    };
    !rules_kept || b.roles.iter().any(more)
}
