//! Fits sums of costs `t = Σ cⱼ Bⱼ` with `cⱼ ≥ 0`, with an interval for every cost. The straight line, the joint law
//! and the divergence law are built on it.

use crate::stats::Estimate;

use super::least_squares::{Problem, Scale, fit_logarithm};
use super::search::{lower_end, upper_end};
use super::times::{CostsGoodness, Times};

/// A fitted sum of costs.
pub(crate) struct Costs<'a> {
    times: &'a Times,
    columns: &'a [&'a [f64]],
    pub(crate) coefficients: Vec<f64>,
    pub(crate) sum_of_squares: f64,
    parameters: usize,
}

impl<'a> Costs<'a> {
    /// Fits the columns. `further` counts parameters that were fitted elsewhere, such as a knee. Returns `None` if no
    /// finite fit exists.
    pub(crate) fn fit(times: &'a Times, columns: &'a [&'a [f64]], further: usize) -> Option<Self> {
        let solution = fit_logarithm(&times.seconds, columns)?;
        Some(Self {
            times,
            columns,
            coefficients: solution.coefficients[..columns.len()].to_vec(),
            sum_of_squares: solution.sum_of_squares,
            parameters: columns.len() + further,
        })
    }

    /// Returns the residuals `ln t − ln T` of the points.
    pub(crate) fn residuals(&self) -> Vec<f64> {
        let fitted =
            |i: usize| self.columns.iter().zip(&self.coefficients).map(|(column, c)| c * column[i]).sum::<f64>();
        self.times.seconds.iter().enumerate().map(|(i, seconds)| (seconds / fitted(i)).ln()).collect()
    }

    /// Returns the sum of squares at the edge of the 95 % region.
    pub(crate) fn threshold(&self) -> f64 {
        self.times.threshold(self.sum_of_squares, self.parameters)
    }

    /// Returns coefficient `j` with its interval; `None` if the interval has no upper end.
    pub(crate) fn estimate(&self, j: usize) -> Option<Estimate> {
        self.estimate_within(j, self.threshold())
    }

    /// Returns coefficient `j` with the range in which the sum of squares stays within a threshold.
    pub(crate) fn estimate_within(&self, j: usize, threshold: f64) -> Option<Estimate> {
        let others: Vec<&[f64]> = (0..self.columns.len()).filter(|&k| k != j).map(|k| self.columns[k]).collect();
        let holds = |value: f64| {
            let offset: Vec<f64> = self.columns[j].iter().map(|b| value * b).collect();
            Problem {
                seconds: &self.times.seconds,
                columns: &others,
                offset: Some(&offset),
                weights: None,
                scale: Scale::Logarithm,
            }
            .solve()
            .is_some_and(|s| s.sum_of_squares <= threshold)
        };
        around(self.coefficients[j], self.largest(j), holds)
    }

    /// Returns the ratio of coefficient `j` to coefficient `k` with its interval, for a fit of two columns.
    pub(crate) fn ratio(&self, j: usize, k: usize) -> Option<Estimate> {
        let value = self.coefficients[j] / self.coefficients[k];
        let threshold = self.threshold();
        let holds = |ratio: f64| {
            let column: Vec<f64> = self.columns[j].iter().zip(self.columns[k]).map(|(a, b)| ratio * a + b).collect();
            fit_logarithm(&self.times.seconds, &[&column]).is_some_and(|s| s.sum_of_squares <= threshold)
        };
        let scale = self.largest(j) / self.largest(k);
        value.is_finite().then(|| around(value, scale, holds))?
    }

    /// Returns the largest possible coefficient of a column: the one with which it alone explains a whole time.
    fn largest(&self, j: usize) -> f64 {
        self.times
            .seconds
            .iter()
            .zip(self.columns[j])
            .filter(|(_, b)| **b > 0.0)
            .map(|(t, b)| t / b)
            .fold(0.0, f64::max)
    }

    pub(crate) fn goodness(&self) -> CostsGoodness {
        self.times.goodness(self.sum_of_squares, self.parameters)
    }
}

/// Returns the interval around a value, in units of `scale`; `None` if it has no upper end.
fn around(value: f64, scale: f64, holds: impl Fn(f64) -> bool) -> Option<Estimate> {
    if !scale.is_finite() {
        return None;
    }
    let (least, most) = (1e-12 * scale, 1e12 * scale);
    let high = upper_end(value, least, most, &holds);
    let low = lower_end(value, least, &holds);
    Estimate::finite(value, low, high).filter(|e| e.high < most)
}
