//! Tests for three shapes that forbid an Amdahl fit: efficiency above one, time that falls too far, time that rises.
//!
//! They compare medians. A difference counts if it is more than 5 % **and** significant, at a level of 0.01 shared
//! among the n − 1 comparisons (Bonferroni).

use statrs::distribution::{ContinuousCDF, Normal};

use crate::law::times::{MAD_EFFICIENCY, student_quantile};

use super::data::Data;
use super::fit::FEWEST_TO_CHOOSE;

/// Differences up to this factor are never called superlinear or rising.
const LEAST_FACTOR: f64 = 1.05;

/// Probability of a false alarm in a whole curve.
const LEVEL: f64 = 0.01;

/// Largest error of a point, as a share of its time, beyond the scatter of its repetitions. Possible causes are the
/// place of its buffers and the device's clock. Only as much of it is used as the points' scatter shows. If no errors
/// are known, this limit does not apply, because the scatter is the only source.
const LARGEST_POINT_EFFECT: f64 = 0.03;

/// A comparison of two points that contradicts the law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Finding {
    /// Workers of the earlier point.
    pub(crate) from: f64,
    /// Workers of the later point.
    pub(crate) to: f64,
    /// Efficiency relative to the earlier point, or the factor by which the time rises.
    pub(crate) factor: f64,
    /// Difference of the logarithms divided by its standard error.
    pub(crate) z: f64,
}

/// Returns the most significant efficiency above 1.05, relative to the point at index `base`.
pub(crate) fn superlinear(data: &Data, base: usize) -> Option<Finding> {
    let n = data.len();
    (base + 1..n)
        .filter_map(|i| {
            let (a, b) = (&data.points[base], &data.points[i]);
            let gain = (a.seconds * a.workers / (b.seconds * b.workers)).ln();
            significant(data, [base, i], gain, &[(base, 1.0), (i, 1.0)])
        })
        .max_by(|a, b| a.z.total_cmp(&b.z))
}

/// Returns the most significant rise of the time from one worker count to the next.
pub(crate) fn rising(data: &Data) -> Option<Finding> {
    (1..data.len())
        .filter(|&i| data.workers[i] > data.workers[i - 1])
        .filter_map(|i| {
            let rise = (data.points[i].seconds / data.points[i - 1].seconds).ln();
            significant(data, [i - 1, i], rise, &[(i - 1, 1.0), (i, 1.0)])
        })
        .max_by(|a, b| a.z.total_cmp(&b.z))
}

/// Returns the most significant time that is shorter than the earlier ones allow.
///
/// Under every law of the family `p T(p)` is convex: a serial part adds `M p`, and a cost more. So a point lies above
/// the line through any two earlier ones. This finds a cache behind a serial part, where no efficiency exceeds one.
///
/// The point must lie below all lines through one of the two counts before it and any earlier one. Otherwise not it is
/// fast, but one of the others slow: a count whose shares do not come out even, or all from some count on. The next
/// point must lie below these lines, too, by half as much: a cache stays, and chance does not.
pub(crate) fn dropping(data: &Data, base: usize) -> Option<Finding> {
    (base + 3..data.len().saturating_sub(1))
        .filter_map(|i| {
            let is_below_all = |point: usize, least: f64| {
                let below = |k: usize, j: usize| line(data, [j, k], point).is_some_and(|(gain, _)| gain > least);
                [i - 2, i - 1].into_iter().all(|k| (base..k).all(|j| below(k, j)))
            };
            let least = LEAST_FACTOR.ln();
            let stays = is_below_all(i, least) && is_below_all(i + 1, least / 2.0);
            let (gain, ends) = line(data, [base, i - 1], i).filter(|_| stays)?;
            significant(data, [i - 1, i], gain, &ends)
        })
        .max_by(|a, b| a.z.total_cmp(&b.z))
}

