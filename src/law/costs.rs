//! Fits of `t = Σ cⱼ Bⱼ`, `cⱼ ≥ 0`, with an interval for every cost: under the launch line, Hockney's line and the
//! joint fit.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, FisherSnedecor};

use crate::stats::{Estimate, Summary};

use super::errors::{Given, evenness, mean, squared};
use super::least_squares::{Problem, Scale, fit_logarithm};
use super::search::{lower_end, upper_end};
use super::verdict::{Judgement, Verdict};
use super::words::{describes, deviation};

/// Residual standard deviation that is never called a poor fit.
const TOLERATED_SD: f64 = 0.05;

/// Level of the lack-of-fit test.
const POOR_FIT_LEVEL: f64 = 0.01;

/// Times with what is known of their errors.
#[derive(Debug, Clone)]
pub(crate) struct Times {
    pub(crate) seconds: Vec<f64>,
    /// Mean square of the standard errors on the logarithmic scale; 0 when unknown.
    pub(crate) mean_square_error: f64,
    /// Whether residuals may be compared with these errors.
    errors_are_known: bool,
    /// What unequal repetitions leave of the degrees of freedom of a sum of squares, at most 1.
    evenness: f64,
}

impl Times {
    /// Times with their standard errors on the logarithmic scale, 0 when unknown, of repetitions that are not known.
    /// Where some errors are unknown, the others still bound an interval from below, but residuals tell nothing.
    pub(crate) fn with_errors(seconds: Vec<f64>, log_se: &[f64]) -> Self {
        let known: Vec<f64> = log_se.iter().filter(|&&se| se > 0.0).map(|se| se * se).collect();
        let errors_are_known = !known.is_empty() && known.len() == log_se.len();
        Self { seconds, mean_square_error: mean(&known), errors_are_known, evenness: 1.0 }
    }

    /// The medians of summaries; the fault of the first that is not a positive time.
    pub(crate) fn of(summaries: &[Summary]) -> Result<Self, String> {
        if let Some(bad) = summaries.iter().find(|s| !(s.median.is_normal() && s.median > 0.0)) {
            return Err(format!("a time is {} s, not a positive number", bad.median));
        }
        let given: Vec<Given> =
            summaries.iter().map(|s| Given { log_se: s.log_se.unwrap_or(0.0), repetitions: s.count }).collect();
        let mean_square_error = mean(&squared(&given));
        Ok(Self {
            seconds: summaries.iter().map(|s| s.median).collect(),
            mean_square_error,
            errors_are_known: mean_square_error > 0.0,
            evenness: evenness(&given),
        })
    }

    fn freedom(&self, parameters: usize) -> f64 {
        self.seconds.len().saturating_sub(parameters).max(1) as f64
    }

    /// The degrees of freedom of the residual variance: `n − q`, fewer where points measured once outweigh the others.
    fn residual_freedom(&self, parameters: usize) -> f64 {
        (self.freedom(parameters) * self.evenness).max(1.0)
    }

    /// `RSS + s² t²(0.975, n − q)` with `s² = max(RSS/(n − q), mean SE²)`: the profile-likelihood region, which for a
    /// line with small errors is the interval of Student's t.
    pub(crate) fn threshold(&self, sum_of_squares: f64, parameters: usize) -> f64 {
        let variance = (sum_of_squares / self.freedom(parameters)).max(self.mean_square_error).max(1e-12);
        let t = super::speedup::student_quantile(0.975, self.residual_freedom(parameters));
        sum_of_squares + variance * t * t
    }

    /// How well a law of so many parameters, which leaves this sum of squares, describes the times.
    pub(crate) fn goodness(&self, sum_of_squares: f64, parameters: usize) -> CostsGoodness {
        let freedom = self.residual_freedom(parameters);
        let variance = sum_of_squares / self.freedom(parameters);
        let lack_of_fit = self.errors_are_known.then(|| variance / self.mean_square_error);
        CostsGoodness {
            residual_sd: variance.sqrt(),
            lack_of_fit,
            lack_of_fit_p: lack_of_fit.map(|f| FisherSnedecor::new(freedom, 1e4).map_or(1.0, |d| d.sf(f))),
        }
    }
}

