//! The points of one fit, checked, sorted, and held column by column.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::law::Point;
use crate::law::errors::{Given, evenness, mean, squared};

/// Relative variance below which two timings are the same number, one part in a million: no timer and no printed table is
/// better, and the search for a knee is not either.
const LEAST_VARIANCE: f64 = 1e-12;

/// Efficiency of the median absolute deviation as an estimate of spread, at the normal distribution.
const MAD_EFFICIENCY: f64 = 0.37;

/// Degrees of freedom of errors whose repetitions are not known.
const UNKNOWN_FREEDOM: f64 = 1e4;

/// Checked points in ascending order of workers. Those that were measured once have the error of one repetition, where
/// other points tell it.
#[derive(Debug, Clone)]
pub(crate) struct Data {
    pub(crate) points: Vec<Point>,
    pub(crate) workers: Vec<f64>,
    pub(crate) seconds: Vec<f64>,
    pub(crate) ones: Vec<f64>,
    /// Mean square of the points' standard errors on the logarithmic scale; 0 when unknown.
    pub(crate) mean_square_error: f64,
    /// Number of different worker counts.
    pub(crate) distinct: usize,
    /// What unequal repetitions leave of the degrees of freedom of a sum of squares, at most 1.
    evenness: f64,
}

impl Data {
    /// Sorts and checks points; the fault of the first bad one otherwise.
    pub(crate) fn new(points: &[Point]) -> Result<Self, String> {
        if let Some(fault) = points.iter().find_map(Point::fault) {
            return Err(fault);
        }
        let mut points = points.to_vec();
        points.sort_by(|a, b| a.workers.total_cmp(&b.workers));
        let workers: Vec<f64> = points.iter().map(|p| p.workers).collect();
        let seconds = points.iter().map(|p| p.seconds).collect();
        let given: Vec<Given> = points.iter().map(|p| Given { log_se: p.log_se, repetitions: p.repetitions }).collect();
        let squares = squared(&given);
        for (point, square) in points.iter_mut().zip(&squares) {
            point.log_se = square.sqrt();
        }
        let steps = workers.windows(2).filter(|w| w[1] > w[0]).count();
        Ok(Self {
            mean_square_error: mean(&squares),
            evenness: evenness(&given),
            ones: vec![1.0; points.len()],
            distinct: steps + usize::from(!points.is_empty()),
            workers,
            seconds,
            points,
        })
    }

    /// Number of points.
    pub(crate) fn len(&self) -> usize {
        self.points.len()
    }

    /// Smallest and largest worker count.
    pub(crate) fn range(&self) -> Option<(f64, f64)> {
        Some((*self.workers.first()?, *self.workers.last()?))
    }

    /// `n − q`: degrees of freedom of a model of q parameters, at least one.
    pub(crate) fn freedom(&self, parameters: usize) -> f64 {
        self.len().saturating_sub(parameters).max(1) as f64
    }

    /// `s² = max(RSS/(n − q), mean SE²)`: residuals can be small by luck, but not smaller than the points' own error.
    pub(crate) fn variance(&self, sum_of_squares: f64, parameters: usize) -> f64 {
        (sum_of_squares / self.freedom(parameters)).max(self.mean_square_error).max(LEAST_VARIANCE)
    }

    /// The degrees of freedom of a residual variance: `n − q`, fewer where points measured once outweigh the others.
    pub(crate) fn residual_freedom(&self, parameters: usize) -> f64 {
        (self.freedom(parameters) * self.evenness).max(1.0)
    }

    /// Degrees of freedom behind the points' own errors: .37 of the repetitions' (the efficiency of the median absolute
    /// deviation, Rousseeuw & Croux 1993); very many where the repetitions are not known.
    pub(crate) fn error_freedom(&self) -> f64 {
        let repeated: usize = self.points.iter().map(|p| p.repetitions.saturating_sub(1)).sum();
        if repeated == 0 {
            return UNKNOWN_FREEDOM;
        }
        (MAD_EFFICIENCY * repeated as f64).max(1.0)
    }

