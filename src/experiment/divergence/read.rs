//! What paths cost inside subgroups, read from the samples.

use serde::Serialize;

use crate::law;
use crate::law::divergence::{self, Branching, DivergenceFit};
use crate::record::{Measured, Measurement, Order, Problem, Quantity, Series};
use crate::stats::{Estimate, Summary};

/// What branches inside a subgroup cost.
#[derive(Serialize)]
pub(in crate::experiment) struct Reading {
    /// The price of a path that meets others in a subgroup, and that of its condition.
    #[serde(flatten)]
    pub(super) fit: DivergenceFit,
    /// Lanes of a subgroup. If the driver allows several sizes, the one whose law leaves the smallest residuals.
    pub(super) lanes: u64,
    /// The smallest and the largest size that the lanes were chosen from; `None` if there is only one.
    pub(super) lanes_among: Option<[u64; 2]>,
    /// Time of as many paths as lanes, over that of one path.
    pub(super) full: Option<Estimate>,
    /// Time of twice as many paths as lanes, over that of as many as lanes: 1 if no more than the lanes can part.
    pub(super) beyond: Option<Estimate>,
    /// Time of twice as many paths as lanes, sorted so that whole subgroups take the same, over that of one path.
    pub(super) sorted: Option<Estimate>,
}

/// A kernel with branches, timed.
struct Point {
    order: Order,
    paths: u64,
    run: u64,
    /// Multiply-adds of a path.
    chain: u64,
    time: Summary,
}

fn point(case: &Measurement) -> Option<Point> {
    match (case.problem, case.series) {
        (Problem::Branches { branches, run, k, .. }, Series::Order(order)) => {
            Some(Point { order, paths: branches, run, chain: k, time: case.summary(Quantity::Kernel)? })
        }
        _ => None,
    }
}

/// Reads the law over scattered and sorted paths. The lanes lie between the shortest and the longest run of the sorted
/// paths: those whose law leaves the smallest residuals. `None` if nothing was sorted.
pub(super) fn read(measured: &Measured) -> Option<Reading> {
    let points: Vec<Point> = measured.cases.iter().filter_map(point).collect();
    let runs = || points.iter().filter(|point| point.order == Order::Sorted).map(|point| point.run);
    let (least, most) = (runs().min()?, runs().max()?);
    let sizes = std::iter::successors(Some(most), |lanes| Some(lanes / 2)).take_while(|lanes| *lanes >= least.max(1));
    let fits = sizes.map(|lanes| (lanes, law_for(&points, lanes)));
    let residual = |fit: &DivergenceFit| fit.goodness.as_ref().map_or(f64::INFINITY, |goodness| goodness.residual_sd);
    let (lanes, fit) = fits.min_by(|(_, one), (_, other)| residual(one).total_cmp(&residual(other)))?;
    let kernel = |order: Order, paths: u64, at_least: u64| {
        let is_it = |point: &&Point| {
            point.order == order && point.paths == paths && point.run >= at_least && point.chain == shortest(&points)
        };
        points.iter().find(is_it).map(|point| point.time)
    };
    let ratio = |above: Option<Summary>, below: Option<Summary>| law::ratio(&above?, &below?);
    let one = kernel(Order::Scattered, 1, 1);
    Some(Reading {
        fit,
        lanes,
        lanes_among: (least < most).then_some([least, most]),
        full: ratio(kernel(Order::Scattered, lanes, 1), one),
        beyond: ratio(kernel(Order::Scattered, 2 * lanes, 1), kernel(Order::Scattered, lanes, 1)),
        sorted: ratio(kernel(Order::Sorted, 2 * lanes, lanes), one),
    })
}

/// The multiply-adds of the shortest chain.
fn shortest(points: &[Point]) -> u64 {
    points.iter().map(|point| point.chain).min().unwrap_or(1)
}

fn law_for(points: &[Point], lanes: u64) -> DivergenceFit {
    let shortest = shortest(points) as f64;
    let branching = |point: &Point| {
        let [paths, run] = [point.paths, point.run].map(|count| count as f64);
        let met = divergence::met(paths, run, lanes as f64);
        Branching { paths, met, chain: point.chain as f64 / shortest, time: point.time }
    };
    divergence::fit(&points.iter().map(branching).collect::<Vec<_>>())
}
