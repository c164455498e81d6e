//! The same boxes as an SVG document, for pictures and the screen.

use crate::boxes::{Item, Laid, PT};
use std::fmt::Write;

/// One page as SVG; empty where there is no such page.
pub fn svg(laid: &Laid, page: usize) -> String {
    let Some(page) = laid.pages.get(page) else {
        return String::new();
    };
    let (w, h) = (laid.width, laid.height);
    let mut s = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\">");
    for item in &page.items {
        // Writing into a String does not fail.
        let _ = draw(&mut s, item);
    }
    s.push_str("</svg>");
    s
}

fn level(grey: f32) -> String {
    format!("rgb({p:.0}% {p:.0}% {p:.0}%)", p = grey * 100.0)
}

fn draw(s: &mut String, item: &Item) -> std::fmt::Result {
    match item {
        Item::Text {
            x,
            y,
            size,
            bold,
            text,
            width,
            grey,
            angle,
            ..
        } => {
            let weight = if *bold { 700 } else { 400 };
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            write!(
                s,
                "<text x=\"{x:.2}\" y=\"{y:.2}\" font-size=\"{:.2}\" font-weight=\"{weight}\" textLength=\"{width:.2}\" \
                 fill=\"{}\" transform=\"rotate({:.0} {x:.2} {y:.2})\" xml:space=\"preserve\">{text}</text>",
                size / PT,
                level(*grey),
                -angle,
            )
        }
        Item::Line {
            x1,
            y1,
            x2,
            y2,
            weight,
            dashed,
        } => {
            let dash = if *dashed {
                " stroke-dasharray=\"1.5 1\""
            } else {
                ""
            };
            write!(
                s,
                "<line x1=\"{x1:.2}\" y1=\"{y1:.2}\" x2=\"{x2:.2}\" y2=\"{y2:.2}\" stroke=\"#000\" stroke-width=\"{:.2}\"{dash}/>",
                weight / PT
            )
        }
        Item::Fill {
            x,
            y,
            width,
            height,
            grey,
        } => write!(
            s,
            "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{width:.2}\" height=\"{height:.2}\" fill=\"{}\"/>",
            level(*grey)
        ),
        Item::Stroke {
            points,
            weight,
            closed,
        } => {
            let name = if *closed { "polygon" } else { "polyline" };
            write!(
                s,
                "<{name} fill=\"none\" stroke=\"#000\" stroke-width=\"{:.2}\" points=\"",
                weight / PT
            )?;
            for (x, y) in points {
                write!(s, "{x:.2},{y:.2} ")?;
            }
            s.write_str("\"/>")
        }
    }
}
