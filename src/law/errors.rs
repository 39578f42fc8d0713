//! The errors of points of which some were repeated and others not.

/// Variance of the median of r normal values over that of one, times r: π/2.
const MEDIAN_VARIANCE: f64 = std::f64::consts::FRAC_PI_2;

/// Fewest repetitions beyond the first ones that tell a scatter: from fewer, the errors of the other points stay
/// unknown.
const FEWEST_REPEATED: usize = 5;

/// A point's standard error on the logarithmic scale, 0 when unknown, and its repetitions, 0 when unknown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Given {
    pub(crate) log_se: f64,
    pub(crate) repetitions: usize,
}

impl Given {
    /// Variance of its median over that of one repetition. A point that does not tell its repetitions counts as one.
    fn share(self) -> f64 {
        if self.repetitions < 2 { 1.0 } else { MEDIAN_VARIANCE / self.repetitions as f64 }
    }

    /// Degrees of freedom of its own scatter.
    fn freedom(self) -> usize {
        self.repetitions.saturating_sub(1)
    }
}

/// The squared standard errors of points. A point measured once has no error of its own, which is not an error of zero:
/// it gets the scatter of one repetition, pooled over the points that were repeated,
/// `σ² = Σ (r − 1) SE² r/(π/2) / Σ (r − 1)`, and a repeated point without a scatter (a coarse clock) gets `σ² (π/2)/r`.
///
/// Where too few were repeated for that, points of unknown error get the mean square of errors that came without
/// repetitions; and if there are none of these either, no error is known: all are 0.
pub(crate) fn squared(points: &[Given]) -> Vec<f64> {
    let known = || points.iter().filter(|p| p.log_se > 0.0);
    let as_given = || points.iter().map(|p| p.log_se * p.log_se).collect();
    if known().count() == points.len() {
        return as_given();
    }
    let freedom: usize = points.iter().map(|p| p.freedom()).sum();
    if freedom >= FEWEST_REPEATED {
        let sum: f64 = points.iter().map(|p| p.freedom() as f64 * p.log_se * p.log_se / p.share()).sum();
        let one = sum / freedom as f64;
        return points.iter().map(|p| if p.log_se > 0.0 { p.log_se * p.log_se } else { one * p.share() }).collect();
    }
    let stated: Vec<f64> = known().filter(|p| p.repetitions == 0).map(|p| p.log_se * p.log_se).collect();
    if stated.is_empty() {
        return vec![0.0; points.len()];
    }
    let mean = stated.iter().sum::<f64>() / stated.len() as f64;
    points.iter().map(|p| if p.log_se > 0.0 { p.log_se * p.log_se } else { mean }).collect()
}

/// What unequal repetitions leave of the degrees of freedom of a sum of squares: `(Σ v)²/(n Σ v²)` with v the variances
/// of the points, 1 if these are equal (F. E. Satterthwaite, Biometrics Bulletin 2, 1946). From the repetitions
/// alone, since estimates of equal variances differ; 1 if these are not known.
pub(crate) fn evenness(points: &[Given]) -> f64 {
    if points.is_empty() || points.iter().any(|p| p.repetitions == 0) {
        return 1.0;
    }
    let sum: f64 = points.iter().map(|p| p.share()).sum();
    let squares: f64 = points.iter().map(|p| p.share().powi(2)).sum();
    sum * sum / (points.len() as f64 * squares)
}

/// The mean of squared errors; 0 of none.
pub(crate) fn mean(squares: &[f64]) -> f64 {
    squares.iter().sum::<f64>() / squares.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(pairs: &[(f64, usize)]) -> Vec<Given> {
        pairs.iter().map(|&(log_se, repetitions)| Given { log_se, repetitions }).collect()
    }

    /// 20 repetitions with an error of .1: one has the variance .01 × 20/1.5708 = .1273.
    #[test]
    fn a_single_row_has_the_scatter_of_the_repeated_ones() {
        let squares = squared(&given(&[(0.1, 20), (0.0, 1), (0.0, 10)]));
        assert!((squares[0] - 0.01).abs() < 1e-15);
        // Nine of 28 degrees of freedom saw no scatter at all.
        let one = 0.01 * 20.0 / MEDIAN_VARIANCE * 19.0 / 28.0;
        assert!((squares[1] - one).abs() < 1e-12, "{squares:?}");
        assert!((squares[2] - one * MEDIAN_VARIANCE / 10.0).abs() < 1e-12, "{squares:?}");
    }

    #[test]
    fn what_nothing_tells_stays_unknown() {
        assert_eq!(squared(&given(&[(0.0, 1), (0.0, 1)])), [0.0, 0.0]);
        assert_eq!(squared(&given(&[(0.1, 2), (0.0, 1)])), [0.0, 0.0]);
        assert_eq!(squared(&given(&[(0.5, 0), (0.0, 0)])), [0.25, 0.25]);
        assert_eq!(squared(&given(&[(0.5, 2), (0.25, 2)])), [0.25, 0.0625]);
        assert!(squared(&[]).is_empty() && mean(&[]) == 0.0);
    }

    #[test]
    fn equal_repetitions_leave_all_degrees_of_freedom() {
        assert!((evenness(&given(&[(0.1, 20), (0.3, 20), (0.0, 20)])) - 1.0).abs() < 1e-12);
        assert_eq!(evenness(&given(&[(0.1, 0), (0.3, 20)])), 1.0);
        // Variances 1 and 1.5708/20 = .0785: (1.0785)²/(2 × 1.0062) = .578.
        assert!((evenness(&given(&[(0.1, 20), (0.0, 1)])) - 0.578).abs() < 1e-3);
    }
}
