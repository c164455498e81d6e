//! Building blocks (G1–G18) that a procedure's data switches on with `include`.

use crate::{
    procedure::{
        Procedure,
        clock_rule::ClockRule,
        head::{Bar, Confidential},
        requirement::Closing,
        step::{Action, Step, TaskKind},
    },
    value::Field,
};
use serde::Deserialize;

/// One file of `procedures/shared/`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shared {
    #[serde(default, rename = "field")]
    fields: Vec<Field>,
    #[serde(default, rename = "bar")]
    bars: Vec<Bar>,
    #[serde(default, rename = "confidential")]
    confidential: Vec<Confidential>,
    #[serde(default, rename = "step")]
    steps: Vec<Step>,
    #[serde(default, rename = "task")]
    tasks: Vec<TaskKind>,
    #[serde(default, rename = "always")]
    always: Vec<Action>,
    #[serde(default, rename = "clock")]
    clocks: Vec<ClockRule>,
    #[serde(default, rename = "closing")]
    closing: Vec<Closing>,
}

impl Shared {
    /// Adds what the procedure does not define itself: its own definition of the same id stands.
    pub(crate) fn lend_to(self, procedure: &mut Procedure) {
        lend(&mut procedure.fields, self.fields, |f| &f.id);
        lend(&mut procedure.bars, self.bars, |b| &b.id);
        lend(&mut procedure.confidential, self.confidential, |c| &c.id);
        lend(&mut procedure.steps, self.steps, |s| &s.id);
        lend(&mut procedure.tasks, self.tasks, |t| &t.id);
        lend(&mut procedure.always, self.always, |a| &a.id);
        lend(&mut procedure.clocks, self.clocks, |c| &c.id);
        lend(&mut procedure.closing, self.closing, |c| &c.id);
    }
}

fn lend<T>(own: &mut Vec<T>, lent: Vec<T>, id: impl Fn(&T) -> &String) {
    for item in lent {
        if own.iter().all(|o| id(o) != id(&item)) {
            own.push(item);
        }
    }
}
