//! The canary: a fixed test kernel that runs before every block. If its time changes, the device or the host has
//! changed, for example because a clock throttles or another program runs.

use std::rc::Rc;
use std::time::Instant;

use super::MeasureError;
use super::calibration::shortest_kernel;
use super::verify::verify;
use crate::clock;
use crate::device::cpu::host_threads;
use crate::device::{Device, DeviceError, Job, Spec, is_heated};
use crate::record::{
    self, CanaryPart, CanarySamples, Case, Clock, DeviceKind, Drift, DriftShape, Measured, Phase, Problem,
};
use crate::stats::{self, drift};
use crate::workload::{self, Workload};

/// Kernel time of the canary, in seconds: long compared with a clock tick and a launch, short compared with a block.
const LENGTH: f64 = 4e-4;

/// Heating before each canary, and so before every block, in seconds. It is for devices that lower their clock when
/// idle.
const HEATING: f64 = 1e-2;

/// Number of equal parts of the heating. One part comes before each timed pass.
const PARTS: u32 = 20;

/// A device is at its clock if the canary takes at most this multiple of its time there.
const AT_CLOCK: f64 = 1.05;

/// Elements and multiply-adds of the canaries that are tried. Each has twice the work of the one before.
const SIZES: [(u64, u64); 16] = [
    (1 << 10, 256),
    (1 << 11, 256),
    (1 << 12, 256),
    (1 << 13, 256),
    (1 << 14, 256),
    (1 << 15, 256),
    (1 << 16, 256),
    (1 << 17, 256),
    (1 << 18, 256),
    (1 << 19, 256),
    (1 << 20, 256),
    (1 << 20, 512),
    (1 << 20, 1024),
    (1 << 20, 2048),
    (1 << 20, 4096),
    (1 << 20, 8192),
];

/// Invocations per workgroup.
const WORKGROUP: u32 = 64;

/// Smallest change of the canary's time that is reported as drift, as a share. It is larger if the canary itself varies
/// more.
pub(super) const DRIFT: f64 = 0.05;

/// Fewest canaries of an experiment for its scatter, and smallest drift as a multiple of that scatter.
const ENOUGH: usize = 5;
const SCATTER: f64 = 1.5;

/// The canary, ready to run.
pub(super) struct Canary<J> {
    pub(super) job: J,
    pub(super) described: record::Canary,
    start: Instant,
    /// Dispatches before each canary that bring an idle device back to its clock; 0 if its clock does not drop.
    heating: u32,
    /// Kernel time at the device's clock: the shortest so far, or, if the device no longer got there, what it reached.
    reached: f64,
}

/// One timing of the canary, in seconds.
pub(super) struct Sample {
    at: f64,
    clock: Option<Clock>,
    pub(super) kernel: f64,
    rest: f64,
    /// Time of the untimed work before it.
    pub(super) heating: f64,
}

impl<J: Job> Canary<J> {
    /// Prepares a canary of the right length and verifies it. `start` is the beginning of the run.
    pub(super) async fn hatch<D: Device<Job = J>>(
        device: &mut D,
        start: Instant,
    ) -> Result<Option<Self>, MeasureError> {
        let workload = workload::FMA;
        let mut canary = None;
        for (n, k) in SIZES {
            let spec = spec(device, workload, Problem::Chain { n, k });
            let (mut job, _) = device.prepare(&spec).await?;
            if let Some(output) = job.output().await? {
                let reference = workload.reference(spec.case.problem, &[]);
                let tolerance = workload.tolerance(spec.case.problem);
                verify("test kernel (a chain of multiply-adds)", &output, reference.into_iter(), &tolerance)?;
            }
            let kernel = shortest_kernel(&mut job).await?.unwrap_or(f64::INFINITY);
            let Case { problem, workers, workgroup_size, .. } = spec.case;
            let described = record::Canary { problem, workers, workgroup_size };
            let heating = if is_heated(device.info().planned_as()) { (HEATING / kernel).ceil() as u32 } else { 0 };
            canary = Some(Self { job, described, start, heating, reached: kernel });
            if kernel >= LENGTH {
                break;
            }
        }
        Ok(canary)
    }

    /// Heats a device that lowers its clock when idle, for half a millisecond.
    pub(super) async fn heat(&mut self) -> Result<(), DeviceError> {
        self.work(self.heating.div_ceil(PARTS)).await
    }

    async fn work(&mut self, dispatches: u32) -> Result<(), DeviceError> {
        if dispatches > 0 {
            self.job.set_dispatches(dispatches);
            self.job.run(false).await?;
            self.job.set_dispatches(1);
        }
        Ok(())
    }

    /// Runs the canary once, after heating.
    pub(super) async fn sing(&mut self) -> Result<Sample, DeviceError> {
        let start = clock::now();
        self.work(self.heating).await?;
        let heating = clock::seconds_since(start);
        let at = clock::seconds_since(self.start);
        let repetition = self.job.run(true).await?;
        let kernel = repetition.kernel().unwrap_or(repetition.wall);
        let clock = repetition.laps.iter().find(|lap| lap.phase == Phase::Kernel).map(|lap| lap.clock);
        let (rest, heating) = ((repetition.wall - kernel).max(0.0), heating + repetition.heating);
        self.reached = self.reached.min(kernel);
        Ok(Sample { at, clock, kernel, rest, heating })
    }

