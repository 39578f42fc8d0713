//! The ratio of two times, with an interval from both sides.

use serde::Serialize;

use crate::stats::{Estimate, Summary};

/// Quantile of the normal distribution for a two-sided 95 % interval.
const Z_95: f64 = 1.96;

/// Largest difference between two kernels that does not matter, as a share.
pub const INDIFFERENT: f64 = 0.02;

/// Returns `before/after`: how many times faster `after` is.
///
/// The interval is `exp(ln ratio ± 1.96 √(SE² + SE²))` from the standard errors of the medians on the logarithmic
/// scale. If these are unknown, it is the ratio of opposite ends of the rank intervals, which is wider. Returns `None`
/// unless both times are positive.
pub fn ratio(before: &Summary, after: &Summary) -> Option<Estimate> {
    if !(before.median > 0.0 && after.median > 0.0 && after.low > 0.0) {
        return None;
    }
    let value = before.median / after.median;
    match before.log_se.zip(after.log_se) {
        Some((a, b)) if a + b > 0.0 => {
            let reach = (Z_95 * a.hypot(b)).exp();
            Estimate::finite(value, value / reach, value * reach)
        }
        _ => Estimate::finite(value, before.low / after.high, before.high / after.low),
    }
}

/// Comparison of a new time with an old one.
#[derive(Serialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// Faster: the whole interval of old/new lies above 1.
    Faster,
    /// Slower: the whole interval lies below 1.
    Slower,
    /// The same: the whole interval lies within the tolerance around 1.
    Same,
    /// Undecided: the interval holds 1, and also differences that would matter.
    Undecided,
}

/// Compares by the ratio old/new. `tolerance` is the difference that does not matter (0.05 is 5 %), even if it is
/// significant.
pub fn compare(ratio: &Estimate, tolerance: f64) -> Comparison {
    if ratio.high <= 1.0 + tolerance && ratio.low >= 1.0 / (1.0 + tolerance) {
        Comparison::Same
    } else if ratio.low > 1.0 {
        Comparison::Faster
    } else if ratio.high < 1.0 {
        Comparison::Slower
    } else {
        Comparison::Undecided
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_has_the_errors_of_both_sides() {
        let of = |median: f64, log_se| Summary { log_se: Some(log_se), ..Summary::of(&[median]).unwrap() };
        let r = ratio(&of(6.0, 0.03), &of(2.0, 0.04)).unwrap();
        assert_eq!(r.value, 3.0);
        assert!((r.high / (3.0 * (1.96 * 0.05_f64).exp()) - 1.0).abs() < 1e-12);
        assert!((r.low * r.high - 9.0).abs() < 1e-12);
    }

    #[test]
    fn without_errors_opposite_ends_meet() {
        let old = Summary::of(&[4.0]).unwrap();
        let new = Summary { low: 1.0, high: 4.0, ..Summary::of(&[2.0]).unwrap() };
        let r = ratio(&old, &new).unwrap();
        assert_eq!((r.low, r.value, r.high), (1.0, 2.0, 4.0));
        assert_eq!(ratio(&old, &Summary::of(&[0.0]).unwrap()), None);
    }

    #[test]
    fn four_answers() {
        let of = |low, high| Estimate { value: f64::midpoint(low, high), low, high };
        assert_eq!(compare(&of(1.1, 1.3), 0.05), Comparison::Faster);
        assert_eq!(compare(&of(0.7, 0.9), 0.05), Comparison::Slower);
        assert_eq!(compare(&of(0.98, 1.02), 0.05), Comparison::Same);
        assert_eq!(compare(&of(1.01, 1.02), 0.05), Comparison::Same, "no chance, but it does not matter");
        assert_eq!(compare(&of(0.8, 1.2), 0.05), Comparison::Undecided);
    }
}
