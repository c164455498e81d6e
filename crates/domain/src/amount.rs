//! How much of a unit a limit is: whole, or with up to two decimals (半个工作日, 1.5 小时).
//!
//! Held as hundredths, so that nothing is rounded: a hundredth of an hour is 36 seconds, of a day 864.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;

/// Hundredths of a unit.
const PARTS: u64 = 100;

/// An amount that is not negative, in hundredths of its unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(u64);

impl Amount {
    /// A whole amount.
    pub const fn whole(n: u32) -> Self {
        Self(n as u64 * PARTS)
    }

    /// From a number as it is written; none where it is negative, no number, or finer than two decimals.
    pub fn new(number: f64) -> Option<Self> {
        let hundredths = number * PARTS as f64;
        let near = hundredths.round();
        // What two decimals cannot say exactly in binary is nearer than this.
        let exact = (hundredths - near).abs() < 1e-6;
        (exact && (0.0..=u32::MAX as f64 * PARTS as f64).contains(&near))
            .then_some(Self(near as u64))
    }

    /// Whole units.
    pub const fn units(self) -> u64 {
        self.0 / PARTS
    }

    /// Of `whole` what is beyond the whole units, e.g. of the seconds of a day.
    pub const fn part_of(self, whole: i64) -> i64 {
        whole * (self.0 % PARTS) as i64 / PARTS as i64
    }

    /// The same amount of something so long, e.g. of an hour in seconds.
    pub const fn times(self, whole: i64) -> i64 {
        whole * self.0 as i64 / PARTS as i64
    }

    /// Whether there is something beyond the whole units.
    pub const fn is_broken(self) -> bool {
        !self.0.is_multiple_of(PARTS)
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl From<u32> for Amount {
    fn from(n: u32) -> Self {
        Self::whole(n)
    }
}

/// `3`, `1.5`, `0.25`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (units, rest) = (self.0 / PARTS, self.0 % PARTS);
        match (rest / 10, rest % 10) {
            (0, 0) => write!(f, "{units}"),
            (tenths, 0) => write!(f, "{units}.{tenths}"),
            _ => write!(f, "{units}.{rest:02}"),
        }
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if self.is_broken() {
            s.serialize_f64(self.0 as f64 / PARTS as f64)
        } else {
            s.serialize_u64(self.units())
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::new(f64::deserialize(d)?)
            .ok_or_else(|| D::Error::custom("an amount has two decimals at most"))
    }
}

#[cfg(test)]
mod tests {
    use super::Amount;

    #[test]
    fn two_decimals_are_exact_and_three_are_none() {
        for (number, said) in [
            (0.0, "0"),
            (3.0, "3"),
            (0.5, "0.5"),
            (1.1, "1.1"),
            (0.29, "0.29"),
            (2.05, "2.05"),
            (3659.99, "3659.99"),
            (4_294_967_295.0, "4294967295"),
        ] {
            let amount = Amount::new(number).expect(said);
            assert_eq!(amount.to_string(), said);
            let json = serde_json::to_string(&amount).expect("json");
            assert_eq!(json, said, "it is kept as it is written");
            assert_eq!(serde_json::from_str::<Amount>(&json).ok(), Some(amount));
        }
        for none in [
            -0.5,
            0.333,
            1.001,
            f64::NAN,
            f64::INFINITY,
            1e300,
            4_294_967_296.0,
        ] {
            assert_eq!(Amount::new(none), None, "{none}");
        }
    }
}
