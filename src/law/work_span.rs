//! A job by its work and its span: what any schedule may reach, and what every greedy one does.
//!
//! Work T(1) is the time on one worker. Span T(∞) is the longest chain of operations that wait for each other: the time
//! on endless workers.

use serde::Serialize;

use super::reason::Reason;

/// Work and span of a job.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct WorkSpan {
    /// T(1), in seconds.
    pub work_seconds: f64,
    /// T(∞), in seconds.
    pub span_seconds: f64,
}

impl WorkSpan {
    /// Builds the pair. Both times must be positive, and the span no longer than the work.
    ///
    /// # Errors
    ///
    /// Names the time that is impossible.
    pub fn new(work_seconds: f64, span_seconds: f64) -> Result<Self, Reason> {
        let bad = |name: &str, seconds| Err(Reason::BadPart { name: name.to_owned(), seconds });
        if !(work_seconds.is_finite() && work_seconds > 0.0) {
            return bad("work", work_seconds);
        }
        if !(span_seconds > 0.0 && span_seconds <= work_seconds) {
            return bad("span", span_seconds);
        }
        Ok(Self { work_seconds, span_seconds })
    }

    /// Returns the longest time that a schedule takes on p workers if it lets no worker rest while there is work for
    /// it, in seconds: `(T(1) − T(∞))/p + T(∞)`. This is Amdahl's law with `s = T(∞)/T(1)`.
    ///
    /// Source: R. P. Brent, "The Parallel Evaluation of General Arithmetic Expressions", Journal of the ACM 21 (1974),
    /// lemma 2. For greedy schedules: R. L. Graham, "Bounds on Multiprocessing Timing Anomalies", SIAM J. Appl. Math.
    /// 17 (1969).
    pub fn longest_seconds(&self, workers: f64) -> f64 {
        (self.work_seconds - self.span_seconds) / workers + self.span_seconds
    }

    /// Returns the time that no schedule on p workers is faster than, in seconds: `max(T(1)/p, T(∞))`.
    pub fn least_seconds(&self, workers: f64) -> f64 {
        (self.work_seconds / workers).max(self.span_seconds)
    }

    /// Returns the speedup that no schedule on p workers exceeds: `T(1)/max(T(1)/p, T(∞))`.
    pub fn most_speedup(&self, workers: f64) -> f64 {
        self.work_seconds / self.least_seconds(workers)
    }

    /// Returns the parallelism `T(1)/T(∞)`: the speedup that no number of workers exceeds.
    pub fn parallelism(&self) -> f64 {
        self.work_seconds / self.span_seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::formula::amdahl;

    /// The dag of fib(4) has 17 strands, of which 8 follow each other: Cormen, Leiserson, Rivest & Stein, "Introduction
    /// to Algorithms", chapter "Multithreaded Algorithms". Parallelism 17/8 = 2.125.
    #[test]
    fn work_and_span_of_the_textbook() {
        let job = WorkSpan::new(17.0, 8.0).unwrap();
        assert_eq!(job.parallelism(), 2.125);
        assert_eq!([1.0, 2.0, 4.0].map(|p| job.longest_seconds(p)), [17.0, 12.5, 10.25]);
        assert_eq!([1.0, 2.0, 4.0].map(|p| job.least_seconds(p)), [17.0, 8.5, 8.0]);
        for p in [1.0, 2.0, 3.0, 100.0] {
            assert!((17.0 / job.longest_seconds(p) - amdahl(8.0 / 17.0, p)).abs() < 1e-12);
        }
    }

    #[test]
    fn impossible_pairs_are_named() {
        for (work, span, name) in [(0.0, 1.0, "work"), (f64::NAN, 1.0, "work"), (2.0, 3.0, "span"), (2.0, 0.0, "span")]
        {
            let Reason::BadPart { name: found, .. } = WorkSpan::new(work, span).unwrap_err() else { panic!() };
            assert_eq!(found, name);
        }
    }
}
