//! The cases of an experiment on the bench: each with the job that runs it.

use super::stop::{self, Looks};
use crate::device::cpu::CpuJob;
use crate::device::{DeviceError, Job, Repetition};
use crate::record::{Control, Measured, Measurement, Phase, Skipped, Tournament};

/// Runs by which a short kernel is gauged.
const GAUGE_RUNS: usize = 5;

/// A kernel shorter than this is easily disturbed, in seconds.
const SHORT: f64 = 2e-3;

/// Cases ready to be sampled.
pub(super) struct Bench<J> {
    pub(super) entries: Vec<Entry<J>>,
    pub(super) skipped: Vec<Skipped>,
    /// The races by which variants were chosen.
    pub(super) tournaments: Vec<Tournament>,
    /// The phases that the question is about.
    pub(super) asked: &'static [Phase],
    /// Index of the case whose twin is the entry after the cases.
    pub(super) twin_of: Option<usize>,
    /// Index of the case that is timed in parts, and in parts of half the size by the last entry.
    pub(super) half_of: Option<usize>,
    /// The launch floor in seconds; 0 if there is none.
    pub(super) floor: f64,
}

impl<J> Bench<J> {
    /// A bench without cases.
    pub(super) fn new(asked: &'static [Phase], skipped: Vec<Skipped>, floor: f64) -> Self {
        Self { entries: Vec::new(), skipped, tournaments: Vec::new(), asked, twin_of: None, half_of: None, floor }
    }

    /// Keeps a race, once.
    pub(super) fn keep(&mut self, race: Tournament) {
        if !self.tournaments.contains(&race) {
            self.tournaments.push(race);
        }
    }

    /// The experiment with the cases as they stand.
    pub(super) fn filled(&self, blank: &Measured) -> Measured {
        let mut cases: Vec<Measurement> = self.entries.iter().map(|entry| entry.measurement.clone()).collect();
        let halved = self.half_of.and_then(|of| Some(Control { of, twin: cases.pop()? }));
        let control = self.twin_of.and_then(|of| Some(Control { of, twin: cases.pop()? }));
        Measured { cases, halved, control, ..blank.clone() }
    }
}

/// A case and the job that runs it.
pub(super) struct Entry<J> {
    pub(super) measurement: Measurement,
    pub(super) job: AnyJob<J>,
    /// Kernel time of the gauge's runs, in seconds.
    pub(super) gauged: Option<f64>,
    pub(super) looks: Looks,
}

impl<J: Job> Entry<J> {
    /// Looks again whether the case is settled.
    pub(super) fn look(&mut self, asked: &[Phase]) {
        self.measurement.stopped = self.looks.believe(stop::settled(&self.measurement, asked));
    }

    /// Runs it once, with the transfers that are due.
    pub(super) async fn run(&mut self) -> Result<Repetition, DeviceError> {
        let every = self.measurement.transfers_every as usize;
        self.job.run(self.measurement.repetitions().is_multiple_of(every)).await
    }

    /// Returns the shortest kernel of a few runs, in seconds. A short one is run several times, since a single
    /// disturbance of it would be scaled up to the size of the next case.
    pub(super) async fn fastest_kernel(&mut self) -> Result<Option<f64>, DeviceError> {
        let mut fastest: Option<f64> = None;
        for _ in 0..GAUGE_RUNS {
            let repetition = self.job.run(false).await?;
            self.measurement.rejected_timestamps += repetition.rejected;
            let kernel = repetition.kernel();
            fastest = kernel.map(|seconds| fastest.map_or(seconds, |least| least.min(seconds))).or(fastest);
            if fastest.is_none_or(|seconds| seconds > SHORT) {
                break;
            }
        }
        Ok(fastest)
    }

    /// Lets data travel more often where the samples to come, over the fewest that make an interval, allow no fewer
    /// transfers.
    pub(super) fn thin_transfers(&mut self, samples: f64) {
        let every = &mut self.measurement.case.transfers_every;
        *every = (samples as u32).clamp(1, *every);
    }

    /// Samples of the whole job so far: where data travel in some repetitions only, of those.
    pub(super) fn samples(&self) -> usize {
        let repetitions = self.measurement.repetitions();
        if self.measurement.transfers() > 0 { self.measurement.transfers() } else { repetitions }
    }

    pub(super) fn set_dispatches(&mut self, dispatches: u32) {
        self.measurement.case.dispatches = dispatches;
        self.job.set_dispatches(dispatches);
    }
}

/// A job on the device that is measured, or on the processor beside it.
pub(super) enum AnyJob<J> {
    Device(J),
    Cpu(Box<CpuJob>),
}

impl<J: Job> AnyJob<J> {
    pub(super) async fn run(&mut self, transfers: bool) -> Result<Repetition, DeviceError> {
        match self {
            Self::Device(job) => job.run(transfers).await,
            Self::Cpu(job) => job.run(transfers).await,
        }
    }

    pub(super) async fn output(&mut self) -> Result<Option<Vec<f32>>, DeviceError> {
        match self {
            Self::Device(job) => job.output().await,
            Self::Cpu(job) => job.output().await,
        }
    }

    fn set_dispatches(&mut self, dispatches: u32) {
        match self {
            Self::Device(job) => job.set_dispatches(dispatches),
            Self::Cpu(job) => job.set_dispatches(dispatches),
        }
    }
}
