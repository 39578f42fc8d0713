//! Writes values with their 95 % intervals: `0.42 % (0.39–0.46)`.

use std::ops::RangeInclusive;

use super::number::{decimal, exponent, percent_digits, ratio_digits, significant};
use super::scale::{BANDWIDTHS, FLOP_RATES, SECONDS, Scale, best_scale};
use super::{ABSENT, DIGITS};

/// Most digits of a ratio or share. Digits beyond the usual ones are used if the interval would otherwise look empty or
/// one-sided.
const MOST_DIGITS: i32 = 4;

/// Smallest width of an interval in steps of its last digit, if the digits allow it.
const LEAST_STEPS: f64 = 2.0;

/// Factor between end and value above which the end has its own digits. More digits would be false precision.
const FAR: f64 = 10.0;

/// Factor between end and value above which the end also has its own unit.
const VERY_FAR: f64 = 1000.0;

/// Writes a time in seconds with its interval in one unit: `5.50 µs (5.41–5.73)`.
pub fn seconds_interval(value: f64, low: f64, high: f64) -> String {
    scaled_interval([value, low, high], &SECONDS)
}

/// Writes a rate in bytes per second with its interval in one unit: `12.3 GB/s (12.1–12.4)`.
pub fn bandwidth_interval(value: f64, low: f64, high: f64) -> String {
    scaled_interval([value, low, high], &BANDWIDTHS)
}

/// Writes a rate in multiplications and additions per second with its interval: `1.20 GFLOP/s (1.18–1.23)`.
pub fn flop_rate_interval(value: f64, low: f64, high: f64) -> String {
    scaled_interval([value, low, high], &FLOP_RATES)
}

/// Writes a ratio with its interval: `14.1 (13.9–14.3)`.
pub fn ratio_interval(value: f64, low: f64, high: f64) -> String {
    interval([value, low, high], ratio_digits(value)..=MOST_DIGITS, "")
}

/// Writes a share (1 is the whole) as a percentage with its interval: `0.42 % (0.39–0.46)`.
pub fn percent_interval(value: f64, low: f64, high: f64) -> String {
    let digits = percent_digits(value);
    interval([value, low, high].map(|share| 100.0 * share), digits..=MOST_DIGITS, " %")
}

fn scaled_interval([value, low, high]: [f64; 3], scales: &[Scale]) -> String {
    let scale = best_scale(if value == 0.0 { high } else { value }, scales);
    let unit = format!(" {}", scale.name);
    let parts = [value, low, high].map(|part| part / scale.factor);
    if high.is_finite() && value > 0.0 && high > VERY_FAR * value {
        let far = best_scale(high, scales);
        let decimals = DIGITS - 1 - exponent(parts[0], DIGITS);
        let (value, low) = (significant(parts[0], DIGITS), bound(parts[1], parts[0], decimals));
        return format!("{value}{unit} ({low}{unit} – {} {})", significant(high / far.factor, DIGITS), far.name);
    }
    // Tables have several columns of times; one more digit would make them too wide.
    interval(parts, DIGITS..=DIGITS, &unit)
}

/// Writes a value with its interval, with the fewest allowed digits that show the interval's width.
fn interval([value, low, high]: [f64; 3], digits: RangeInclusive<i32>, unit: &str) -> String {
    if !value.is_finite() {
        return ABSENT.to_owned();
    }
    let decimals = |digits: i32| digits - 1 - exponent(value, digits);
    // Rounding can make a width slightly too small.
    let shows = |digits: &i32| (high - low) * 10f64.powi(decimals(*digits)) > LEAST_STEPS * (1.0 - 1e-9);
    let (fewest, most) = (*digits.start(), *digits.end());
    let digits = if low == high { fewest } else { digits.into_iter().find(shows).unwrap_or(most) };
    let shown = significant(value, digits);
    if low == high {
        // A single timing has no interval.
        return format!("{shown}{unit}");
    }
    let [low, high] = [low, high].map(|end| bound(end, value, decimals(digits)));
    format!("{shown}{unit} ({low}–{high})")
}

/// Writes an end of an interval with the decimals of the value. An end near zero gets more, and a far larger one fewer.
fn bound(end: f64, value: f64, decimals: i32) -> String {
    let step = 10f64.powi(-decimals);
    if end == 0.0 {
        "0".to_owned()
    } else if !end.is_finite() || end.abs() < 10.0 * step {
        significant(end, 2)
    } else if end.abs() > FAR * value.abs() {
        significant(end, DIGITS)
    } else {
        decimal((end / step).round() * step, decimals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_are_as_fine_as_the_value() {
        assert_eq!(percent_interval(0.004_2, 0.003_91, 0.004_62), "0.42 % (0.39–0.46)");
        assert_eq!(ratio_interval(14.06, 13.92, 14.31), "14.1 (13.9–14.3)");
        assert_eq!(ratio_interval(38_412.0, 38_190.0, 38_761.0), "38,400 (38,200–38,800)");
        assert_eq!(seconds_interval(5.5e-6, 5.41e-6, 5.729e-6), "5.50 µs (5.41–5.73)");
        assert_eq!(bandwidth_interval(6.57e9, 6.541e9, 6.588e9), "6.57 GB/s (6.54–6.59)");
        assert_eq!(flop_rate_interval(1.2e9, 1.18e9, 1.23e9), "1.20 GFLOP/s (1.18–1.23)");
    }

    #[test]
    fn a_narrow_interval_gets_the_digits_that_show_it() {
        assert_eq!(percent_interval(0.004_28, 0.004_271, 0.004_298), "0.428 % (0.427–0.430)");
        assert_eq!(ratio_interval(777.2, 777.1, 777.3), "777.2 (777.1–777.3)");
        assert_eq!(ratio_interval(777.0, 777.0, 777.0), "777", "an interval of no width says nothing");
        assert_eq!(ratio_interval(777.0, 776.999, 777.0), "777.0 (777.0–777.0)");
        assert_eq!(seconds_interval(1.061e-3, 1.06e-3, 1.062e-3), "1.06 ms (1.06–1.06)");
        assert_eq!(percent_interval(0.010_038, 0.009_753, 0.010_138), "1.00 % (0.98–1.01)");
    }

    #[test]
    fn a_far_end_has_no_more_digits_than_are_known() {
        assert_eq!(seconds_interval(9.98e-6, 9.9e-6, 11.019_69e-3), "9.98 µs (9.90 µs – 11.0 ms)");
        assert_eq!(seconds_interval(9.98e-6, 9.9e-6, 1.234_56e-3), "9.98 µs (9.90–1,230)");
        assert_eq!(ratio_interval(14.1, 13.9, 20_483.2), "14.1 (13.9–20,500)");
    }

    #[test]
    fn the_ends_are_in_the_unit_of_the_value() {
        assert_eq!(seconds_interval(0.9e-3, 0.8e-3, 1.2e-3), "900 µs (800–1,200)");
        assert_eq!(seconds_interval(0.0, 0.0, 1e-6), "0 µs (0–1.00)");
    }

    #[test]
    fn an_end_that_is_not_zero_does_not_look_like_zero() {
        assert_eq!(percent_interval(0.004_2, 0.000_012, 0.009), "0.42 % (0.0012–0.90)");
        assert_eq!(percent_interval(0.004_2, 0.0, 0.009), "0.42 % (0–0.90)");
    }

    #[test]
    fn what_is_not_finite_is_absent() {
        assert_eq!(ratio_interval(f64::NAN, 1.0, 2.0), "–");
        assert_eq!(ratio_interval(3.0, 1.0, f64::INFINITY), "3.00 (1.00––)");
    }
}
