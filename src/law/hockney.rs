//! The cost of moving data: a latency and a rate, read from a straight line.

use serde::Serialize;

use crate::stats::{Estimate, Summary};

use super::fitted::{Fitted, Parameters};
use super::line;
use super::reason::{Law, Reason};

/// Hockney's law `t(n) = α + n/r_∞`: a latency α and the rate for large sizes `r_∞`. The size `n_½ = α r_∞` reaches
/// half of that rate.
///
/// Sources: R. W. Hockney & C. R. Jesshope, "Parallel Computers", 1981; R. W. Hockney, "Characterization of parallel
/// computers and algorithms", 1982.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct Hockney {
    /// Latency α, in seconds.
    pub latency: Estimate,
    /// Rate `r_∞` in units of size (bytes, elements) per second; `None` if the sizes are too small to show it.
    pub rate: Option<Estimate>,
    /// Half-rate size `n_½` in units of size; `None` if the rate is unknown.
    pub half_size: Option<Estimate>,
}

impl Parameters for Hockney {
    const NAMES: &'static [&'static str] = &["latency", "rate", "half_size"];
}

/// Hockney's law of times over sizes, or why there is none.
pub type HockneyFit = Fitted<Hockney>;

impl HockneyFit {
    /// Returns the latency in seconds; `None` if the points do not lie on a line.
    pub fn latency(&self) -> Option<Estimate> {
        self.law.map(|law| law.latency)
    }

    /// Returns the rate in units of size per second; `None` unless accepted.
    pub fn rate(&self) -> Option<Estimate> {
        self.law?.rate
    }

    /// Returns the size that reaches half of the rate; `None` unless accepted.
    pub fn half_size(&self) -> Option<Estimate> {
        self.law?.half_size
    }

    /// Returns the fitted time of size n, in seconds; `None` if the rate is unknown.
    pub fn seconds(&self, size: f64) -> Option<f64> {
        Some(self.latency()?.value + size / self.rate()?.value)
    }
}

/// Fits Hockney's law to at least three sizes with their summaries in seconds. It is a poor fit if the points bend, for
/// example because of caches or a different method for large sizes.
pub fn fit(points: &[(f64, Summary)]) -> HockneyFit {
    let line = line::fit_as(Law::Hockney, points);
    let law = line.law.map(|line| {
        let rate = line.slope.reciprocal();
        Hockney { latency: line.intercept, rate, half_size: line.half.filter(|_| rate.is_some()) }
    });
    let shows_no_rate = law.is_some_and(|law| law.rate.is_none());
    let reason = if shows_no_rate { Reason::NoRate } else { line.reason };
    Fitted { verdict: reason.verdict(), reason, law, goodness: line.goodness, from: line.from, to: line.to }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::Verdict;

    fn transfers(times: impl Fn(f64) -> f64) -> Vec<(f64, Summary)> {
        (0..14)
            .map(|i| {
                let n = 1024.0 * f64::from(1 << i);
                let t = times(n);
                let wobble = if i % 2 == 0 { 1.01 } else { 0.99 };
                let samples = [t * wobble * 0.99, t * wobble, t * wobble * 1.01];
                (n, Summary::of(&samples).unwrap())
            })
            .collect()
    }

    /// 20 µs and 10 GB/s: half of the rate is reached at 200 kB.
    #[test]
    fn a_planted_transfer_is_recovered() {
        let fit = fit(&transfers(|n| 20e-6 + n / 10e9));
        assert_eq!(fit.verdict, Verdict::Accepted, "{fit:?}");
        let (alpha, rate, half) = (fit.latency().unwrap(), fit.rate().unwrap(), fit.half_size().unwrap());
        assert!(alpha.contains(20e-6) && (alpha.value / 20e-6 - 1.0).abs() < 0.02);
        assert!(rate.contains(10e9) && (rate.value / 10e9 - 1.0).abs() < 0.02);
        assert!(half.contains(200e3) && (half.value - alpha.value * rate.value).abs() < 1.0);
        assert!(half.high / half.low < 1.2);
        assert!((fit.seconds(200e3).unwrap() / 40e-6 - 1.0).abs() < 0.02);
    }

    #[test]
    fn a_cache_that_overflows_is_no_line() {
        let fit = fit(&transfers(|n| if n < 2e6 { n / 40e9 } else { n / 8e9 }));
        assert_eq!(fit.verdict, Verdict::PoorFit);
        assert_eq!(fit.rate(), None);
    }

    #[test]
    fn sizes_too_small_to_show_a_rate() {
        let fit = fit(&transfers(|n| 20e-6 + n / 1e16));
        assert_eq!(fit.verdict, Verdict::InsufficientRange);
        assert!(fit.latency().is_some() && fit.half_size().is_none());
    }
}
