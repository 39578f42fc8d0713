//! Counts that depend on n, as stated in comments of a kernel: `n * n`, `2 * n`, `n / 4`, `16`.

use std::str::FromStr;

/// A product of integers and powers of n, divided by an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Length {
    factor: u64,
    power: u32,
    divisor: u64,
}

/// The count n.
pub(super) const N: Length = Length { factor: 1, power: 1, divisor: 1 };

/// The count 1.
pub(super) const ONE: Length = Length { factor: 1, power: 0, divisor: 1 };

impl Length {
    /// Returns the count for size n, rounded up.
    pub(super) fn of(self, n: u64) -> u64 {
        self.factor.saturating_mul(n.saturating_pow(self.power)).div_ceil(self.divisor)
    }

    /// Returns whether the count is the same for every size.
    pub(super) fn is_fixed(self) -> bool {
        self.power == 0
    }

    /// Returns the count for size n as a float, however large.
    pub(super) fn real(self, n: u64) -> f64 {
        self.factor as f64 * (n as f64).powi(self.power.cast_signed()) / self.divisor as f64
    }
}

impl FromStr for Length {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || format!("{text:?} is not a count; write n, `n * n`, `2 * n`, `n / 4` or a number");
        let number = |word: &str| word.trim().parse().ok().filter(|number: &u64| *number > 0).ok_or_else(fault);
        let (product, divisor) = text.split_once('/').map_or((text, None), |(product, over)| (product, Some(over)));
        let mut length = Self { divisor: divisor.map_or(Ok(1), number)?, ..ONE };
        for word in product.split('*') {
            if word.trim() == "n" {
                length.power += 1;
            } else {
                length.factor = length.factor.saturating_mul(number(word)?);
            }
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_read_and_others_refused() {
        let of = |text: &str| text.parse::<Length>().map(|length| length.of(10));
        assert_eq!(of("n"), Ok(10));
        assert_eq!(of(" 2 * n*n "), Ok(200));
        assert_eq!(of("n / 4"), Ok(3), "rounded up");
        assert_eq!(of("16"), Ok(16));
        for text in ["", "m", "n + 1", "0", "n /", "n / 0", "-2"] {
            assert!(of(text).unwrap_err().contains("is not a count"), "{text}");
        }
        assert_eq!("2 * n * n * n".parse::<Length>().unwrap().real(1 << 20), 2.0 * 2f64.powi(60));
    }
}
