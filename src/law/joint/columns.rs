//! The columns of the joint law, and the search for its knee.

use crate::law::costs::{Costs, Times};
use crate::law::curve::Knee;
use crate::law::search::golden_minimum;

use super::JointPoint;

/// A knee must lower AICc by more than this.
const DELTA_AICC: f64 = 2.0;

/// Grid points of the knee.
const GRID: usize = 61;

/// Fewest worker counts for a knee.
const FEWEST_FOR_A_KNEE: usize = 8;

/// `g(p)`: `1/p`, or `1/min(p, K)`.
pub(super) fn parallel_time(knee: Option<f64>, workers: f64) -> f64 {
    let knee = knee.map(|workers| Knee { workers, shape: None });
    knee.map_or(1.0 / workers, |k| k.parallel_time(workers))
}

/// The best knee, where it lowers AICc clearly; `None` where there is none to see.
pub(super) fn visible_knee(points: &[JointPoint], times: &Times) -> Option<f64> {
    let n = points.len() as f64;
    let without = Columns::new(points, None).sum_of_squares(times);
    best_knee(points, times).filter(|&knee| {
        let with = Columns::new(points, Some(knee)).sum_of_squares(times);
        n * (without / with.max(1e-12 * n)).ln() > DELTA_AICC + penalty(n)
    })
}

/// What AICc charges for the fifth parameter among n points (K from 5 to 6, the variance counted).
fn penalty(n: f64) -> f64 {
    let charge = |k: f64| 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0).max(0.5);
    charge(6.0) - charge(5.0)
}

/// The four columns of the joint law at every point.
pub(super) struct Columns([Vec<f64>; 4]);

impl Columns {
    pub(super) fn new(points: &[JointPoint], knee: Option<f64>) -> Self {
        let column = |f: &dyn Fn(&JointPoint) -> f64| points.iter().map(f).collect();
        Self([
            column(&|_| 1.0),
            column(&|p| p.size),
            column(&|p| p.size * parallel_time(knee, p.workers)),
            column(&|p| p.workers - 1.0),
        ])
    }

    pub(super) fn slices(&self) -> [&[f64]; 4] {
        [&self.0[0], &self.0[1], &self.0[2], &self.0[3]]
    }

    fn sum_of_squares(&self, times: &Times) -> f64 {
        Costs::fit(times, &self.slices(), 0).map_or(f64::INFINITY, |c| c.sum_of_squares)
    }
}

/// The different values, in ascending order.
pub(super) fn distinct(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

/// The sharp knee of the least sum of squares, with two worker counts on either side; `None` with too few of them.
fn best_knee(points: &[JointPoint], times: &Times) -> Option<f64> {
    let workers = distinct(points.iter().map(|p| p.workers));
    if workers.len() < FEWEST_FOR_A_KNEE {
        return None;
    }
    let (low, high) = (workers[1].ln(), workers[workers.len() - 2].ln());
    let at = |x: f64| Columns::new(points, Some(x.exp())).sum_of_squares(times);
    let step = (high - low) / (GRID - 1) as f64;
    let best = (0..GRID).map(|i| low + step * i as f64).map(|x| (x, at(x))).min_by(|a, b| a.1.total_cmp(&b.1))?.0;
    let refined = golden_minimum((best - step).max(low), (best + step).min(high), 34, at);
    Some(if at(refined) < at(best) { refined } else { best }.exp())
}
