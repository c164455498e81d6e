//! Fonts: mapped, not read; a chain of faces, each for what those before it lack.

use harfrust::ShaperData;
use memmap2::Mmap;
use redress_domain::text::{dropped, unseen};
use skrifa::{
    FontRef, GlyphId, MetadataProvider,
    charmap::Charmap,
    instance::{LocationRef, Size},
    metrics::{GlyphMetrics, Metrics},
    raw::TableProvider,
    string::StringId,
};
use std::{
    collections::BTreeMap,
    fs::File,
    path::{Path, PathBuf},
    sync::OnceLock,
};

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
const EMOJI: &str = "NotoEmoji_400Regular.ttf";

/// Every one of them optional: letters of other scripts, rare ideographs, signs, emoji; then what the system may have
/// of scripts that are seldom met.
const FALLBACK: [&str; 27] = [
    "NotoSerif_400Regular.ttf",
    "NotoSerifTibetan_400Regular.ttf",
    "NotoSansMongolian_400Regular.ttf",
    "NotoNaskhArabic_400Regular.ttf",
    "NotoSansYi_400Regular.ttf",
    "NotoSansLisu_400Regular.ttf",
    "NotoSansThai_400Regular.ttf",
    "NotoSerifDevanagari_400Regular.ttf",
    "HanaMinA.ttf",
    "HanaMinB.ttf",
    "simsunb.ttf",
    "SimsunExtG.ttf",
    "NanumMyeongjo_400Regular.ttf",
    "NotoSansSymbols_400Regular.ttf",
    "NotoSansSymbols2_400Regular.ttf",
    EMOJI,
    "BabelStoneHan.ttf",
    "NotoSansNewTaiLue-Regular.ttf",
    "NotoSansTaiLe-Regular.ttf",
    "NotoSansMiao-Regular.ttf",
    "NotoSerifHebrew-Regular.ttf",
    "NotoSerifBengali-Regular.ttf",
    "NotoSerifTamil-Regular.ttf",
    "NotoSerifKhmer-Regular.ttf",
    "NotoSerifLao-Regular.ttf",
    "NotoSerifMyanmar-Regular.ttf",
    "seguisym.ttf",
];

/// What is asked of a face, looked up once.
pub(crate) struct Face {
    font: FontRef<'static>,
    map: Charmap<'static>,
    glyphs: GlyphMetrics<'static>,
    /// Heights and bounds, in the face's own units.
    pub(crate) metrics: Metrics,
    /// 400 regular, 700 bold.
    pub(crate) weight: u16,
}

impl Face {
    fn parse(bytes: &'static [u8]) -> Result<Self, String> {
        let font = FontRef::new(bytes).map_err(|e| e.to_string())?;
        // Without these nothing can be laid out.
        font.head().map_err(|e| e.to_string())?;
        font.hhea().map_err(|e| e.to_string())?;
        font.hmtx().map_err(|e| e.to_string())?;
        font.cmap().map_err(|e| e.to_string())?;
        let (own, here) = (Size::unscaled(), LocationRef::default());
        Ok(Self {
            map: font.charmap(),
            glyphs: font.glyph_metrics(own, here),
            metrics: font.metrics(own, here),
            weight: font.os2().map_or(400, |t| t.us_weight_class()),
            font,
        })
    }

    /// The glyph of a character; none where it has only the one for what is missing.
    pub(crate) fn glyph(&self, ch: char) -> Option<u16> {
        let id = self.map.map(ch)?.to_u32();
        u16::try_from(id).ok().filter(|id| *id != 0)
    }

    /// How far a glyph moves on, in the face's own units.
    pub(crate) fn advance(&self, glyph: u16) -> Option<f32> {
        self.glyphs.advance_width(GlyphId::new(glyph.into()))
    }

    fn name(&self) -> Option<String> {
        let all = self.font.localized_strings(StringId::POSTSCRIPT_NAME);
        all.english_or_first().map(|name| name.chars().collect())
    }
}

/// One face of the chain.
pub(crate) struct Font {
    pub(crate) bytes: Mmap,
    pub(crate) name: String,
    face: Face,
    shaper: OnceLock<ShaperData>,
}

/// The chain: regular, bold, then fallbacks.
pub struct Fonts {
    pub(crate) faces: Vec<Font>,
    emoji: Option<usize>,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.faces.iter().map(|x| &x.name))
            .finish()
    }
}

impl Fonts {
    /// Looks for the fonts in folders and their subfolders, three levels deep; what stands in an earlier folder wins.
    ///
    /// # Errors
    /// [`PaperError::FontMissing`] where Noto Serif SC is nowhere. A fallback that is missing or broken is left out.
    pub fn load(dirs: &[PathBuf]) -> Result<Self, PaperError> {
        let mut found = BTreeMap::new();
        for dir in dirs {
            gather(dir, 3, &mut found);
        }
        let need = |name: &str| match found.get(&name.to_ascii_lowercase()) {
            Some(path) => open(path),
            None => Err(PaperError::FontMissing(name.to_owned())),
        };
        let mut faces = vec![need(REGULAR)?, need(BOLD)?];
        let mut emoji = None;
        for name in FALLBACK {
            if let Ok(face) = need(name) {
                if name == EMOJI {
                    emoji = Some(faces.len());
                }
                faces.push(face);
            }
        }
        Ok(Self { faces, emoji })
    }

