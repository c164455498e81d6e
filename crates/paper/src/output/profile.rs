//! A small sRGB profile (ICC), made here so that no binary is committed.

/// Bytes of the header, before the table of tags.
const HEADER: usize = 128;

/// A tag's name and its data; none where it shares those of the tag before.
type Tag = (&'static [u8; 4], Option<Vec<u8>>);

/// The profile's bytes.
pub(super) fn srgb() -> Vec<u8> {
    let tags: [Tag; 9] = [
        (b"desc", Some(description(b"sRGB IEC61966-2.1\0"))),
        (
            b"cprt",
            Some(b"text\0\0\0\0No copyright, use freely\0".to_vec()),
        ),
        (b"wtpt", Some(xyz([0.95045, 1.0, 1.08905]))),
        (b"rXYZ", Some(xyz([0.43607, 0.22249, 0.01392]))),
        (b"gXYZ", Some(xyz([0.38515, 0.71687, 0.09708]))),
        (b"bXYZ", Some(xyz([0.14307, 0.06061, 0.71410]))),
        (b"rTRC", Some(curve())),
        (b"gTRC", None),
        (b"bTRC", None),
    ];
    let start = HEADER + 4 + 12 * tags.len();
    let (table, body) = table(&tags, start);
    let mut out = header(start + body.len());
    out.extend((tags.len() as u32).to_be_bytes());
    out.extend(table);
    out.extend(body);
    out
}

#[expect(clippy::cast_possible_truncation, reason = "colorants are below two")]
fn fixed(v: f64) -> [u8; 4] {
    ((v * 65536.0).round() as i32).to_be_bytes()
}

fn xyz(v: [f64; 3]) -> Vec<u8> {
    let mut out = b"XYZ \0\0\0\0".to_vec();
    out.extend(v.into_iter().flat_map(fixed));
    out
}

fn description(name: &[u8]) -> Vec<u8> {
    let mut out = b"desc\0\0\0\0".to_vec();
    out.extend((name.len() as u32).to_be_bytes());
    out.extend(name);
    out.extend([0; 78]);
    out
}

/// From values to light, as IEC 61966-2-1 has it.
fn curve() -> Vec<u8> {
    let mut out = b"curv\0\0\0\0".to_vec();
    out.extend(1024_u32.to_be_bytes());
    for i in 0..1024_u16 {
        let x = f64::from(i) / 1023.0;
        let y = if x <= 0.04045 {
            x / 12.92
        } else {
            ((x + 0.055) / 1.055).powf(2.4)
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 65535"
        )]
        out.extend(((y * 65535.0).round() as u16).to_be_bytes());
    }
    out
}

/// The table of tags, and behind it their data, which begins at `start`.
fn table(tags: &[Tag], start: usize) -> (Vec<u8>, Vec<u8>) {
    let (mut table, mut body, mut last) = (Vec::new(), Vec::new(), [0_u8; 8]);
    for (name, data) in tags {
        if let Some(data) = data {
            body.resize(body.len().next_multiple_of(4), 0);
            last[..4].copy_from_slice(&((start + body.len()) as u32).to_be_bytes());
            last[4..].copy_from_slice(&(data.len() as u32).to_be_bytes());
            body.extend(data);
        }
        table.extend(*name);
        table.extend(last);
    }
    (table, body)
}

fn header(size: usize) -> Vec<u8> {
    let mut out = (size as u32).to_be_bytes().to_vec();
    out.extend([0; 4]);
    out.extend([2, 0x10, 0, 0]);
    out.extend(b"mntrRGB XYZ ");
    for n in [2026_u16, 1, 1, 0, 0, 0] {
        out.extend(n.to_be_bytes());
    }
    out.extend(b"acsp");
    out.extend([0; 28]);
    for v in [0.9642, 1.0, 0.8249] {
        out.extend(fixed(v));
    }
    out.extend([0; 48]);
    out
}
