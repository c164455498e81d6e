//! Fonts: mapped, not read; a chain of faces with fallback for rare characters in names.

use memmap2::Mmap;
use std::{
    fs::File,
    path::{Path, PathBuf},
};
use ttf_parser::Face;

/// What paper cannot do.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// A required font was not found.
    #[error("font {0} not found")]
    FontMissing(String),
    /// A font cannot be used.
    #[error("font {0} cannot be used: {1}")]
    FontBroken(String, String),
    /// More pages than a document may have.
    #[error("more than {0} pages")]
    TooLong(usize),
    /// The PDF could not be written.
    #[error("PDF: {0}")]
    Pdf(String),
}

const REGULAR: &str = "NotoSerifSC_400Regular.ttf";
const BOLD: &str = "NotoSerifSC_700Bold.ttf";
const FALLBACK: [&str; 3] = ["HanaMinA.ttf", "HanaMinB.ttf", "simsunb.ttf"];

/// One face of the chain.
pub(crate) struct Font {
    pub(crate) bytes: Mmap,
    pub(crate) name: String,
    face: Face<'static>,
}

/// The chain: regular, bold, then fallbacks.
pub struct Fonts {
    pub(crate) faces: Vec<Font>,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.faces.iter().map(|x| &x.name))
            .finish()
    }
}

/// A character resolved to a face.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Glyph {
    /// Index into the chain; none where no font has the character.
    pub(crate) font: Option<usize>,
    /// The character.
    pub(crate) ch: char,
    /// Advance in em.
    pub(crate) advance: f32,
    /// Drawn as a bar.
    pub(crate) hidden: bool,
}

impl Fonts {
    /// Looks for the fonts in folders and their subfolders, three levels deep.
    ///
    /// # Errors
    /// [`PaperError::FontMissing`] where Noto Serif SC is nowhere; fallbacks are optional.
    pub fn load(dirs: &[PathBuf]) -> Result<Self, PaperError> {
        let find = |name: &str| dirs.iter().find_map(|d| find(d, name, 3));
        let need = |name: &str| find(name).ok_or_else(|| PaperError::FontMissing(name.to_owned()));
        let mut faces = vec![open(&need(REGULAR)?)?, open(&need(BOLD)?)?];
        for name in FALLBACK {
            if let Some(path) = find(name) {
                faces.push(open(&path)?);
            }
        }
        Ok(Self { faces })
    }

    pub(crate) fn face(&self, font: usize) -> &Face<'static> {
        &self.faces[font].face
    }

    pub(crate) fn resolve(&self, ch: char, bold: bool) -> Glyph {
        let first = usize::from(bold);
        let chain = std::iter::once(first)
            .chain((0..self.faces.len()).filter(move |i| *i != first && *i != 1));
        for font in chain {
            let face = self.face(font);
            if let Some(id) = face.glyph_index(ch).filter(|g| g.0 != 0) {
                let advance = face.glyph_hor_advance(id).unwrap_or(1000);
                return Glyph {
                    font: Some(font),
                    ch,
                    advance: f32::from(advance) / f32::from(face.units_per_em()),
                    hidden: false,
                };
            }
        }
        Glyph {
            font: None,
            ch,
            advance: 1.0,
            hidden: false,
        }
    }
}

fn find(dir: &Path, name: &str, depth: usize) -> Option<PathBuf> {
    let direct = dir.join(name);
    if direct.is_file() {
        return Some(direct);
    }
    if depth == 0 {
        return None;
    }
    let entries = std::fs::read_dir(dir).ok()?.filter_map(Result::ok);
    let mut below: Vec<PathBuf> = entries.map(|e| e.path()).filter(|p| p.is_dir()).collect();
    below.sort();
    below.iter().find_map(|d| find(d, name, depth - 1))
}

#[expect(
    unsafe_code,
    reason = "a font is mapped read-only: reading 80 MB would cost 50 to 100 ms a process"
)]
fn open(path: &Path) -> Result<Font, PaperError> {
    let shown = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let broken = |e: String| PaperError::FontBroken(shown.clone(), e);
    let file = File::open(path).map_err(|e| broken(e.to_string()))?;
    // SAFETY: font files are package files that nobody rewrites while the program runs.
    let bytes = unsafe { Mmap::map(&file) }.map_err(|e| broken(e.to_string()))?;
    // SAFETY: the mapping lives as long as the `Font` that holds both, and never moves.
    let still: &'static [u8] = unsafe { std::slice::from_raw_parts(bytes.as_ptr(), bytes.len()) };
    let face = Face::parse(still, 0).map_err(|e| broken(e.to_string()))?;
    let names = face.names();
    let name = names
        .into_iter()
        .filter(|n| n.name_id == 6)
        .find_map(|n| n.to_string());
    Ok(Font {
        name: name.unwrap_or_else(|| "Font".to_owned()),
        bytes,
        face,
    })
}
