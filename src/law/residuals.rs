//! Tests for structure in residuals: do they stay on one side for long, do they rise or fall along an axis, or does
//! each place on it have its own?

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use super::times::upper_tail_of_f;

/// Counts runs of the same sign, and returns the probability of so few (Wald & Wolfowitz 1940, normal approximation);
/// `None` if all residuals have the same sign.
pub(crate) fn runs(residuals: &[f64]) -> (usize, Option<f64>) {
    let signs: Vec<bool> = residuals.iter().filter(|r| **r != 0.0).map(|r| *r > 0.0).collect();
    if signs.is_empty() {
        return (0, None);
    }
    let count = 1 + signs.windows(2).filter(|w| w[0] != w[1]).count();
    let above = signs.iter().filter(|s| **s).count() as f64;
    let below = signs.len() as f64 - above;
    let n = above + below;
    let mean = 2.0 * above * below / n + 1.0;
    let variance = (mean - 1.0) * (mean - 2.0) / (n - 1.0);
    if variance.is_nan() || variance <= 0.0 {
        return (count, None);
    }
    let z = (count as f64 + 0.5 - mean) / variance.sqrt();
    let p = Normal::new(0.0, 1.0).map_or(1.0, |d| d.cdf(z));
    (count, Some(p))
}

/// Returns Spearman's rank correlation of two lists, with the two-sided probability of one so far from zero (Student's
/// t approximation). `None` for fewer than four pairs, or if one list is constant.
pub(crate) fn rank_correlation(x: &[f64], y: &[f64]) -> Option<(f64, f64)> {
    let n = x.len();
    if n < 4 || n != y.len() {
        return None;
    }
    let (a, b) = (ranks(x), ranks(y));
    let middle = f64::midpoint(n as f64, 1.0);
    let sum = |one: &[f64], other: &[f64]| -> f64 {
        one.iter().zip(other).map(|(one, other)| (one - middle) * (other - middle)).sum()
    };
    let rho = sum(&a, &b) / (sum(&a, &a) * sum(&b, &b)).sqrt();
    if !rho.is_finite() {
        return None;
    }
    let freedom = n as f64 - 2.0;
    let t = rho.abs() * (freedom / (1.0 - rho * rho).max(1e-12)).sqrt();
    let p = StudentsT::new(0.0, 1.0, freedom).map_or(1.0, |d| 2.0 * d.sf(t));
    Some((rho, p))
}

/// Returns the ranks of values, from 1; equal values share the mean of their ranks.
fn ranks(values: &[f64]) -> Vec<f64> {
    let below = |value: f64| values.iter().filter(|other| **other < value).count() as f64;
    let equal = |value: f64| values.iter().filter(|other| **other == value).count() as f64;
    values.iter().map(|&value| below(value) + f64::midpoint(equal(value), 1.0)).collect()
}

/// Returns the probability that residuals differ so much between the places of an axis, by the analysis of variance
/// (Fisher 1925). `spent` parameters were fitted to them. `None` if each place has one residual, or too few are left.
pub(crate) fn differ_between(places: &[f64], residuals: &[f64], spent: usize) -> Option<f64> {
    let distinct = super::fitted::distinct(places.iter().copied());
    let freedom = residuals.len().checked_sub(distinct.len() + spent).filter(|left| *left > 0)?;
    let mean = residuals.iter().sum::<f64>() / residuals.len() as f64;
    let (mut between, mut within) = (0.0, 0.0);
    for place in &distinct {
        let here: Vec<f64> =
            places.iter().zip(residuals).filter(|(at, _)| *at == place).map(|(_, residual)| *residual).collect();
        let own = here.iter().sum::<f64>() / here.len() as f64;
        between += here.len() as f64 * (own - mean).powi(2);
        within += here.iter().map(|residual| (residual - own).powi(2)).sum::<f64>();
    }
    let groups = distinct.len() as f64 - 1.0;
    (groups > 0.0).then(|| {
        let f = (between / groups) / (within / freedom as f64);
        if f.is_finite() { upper_tail_of_f(f, groups, freedom as f64) } else { 0.0 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five of each sign in six runs: mean 6, variance 5·4/9; (6.5 − 6)/1.49 = 0.335, whose lower tail is 0.631.
    #[test]
    fn runs_are_counted_and_weighed() {
        let r = [1.0, 1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0, 1.0, -1.0];
        let (count, p) = runs(&r);
        assert_eq!(count, 6);
        assert!((p.unwrap() - 0.631).abs() < 1e-3);
        let one_sided = [1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0];
        let (count, p) = runs(&one_sided);
        assert_eq!(count, 2);
        assert!(p.unwrap() < 0.02);
        assert_eq!(runs(&[1.0, 2.0]), (1, None));
        assert_eq!(runs(&[]), (0, None));
    }

    /// Ranks 1 2 3 4 5 against 2 1 4 3 5: ρ = 1 − 6·4/(5·24) = 0.8, t = 0.8 √(3/0.36) = 2.309, p = 0.104.
    #[test]
    fn the_rank_correlation_is_the_printed_one() {
        let (rho, p) = rank_correlation(&[1.0, 2.0, 4.0, 8.0, 16.0], &[20.0, 10.0, 40.0, 30.0, 500.0]).unwrap();
        assert!((rho - 0.8).abs() < 1e-12 && (p - 0.104).abs() < 1e-3, "{rho} {p}");
        assert_eq!(ranks(&[3.0, 1.0, 3.0]), [2.5, 1.0, 2.5]);
        assert_eq!(rank_correlation(&[1.0; 5], &[1.0, 2.0, 3.0, 4.0, 5.0]), None);
        assert_eq!(rank_correlation(&[1.0; 3], &[1.0; 3]), None);
    }

    /// Groups 1 2 3 and 4 5 6: between 13.5 on one degree of freedom, within 4 on four; F = 13.5, p = 0.0213.
    #[test]
    fn groups_that_differ_are_told() {
        let p = differ_between(&[1.0, 1.0, 1.0, 2.0, 2.0, 2.0], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 0).unwrap();
        assert!((p - 0.0213).abs() < 1e-4, "{p}");
        assert_eq!(differ_between(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0], 0), None);
    }
}
