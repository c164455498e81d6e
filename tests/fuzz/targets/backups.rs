//! Backup files. An even first byte: the bytes are the file as it comes in. An odd one: they change the database
//! of a true backup (`position`, `length`, bytes), sealed anew with a cheap lock, so that what is inside is reached.

#![no_main]

use age::secrecy::SecretString;
use libfuzzer_sys::fuzz_target;
use redress_desk::restore;
use redress_fuzz::{
    at_most,
    office::{self, Told},
};
use std::{io::Write, sync::OnceLock};

const PASSPHRASE: &str = "Redress-2026";
const MAGIC: &[u8] = b"RDBACK01";

fn told() -> &'static Told {
    static ONE: OnceLock<Told> = OnceLock::new();
    ONE.get_or_init(office::told)
}

/// What a true backup holds: the length of the anchor, the anchor, the database.
fn inside() -> &'static [u8] {
    static ONE: OnceLock<Vec<u8>> = OnceLock::new();
    ONE.get_or_init(|| {
        let file = office::database(&told().folder.path().join("office"));
        let anchor = br#"{"pos":1,"hash":"00"}"#;
        let mut all = (anchor.len() as u64).to_be_bytes().to_vec();
        all.extend(anchor);
        all.extend(std::fs::read(file).expect("the database"));
        all
    })
}

fn changed(mut by: &[u8]) -> Vec<u8> {
    let mut all = inside().to_vec();
    while let [a, b, c, len, rest @ ..] = by {
        // The head of the file, where the lengths are, is as likely as all the rest.
        let at = match a % 4 {
            0 => usize::from(*c) % 132,
            _ => usize::from_be_bytes([0, 0, 0, 0, 0, *a, *b, *c]) % all.len(),
        };
        let (new, after) = rest.split_at(rest.len().min(usize::from(len % 32)));
        let end = all.len().min(at + new.len());
        all[at..end].copy_from_slice(&new[..end - at]);
        if *len == 255 {
            all.truncate(at);
        }
        if all.is_empty() {
            break;
        }
        by = after;
    }
    all
}

fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mut lock = age::scrypt::Recipient::new(SecretString::from(PASSPHRASE));
    lock.set_work_factor(1);
    let locks = [&lock as &dyn age::Recipient];
    let lock = age::Encryptor::with_recipients(locks.into_iter()).expect("a lock");
    let mut out = MAGIC.to_vec();
    let mut w = lock.wrap_output(&mut out).expect("a head");
    w.write_all(bytes).expect("its bytes");
    w.finish().expect("an end");
    out
}

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let file = if first % 2 == 0 {
        rest.to_vec()
    } else {
        sealed(&changed(rest))
    };
    let folder = tempfile::TempDir::new_in(told().folder.path()).expect("a folder");
    let config = office::config(&folder.path().join("office"));
    let restored = at_most(|| office::runtime().block_on(restore(&config, &file, PASSPHRASE)));
    assert!(restored.is_err(), "the anchor is not that of the database");
});
