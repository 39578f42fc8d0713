//! What a few worker counts tell without a law: a bound of the serial fraction, and the count to measure next.

use serde::Serialize;

use crate::law::Point;
use crate::law::curve::Knee;
use crate::law::fitted::distinct;
use crate::law::formula::karp_flatt;
use crate::law::model::Model;
use crate::law::search::{Grid, scan};

use super::data::Data;
use super::family::{Cell, CurveFit};
use super::fit::FEWEST_TO_CHOOSE;

/// Fewest worker counts with a bound and a next count.
const FEWEST: usize = 2;

/// Each time counts as right within this share if its error is unknown.
pub const RIGHT_WITHIN: f64 = 0.02;

/// A knee is searched among so many worker counts on the logarithmic scale.
const KNEES: Grid = Grid { places: 41, minima: 1, steps: 30 };

/// Rivals that both miss the points by more than this tell nothing of a further count.
const TOO_FAR: f64 = 0.15;

/// A time that rises by this factor from the shortest to the last rises.
const RISES: f64 = 1.05;

/// Most worker counts that are tried one by one; of more, doublings and midpoints are.
const ONE_BY_ONE: f64 = 64.0;

/// Normal quantile of a two-sided 95 % interval.
const NORMAL: f64 = 1.96;

/// What two to five worker counts tell without a law.
#[derive(Serialize, Debug, Clone, PartialEq)]
pub struct Few {
    /// The serial fraction of the time on the fewest workers is at most this: the lowest that Karp & Flatt find on any
    /// count, for every other cost only adds to it. It can exceed 1, and is 0 where a speedup is more than linear.
    pub serial_fraction_at_most: f64,
    /// The worker count that bounds it.
    pub bound_workers: f64,
    /// Whether the errors of the times are known and in the bound; if not, each is taken as right within
    /// [`RIGHT_WITHIN`].
    pub errors_are_known: bool,
    /// The count to measure next; `None` if no law is near the points.
    pub next: Option<Next>,
}

/// The worker count on which two laws differ most, and what they say there.
#[derive(Serialize, Debug, Clone, PartialEq)]
pub struct Next {
    /// Workers p.
    pub workers: f64,
    /// Amdahl's law.
    pub amdahl: Rival,
    /// The law that it is to be told from: hardware that is full, or a cost per worker if the time rises.
    pub other: Rival,
    /// The longer of both times over the shorter.
    pub factor: f64,
}

/// One of the two laws.
#[derive(Serialize, Debug, Clone, PartialEq)]
pub struct Rival {
    /// Its name.
    pub model: Model,
    /// Its serial fraction.
    pub serial_fraction: f64,
    /// The worker count at which the hardware is full.
    pub knee: Option<f64>,
    /// Its time on the next count, in seconds.
    pub seconds: f64,
}

/// Returns what points on two to five worker counts tell; `None` for fewer or more, or faulty ones.
pub fn few(points: &[Point]) -> Option<Few> {
    let data = Data::new(points).ok()?;
    let first = *data.points.first()?;
    if !(FEWEST..FEWEST_TO_CHOOSE).contains(&data.distinct) {
        return None;
    }
    let errors_are_known = data.times.mean_square_error > 0.0;
    let shares = data.points.iter().filter(|point| point.workers > first.workers).filter_map(|point| {
        let known = NORMAL * (first.log_se.powi(2) + point.log_se.powi(2)).sqrt();
        let error = if errors_are_known { known } else { 2.0 * RIGHT_WITHIN };
        let share = karp_flatt(first.seconds / point.seconds * (-error).exp(), point.workers / first.workers)?;
        Some((share, point.workers))
    });
    let (share, workers) = shares.min_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(Few { serial_fraction_at_most: share.max(0.0), bound_workers: workers, errors_are_known, next: next(&data) })
}

fn next(data: &Data) -> Option<Next> {
    let amdahl = Cell { model: Model::Amdahl, knee: None }.fit(data)?;
    let other = other(data)?;
    let misses = |fitted: &CurveFit| {
        (fitted.sum_of_squares / data.times.freedom(fitted.cell.model.parameters())).sqrt() > TOO_FAR
    };
    if misses(&amdahl) && misses(&other) {
        return None;
    }
    let apart = |workers: f64| (amdahl.curve.seconds(workers) / other.curve.seconds(workers)).ln().abs();
    let workers = untried(data).into_iter().max_by(|a, b| apart(*a).total_cmp(&apart(*b)).then(b.total_cmp(a)))?;
    let rival = |fitted: &CurveFit| Rival {
        model: fitted.cell.model,
        serial_fraction: fitted.curve.serial_fraction,
        knee: fitted.curve.knee.map(|knee| knee.workers),
        seconds: fitted.curve.seconds(workers),
    };
    Some(Next { workers, amdahl: rival(&amdahl), other: rival(&other), factor: apart(workers).exp() })
}

