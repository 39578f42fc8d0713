//! The one place that turns a number with its unit into text, and text into such a number.
//!
//! Numbers are written with three significant digits, shares and ratios below one with two. A value that is not finite
//! is written as [`ABSENT`]; the reason for its absence stands nearby.

mod interval;
mod parse;

pub use interval::{percent_interval, ratio_interval, seconds_interval};
pub use parse::{ParseError, parse_count, parse_counts, parse_duration};

/// What stands where there is no value.
pub const ABSENT: &str = "–";

/// Significant digits of a measured number.
const DIGITS: i32 = 3;

/// A unit and how many of the base unit it is.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scale {
    factor: f64,
    name: &'static str,
}

const fn scale(factor: f64, name: &'static str) -> Scale {
    Scale { factor, name }
}

const SECONDS: [Scale; 4] = [scale(1e-9, "ns"), scale(1e-6, "µs"), scale(1e-3, "ms"), scale(1.0, "s")];

const BANDWIDTHS: [Scale; 5] =
    [scale(1.0, "B/s"), scale(1e3, "kB/s"), scale(1e6, "MB/s"), scale(1e9, "GB/s"), scale(1e12, "TB/s")];

const FLOP_RATES: [Scale; 5] =
    [scale(1.0, "FLOP/s"), scale(1e3, "kFLOP/s"), scale(1e6, "MFLOP/s"), scale(1e9, "GFLOP/s"), scale(1e12, "TFLOP/s")];

/// A time given in seconds: `5.50 µs`, `212 ms`.
pub fn seconds(seconds: f64) -> String {
    scaled(seconds, &SECONDS)
}

/// A rate given in bytes per second, in decimal units as memory makers count them: `12.3 GB/s`.
pub fn bandwidth(bytes_per_second: f64) -> String {
    scaled(bytes_per_second, &BANDWIDTHS)
}

/// A rate given in multiplications and additions per second: `1.20 GFLOP/s`.
pub fn flop_rate(flop_per_second: f64) -> String {
    scaled(flop_per_second, &FLOP_RATES)
}

/// A size given in bytes, in binary units: `4 MiB`, `1.5 KiB`, `96 B`.
pub fn bytes(bytes: f64) -> String {
    const NAMES: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    if !bytes.is_finite() {
        return ABSENT.to_owned();
    }
    let (mut value, mut name) = (bytes, 0);
    // Four digits are kept up to 1023, because 1020 KiB would be a strange way to write 1023 KiB.
    let rounded = |value: f64| if value.abs() >= 100.0 { value.round() } else { round(value, DIGITS) };
    while rounded(value).abs() >= 1024.0 && name + 1 < NAMES.len() {
        value /= 1024.0;
        name += 1;
    }
    let digits = if value.abs() >= 1000.0 { 4 } else { DIGITS };
    let text = significant(value, digits);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text} {}", NAMES[name])
}

/// A ratio: `38,400`, `14.1`, `0.39`.
pub fn ratio(ratio: f64) -> String {
    significant(ratio, ratio_digits(ratio))
}

/// A ratio as a factor: `14.1 x`.
pub fn times(ratio: f64) -> String {
    with_unit(self::ratio(ratio), "x")
}

/// A share (1 is the whole) in per cent: `0.42 %`, `99.1 %`.
pub fn percent(share: f64) -> String {
    with_unit(significant(100.0 * share, percent_digits(share)), "%")
}

/// A whole number with separators between its thousands: `1,048,576`.
pub fn count(count: u64) -> String {
    group(&count.to_string())
}

/// A problem size or a worker count, as a power of two where it is one above 1024: `2^20`, `1,000,000`, `64`.
pub fn size(size: u64) -> String {
    if size > 1024 && size.is_power_of_two() { format!("2^{}", size.ilog2()) } else { count(size) }
}

/// Digits that make a ratio readable: two are enough below one, unless they would make it look like one.
fn ratio_digits(ratio: f64) -> i32 {
    if round(ratio, 2).abs() < 1.0 { 2 } else { DIGITS }
}

/// Digits that make a share readable in per cent.
fn percent_digits(share: f64) -> i32 {
    if round(100.0 * share, 2).abs() < 10.0 { 2 } else { DIGITS }
}

fn with_unit(number: String, unit: &str) -> String {
    if number == ABSENT { number } else { format!("{number} {unit}") }
}

/// A number in the largest unit that leaves at least one digit before the point.
fn scaled(value: f64, scales: &[Scale]) -> String {
    let scale = best_scale(value, scales);
    with_unit(significant(value / scale.factor, DIGITS), scale.name)
}

/// The largest unit that leaves at least one digit before the point once the value is rounded; the base unit for zero.
fn best_scale(value: f64, scales: &[Scale]) -> Scale {
    let base = scales.iter().find(|scale| scale.factor == 1.0).unwrap_or(&scales[0]);
    if value == 0.0 {
        return *base;
    }
    // 999.7 µs rounds to 1.00 ms: the rounding comes first.
    let fits = |scale: &&Scale| round(value / scale.factor, DIGITS).abs() >= 1.0;
    *scales.iter().rev().find(fits).unwrap_or(&scales[0])
}

/// The value rounded to so many significant digits.
fn round(value: f64, digits: i32) -> f64 {
    format!("{value:.*e}", (digits - 1).max(0) as usize).parse().unwrap_or(value)
}

