//! Fits the memory and compute limits to times at different intensities.

use serde::Serialize;

use crate::stats::{Estimate, Summary};

use super::Roofline;
use crate::law::fitted::{Fitted, Parameters, distinct, ends};
use crate::law::reason::{Law, Reason};
use crate::law::search::{golden_minimum, lower_end, upper_end};
use crate::law::times::{CostsGoodness, Times};
use crate::law::verdict::Verdict;

/// Fewest intensities: two on each side of the ridge, and one more.
const FEWEST_POINTS: usize = 5;

/// Number of parameters: two limits and the bend between them.
const PARAMETERS: usize = 3;

/// Values tried for the bend m. With 1, memory time and compute time add up; with infinity, the shorter one is hidden
/// behind the longer one.
const BENDS: [f64; 5] = [1.0, 1.5, 2.0, 4.0, f64::INFINITY];

/// Intervals of the grid for the ridge; its best place is refined.
const GRID: usize = 60;

/// Factor beyond the measured intensities up to which the ridge is searched.
const BEYOND: f64 = 30.0;

/// A kernel at one intensity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Number of multiplications and additions.
    pub flop: f64,
    /// Bytes moved.
    pub bytes: f64,
    /// Time of the kernel, in seconds.
    pub time: Summary,
}

/// The limits that the kernels show.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct Roofs {
    /// Memory limit in bytes per second; `None` unless memory-bound kernels were measured.
    pub bandwidth: Option<Estimate>,
    /// Compute limit in flop per second; `None` unless compute-bound kernels were measured.
    pub peak_flops: Option<Estimate>,
    /// Ridge, in flop per byte: the intensity at which both limits meet. `None` unless both were seen.
    pub ridge: Option<Estimate>,
    /// Bend m between the limits: 1 if memory time and compute time add up. `None` if the shorter one is hidden
    /// completely, or unless both limits were seen.
    pub bend: Option<f64>,
}

impl Parameters for Roofs {
    const NAMES: &'static [&'static str] = &["bandwidth", "peak_flops", "ridge", "bend"];
}

/// The two limits, or why they cannot be read. Its x is the intensity in flop per byte.
pub type RooflineFit = Fitted<Roofs>;

impl RooflineFit {
    /// Returns the memory limit in bytes per second, if it was seen.
    pub fn bandwidth(&self) -> Option<Estimate> {
        self.law?.bandwidth
    }

    /// Returns the compute limit in flop per second, if it was seen.
    pub fn peak_flops(&self) -> Option<Estimate> {
        self.law?.peak_flops
    }

    /// Returns the ridge in flop per byte; `None` unless both limits were seen.
    pub fn ridge(&self) -> Option<Estimate> {
        self.law?.ridge
    }

    /// Returns the bend between the limits; `None` if it is infinite or unknown.
    pub fn bend(&self) -> Option<f64> {
        self.law?.bend
    }

    /// Returns the roofline of the fitted values; `None` unless both limits are known.
    pub fn roofline(&self) -> Option<Roofline> {
        Roofline::new(self.peak_flops()?.value, self.bandwidth()?.value)
    }

    /// Returns the fitted rate in flop per second at an intensity in flop per byte, bend included.
    pub fn rate(&self, intensity: f64) -> Option<f64> {
        let roofs = self.roofline()?;
        Some(roofs.bandwidth * intensity / stretch(intensity / roofs.ridge(), self.bend().unwrap_or(f64::INFINITY)))
    }
}

/// Returns the time divided by the memory time alone, at x times the ridge's intensity: `(1 + x^m)^(1/m)`, or the
/// larger of 1 and x if m is infinite.
fn stretch(x: f64, bend: f64) -> f64 {
    if bend.is_finite() { (1.0 + x.powf(bend)).powf(1.0 / bend) } else { x.max(1.0) }
}

/// The points as the law uses them.
struct Points {
    /// Intensities, in flop per byte.
    intensities: Vec<f64>,
    /// `ln(t/bytes)`.
    per_byte: Vec<f64>,
    times: Times,
}

/// A ridge with its bend and sum of squares.
#[derive(Clone, Copy)]
struct Candidate {
    ridge: f64,
    bend: f64,
    sum_of_squares: f64,
}

