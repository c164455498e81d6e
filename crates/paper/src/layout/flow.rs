//! A flow chart: boxes from top to bottom, arrows straight down, jumps ahead on the right, ways back on the left.
//! Arrows that need words carry a number; the words stand below.

use super::rows::height_of;
use crate::{
    boxes::Item,
    page::{INNER, LEFT, Pen, Style, TOP},
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

/// An arrow with its number; none (0) where it carries no words.
type Way<'a> = (usize, &'a FlowEdge);

/// A way beside the boxes: its edge, its number if it carries words, and its lane from the boxes outwards.
struct Aside<'a> {
    edge: &'a FlowEdge,
    number: usize,
    lane: usize,
}

/// Lanes such that two ways in one lane never share a height; short ways inside.
fn lanes<'a>(mut ways: Vec<Way<'a>>) -> Vec<Aside<'a>> {
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
pub(super) fn flow(pen: &mut Pen<'_>, nodes: &[FlowNode], edges: &[FlowEdge]) {
    pen.end_frame();
    let ways = numbered(edges);
    let chart = Chart::begin(pen, nodes.len().max(1), &ways);
    for (k, node) in nodes.iter().enumerate() {
        chart.node(pen, k, node);
    }
    let (down, aside): (Vec<Way<'_>>, Vec<Way<'_>>) =
        ways.iter().copied().partition(|(_, e)| e.to == e.from + 1);
    for way in down {
        chart.down(pen, way);
    }
    let (ahead, back) = aside.into_iter().partition(|(_, e)| e.to > e.from);
    chart.beside(pen, ahead, true);
    chart.beside(pen, back, false);
    pen.y = chart.at(chart.count);
    legend(pen, &ways);
}

/// The arrows, those with words numbered from 1.
fn numbered(edges: &[FlowEdge]) -> Vec<Way<'_>> {
    let mut count = 0;
    let number = |edge: &FlowEdge| {
        let wordy = !edge.label.is_empty();
        count += usize::from(wordy);
        if wordy { count } else { 0 }
    };
    edges.iter().map(number).zip(edges).collect()
}

/// Where the boxes stand.
struct Chart {
    count: usize,
    top: f32,
    left: f32,
    /// From one box to the next.
    pitch: f32,
    /// Height of a box.
    tall: f32,
}

impl Chart {
    /// Makes room for so many boxes; a long procedure's stand closer.
    fn begin(pen: &mut Pen<'_>, count: usize, ways: &[Way<'_>]) -> Self {
        let wordy = ways.iter().filter(|(number, _)| *number > 0).count();
        #[expect(clippy::cast_precision_loss, reason = "a procedure has tens of ways")]
        // Some of the words take two lines.
        let legend = LEGEND.leading * wordy.div_ceil(2) as f32 * 1.5;
        let room = pen.bottom() - TOP - 16.0 - legend;
        #[expect(clippy::cast_precision_loss, reason = "a procedure has tens of steps")]
        let n = count as f32;
        let pitch = PITCH.min(room.max(125.0) / n);
        pen.need(pitch * n);
        Self {
            count,
            top: pen.y,
            left: LEFT + ASIDE,
            pitch,
            tall: pitch * 0.6,
        }
    }

    /// Top of a box.
    fn at(&self, k: usize) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "a procedure has tens of steps")]
        let k = k as f32;
        self.top + self.pitch * k
    }

    /// A box with what is done there and by whom.
    fn node(&self, pen: &mut Pen<'_>, k: usize, node: &FlowNode) {
        let (x, right, y) = (self.left, self.left + BOX, self.at(k));
        let bottom = y + self.tall;
        pen.draw(Item::Stroke {
            points: vec![(x, y), (right, y), (right, bottom), (x, bottom)],
            weight: if node.ends { 1.2 } else { INNER },
            closed: true,
        });
        let lines = pen.lines(&shortened(pen, node), NAME, BOX - 1.0);
        let y = y + (self.tall - NAME.leading) / 2.0;
        pen.set(&lines, x + 0.5, y, BOX - 1.0, NAME, 0.5, false);
    }

    /// An arrow to the next box.
    fn down(&self, pen: &mut Pen<'_>, (number, edge): Way<'_>) {
        let (y1, y2) = (self.at(edge.from) + self.tall, self.at(edge.to));
        let middle = self.left + BOX / 2.0;
        line(pen, &[(middle, y1), (middle, y2)]);
        head(pen, (middle, y2), (0.0, 1.0));
        let y = (y1 + y2) / 2.0 - MARK.leading / 2.0;
        mark(pen, number, middle + 1.0, y);
    }

    /// Ways ahead on the right of the boxes, or back on their left.
    fn beside(&self, pen: &mut Pen<'_>, ways: Vec<Way<'_>>, ahead: bool) {
        let (side, out) = match ahead {
            true => (self.left + BOX, 1.0),
            false => (self.left, -1.0),
        };
        let all = lanes(ways);
        // Each way leaves and enters a box at a height of its own.
        let mut used = vec![0_u8; self.count];
        let mut ports = vec![0_u8; self.count];
        for way in &all {
            ports[way.edge.from] += 1;
            ports[way.edge.to] += 1;
        }
        for way in all {
            let mut port = |k: usize| {
                used[k] += 1;
                self.at(k) + self.tall * f32::from(used[k]) / f32::from(ports[k] + 1)
            };
            let (from, to) = (port(way.edge.from), port(way.edge.to));
            #[expect(clippy::cast_precision_loss, reason = "a handful of lanes")]
            let lane = side + out * (6.0 + LANE * way.lane as f32);
            line(pen, &[(side, from), (lane, from), (lane, to), (side, to)]);
            head(pen, (side, to), (-out, 0.0));
            let place = if ahead { side + 1.0 } else { side - 4.5 };
            mark(pen, way.number, place, from - MARK.leading);
        }
    }
}

/// The words of a box, cut to its width.
fn shortened(pen: &Pen<'_>, node: &FlowNode) -> String {
    let mut said = match node.who.as_str() {
        "" => node.title.clone(),
        who => format!("{}（{who}）", node.title),
    };
    while pen.width_of(&said, NAME) > BOX - 3.0 && said.chars().count() > 4 {
        let kept = said.chars().count() - 2;
        said = said.chars().take(kept).chain(['…']).collect();
    }
    said
}

/// What the numbers mean.
fn legend(pen: &mut Pen<'_>, ways: &[Way<'_>]) {
    let wordy = ways.iter().filter(|(number, _)| *number > 0);
    let words: Vec<String> = wordy
        .map(|(number, edge)| format!("{number}　{}", edge.label))
        .collect();
    let half = pen.measure() / 2.0;
    for pair in words.chunks(2) {
        let columns = pair.iter().map(|text| pen.lines(text, LEGEND, half - 3.0));
        let columns: Vec<_> = columns.collect();
        let height = columns.iter().map(|lines| height_of(lines, LEGEND.leading));
        let height = height.fold(0.0, f32::max);
        pen.need(height);
        for (k, column) in columns.iter().enumerate() {
            let x = if k == 0 { LEFT } else { LEFT + half };
            pen.set(column, x, pen.y, half - 3.0, LEGEND, 0.0, false);
        }
        pen.y += height;
    }
}
