//! One measured point of a speedup curve.

use serde::Serialize;

use crate::stats::Summary;

use super::reason::Reason;

/// The time on one worker count.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Workers p, at least 1.
    pub workers: f64,
    /// Median time, in seconds.
    pub seconds: f64,
    /// Standard error of that median on the logarithmic scale ([`crate::stats::log_standard_error`]); 0 if unknown. A
    /// fit then uses the scatter of the repeated points, if there are any.
    pub log_se: f64,
    /// Repetitions behind the median; 0 if unknown.
    pub repetitions: usize,
}

impl Point {
    /// Returns a point whose error is unknown.
    pub fn new(workers: f64, seconds: f64) -> Self {
        Self { workers, seconds, log_se: 0.0, repetitions: 0 }
    }

    /// Returns the point of a summary in seconds.
    pub fn from_summary(workers: f64, summary: &Summary) -> Self {
        Self { workers, seconds: summary.median, log_se: summary.log_se.unwrap_or(0.0), repetitions: summary.count }
    }

    /// Returns the point with `offset` seconds subtracted. Its error in seconds stays the same.
    #[must_use]
    pub fn less(self, offset: f64) -> Self {
        let seconds = self.seconds - offset;
        Self { seconds, log_se: self.log_se * (self.seconds / seconds).max(0.0), ..self }
    }

    /// Returns what is wrong with the point, if anything.
    pub(crate) fn fault(&self) -> Option<Reason> {
        let Self { workers, seconds, log_se, .. } = *self;
        if !(workers.is_finite() && workers >= 1.0) {
            return Some(Reason::BadWorkers { workers });
        }
        if !(seconds.is_normal() && seconds > 0.0) {
            return Some(Reason::BadTimeOn { workers, seconds });
        }
        (!(log_se.is_finite() && log_se >= 0.0)).then_some(Reason::BadErrorOn { workers, error: log_se })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_make_a_point() {
        let point = Point::from_summary(8.0, &Summary::of(&[2.0, 1.0, 4.0]).unwrap());
        assert_eq!((point.workers, point.seconds, point.repetitions), (8.0, 2.0, 3));
        assert!(point.log_se > 0.0);
    }

    #[test]
    fn a_known_part_is_taken_off() {
        let point = Point { log_se: 0.01, ..Point::new(8.0, 5.0) }.less(1.0);
        assert_eq!((point.seconds, point.log_se), (4.0, 0.0125));
        assert!(Point::new(8.0, 1.0).less(1.0).fault().is_some(), "nothing is left");
    }

    #[test]
    fn faults_are_named() {
        assert_eq!(Point::new(1.0, 1.0).fault(), None);
        for (p, t) in [(0.5, 1.0), (f64::NAN, 1.0), (1.0, 0.0), (1.0, -1.0), (1.0, f64::INFINITY)] {
            assert!(Point::new(p, t).fault().is_some(), "{p} {t}");
        }
    }
}
