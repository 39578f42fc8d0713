//! What moving data costs: a latency, and a rate.

use serde::{Deserialize, Serialize};

use crate::stats::{Estimate, Summary};

use super::costs::{Costs, CostsGoodness};
use super::line::prepare;
use super::verdict::{Judgement, Verdict};

/// `t(n) = α + n/r_∞`: R. W. Hockney's characterisation of a pipeline or a transfer by its latency α, its rate for
/// large sizes `r_∞`, and the size `n_½ = α r_∞` that runs at half of that rate (Hockney & Jesshope, "Parallel
/// Computers", 1981; Hockney, "Characterization of parallel computers and algorithms", 1982).
#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct HockneyFit {
    /// Whether the line may be believed.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub verdict_reason: String,
    /// α in seconds; `None` unless accepted.
    pub latency: Option<Estimate>,
    /// `r_∞` in units of size (bytes, elements) per second; `None` unless accepted, or where the sizes tried are too
    /// small to show it.
    pub rate: Option<Estimate>,
    /// `n_½` in units of size; `None` where the rate is.
    pub half_size: Option<Estimate>,
    /// Figures of fit; `None` where nothing was fitted.
    pub goodness: Option<CostsGoodness>,
    /// Smallest size fitted.
    pub from: Option<f64>,
    /// Largest size fitted.
    pub to: Option<f64>,
}

impl HockneyFit {
    fn refused(judgement: Judgement) -> Self {
        Self {
            verdict: judgement.verdict,
            verdict_reason: judgement.reason,
            latency: None,
            rate: None,
            half_size: None,
            goodness: None,
            from: None,
            to: None,
        }
    }

    /// The time of size n by the law, in seconds; `None` where the rate is not known.
    pub fn seconds(&self, size: f64) -> Option<f64> {
        Some(self.latency?.value + size / self.rate?.value)
    }
}

/// Fits Hockney's law to summaries in seconds by size; at least three sizes. Refused as a poor fit where the points
/// bend (caches, a second path for large sizes).
pub fn fit(points: &[(f64, Summary)]) -> HockneyFit {
    let (sizes, times) = match prepare(points) {
        Ok(prepared) => prepared,
        Err(judgement) => return HockneyFit::refused(judgement),
    };
    let ones = vec![1.0; sizes.len()];
    let columns: [&[f64]; 2] = [&ones, &sizes];
    let Some(costs) = Costs::fit(&times, &columns, 0) else {
        return HockneyFit::refused(Judgement::new(Verdict::PoorFit, "no line fits"));
    };
    let goodness = costs.goodness();
    let mut judgement = goodness.judge("latency plus size over rate");
    let quoted = judgement.verdict.is_accepted();
    let rate = costs.estimate(1).and_then(|slope| slope.reciprocal());
    if quoted && rate.is_none() {
        judgement = Judgement::new(
            Verdict::InsufficientRange,
            "the time hardly grows over the sizes tried: they are too small to show a rate",
        );
    }
    let ends = sizes.iter().fold((f64::INFINITY, 0.0_f64), |(a, b), &x| (a.min(x), b.max(x)));
    HockneyFit {
        latency: costs.estimate(0).filter(|_| quoted),
        rate: rate.filter(|_| quoted),
        half_size: costs.ratio(0, 1).filter(|_| quoted && rate.is_some()),
        goodness: Some(goodness),
        from: Some(ends.0),
        to: Some(ends.1),
        ..HockneyFit::refused(judgement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    /// 20 µs and 10 GB/s: half of the rate at 200 kB.
    #[test]
    fn a_planted_transfer_is_recovered() {
        let fit = fit(&transfers(|n| 20e-6 + n / 10e9));
        assert_eq!(fit.verdict, Verdict::Accepted, "{fit:?}");
        let (alpha, rate, half) = (fit.latency.unwrap(), fit.rate.unwrap(), fit.half_size.unwrap());
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
        assert_eq!(fit.rate, None);
    }

    #[test]
    fn sizes_too_small_to_show_a_rate() {
        let fit = fit(&transfers(|n| 20e-6 + n / 1e16));
        assert_eq!(fit.verdict, Verdict::InsufficientRange);
        assert!(fit.latency.is_some() && fit.half_size.is_none());
    }
}