    /// The sum of squares that bounds the profile-likelihood region of a model, `RSS + s² t²`: `s² = RSS/(n − q)` with
    /// Student's t on its degrees of freedom, but at least the mean SE² with t on the repetitions' degrees of freedom;
    /// on those of s² where the repetitions have fewer, since the region of s² alone covers already.
    pub(crate) fn threshold(&self, sum_of_squares: f64, parameters: usize, prob: f64) -> f64 {
        let freedom = self.residual_freedom(parameters);
        let scatter = sum_of_squares / self.freedom(parameters) * student_quantile(prob, freedom).powi(2);
        let errors = self.mean_square_error * student_quantile(prob, self.error_freedom().max(freedom)).powi(2);
        sum_of_squares + scatter.max(errors).max(LEAST_VARIANCE)
    }

    /// Akaike's criterion with the correction for few points, `n ln(σ²) + RSS/σ² − n + 2K + 2K(K + 1)/(n − K − 1)`,
    /// K = q + 1, up to a constant (Burnham & Anderson, "Model Selection and Multimodel Inference", 2002).
    ///
    /// `σ² = max(RSS/n, mean SE²)`: where the residuals exceed the points' own errors this is `n ln(RSS/n)`; below
    /// them a smaller RSS is luck and counts only as far as the known errors allow. `None` for `n ≤ K + 1`.
    pub(crate) fn aicc(&self, sum_of_squares: f64, parameters: usize) -> Option<f64> {
        let n = self.len() as f64;
        let k = parameters as f64 + 1.0;
        if n <= k + 1.0 {
            return None;
        }
        let variance = (sum_of_squares / n).max(self.mean_square_error).max(LEAST_VARIANCE);
        let deviance = n * variance.ln() + sum_of_squares / variance - n;
        Some(deviance + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0))
    }
}

/// Quantile of Student's t distribution.
pub(crate) fn student_quantile(prob: f64, freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, freedom.max(1.0)).map_or(1.96, |t| t.inverse_cdf(prob))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn student_quantiles_are_the_printed_ones() {
        for (freedom, t) in [(1.0, 12.706), (5.0, 2.571), (19.0, 2.093), (1000.0, 1.962)] {
            assert!((student_quantile(0.975, freedom) - t).abs() < 1e-3);
        }
    }

    #[test]
    fn points_are_sorted_and_counted() {
        let data = Data::new(&[Point::new(4.0, 1.0), Point::new(1.0, 3.0), Point::new(4.0, 1.1)]).unwrap();
        assert_eq!(data.workers, [1.0, 4.0, 4.0]);
        assert_eq!((data.len(), data.distinct), (3, 2));
        assert!(Data::new(&[Point::new(1.0, -1.0)]).is_err());
        assert_eq!(Data::new(&[]).unwrap().distinct, 0);
    }

    /// n = 10, RSS = 10 e: n ln(RSS/n) = 10; K = 3 adds 6 + 24/6.
    #[test]
    fn the_criterion_is_the_written_formula() {
        let points: Vec<Point> = (1..=10).map(|p| Point::new(f64::from(p), 1.0)).collect();
        let data = Data::new(&points).unwrap();
        let aicc = data.aicc(10.0 * 1_f64.exp(), 2).unwrap();
        assert!((aicc - 20.0).abs() < 1e-12);
        assert_eq!(data.aicc(1.0, 8), None);
    }

    #[test]
    fn the_points_own_error_is_the_least_variance() {
        let mut points: Vec<Point> = (1..=10).map(|p| Point::new(f64::from(p), 1.0)).collect();
        for p in &mut points {
            p.log_se = 0.1;
        }
        let data = Data::new(&points).unwrap();
        assert!((data.variance(0.0, 2) - 0.01).abs() < 1e-15);
        assert!((data.variance(0.8, 2) - 0.1).abs() < 1e-15);
    }
}