    /// Characters of a text that no font has, as people write them: `U+1F9FF`.
    pub fn lacking(&self, text: &str) -> Vec<char> {
        let mut all: Vec<char> = Vec::new();
        for c in text.chars() {
            let drawn = c.is_whitespace() || unseen(c) || dropped(c) || tone(c) || all.contains(&c);
            if !drawn && self.for_char(c, false).is_none() {
                all.push(c);
            }
        }
        all
    }

    pub(crate) fn face(&self, font: usize) -> &Face {
        &self.faces[font].face
    }

    /// The font in which a character is drawn that stands for itself.
    pub(crate) fn for_char(&self, ch: char, bold: bool) -> Option<usize> {
        let own = usize::from(bold);
        if self.has(own, ch) {
            return Some(own);
        }
        (0..self.faces.len()).find(|i| *i != 1 && self.has(*i, ch))
    }

    /// The font in which a character is drawn, as a picture where it is one.
    pub(crate) fn for_one(&self, ch: char, bold: bool) -> Option<usize> {
        let emoji = self.emoji.filter(|e| picture(ch) && self.has(*e, ch));
        emoji.or_else(|| self.for_char(ch, bold))
    }

    /// The font in which characters are drawn that belong together; none where no one has them all.
    pub(crate) fn for_all(&self, all: &[char], bold: bool) -> Option<usize> {
        if let Some(emoji) = self.emoji.filter(|_| all.iter().any(|c| picture(*c))) {
            let drawn = |c: &char| tone(*c) || unseen(*c) || self.has(emoji, *c);
            if all.iter().all(drawn) {
                return Some(emoji);
            }
        }
        let seen: Vec<char> = all.iter().copied().filter(|c| !unseen(*c)).collect();
        let own = usize::from(bold);
        std::iter::once(own)
            .chain((0..self.faces.len()).filter(|i| *i != 1 && *i != own))
            .find(|font| seen.iter().all(|c| self.has(*font, *c)))
    }

    fn has(&self, font: usize, ch: char) -> bool {
        // What a font keeps for itself there means something else, or nothing, to whoever typed it.
        !private(ch) && self.face(font).glyph(ch).is_some()
    }

    /// Advance of a character's own glyph, em.
    pub(crate) fn advance(&self, font: usize, ch: char) -> f32 {
        let face = self.face(font);
        let advance = face.glyph(ch).and_then(|id| face.advance(id));
        advance.unwrap_or(1000.0) / f32::from(face.metrics.units_per_em)
    }

    /// What shapes text in a font; none where its tables cannot be read.
    pub(crate) fn shaper(&self, font: usize) -> Option<(FontRef<'_>, &ShaperData)> {
        let font = &self.faces[font];
        let data = font.shaper.get_or_init(|| ShaperData::new(&font.face.font));
        Some((font.face.font.clone(), data))
    }
}

/// Drawn as a picture where there is a font of pictures: emoji, what selects their form, and keys' caps.
fn picture(c: char) -> bool {
    matches!(c, '\u{FE0F}' | '\u{20E3}' | '\u{1F000}'..='\u{1F0FF}' | '\u{1F18E}' | '\u{1F191}'..='\u{1F19A}'
        | '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F300}'..='\u{1FAFF}')
}

fn private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// Colours of the skin: a picture in black and white has none.
pub(crate) fn tone(c: char) -> bool {
    matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

/// Files by their name in small letters; the first of a name stays.
fn gather(dir: &Path, depth: usize, found: &mut BTreeMap<String, PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return;
    };
    let mut below = Vec::new();
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
        if name.ends_with(".ttf") && path.is_file() {
            found.entry(name).or_insert(path);
        } else if depth > 0 && path.is_dir() {
            below.push(path);
        }
    }
    below.sort();
    for dir in below {
        gather(&dir, depth - 1, found);
    }
}

#[expect(
    unsafe_code,
    reason = "a font is mapped read-only: reading 80 MB would cost 50 to 100 ms a process"
)]
fn open(path: &Path) -> Result<Font, PaperError> {
    let shown = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned();
    let broken = |e: String| PaperError::FontBroken(shown.clone(), e);
    let file = File::open(path).map_err(|e| broken(e.to_string()))?;
    // SAFETY: font files are package files that nobody rewrites while the program runs.
    let bytes = unsafe { Mmap::map(&file) }.map_err(|e| broken(e.to_string()))?;
    // SAFETY: the mapping lives as long as the `Font` that holds both, and never moves.
    let still: &'static [u8] = unsafe { std::slice::from_raw_parts(bytes.as_ptr(), bytes.len()) };
    let face = Face::parse(still).map_err(broken)?;
    Ok(Font {
        name: face.name().unwrap_or_else(|| "Font".to_owned()),
        bytes,
        face,
        shaper: OnceLock::new(),
    })
}
