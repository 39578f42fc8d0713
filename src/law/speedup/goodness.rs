//! How well a curve describes its points. There is no R²: over six decades of time it is 0.99 for any falling curve.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use crate::law::curve::Curve;
use crate::law::reason::Reason;
use crate::law::times::{CostsGoodness, fits_poorly};

use super::choose::Tried;
use super::data::Data;

/// Goodness of fit on the logarithmic scale: a residual of 0.01 means 1 %.
#[derive(Serialize, Debug, Clone, PartialEq)]
pub struct Goodness {
    /// Residual standard deviation `√(RSS/(n − q))`.
    pub residual_sd: f64,
    /// Lack of fit F: residual variance divided by the mean square of the points' own errors. `None` if these are
    /// unknown.
    pub lack_of_fit: Option<f64>,
    /// Probability of an F at least as large if the law were true.
    pub lack_of_fit_p: Option<f64>,
    /// The largest residual `ln t − ln T(p)`, with its sign.
    pub largest_residual: f64,
    /// The worker count of the largest residual.
    pub largest_residual_workers: f64,
    /// Probability that the largest of n residuals is so large (Student's t, Bonferroni). `None` for a perfect fit.
    pub largest_residual_p: Option<f64>,
    /// Number of runs of residuals with the same sign, in the order of p.
    pub sign_runs: usize,
    /// Probability of so few runs if the signs were random (Wald & Wolfowitz 1940, normal approximation). `None` if all
    /// residuals have the same sign.
    pub sign_runs_p: Option<f64>,
}

impl Goodness {
    /// Computes the goodness of a curve with this number of fitted parameters.
    pub(crate) fn of(data: &Data, curve: &Curve, parameters: usize) -> Self {
        let residuals: Vec<f64> =
            data.points.iter().map(|point| (point.seconds / curve.seconds(point.workers)).ln()).collect();
        let sum: f64 = residuals.iter().map(|r| r * r).sum();
        let times = &data.times;
        let CostsGoodness { residual_sd, lack_of_fit, lack_of_fit_p } = times.goodness(sum, parameters);
        let (worst, largest) =
            residuals.iter().copied().enumerate().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).unwrap_or((0, 0.0));
        let (sign_runs, sign_runs_p) = runs(&residuals);
        let (variance, freedom) = (times.variance(sum, parameters), times.freedom(parameters));
        Self {
            residual_sd,
            lack_of_fit,
            lack_of_fit_p,
            largest_residual: largest,
            largest_residual_workers: data.points.get(worst).map_or(0.0, |p| p.workers),
            largest_residual_p: largest_p(largest, variance, data.len(), freedom),
            sign_runs,
            sign_runs_p,
        }
    }

    /// The figures of a model that was tried.
    pub(crate) fn of_fit(data: &Data, tried: &Tried<'_>) -> Self {
        Self::of(data, &tried.best.curve, tried.model.parameters())
    }

    /// How far the points lie off the curve, as the reason to refuse it.
    pub(crate) fn off_curve(&self) -> Reason {
        let residual_sd = self.residual_sd;
        match self.lack_of_fit.zip(self.lack_of_fit_p) {
            Some((f, p)) => Reason::OffCurve { residual_sd, f, p },
            None => Reason::OffCurveInRuns { residual_sd, runs: self.sign_runs },
        }
    }

    /// Whether the curve does not describe the points.
    pub(crate) fn is_poor(&self) -> bool {
        fits_poorly(self.residual_sd, self.lack_of_fit_p, self.sign_runs_p)
    }
}

fn largest_p(largest: f64, variance: f64, n: usize, freedom: f64) -> Option<f64> {
    let z = largest.abs() / variance.sqrt();
    let tail = StudentsT::new(0.0, 1.0, freedom).ok()?.sf(z);
    let p = (2.0 * tail * n as f64).min(1.0);
    (p.is_finite() && largest != 0.0).then_some(p)
}

/// Counts runs of the same sign, and returns the probability of so few.
fn runs(residuals: &[f64]) -> (usize, Option<f64>) {
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

    #[test]
    fn the_largest_residual_is_weighed_among_n() {
        let p = largest_p(-2.262, 1.0, 1, 9.0).unwrap();
        assert!((p - 0.05).abs() < 1e-3);
        assert!((largest_p(2.262, 1.0, 4, 9.0).unwrap() - 0.2).abs() < 2e-3);
        assert_eq!(largest_p(0.0, 1.0, 4, 9.0), None);
    }
}
