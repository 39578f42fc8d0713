//! What a strong-scaling experiment shows: how much faster, and what ends it.

use super::read::Reading;
use super::what_if;
use crate::experiment::cases::{Speedups, Timed, phase, serial_phases};
use crate::experiment::{View, waves};
use crate::page::speedup::limit;
use crate::page::words;
use crate::record::{Measured, Phase, Quantity};
use crate::stats::Estimate;
use crate::units;

/// The kernel, the job as a user waits for it, which phase limits that, and the waves of workgroups.
pub(super) fn sentences(view: View<'_, Reading>) -> Vec<String> {
    let what_if = what_if::sentence(view.measured);
    let waves = waves::sentence(view.measured, view.reading.waves.as_ref());
    [kernel(view), whole_job(view), what_if, waves].into_iter().flatten().collect()
}

fn kernel(view: View<'_, Reading>) -> Option<String> {
    let gain = Gain::of(view.measured, Quantity::Kernel)?;
    let start = format!("{}: the kernel {}", words::workload(view.measured), gain.faster(view, true));
    Some(join(&start, &limit(&view.reading.kernel.fit, "")))
}

fn whole_job(view: View<'_, Reading>) -> Option<String> {
    let gain = Gain::of(view.measured, Quantity::WholeJob)?;
    let longest = gain.longest_phase().map(|(phase, seconds)| {
        let left = units::seconds(gain.best.time.median);
        format!(", and {} takes {} of the {left} that are left", words::phase(phase), units::seconds(seconds))
    });
    let start = format!(
        "{}: the whole job {}{}",
        words::workload(view.measured),
        gain.faster(view, true),
        longest.unwrap_or_default()
    );
    let whole = &view.reading.whole_job;
    let said = join(&start, &limit(&whole.fit, ""));
    let disagreement = whole
        .phase_share
        .and_then(|by_timers| Some((words::percent(by_timers), words::disagreement(&whole.fit, by_timers)?)));
    Some(match disagreement {
        Some((share, why)) => format!("{said} The phase timers find {share} serial: {why}."),
        None => said,
    })
}

/// A sentence, and after it what limits the speedup.
fn join(start: &str, limit: &str) -> String {
    format!("{} {}", words::stopped(start), words::sentence(limit))
}

/// A speedup with its absolutes.
pub(super) struct Gain<'a> {
    pub(super) base: Timed<'a>,
    pub(super) best: Timed<'a>,
    pub(super) speedup: Estimate,
    /// Whether the most workers are surely slower than the fewest.
    worsens: bool,
}

impl<'a> Gain<'a> {
    /// The gain of an experiment over its fewest workers; `None` where nothing was timed.
    pub(super) fn of(measured: &'a Measured, quantity: Quantity) -> Option<Self> {
        let speedups = Speedups::of(measured, quantity)?;
        if speedups.points.len() < 2 {
            return None;
        }
        let (best, speedup) = *speedups.enough()?;
        let (last, _) = speedups.points.last()?;
        Some(Self { base: speedups.base, best, speedup, worsens: last.time.low > speedups.base.time.high })
    }

    /// `runs 14.1 times (13.9–14.3) faster with 64 invocations than with one: 212 ms becomes 15.1 ms`, the interval
    /// where it is wanted. A speedup whose interval holds one is not called one.
    pub(super) fn faster(&self, View { run, measured, .. }: View<'_, Reading>, interval: bool) -> String {
        let (before, after) = (units::seconds(self.base.time.median), units::seconds(self.best.time.median));
        let fewest = measured.workers(self.base.case);
        let few = if fewest == 1 { "one".to_owned() } else { units::size(fewest) };
        if std::ptr::eq(self.best.case, self.base.case) {
            let workers = words::workers(run, measured, fewest);
            let others = "more of them make no difference beyond the noise";
            let others = if self.worsens { "more of them only add to it" } else { others };
            return format!("takes {before} with {workers}: {others}");
        }
        let many = words::workers(run, measured, measured.workers(self.best.case));
        let faster = if interval { words::faster(self.speedup) } else { words::faster_alone(self.speedup) };
        format!("runs {faster} with {many} than with {few}: {before} becomes {after}")
    }

    /// The longest part of the fastest job, in seconds.
    pub(super) fn longest_phase(&self) -> Option<(Phase, f64)> {
        let kernel = phase(self.best.case, Phase::Kernel).map(|seconds| (Phase::Kernel, seconds));
        let serial = serial_phases(self.best.case).first().copied();
        serial.into_iter().chain(kernel).max_by(|(_, one), (_, other)| one.total_cmp(other))
    }
}