/// Returns how far point `i` lies below the line through two earlier points, as a difference of logarithms, and the
/// weights of the three errors in it.
fn line(data: &Data, [j, k]: [usize; 2], i: usize) -> Option<(f64, [(usize, f64); 3])> {
    let together = |i: usize| data.points[i].workers * data.points[i].seconds;
    let far = |from: usize, to: usize| data.workers[to] - data.workers[from];
    let reach = Some(far(k, i) / far(j, k)).filter(|reach| reach.is_finite() && *reach > 0.0)?;
    // It never falls, whatever the noise says.
    let reach = if together(k) > together(j) { reach } else { 0.0 };
    let least = (1.0 + reach) * together(k) - reach * together(j);
    let weights = [(i, 1.0), (k, (1.0 + reach) * together(k) / least), (j, reach * together(j) / least)];
    Some(((least / together(i)).ln(), weights))
}

/// Returns the index of a worker count.
fn place(data: &Data, workers: f64) -> usize {
    data.workers.iter().position(|count| *count == workers).unwrap_or(1)
}

/// Returns the index of the smallest worker count, after the first, relative to which no efficiency is superlinear, and
/// after which no time falls too far.
pub(crate) fn plateau(data: &Data) -> Option<usize> {
    let first = dropping(data, 0).map_or(1, |found| place(data, found.to));
    (first..data.len()).find(|&base| superlinear(data, base).is_none() && dropping(data, base).is_none())
}

/// Returns a difference of logarithms as a finding if it matters and is no chance. `weights` are those of the points
/// whose errors it has.
fn significant(
    data: &Data,
    [earlier, later]: [usize; 2],
    difference: f64,
    weights: &[(usize, f64)],
) -> Option<Finding> {
    let noise = point_effect(data).powi(2);
    let error = |i: usize| data.points[i].log_se.powi(2).max(data.times.mean_square_error);
    let z = difference / weights.iter().map(|(i, weight)| (error(*i) + noise) * weight * weight).sum::<f64>().sqrt();
    let comparisons = (data.len() - 1) as f64;
    let limit = limit(data, 1.0 - LEVEL / comparisons);
    (difference > LEAST_FACTOR.ln() && z > limit).then(|| Finding {
        from: data.workers[earlier],
        to: data.workers[later],
        factor: difference.exp(),
        z,
    })
}

/// Returns the quantile that a difference in standard errors must exceed: the normal one, or Student's t if only a few
/// second differences tell the errors.
fn limit(data: &Data, level: f64) -> f64 {
    if data.times.mean_square_error > 0.0 || data.distinct >= FEWEST_TO_CHOOSE {
        return Normal::new(0.0, 1.0).map_or(3.3, |d| d.inverse_cdf(level));
    }
    student_quantile(level, data.len().saturating_sub(2) as f64)
}

/// Fewest second differences that tell the scatter of points.
const FEWEST_DIFFERENCES: usize = 4;

/// Returns the scatter of points about the line through their neighbours, as a standard deviation of ln t with its
/// degrees of freedom; `None` for too few points.
pub(crate) fn local_scatter(data: &Data) -> Option<(f64, f64)> {
    let scaled = second_differences(data);
    let size = crate::stats::median(&scaled).filter(|_| scaled.len() >= FEWEST_DIFFERENCES)?;
    Some((size / MEDIAN_OF_NORMAL, (MAD_EFFICIENCY * scaled.len() as f64).max(1.0)))
}

/// The median of the absolute value of a normal variable, in standard deviations.
const MEDIAN_OF_NORMAL: f64 = 0.6745;

/// Estimates the points' scatter beyond their own errors. It uses second differences of ln t over ln p: a smooth curve
/// has small ones, so their median size is noise. Source: T. Gasser, L. Sroka & C. Jennen-Steinmetz, "Residual variance
/// and residual pattern in nonlinear regression", Biometrika 73, 1986. The median replaces their mean because it is
/// robust to knees.
fn point_effect(data: &Data) -> f64 {
    let Some(size) = crate::stats::median(&second_differences(data)) else {
        return 0.0;
    };
    let variance = (size / MEDIAN_OF_NORMAL).powi(2);
    let effect = (variance - data.times.mean_square_error).max(0.0).sqrt();
    if data.times.mean_square_error > 0.0 { effect.min(LARGEST_POINT_EFFECT) } else { effect }
}

