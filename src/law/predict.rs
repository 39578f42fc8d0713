//! Predictions from a serial fraction without measuring: both laws, their ceilings, and a common mistake.

use serde::Serialize;

use super::formula::{amdahl, ceiling, efficiency, gustafson, share_of_ceiling, workers_at_share};
use super::reason::Reason;

/// One worker count of a prediction.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Workers p.
    pub workers: f64,
    /// Amdahl's speedup of a job of fixed size.
    pub amdahl: f64,
    /// Gustafson's scaled speedup, with the serial fraction as the serial share on p workers.
    pub gustafson: f64,
    /// Amdahl's speedup per worker.
    pub efficiency: f64,
    /// Amdahl's speedup divided by its ceiling, 0 to 1; 0 if there is no ceiling.
    pub share_of_ceiling: f64,
}

/// Predictions for one serial fraction.
#[derive(Serialize, Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Serial fraction s, 0 to 1.
    pub serial_fraction: f64,
    /// Ceiling `1/s`; `None` (no ceiling) for s = 0.
    pub ceiling: Option<f64>,
    /// The smallest whole worker count that reaches 90 % of the ceiling; `None` without a ceiling.
    pub workers_at_90_percent: Option<f64>,
    /// What to do about it.
    pub advice: Advice,
    /// One row for each requested worker count.
    pub rows: Vec<Row>,
}

/// Advice that follows from the parallel fraction P = 1 − s.
#[derive(Serialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Advice {
    /// P above 0.95: add workers.
    AddWorkers,
    /// P from 0.7 to 0.95: a few tens of workers reach most of the ceiling.
    AFewTens,
    /// P from 0.5 to 0.7: a handful of workers is enough; shorten the serial part instead.
    AHandful,
    /// P below 0.5: use a faster worker, or reduce the serial work.
    FasterWorker,
}

impl Advice {
    /// Returns the advice for a serial fraction.
    pub fn for_serial_fraction(serial_fraction: f64) -> Self {
        match 1.0 - serial_fraction {
            p if p > 0.95 => Self::AddWorkers,
            p if p >= 0.7 => Self::AFewTens,
            p if p >= 0.5 => Self::AHandful,
            _ => Self::FasterWorker,
        }
    }
}

/// Predicts speedups by both laws.
///
/// # Errors
///
/// Returns the reason if the serial fraction is outside 0 ..= 1, or if a worker count is below 1.
pub fn predict(serial_fraction: f64, workers: &[f64]) -> Result<Prediction, Reason> {
    if !(0.0..=1.0).contains(&serial_fraction) {
        return Err(Reason::BadSerialFraction { serial_fraction });
    }
    if let Some(&workers) = workers.iter().find(|p| !(p.is_finite() && **p >= 1.0)) {
        return Err(Reason::BadWorkers { workers });
    }
    let row = |&workers: &f64| {
        let speedup = amdahl(serial_fraction, workers);
        Row {
            workers,
            amdahl: speedup,
            gustafson: gustafson(serial_fraction, workers),
            efficiency: efficiency(speedup, workers),
            share_of_ceiling: share_of_ceiling(serial_fraction, workers),
        }
    };
    Ok(Prediction {
        serial_fraction,
        ceiling: ceiling(serial_fraction),
        workers_at_90_percent: workers_at_share(serial_fraction, 0.9),
        advice: Advice::for_serial_fraction(serial_fraction),
        rows: workers.iter().map(row).collect(),
    })
}

/// A step of work: workers share its computation, and its communication takes the same time on any number of workers.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Compute time C on one worker, in seconds.
    pub compute_seconds: f64,
    /// Communication time M, in seconds.
    pub communication_seconds: f64,
}

impl Step {
    /// Returns the time of the step on p workers in seconds, `M + C/p`.
    pub fn seconds(&self, workers: f64) -> f64 {
        self.communication_seconds + self.compute_seconds / workers
    }

    /// Returns the share of communication in the step on p workers, `s(p) = M/(C/p + M)`.
    pub fn communication_share(&self, workers: f64) -> f64 {
        self.communication_seconds / self.seconds(workers)
    }

    /// Returns the measured (wall-clock) speedup `(C + M)/(C/p + M)`: Amdahl's law with s(1).
    pub fn speedup(&self, workers: f64) -> f64 {
        self.seconds(1.0) / self.seconds(workers)
    }

