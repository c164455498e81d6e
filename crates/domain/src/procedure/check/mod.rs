//! Is a procedure sound? Checked once, when it is loaded; a wrong file is refused with file, line and what to do.
//!
//! This module reads the files of an edition and has them checked. It never repairs what is wrong.

mod actions;
mod clocks;
mod files;
mod forms;
mod look;
mod problem;
mod reports;
mod sound;
mod ways;

pub use files::{Files, files_name, hash};
pub use problem::Problem;
pub use reports::REPORT_KINDS;

use crate::{
    form::Form,
    procedure::{
        Procedure, alias,
        blocks::Shared,
        check::{files::bundle, look::Look, problem::found},
        edition::Edition,
        limits,
    },
};
use std::collections::BTreeMap;

/// Reads and checks an edition.
///
/// # Errors
/// Every problem found, in the order of the files.
pub fn load(files: &Files) -> Result<Edition, Vec<Problem>> {
    let mut problems = Vec::new();
    if let Some(p) = bundle(files) {
        return Err(vec![p]);
    }
    let mut procedure: Procedure = match parse(&files.procedure, &mut problems) {
        Some(p) => p,
        None => return Err(problems),
    };
    let mut kept = vec![files.procedure.clone()];
    include(files, &mut procedure, &mut kept, &mut problems);
    match alias::resolve(&mut procedure) {
        Some(missing) => problems.extend(
            missing
                .iter()
                .map(|name| found(&files.procedure, "stands_for_missing", name)),
        ),
        None => {
            let about = format!("stands_for: > {}", limits::STANDS_FOR);
            problems.push(Problem::whole(
                &files.procedure.0,
                "file_over_limit",
                &about,
            ));
            return Err(problems);
        }
    }
    let forms = forms_of(files, &procedure, &mut kept, &mut problems);
    let edition = Edition {
        procedure,
        forms,
        hash: hash(&kept),
        files: kept,
    };
    sound::check(&mut Look {
        edition: &edition,
        file: &files.procedure,
        problems: &mut problems,
    });
    if problems.is_empty() {
        Ok(edition)
    } else {
        Err(problems)
    }
}

/// Merges the building blocks that the procedure includes.
fn include(
    files: &Files,
    procedure: &mut Procedure,
    kept: &mut Vec<(String, String)>,
    problems: &mut Vec<Problem>,
) {
    for (n, name) in procedure.include.clone().into_iter().enumerate() {
        if procedure.include[..n].contains(&name) {
            problems.push(found(&files.procedure, "id_twice", &name));
            continue;
        }
        match files
            .shared
            .iter()
            .find(|(n, _)| *n == format!("shared/{name}.toml"))
        {
            None => problems.push(found(&files.procedure, "include_unknown", &name)),
            Some(file) => {
                if let Some(block) = parse::<Shared>(file, problems) {
                    block.lend_to(procedure);
                }
                kept.push(file.clone());
            }
        }
    }
}

/// Reads the forms that the procedure names, each with the institution's own number where it has one.
fn forms_of(
    files: &Files,
    procedure: &Procedure,
    kept: &mut Vec<(String, String)>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Form> {
    let mut forms = BTreeMap::new();
    for file in &files.forms {
        if let Some(mut form) = parse::<Form>(file, problems)
            && procedure.forms.contains(&form.id)
        {
            if let Some(number) = procedure.form_numbers.get(&form.id) {
                form.number.clone_from(number);
            }
            forms.insert(form.id.clone(), form);
            kept.push(file.clone());
        }
    }
    forms
}

/// Reads the files that an edition was kept with.
///
/// # Errors
/// As [`load`].
pub fn reload(kept: &[(String, String)]) -> Result<Edition, Vec<Problem>> {
    let mut files = Files::default();
    for file in kept {
        if file.0 == files_name::PROCEDURE {
            files.procedure = file.clone();
        } else if file.0.starts_with(files_name::FORMS) {
            files.forms.push(file.clone());
        } else {
            files.shared.push(file.clone());
        }
    }
    load(&files)
}

fn parse<T: serde::de::DeserializeOwned>(
    file: &(String, String),
    problems: &mut Vec<Problem>,
) -> Option<T> {
    if !limits::hold(file, problems) {
        return None;
    }
    match toml::from_str(&file.1) {
        Ok(t) => Some(t),
        Err(e) => {
            let at = e.span().map_or(0, |s| s.start);
            problems.push(Problem {
                file: file.0.clone(),
                line: limits::line(&file.1, at),
                code: "file_not_understood".to_owned(),
                about: e.message().to_owned(),
            });
            None
        }
    }
}

/// A form that belongs to no procedure.
///
/// # Errors
/// What is wrong with its file.
pub fn form(file: &(String, String)) -> Result<Form, Vec<Problem>> {
    let mut problems = Vec::new();
    parse(file, &mut problems).ok_or(problems)
}
