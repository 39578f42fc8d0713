//! One speedup curve: its parameters, and the numbers that follow from them.

use serde::{Deserialize, Serialize};

use super::formula::whole_workers;

/// The worker count at which the hardware is full, and how sharply the curve bends there.
#[derive(Serialize, Deserialize, Debug, Clone, Copy, PartialEq)]
pub struct Knee {
    /// K: the worker count at which the two straight pieces of the curve meet.
    pub workers: f64,
    /// k in `g(p) = (p^−k + K^−k)^(1/k)`. `None` means a sharp knee, `1/min(p, K)`, the limit for large k.
    pub shape: Option<f64>,
}

impl Knee {
    /// Returns `g(p)`, the time of the parallel part on `p` workers, without the factor `1/g(1)`.
    pub fn parallel_time(&self, workers: f64) -> f64 {
        let Some(k) = self.shape else {
            return 1.0 / workers.min(self.workers);
        };
        // Factoring out the larger of 1/p and 1/K keeps both powers from overflowing.
        let (smaller, larger) = if workers < self.workers { (workers, self.workers) } else { (self.workers, workers) };
        ((smaller / larger).powf(k).ln_1p() / k).exp() / smaller
    }

    /// Returns `g(∞) = 1/K`.
    pub fn full_time(&self) -> f64 {
        1.0 / self.workers
    }
}

/// A speedup curve `T(p) = T(1) · h(p)`, `h(p) = φ + (1 − φ) g(p)/g(1) + κ (p − 1) + λ log₂ p`.
///
/// Amdahl (1967) for κ = λ = 0 without a knee; Gunther's Universal Scalability Law with κ. With λ, the cost of messages
/// that go along a tree: ⌈log₂ p⌉ rounds of them (R. Thakur, R. Rabenseifner & W. Gropp, "Optimization of Collective
/// Communication Operations in MPICH", 2005).
#[derive(Serialize, Deserialize, Debug, Clone, Copy, PartialEq)]
pub struct Curve {
    /// `T(1)`: the time on one worker, in seconds.
    pub seconds_at_one: f64,
    /// φ: the share of `T(1)` that more workers cannot shorten, 0 to 1.
    pub serial_fraction: f64,
    /// The knee; `None` if the hardware is never full.
    pub knee: Option<Knee>,
    /// κ: the share of `T(1)` that each extra worker adds.
    pub kappa: f64,
    /// λ: share of `T(1)` that every doubling of the workers adds.
    pub per_doubling: f64,
}

impl Curve {
    /// Returns the curve with `seconds` added to the serial part, on any number of workers.
    #[must_use]
    pub fn plus(&self, seconds: f64) -> Self {
        let seconds_at_one = self.seconds_at_one + seconds;
        Self {
            seconds_at_one,
            serial_fraction: (self.serial_fraction * self.seconds_at_one + seconds) / seconds_at_one,
            kappa: self.kappa * self.seconds_at_one / seconds_at_one,
            per_doubling: self.per_doubling * self.seconds_at_one / seconds_at_one,
            ..*self
        }
    }

    /// Returns `g(p)/g(1)`: the parallel part's time on `p` workers divided by its time on one.
    pub fn parallel_time(&self, workers: f64) -> f64 {
        self.knee.map_or(1.0 / workers, |knee| knee.parallel_time(workers) / knee.parallel_time(1.0))
    }

    /// Returns `g(∞)/g(1)`: the share of the parallel part's time that remains with unlimited workers.
    fn least_parallel_time(&self) -> f64 {
        self.knee.map_or(0.0, |knee| knee.full_time() / knee.parallel_time(1.0))
    }

    /// Returns `h(p)`: the time on `p` workers divided by the time on one.
    pub fn relative_time(&self, workers: f64) -> f64 {
        let s = self.serial_fraction;
        let cost = self.kappa * (workers - 1.0) + self.per_doubling * workers.log2();
        s + (1.0 - s) * self.parallel_time(workers) + cost
    }

    /// Returns `T(p)` in seconds.
    pub fn seconds(&self, workers: f64) -> f64 {
        self.seconds_at_one * self.relative_time(workers)
    }

