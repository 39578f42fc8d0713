//! The solver of every fit: non-negative least squares on a logarithmic (or other) scale.
//!
//! Every law here is a sum of costs that cannot be negative, `T(x) = o(x) + Σ cⱼ Bⱼ(x)` with `cⱼ ≥ 0`. Examples are
//! serial time, parallel time, and time that grows with the workers. The coefficients minimise `Σ wᵢ (f(tᵢ) − f(Tᵢ))²`.
//! `f` is the logarithm, or another function to compare estimators. Gauss–Newton steps solve a series of linear
//! problems `min |J c − r|², c ≥ 0` ([`super::non_negative`]). The first step, linearised at `T = t`, is the least
//! squares fit of relative errors.

use serde::Serialize;

use super::non_negative::{MAX_COLUMNS, Normal};

/// Gauss–Newton stops when the sum of squares falls by less than this share.
const CONVERGED: f64 = 1e-10;

/// Most Gauss–Newton steps. Fits with 5 % noise take three to six.
const MAX_STEPS: usize = 40;

/// Scale on which residuals are squared.
///
/// Only [`Scale::Logarithm`] recovers small serial fractions: times from one worker to a million span six decades. On
/// the other scales a few points carry all the weight. They are here to compare with published fits.
#[derive(Serialize, Debug, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// `ln t`: relative errors, so every point has the same weight.
    #[default]
    Logarithm,
    /// `t`: the slowest points dominate.
    Seconds,
    /// `1/t`: the fastest points dominate. R's `usl` package uses this scale.
    Throughput,
}

impl Scale {
    fn apply(self, seconds: f64) -> f64 {
        match self {
            Self::Logarithm => seconds.ln(),
            Self::Seconds => seconds,
            Self::Throughput => 1.0 / seconds,
        }
    }

    fn derivative(self, seconds: f64) -> f64 {
        match self {
            Self::Logarithm => 1.0 / seconds,
            Self::Seconds => 1.0,
            Self::Throughput => -1.0 / (seconds * seconds),
        }
    }
}

/// A least squares problem. All slices have one entry per observation.
#[derive(Clone, Copy)]
pub(crate) struct Problem<'a> {
    /// Observed times, positive, in seconds.
    pub(crate) seconds: &'a [f64],
    /// The columns `Bⱼ`: one to [`MAX_COLUMNS`].
    pub(crate) columns: &'a [&'a [f64]],
    /// Known part `o` of the time; `None` means zero.
    pub(crate) offset: Option<&'a [f64]>,
    /// Weights; `None` means one each.
    pub(crate) weights: Option<&'a [f64]>,
    /// Scale of the residuals.
    pub(crate) scale: Scale,
}

/// Coefficients `cⱼ ≥ 0` in the order of the columns (unused ones are zero), and the weighted sum of squares.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Solution {
    pub(crate) coefficients: [f64; MAX_COLUMNS],
    pub(crate) sum_of_squares: f64,
}

/// Minimises `Σ (ln t − ln Σ cⱼ Bⱼ)²` over `c ≥ 0`. Returns `None` if no finite solution exists.
pub(crate) fn fit_logarithm(seconds: &[f64], columns: &[&[f64]]) -> Option<Solution> {
    if let [column] = columns {
        return fit_one_column(seconds, column);
    }
    Problem { seconds, columns, offset: None, weights: None, scale: Scale::Logarithm }.solve()
}

/// Fits one column on the logarithmic scale in closed form: the mean of the log ratios.
fn fit_one_column(seconds: &[f64], column: &[f64]) -> Option<Solution> {
    let n = seconds.len() as f64;
    let (mut sum, mut squares) = (0.0, 0.0);
    let first = (seconds[0] / column[0]).ln();
    for (t, b) in seconds.iter().zip(column) {
        let z = (t / b).ln() - first;
        sum += z;
        squares += z * z;
    }
    let mean = sum / n;
    let sum_of_squares = (squares - sum * mean).max(0.0);
    sum_of_squares.is_finite().then(|| {
        let mut coefficients = [0.0; MAX_COLUMNS];
        coefficients[0] = (mean + first).exp();
        Solution { coefficients, sum_of_squares }
    })
}

/// One iterate: coefficients, the times that they give, and these times on the scale of the residuals.
struct Step {
    coefficients: [f64; MAX_COLUMNS],
    fitted: Vec<f64>,
    scaled: Vec<f64>,
    sum_of_squares: f64,
}

