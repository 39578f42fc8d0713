//! The statistics of every fit: times with errors, degrees of freedom, thresholds for intervals, goodness of fit, AICc,
//! and the rule for a poor fit. Residuals are differences of logarithms.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, FisherSnedecor, StudentsT};

use crate::stats::Summary;

use super::errors::{Given, evenness, mean, squared};
use super::reason::{Law, Reason};

/// Residual standard deviation up to which a fit is never called poor.
const TOLERATED_SD: f64 = 0.05;

/// Residual standard deviation above which a fit is poor even if the points' own errors are unknown: single timings of
/// an idle machine scatter less.
pub(crate) const HOPELESS_SD: f64 = 0.15;

/// Significance level of the tests for a poor fit.
const POOR_FIT_LEVEL: f64 = 0.01;

/// Smallest relative variance. It means one part in a million: timers, printed tables and the search for a knee are not
/// more exact.
const LEAST_VARIANCE: f64 = 1e-12;

/// Efficiency of the median absolute deviation as an estimate of spread, for normal values.
pub(crate) const MAD_EFFICIENCY: f64 = 0.37;

/// Degrees of freedom of errors with unknown repetitions.
const UNKNOWN_FREEDOM: f64 = 1e4;

/// Probability below the upper end of a two-sided 95 % interval.
const UPPER_END: f64 = 0.975;

/// A more complex model is preferred only if it lowers AICc by more than this (Burnham & Anderson 2002: within 2, both
/// models have substantial support).
pub(crate) const DELTA_AICC: f64 = 2.0;

/// Times with their errors.
#[derive(Debug, Clone)]
pub(crate) struct Times {
    pub(crate) seconds: Vec<f64>,
    /// Mean square of the standard errors on the logarithmic scale; 0 if unknown.
    pub(crate) mean_square_error: f64,
    /// Whether residuals may be compared with these errors.
    errors_are_known: bool,
    /// Factor by which unequal repetitions reduce the degrees of freedom of a sum of squares, at most 1.
    evenness: f64,
    /// Degrees of freedom of the errors; `None` if they are not counted.
    error_freedom: Option<f64>,
}

impl Times {
    /// Returns times with the errors that follow from their repetitions.
    fn new(seconds: Vec<f64>, given: &[Given]) -> Self {
        let mean_square_error = mean(&squared(given));
        Self {
            seconds,
            mean_square_error,
            errors_are_known: mean_square_error > 0.0,
            evenness: evenness(given),
            error_freedom: None,
        }
    }

    /// Returns times whose errors are themselves uncertain if repetitions are few. The errors get 0.37 of the
    /// repetitions' degrees of freedom (the efficiency of the median absolute deviation, Rousseeuw & Croux 1993). If
    /// repetitions are unknown, they get a very large number.
    pub(crate) fn counted(seconds: Vec<f64>, given: &[Given]) -> Self {
        let repeated: usize = given.iter().map(|point| point.repetitions.saturating_sub(1)).sum();
        let freedom = if repeated == 0 { UNKNOWN_FREEDOM } else { (MAD_EFFICIENCY * repeated as f64).max(1.0) };
        Self { error_freedom: Some(freedom), ..Self::new(seconds, given) }
    }

    /// Returns times with their standard errors on the logarithmic scale, 0 if unknown, and with unknown repetitions.
    /// If only some errors are known, they still bound intervals from below, but residuals are not compared with them.
    pub(crate) fn with_errors(seconds: Vec<f64>, log_se: &[f64]) -> Self {
        let known: Vec<f64> = log_se.iter().filter(|&&se| se > 0.0).map(|se| se * se).collect();
        let errors_are_known = !known.is_empty() && known.len() == log_se.len();
        Self { seconds, mean_square_error: mean(&known), errors_are_known, evenness: 1.0, error_freedom: None }
    }

    /// Returns the medians of summaries, with their errors.
    ///
    /// # Errors
    ///
    /// Returns the first median that is not a positive time.
    pub(crate) fn of(summaries: &[Summary]) -> Result<Self, Reason> {
        if let Some(bad) = summaries.iter().find(|s| !(s.median.is_normal() && s.median > 0.0)) {
            return Err(Reason::BadTime { seconds: bad.median });
        }
        let given: Vec<Given> =
            summaries.iter().map(|s| Given { log_se: s.log_se.unwrap_or(0.0), repetitions: s.count }).collect();
        Ok(Self::new(summaries.iter().map(|s| s.median).collect(), &given))
    }

    /// Returns the degrees of freedom of a model with q parameters, `n − q`, at least one.
    pub(crate) fn freedom(&self, parameters: usize) -> f64 {
        self.seconds.len().saturating_sub(parameters).max(1) as f64
    }

