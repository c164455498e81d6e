//! Forms: what they name exists, and what they print ends.

use crate::{
    form::Block,
    procedure::{
        check::{
            files_name,
            look::Look,
            problem::{Problem, found},
        },
        shows::says,
    },
    value::ROWS_MAX,
};

pub(super) fn forms(look: &mut Look<'_>) {
    for id in &look.edition.procedure.forms {
        look.form(id);
    }
    let letters = look.edition.forms.values();
    if letters.clone().any(|f| says(f, "case.channel_phrase")) {
        let channels = &look.edition.procedure.channels;
        for c in channels.iter().filter(|c| c.phrase.is_empty()) {
            look.bad("channel_phrase_missing", &c.id);
        }
    }
    for (id, form) in &look.edition.forms {
        let file = format!("{}{id}.toml", files_name::FORMS);
        let text = look.edition.files.iter().find(|(n, _)| *n == file);
        let file = text.cloned().unwrap_or((file, String::new()));
        for field in form
            .needs
            .iter()
            .chain(form.record.iter().flat_map(|r| &r.must))
            .map(String::as_str)
            .chain(form.when.fields())
            .chain(form.record.iter().flat_map(|r| r.when.fields()))
        {
            if look.edition.field(field).is_none() {
                look.problems.push(found(&file, "field_unknown", field));
            }
        }
        let signed = form.record.iter().flat_map(|r| &r.signed);
        let after = form.record.iter().flat_map(|r| &r.after);
        let named = after.map(String::as_str);
        for action in named.chain(signed.flat_map(|ids| ids.split('|'))) {
            if look.edition.action(action).is_none() {
                look.problems.push(found(&file, "action_unknown", action));
            }
        }
        if form
            .blocks
            .iter()
            .any(|b| matches!(b, Block::Grid { rows } if rows.is_empty()))
        {
            look.problems.push(found(&file, "grid_empty", id));
        }
        let flows = form.blocks.iter().any(flow_astray);
        if flows {
            look.problems.push(found(&file, "flow_astray", id));
        }
        let height = lines(&form.blocks, 1);
        if height > FORM_LINES {
            let about = format!("{id}: {height} > {FORM_LINES}");
            look.problems
                .push(Problem::whole(&file.0, "form_too_long", &about));
        }
    }
}

/// Lines that a form may print where every repeated group is as long as it can be: some thousand pages.
const FORM_LINES: usize = 60_000;

/// Lines of a table that is filled, counted as what one prints on the average.
const TABLE_LINES: usize = 10;

/// How many lines the blocks print, `times` each; a group stands once for every row.
fn lines(blocks: &[Block], times: usize) -> usize {
    let one = |block: &Block| match block {
        Block::Grid { rows } => rows
            .iter()
            .map(|row| row.iter().map(|c| usize::from(c.lines).max(1)).max())
            .map(|n| n.unwrap_or_default().saturating_mul(times))
            .fold(0, usize::saturating_add),
        Block::Table { min_rows, .. } => min_rows.saturating_add(TABLE_LINES).saturating_mul(times),
        Block::Each { blocks, .. } => lines(blocks, times.saturating_mul(ROWS_MAX)),
        Block::Only { blocks, .. } => lines(blocks, times),
        _ => times,
    };
    blocks.iter().map(one).fold(0, usize::saturating_add)
}

/// Whether a flow chart has an arrow from or to a box that is not there.
fn flow_astray(block: &Block) -> bool {
    match block {
        Block::Flow { nodes, edges } => edges
            .iter()
            .any(|e| e.from >= nodes.len() || e.to >= nodes.len()),
        Block::Each { blocks, .. } | Block::Only { blocks, .. } => blocks.iter().any(flow_astray),
        _ => false,
    }
}
