//! A flow chart: boxes from top to bottom, arrows straight down, jumps ahead on the right, ways back on the left.
//! Arrows that need words carry a number; the words stand below.

use crate::{
    boxes::Item,
    page::{INNER, LEFT, Pen, Style},
};
use redress_domain::form::{FlowEdge, FlowNode};

const NAME: Style = Style {
    size: 9.0,
    bold: true,
    leading: 4.2,
};
const MARK: Style = Style {
    size: 7.0,
    bold: false,
    leading: 3.2,
};
/// What the numbers mean, in two columns.
const LEGEND: Style = Style {
    size: 8.0,
    bold: false,
    leading: 3.9,
};
/// From the left margin to the boxes, and their width.
const ASIDE: f32 = 46.0;
const BOX: f32 = 74.0;
/// Between two parallel ways.
const LANE: f32 = 3.6;
/// From one box to the next, at most.
const PITCH: f32 = 15.0;
/// Half an arrow's head.
const HEAD: f32 = 0.9;

/// A way beside the boxes: its edge, its number if it carries words, and its lane from the boxes outwards.
struct Aside<'a> {
    edge: &'a FlowEdge,
    number: usize,
    lane: usize,
}

/// Lanes such that two ways in one lane never share a height; short ways inside.
fn lanes<'a>(mut ways: Vec<(usize, &'a FlowEdge)>) -> Vec<Aside<'a>> {
    let span = |e: &FlowEdge| (e.from.min(e.to), e.from.max(e.to));
    ways.sort_by_key(|(_, e)| {
        let (a, b) = span(e);
        (b - a, a)
    });
    let mut taken: Vec<Vec<(usize, usize)>> = Vec::new();
    let mut out = Vec::new();
    for (number, edge) in ways {
        let (a, b) = span(edge);
        let free = |lane: &Vec<(usize, usize)>| lane.iter().all(|(x, y)| b < *x || *y < a);
        let lane = taken.iter().position(free).unwrap_or_else(|| {
            taken.push(Vec::new());
            taken.len() - 1
        });
        taken[lane].push((a, b));
        out.push(Aside { edge, number, lane });
    }
    out
}

fn line(pen: &mut Pen<'_>, points: &[(f32, f32)]) {
    pen.draw(Item::Stroke {
        points: points.to_vec(),
        weight: INNER,
        closed: false,
    });
}

fn head(pen: &mut Pen<'_>, (x, y): (f32, f32), (dx, dy): (f32, f32)) {
    let (back, side) = (2.0 * HEAD, HEAD);
    let a = (x - dx * back - dy * side, y - dy * back - dx * side);
    let b = (x - dx * back + dy * side, y - dy * back + dx * side);
    line(pen, &[a, (x, y), b]);
}

fn mark(pen: &mut Pen<'_>, number: usize, x: f32, y: f32) {
    if number > 0 {
        pen.put(&number.to_string(), x, y, 8.0, MARK);
    }
}

/// Draws the chart on a page of its own, where it does not fit on this one, and the words of its arrows below.
pub(crate) fn flow(pen: &mut Pen<'_>, nodes: &[FlowNode], edges: &[FlowEdge]) {
    pen.end_frame();
    let count = nodes.len().max(1);
    #[expect(clippy::cast_precision_loss, reason = "a procedure has tens of steps")]
    let n = count as f32;
    let wordy = edges.iter().filter(|e| !e.label.is_empty()).count();
    #[expect(clippy::cast_precision_loss, reason = "a procedure has tens of ways")]
    // Some of the words take two lines.
    let legend = LEGEND.leading * wordy.div_ceil(2) as f32 * 1.5;
    let room = pen.bottom() - crate::page::TOP - 16.0 - legend;
    let pitch = PITCH.min(room.max(125.0) / n);
    pen.need(pitch * n);
    let (top, x, right) = (pen.y, LEFT + ASIDE, LEFT + ASIDE + BOX);
    let tall = pitch * 0.6;
    #[expect(clippy::cast_precision_loss, reason = "a procedure has tens of steps")]
    let at = |k: usize| top + pitch * k as f32;
    for (k, node) in nodes.iter().enumerate() {
        let y = at(k);
        pen.draw(Item::Stroke {
            points: vec![(x, y), (right, y), (right, y + tall), (x, y + tall)],
            weight: if node.ends { 1.2 } else { INNER },
            closed: true,
        });
        let who = if node.who.is_empty() {
            String::new()
        } else {
            format!("（{}）", node.who)
        };
        let mut said = format!("{}{who}", node.title);
        while pen.width_of(&said, NAME) > BOX - 3.0 && said.chars().count() > 4 {
            said = said
                .chars()
                .take(said.chars().count() - 2)
                .collect::<String>();
            said.push('…');
        }
        let lines = pen.lines(&said, NAME, BOX - 1.0);
        let y = y + (tall - NAME.leading) / 2.0;
        pen.set(&lines, x + 0.5, y, BOX - 1.0, NAME, 0.5, false);
    }
    let mut number = 0;
    let mut words = Vec::new();
    let (mut ahead, mut back) = (Vec::new(), Vec::new());
    for edge in edges {
        let mut own = 0;
        if !edge.label.is_empty() {
            number += 1;
            own = number;
            words.push(format!("{own}　{}", edge.label));
        }
        if edge.to == edge.from + 1 {
            let (y1, y2) = (at(edge.from) + tall, at(edge.to));
            let middle = x + BOX / 2.0;
            line(pen, &[(middle, y1), (middle, y2)]);
            head(pen, (middle, y2), (0.0, 1.0));
            mark(pen, own, middle + 1.0, (y1 + y2) / 2.0 - MARK.leading / 2.0);
        } else if edge.to > edge.from {
            ahead.push((own, edge));
        } else {
            back.push((own, edge));
        }
    }
    for (ways, side, out) in [(ahead, right, 1.0_f32), (back, x, -1.0_f32)] {
        // Each way leaves and enters a box at a height of its own.
        let mut used = vec![0_u8; count];
        let all = lanes(ways);
        let mut ports: Vec<u8> = vec![0; count];
        for way in &all {
            ports[way.edge.from] += 1;
            ports[way.edge.to] += 1;
        }
        for way in all {
            let mut port = |k: usize| {
                used[k] += 1;
                at(k) + tall * f32::from(used[k]) / f32::from(ports[k] + 1)
            };
            let (from, to) = (port(way.edge.from), port(way.edge.to));
            #[expect(clippy::cast_precision_loss, reason = "a handful of lanes")]
            let lane = side + out * (6.0 + LANE * way.lane as f32);
            line(pen, &[(side, from), (lane, from), (lane, to), (side, to)]);
            head(pen, (side, to), (-out, 0.0));
            let place = if out > 0.0 { side + 1.0 } else { side - 4.5 };
            mark(pen, way.number, place, from - MARK.leading);
        }
    }
    pen.y = at(count);
    let half = pen.measure() / 2.0;
    for pair in words.chunks(2) {
        let lines: Vec<_> = pair
            .iter()
            .map(|text| pen.lines(text, LEGEND, half - 3.0))
            .collect();
        let tallest = lines.iter().map(Vec::len).max().unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "a few lines")]
        let height = LEGEND.leading * tallest as f32;
        pen.need(height);
        for (k, column) in lines.iter().enumerate() {
            let x = if k == 0 { LEFT } else { LEFT + half };
            pen.set(column, x, pen.y, half - 3.0, LEGEND, 0.0, false);
        }
        pen.y += height;
    }
}
