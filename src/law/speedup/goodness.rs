//! How well a curve describes its points. There is no R²: over six decades of time it is 0.99 for any falling curve.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::law::curve::Curve;
use crate::law::reason::Reason;
use crate::law::residuals::runs;
use crate::law::times::{CostsGoodness, HOPELESS_SD, Judged, Poor, scatter_p};

use super::data::Data;
use super::shape::local_scatter;

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
    /// Scatter of each point about the line through its neighbours, as a standard deviation. `None` if the points' own
    /// errors are known, or for fewer than six points.
    pub neighbours_sd: Option<f64>,
    /// Probability of residuals so much larger than that scatter.
    pub neighbours_p: Option<f64>,
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
        let neighbours = if lack_of_fit.is_some() { None } else { local_scatter(data) };
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
            neighbours_sd: neighbours.map(|(sd, _)| sd),
            neighbours_p: neighbours.map(|(sd, own)| scatter_p(residual_sd, freedom, sd, own)),
        }
    }

    /// Returns why the curve does not describe the points; `None` if it does.
    pub(crate) fn off_curve(&self) -> Option<Reason> {
        let residual_sd = self.residual_sd;
        let judged = Judged {
            residual_sd,
            lack_of_fit_p: self.lack_of_fit_p,
            sign_runs_p: self.sign_runs_p,
            neighbours_p: self.neighbours_p,
        };
        Some(match judged.poor()? {
            Poor::BeyondErrors => Reason::OffCurve { residual_sd, f: self.lack_of_fit?, p: self.lack_of_fit_p? },
            Poor::InRuns => Reason::OffCurveInRuns { residual_sd, runs: self.sign_runs },
            Poor::UnlikeNeighbours => Reason::OffCurveUnlikeNeighbours { residual_sd, neighbours: self.neighbours_sd? },
            Poor::ByFar => Reason::OffCurveByFar { residual_sd, limit: HOPELESS_SD },
        })
    }
}

fn largest_p(largest: f64, variance: f64, n: usize, freedom: f64) -> Option<f64> {
    let z = largest.abs() / variance.sqrt();
    let tail = StudentsT::new(0.0, 1.0, freedom).ok()?.sf(z);
    let p = (2.0 * tail * n as f64).min(1.0);
    (p.is_finite() && largest != 0.0).then_some(p)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_residual_is_weighed_among_n() {
        let p = largest_p(-2.262, 1.0, 1, 9.0).unwrap();
        assert!((p - 0.05).abs() < 1e-3);
        assert!((largest_p(2.262, 1.0, 4, 9.0).unwrap() - 0.2).abs() < 2e-3);
        assert_eq!(largest_p(0.0, 1.0, 4, 9.0), None);
    }
}
