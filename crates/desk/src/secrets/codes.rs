//! Codes of a second factor: those that a telephone makes (RFC 6238), the QR code that tells it the secret, and
//! recovery codes.

use crate::text::error::ApiError;
use qrcode::{Color, EcLevel, QrCode};
use redress_domain::{
    chain::{hex, sha256},
    clock::Moment,
    id::PersonId,
};
use serde::Serialize;
use std::fmt::Write;
use totp_rs::{Algorithm, Builder, Secret, Totp};
use ts_rs::TS;

/// Bytes of a secret, as RFC 4226 recommends.
pub(crate) const SECRET: usize = 20;
/// Digits of a code.
const DIGITS: u8 = 6;
/// Seconds for which one code stands.
const STEP: u64 = 30;
/// Steps before and after the present one whose codes are taken: half a minute.
const WINDOW: u16 = 1;
/// Steps within which a code tells of a clock that goes wrong: ten minutes.
const DRIFT: u16 = 20;
/// Recovery codes at a time.
const RECOVERY: usize = 10;
/// Characters of a recovery code: 80 bits, so that its hash tells nothing.
const RECOVERY_LENGTH: usize = 16;
/// Letters and digits without those that look alike.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How a code fits.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It is the code of this step.
    Step(i64),
    /// It is one of so many minutes ago, or ahead (below zero): a clock goes wrong.
    Drift(i64),
    /// It is none.
    No,
}

fn totp(
    secret: &[u8; SECRET],
    skew: u16,
    issuer: Option<&str>,
    account: &str,
) -> Result<Totp, ApiError> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_skew(skew)
        .with_step_duration(STEP)
        .with_secret(Secret::new_stack(*secret))
        .with_issuer(issuer)
        .with_account_name(account)
        .build()
        .map_err(ApiError::internal)
}

pub(crate) fn seconds(now: Moment) -> u64 {
    now.timestamp().max(0).unsigned_abs()
}

/// The step of a moment.
pub(crate) fn step(now: Moment) -> i64 {
    signed(seconds(now) / STEP)
}

fn signed(step: u64) -> i64 {
    i64::try_from(step).unwrap_or(i64::MAX)
}

/// A new secret.
pub(crate) fn new_secret() -> Result<[u8; SECRET], ApiError> {
    let mut secret = [0; SECRET];
    getrandom::fill(&mut secret).map_err(ApiError::internal)?;
    Ok(secret)
}

/// A code as it is compared: people write groups, and signs that look alike.
fn plain(code: &str) -> String {
    let kept = code.chars().filter(|c| c.is_alphanumeric()).take(40);
    kept.map(|c| match c.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        // Full-width digits come from Chinese input methods.
        c @ '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
        c => c,
    })
    .collect()
}

/// Whether a text is a code of a telephone rather than a recovery code.
pub(crate) fn is_code(code: &str) -> bool {
    let code = plain(code);
    code.len() == usize::from(DIGITS) && code.bytes().all(|b| b.is_ascii_digit())
}

/// Holds a code against a secret.
pub(crate) fn fits(secret: &[u8; SECRET], code: &str, now: Moment) -> Result<Fit, ApiError> {
    let (code, now) = (plain(code), seconds(now));
    if let Some(step) = totp(secret, WINDOW, None, "redress")?.check(&code, now) {
        return Ok(Fit::Step(signed(step)));
    }
    let near = totp(secret, DRIFT, None, "redress")?.check(&code, now);
    Ok(near.map_or(Fit::No, |step| {
        let steps = signed(now / STEP) - signed(step);
        // Whole minutes, away from zero.
        Fit::Drift((steps + steps.signum()) / 2)
    }))
}

/// The secret as letters, as an address and as a QR code.
pub(crate) fn offer(
    secret: &[u8; SECRET],
    institution: &str,
    login: &str,
) -> Result<SecondFactorOffer, ApiError> {
    let sound = |text: &str| text.replace(':', " ").chars().take(40).collect::<String>();
    let issuer = format!("Redress {}", sound(institution));
    let uri = totp(secret, WINDOW, Some(issuer.trim()), &sound(login))?
        .to_url()
        .map_err(ApiError::internal)?;
    let letters = Secret::new_stack(*secret).to_base32();
    let groups: Vec<String> = letters
        .as_bytes()
        .chunks(4)
        .map(|group| group.iter().map(|b| char::from(*b)).collect())
        .collect();
    let (size, path) = qr(&uri)?;
    Ok(SecondFactorOffer {
        secret: groups.join(" "),
        uri,
        size,
        path,
    })
}

/// A QR code: modules on a side, and its dark ones as an SVG path.
pub(crate) fn qr(text: &str) -> Result<(u32, String), ApiError> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M)
        .map_err(ApiError::internal)?;
    let size = code.width();
    let mut path = String::new();
    for (n, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            write!(path, "M{} {}h1v1h-1z", n % size, n / size).map_err(ApiError::internal)?;
        }
    }
    Ok((u32::try_from(size).map_err(ApiError::internal)?, path))
}