impl Points {
    fn of(loads: &[Load]) -> Result<Self, Reason> {
        let summaries: Vec<Summary> = loads.iter().map(|load| load.time).collect();
        let times = Times::of(&summaries)?;
        let intensities: Vec<f64> = loads.iter().map(|load| load.flop / load.bytes).collect();
        if intensities.iter().any(|intensity| !(intensity.is_normal() && *intensity > 0.0)) {
            return Err(Reason::NoIntensity);
        }
        let found = distinct(intensities.iter().copied()).len();
        if found < FEWEST_POINTS {
            return Err(Reason::FewIntensities { found, needed: FEWEST_POINTS });
        }
        let per_byte = loads.iter().map(|load| (load.time.median / load.bytes).ln()).collect();
        Ok(Self { intensities, per_byte, times })
    }

    /// Returns, for each point, `ln` of the time per byte at the memory limit that the point implies.
    fn residues(&self, ridge: f64, bend: f64) -> impl Iterator<Item = f64> {
        self.intensities.iter().zip(&self.per_byte).map(move |(x, t)| t - stretch(x / ridge, bend).ln())
    }

    /// Returns `ln` of the best bandwidth.
    fn log_bandwidth(&self, ridge: f64, bend: f64) -> f64 {
        -self.residues(ridge, bend).sum::<f64>() / self.per_byte.len() as f64
    }

    fn sum_of_squares(&self, ridge: f64, bend: f64, log_bandwidth: f64) -> f64 {
        self.residues(ridge, bend).map(|residue| (residue + log_bandwidth).powi(2)).sum()
    }

    /// Returns the best ridge and bend, if the bandwidth follows from them.
    fn best(&self, log_bandwidth: impl Fn(f64, f64) -> f64) -> Candidate {
        let (from, to) = ends(&self.intensities);
        let (from, to) = ((from / BEYOND).ln(), (to * BEYOND).ln());
        let step = (to - from) / GRID as f64;
        let of_bend = |bend: f64| {
            let cost = |x: f64| self.sum_of_squares(x.exp(), bend, log_bandwidth(x.exp(), bend));
            let places = (0..=GRID).map(|place| from + step * place as f64);
            let near = places.min_by(|a, b| cost(*a).total_cmp(&cost(*b))).unwrap_or(from);
            let x = golden_minimum(near - step, near + step, 30, cost);
            Candidate { ridge: x.exp(), bend, sum_of_squares: cost(x) }
        };
        let candidates = BENDS.map(of_bend);
        let first = candidates[0];
        candidates.into_iter().fold(first, |a, b| if b.sum_of_squares < a.sum_of_squares { b } else { a })
    }

    /// Returns the interval around a value in which `cost` stays within the threshold.
    fn around(value: f64, threshold: f64, cost: impl Fn(f64) -> f64) -> Estimate {
        let holds = |x: f64| x > 0.0 && cost(x) <= threshold;
        let (least, most) = (1e-9 * value, 1e9 * value);
        Estimate { value, low: lower_end(value, least, holds), high: upper_end(value, least, most, holds) }
    }
}

/// Fits `t = bytes/B (1 + (I/R)^m)^(1/m)` to kernels with different intensities I in flop per byte. B is the memory
/// limit, R the ridge, B R the compute limit, and m the bend, chosen from a few values.
///
/// The fit minimises squared relative errors. Intervals are profile-likelihood intervals over all bends, with Student's
/// t on n − 3 degrees of freedom. If no kernel was measured on one side of the ridge, that limit is absent and the
/// other is still given.
pub fn fit(loads: &[Load]) -> RooflineFit {
    let points = match Points::of(loads) {
        Ok(points) => points,
        Err(reason) => return Fitted::refused(reason),
    };
    let best = points.best(|ridge, bend| points.log_bandwidth(ridge, bend));
    let threshold = points.times.threshold(best.sum_of_squares, PARAMETERS);
    let goodness = points.times.goodness(best.sum_of_squares, PARAMETERS);
    let bandwidth = points.log_bandwidth(best.ridge, best.bend).exp();
    let of_ridge = |ridge: f64| {
        let costs = BENDS.map(|bend| points.sum_of_squares(ridge, bend, points.log_bandwidth(ridge, bend)));
        costs.into_iter().fold(f64::INFINITY, f64::min)
    };
    let ridge = Points::around(best.ridge, threshold, of_ridge);
    let of_bandwidth = |value: f64| points.best(|_, _| value.ln()).sum_of_squares;
    let of_peak = |value: f64| points.best(|ridge, _| (value / ridge).ln()).sum_of_squares;
    let (from, to) = ends(&points.intensities);
    let reason = judge(&goodness, ridge, (from, to));
    let fits = reason.verdict() != Verdict::PoorFit;
    let both = reason.verdict().is_accepted();
    let roofs = || Roofs {
        bandwidth: (ridge.low > from).then(|| Points::around(bandwidth, threshold, of_bandwidth)),
        peak_flops: (ridge.high < to).then(|| Points::around(bandwidth * best.ridge, threshold, of_peak)),
        ridge: both.then_some(ridge),
        bend: Some(best.bend).filter(|bend| both && bend.is_finite()),
    };
    Fitted::new(fits.then(roofs), reason, goodness, &points.intensities)
}

