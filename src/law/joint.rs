//! One law over both problem size and workers: what is fixed, what grows with the size, and what workers share.

use serde::{Deserialize, Serialize};

use crate::stats::Estimate;

use super::costs::{Costs, CostsGoodness, Times};
use super::formula::gustafson;
use super::verdict::{Judgement, Verdict};

mod columns;

use columns::{Columns, distinct, parallel_time, visible_knee};

/// Fewest points of a joint fit: one more than its parameters, knee included, and two to judge by.
const FEWEST_POINTS: usize = 8;

/// The time of one (size, workers) pair.
#[derive(Serialize, Deserialize, Debug, Clone, Copy, PartialEq)]
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

/// `T(N, p) = a₀ + a₁ N + b N g(p)/g(1) + c (p − 1)`, every cost at least zero, `g = 1/p` or `1/min(p, K)`.
#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct JointFit {
    /// Whether the law may be believed.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub verdict_reason: String,
    /// a₀: seconds that neither size nor workers change.
    pub fixed_seconds: Option<Estimate>,
    /// a₁: serial seconds per unit of size.
    pub serial_seconds_per_size: Option<Estimate>,
    /// b: seconds per unit of size that workers share, on one worker.
    pub parallel_seconds_per_size: Option<Estimate>,
    /// c: seconds that every further worker adds.
    pub seconds_per_worker: Option<Estimate>,
    /// K, where the hardware is full; `None` where the data show no knee.
    pub knee: Option<f64>,
    /// Figures of fit; `None` where nothing was fitted.
    pub goodness: Option<CostsGoodness>,
}

impl JointFit {
    fn refused(judgement: Judgement) -> Self {
        Self {
            verdict: judgement.verdict,
            verdict_reason: judgement.reason,
            fixed_seconds: None,
            serial_seconds_per_size: None,
            parallel_seconds_per_size: None,
            seconds_per_worker: None,
            knee: None,
            goodness: None,
        }
    }

    /// Serial and shared seconds at (N, p); `None` unless accepted.
    fn parts(&self, size: f64, workers: f64) -> Option<(f64, f64)> {
        let serial = self.fixed_seconds?.value
            + self.serial_seconds_per_size?.value * size
            + self.seconds_per_worker?.value * (workers - 1.0);
        let shared = self.parallel_seconds_per_size?.value * size * parallel_time(self.knee, workers);
        Some((serial, shared))
    }

    /// `T(N, p)` in seconds; `None` unless accepted.
    pub fn seconds(&self, size: f64, workers: f64) -> Option<f64> {
        self.parts(size, workers).map(|(a, b)| a + b)
    }

    /// The share of `T(N, p)` that workers do not shorten: Gustafson's s of that run. `None` unless accepted.
    pub fn serial_share(&self, size: f64, workers: f64) -> Option<f64> {
        self.parts(size, workers).map(|(a, b)| a / (a + b))
    }

    /// Gustafson's scaled speedup of the run of size N on p workers, `p − s (p − 1)`; `None` unless accepted.
    pub fn scaled_speedup(&self, size: f64, workers: f64) -> Option<f64> {
        self.serial_share(size, workers).map(|s| gustafson(s, workers))
    }

    /// Amdahl's serial fraction of a job of size N: the share of `T(N, 1)` that is serial. `None` unless accepted.
    pub fn serial_fraction(&self, size: f64) -> Option<f64> {
        self.serial_share(size, 1.0)
    }
}

/// Fits the joint law by least squares on the logarithm, with profile-likelihood intervals for every cost.
///
/// It needs sizes and workers that vary apart: along scaled runs alone (N proportional to p) the fixed and the shared
/// part look the same, and the fit is refused.
pub fn fit(points: &[JointPoint]) -> JointFit {
    let times = match check(points) {
        Ok(times) => times,
        Err(judgement) => return JointFit::refused(judgement),
    };
    let knee = visible_knee(points, &times);
    let columns = Columns::new(points, knee);
    let slices = columns.slices();
    let Some(costs) = Costs::fit(&times, &slices, usize::from(knee.is_some())) else {
        return JointFit::refused(Judgement::new(Verdict::PoorFit, "no joint law fits"));
    };
    judged(&costs, knee)
}

fn judged(costs: &Costs<'_>, knee: Option<f64>) -> JointFit {
    let goodness = costs.goodness();
    let mut judgement = goodness.judge("the joint law over size and workers");
    let estimates: Vec<Option<Estimate>> = (0..4).map(|j| costs.estimate(j)).collect();
    let shared_is_known = estimates[2].is_some_and(|b| b.low > 0.0);
    if judgement.verdict.is_accepted() && !shared_is_known {
        judgement = Judgement::new(
            Verdict::InsufficientRange,
            "size and workers do not vary enough apart from each other to tell the fixed part from the shared one",
        );
    }
    let quoted = judgement.verdict.is_accepted();
    let quote = |j: usize| estimates[j].filter(|_| quoted);
    JointFit {
        fixed_seconds: quote(0),
        serial_seconds_per_size: quote(1),
        parallel_seconds_per_size: quote(2),
        seconds_per_worker: quote(3),
        knee: knee.filter(|_| quoted),
        goodness: Some(goodness),
        ..JointFit::refused(judgement)
    }
}