impl Problem<'_> {
    /// Solves the problem by Gauss–Newton with step halving. Returns `None` if no finite solution exists.
    pub(crate) fn solve(&self) -> Option<Solution> {
        let observed: Vec<f64> = self.seconds.iter().map(|&t| self.scale.apply(t)).collect();
        let mut best = self.start(&observed)?;
        for _ in 0..MAX_STEPS {
            let Some(target) = self.linear_step(&observed, &best.fitted, &best.scaled) else {
                break;
            };
            let Some(next) = self.towards(&observed, &best, &target) else {
                break;
            };
            let gain = best.sum_of_squares - next.sum_of_squares;
            best = next;
            if gain <= CONVERGED * best.sum_of_squares {
                break;
            }
        }
        Some(Solution { coefficients: best.coefficients, sum_of_squares: best.sum_of_squares })
    }

    /// Returns the relative fit, linearised at the data. If it fails, each column gets an equal share of the mean time.
    fn start(&self, observed: &[f64]) -> Option<Step> {
        let relative = self
            .linear_step(observed, self.seconds, observed)
            .map(|coefficients| self.step(observed, coefficients))
            .filter(|step| step.sum_of_squares.is_finite());
        relative.or_else(|| {
            let mut coefficients = [0.0; MAX_COLUMNS];
            let total: f64 = self.seconds.iter().sum();
            for (c, column) in coefficients.iter_mut().zip(self.columns) {
                *c = total / column.iter().sum::<f64>() / self.columns.len() as f64;
            }
            Some(self.step(observed, coefficients)).filter(|step| step.sum_of_squares.is_finite())
        })
    }

    /// Tries the whole step towards `target`, then a half, a quarter and so on; returns the first that improves on
    /// `from`.
    fn towards(&self, observed: &[f64], from: &Step, target: &[f64; MAX_COLUMNS]) -> Option<Step> {
        let mut share = 1.0;
        while share > 1e-4 {
            let mut coefficients = from.coefficients;
            for (c, goal) in coefficients.iter_mut().zip(target) {
                *c += share * (goal - *c);
            }
            let candidate = self.step(observed, coefficients);
            if candidate.sum_of_squares < from.sum_of_squares {
                return Some(candidate);
            }
            share *= 0.5;
        }
        None
    }

    fn weight(&self, i: usize) -> f64 {
        self.weights.map_or(1.0, |w| w[i])
    }

    fn step(&self, observed: &[f64], coefficients: [f64; MAX_COLUMNS]) -> Step {
        let mut fitted = self.offset.map_or_else(|| vec![0.0; observed.len()], <[f64]>::to_vec);
        for (column, c) in self.columns.iter().zip(coefficients) {
            for (sum, b) in fitted.iter_mut().zip(*column) {
                *sum += c * b;
            }
        }
        let scaled: Vec<f64> = fitted.iter().map(|&f| self.scale.apply(f)).collect();
        let sum_of_squares = (0..observed.len()).map(|i| self.weight(i) * (observed[i] - scaled[i]).powi(2)).sum();
        Step { coefficients, fitted, scaled, sum_of_squares }
    }

    /// Solves the problem linearised at fitted times T: rows `f'(T) B`, targets `f(t) − f(T) + f'(T)(T − o)`.
    fn linear_step(&self, observed: &[f64], fitted: &[f64], scaled: &[f64]) -> Option<[f64; MAX_COLUMNS]> {
        let mut normal = Normal::new(self.columns.len());
        for (i, &f) in fitted.iter().enumerate() {
            let slope = self.scale.derivative(f);
            let known = self.offset.map_or(0.0, |o| o[i]);
            let target = observed[i] - scaled[i] + slope * (f - known);
            let mut row = [0.0; MAX_COLUMNS];
            for (r, column) in row.iter_mut().zip(self.columns) {
                *r = slope * column[i];
            }
            normal.add(&row, target, self.weight(i));
        }
        normal.solve()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-9 * b.abs().max(1e-12), "{a} is not {b}");
    }

    #[test]
    fn recovers_three_planted_coefficients() {
        let p: Vec<f64> = (0..12).map(|i| f64::from(1 << i)).collect();
        let one = vec![1.0; p.len()];
        let inverse: Vec<f64> = p.iter().map(|p| 1.0 / p).collect();
        let grows: Vec<f64> = p.iter().map(|p| p - 1.0).collect();
        let t: Vec<f64> = p.iter().map(|p| 0.02 + 3.0 / p + 1e-6 * (p - 1.0)).collect();
        let s = fit_logarithm(&t, &[&one, &inverse, &grows]).unwrap();
        close(s.coefficients[0], 0.02);
        close(s.coefficients[1], 3.0);
        close(s.coefficients[2], 1e-6);
        assert!(s.sum_of_squares < 1e-20);
    }

    #[test]
    fn a_negative_part_is_held_at_zero() {
        let p: [f64; 5] = [1.0, 2.0, 4.0, 8.0, 16.0];
        let t: Vec<f64> = p.iter().map(|p| 1.0 / p - 0.01).collect();
        let inverse: Vec<f64> = p.iter().map(|p| 1.0 / p).collect();
        let s = fit_logarithm(&t, &[&[1.0; 5], &inverse]).unwrap();
        assert_eq!(s.coefficients[0], 0.0);
        assert!(s.coefficients[1] > 0.9);
    }

    #[test]
    fn an_offset_is_part_of_the_time() {
        let x = [1.0, 2.0, 3.0, 4.0];
        let t: Vec<f64> = x.iter().map(|x| 5.0 + 2.0 * x).collect();
        let s =
            Problem { seconds: &t, columns: &[&x], offset: Some(&[5.0; 4]), weights: None, scale: Scale::Logarithm }
                .solve()
                .unwrap();
        close(s.coefficients[0], 2.0);
    }

    /// A constant is fitted as the arithmetic, the harmonic or the geometric mean.
    #[test]
    fn scales_are_the_three_means() {
        let t = [1.0, 2.0, 4.0];
        let one = [1.0; 3];
        let mean = |scale| {
            Problem { seconds: &t, columns: &[&one], offset: None, weights: None, scale }.solve().unwrap().coefficients
                [0]
        };
        assert!((mean(Scale::Seconds) - 7.0 / 3.0).abs() < 1e-6);
        assert!((mean(Scale::Throughput) - 12.0 / 7.0).abs() < 1e-4);
        assert!((mean(Scale::Logarithm) - 2.0).abs() < 1e-6);
        close(fit_logarithm(&t, &[&one]).unwrap().coefficients[0], 2.0);
    }
}