/// Accepts the fit only if the ridge surely lies between the smallest and the largest intensity.
fn judge(goodness: &CostsGoodness, ridge: Estimate, (from, to): (f64, f64)) -> Reason {
    let reason = goodness.judge(Law::Roofline);
    match (ridge.low > from, ridge.high < to) {
        _ if !reason.verdict().is_accepted() => reason,
        (true, true) => reason,
        (true, false) => Reason::MemoryRoofOnly { up_to: to },
        (false, true) => Reason::ComputeRoofOnly { from },
        (false, false) => Reason::NoRidge,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns kernels of 0.25 to 128 flop per byte for the given limits, with a wobble of 1 %.
    fn loads(bandwidth: f64, peak: f64, bend: f64) -> Vec<Load> {
        let load = |exponent: i32| {
            let (bytes, intensity) = (8e6, 0.25 * 2f64.powi(exponent));
            let seconds = bytes / bandwidth * stretch(intensity * bandwidth / peak, bend);
            let wobble = [-0.01, 0.004, 0.01].map(|w| seconds * (1.0 + w * f64::from(exponent * 5 % 7 - 3) / 3.0));
            Load { flop: intensity * bytes, bytes, time: Summary::of(&wobble).unwrap() }
        };
        (0..10).map(load).collect()
    }

    #[test]
    fn planted_roofs_are_found_whatever_the_bend() {
        for bend in [1.0, 2.0, f64::INFINITY] {
            let fit = fit(&loads(500e9, 4e12, bend));
            assert_eq!(fit.verdict, Verdict::Accepted, "{fit:?}");
            for (estimate, planted) in [(fit.bandwidth(), 500e9), (fit.peak_flops(), 4e12), (fit.ridge(), 8.0)] {
                let estimate = estimate.unwrap();
                assert!(estimate.low < planted * 1.02 && planted * 0.98 < estimate.high, "{bend}: {estimate:?}");
                assert!(estimate.high < 1.4 * estimate.low, "{bend}: {estimate:?}");
                assert!(estimate.contains(estimate.value));
            }
            assert!((fit.rate(1e4).unwrap() / 4e12 - 1.0).abs() < 0.1);
        }
    }

    /// Two equal times take 2 if they add up, and 1 if one is hidden behind the other.
    #[test]
    fn at_the_ridge_the_bend_makes_the_difference() {
        assert_eq!(stretch(1.0, 1.0), 2.0);
        assert!((stretch(1.0, 2.0) - 2f64.sqrt()).abs() < 1e-15);
        assert_eq!((stretch(1.0, f64::INFINITY), stretch(0.5, f64::INFINITY)), (1.0, 1.0));
        assert_eq!(stretch(3.0, f64::INFINITY), 3.0);
    }

    #[test]
    fn a_roof_that_was_not_seen_is_refused() {
        let memory = fit(&loads(500e9, 1e15, f64::INFINITY));
        assert_eq!(memory.verdict, Verdict::InsufficientRange);
        assert_eq!(memory.reason, Reason::MemoryRoofOnly { up_to: 128.0 });
        assert!(
            memory.bandwidth().unwrap().contains(500e9) && memory.peak_flops().is_none() && memory.ridge().is_none()
        );
        let compute = fit(&loads(1e15, 4e12, f64::INFINITY));
        assert_eq!(compute.verdict, Verdict::InsufficientRange);
        assert_eq!(compute.reason, Reason::ComputeRoofOnly { from: 0.25 });
        assert!(compute.peak_flops().unwrap().contains(4e12) && compute.bandwidth().is_none());
        assert_eq!(fit(&loads(500e9, 4e12, 2.0)[..4]).verdict, Verdict::TooFewPoints);
        assert_eq!(fit(&[]).verdict, Verdict::TooFewPoints);
    }

    #[test]
    fn what_is_no_roofline_is_a_poor_fit() {
        let mut wild = loads(500e9, 4e12, 2.0);
        for load in wild.iter_mut().step_by(2) {
            load.time = Summary::of(&[3.0 * load.time.median, 3.01 * load.time.median]).unwrap();
        }
        let fit = fit(&wild);
        assert_eq!((fit.verdict, fit.ridge(), fit.bandwidth()), (Verdict::PoorFit, None, None));
    }
}
