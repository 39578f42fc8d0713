//! Errors of points if some were measured once and others repeatedly.

/// Variance of the median of r normal values, times r, relative to the variance of one value: π/2.
const MEDIAN_VARIANCE: f64 = std::f64::consts::FRAC_PI_2;

/// Fewest degrees of freedom for a pooled scatter. With fewer, the errors of the other points stay unknown.
const FEWEST_REPEATED: usize = 5;

/// A point's standard error on the logarithmic scale and its number of repetitions. Either is 0 if unknown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Given {
    pub(crate) log_se: f64,
    pub(crate) repetitions: usize,
}

impl Given {
    /// Returns the variance of the point's median relative to one repetition. A point with unknown repetitions counts
    /// as one.
    fn share(self) -> f64 {
        if self.repetitions < 2 { 1.0 } else { MEDIAN_VARIANCE / self.repetitions as f64 }
    }

    /// Returns the degrees of freedom of the point's own scatter.
    fn freedom(self) -> usize {
        self.repetitions.saturating_sub(1)
    }
}

/// Returns the squared standard errors of points.
///
/// A point measured once has an unknown error, not an error of zero. It gets the scatter of one repetition, pooled over
/// the repeated points: `σ² = Σ (r − 1) SE² r/(π/2) / Σ (r − 1)`. A repeated point without scatter (a coarse clock)
/// gets `σ² (π/2)/r`.
///
/// If too few points were repeated, points of unknown error get the mean square of the errors that came without
/// repetitions. If there are none of these either, all errors are 0 (unknown).
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

/// Returns the factor by which unequal repetitions reduce the degrees of freedom of a sum of squares: `(Σ v)²/(n Σ
/// v²)`, with v the variances of the points. It is 1 if they are equal (F. E. Satterthwaite, Biometrics Bulletin 2,
/// 1946). The variances follow from the repetitions alone, because estimates of equal variances differ. Returns 1 if
/// repetitions are unknown.
pub(crate) fn evenness(points: &[Given]) -> f64 {
    if points.is_empty() || points.iter().any(|p| p.repetitions == 0) {
        return 1.0;
    }
    let sum: f64 = points.iter().map(|p| p.share()).sum();
    let squares: f64 = points.iter().map(|p| p.share().powi(2)).sum();
    sum * sum / (points.len() as f64 * squares)
}

/// Returns the mean of squared errors; 0 for an empty list.
pub(crate) fn mean(squares: &[f64]) -> f64 {
    squares.iter().sum::<f64>() / squares.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(pairs: &[(f64, usize)]) -> Vec<Given> {
        pairs.iter().map(|&(log_se, repetitions)| Given { log_se, repetitions }).collect()
    }

    /// 20 repetitions with an error of 0.1: the variance of one repetition is 0.01 × 20/1.5708 = 0.1273.
    #[test]
    fn a_single_row_has_the_scatter_of_the_repeated_ones() {
        let squares = squared(&given(&[(0.1, 20), (0.0, 1), (0.0, 10)]));
        assert!((squares[0] - 0.01).abs() < 1e-15);
        // The third point adds nine degrees of freedom without scatter: 19 of 28 remain.
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
        // Variances 1 and 1.5708/20 = 0.0785: (1.0785)²/(2 × 1.0062) = 0.578.
        assert!((evenness(&given(&[(0.1, 20), (0.0, 1)])) - 0.578).abs() < 1e-3);
    }
}
