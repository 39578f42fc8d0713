//! The cases of an experiment that are ready to run, each with its job.

use super::stop::{self, Looks};
use crate::device::cpu::CpuJob;
use crate::device::{DeviceError, Job, Repetition};
use crate::record::{Control, Measured, Measurement, Phase, Skipped, Tournament};

/// Number of runs that estimate the time of a short kernel.
const GAUGE_RUNS: usize = 5;

/// Kernels shorter than this are easily disturbed, in seconds.
const SHORT: f64 = 2e-3;

/// Cases that are ready to be sampled.
pub(super) struct Bench<J> {
    pub(super) entries: Vec<Entry<J>>,
    pub(super) skipped: Vec<Skipped>,
    /// The tournaments that chose variants.
    pub(super) tournaments: Vec<Tournament>,
    /// The phases that the experiment asks about.
    pub(super) asked: &'static [Phase],
    /// Index of the case that is measured twice. Its twin is the entry after the cases.
    pub(super) twin_of: Option<usize>,
    /// Index of the case that is timed in parts. The last entry times it in parts of half the size.
    pub(super) half_of: Option<usize>,
    /// Launch floor, in seconds; 0 if there is none.
    pub(super) floor: f64,
}

impl<J> Bench<J> {
    /// Returns a bench without cases.
    pub(super) fn new(asked: &'static [Phase], skipped: Vec<Skipped>, floor: f64) -> Self {
        Self { entries: Vec::new(), skipped, tournaments: Vec::new(), asked, twin_of: None, half_of: None, floor }
    }

    /// Stores a tournament, unless it is already there.
    pub(super) fn keep(&mut self, race: Tournament) {
        if !self.tournaments.contains(&race) {
            self.tournaments.push(race);
        }
    }

    /// Returns the experiment with the samples so far.
    pub(super) fn filled(&self, blank: &Measured) -> Measured {
        let mut cases: Vec<Measurement> = self.entries.iter().map(|entry| entry.measurement.clone()).collect();
        let halved = self.half_of.and_then(|of| Some(Control { of, twin: cases.pop()? }));
        let control = self.twin_of.and_then(|of| Some(Control { of, twin: cases.pop()? }));
        Measured { cases, halved, control, ..blank.clone() }
    }
}

/// A case with its job.
pub(super) struct Entry<J> {
    pub(super) measurement: Measurement,
    pub(super) job: AnyJob<J>,
    /// Estimated kernel time, in seconds: the shortest of a few runs.
    pub(super) gauged: Option<f64>,
    pub(super) looks: Looks,
}

impl<J: Job> Entry<J> {
    /// Checks again whether the case needs more samples.
    pub(super) fn look(&mut self, asked: &[Phase]) {
        self.measurement.stopped = self.looks.believe(stop::settled(&self.measurement, asked));
    }

    /// Runs the case once, with transfers if they are due.
    pub(super) async fn run(&mut self) -> Result<Repetition, DeviceError> {
        let every = self.measurement.transfers_every as usize;
        self.job.run(self.measurement.repetitions().is_multiple_of(every)).await
    }

    /// Returns the shortest kernel time of a few runs, in seconds. A short kernel runs several times, because the next
    /// case's estimate would multiply a single disturbance.
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

    /// Makes transfers more frequent if few samples are expected. `samples` is the expected number of samples divided
    /// by the fewest that an interval needs.
    pub(super) fn thin_transfers(&mut self, samples: f64) {
        let every = &mut self.measurement.case.transfers_every;
        *every = (samples as u32).clamp(1, *every);
    }

    /// Returns the number of samples of the whole job so far. If only some repetitions have transfers, only those
    /// count.
    pub(super) fn samples(&self) -> usize {
        let repetitions = self.measurement.repetitions();
        if self.measurement.transfers() > 0 { self.measurement.transfers() } else { repetitions }
    }

    pub(super) fn set_dispatches(&mut self, dispatches: u32) {
        self.measurement.case.dispatches = dispatches;
        self.job.set_dispatches(dispatches);
    }
}

/// A job on the measured device or on the CPU.
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
