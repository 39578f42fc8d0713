//! What a strong-scaling experiment shows: how much faster, and what ends it.

use super::series::{Speedups, Timed, serial_phases, speedup_fit};
use super::{waves, what_if};
use crate::law::Verdict;
use crate::law::speedup::SpeedupFit;
use crate::page::reason::reason;
use crate::page::words;
use crate::record::{Experiment, Phase, Quantity, Run};
use crate::stats::Estimate;
use crate::units;

/// The kernel, the job as a user waits for it, which phase limits that, and the waves of workgroups.
pub(super) fn sentences(run: &Run, experiment: &Experiment) -> Vec<String> {
    let what_if = what_if::sentence(experiment);
    let waves = waves::sentence(experiment);
    let all = [kernel(run, experiment), whole_job(run, experiment), what_if, waves];
    all.into_iter().flatten().collect()
}

fn kernel(run: &Run, experiment: &Experiment) -> Option<String> {
    let gain = Gain::of(experiment, Quantity::Kernel)?;
    let start = format!("{}: the kernel {}", words::workload(experiment), gain.faster(run, experiment, true));
    let limit = speedup_fit(experiment, Quantity::Kernel).map(|(fit, _)| limit(fit));
    Some(join(&start, limit))
}

fn whole_job(run: &Run, experiment: &Experiment) -> Option<String> {
    let gain = Gain::of(experiment, Quantity::WholeJob)?;
    let longest = gain.longest_phase().map(|(phase, seconds)| {
        let left = units::seconds(gain.best.time.median);
        format!(", and {} takes {} of the {left} that are left", words::phase(phase), units::seconds(seconds))
    });
    let start = format!(
        "{}: the whole job {}{}",
        words::workload(experiment),
        gain.faster(run, experiment, true),
        longest.unwrap_or_default()
    );
    let fit = speedup_fit(experiment, Quantity::WholeJob);
    let said = join(&start, fit.map(|(fit, _)| limit(fit)));
    let disagreement = fit.and_then(|(fit, by_timers)| {
        let by_timers = by_timers?;
        Some((words::percent(by_timers), words::disagreement(fit, by_timers)?))
    });
    Some(match disagreement {
        Some((share, why)) => format!("{said} The phase timers find {share} serial: {why}."),
        None => said,
    })
}

/// A sentence, and after it what limits the speedup.
fn join(start: &str, limit: Option<String>) -> String {
    let start = words::stopped(start);
    limit.map_or(start.clone(), |limit| format!("{start} {}", words::sentence(&limit)))
}

/// A speedup with its absolutes.
pub(super) struct Gain<'a> {
    pub(super) base: Timed<'a>,
    pub(super) best: Timed<'a>,
    pub(super) speedup: Estimate,
}

impl<'a> Gain<'a> {
    /// The gain of an experiment over its fewest workers; `None` where nothing was timed.
    pub(super) fn of(experiment: &'a Experiment, quantity: Quantity) -> Option<Self> {
        let speedups = Speedups::of(experiment, quantity)?;
        if speedups.points.len() < 2 {
            return None;
        }
        let (best, speedup) = *speedups.best()?;
        Some(Self { base: speedups.base, best, speedup })
    }

    /// `runs 14.1 times (13.9–14.3) faster with 64 invocations than with one: 212 ms becomes 15.1 ms`, the interval
    /// where it is wanted. A speedup whose interval holds one is not called one.
    pub(super) fn faster(&self, run: &Run, experiment: &Experiment, interval: bool) -> String {
        let (before, after) = (units::seconds(self.base.time.median), units::seconds(self.best.time.median));
        let fewest = experiment.workers(self.base.case);
        let few = if fewest == 1 { "one".to_owned() } else { units::size(fewest) };
        if std::ptr::eq(self.best.case, self.base.case) {
            let workers = words::workers(run, experiment, fewest);
            return format!("is fastest with {workers}, in {before}: more of them only add to it");
        }
        let many = words::workers(run, experiment, experiment.workers(self.best.case));
        if self.speedup.contains(1.0) {
            let ratio = words::times(self.speedup);
            return format!("takes {after} with {many} and {before} with {few}: {ratio}, which may be noise");
        }
        let faster = if interval {
            words::faster(self.speedup)
        } else {
            format!("{} times faster", units::ratio(self.speedup.value))
        };
        format!("runs {faster} with {many} than with {few}: {before} becomes {after}")
    }

    /// The longest part of the fastest job, in seconds.
    pub(super) fn longest_phase(&self) -> Option<(Phase, f64)> {
        let kernel = super::series::phase(self.best.case, Phase::Kernel).map(|seconds| (Phase::Kernel, seconds));
        let serial = serial_phases(self.best.case).first().copied();
        serial.into_iter().chain(kernel).max_by(|(_, one), (_, other)| one.total_cmp(other))
    }
}

/// An upper bound of the serial fraction that says nothing.
const NO_BOUND: f64 = 0.99;

/// What a speedup fit says about the limit; of a refused fit, why it is refused.
pub(super) fn limit(fit: &SpeedupFit) -> String {
    let ceiling =
        fit.attainable_ceiling.map(|ceiling| format!("the attainable ceiling is {}", words::ceiling(ceiling)));
    match (fit.serial_fraction, fit.serial_fraction_upper, ceiling) {
        (Some(serial), _, Some(ceiling)) => format!("the serial fraction is {}, and {ceiling}", words::percent(serial)),
        (Some(serial), _, None) => format!("the serial fraction is {}", words::percent(serial)),
        (None, Some(upper), _) if upper > NO_BOUND => {
            "these points are too scattered to bound the serial fraction at all".to_owned()
        }
        (None, Some(upper), ceiling) => {
            let bound = format!("the serial fraction is at most {} (95 %)", units::percent(upper));
            ceiling.map_or(bound.clone(), |ceiling| format!("{bound}, too small to tell from none; {ceiling}"))
        }
        (None, None, _) => {
            format!("no serial fraction can be read from this curve ({}): {}", fit.verdict, refusal(fit))
        }
    }
}

/// Why a fit is refused, without the figures of the tests behind it: these stand beside the fit.
fn refusal(fit: &SpeedupFit) -> String {
    let words = match fit.verdict {
        Verdict::Superlinear => "workers gain more than their number, which no law of this kind allows",
        Verdict::NonMonotone => "the time rises again on the way, and no law with a cost per worker follows it",
        Verdict::PoorFit => "no law describes these points",
        _ => return reason(&fit.reason),
    };
    words.to_owned()
}
