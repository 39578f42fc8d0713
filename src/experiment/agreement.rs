//! Experiments check each other: two measurements of one thing must agree.

use crate::record::{Check, DeviceKind, Run};
use crate::stats::Estimate;
use crate::units;

/// One thing by two measurements, each with its 95 % interval.
pub(super) struct Agreement {
    /// What is compared with what: a name that fits whether they agree or not.
    pub(super) name: &'static str,
    /// What was compared, and where.
    pub(super) place: String,
    /// The first measurement, with what it is.
    pub(super) first: (&'static str, Estimate),
    /// The second.
    pub(super) second: (&'static str, Estimate),
    /// Factor by which they may differ beside their intervals: the noise between two experiments.
    pub(super) factor: f64,
    /// The unit in which both are shown.
    pub(super) unit: fn(f64) -> String,
    /// Why they may differ further, if that is known.
    pub(super) cause: Option<String>,
}

impl Agreement {
    /// Returns the check. A difference whose cause is known is told and is no fault.
    pub(super) fn check(self) -> Check {
        let Self { name, place, first, second, factor, unit, cause } = self;
        let agrees = first.1.low <= second.1.high * factor && second.1.low <= first.1.high * factor;
        let shown = |Estimate { value, low, high }| {
            let interval = if low < high { format!(" ({} to {})", unit(low), unit(high)) } else { String::new() };
            unit(value) + &interval
        };
        let why = cause.filter(|_| !agrees);
        let explained = why.is_some();
        Check {
            name: name.to_owned(),
            passed: agrees || explained,
            detail: format!(
                "{place}: {} {}, {} {}{}",
                first.0,
                shown(first.1),
                second.0,
                shown(second.1),
                why.map_or(String::new(), |cause| format!("; {} {cause}", Check::EXPLAINED))
            ),
        }
    }
}

/// The threads of a software adapter sleep between two jobs. Waking them makes a short time up to this many times
/// longer: 40 and 120 µs were seen for one launch, depending on what ran before it.
const ASLEEP: f64 = 4.0;

/// Longest time that a waking thread changes noticeably, in seconds.
const SHORT: f64 = 1e-3;

/// Returns why two short times of a software adapter differ, if its sleeping threads explain that much.
pub(super) fn asleep(run: &Run, first: Estimate, second: Estimate) -> Option<String> {
    let is_software = run.device.planned_as() == DeviceKind::Software;
    let explains = first.low.max(second.low) <= ASLEEP * first.high.min(second.high);
    let is_short = first.value.min(second.value) <= SHORT;
    (is_software && explains && is_short)
        .then(|| "the threads of a software GPU sleep between jobs and wake late".to_owned())
}

/// Returns the checks of all experiments of a run on one another. Checks of one name become one: the first that failed,
/// or else the first.
pub(super) fn checks(run: &Run) -> Vec<Check> {
    let mut merged: Vec<(Check, usize)> = Vec::new();
    for check in super::registry::chapters(run).iter().flat_map(|chapter| chapter.checks()) {
        match merged.iter_mut().find(|(known, _)| known.name == check.name) {
            Some((known, count)) => {
                *count += 1;
                if known.passed && !check.passed {
                    *known = check;
                }
            }
            None => merged.push((check, 1)),
        }
    }
    let told = |(check, count): (Check, usize)| Check {
        detail: if count > 1 {
            format!("{} compared; one of them: {}", units::count(count as u64), check.detail)
        } else {
            check.detail
        },
        ..check
    };
    merged.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(value: f64) -> Estimate {
        Estimate { value, low: 0.95 * value, high: 1.05 * value }
    }

    fn agreement(second: f64, cause: Option<&str>) -> Check {
        Agreement {
            name: "both say the same",
            place: "fma".to_owned(),
            first: ("the one", estimate(10.0)),
            second: ("the other", estimate(second)),
            factor: 1.2,
            unit: units::ratio,
            cause: cause.map(str::to_owned),
        }
        .check()
    }

    #[test]
    fn threads_that_sleep_explain_short_times_of_software_adapters_alone() {
        let mut run = crate::experiment::fixture::run(Vec::new());
        let [short, long] = [estimate(40e-6), estimate(120e-6)];
        assert_eq!(asleep(&run, short, long), None, "a GPU");
        run.device.kind = DeviceKind::Software;
        assert!(asleep(&run, short, long).is_some() && asleep(&run, long, short).is_some());
        assert_eq!(asleep(&run, short, estimate(240e-6)), None, "six times as long");
        assert_eq!(asleep(&run, estimate(4e-3), estimate(12e-3)), None, "no short times");
    }

    #[test]
    fn a_difference_beyond_the_noise_fails_unless_its_cause_is_known() {
        assert!(agreement(11.0, None).passed);
        let apart = agreement(20.0, None);
        assert!(!apart.passed && apart.detail.contains("the one 10.0") && apart.detail.contains("the other 20.0"));
        let explained = agreement(20.0, Some("the caches are cold"));
        assert!(explained.passed && explained.detail.contains("because the caches are cold"), "{explained:?}");
        assert!(!agreement(11.0, Some("the caches are cold")).detail.contains("because"));
    }
}
