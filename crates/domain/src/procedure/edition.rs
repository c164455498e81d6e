//! A sound procedure with its forms, and how its parts are found.

use crate::{
    form::{Block, Form},
    procedure::{
        Procedure,
        clock_rule::ClockRule,
        step::{Action, Step, TaskKind},
    },
    value::Field,
};
use std::collections::BTreeMap;

/// A sound procedure with its forms and the hash of the bytes that it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Edition {
    /// The procedure, building blocks merged in.
    pub procedure: Procedure,
    /// Forms by id.
    pub forms: BTreeMap<String, Form>,
    /// SHA-256 over file names and bytes.
    pub hash: String,
    /// The files, kept with the cases opened under them.
    pub files: Vec<(String, String)>,
}

impl Edition {
    /// A field by id; `task/field` finds the field.
    pub fn field(&self, key: &str) -> Option<&Field> {
        let id = key.rsplit('/').next().unwrap_or(key);
        self.procedure.fields.iter().find(|f| f.id == id)
    }

    /// A step of the way.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.procedure.steps.iter().find(|s| s.id == id)
    }

    /// A kind of task.
    pub fn task(&self, kind: &str) -> Option<&TaskKind> {
        self.procedure.tasks.iter().find(|t| t.id == kind)
    }

    /// A rule of a clock.
    pub fn clock(&self, id: &str) -> Option<&ClockRule> {
        self.procedure.clocks.iter().find(|c| c.id == id)
    }

    /// Every action of the procedure, registration first.
    pub fn actions(&self) -> impl Iterator<Item = &Action> {
        let p = &self.procedure;
        std::iter::once(&p.register)
            .chain(p.steps.iter().flat_map(|s| &s.actions))
            .chain(
                p.tasks
                    .iter()
                    .flat_map(|t| &t.steps)
                    .flat_map(|s| &s.actions),
            )
            .chain(&p.always)
    }

    /// An action by id, wherever it stands.
    pub fn action(&self, id: &str) -> Option<&Action> {
        self.actions().find(|a| a.id == id)
    }

    /// A form as it is printed: with a mark at each signature and part that is the product's and not the document's.
    /// On a form that is the product's as a whole the foot says so once.
    pub fn form(&self, id: &str) -> Option<Form> {
        let mut form = self.forms.get(id)?.clone();
        let whole = self.procedure.ours(&form.source);
        if whole {
            form.ours.push("本表单".to_owned());
        } else if !form.default_note.is_empty() {
            form.ours.push("表单式样".to_owned());
        }
        if !form.keep_note.is_empty() {
            form.ours.push("保存期限".to_owned());
        }
        let ours = |act: &str| {
            let action = self.action(act)?;
            self.procedure
                .ours(&action.source)
                .then(|| action.default_note.clone())
        };
        mark(&mut form.blocks, &ours, whole);
        Some(form)
    }

    /// A role's title, or its id.
    pub fn role_title<'a>(&'a self, id: &'a str) -> &'a str {
        let role = self.procedure.roles.iter().find(|r| r.id == id);
        role.map_or(id, |r| r.title.as_str())
    }
}

/// Signatures whose every act is the product's get its decision. On a form that is so as a whole no part has a mark.
fn mark(blocks: &mut [Block], ours: &dyn Fn(&str) -> Option<String>, whole: bool) {
    for block in blocks {
        match block {
            Block::Sign { cells } => {
                for cell in cells {
                    // A line for ink alone is ours as well, unless the cell names its source.
                    let note = if cell.act.is_empty() {
                        Some("house".to_owned())
                    } else {
                        let acts: Option<Vec<String>> = cell.act.split('|').map(ours).collect();
                        acts.and_then(|all| all.into_iter().next())
                    };
                    if whole {
                        cell.default_note.clear();
                    } else if let Some(note) = note
                        && cell.default_note.is_empty()
                        && cell.source.is_empty()
                    {
                        cell.default_note = note;
                    }
                }
            }
            Block::Heading { default_note, .. } if whole => default_note.clear(),
            Block::Each { blocks, .. } | Block::Only { blocks, .. } => mark(blocks, ours, whole),
            _ => {}
        }
    }
}