fn hash(person: PersonId, code: &str) -> String {
    hex(&sha256(format!("{person}\n{}", plain(code)).as_bytes()))
}

/// New recovery codes, and the list of their hashes.
pub(crate) fn recovery(person: PersonId) -> Result<(Vec<String>, String), ApiError> {
    let mut codes = Vec::with_capacity(RECOVERY);
    for _ in 0..RECOVERY {
        let mut bytes = [0; RECOVERY_LENGTH];
        getrandom::fill(&mut bytes).map_err(ApiError::internal)?;
        let letters: Vec<char> = bytes
            .iter()
            .map(|b| char::from(LETTERS[usize::from(b % 32)]))
            .collect();
        let groups: Vec<String> = letters.chunks(4).map(|g| g.iter().collect()).collect();
        codes.push(groups.join("-"));
    }
    let hashes: Vec<String> = codes.iter().map(|c| hash(person, c)).collect();
    Ok((codes, serde_json::to_string(&hashes)?))
}

/// The list without a code's hash; nothing where the code is not on it.
pub(crate) fn without(list: &str, person: PersonId, code: &str) -> Option<String> {
    let mut all: Vec<String> = serde_json::from_str(list).ok()?;
    let gone = hash(person, code);
    let before = all.len();
    all.retain(|h| *h != gone);
    (all.len() < before)
        .then(|| serde_json::to_string(&all).ok())
        .flatten()
}

/// Codes that are left on a list.
pub(crate) fn left(list: &str) -> Result<u32, ApiError> {
    let all: Vec<String> = serde_json::from_str(list).map_err(ApiError::internal)?;
    u32::try_from(all.len()).map_err(ApiError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Moment {
        chrono::DateTime::from_timestamp(seconds, 0)
            .expect("a time")
            .fixed_offset()
    }

    /// RFC 6238, appendix B: the secret of its tables, and the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(
                fits(secret, code, at(time)).expect("held"),
                Fit::Step(time / 30),
                "{time}"
            );
        }
    }

    #[test]
    fn the_window_is_one_step_and_a_wrong_clock_is_told() {
        let secret = b"12345678901234567890";
        let code = "005924";
        for (after, expected) in [
            (-30, Fit::Step(1_234_567_890 / 30)),
            (30, Fit::Step(1_234_567_890 / 30)),
            (60, Fit::Drift(1)),
            (-60, Fit::Drift(-1)),
            (300, Fit::Drift(5)),
            (600, Fit::Drift(10)),
            (660, Fit::No),
        ] {
            let fit = fits(secret, code, at(1_234_567_890 + after)).expect("held");
            assert_eq!(fit, expected, "{after}");
        }
        let wide = fits(secret, " ００5-924", at(1_234_567_890)).expect("held");
        assert_eq!(wide, Fit::Step(1_234_567_890 / 30), "as people write it");
    }

    #[test]
    fn a_recovery_code_is_good_once_and_for_its_person() {
        let (me, you) = (
            PersonId(uuid::Uuid::from_u128(1)),
            PersonId(uuid::Uuid::nil()),
        );
        let (codes, list) = recovery(me).expect("made");
        assert_eq!(codes.len(), 10);
        assert_eq!(left(&list).expect("a list"), 10);
        assert!(
            codes
                .iter()
                .all(|c| !is_code(c) && !list.contains(c.as_str()))
        );
        let typed = codes[3].to_lowercase().replace('-', " ");
        let rest = without(&list, me, &typed).expect("taken");
        assert_eq!(left(&rest).expect("a list"), 9);
        assert_eq!(without(&rest, me, &typed), None, "once");
        assert_eq!(without(&list, you, &codes[3]), None, "nobody else's");
    }

    #[test]
    fn a_telephone_is_told_the_secret_as_text_and_as_a_code() {
        let offer = offer(b"12345678901234567890", "海川: 检测", "chen:xia").expect("offered");
        assert_eq!(offer.secret, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert!(
            offer.uri.starts_with("otpauth://totp/Redress"),
            "{}",
            offer.uri
        );
        assert!(
            offer
                .uri
                .contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        );
        assert!(offer.path.starts_with("M0 0h1v1h-1z"));
        assert!(offer.size > 20);
    }
}

/// What a telephone needs to know.
#[derive(Debug, Serialize, TS)]
pub struct SecondFactorOffer {
    /// The secret, to be typed where no camera is: letters and digits in groups of four.
    pub secret: String,
    /// The same as an address, which the QR code says.
    pub uri: String,
    /// Modules of the QR code on a side.
    pub size: u32,
    /// The QR code's dark modules as an SVG path.
    pub path: String,
}
