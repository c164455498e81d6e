//! A form's blocks with what is filled into them become boxes on pages. It writes no file, and knows the pen but not
//! what draws its boxes.

mod blocks;
mod flow;
mod long;
mod margins;
mod missing;
mod qr;
mod rows;
mod sign;
mod table;
mod words;

use crate::{
    boxes::{Laid, Missing},
    page::{FINE, LEFT, PAGES_MAX, Pen},
    text::{Fonts, PaperError},
};
use redress_domain::form::{Align, Filling, Form, PageSize};
use words::Words;

/// Lays a form out.
///
/// # Errors
/// Where it would have more pages than anybody reads.
pub fn lay_out(form: &Form, filling: &Filling, fonts: &Fonts) -> Result<Laid, PaperError> {
    let (width, height) = match form.page {
        PageSize::A4 => (210.0, 297.0),
        PageSize::A5Landscape => (210.0, 148.0),
    };
    let mut pen = Pen::new(fonts, width, height);
    let words = Words {
        own: filling,
        outer: None,
    };
    margins::top(&mut pen, form, filling);
    pen.running = [form.title.as_str(), filling.number.as_str()].join("　");
    let label = rows::label_width(&pen, blocks::cells(&form.blocks));
    blocks::blocks(&mut pen, &form.blocks, words, label);
    pen.end_frame();
    if pen.full() {
        return Err(PaperError::TooLong(PAGES_MAX));
    }
    let lacking = std::mem::take(&mut pen.lacking);
    let missing = missing::places(form, filling, &lacking);
    margins::finish(&mut pen, form, filling);
    margins::foot(&mut pen, &lacking, &missing);
    Ok(Laid {
        width,
        height,
        pages: pen.pages,
        missing,
    })
}

/// Several documents as one, each page with its place in the whole beside the foot.
pub fn bind(parts: Vec<Laid>, fonts: &Fonts) -> Laid {
    let (width, height) = parts
        .first()
        .map_or((210.0, 297.0), |l| (l.width, l.height));
    let mut missing: Vec<Missing> = Vec::new();
    for one in parts.iter().flat_map(|l| &l.missing) {
        if !missing.contains(one) {
            missing.push(one.clone());
        }
    }
    let pages: Vec<_> = parts.into_iter().flat_map(|l| l.pages).collect();
    let total = pages.len();
    let stamped = pages.into_iter().enumerate().map(|(n, page)| {
        let mut pen = Pen::new(fonts, width, height);
        pen.pages = vec![page];
        let place = pen.lines(
            &format!("案卷第 {} 页　共 {total} 页", n + 1),
            FINE,
            pen.measure(),
        );
        pen.set(&place, LEFT, height - 9.0, pen.measure(), FINE, 1.0, false);
        pen.pages
    });
    Laid {
        width,
        height,
        pages: stamped.flatten().collect(),
        missing,
    }
}

/// How much of a line's free room stands before it.
fn at(align: Align) -> f32 {
    match align {
        Align::Left => 0.0,
        Align::Center => 0.5,
        Align::Right => 1.0,
    }
}