fn check(points: &[JointPoint]) -> Result<Times, Judgement> {
    let good = |p: &JointPoint| {
        let positive = p.size > 0.0 && p.seconds > 0.0 && p.workers >= 1.0 && p.log_se >= 0.0;
        positive && p.size.is_finite() && p.seconds.is_normal() && (p.workers + p.log_se).is_finite()
    };
    if let Some(bad) = points.iter().find(|p| !good(p)) {
        let reason =
            format!("size {}, {} workers, {} s: all must be positive numbers", bad.size, bad.workers, bad.seconds);
        return Err(Judgement::new(Verdict::InvalidData, reason));
    }
    let sizes = distinct(points.iter().map(|p| p.size)).len();
    let workers = distinct(points.iter().map(|p| p.workers)).len();
    if points.len() < FEWEST_POINTS || sizes < 2 || workers < 3 {
        let reason = format!(
            "{} points over {sizes} sizes and {workers} worker counts; a joint fit needs {FEWEST_POINTS}, 2 and 3",
            points.len()
        );
        return Err(Judgement::new(Verdict::TooFewPoints, reason));
    }
    let errors: Vec<f64> = points.iter().map(|p| p.log_se).collect();
    Ok(Times::with_errors(points.iter().map(|p| p.seconds).collect(), &errors))
}

#[cfg(test)]
mod tests {
    use super::*;

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

    fn near(estimate: Option<Estimate>, planted: f64) {
        let e = estimate.unwrap();
        assert!((e.value / planted - 1.0).abs() < 1e-6, "{e:?} {planted}");
    }

    #[test]
    fn a_planted_job_is_recovered() {
        let fit = fit(&grid(|n, p| 50e-6 + 2e-9 * n + 400e-9 * n / p.min(200.0) + 3e-9 * (p - 1.0)));
        assert_eq!(fit.verdict, Verdict::Accepted, "{}", fit.verdict_reason);
        near(fit.fixed_seconds, 50e-6);
        near(fit.serial_seconds_per_size, 2e-9);
        near(fit.parallel_seconds_per_size, 400e-9);
        near(fit.seconds_per_worker, 3e-9);
        assert!((fit.knee.unwrap() / 200.0 - 1.0).abs() < 1e-5);
        let (n, p) = (1e5, 64.0);
        let serial = 50e-6 + 2e-4 + 3e-9 * 63.0;
        let s = serial / (serial + 400e-9 * n / p);
        assert!((fit.serial_share(n, p).unwrap() / s - 1.0).abs() < 1e-6);
        assert!((fit.scaled_speedup(n, p).unwrap() / (p - s * (p - 1.0)) - 1.0).abs() < 1e-6);
        assert!((fit.seconds(n, p).unwrap() / (serial + 400e-9 * n / p) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn without_a_knee_none_is_found() {
        let fit = fit(&grid(|n, p| 50e-6 + 2e-9 * n + 400e-9 * n / p));
        assert_eq!(fit.knee, None);
        assert_eq!(fit.seconds_per_worker.unwrap().low, 0.0);
        assert!((fit.serial_fraction(1e9).unwrap() - 2.00005 / 402.00005).abs() < 1e-6);
    }

    /// N = 1000 p: the shared part takes the same time everywhere, as the fixed one does.
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

    /// Where some pairs were measured once, their errors are not zero: residuals of 8 % are no proof against the law.
    #[test]
    fn unknown_errors_are_no_zeros() {
        let mut points = grid(|n, p| 50e-6 + 2e-9 * n + 400e-9 * n / p);
        for (i, point) in points.iter_mut().enumerate() {
            let single = i % 2 == 0;
            point.log_se = if single { 0.0 } else { 0.02 };
            point.seconds *= if single { [1.08, 0.92, 0.93][i % 3] } else { 1.0 };
        }
        let fit = fit(&points);
        assert_eq!(fit.verdict, Verdict::Accepted, "{}", fit.verdict_reason);
        assert_eq!(fit.goodness.unwrap().lack_of_fit, None);
    }

    #[test]
    fn bad_points_are_named() {
        assert_eq!(fit(&[]).verdict, Verdict::TooFewPoints);
        let mut points = grid(|n, p| n / p);
        points[3].seconds = f64::NAN;
        let refused = fit(&points);
        assert_eq!(refused.verdict, Verdict::InvalidData);
        assert!(refused.verdict_reason.contains("8 workers"));
    }
}