fn second_differences(data: &Data) -> Vec<f64> {
    (1..data.len().saturating_sub(1)).filter_map(|i| second_difference(data, i)).collect()
}

/// Returns the distance of point `i` from the line through its neighbours, scaled to the standard deviation of one
/// point.
fn second_difference(data: &Data, i: usize) -> Option<f64> {
    let x = |i: usize| data.workers[i].ln();
    let y = |i: usize| data.times.seconds[i].ln();
    let width = x(i + 1) - x(i - 1);
    let left = (x(i + 1) - x(i)) / width;
    let right = (x(i) - x(i - 1)) / width;
    let distance = y(i) - left * y(i - 1) - right * y(i + 1);
    let scale = (1.0 + left * left + right * right).sqrt();
    let scaled = distance.abs() / scale;
    scaled.is_finite().then_some(scaled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::Point;

    fn data(times: impl Fn(f64) -> f64, log_se: f64) -> Data {
        let points: Vec<Point> = (0..12)
            .map(|i| {
                let p = f64::from(1 << i);
                Point { log_se, ..Point::new(p, times(p)) }
            })
            .collect();
        Data::new(&points).unwrap()
    }

    #[test]
    fn an_ideal_speedup_is_not_superlinear() {
        let d = data(|p| 3.0 / p, 0.01);
        assert_eq!(superlinear(&d, 0), None);
        assert_eq!(rising(&d), None);
    }

    /// From 8 workers the working set fits the cache, and everything is 1.4 times faster.
    #[test]
    fn a_cache_that_fits_is_found_and_rebased() {
        let d = data(|p| if p < 8.0 { 3.0 / p } else { 3.0 / p / 1.4 }, 0.01);
        let found = superlinear(&d, 0).unwrap();
        assert!((found.factor - 1.4).abs() < 1e-9);
        assert_eq!(plateau(&d), Some(3));
    }

    /// Shares that do not come out even make 16 workers slow; 32 are then no faster than they may be. Nor are they if
    /// all larger counts are slow.
    #[test]
    fn what_is_slow_makes_nothing_else_a_drop() {
        let slow = |p: f64| (0.1 + 0.9 / p) * if p == 16.0 { 1.3 } else { 1.0 };
        assert_eq!(dropping(&data(slow, 0.001), 0), None);
        let step = |p: f64| (0.1 + 0.9 / p) * if p > 16.0 { 1.3 } else { 1.0 };
        assert_eq!(dropping(&data(step, 0.001), 0), None);
        let fast = |p: f64| (0.1 + 0.9 / p) / if p == 16.0 { 2.0 } else { 1.0 };
        assert_eq!(dropping(&data(fast, 0.001), 0), None, "a cache would stay");
        let found = dropping(&data(|p| 0.1 + 0.9 / p / if p < 16.0 { 1.0 } else { 9.0 }, 0.001), 0).unwrap();
        assert_eq!((found.from, found.to), (8.0, 16.0));
    }

    #[test]
    fn a_rise_is_found_where_it_is() {
        let d = data(|p| if p == 64.0 { 0.2 } else { 3.0 / p }, 0.01);
        let found = rising(&d).unwrap();
        assert_eq!((found.from, found.to), (32.0, 64.0));
        assert_eq!(rising(&data(|p| if p == 64.0 { 0.2 } else { 3.0 / p }, 0.2)), None);
    }

    #[test]
    fn scatter_widens_the_test() {
        let even = data(|p| 3.0 / p, 0.01);
        assert!(point_effect(&even) < 1e-9);
        let jumpy = |log_se| {
            let wobble = |p: f64| if p.log2() % 2.0 == 0.0 { 1.1 } else { 0.9 };
            point_effect(&data(|p| 3.0 / p * wobble(p), log_se))
        };
        assert_eq!(jumpy(0.01), LARGEST_POINT_EFFECT);
        assert!(jumpy(0.0) > 0.1);
    }
}
