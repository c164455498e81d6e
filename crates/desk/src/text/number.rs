//! Numbers as they are printed.

use redress_domain::limits::NUMBER_DIGITS;

/// `TS-{year}-{seq:04}`; the width after the colon is optional.
pub(crate) fn format_number(format: &str, year: i32, seq: i64) -> String {
    let with_year = format.replace("{year}", &year.to_string());
    let Some((head, rest)) = with_year.split_once("{seq") else {
        return format!("{with_year}{seq}");
    };
    let Some((width, tail)) = rest.split_once('}') else {
        return format!("{with_year}{seq}");
    };
    let width: usize = width.trim_start_matches(':').parse().unwrap_or(1);
    let width = width.min(NUMBER_DIGITS);
    format!("{head}{seq:0width$}{tail}")
}