    /// Returns the degrees of freedom of a residual variance: `n − q`, or fewer if the variances of the points are
    /// unequal.
    fn residual_freedom(&self, parameters: usize) -> f64 {
        (self.freedom(parameters) * self.evenness).max(1.0)
    }

    /// Returns `s² = max(RSS/(n − q), mean SE²)`. Residuals can be small by chance, but not smaller than the points'
    /// own error.
    pub(crate) fn variance(&self, sum_of_squares: f64, parameters: usize) -> f64 {
        (sum_of_squares / self.freedom(parameters)).max(self.mean_square_error).max(LEAST_VARIANCE)
    }

    /// Returns the sum of squares at the edge of the 95 % profile-likelihood region of a model, `RSS + s² t²`.
    ///
    /// `s² t²` is the larger of two values: `RSS/(n − q)` with Student's t on the residuals' degrees of freedom, and
    /// mean SE² with t on the errors' degrees of freedom. If the latter are fewer or not counted, the residuals'
    /// degrees are used, because the first value alone already covers. For a line with small errors this gives
    /// Student's t interval.
    pub(crate) fn threshold(&self, sum_of_squares: f64, parameters: usize) -> f64 {
        let freedom = self.residual_freedom(parameters);
        let reach = |freedom: f64| student_quantile(UPPER_END, freedom).powi(2);
        let (of_errors, least) = match self.error_freedom {
            Some(own) => (reach(own.max(freedom)), LEAST_VARIANCE),
            None => (reach(freedom), LEAST_VARIANCE * reach(freedom)),
        };
        let scatter = sum_of_squares / self.freedom(parameters) * reach(freedom);
        sum_of_squares + scatter.max(self.mean_square_error * of_errors).max(least)
    }

    /// Returns how well a law with this number of parameters describes the times, from its sum of squares.
    pub(crate) fn goodness(&self, sum_of_squares: f64, parameters: usize) -> CostsGoodness {
        let variance = sum_of_squares / self.freedom(parameters);
        let lack_of_fit = self.errors_are_known.then(|| variance / self.mean_square_error);
        let tail = |f: f64| {
            let denominator = self.error_freedom.unwrap_or(UNKNOWN_FREEDOM);
            upper_tail_of_f(f, self.residual_freedom(parameters), denominator)
        };
        CostsGoodness { residual_sd: variance.sqrt(), lack_of_fit, lack_of_fit_p: lack_of_fit.map(tail) }
    }

    /// Returns [`aicc`] of a model. A sum of squares below the points' own errors is chance, so it can lower AICc by at
    /// most n.
    pub(crate) fn aicc(&self, sum_of_squares: f64, parameters: usize) -> Option<f64> {
        aicc(self.seconds.len(), sum_of_squares, self.mean_square_error, parameters)
    }
}

/// Returns Akaike's criterion with the correction for few points, up to a constant:
/// `n ln(σ²) + RSS/σ² − n + 2K + 2K(K + 1)/(n − K − 1)` with K = q + 1 (Burnham & Anderson, "Model Selection and
/// Multimodel Inference", 2002).
///
/// `σ² = max(RSS/n, least)`. If RSS/n exceeds `least`, the first three terms are `n ln(RSS/n)`. Returns `None` for
/// `n ≤ K + 1`.
pub(crate) fn aicc(points: usize, sum_of_squares: f64, least: f64, parameters: usize) -> Option<f64> {
    let n = points as f64;
    let k = parameters as f64 + 1.0;
    if n <= k + 1.0 {
        return None;
    }
    let variance = (sum_of_squares / n).max(least).max(LEAST_VARIANCE);
    let deviance = n * variance.ln() + sum_of_squares / variance - n;
    Some(deviance + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0))
}

/// Goodness of fit of a law on the logarithmic scale.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct CostsGoodness {
    /// Residual standard deviation: 0.01 means 1 %.
    pub residual_sd: f64,
    /// Residual variance divided by the mean square of the points' own errors; `None` if these are unknown.
    pub lack_of_fit: Option<f64>,
    /// Probability of a ratio at least as large if the law were true.
    pub lack_of_fit_p: Option<f64>,
}

impl CostsGoodness {
    /// Accepts the law or calls it a poor fit.
    pub(crate) fn judge(&self, law: Law) -> Reason {
        let residual_sd = self.residual_sd;
        let judged = Judged { residual_sd, lack_of_fit_p: self.lack_of_fit_p, sign_runs_p: None, neighbours_p: None };
        if judged.poor().is_some() {
            Reason::OffLaw { law, residual_sd }
        } else {
            Reason::Describes { law, residual_sd }
        }
    }
}

/// Why a law does not describe its points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Poor {
    /// The points' own errors do not explain their distance.
    BeyondErrors,
    /// They stay on one side for too long.
    InRuns,
    /// They lie much farther from the law than from the line through their neighbours.
    UnlikeNeighbours,
    /// They lie too far off for any noise.
    ByFar,
}

