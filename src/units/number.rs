//! Writes plain numbers: ratios, shares and counts.

use super::{ABSENT, DIGITS};

/// Writes a ratio: `38,400`, `14.1`, `0.39`.
pub fn ratio(ratio: f64) -> String {
    significant(ratio, ratio_digits(ratio))
}

/// Writes a number for a sum by hand, always with three digits: `0.0152`, `14.1`, `5,920`.
pub fn plain(value: f64) -> String {
    significant(value, DIGITS)
}

/// Returns the number that [`plain`] writes.
pub fn rounded(value: f64) -> f64 {
    round(value, DIGITS)
}

/// Writes a ratio as a factor: `14.1 x`.
pub fn times(ratio: f64) -> String {
    with_unit(self::ratio(ratio), "x")
}

/// Writes a share (1 is the whole) as a percentage: `0.42 %`, `99.1 %`.
pub fn percent(share: f64) -> String {
    with_unit(significant(100.0 * share, percent_digits(share)), "%")
}

/// Writes a threshold that is a share (1 is the whole) as a whole percentage: `2 %`.
pub fn whole_percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// Writes a whole number with thousands separators: `1,048,576`.
pub fn count(count: u64) -> String {
    group(&count.to_string())
}

/// Writes a problem size or a worker count: `1,048,576`, `64`.
pub fn size(size: u64) -> String {
    count(size)
}

/// Returns the digits for a ratio: two below one, unless the ratio then rounds to one; otherwise three.
pub(super) fn ratio_digits(ratio: f64) -> i32 {
    if round(ratio, 2).abs() < 1.0 { 2 } else { DIGITS }
}

/// Returns the digits for a share as a percentage: two below 10 %, otherwise three.
pub(super) fn percent_digits(share: f64) -> i32 {
    if round(100.0 * share, 2).abs() < 10.0 { 2 } else { DIGITS }
}

pub(super) fn with_unit(number: String, unit: &str) -> String {
    if number == ABSENT { number } else { format!("{number} {unit}") }
}

/// Rounds a value to a number of significant digits.
pub(super) fn round(value: f64, digits: i32) -> f64 {
    format!("{value:.*e}", (digits - 1).max(0) as usize).parse().unwrap_or(value)
}

/// Returns the power of ten of the first digit of the rounded value.
pub(super) fn exponent(value: f64, digits: i32) -> i32 {
    let text = format!("{value:.*e}", (digits - 1).max(0) as usize);
    text.rsplit('e').next().and_then(|exponent| exponent.parse().ok()).unwrap_or(0)
}

/// Writes a number with significant digits and thousands separators. Very small and very large numbers have a power of
/// ten.
pub(super) fn significant(value: f64, digits: i32) -> String {
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

/// Writes a number with decimals and thousands separators. Negative decimals count as zero.
pub(super) fn decimal(value: f64, decimals: i32) -> String {
    group(&format!("{value:.*}", decimals.max(0) as usize))
}

/// Inserts thousands separators into a written number.
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
    fn a_number_for_a_sum_is_the_one_that_is_written() {
        for value in [0.000_151_9, 0.996_4, 14.06, 38_412.0, 0.0, -2.5] {
            assert_eq!(plain(value).replace(',', "").parse::<f64>().unwrap(), rounded(value));
        }
        assert_eq!(plain(0.000_151_9), "0.000152");
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
        assert_eq!(size(2048), "2,048");
        assert_eq!(size(1 << 20), "1,048,576");
        assert_eq!(size(1_000_000), "1,000,000");
    }
}
