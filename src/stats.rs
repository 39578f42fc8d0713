//! Order statistics of repeated timings.
//!
//! Timings are skewed, because an interruption only makes a repetition longer. So `r` repetitions are summarised by
//! their **median** with a rank interval, never by mean and standard deviation. The spread is the median absolute
//! deviation. No repetition is removed.
//!
//! Sources: Hoefler & Belli, "Scientific Benchmarking of Parallel Computing Systems", SC15 (medians and rank intervals
//! for timings); Rousseeuw & Croux, "Alternatives to the Median Absolute Deviation", JASA 88 (1993).

pub mod drift;

use serde::{Deserialize, Serialize};

/// Factor from the median absolute deviation of normal data to their standard deviation, `1 / Φ⁻¹(3/4)` (Rousseeuw &
/// Croux 1993).
const MAD_TO_SIGMA: f64 = 1.4826;

/// Standard error of the median of normal data divided by that of their mean: `sqrt(π/2)`.
const MEDIAN_TO_MEAN_ERROR: f64 = 1.2533;

/// Quantile of the normal distribution for a two-sided 95 % interval (Hoefler & Belli).
const Z_95: f64 = 1.96;

/// A value with its 95 % interval. The field that holds it states the unit.
#[derive(Serialize, Deserialize, Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The point estimate.
    pub value: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end of the 95 % interval.
    pub high: f64,
}

impl Estimate {
    /// Returns an estimate, if all three numbers are finite.
    pub fn finite(value: f64, low: f64, high: f64) -> Option<Self> {
        (value.is_finite() && low.is_finite() && high.is_finite()).then_some(Self { value, low, high })
    }

    /// Returns whether `x` lies within the interval, its ends included.
    pub fn contains(&self, x: f64) -> bool {
        (self.low..=self.high).contains(&x)
    }

    /// Returns the estimate of `1/x`; the ends change places. Returns `None` if the interval reaches zero.
    pub fn reciprocal(&self) -> Option<Self> {
        if self.low <= 0.0 {
            return None;
        }
        Self::finite(1.0 / self.value, 1.0 / self.high, 1.0 / self.low)
    }
}

/// Returns the values in ascending order; `None` if there are none or one is not finite.
fn sorted(values: &[f64]) -> Option<Vec<f64>> {
    if values.is_empty() || values.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some(sorted)
}

/// Returns quantile `q` (0 to 1) of sorted values, by linear interpolation between order statistics.
fn quantile_of_sorted(sorted: &[f64], q: f64) -> f64 {
    let position = q.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let share = position - below as f64;
    sorted[below] + share * (sorted[above] - sorted[below])
}

/// Returns quantile `q` (0 to 1) of values in any order, by linear interpolation between order statistics (type 7 of
/// Hyndman & Fan 1996). Returns `None` if there are no values or one is not finite.
pub fn quantile(values: &[f64], q: f64) -> Option<f64> {
    sorted(values).map(|s| quantile_of_sorted(&s, q))
}

/// Returns the median of values in any order; `None` if there are no values or one is not finite.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// Returns the median absolute deviation `median |x − median x|`, unscaled, in the unit of the values (Rousseeuw &
/// Croux 1993).
pub fn mad(values: &[f64]) -> Option<f64> {
    let centre = median(values)?;
    let deviations: Vec<f64> = values.iter().map(|v| (v - centre).abs()).collect();
    median(&deviations)
}

/// Returns a robust standard deviation, `1.4826 × MAD`, in the unit of the values (Rousseeuw & Croux 1993). A few
/// extreme values hardly change it.
pub fn robust_deviation(values: &[f64]) -> Option<f64> {
    mad(values).map(|spread| MAD_TO_SIGMA * spread)
}

/// Returns the median with its 95 % rank interval, which assumes no distribution. Its ends are the order statistics
/// number `ceil((r − 1.96 √r)/2)` and `ceil(1 + (r + 1.96 √r)/2)`, counted from one (Hoefler & Belli, SC15).
///
/// Below eight repetitions these ranks fall outside the sample. The interval then runs from the smallest to the largest
/// value. It covers with probability `1 − 2^(1−r)` (0.94 for r = 5) instead of 0.95.
pub fn rank_interval(values: &[f64]) -> Option<Estimate> {
    sorted(values).map(|s| rank_interval_of_sorted(&s))
}

fn rank_interval_of_sorted(sorted: &[f64]) -> Estimate {
    let r = sorted.len() as f64;
    let reach = Z_95 * r.sqrt() / 2.0;
    let lower_rank = (r / 2.0 - reach).ceil().max(1.0);
    let upper_rank = (1.0 + r / 2.0 + reach).ceil().min(r);
    Estimate {
        value: quantile_of_sorted(sorted, 0.5),
        low: sorted[lower_rank as usize - 1],
        high: sorted[upper_rank as usize - 1],
    }
}