    /// Returns the "effective" curve: s(p) put into Amdahl's formula, which already divides by p. It counts the same
    /// communication twice and falls beyond a few workers, although the measured time keeps improving. It is shown
    /// beside [`Step::speedup`] because it is a common mistake.
    pub fn effective_speedup(&self, workers: f64) -> f64 {
        amdahl(self.communication_share(workers), workers)
    }

    /// Returns the whole number of workers at which the effective curve is highest.
    ///
    /// The curve is `(C/p + M)/(M + C/p²)`. Its derivative is zero at `p = C/(√(M² + C M) − M)`. Returns `None` if
    /// there is no communication or no computation, because the curve then has no maximum.
    pub fn effective_peak(&self) -> Option<f64> {
        let (compute, communication) = (self.compute_seconds, self.communication_seconds);
        let root = communication.hypot((compute * communication).sqrt());
        let top = compute / (root - communication);
        if !(top.is_finite() && top > 0.0) {
            return None;
        }
        let (below, above) = (top.floor().max(1.0), top.ceil().max(1.0));
        Some(if self.effective_speedup(above) > self.effective_speedup(below) { above } else { below })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounds_to(value: f64, digits: i32, expected: f64) {
        let unit = 10_f64.powi(digits);
        assert_eq!((value * unit).round() / unit, expected, "{value}");
    }

    const STEP: Step = Step { compute_seconds: 1.8, communication_seconds: 0.02 };

    /// At 64 workers s = 20/48.125, and the curve is 1/(s + (1 − s)/64) = 2.3545. With s rounded to 0.415 it would be
    /// 2.36. The highest value for a whole number of workers is 5.2654, at 11.
    #[test]
    fn the_effective_curve_falls() {
        for (p, s) in [(1.0, 1.00), (8.0, 5.09), (64.0, 2.35), (256.0, 1.35), (1024.0, 1.09)] {
            rounds_to(STEP.effective_speedup(p), 2, s);
        }
        rounds_to(STEP.effective_speedup(10.0), 4, 5.2632);
        rounds_to(STEP.effective_speedup(11.0), 4, 5.2654);
        assert!((1..=1024).map(f64::from).all(|p| STEP.effective_speedup(p) <= STEP.effective_speedup(11.0)));
    }

    #[test]
    fn the_clock_keeps_improving() {
        for (p, digits, s) in [(1.0, 2, 1.00), (8.0, 2, 7.43), (64.0, 1, 37.8), (256.0, 1, 67.3), (1024.0, 1, 83.6)] {
            rounds_to(STEP.speedup(p), digits, s);
        }
    }

    #[test]
    fn a_prediction_is_both_laws_with_their_ceiling() {
        let p = predict(0.02, &[1.0, 64.0, 1024.0]).unwrap();
        assert_eq!((p.ceiling, p.workers_at_90_percent), (Some(50.0), Some(441.0)));
        assert_eq!(p.advice, Advice::AddWorkers);
        rounds_to(p.rows[1].amdahl, 2, 28.32);
        rounds_to(p.rows[2].gustafson, 2, 1003.54);
        rounds_to(p.rows[2].share_of_ceiling, 3, 0.954);
        rounds_to(p.rows[1].efficiency, 4, 0.4425);
        assert!(predict(1.5, &[1.0]).is_err());
        assert!(predict(f64::NAN, &[1.0]).is_err());
        assert!(predict(0.5, &[0.5]).is_err());
    }

    #[test]
    fn advice_is_graded_by_the_parallel_fraction() {
        for (s, advice) in
            [(0.0, Advice::AddWorkers), (0.1, Advice::AFewTens), (0.4, Advice::AHandful), (0.6, Advice::FasterWorker)]
        {
            assert_eq!(Advice::for_serial_fraction(s), advice);
        }
    }

    /// 20 ms of communication and 1800 ms of computation: the maximum lies between 10 and 11.
    #[test]
    fn the_effective_curve_has_its_top_at_ten_to_eleven() {
        let step = Step { compute_seconds: 1.8, communication_seconds: 0.02 };
        assert_eq!(step.effective_peak(), Some(11.0));
        let highest = (1..=1024).map(f64::from).map(|p| step.effective_speedup(p)).fold(0.0, f64::max);
        assert_eq!(step.effective_speedup(11.0), highest);
    }

    #[test]
    fn without_communication_or_compute_there_is_no_top() {
        assert_eq!(Step { compute_seconds: 1.0, communication_seconds: 0.0 }.effective_peak(), None);
        assert_eq!(Step { compute_seconds: 0.0, communication_seconds: 1.0 }.effective_peak(), None);
    }
}