    /// Returns the speedup `S(p) = 1/h(p)`.
    pub fn speedup(&self, workers: f64) -> f64 {
        1.0 / self.relative_time(workers)
    }

    /// The worker count of the highest speedup, where a cost makes the time rise beyond it: `√((1 − φ)/κ)` without a
    /// knee (Gunther 2007), `(1 − φ) ln 2/λ` with λ. With both it solves `κ p² + λ p/ln 2 = 1 − φ`. `None` if more
    /// workers never hurt.
    pub fn peak_workers(&self) -> Option<f64> {
        if self.kappa <= 0.0 && self.per_doubling <= 0.0 {
            return None;
        }
        let shared = 1.0 - self.serial_fraction;
        let slope = self.per_doubling / std::f64::consts::LN_2;
        // This form of the root needs no case for κ = 0.
        let without_knee = (2.0 * shared / (slope + (slope * slope + 4.0 * self.kappa * shared).sqrt())).max(1.0);
        let peak = match self.knee {
            None => without_knee,
            Some(Knee { workers, shape: None }) => without_knee.min(workers),
            Some(_) => self.peak_by_search(without_knee),
        };
        peak.is_finite().then_some(peak)
    }

    /// Finds the smallest time over ln p in `1 ..= highest` by golden-section search. The time has one minimum there.
    fn peak_by_search(&self, highest: f64) -> f64 {
        super::search::golden_minimum(0.0, highest.ln().max(0.0), 34, |x| self.relative_time(x.exp())).exp()
    }

    /// Returns the fitted ceiling: the highest speedup of this job on this hardware, `1/(φ + (1 − φ) g(∞)/g(1))`. For a
    /// curve with κ it is the speedup at the peak. Returns `None` if nothing limits the speedup.
    pub fn attainable_ceiling(&self) -> Option<f64> {
        let s = self.serial_fraction;
        let without_kappa = || 1.0 / (s + (1.0 - s) * self.least_parallel_time());
        let ceiling = self.peak_workers().map_or_else(without_kappa, |peak| self.speedup(peak));
        ceiling.is_finite().then_some(ceiling)
    }

    /// The speedup of unlimited hardware without such a cost, `1/φ`: always an extrapolation.
    pub fn asymptotic_ceiling(&self) -> Option<f64> {
        super::formula::ceiling(self.serial_fraction)
    }

    /// Returns the smallest whole number of workers that reaches a share (0 < share < 1) of the fitted ceiling, to one
    /// part in 10⁹. Returns `None` if nothing limits the speedup. Of a curve over teams, `team` is the workers of one.
    pub fn workers_at_share(&self, share: f64, team: f64) -> Option<f64> {
        if !(share > 0.0 && share < 1.0) {
            return None;
        }
        let goal = share * self.attainable_ceiling()?;
        if self.speedup(1.0) >= goal {
            return Some(team);
        }
        let mut high = self.peak_workers().unwrap_or(2.0).max(2.0);
        while self.speedup(high) < goal {
            high *= 2.0;
            if !high.is_finite() {
                return None;
            }
        }
        let mut low = 1.0;
        while high - low > 1e-10 * high {
            let middle = f64::midpoint(low, high);
            if self.speedup(middle) >= goal {
                high = middle;
            } else {
                low = middle;
            }
        }
        Some(whole_workers(high * team))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(s: f64, knee: Option<Knee>, kappa: f64) -> Curve {
        Curve { seconds_at_one: 2.0, serial_fraction: s, knee, kappa, per_doubling: 0.0 }
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-9 * b.abs(), "{a} is not {b}");
    }

    #[test]
    fn amdahl_is_the_curve_without_knee_and_kappa() {
        let c = curve(0.1, None, 0.0);
        for p in [1.0, 7.0, 1024.0] {
            close(c.speedup(p), crate::law::formula::amdahl(0.1, p));
            close(c.seconds(p), 2.0 * c.relative_time(p));
        }
        close(c.attainable_ceiling().unwrap(), 10.0);
        assert_eq!(c.workers_at_share(0.9, 1.0), Some(81.0));
        assert_eq!(c.peak_workers(), None);
        assert_eq!(curve(0.0, None, 0.0).attainable_ceiling(), None);
    }

