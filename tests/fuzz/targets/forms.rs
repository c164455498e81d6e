//! Form files: what is sound is laid out, blank and filled with nothing, and drawn.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use redress_desk::font_dirs;
use redress_domain::{check, form::Filling};
use redress_fuzz::{at_most, change};
use redress_paper::{Fonts, lay_out, svg};
use std::sync::OnceLock;

/// Pages that are drawn.
const PAGES: usize = 3;

fn fonts() -> &'static Fonts {
    static ONE: OnceLock<Fonts> = OnceLock::new();
    ONE.get_or_init(|| Fonts::load(&font_dirs()).expect("fonts: npm ci in ui/"))
}

fuzz_target!(|text: &str| {
    let Ok(form) = check::form(&("forms/form.toml".to_owned(), text.to_owned())) else {
        return;
    };
    let fonts = fonts();
    for blank in [true, false] {
        let filling = Filling {
            blank,
            ..Filling::default()
        };
        at_most(|| {
            if let Ok(laid) = lay_out(&form, &filling, fonts) {
                (0..laid.pages.len().min(PAGES)).for_each(|page| drop(svg(&laid, page)));
            }
        });
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    change::toml_or_bytes(data, size, max_size, seed)
});
