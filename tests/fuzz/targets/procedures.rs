//! Files that somebody writes by hand: procedures, building blocks and forms are read, joined and checked.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use redress_domain::check::{self, Files};
use redress_fuzz::{at_most, change};

macro_rules! ours {
    ($($path:literal),+ $(,)?) => {
        [$(($path, include_str!(concat!("../../../procedures/", $path)))),+]
    };
}

const BLOCKS: [(&str, &str); 9] = ours!(
    "shared/common.toml",
    "shared/corrective.toml",
    "shared/closing.toml",
    "shared/ending.toml",
    "shared/disputed-work.toml",
    "shared/registration.toml",
    "shared/acceptance.toml",
    "shared/appeal.toml",
    "shared/retraction.toml",
);
const WHOLE: &str = include_str!("../../../procedures/first-asked/procedure.toml");
/// A small procedure that takes in the building block `common`.
const LENDS: &str = include_str!("../lends.toml");

fn files(procedure: &str, block: Option<&str>, form: Option<&str>) -> Files {
    let named = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let mut shared: Vec<_> = BLOCKS
        .iter()
        .map(|(name, text)| named(name, text))
        .collect();
    if let Some(block) = block {
        shared[0].1 = block.to_owned();
    }
    Files {
        procedure: named("procedure.toml", procedure),
        shared,
        forms: form
            .map(|text| named("forms/form.toml", text))
            .into_iter()
            .collect(),
    }
}

fuzz_target!(|text: &str| {
    for files in [
        files(text, None, None),
        files(LENDS, Some(text), None),
        files(WHOLE, None, Some(text)),
    ] {
        let loaded = at_most(|| check::load(&files));
        if let Ok(edition) = loaded {
            assert!(
                check::reload(&edition.files).is_ok(),
                "what was sound stays so"
            );
        }
    }
    let _ = at_most(|| check::form(&("forms/form.toml".to_owned(), text.to_owned())));
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    change::toml_or_bytes(data, size, max_size, seed)
});
