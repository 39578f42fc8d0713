//! Numbers with a fixed number of decimals, as in tables of the laws.

use super::ABSENT;
use super::number::decimal;

/// Writes a speedup with two decimals: `1.33`, `1,003.54`, `943,718.50`.
pub fn hundredths(ratio: f64) -> String {
    match ratio {
        r if !r.is_finite() => ABSENT.to_owned(),
        r if r.abs() < 1e15 => decimal(r, 2),
        r => super::ratio(r),
    }
}

/// Writes a share (1 is the whole) as a percentage with one decimal: `95.4 %`. A share below the whole is never rounded
/// to 100 %.
pub fn share(share: f64) -> String {
    if !share.is_finite() {
        return ABSENT.to_owned();
    }
    let percent = 100.0 * share;
    if (99.95..100.0).contains(&percent) || (percent > 0.0 && percent < 0.05) {
        return if percent > 50.0 { "> 99.9 %".to_owned() } else { super::percent(share) };
    }
    format!("{percent:.1} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speedups_have_two_decimals() {
        let cases = [
            (1.0, "1.00"),
            (1.333, "1.33"),
            (1003.54, "1,003.54"),
            (943_718.5, "943,718.50"),
            (9_999.999, "10,000.00"),
            (f64::INFINITY, "–"),
        ];
        for (value, text) in cases {
            assert_eq!(hundredths(value), text);
        }
        assert_eq!(hundredths(1e30), "1.00 x 10^30");
    }

    #[test]
    fn shares_have_one_decimal() {
        let cases =
            [(0.954_2, "95.4 %"), (1.0, "100.0 %"), (0.999_8, "> 99.9 %"), (0.0, "0.0 %"), (0.000_1, "0.010 %")];
        for (value, text) in cases {
            assert_eq!(share(value), text);
        }
        assert_eq!(share(f64::NAN), "–");
    }
}
