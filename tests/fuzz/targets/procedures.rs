//! Files that somebody writes by hand: procedures, building blocks and forms. What is sound is also laid out.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use redress_desk::{Lang, check_procedure, font_dirs};
use redress_domain::{check, form::Filling};
use redress_fuzz::{at_most, change};
use redress_paper::{Fonts, lay_out, svg};
use std::sync::OnceLock;

static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();

/// A small procedure that takes in a building block under test.
const LENDS: &str = include_str!("../lends.toml");

fn named(name: &str, text: &str) -> (String, String) {
    (name.to_owned(), text.to_owned())
}

fuzz_target!(|text: &str| {
    at_most(|| check_procedure(vec![named("procedure.toml", text)], Lang::Zh));
    let lent = vec![
        named("procedure.toml", LENDS),
        named("shared/common.toml", text),
    ];
    at_most(|| check_procedure(lent, Lang::En));
    if let Ok(form) = check::form(&named("forms/form.toml", text)) {
        let fonts = FONTS.get_or_init(|| Fonts::load(&font_dirs()).ok());
        let fonts = fonts.as_ref().expect("fonts: npm ci in ui/");
        let blank = Filling {
            blank: true,
            ..Filling::default()
        };
        at_most(|| {
            for filling in [blank, Filling::default()] {
                let laid = lay_out(&form, &filling, fonts);
                for page in 0..laid.pages.len().min(3) {
                    let _ = svg(&laid, page);
                }
            }
        });
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let text = std::str::from_utf8(&data[..size]).unwrap_or_default();
    match change::toml(text, seed) {
        Some(new) if !seed.is_multiple_of(8) => change::put(data, size, Some(new.into_bytes())),
        _ => fuzzer_mutate(data, size, max_size),
    }
});
