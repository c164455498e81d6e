//! A flow chart's arrows go round its boxes and never through one.

use redress_domain::form::{Block, Filling, FlowEdge, FlowNode, Form};
use redress_paper::{Fonts, Item, lay_out};
use std::path::Path;

fn fonts() -> Fonts {
    let package = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../ui/node_modules/@expo-google-fonts/noto-serif-sc"
    );
    Fonts::load(&[Path::new(package).to_owned()]).expect("the fonts of the page's packages")
}

fn chart(nodes: usize, edges: &[(usize, usize)]) -> Vec<Item> {
    let form = Form::paper(
        "chart",
        "流程",
        vec![Block::Flow {
            nodes: (0..nodes)
                .map(|n| FlowNode {
                    title: format!("步骤{n}"),
                    who: "很长很长很长很长的岗位名称、另一个很长的岗位名称、第三个".into(),
                    ends: n + 1 == nodes,
                })
                .collect(),
            edges: edges
                .iter()
                .map(|(from, to)| FlowEdge {
                    from: *from,
                    to: *to,
                    label: format!("从{from}到{to}"),
                })
                .collect(),
        }],
    );
    let laid = lay_out(&form, &Filling::default(), &fonts()).expect("short");
    assert!(laid.missing.is_empty());
    laid.pages.into_iter().next().expect("a page").items
}

/// The points within a box, at some distance from its edge.
fn inside((x, y): (f32, f32), corners: &[(f32, f32)]) -> bool {
    let xs = corners.iter().map(|c| c.0);
    let ys = corners.iter().map(|c| c.1);
    let near = 0.05;
    let (left, right) = (xs.clone().fold(f32::MAX, f32::min), xs.fold(0.0, f32::max));
    let (top, bottom) = (ys.clone().fold(f32::MAX, f32::min), ys.fold(0.0, f32::max));
    x > left + near && x < right - near && y > top + near && y < bottom - near
}

#[test]
fn no_arrow_goes_through_a_box() {
    for nodes in [2, 5, 13, 22] {
        let mut edges: Vec<(usize, usize)> = (0..nodes - 1).map(|n| (n, n + 1)).collect();
        for from in 0..nodes {
            for to in 0..nodes {
                let some = (from * 7 + to * 3).is_multiple_of(11);
                if from != to && to != from + 1 && some {
                    edges.push((from, to));
                }
            }
        }
        let items = chart(nodes, &edges);
        let strokes = |shut: bool| {
            items.iter().filter_map(move |i| match i {
                Item::Stroke { points, closed, .. } if *closed == shut => Some(points.clone()),
                _ => None,
            })
        };
        let boxes: Vec<_> = strokes(true).collect();
        assert_eq!(boxes.len(), nodes);
        let mut segments = 0;
        for way in strokes(false) {
            for pair in way.windows(2) {
                segments += 1;
                for k in 0..=50_u8 {
                    let part = f32::from(k) / 50.0;
                    let at = |a: f32, b: f32| a + (b - a) * part;
                    let point = (at(pair[0].0, pair[1].0), at(pair[0].1, pair[1].1));
                    let hit = boxes.iter().any(|b| inside(point, b));
                    assert!(!hit, "{nodes} boxes: a way passes through one at {point:?}");
                    let on = point.0 > 5.0 && point.0 < 205.0;
                    assert!(on, "{nodes} boxes: off the page at {point:?}");
                }
            }
        }
        assert!(segments > nodes);
    }
}
