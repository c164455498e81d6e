//! The pen: a cursor that goes down pages, keeps the frame around what is set, and sets lines of text. It knows
//! measures and no form.

mod setting;

use crate::{
    boxes::{Item, Page},
    text::Fonts,
};
use std::collections::{BTreeMap, BTreeSet};

/// Pages of one document, at most.
pub(crate) const PAGES_MAX: usize = 2000;
/// Binding margin, millimetres.
pub(crate) const LEFT: f32 = 25.0;
pub(crate) const RIGHT: f32 = 20.0;
pub(crate) const TOP: f32 = 20.0;
pub(crate) const BOTTOM: f32 = 20.0;
/// Body, points.
pub(crate) const BODY: f32 = 10.5;
/// Small print, points.
pub(crate) const SMALL: f32 = 9.0;
/// Height of a body line, millimetres.
pub(crate) const LEADING: f32 = 5.6;
/// Height of a small line, millimetres.
pub(crate) const SMALL_LEADING: f32 = 4.6;
/// Cell padding, millimetres.
pub(crate) const PAD: f32 = 1.5;
/// Height of a row, at least.
pub(crate) const ROW: f32 = 8.0;
/// Outer frame, points.
const OUTER: f32 = 1.0;
/// Inner lines, points.
pub(crate) const INNER: f32 = 0.5;

/// How a run of text is set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) size: f32,
    pub(crate) bold: bool,
    pub(crate) leading: f32,
}

pub(crate) const TEXT: Style = Style {
    size: BODY,
    bold: false,
    leading: LEADING,
};
pub(crate) const LABEL: Style = Style {
    size: BODY,
    bold: true,
    leading: LEADING,
};
pub(crate) const FINE: Style = Style {
    size: SMALL,
    bold: false,
    leading: SMALL_LEADING,
};

/// A cursor over pages.
#[derive(Clone)]
pub(crate) struct Pen<'a> {
    pub(crate) fonts: &'a Fonts,
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) pages: Vec<Page>,
    /// Next free millimetre.
    pub(crate) y: f32,
    /// Where the running frame began on this page.
    frame: Option<f32>,
    /// What no font has, by page.
    pub(crate) lacking: BTreeMap<usize, BTreeSet<char>>,
    /// Said on top of every page but the first.
    pub(crate) running: String,
}

impl<'a> Pen<'a> {
    pub(crate) fn new(fonts: &'a Fonts, width: f32, height: f32) -> Self {
        Self {
            fonts,
            width,
            height,
            pages: vec![Page::default()],
            y: TOP,
            frame: None,
            lacking: BTreeMap::new(),
            running: String::new(),
        }
    }

    /// Whether there are more pages than a document may have.
    pub(crate) fn full(&self) -> bool {
        self.pages.len() > PAGES_MAX
    }

    /// Width between the margins.
    pub(crate) fn measure(&self) -> f32 {
        self.width - LEFT - RIGHT
    }

    pub(crate) fn bottom(&self) -> f32 {
        self.height - BOTTOM
    }

    pub(crate) fn room(&self) -> f32 {
        self.bottom() - self.y
    }

    pub(crate) fn draw(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut() {
            page.items.push(item);
        }
    }

    pub(crate) fn new_page(&mut self) {
        let framed = self.frame.is_some();
        self.end_frame();
        self.pages.push(Page::default());
        self.y = TOP;
        if !self.running.is_empty() {
            let words = self.running.clone();
            self.put(&words, LEFT, self.y, self.measure(), FINE);
            self.y += SMALL_LEADING + 1.0;
        }
        if framed {
            self.frame = Some(self.y);
        }
    }

    /// Makes sure that `height` fits on this page; answers whether a page was turned.
    pub(crate) fn need(&mut self, height: f32) -> bool {
        let turn = self.y + height > self.bottom() + 0.01;
        if turn {
            self.new_page();
        }
        turn
    }

    pub(crate) fn begin_frame(&mut self) {
        if self.frame.is_none() {
            self.frame = Some(self.y);
        }
    }

    /// Draws the outer frame around what was set since it began.
    pub(crate) fn end_frame(&mut self) {
        if let Some(top) = self.frame.take()
            && self.y > top
        {
            let (l, r, b) = (LEFT, self.width - RIGHT, self.y);
            self.draw(Item::Stroke {
                points: vec![(l, top), (r, top), (r, b), (l, b)],
                weight: OUTER,
                closed: true,
            });
        }
    }

    pub(crate) fn rule(&mut self, x1: f32, y1: f32, x2: f32, y2: f32) {
        self.draw(Item::Line {
            x1,
            y1,
            x2,
            y2,
            weight: INNER,
            dashed: false,
        });
    }

    pub(crate) fn tint(&mut self, x: f32, y: f32, width: f32, height: f32) {
        self.draw(Item::Fill {
            x,
            y,
            width,
            height,
            grey: 0.95,
        });
    }

    /// A check box with its tick, its left edge at `x`, centred on `y`.
    pub(crate) fn check(&mut self, x: f32, y: f32, on: bool) {
        let s = 3.2;
        let (l, r, t, b) = (x, x + s, y - s / 2.0, y + s / 2.0);
        self.draw(Item::Stroke {
            points: vec![(l, t), (r, t), (r, b), (l, b)],
            weight: 0.7,
            closed: true,
        });
        if on {
            let tick = vec![
                (x + s * 0.18, y - s * 0.02),
                (x + s * 0.42, y + s * 0.28),
                (x + s * 0.86, y - s * 0.34),
            ];
            self.draw(Item::Stroke {
                points: tick,
                weight: 1.1,
                closed: false,
            });
        }
    }
}
