//! Figures of fit in words. Residuals are differences of logarithms; what a reader means by per cent is `exp(r) − 1`.

/// From this ratio on a deviation is a factor, no percentage.
const LARGEST_PERCENTAGE: f64 = 1.2;

/// Residuals below this are those of a search that ends, and no deviation.
const EXACT: f64 = 1e-5;

/// How far points lie from a curve, from a residual on the logarithmic scale: `5.1 %`, `a factor of 2.4`.
pub(crate) fn deviation(residual: f64) -> String {
    let ratio = residual.abs().exp();
    let percent = 100.0 * (ratio - 1.0);
    if ratio >= 1e4 {
        format!("a factor of {ratio:.0e}")
    } else if ratio > LARGEST_PERCENTAGE {
        format!("a factor of {}", short(ratio))
    } else {
        format!("{} %", short(percent))
    }
}

/// Two digits, or all before the point; of a positive value.
fn short(value: f64) -> String {
    let decimals = (1.0 - value.log10().floor()).clamp(0.0, 12.0) as usize;
    format!("{value:.decimals$}")
}

/// "The line describes the points to 1.3 % each", or exactly.
pub(crate) fn describes(law: &str, residual_sd: f64) -> String {
    if residual_sd < EXACT {
        return format!("{law} describes the points exactly");
    }
    if residual_sd.exp() > LARGEST_PERCENTAGE {
        return format!("{law} describes the points to within {} each", deviation(residual_sd));
    }
    format!("{law} describes the points to {} each", deviation(residual_sd))
}

/// `p = 0.004`, `p < 1e-9`.
pub(crate) fn probability(p: f64) -> String {
    if p < 1e-9 {
        "p < 1e-9".to_owned()
    } else if p < 1e-3 {
        format!("p = {p:.0e}")
    } else {
        format!("p = {}", short(p))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviations_are_percentages_or_factors() {
        for (residual, words) in [
            (0.000_31, "0.031 %"),
            (0.004_99, "0.50 %"),
            (0.05, "5.1 %"),
            (-0.05, "5.1 %"),
            (0.15, "16 %"),
            (0.875, "a factor of 2.4"),
            (2.8, "a factor of 16"),
            (5.58, "a factor of 265"),
            (20.0, "a factor of 5e8"),
        ] {
            assert_eq!(deviation(residual), words);
        }
        assert_eq!(describes("it", 1e-7), "it describes the points exactly");
        assert_eq!(describes("it", 0.0125), "it describes the points to 1.3 % each");
    }

    #[test]
    fn probabilities_are_short() {
        assert_eq!(probability(6.3e-320), "p < 1e-9");
        assert_eq!(probability(0.0), "p < 1e-9");
        assert_eq!(probability(3.2e-5), "p = 3e-5");
        assert_eq!(probability(0.0042), "p = 0.0042");
    }
}