    /// Runs the canary until it is as fast as it was before, at most `most` times more. Some GPUs need tenths of a
    /// second of work until their clock has risen from idle. Returns the last sample, whose heating includes the
    /// others, and how many there were before it.
    pub(super) async fn sing_at_clock(&mut self, most: u32) -> Result<(Sample, u32), DeviceError> {
        let (mut sample, mut before) = (self.sing().await?, 0);
        while self.heating > 0 && sample.kernel > AT_CLOCK * self.reached {
            if before == most {
                self.reached = sample.kernel;
                break;
            }
            let next = self.sing().await?;
            sample = Sample { heating: sample.heating + sample.kernel + sample.rest + next.heating, ..next };
            before += 1;
        }
        Ok((sample, before))
    }
}

fn spec<D: Device>(device: &D, workload: &'static dyn Workload, problem: Problem) -> Spec {
    let info = device.info();
    let workers = if info.kind == DeviceKind::Cpu { u64::from(host_threads()) } else { problem.n() };
    let case = Case::new(problem, workers, WORKGROUP.min(info.limits.workgroup_size));
    Spec { workload, variant: &workload.variants()[0], case, inputs: Rc::default() }
}

/// Adds a timing of the canary to the record.
pub(super) fn note(samples: &mut CanarySamples, sample: &Sample) {
    if samples.clock != sample.clock {
        // Times of two clocks are never compared, so earlier samples of another clock are dropped.
        *samples = CanarySamples { clock: sample.clock, ..CanarySamples::default() };
    }
    samples.at.push(sample.at);
    samples.kernel.push(sample.kernel);
    samples.rest.push(sample.rest);
}

/// Returns the changes of the canary's time over all experiments of a run.
pub(super) fn drifts(experiments: &[Measured]) -> Vec<Drift> {
    let last = experiments.iter().filter_map(|experiment| experiment.canary.clock).next_back();
    let experiments: Vec<&Measured> = experiments.iter().filter(|one| one.canary.clock == last).collect();
    let gather = |of: fn(&CanarySamples) -> &[f64]| {
        experiments.iter().flat_map(|experiment| of(&experiment.canary)).copied().collect::<Vec<f64>>()
    };
    let at = gather(|samples| &samples.at);
    let parts =
        [(CanaryPart::Kernel, gather(|samples| &samples.kernel)), (CanaryPart::Rest, gather(|samples| &samples.rest))];
    let told = |(part, seconds): (CanaryPart, Vec<f64>)| {
        let least = DRIFT.max(SCATTER * scatter(&experiments, part));
        drift::changes(&at, &seconds, least).into_iter().map(move |change| (part, change)).collect::<Vec<_>>()
    };
    let drift = |(part, change): (CanaryPart, drift::Change)| Drift {
        part,
        shape: if change.gradual { DriftShape::Trend } else { DriftShape::Jump },
        change: change.size,
        from: change.from,
        to: change.to,
        place: place(&experiments, change.from, change.to),
    };
    parts.into_iter().flat_map(told).map(drift).collect()
}

/// Returns the scatter of the canary: the interquartile range within one experiment, divided by the median; the median
/// over all experiments. A change of the size of this scatter is no drift.
fn scatter(experiments: &[&Measured], part: CanaryPart) -> f64 {
    let spread = |experiment: &&Measured| {
        let samples = match part {
            CanaryPart::Kernel => &experiment.canary.kernel,
            CanaryPart::Rest => &experiment.canary.rest,
        };
        let quantile = |q| stats::quantile(samples, q).filter(|_| samples.len() >= ENOUGH);
        Some((quantile(0.75)? - quantile(0.25)?) / quantile(0.5)?)
    };
    let spreads: Vec<f64> = experiments.iter().filter_map(spread).collect();
    stats::median(&spreads).unwrap_or_default()
}

/// Names the experiments that were measured between two times.
fn place(experiments: &[&Measured], from: f64, to: f64) -> String {
    let name = |experiment: &&&Measured| format!("{}/{}", experiment.name, experiment.workload);
    let overlaps = |samples: &CanarySamples| {
        let ends = samples.at.first().zip(samples.at.last());
        ends.is_some_and(|(first, last)| *first <= to && *last >= from)
    };
    let meanwhile: Vec<String> =
        experiments.iter().filter(|experiment| overlaps(&experiment.canary)).map(|one| name(&one)).collect();
    match meanwhile.as_slice() {
        [] => "between two sections".to_owned(),
        [only] => only.clone(),
        [first, .., last] if first == last => first.clone(),
        [first, .., last] => format!("{first} to {last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture;

    /// Returns two experiments of forty canaries each; in the second one they take `times` as long.
    fn experiments(scatter: f64, times: f64) -> Vec<Measured> {
        let mut experiments = vec![fixture::fixed_size(14.0), fixture::launch_overhead()];
        for (number, (experiment, level)) in experiments.iter_mut().zip([1e-3, times * 1e-3]).enumerate() {
            let at = (0..40).map(|index| f64::from(40 * number as u32 + index));
            let kernel = (0..40).map(|index| level * (1.0 + scatter * f64::from(index * 7 % 40) / 40.0));
            experiment.canary = CanarySamples {
                clock: Some(Clock::Gpu),
                at: at.collect(),
                kernel: kernel.collect(),
                rest: vec![1e-4; 40],
            };
        }
        experiments
    }

    #[test]
    fn a_change_within_the_canarys_own_scatter_is_no_drift() {
        assert_eq!(drifts(&experiments(0.02, 1.0)), []);
        assert_eq!(drifts(&experiments(0.02, 1.07)).len(), 1, "a steady canary shows 7 %");
        assert_eq!(drifts(&experiments(0.4, 1.07)), [], "one that scatters over 17 % does not");
        assert_eq!(drifts(&experiments(0.4, 1.6)).len(), 1);
    }
}