/// Returns the best fit of the law that stands against Amdahl's.
fn other(data: &Data) -> Option<CurveFit> {
    let times = &data.times.seconds;
    let shortest = times.iter().copied().min_by(f64::total_cmp)?;
    if *times.last()? > RISES * shortest && data.distinct >= Model::Usl.fewest_if_named() {
        return Cell { model: Model::Usl, knee: None }.fit(data);
    }
    let models = [Model::Saturation, Model::AmdahlSaturation];
    let allowed = |model: &Model| *model == Model::Saturation || data.distinct >= model.fewest_if_named();
    let fits = models.into_iter().filter(allowed).filter_map(|model| full(data, model));
    fits.min_by(|a, b| a.sum_of_squares.total_cmp(&b.sum_of_squares))
}

/// Returns the best fit of a model with a sharp knee between the measured counts.
fn full(data: &Data, model: Model) -> Option<CurveFit> {
    let at = |x: f64| Cell { model, knee: Some(Knee { workers: x.exp(), shape: None }) }.fit(data);
    let (low, high) = data.range()?;
    let sum = |x: f64| at(x).map_or(f64::INFINITY, |fitted| fitted.sum_of_squares);
    at(scan(low.ln(), high.ln(), &KNEES, sum).best?.0)
}

/// Returns the worker counts that were not measured, up to twice the most.
fn untried(data: &Data) -> Vec<f64> {
    let Some((_, most)) = data.range() else { return Vec::new() };
    let counts: Vec<f64> = if 2.0 * most <= ONE_BY_ONE {
        (1..=(2.0 * most) as u32).map(f64::from).collect()
    } else {
        let between = data.workers.windows(2).map(|pair| (pair[0] * pair[1]).sqrt().round());
        distinct(between.chain([2.0 * most]))
    };
    counts.into_iter().filter(|count| !data.workers.contains(count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(times: &[(f64, f64)]) -> Few {
        few(&times.iter().map(|&(p, t)| Point::new(p, t)).collect::<Vec<_>>()).unwrap()
    }

    /// Amdahl's law with s = 0.1. If both times are 2 % off, 4 workers have the speedup 1/0.325 · exp(−0.04) = 2.956,
    /// so s is at most (1/2.956 − 1/4)/(3/4).
    #[test]
    fn the_bound_is_the_lowest_share() {
        let amdahl = |p: f64| (p, 0.1 + 0.9 / p);
        let found = of(&[1.0, 2.0, 4.0].map(amdahl));
        assert!((found.serial_fraction_at_most - 0.1177).abs() < 1e-4 && !found.errors_are_known);
        // Full hardware at 3: 2 workers show no serial part.
        let found = of(&[(1.0, 1.0), (2.0, 0.5), (4.0, 1.0 / 3.0)]);
        assert!((found.serial_fraction_at_most - 0.0408).abs() < 1e-4 && found.bound_workers == 2.0, "{found:?}");
        // An error of 1 % of both times: S = 2 exp(-1.96 · 0.01 √2) = 1.945, so s is at most 2.8 %.
        let point = |p: f64, t: f64| Point { log_se: 0.01, repetitions: 20, ..Point::new(p, t) };
        let found = few(&[point(1.0, 1.0), point(2.0, 0.5), point(4.0, 0.4)]).unwrap();
        assert!((found.serial_fraction_at_most - 0.0281).abs() < 1e-3 && found.errors_are_known, "{found:?}");
        assert_eq!(few(&[point(1.0, 1.0)]), None);
    }

    /// The next count is the one on which both laws differ most, and the laws say what they say there.
    #[test]
    fn the_next_count_is_where_the_laws_differ_most() {
        let found = of(&[(1.0, 1.0), (2.0, 0.51), (4.0, 0.35), (8.0, 0.34)]).next.unwrap();
        assert_eq!(found.other.model, Model::Saturation);
        let amdahl = found.amdahl.seconds / found.other.seconds;
        assert!((amdahl.ln().abs().exp() - found.factor).abs() < 1e-12 && found.factor > 1.05, "{found:?}");
        assert!(found.workers <= 16.0 && ![1.0, 2.0, 4.0, 8.0].contains(&found.workers), "{found:?}");
        // Two counts fit both laws exactly: s = 0.1, or hardware that is full at 1/0.55.
        let found = of(&[(1.0, 1.0), (2.0, 0.55)]).next.unwrap();
        assert!((found.amdahl.seconds - 0.325).abs() < 1e-6 && (found.other.seconds - 0.55).abs() < 1e-6, "{found:?}");
        assert_eq!(found.workers, 4.0);
        // A time that rises asks for a cost per worker.
        let found = of(&[(1.0, 1.0), (2.0, 0.6), (4.0, 0.5), (8.0, 0.6)]).next.unwrap();
        assert_eq!(found.other.model, Model::Usl);
        // Neither law is near.
        assert_eq!(of(&[(1.0, 1.0), (2.0, 3.0), (4.0, 0.2), (8.0, 2.0)]).next, None);
    }
}
