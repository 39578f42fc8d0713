//! The columns of the joint law, and the search for its knee.

use crate::law::costs::Costs;
use crate::law::curve::Knee;
use crate::law::fitted::distinct;
use crate::law::search::{Grid, scan};
use crate::law::times::{DELTA_AICC, Times, aicc};

use super::JointPoint;

/// Grid of the search for the knee.
const GRID: Grid = Grid { places: 61, minima: 1, steps: 34 };

/// Fewest worker counts for a knee.
const FEWEST_FOR_A_KNEE: usize = 8;

/// Returns `g(p)`: `1/p`, or `1/min(p, K)` with a knee.
pub(super) fn parallel_time(knee: Option<f64>, workers: f64) -> f64 {
    let knee = knee.map(|workers| Knee { workers, shape: None });
    knee.map_or(1.0 / workers, |k| k.parallel_time(workers))
}

/// Returns the best knee if it lowers AICc by more than the threshold; otherwise `None`.
pub(super) fn visible_knee(points: &[JointPoint], times: &Times) -> Option<f64> {
    let knee = best_knee(points, times)?;
    let score = |knee: Option<f64>, parameters: usize| {
        aicc(points.len(), Columns::new(points, knee).sum_of_squares(times), 0.0, parameters)
    };
    let gain = score(None, 4)? - score(Some(knee), 5)?;
    (gain > DELTA_AICC).then_some(knee)
}

/// The four columns of the joint law, with one entry for each point.
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

/// Returns the sharp knee with the smallest sum of squares. At least two worker counts lie on each side. Returns `None`
/// if there are too few worker counts.
fn best_knee(points: &[JointPoint], times: &Times) -> Option<f64> {
    let workers = distinct(points.iter().map(|p| p.workers));
    if workers.len() < FEWEST_FOR_A_KNEE {
        return None;
    }
    let (low, high) = (workers[1].ln(), workers[workers.len() - 2].ln());
    let at = |x: f64| Columns::new(points, Some(x.exp())).sum_of_squares(times);
    scan(low, high, &GRID, at).best.map(|(x, _)| x.exp())
}
