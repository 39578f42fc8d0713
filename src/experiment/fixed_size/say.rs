//! What a strong-scaling experiment shows: how much faster, and what ends it.

use super::limit;
use super::pattern;
use super::read::Reading;
use super::what_if;
use crate::experiment::cases::{Speedups, Timed, phase, serial_phases, workers};
use crate::experiment::{View, waves};
use crate::page::words;
use crate::record::{Measured, Phase, Quantity};
use crate::stats::Estimate;
use crate::units;

/// The kernel, the job as a user waits for it, which phase limits that, and the waves of workgroups.
pub(super) fn sentences(view: View<'_, Reading>) -> Vec<String> {
    let what_if = what_if::sentence(view.measured);
    let waves = waves::sentence(view.reading.waves.as_ref());
    [kernel(view), whole_job(view), what_if, waves].into_iter().flatten().collect()
}

fn kernel(View { measured, reading, .. }: View<'_, Reading>) -> Option<String> {
    let gain = Gain::of(measured, Quantity::Kernel)?;
    let fit = &reading.kernel.fit;
    let gained = words::sentence(&gain.faster(measured, "the kernel", true));
    let causes = [pattern::sentences(measured, Quantity::Kernel, fit), pattern::knee(fit), pattern::hidden(fit)];
    let said = [Some(gained), Some(limit::sentences(fit))].into_iter().chain(causes).flatten();
    Some(said.collect::<Vec<_>>().join(" "))
}

fn whole_job(View { measured, reading, .. }: View<'_, Reading>) -> Option<String> {
    let gain = Gain::of(measured, Quantity::WholeJob)?;
    let whole = &reading.whole_job;
    let mut said = words::sentence(&gain.faster(measured, "the whole job", true));
    if let Some((phase, seconds)) = gain.longest_phase() {
        let longest = format!("{} is the longest part: {}", words::phase(phase), units::seconds(seconds));
        said = format!("{said} {}", words::sentence(&longest));
    }
    said = format!("{said} {}", limit::sentences(&whole.fit));
    if let Some(pattern) = pattern::sentences(measured, Quantity::WholeJob, &whole.fit) {
        said = format!("{said} {pattern}");
    }
    let disagreement = whole
        .phase_share
        .and_then(|by_timers| Some((words::percent(by_timers), words::disagreement(&whole.fit, by_timers)?)));
    Some(match disagreement {
        Some((share, why)) => format!("{said} Measured directly, {share} of the time is outside the kernel: {why}."),
        None => said,
    })
}

/// A speedup with its absolutes.
pub(super) struct Gain<'a> {
    pub(super) base: Timed<'a>,
    pub(super) best: Timed<'a>,
    pub(super) speedup: Estimate,
    /// Whether the most workers are surely slower than the fewest.
    worsens: bool,
    /// Whether more workers were measured than those that are enough.
    more: bool,
}

impl<'a> Gain<'a> {
    /// Returns the gain of an experiment over its fewest workers; `None` if nothing was timed.
    pub(super) fn of(measured: &'a Measured, quantity: Quantity) -> Option<Self> {
        let speedups = Speedups::of(measured, quantity)?;
        if speedups.points.len() < 2 {
            return None;
        }
        let (best, speedup) = *speedups.enough()?;
        let (last, _) = speedups.points.last()?;
        let worsens = last.time.low > speedups.base.time.high;
        Some(Self { base: speedups.base, best, speedup, worsens, more: !std::ptr::eq(last.case, best.case) })
    }

    /// Says `16 workers make the kernel 14.1 times (13.9–14.3) faster: 15.1 ms instead of 212 ms`, the interval if it
    /// is wanted. A speedup whose interval holds one is not called one.
    pub(super) fn faster(&self, measured: &Measured, what: &str, interval: bool) -> String {
        let (before, after) = (units::seconds(self.base.time.median), units::seconds(self.best.time.median));
        let fewest = measured.workers(self.base.case);
        if self.is_alone() {
            let others = if self.worsens { "more only make it slower" } else { "more are as fast" };
            return format!("{what} takes {before} on {}; {others}", workers(fewest));
        }
        let faster = if interval { words::faster(self.speedup) } else { words::faster_alone(self.speedup) };
        let than = if fewest == 1 { String::new() } else { format!(" than {}", units::count(fewest)) };
        let many = workers(measured.workers(self.best.case));
        format!("{many} make {what} {faster}{than}: {after} instead of {before}")
    }

    /// Whether the fewest workers are enough.
    pub(super) fn is_alone(&self) -> bool {
        std::ptr::eq(self.best.case, self.base.case)
    }

    /// Whether more workers were measured than those that are enough, and are no faster.
    pub(super) fn is_full(&self) -> bool {
        self.more && !self.is_alone()
    }

    /// Returns the longest part of the fastest job, in seconds.
    pub(super) fn longest_phase(&self) -> Option<(Phase, f64)> {
        let kernel = phase(self.best.case, Phase::Kernel).map(|seconds| (Phase::Kernel, seconds));
        let serial = serial_phases(self.best.case).first().copied();
        serial.into_iter().chain(kernel).max_by(|(_, one), (_, other)| one.total_cmp(other))
    }
}