/// Returns the standard error of the median of positive timings on the logarithmic scale:
/// `1.2533 × 1.4826 × MAD(ln t) / √r`. It has no unit: 0.01 means 1 % of the time.
///
/// Returns `None` for fewer than two values, or if one is not positive and finite.
pub fn log_standard_error(seconds: &[f64]) -> Option<f64> {
    if seconds.len() < 2 || seconds.iter().any(|&t| !t.is_finite() || t <= 0.0) {
        return None;
    }
    let logs: Vec<f64> = seconds.iter().map(|t| t.ln()).collect();
    let r = logs.len() as f64;
    robust_deviation(&logs).map(|deviation| MEDIAN_TO_MEAN_ERROR * deviation / r.sqrt())
}

/// Summary of `r` repetitions of one timing, in the unit of the timings (seconds in this program).
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Number of repetitions.
    pub count: usize,
    /// Median of the repetitions.
    pub median: f64,
    /// Lower end of the median's 95 % rank interval ([`rank_interval`]).
    pub low: f64,
    /// Upper end of the median's 95 % rank interval.
    pub high: f64,
    /// Standard error of the median on the logarithmic scale ([`log_standard_error`]); `None` if unknown.
    pub log_se: Option<f64>,
}

impl Summary {
    /// Summarises repetitions. Returns `None` if there are none or one is not finite.
    pub fn of(values: &[f64]) -> Option<Self> {
        let sorted = sorted(values)?;
        let interval = rank_interval_of_sorted(&sorted);
        Some(Self {
            count: sorted.len(),
            median: interval.value,
            low: interval.low,
            high: interval.high,
            log_se: log_standard_error(&sorted),
        })
    }

    /// Returns the same median with the error of a part of it that was timed apart: independent errors add by their
    /// squares.
    #[must_use]
    pub fn with_error_of(self, part: &Self) -> Self {
        let low = (self.median - self.low).hypot(part.median - part.low);
        let high = (self.high - self.median).hypot(part.high - part.median);
        let share = part.median / self.median;
        let log_se = self.log_se.map(|own| own.hypot(share * part.log_se.unwrap_or(0.0)));
        Self { low: (self.median - low).max(0.0), high: self.median + high, log_se, ..self }
    }

    /// Returns the median with its interval.
    pub fn estimate(&self) -> Estimate {
        Estimate { value: self.median, low: self.low, high: self.high }
    }

    /// Returns the width of the median's interval, divided by the median. The rule that stops sampling uses it. Returns
    /// `None` if the median is zero.
    pub fn relative_width(&self) -> Option<f64> {
        let width = (self.high - self.low) / self.median;
        width.is_finite().then_some(width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_of_odd_and_even_counts() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[1.0, f64::NAN]), None);
        assert_eq!(median(&[1.0, f64::INFINITY]), None);
    }

    #[test]
    fn quantiles_interpolate() {
        let values = [10.0, 20.0, 30.0, 40.0, 50.0];
        assert_eq!(quantile(&values, 0.0), Some(10.0));
        assert_eq!(quantile(&values, 0.25), Some(20.0));
        assert_eq!(quantile(&values, 0.9), Some(46.0));
        assert_eq!(quantile(&values, 1.0), Some(50.0));
    }

    #[test]
    fn mad_ignores_one_wild_value() {
        assert_eq!(mad(&[1.0, 2.0, 3.0, 4.0, 1000.0]), Some(1.0));
    }

    /// r = 20: the ranks are ceil(5.617) = 6 and ceil(15.38) = 16, counted from one.
    #[test]
    fn rank_interval_of_twenty() {
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        let interval = rank_interval(&values).unwrap();
        assert_eq!((interval.low, interval.value, interval.high), (6.0, 10.5, 16.0));
    }

    #[test]
    fn rank_interval_of_few_is_the_range() {
        let interval = rank_interval(&[5.0, 1.0, 3.0]).unwrap();
        assert_eq!((interval.low, interval.value, interval.high), (1.0, 3.0, 5.0));
        let one = rank_interval(&[2.0]).unwrap();
        assert_eq!((one.low, one.high), (2.0, 2.0));
    }

    /// The deviations of −2, −1, 1, 2 from their median 0 are 2, 1, 1, 2, whose median is 1.5.
    #[test]
    fn log_standard_error_is_the_written_formula() {
        let seconds: Vec<f64> = [-2.0_f64, -1.0, 1.0, 2.0].iter().map(|x| x.exp()).collect();
        let expected = 1.2533 * 1.4826 * 1.5 / 2.0;
        assert!((log_standard_error(&seconds).unwrap() - expected).abs() < 1e-12);
        assert_eq!(log_standard_error(&[1.0]), None);
        assert_eq!(log_standard_error(&[1.0, 0.0]), None);
    }

    #[test]
    fn summary_keeps_everything() {
        let s = Summary::of(&[2.0, 1.0, 3.0]).unwrap();
        assert_eq!((s.count, s.median, s.low, s.high), (3, 2.0, 1.0, 3.0));
        assert_eq!(s.relative_width(), Some(1.0));
        assert_eq!(Summary::of(&[]), None);
    }

    #[test]
    fn reciprocal_swaps_the_ends() {
        let e = Estimate::finite(2.0, 1.0, 4.0).unwrap();
        assert_eq!(e.reciprocal(), Estimate::finite(0.5, 0.25, 1.0));
        assert_eq!(Estimate::finite(2.0, 0.0, 4.0).unwrap().reciprocal(), None);
    }
}