/// What a fit is judged by: its residuals, and the probabilities that chance explains them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged {
    pub(crate) residual_sd: f64,
    pub(crate) lack_of_fit_p: Option<f64>,
    pub(crate) sign_runs_p: Option<f64>,
    pub(crate) neighbours_p: Option<f64>,
}

impl Judged {
    /// Returns why a law does not describe its points; `None` if it does. A fit is never poor up to residuals of 5 %.
    /// With known errors the F test decides. Without, it is poor if residuals stay on one side for too long, if they
    /// are much larger than the scatter between neighbours, or if they exceed 15 %.
    pub(crate) fn poor(self) -> Option<Poor> {
        let unlikely = |p: Option<f64>| p.is_some_and(|p| p < POOR_FIT_LEVEL);
        if self.residual_sd <= TOLERATED_SD {
            return None;
        }
        if self.lack_of_fit_p.is_some() {
            return unlikely(self.lack_of_fit_p).then_some(Poor::BeyondErrors);
        }
        if unlikely(self.sign_runs_p) {
            return Some(Poor::InRuns);
        }
        if unlikely(self.neighbours_p) {
            return Some(Poor::UnlikeNeighbours);
        }
        (self.residual_sd > HOPELESS_SD).then_some(Poor::ByFar)
    }
}

/// Returns the probability that a standard deviation exceeds another one so much by chance.
pub(crate) fn scatter_p(sd: f64, freedom: f64, other: f64, other_freedom: f64) -> f64 {
    let f = (sd / other).powi(2);
    if f.is_finite() { upper_tail_of_f(f, freedom, other_freedom) } else { 0.0 }
}

/// Returns `P(F > f)`.
pub(crate) fn upper_tail_of_f(f: f64, numerator: f64, denominator: f64) -> f64 {
    FisherSnedecor::new(numerator, denominator).map_or(1.0, |d| d.sf(f))
}

/// Returns the quantile of Student's t distribution.
pub(crate) fn student_quantile(prob: f64, freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, freedom.max(1.0)).map_or(1.96, |t| t.inverse_cdf(prob))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ten(log_se: f64) -> Times {
        Times::counted(vec![1.0; 10], &[Given { log_se, repetitions: 0 }; 10])
    }

    #[test]
    fn student_quantiles_are_the_printed_ones() {
        for (freedom, t) in [(1.0, 12.706), (5.0, 2.571), (19.0, 2.093), (1000.0, 1.962)] {
            assert!((student_quantile(0.975, freedom) - t).abs() < 1e-3);
        }
    }

    /// Upper 5 % points of F from printed tables: F(3, 10) = 3.71, F(1, 1) = 161.4.
    #[test]
    fn the_tail_of_f_is_the_printed_one() {
        assert!((upper_tail_of_f(3.708, 3.0, 10.0) - 0.05).abs() < 1e-4);
        assert!((upper_tail_of_f(161.45, 1.0, 1.0) - 0.05).abs() < 1e-4);
    }

    /// n = 10, RSS = 10 e: n ln(RSS/n) = 10, and K = 3 adds 6 + 24/6.
    #[test]
    fn the_criterion_is_the_written_formula() {
        let aicc = ten(0.0).aicc(10.0 * 1_f64.exp(), 2).unwrap();
        assert!((aicc - 20.0).abs() < 1e-12);
        assert_eq!(ten(0.0).aicc(1.0, 8), None);
    }

    #[test]
    fn the_points_own_error_is_the_least_variance() {
        let times = ten(0.1);
        assert!((times.variance(0.0, 2) - 0.01).abs() < 1e-15);
        assert!((times.variance(0.8, 2) - 0.1).abs() < 1e-15);
    }

    #[test]
    fn a_poor_fit_is_large_and_unexplained() {
        let poor = |residual_sd, lack_of_fit_p, sign_runs_p, neighbours_p| {
            Judged { residual_sd, lack_of_fit_p, sign_runs_p, neighbours_p }.poor()
        };
        assert_eq!(poor(0.04, Some(0.0), Some(0.0), Some(0.0)), None, "below 5 %");
        assert_eq!(poor(0.06, Some(0.001), None, None), Some(Poor::BeyondErrors));
        assert_eq!(poor(0.3, Some(0.1), Some(0.0), Some(0.0)), None, "errors decide");
        assert_eq!(poor(0.06, None, Some(0.001), None), Some(Poor::InRuns));
        assert_eq!(poor(0.06, None, Some(0.1), Some(0.001)), Some(Poor::UnlikeNeighbours));
        assert_eq!(poor(0.16, None, None, None), Some(Poor::ByFar));
        assert_eq!(poor(0.14, None, Some(0.1), Some(0.1)), None);
    }
}
