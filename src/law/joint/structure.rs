//! Whether the residuals of the joint law go with its workers or with its size.

use crate::law::fitted::distinct;
use crate::law::reason::{Axis, Reason, Residuals};
use crate::law::residuals::{differ_between, rank_correlation, runs};

use super::JointPoint;

/// Residuals up to this are small enough, whatever their pattern.
const LEAST_SD: f64 = 0.01;

/// Significance level of each test.
const LEVEL: f64 = 0.01;

/// The law misses a worker count if on every size it is off by so much, and by nearly the same.
const ALIKE: f64 = 0.1;

/// Misses are nearly the same if they differ by this share of their mean at the most.
const SPREAD: f64 = 0.25;

/// Returns the pattern in residuals `ln t − ln T(N, p)` of a fit with this standard deviation; `None` if chance
/// explains them. `spent` parameters belong to the size alone.
pub(super) fn structure(points: &[JointPoint], residuals: &[f64], residual_sd: f64, spent: usize) -> Option<Reason> {
    if residual_sd <= LEAST_SD {
        return None;
    }
    [Axis::Workers, Axis::Size].into_iter().find_map(|axis| {
        let place = |point: &JointPoint| match axis {
            Axis::Workers => (point.workers, point.size),
            Axis::Size => (point.size, point.workers),
        };
        let mut along: Vec<((f64, f64), f64)> = points.iter().map(place).zip(residuals.iter().copied()).collect();
        along.sort_by(|(a, _), (b, _)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let places: Vec<f64> = along.iter().map(|((place, _), _)| *place).collect();
        let residuals: Vec<f64> = along.iter().map(|(_, residual)| *residual).collect();
        let alike = || (axis == Axis::Workers && are_alike(&places, &residuals)).then(|| worst(&places, &residuals));
        pattern(&places, &residuals, spent).or_else(|| alike().flatten()).map(|pattern| Reason::Structured {
            residual_sd,
            axis,
            pattern,
        })
    })
}

/// Returns the pattern along one axis, if a test finds one.
fn pattern(places: &[f64], residuals: &[f64], spent: usize) -> Option<Residuals> {
    if let Some((rho, p)) = rank_correlation(places, residuals)
        && p < LEVEL
    {
        return Some(if rho > 0.0 { Residuals::Rising } else { Residuals::Falling });
    }
    let unlikely = |p: Option<f64>| p.is_some_and(|p| p < LEVEL);
    (unlikely(runs(residuals).1) || unlikely(differ_between(places, residuals, spent)))
        .then(|| worst(places, residuals))
        .flatten()
}

/// Whether the law misses a place on every size alike. Noise seldom does, and two sizes are too few for the tests.
fn are_alike(places: &[f64], residuals: &[f64]) -> bool {
    distinct(places.iter().copied()).into_iter().any(|at| {
        let here: Vec<f64> = places.iter().zip(residuals).filter(|(p, _)| **p == at).map(|(_, r)| *r).collect();
        let mean = here.iter().sum::<f64>() / here.len() as f64;
        here.len() > 1 && mean.abs() > ALIKE && here.iter().all(|r| (r - mean).abs() <= SPREAD / 2.0 * mean.abs())
    })
}

/// Returns the place whose mean residual is the largest.
fn worst(places: &[f64], residuals: &[f64]) -> Option<Residuals> {
    let mean = |at: f64| {
        let here: Vec<f64> = places.iter().zip(residuals).filter(|(p, _)| **p == at).map(|(_, r)| *r).collect();
        here.iter().sum::<f64>() / here.len() as f64
    };
    let means = distinct(places.iter().copied()).into_iter().map(|at| (at, mean(at)));
    let (at, residual) = means.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))?;
    Some(Residuals::Uneven { at, residual })
}