/// How well a sum of costs describes its points, on the logarithmic scale.
#[derive(Serialize, Deserialize, Debug, Clone, Copy, PartialEq)]
pub struct CostsGoodness {
    /// Residual standard deviation: 0.01 is one per cent.
    pub residual_sd: f64,
    /// Residual variance over the mean square of the points' own errors; `None` when these are unknown.
    pub lack_of_fit: Option<f64>,
    /// Probability of so large a ratio if the law were true.
    pub lack_of_fit_p: Option<f64>,
}

/// A fitted sum of costs.
pub(crate) struct Costs<'a> {
    times: &'a Times,
    columns: &'a [&'a [f64]],
    pub(crate) coefficients: Vec<f64>,
    pub(crate) sum_of_squares: f64,
    parameters: usize,
}

impl<'a> Costs<'a> {
    /// Fits the columns; `further` counts parameters fitted elsewhere (a knee). `None` where no finite fit exists.
    pub(crate) fn fit(times: &'a Times, columns: &'a [&'a [f64]], further: usize) -> Option<Self> {
        let solution = fit_logarithm(&times.seconds, columns)?;
        Some(Self {
            times,
            columns,
            coefficients: solution.coefficients[..columns.len()].to_vec(),
            sum_of_squares: solution.sum_of_squares,
            parameters: columns.len() + further,
        })
    }

    fn threshold(&self) -> f64 {
        self.times.threshold(self.sum_of_squares, self.parameters)
    }

    /// The interval of coefficient `j`; `None` where it has no upper end.
    pub(crate) fn estimate(&self, j: usize) -> Option<Estimate> {
        let others: Vec<&[f64]> = (0..self.columns.len()).filter(|&k| k != j).map(|k| self.columns[k]).collect();
        let threshold = self.threshold();
        let holds = |value: f64| {
            let offset: Vec<f64> = self.columns[j].iter().map(|b| value * b).collect();
            Problem {
                seconds: &self.times.seconds,
                columns: &others,
                offset: Some(&offset),
                weights: None,
                scale: Scale::Logarithm,
            }
            .solve()
            .is_some_and(|s| s.sum_of_squares <= threshold)
        };
        around(self.coefficients[j], self.largest(j), holds)
    }

    /// The interval of the ratio of coefficient `j` to coefficient `k` of a fit of two columns.
    pub(crate) fn ratio(&self, j: usize, k: usize) -> Option<Estimate> {
        let value = self.coefficients[j] / self.coefficients[k];
        let threshold = self.threshold();
        let holds = |ratio: f64| {
            let column: Vec<f64> = self.columns[j].iter().zip(self.columns[k]).map(|(a, b)| ratio * a + b).collect();
            fit_logarithm(&self.times.seconds, &[&column]).is_some_and(|s| s.sum_of_squares <= threshold)
        };
        let scale = self.largest(j) / self.largest(k);
        value.is_finite().then(|| around(value, scale, holds))?
    }

    /// The largest coefficient that a column could have by itself: it explains some whole time.
    fn largest(&self, j: usize) -> f64 {
        self.times
            .seconds
            .iter()
            .zip(self.columns[j])
            .filter(|(_, b)| **b > 0.0)
            .map(|(t, b)| t / b)
            .fold(0.0, f64::max)
    }

    pub(crate) fn goodness(&self) -> CostsGoodness {
        self.times.goodness(self.sum_of_squares, self.parameters)
    }
}

impl CostsGoodness {
    /// Accepted or a poor fit: residuals above 5 % that the points' own errors do not explain. Where these are
    /// unknown, residuals above 25 %.
    pub(crate) fn judge(&self, law: &str) -> Judgement {
        let unexplained = self.lack_of_fit_p.map_or(self.residual_sd > 0.25, |p| p < POOR_FIT_LEVEL);
        if self.residual_sd > TOLERATED_SD && unexplained {
            return Judgement::new(
                Verdict::PoorFit,
                format!("the points lie {} off {law}", deviation(self.residual_sd)),
            );
        }
        Judgement::new(Verdict::Accepted, describes(law, self.residual_sd))
    }
}

/// The interval around a value, in units of `scale`; `None` where it has no upper end.
fn around(value: f64, scale: f64, holds: impl Fn(f64) -> bool) -> Option<Estimate> {
    if !scale.is_finite() {
        return None;
    }
    let (least, most) = (1e-12 * scale, 1e12 * scale);
    let high = upper_end(value, least, most, &holds);
    let low = lower_end(value, least, &holds);
    Estimate::finite(value, low, high).filter(|e| e.high < most)
}
