//! Which kind of file something is: every attachment goes through it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use redress_fuzz::at_most;

fuzz_target!(|bytes: &[u8]| {
    at_most(|| redress_desk::media(bytes));
});
