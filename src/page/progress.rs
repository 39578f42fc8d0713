//! The words of the progress bar: the latest figure of an experiment, and the time left.

use super::words;
use crate::record::{Measurement, Phase};
use crate::stats::median;
use crate::units;

/// From this many seconds on the time left is told in minutes.
const MINUTES: f64 = 90.0;

/// Returns the median of a case as it stands: of its kernel, or of its launches if it has no kernel. `None` before the
/// first sample.
pub(crate) fn figure(case: &Measurement) -> Option<String> {
    let workers = || words::counted(case.workers, "worker");
    let launches = || words::counted(case.dispatches.into(), "launch");
    let known = [(Phase::Kernel, workers()), (Phase::Launch, launches())];
    known.into_iter().find_map(|(phase, of)| {
        let seconds = median(case.seconds(phase))?;
        Some(format!("{of}: {} {}", phase.name(), units::seconds(seconds)))
    })
}

/// Returns a time left, in seconds, as a few words.
pub(crate) fn left(seconds: f64) -> String {
    match seconds.max(0.0).ceil() {
        whole if whole >= MINUTES => format!("{:.0} min left", whole / 60.0),
        whole => format!("{whole:.0} s left"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture;

    #[test]
    fn the_latest_figure_is_that_of_the_kernel_or_of_the_launches() {
        let fixed = fixture::fixed_size(14.0);
        let kernel = units::seconds(median(fixed.cases[4].seconds(Phase::Kernel)).unwrap());
        assert_eq!(figure(&fixed.cases[4]), Some(format!("16 workers: kernel {kernel}")));
        let launches = fixture::launch_overhead();
        let said = figure(&launches.cases[0]).unwrap();
        assert!(said.starts_with("1 launch: launch "), "{said}");
        let several = launches.cases.iter().filter_map(figure).any(|said| said.contains(" launches: launch "));
        assert!(several, "{said}");
        let mut blank = fixed.cases[4].clone();
        blank.phases.clear();
        assert_eq!(figure(&blank), None);
    }

    #[test]
    fn the_time_left_is_short_and_never_below_nothing() {
        assert_eq!([-3.0, 0.2, 59.4, 240.0].map(left), ["0 s left", "1 s left", "60 s left", "4 min left"]);
    }
}
