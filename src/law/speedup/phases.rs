//! The serial fraction from two sources: the fitted curve and the phase timers.

use serde::Serialize;

use crate::stats::Estimate;

use super::result::SpeedupFit;

/// Whether the phase timers agree with the curve.
#[derive(Serialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Agreement {
    /// The intervals overlap.
    Agrees,
    /// The timers find more serial time than the curve: some of it overlaps with the kernel, or workers share it too.
    TimersFindMore,
    /// The timers find less serial time than the curve: something else limits scaling (imbalance between workers,
    /// memory, a queue), and no timer shows it.
    TimersFindLess,
    /// The curve gives no serial fraction.
    NothingToCompare,
}

/// The serial fraction from the phase timers, beside the fitted one.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct PhaseComparison {
    /// Time of the serial phases divided by the time on one worker.
    pub by_timers: Estimate,
    /// The fitted interval; its lower end is 0 if only a bound is known. `None` without either.
    pub by_curve: Option<(f64, f64)>,
    /// Whether they agree.
    pub agreement: Agreement,
}

/// Compares the serial fraction of the phase timers, `serial seconds / T(1)`, with that of a fit.
pub fn compare_phases(fit: &SpeedupFit, by_timers: Estimate) -> PhaseComparison {
    let by_curve = match (fit.serial_fraction, fit.serial_fraction_upper) {
        (Some(s), _) => Some((s.low, s.high)),
        (None, Some(upper)) => Some((0.0, upper)),
        (None, None) => None,
    };
    let agreement = match by_curve {
        None => Agreement::NothingToCompare,
        Some((_, high)) if by_timers.low > high => Agreement::TimersFindMore,
        Some((low, _)) if by_timers.high < low => Agreement::TimersFindLess,
        Some(_) => Agreement::Agrees,
    };
    PhaseComparison { by_timers, by_curve, agreement }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::{Point, speedup::fit};

    #[test]
    fn timers_and_curve_are_compared() {
        let points: Vec<Point> = (0..10)
            .map(|i| {
                let p = f64::from(1 << i);
                let wobble = if i % 2 == 0 { 1.005 } else { 0.995 };
                Point::new(p, wobble * (0.02 + 0.98 / p))
            })
            .collect();
        let fit = fit(&points);
        let by_timers = |low, high| Estimate { value: f64::midpoint(low, high), low, high };
        let agreement = |low, high| compare_phases(&fit, by_timers(low, high)).agreement;
        assert_eq!(agreement(0.0199, 0.0201), Agreement::Agrees);
        assert_eq!(agreement(0.03, 0.04), Agreement::TimersFindMore);
        assert_eq!(agreement(0.001, 0.002), Agreement::TimersFindLess);
        let refused = super::super::fit(&[]);
        let nothing = compare_phases(&refused, by_timers(0.1, 0.2));
        assert_eq!(nothing.agreement, Agreement::NothingToCompare);
    }
}
