//! One law over both problem size and workers: fixed time, time that grows with the size, and time that workers share.

use serde::Serialize;

use crate::stats::Estimate;

use super::costs::Costs;
use super::fitted::{Fitted, Parameters, distinct};
use super::formula::gustafson;
use super::reason::{Law, Reason};
use super::times::Times;

mod columns;
mod structure;

pub use columns::FEWEST_FOR_A_KNEE;
use columns::{Columns, Shape, exponent, knees, visible_shape};
use structure::structure;

/// Fewest points of a joint fit: one more than its five parameters, and two more to judge the fit.
const FEWEST_POINTS: usize = 8;

/// The time of one (size, workers) pair.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct JointPoint {
    /// Problem size N, positive.
    pub size: f64,
    /// Workers p, at least 1.
    pub workers: f64,
    /// Median time, in seconds.
    pub seconds: f64,
    /// Standard error of the median on the logarithmic scale; 0 when unknown.
    pub log_se: f64,
}

/// The joint law `T(N, p) = a₀ + a₁ Nᵉ + b Nᵉ g(p)/g(1) + c (p − 1)`. All costs are at least zero, and `g` is `1/p` or
/// `1/min(p, K)`. The exponent e is 1 if N counts the work; it is fitted where the points clearly ask for another, as
/// if N is the side of a square or a cube.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct Joint {
    /// a₀: fixed time, in seconds.
    pub fixed_seconds: Estimate,
    /// a₁: serial time per unit of `Nᵉ`, in seconds; its interval holds for the fitted e.
    pub serial_seconds_per_size: Estimate,
    /// b: parallel time per unit of `Nᵉ` on one worker, in seconds; its interval holds for the fitted e.
    pub parallel_seconds_per_size: Estimate,
    /// c: time that each extra worker adds, in seconds.
    pub seconds_per_worker: Estimate,
    /// K: the worker count at which the hardware is full; `None` if the data show no knee.
    pub knee: Option<f64>,
    /// e: the exponent of the size; `None` if it is 1.
    pub exponent: Option<Estimate>,
}

impl Joint {
    fn shape(&self) -> Shape {
        Shape { exponent: self.exponent.map(|exponent| exponent.value), knee: self.knee }
    }

    /// Returns the serial and the parallel seconds at (N, p).
    fn parts(&self, size: f64, workers: f64) -> (f64, f64) {
        let shape = self.shape();
        let work = shape.work(size);
        let serial = self.fixed_seconds.value
            + self.serial_seconds_per_size.value * work
            + self.seconds_per_worker.value * (workers - 1.0);
        (serial, self.parallel_seconds_per_size.value * work * shape.parallel_time(workers))
    }
}

impl Parameters for Joint {
    const NAMES: &'static [&'static str] = &[
        "fixed_seconds",
        "serial_seconds_per_size",
        "parallel_seconds_per_size",
        "seconds_per_worker",
        "knee",
        "exponent",
    ];
}

/// The joint law, or why there is none. Its x is the problem size.
pub type JointFit = Fitted<Joint>;

impl JointFit {
    /// Returns the serial and the parallel seconds at (N, p).
    fn parts(&self, size: f64, workers: f64) -> Option<(f64, f64)> {
        Some(self.law?.parts(size, workers))
    }

    /// Returns `T(N, p)` in seconds; `None` unless accepted.
    pub fn seconds(&self, size: f64, workers: f64) -> Option<f64> {
        self.parts(size, workers).map(|(serial, shared)| serial + shared)
    }

    /// Returns the share of `T(N, p)` that more workers cannot shorten: Gustafson's s. `None` unless accepted.
    pub fn serial_share(&self, size: f64, workers: f64) -> Option<f64> {
        self.parts(size, workers).map(|(serial, shared)| serial / (serial + shared))
    }

    /// Returns Gustafson's scaled speedup for size N on p workers, `p − s (p − 1)`; `None` unless accepted.
    pub fn scaled_speedup(&self, size: f64, workers: f64) -> Option<f64> {
        self.serial_share(size, workers).map(|share| gustafson(share, workers))
    }
}