    #[test]
    fn a_constant_time_joins_the_serial_part() {
        let curve = curve(0.1, Some(Knee { workers: 50.0, shape: Some(2.0) }), 1e-5);
        for p in [1.0, 7.0, 300.0] {
            close(curve.plus(0.5).seconds(p), curve.seconds(p) + 0.5);
        }
        close(curve.plus(0.5).serial_fraction, 0.7 / 2.5);
    }

    /// 1 % serial and full at 100 workers: the ceiling is 1/(φ + (1 − φ)/K).
    #[test]
    fn a_sharp_knee_lowers_the_ceiling() {
        let knee = Knee { workers: 100.0, shape: None };
        let c = curve(0.01, Some(knee), 0.0);
        close(c.attainable_ceiling().unwrap(), 1.0 / 0.0199);
        close(c.asymptotic_ceiling().unwrap(), 100.0);
        close(c.speedup(1e6), c.speedup(100.0));
        close(c.speedup(64.0), crate::law::formula::amdahl(0.01, 64.0));
    }

    /// At p = K a smooth knee is 2^(1/k) times slower than a sharp one. For k → ∞ it becomes sharp.
    #[test]
    fn a_smooth_knee_meets_its_formula() {
        let g = |k: f64, p: f64| Knee { workers: 256.0, shape: Some(k) }.parallel_time(p);
        close(g(2.0, 256.0), 2.0_f64.sqrt() / 256.0);
        close(g(2.0, 3.0), (1.0 / 9.0 + 1.0 / 65536.0_f64).sqrt());
        close(g(1.5, 1e5), (1e5_f64.powf(-1.5) + 256_f64.powf(-1.5)).powf(1.0 / 1.5));
        assert!((g(400.0, 128.0) - 1.0 / 128.0).abs() < 1e-12);
        assert!(g(8.0, 1e300).is_finite());
    }

    /// Gunther's published fit of SPEC SDM91 (α = 0.0277285, β = 0.0001044) peaks at √((1 − α)/β) = 96.5 users.
    #[test]
    fn the_peak_of_the_universal_scalability_law() {
        let c = curve(0.027_728_5, None, 0.000_104_4);
        let peak = c.peak_workers().unwrap();
        assert!((peak - 96.5).abs() < 0.05, "{peak}");
        assert!(c.speedup(peak) > c.speedup(peak * 1.05));
        assert!(c.speedup(peak) > c.speedup(peak / 1.05));
        let near = c.workers_at_share(0.9, 1.0).unwrap();
        assert!(near < peak);
        assert!(c.speedup(near) >= 0.9 * c.speedup(peak));
        assert!(c.speedup(near - 1.0) < 0.9 * c.speedup(peak));
    }

    /// 1 % serial, 0.2 % for each doubling: at 1,024 workers 1 + 99/1024 + 10 · 0.2 = 3.097 %; the peak is at
    /// .99 ln 2/.002 = 343.
    #[test]
    fn a_cost_of_each_doubling_has_its_peak() {
        let c = Curve { per_doubling: 0.002, ..curve(0.01, None, 0.0) };
        close(c.relative_time(1.0), 1.0);
        close(c.relative_time(1024.0), 0.01 + 0.99 / 1024.0 + 0.02);
        let peak = c.peak_workers().unwrap();
        assert!((peak - 343.1).abs() < 0.1, "{peak}");
        assert!(c.speedup(peak) > c.speedup(peak * 1.05) && c.speedup(peak) > c.speedup(peak / 1.05));
        close(c.plus(0.5).seconds(300.0), c.seconds(300.0) + 0.5);
    }

    #[test]
    fn a_knee_before_the_peak_is_the_peak() {
        let sharp = Knee { workers: 50.0, shape: None };
        let c = curve(0.0, Some(sharp), 1e-4);
        close(c.peak_workers().unwrap(), 50.0);
        let smooth = Knee { workers: 50.0, shape: Some(2.0) };
        let c = curve(0.0, Some(smooth), 1e-4);
        let peak = c.peak_workers().unwrap();
        assert!(c.speedup(peak) >= c.speedup(peak * 1.01));
        assert!(c.speedup(peak) >= c.speedup(peak / 1.01));
    }
}
