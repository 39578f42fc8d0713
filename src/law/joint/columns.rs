//! The columns of the joint law, and the search for its knee and for the exponent of the size.

use crate::law::costs::Costs;
use crate::law::curve::Knee;
use crate::law::fitted::distinct;
use crate::law::search::{Grid, lower_end, scan, upper_end};
use crate::law::times::{DELTA_AICC, Times, aicc};
use crate::stats::Estimate;

use super::JointPoint;

/// Grid of the search for the knee.
const KNEE: Grid = Grid { places: 61, minima: 1, steps: 34 };

/// Grid of the search for the exponent, over its logarithm.
const EXPONENT: Grid = Grid { places: 31, minima: 1, steps: 30 };

/// Smallest and largest exponent tried.
const EXPONENTS: (f64, f64) = (0.25, 4.0);

/// Fewest worker counts for a knee.
pub const FEWEST_FOR_A_KNEE: usize = 5;

/// Searches for exponent and knee together, each with the other held, so many times.
const ROUNDS: usize = 3;

/// Parameters of the law without an exponent or a knee.
const COSTS: usize = 4;

/// What of the joint law is no cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    /// e in `Nᵉ`; `None` means 1, and that none was fitted.
    pub(super) exponent: Option<f64>,
    pub(super) knee: Option<f64>,
}

impl Shape {
    const PLAIN: Self = Self { exponent: None, knee: None };

    /// Returns how many parameters it has.
    pub(super) fn parameters(self) -> usize {
        usize::from(self.exponent.is_some()) + usize::from(self.knee.is_some())
    }

    /// Returns `Nᵉ`.
    pub(super) fn work(self, size: f64) -> f64 {
        self.exponent.map_or(size, |exponent| size.powf(exponent))
    }

    /// Returns `g(p)`: `1/p`, or `1/min(p, K)` with a knee.
    pub(super) fn parallel_time(self, workers: f64) -> f64 {
        let knee = self.knee.map(|workers| Knee { workers, shape: None });
        knee.map_or(1.0 / workers, |k| k.parallel_time(workers))
    }
}

/// Returns the simplest shape that AICc does not clearly reject.
pub(super) fn visible_shape(points: &[JointPoint], times: &Times) -> Shape {
    let search = Search { points, times };
    let knee = search.with_knee(Shape::PLAIN);
    let exponent = search.with_exponent(Shape::PLAIN);
    let both = exponent.filter(|_| knee.is_some()).and_then(|mut shape| {
        for _ in 0..ROUNDS {
            shape = search.with_exponent(search.with_knee(shape)?)?;
        }
        Some(shape)
    });
    let scored = [Some(Shape::PLAIN), knee, exponent, both].into_iter().flatten().filter_map(|shape| {
        let score =
            aicc(points.len(), search.sum_of_squares(shape), times.mean_square_error, COSTS + shape.parameters())?;
        Some((shape, score))
    });
    let scored: Vec<(Shape, f64)> = scored.collect();
    let best = scored.iter().map(|(_, score)| *score).fold(f64::INFINITY, f64::min);
    let near = scored.into_iter().filter(|(_, score)| *score <= best + DELTA_AICC);
    near.min_by(|(one, a), (other, b)| one.parameters().cmp(&other.parameters()).then(a.total_cmp(b)))
        .map_or(Shape::PLAIN, |(shape, _)| shape)
}

/// Returns the exponent of a shape with its 95 % interval; `None` if it has none, or the interval no end.
pub(super) fn exponent(points: &[JointPoint], times: &Times, shape: Shape) -> Option<Estimate> {
    let value = shape.exponent?;
    let search = Search { points, times };
    let threshold = times.threshold(search.sum_of_squares(shape), COSTS + shape.parameters());
    let holds = |e: f64| search.sum_of_squares(Shape { exponent: Some(e), ..shape }) <= threshold;
    let (least, most) = EXPONENTS;
    Estimate::finite(value, lower_end(value, least, holds), upper_end(value, least, most, holds))
}

/// Parts of the way from the best knee to an end of its region at which intervals are also computed.
const STEPS: [f64; 3] = [0.3, 0.65, 1.0];

/// Returns shapes with other knees around that of a shape, as far as the sum of squares stays within a threshold; none
/// for a shape without.
pub(super) fn knees<'a>(
    points: &'a [JointPoint],
    times: &'a Times,
    shape: Shape,
    threshold: f64,
) -> impl Iterator<Item = Shape> {
    let ends = shape.knee.map_or(Vec::new(), |knee| {
        let search = Search { points, times };
        let holds = |k: f64| search.sum_of_squares(Shape { knee: Some(k), ..shape }) <= threshold;
        let most = points.iter().map(|point| point.workers).fold(1.0, f64::max);
        let ends = [lower_end(knee, 1.0, holds).max(1.0), upper_end(knee, 1.0, most, holds)];
        ends.into_iter().flat_map(|end| STEPS.map(|part| knee * (end / knee).powf(part))).collect()
    });
    ends.into_iter().map(move |knee| Shape { knee: Some(knee), ..shape })
}

/// The four columns of the joint law, with one entry for each point.
pub(super) struct Columns([Vec<f64>; COSTS]);

impl Columns {
    pub(super) fn new(points: &[JointPoint], shape: Shape) -> Self {
        let column = |f: &dyn Fn(&JointPoint) -> f64| points.iter().map(f).collect();
        Self([
            column(&|_| 1.0),
            column(&|p| shape.work(p.size)),
            column(&|p| shape.work(p.size) * shape.parallel_time(p.workers)),
            column(&|p| p.workers - 1.0),
        ])
    }

    pub(super) fn slices(&self) -> [&[f64]; COSTS] {
        [&self.0[0], &self.0[1], &self.0[2], &self.0[3]]
    }
}

struct Search<'a> {
    points: &'a [JointPoint],
    times: &'a Times,
}

impl Search<'_> {
    fn sum_of_squares(&self, shape: Shape) -> f64 {
        let columns = Columns::new(self.points, shape);
        Costs::fit(self.times, &columns.slices(), 0).map_or(f64::INFINITY, |c| c.sum_of_squares)
    }

    /// Returns the shape with the sharp knee of the smallest sum of squares. At least two worker counts lie on each
    /// side. `None` if there are too few worker counts.
    fn with_knee(&self, shape: Shape) -> Option<Shape> {
        let workers = distinct(self.points.iter().map(|p| p.workers));
        if workers.len() < FEWEST_FOR_A_KNEE {
            return None;
        }
        let (low, high) = (workers[1].ln(), workers[workers.len() - 2].ln());
        let at = |x: f64| Shape { knee: Some(x.exp()), ..shape };
        scan(low, high, &KNEE, |x| self.sum_of_squares(at(x))).best.map(|(x, _)| at(x))
    }

    /// Returns the shape with the exponent of the smallest sum of squares.
    fn with_exponent(&self, shape: Shape) -> Option<Shape> {
        let at = |x: f64| Shape { exponent: Some(x.exp()), ..shape };
        let (low, high) = EXPONENTS;
        scan(low.ln(), high.ln(), &EXPONENT, |x| self.sum_of_squares(at(x))).best.map(|(x, _)| at(x))
    }
}