/// Fits the joint law by least squares on the logarithm, with a profile-likelihood interval for each cost.
///
/// Sizes and workers must vary independently. If N is always proportional to p, the fixed and the parallel time look
/// the same, and the fit is refused. So it is if the residuals go with workers or size, however small they are: then
/// the law leaves out what the points show.
pub fn fit(points: &[JointPoint]) -> JointFit {
    let times = match check(points) {
        Ok(times) => times,
        Err(reason) => return Fitted::refused(reason),
    };
    let shape = visible_shape(points, &times);
    let columns = Columns::new(points, shape);
    let slices = columns.slices();
    let Some(costs) = Costs::fit(&times, &slices, shape.parameters()) else {
        return Fitted::refused(Reason::NoFit { law: Law::Joint });
    };
    let law = law(points, &times, &costs, shape);
    let goodness = costs.goodness();
    let spent = 1 + usize::from(shape.exponent.is_some());
    let structured = structure(points, &costs.residuals(), goodness.residual_sd, spent);
    let judged = goodness.judge(Law::Joint);
    let reason = match structured.filter(|_| judged.verdict().is_accepted()).unwrap_or(judged) {
        described if !described.verdict().is_accepted() => described,
        _ if law.is_none_or(|law| law.parallel_seconds_per_size.low <= 0.0) => Reason::Inseparable,
        described => full_from_the_start(points, shape).unwrap_or(described),
    };
    let law = law.filter(|_| reason.verdict().is_accepted());
    let sizes: Vec<f64> = points.iter().map(|point| point.size).collect();
    Fitted::new(law, reason, goodness, &sizes)
}

/// Refuses a knee at the second worker count: any knee before it, with another serial part, describes the points as
/// well.
fn full_from_the_start(points: &[JointPoint], shape: Shape) -> Option<Reason> {
    const AT: f64 = 1.001;
    let workers = distinct(points.iter().map(|point| point.workers));
    let &[first, second, ..] = workers.as_slice() else { return None };
    shape.knee.filter(|knee| *knee <= AT * second).map(|_| Reason::NoCountBelowKnee { first, second })
}

/// Returns the law with its intervals. They hold whichever knee the points do not rule out.
fn law(points: &[JointPoint], times: &Times, costs: &Costs<'_>, shape: Shape) -> Option<Joint> {
    let threshold = costs.threshold();
    let others: Vec<Columns> =
        knees(points, times, shape, threshold).map(|shape| Columns::new(points, shape)).collect();
    let estimate = |j: usize| {
        let best = costs.estimate(j)?;
        let ranges = others.iter().filter_map(|columns| {
            let slices = columns.slices();
            let costs = Costs::fit(times, &slices, shape.parameters())?;
            (costs.sum_of_squares <= threshold).then(|| costs.estimate_within(j, threshold))?
        });
        Some(ranges.fold(best, |all, range| Estimate {
            low: all.low.min(range.low),
            high: all.high.max(range.high),
            ..all
        }))
    };
    Some(Joint {
        fixed_seconds: estimate(0)?,
        serial_seconds_per_size: estimate(1)?,
        parallel_seconds_per_size: estimate(2)?,
        seconds_per_worker: estimate(3)?,
        knee: shape.knee,
        exponent: exponent(points, times, shape),
    })
}