/// The power of ten of the value's first digit, once it is rounded.
fn exponent(value: f64, digits: i32) -> i32 {
    let text = format!("{value:.*e}", (digits - 1).max(0) as usize);
    text.rsplit('e').next().and_then(|exponent| exponent.parse().ok()).unwrap_or(0)
}

/// A number with so many significant digits, separators between thousands, powers of ten where it is very small or
/// very large.
fn significant(value: f64, digits: i32) -> String {
    if !value.is_finite() {
        return ABSENT.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let exponent = exponent(value, digits);
    if !(-6..15).contains(&exponent) {
        let mantissa = round(value, digits) / 10f64.powi(exponent);
        return format!("{mantissa:.*} x 10^{exponent}", (digits - 1).max(0) as usize);
    }
    decimal(round(value, digits), digits - 1 - exponent)
}

/// A number with so many decimals and separators between its thousands; negative decimals count as none.
fn decimal(value: f64, decimals: i32) -> String {
    group(&format!("{value:.*}", decimals.max(0) as usize))
}

/// Puts separators between the thousands of a written number.
fn group(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut text = sign.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_choose_their_unit() {
        let cases = [
            (5.5e-6, "5.50 µs"),
            (0.212, "212 ms"),
            (1.0, "1.00 s"),
            (4.2e-10, "0.420 ns"),
            (83e-9, "83.0 ns"),
            (61.44, "61.4 s"),
            (7266.0, "7,270 s"),
            (0.0, "0 s"),
            (-1.5e-6, "-1.50 µs"),
        ];
        for (value, text) in cases {
            assert_eq!(seconds(value), text);
        }
    }

    #[test]
    fn rounding_never_leaves_a_thousand_of_a_unit() {
        assert_eq!(seconds(0.999_4e-3), "999 µs");
        assert_eq!(seconds(0.999_6e-3), "1.00 ms");
        assert_eq!(seconds(0.999_6), "1.00 s");
        assert_eq!(seconds(0.999_4), "999 ms");
        assert_eq!(seconds(9.994e-6), "9.99 µs");
        assert_eq!(seconds(9.996e-6), "10.0 µs");
        assert_eq!(bandwidth(999.7e6), "1.00 GB/s");
    }

    #[test]
    fn what_is_not_finite_is_absent() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for text in [seconds(value), bytes(value), bandwidth(value), flop_rate(value), ratio(value), times(value)] {
                assert_eq!(text, ABSENT);
            }
            assert_eq!(percent(value), ABSENT);
        }
    }

    #[test]
    fn bytes_are_binary_and_exact_where_they_can_be() {
        let cases = [
            (0.0, "0 B"),
            (96.0, "96 B"),
            (1023.0, "1,023 B"),
            (1024.0, "1 KiB"),
            (1536.0, "1.5 KiB"),
            (1023.9 * 1024.0, "1 MiB"),
            (4.0 * 1024.0 * 1024.0, "4 MiB"),
            (123.4 * 1024.0, "123 KiB"),
            (100.0 * 1024.0, "100 KiB"),
            (1.234e9, "1.15 GiB"),
        ];
        for (value, text) in cases {
            assert_eq!(bytes(value), text);
        }
    }

    #[test]
    fn rates_are_decimal() {
        assert_eq!(bandwidth(12.34e9), "12.3 GB/s");
        assert_eq!(bandwidth(1.5e12), "1.50 TB/s");
        assert_eq!(bandwidth(0.25), "0.250 B/s");
        assert_eq!(flop_rate(1.2e9), "1.20 GFLOP/s");
        assert_eq!(flop_rate(0.0), "0 FLOP/s");
    }

    #[test]
    fn ratios_read_well_at_every_size() {
        let cases = [
            (38_412.0, "38,400"),
            (14.06, "14.1"),
            (1.0, "1.00"),
            (0.394, "0.39"),
            (0.996, "0.996"),
            (0.9996, "1.00"),
            (0.000_123, "0.00012"),
            (0.0, "0"),
            (1_048_576.0, "1,050,000"),
            (-0.012, "-0.012"),
            (1.5e-9, "1.5 x 10^-9"),
            (1e17, "1.00 x 10^17"),
        ];
        for (value, text) in cases {
            assert_eq!(ratio(value), text);
        }
        assert_eq!(times(14.06), "14.1 x");
    }

    #[test]
    fn shares_are_written_in_per_cent() {
        let cases = [
            (0.0042, "0.42 %"),
            (0.999, "99.9 %"),
            (1.0, "100 %"),
            (0.05, "5.0 %"),
            (0.0996, "9.96 %"),
            (0.1004, "10.0 %"),
            (1e-8, "0.0000010 %"),
            (0.0, "0 %"),
        ];
        for (value, text) in cases {
            assert_eq!(percent(value), text);
        }
    }

    #[test]
    fn counts_and_sizes() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000), "1,000");
        assert_eq!(count(1_048_576), "1,048,576");
        assert_eq!(size(1), "1");
        assert_eq!(size(1024), "1,024");
        assert_eq!(size(2048), "2^11");
        assert_eq!(size(1 << 20), "2^20");
        assert_eq!(size(1_000_000), "1,000,000");
    }
}
