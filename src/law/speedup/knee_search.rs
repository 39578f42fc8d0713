//! Searches for K at one shape of the knee: a refined grid over ln K, and the ranges that fit well enough.

use crate::law::curve::Knee;
use crate::law::model::Model;
use crate::law::search::{Grid, edge, scan};

use super::data::Data;
use super::family::{Cell, CurveFit};

/// Grid for a sharp knee: six places per doubling over twenty doublings.
const SHARP: Grid = Grid { places: 121, minima: 3, steps: 30 };

/// Grid for a gradual knee, whose sum of squares has no kinks.
const GRADUAL: Grid = Grid { places: 41, ..SHARP };

/// Number of values of K, or of u, per connected range at which intervals are computed.
const SAMPLES: usize = 9;

/// Most kinks of a sharp knee, per range, at which intervals are also computed. Only curves of hundreds of points have
/// more.
const MOST_KINKS: usize = 30;

/// A model whose knee is searched, in the coordinates x = ln K and u = 1/k.
#[derive(Clone, Copy)]
pub(crate) struct Search<'a> {
    pub(crate) data: &'a Data,
    pub(crate) model: Model,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// One place of the search with its fit.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) x: f64,
    pub(crate) u: f64,
    pub(crate) fitted: CurveFit,
}

impl Place {
    pub(crate) fn sum(&self) -> f64 {
        self.fitted.sum_of_squares
    }
}

/// Sums of squares over ln K for one shape.
pub(crate) struct Profile {
    pub(crate) u: f64,
    /// (ln K, sum of squares) on the grid and at the refined minima, in ascending order of K.
    pub(crate) sums: Vec<(f64, f64)>,
    pub(crate) best: Option<Place>,
}

impl Search<'_> {
    pub(crate) fn place(&self, x: f64, u: f64) -> Option<Place> {
        let knee = Knee { workers: x.exp(), shape: (u > 0.0).then(|| 1.0 / u) };
        let cell = Cell { model: self.model, knee: Some(knee) };
        cell.fit(self.data).map(|fitted| Place { x, u, fitted })
    }

    pub(crate) fn sum(&self, x: f64, u: f64) -> f64 {
        self.place(x, u).map_or(f64::INFINITY, |p| p.sum())
    }

    /// Scans K for one shape and refines the lowest minima.
    pub(crate) fn profile(&self, u: f64) -> Profile {
        let grid = if u == 0.0 { SHARP } else { GRADUAL };
        let found = scan(self.low, self.high, &grid, |x| self.sum(x, u));
        Profile { u, sums: found.values, best: found.best.and_then(|(x, _)| self.place(x, u)) }
    }

    /// Returns fits at even steps of ln K through a range, and also at the kinks of a sharp knee.
    pub(crate) fn samples(&self, u: f64, (low, high): (f64, f64), kinks: bool) -> Vec<CurveFit> {
        let measured = self.data.workers.iter().map(|p| p.ln());
        let kinks = measured.filter(|x| kinks && (low..=high).contains(x)).take(MOST_KINKS);
        steps(low, high).chain(kinks).filter_map(|x| self.place(x, u)).map(|place| place.fitted).collect()
    }

    /// Returns the range of `{ln K : RSS ≤ threshold}` around a place within it.
    pub(crate) fn piece_around(&self, place: &Place, threshold: f64) -> (f64, f64) {
        let holds = |x: f64| self.sum(x, place.u) <= threshold;
        let end = |direction: f64, limit: f64| {
            let (mut inside, mut step) = (place.x, 0.03);
            loop {
                let outside = inside + direction * step;
                let beyond = (outside - limit) * direction >= 0.0;
                let outside = if beyond { limit } else { outside };
                if !holds(outside) {
                    return edge(inside, outside, 8, holds);
                }
                if beyond {
                    return limit;
                }
                inside = outside;
                step *= 2.0;
            }
        };
        (end(-1.0, self.low), end(1.0, self.high))
    }
}

impl Profile {
    pub(crate) fn pieces(&self, search: &Search<'_>, threshold: f64) -> Vec<(f64, f64)> {
        pieces(&self.sums, threshold, |x| search.sum(x, self.u) <= threshold)
    }
}

/// Returns the range of ln K. At least two points lie on each side, counting a point at the knee itself.
pub(crate) fn knee_range(data: &Data) -> Option<(f64, f64)> {
    let n = data.len();
    let low = *data.workers.get(1)?;
    let high = *data.workers.get(n.checked_sub(2)?)?;
    (n >= 5 && high > low).then(|| (low.ln(), high.ln()))
}

/// Returns evenly spaced places from `low` to `high`, both included.
pub(crate) fn steps(low: f64, high: f64) -> impl Iterator<Item = f64> {
    (0..SAMPLES).map(move |i| low + (high - low) * i as f64 / (SAMPLES - 1) as f64)
}

/// Returns the connected ranges of places whose sum is within the threshold. `sums` is in ascending order; the ends are
/// found by bisection.
pub(crate) fn pieces(sums: &[(f64, f64)], threshold: f64, holds: impl Fn(f64) -> bool) -> Vec<(f64, f64)> {
    let mut pieces = Vec::new();
    let mut i = 0;
    while i < sums.len() {
        if sums[i].1 > threshold {
            i += 1;
            continue;
        }
        let first = i;
        while i + 1 < sums.len() && sums[i + 1].1 <= threshold {
            i += 1;
        }
        let low = first.checked_sub(1).map_or(sums[0].0, |out| edge(sums[first].0, sums[out].0, 10, &holds));
        let high = sums.get(i + 1).map_or(sums[i].0, |out| edge(sums[i].0, out.0, 10, &holds));
        pieces.push((low, high));
        i += 1;
    }
    pieces
}