fn check(points: &[JointPoint]) -> Result<Times, Reason> {
    let good = |p: &JointPoint| {
        let positive = p.size > 0.0 && p.seconds > 0.0 && p.workers >= 1.0 && p.log_se >= 0.0;
        positive && p.size.is_finite() && p.seconds.is_normal() && (p.workers + p.log_se).is_finite()
    };
    if let Some(&JointPoint { size, workers, seconds, .. }) = points.iter().find(|p| !good(p)) {
        return Err(Reason::BadJointPoint { size, workers, seconds });
    }
    let sizes = distinct(points.iter().map(|p| p.size)).len();
    let workers = distinct(points.iter().map(|p| p.workers)).len();
    if points.len() < FEWEST_POINTS || sizes < 2 || workers < 3 {
        return Err(Reason::FewJointPoints { points: points.len(), sizes, workers, needed: FEWEST_POINTS });
    }
    let errors: Vec<f64> = points.iter().map(|p| p.log_se).collect();
    Ok(Times::with_errors(points.iter().map(|p| p.seconds).collect(), &errors))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::Verdict;

    fn grid(times: impl Fn(f64, f64) -> f64) -> Vec<JointPoint> {
        let mut points = Vec::new();
        for size in [1e3, 1e4, 1e5, 1e6] {
            for i in 0..11 {
                let workers = f64::from(1 << i);
                points.push(JointPoint { size, workers, seconds: times(size, workers), log_se: 0.0 });
            }
        }
        points
    }

    fn near(e: Estimate, planted: f64) {
        assert!((e.value / planted - 1.0).abs() < 1e-6, "{e:?} {planted}");
    }

    #[test]
    fn a_planted_job_is_recovered() {
        let fit = fit(&grid(|n, p| 50e-6 + 2e-9 * n + 400e-9 * n / p.min(200.0) + 3e-9 * (p - 1.0)));
        assert_eq!(fit.verdict, Verdict::Accepted, "{fit:?}");
        let law = fit.law.unwrap();
        near(law.fixed_seconds, 50e-6);
        near(law.serial_seconds_per_size, 2e-9);
        near(law.parallel_seconds_per_size, 400e-9);
        near(law.seconds_per_worker, 3e-9);
        assert!((law.knee.unwrap() / 200.0 - 1.0).abs() < 1e-5);
        let (n, p) = (1e5, 64.0);
        let serial = 50e-6 + 2e-4 + 3e-9 * 63.0;
        let s = serial / (serial + 400e-9 * n / p);
        assert!((fit.serial_share(n, p).unwrap() / s - 1.0).abs() < 1e-6);
        assert!((fit.scaled_speedup(n, p).unwrap() / (p - s * (p - 1.0)) - 1.0).abs() < 1e-6);
        assert!((fit.seconds(n, p).unwrap() / (serial + 400e-9 * n / p) - 1.0).abs() < 1e-6);
    }

    /// From 6 workers on the hardware is full, and nothing was measured between 1 and 6: it may have been full at 5.
    #[test]
    fn a_knee_before_every_count_is_refused() {
        let seconds = |size: f64, workers: f64| size * (0.01 + 0.99 / f64::min(workers, 5.0));
        let of = |counts: [f64; 5]| {
            let points = [1.0, 4.0, 16.0].into_iter().flat_map(|size| {
                counts.map(|workers| JointPoint { size, workers, seconds: seconds(size, workers), log_se: 0.0 })
            });
            fit(&points.collect::<Vec<_>>())
        };
        let refused = of([1.0, 6.0, 12.0, 24.0, 32.0]);
        assert_eq!(refused.reason, Reason::NoCountBelowKnee { first: 1.0, second: 6.0 });
        let found = of([1.0, 2.0, 6.0, 12.0, 24.0]).law.unwrap();
        assert!((found.knee.unwrap() / 5.0 - 1.0).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn without_a_knee_none_is_found() {
        let fit = fit(&grid(|n, p| 50e-6 + 2e-9 * n + 400e-9 * n / p));
        assert_eq!(fit.law.unwrap().knee, None);
        assert_eq!(fit.law.unwrap().seconds_per_worker.low, 0.0);
        assert!((fit.serial_share(1e9, 1.0).unwrap() - 2.00005 / 402.00005).abs() < 1e-6);
    }

    /// N = 1000 p: the parallel part takes the same time at every point, and so does the fixed part.
    #[test]
    fn scaled_runs_alone_are_refused() {
        let points: Vec<JointPoint> = (0..11)
            .map(|i| {
                let workers = f64::from(1 << i);
                JointPoint { size: 1000.0 * workers, workers, seconds: 1e-3 + 1e-6 * workers, log_se: 0.01 }
            })
            .collect();
        assert_eq!(fit(&points).verdict, Verdict::InsufficientRange);
    }

    /// Some pairs were measured once. Their errors are unknown, not zero, so residuals of 8 % do not refute the law.
    #[test]
    fn unknown_errors_are_no_zeros() {
        let mut points = grid(|n, p| 50e-6 + 2e-9 * n + 400e-9 * n / p);
        for (i, point) in points.iter_mut().enumerate() {
            let single = i % 2 == 0;
            point.log_se = if single { 0.0 } else { 0.02 };
            point.seconds *= if single { [1.08, 0.92, 0.93][i % 3] } else { 1.0 };
        }
        let fit = fit(&points);
        assert_eq!(fit.verdict, Verdict::Accepted, "{fit:?}");
        assert_eq!(fit.goodness.unwrap().lack_of_fit, None);
    }

    /// Hardware that is full at 4.81 workers, on four counts: a law without a knee misses 10 workers on both sizes.
    #[test]
    fn two_sizes_that_miss_alike_are_refused() {
        let mut points = Vec::new();
        for size in [1000.0, 4000.0] {
            for (workers, seconds) in [(1.0, 1e-3), (10.0, 2.08e-4), (32.0, 2.08e-4), (64.0, 2.08e-4)] {
                points.push(JointPoint { size, workers, seconds: size * seconds, log_se: 0.0 });
            }
        }
        let found = fit(&points);
        assert!(
            matches!(found.reason, Reason::Structured { axis: super::super::reason::Axis::Workers, .. }),
            "{found:?}"
        );
    }

    #[test]
    fn bad_points_are_named() {
        assert_eq!(fit(&[]).verdict, Verdict::TooFewPoints);
        let mut points = grid(|n, p| n / p);
        points[3].seconds = f64::NAN;
        let refused = fit(&points);
        assert_eq!(refused.verdict, Verdict::InvalidData);
        assert!(matches!(refused.reason, Reason::BadJointPoint { workers: 8.0, .. }));
    }
}
