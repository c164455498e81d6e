//! QR code as filled rectangles, runs merged per row.

use crate::{boxes::Item, text::under};
use qrcode::{Color, EcLevel, QrCode};

/// Draws `data` as a square; nothing where it does not fit a code. A code can be read by anyone: a
/// redacted one is a black square.
pub(super) fn draw(data: &str, x: f32, y: f32, side: f32) -> Vec<Item> {
    if data.chars().any(|c| under(c).is_some()) {
        return vec![Item::Fill {
            x,
            y,
            width: side,
            height: side,
            grey: 0.0,
        }];
    }
    let Ok(code) = QrCode::with_error_correction_level(data.as_bytes(), EcLevel::M) else {
        return vec![];
    };
    let n = code.width();
    let colors = code.to_colors();
    #[expect(
        clippy::cast_precision_loss,
        reason = "a QR code has at most 177 modules a side"
    )]
    let at = |k: usize| k as f32 * side / n as f32;
    let mut items = Vec::new();
    for row in 0..n {
        let mut col = 0;
        while col < n {
            if colors[row * n + col] != Color::Dark {
                col += 1;
                continue;
            }
            let start = col;
            while col < n && colors[row * n + col] == Color::Dark {
                col += 1;
            }
            items.push(Item::Fill {
                x: x + at(start),
                y: y + at(row),
                width: at(col - start),
                height: at(1),
                grey: 0.0,
            });
        }
    }
    items
}
