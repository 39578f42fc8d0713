//! One measured case: whether its result was right, and how long each phase took.

use std::collections::BTreeMap;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::Case;
use super::phase::{Clock, Phase, Timing};
use super::trust::Stop;
use crate::stats::{self, Summary};

/// All samples of one case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// The case that ran.
    #[serde(flatten)]
    pub case: Case,
    /// Multiplications and additions in one job.
    pub flop: f64,
    /// Bytes that one job must move between the kernel and device memory.
    pub bytes: f64,
    /// Bytes of the inputs that one job uploads.
    #[serde(default)]
    pub upload_bytes: u64,
    /// Bytes of the output that one job reads back.
    #[serde(default)]
    pub read_back_bytes: u64,
    /// Number of impossible pairs of GPU timestamps. Each was dropped and measured again. If they were more than a
    /// tenth of all pairs, the fallback timed the kernel.
    #[serde(default)]
    pub rejected_timestamps: u32,
    /// Number of repetitions in which the GPU's clock showed a kernel slightly longer than the host's wait. Their
    /// launch time is set to zero.
    #[serde(default)]
    pub clamped_launches: u32,
    /// Elements per task, if CPU threads got tiny tasks instead of large chunks.
    #[serde(default)]
    pub task_elements: Option<u64>,
    /// Bytes on the device: the buffers of the case and their staging buffers. `null` for CPU baselines, if nothing is
    /// computed, and in runs of versions that did not record it.
    #[serde(default)]
    pub device_bytes: Option<u64>,
    /// Median set-up time without making the inputs, in seconds: host memory for the result (allocated but not
    /// touched), and a GPU's buffers. The first touch of this memory is not timed. `null` in runs of versions that did
    /// not record it.
    #[serde(default)]
    pub own_set_up: Option<f64>,
    /// Whether the output was right.
    pub verified: Verified,
    /// Why sampling of this case stopped; `null` while it goes on, and in runs of versions that did not record it.
    #[serde(default)]
    pub stopped: Option<Stop>,
    /// Host time of each whole repetition, measured independently of the phases, in seconds.
    #[serde(default)]
    pub wall: Vec<f64>,
    /// Times by phase. Every [`Phase`] is present, either with samples or with the reason why there are none.
    pub phases: BTreeMap<Phase, Timing>,
}

/// A measurement can be used like its case.
impl Deref for Measurement {
    type Target = Case;

    fn deref(&self) -> &Case {
        &self.case
    }
}

/// Whether the output of a case was right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verified {
    /// Every element was within the tolerance of a 64-bit reference.
    Right {
        /// Largest difference from the reference.
        max_error: f64,
        /// Largest allowed difference.
        tolerance: f64,
    },
    /// There is an output, but nothing to compare it with.
    NotVerified {
        /// Why.
        reason: String,
    },
    /// There is no output to compare.
    NoOutput {
        /// Why.
        reason: String,
    },
}

/// A case that could not run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Skipped {
    /// The case in words: the quantity that varies and its value.
    pub case: String,
    /// Why it could not run.
    pub reason: String,
}

/// A time of a job, made of one or more phases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// The kernel alone.
    Kernel,
    /// The whole job as a user waits for it: set-up, upload, launch, kernel and read-back.
    WholeJob,
    /// Upload, launch, kernel and read-back.
    RoundTrip,
    /// Launch and kernel, without transfers.
    Launched,
    /// The whole job if the inputs are already in host memory: set-up without making the inputs.
    FromMemory,
}

impl Quantity {
    /// All quantities.
    pub const ALL: [Self; 5] = [Self::Kernel, Self::WholeJob, Self::RoundTrip, Self::Launched, Self::FromMemory];

    /// Returns the name used in tables and sentences.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kernel => "kernel",
            Self::WholeJob => "whole job",
            Self::RoundTrip => "round trip",
            Self::Launched => "launch and kernel",
            Self::FromMemory => "whole job from memory",
        }
    }
}

impl Measurement {
    /// Returns the samples of one phase in seconds; empty if there are none.
    pub fn seconds(&self, phase: Phase) -> &[f64] {
        self.phases.get(&phase).map_or(&[], Timing::seconds)
    }

    /// Returns the clock of one phase, if it was measured.
    pub fn clock(&self, phase: Phase) -> Option<Clock> {
        match self.phases.get(&phase) {
            Some(Timing::Samples { clock, .. }) => Some(*clock),
            _ => None,
        }
    }

    /// Returns the samples of a quantity in seconds, one for each repetition that has all its phases ([`Self::step`]).
    ///
    /// Launch and kernel add up to a host time by construction, so a sum uses one clock. The set-up happens once for
    /// all repetitions, so its median is added; [`Self::summary`] holds its error. Returns an empty list if a required
    /// phase is missing.
    pub fn samples(&self, quantity: Quantity) -> Vec<f64> {
        let kernel = self.seconds(Phase::Kernel);
        let phases: &[Phase] = match quantity {
            Quantity::Kernel => return kernel.to_vec(),
            Quantity::FromMemory => return self.from_memory(),
            Quantity::Launched => &[Phase::Launch],
            Quantity::RoundTrip | Quantity::WholeJob => &[Phase::Upload, Phase::Launch, Phase::ReadBack],
        };
        let set_up = match quantity {
            Quantity::WholeJob => stats::median(self.seconds(Phase::SetUp)).unwrap_or(0.0),
            _ => 0.0,
        };
        let every = self.step(quantity);
        // A job without inputs has no upload.
        let part = |phase: &Phase, repetition: usize| match self.seconds(*phase) {
            [] => Some(0.0),
            seconds if phase.is_transfer() => seconds.get(repetition / every).copied(),
            seconds => seconds.get(repetition).copied(),
        };
        let sum = |repetition: usize| phases.iter().map(|phase| part(phase, repetition)).sum::<Option<f64>>();
        let whole = |repetition: usize| Some(set_up + kernel[repetition] + sum(repetition)?);
        (0..kernel.len()).step_by(every).filter_map(whole).collect()
    }

    /// Returns the step between repetitions that have all phases of a quantity. If the kernel ran several times per
    /// transfer, each transfer still counts only once.
    pub fn step(&self, quantity: Quantity) -> usize {
        let with_transfers = matches!(quantity, Quantity::RoundTrip | Quantity::WholeJob) && self.transfers() > 0;
        if with_transfers { self.transfers_every.max(1) as usize } else { 1 }
    }

    /// Returns the number of repetitions with transfers.
    pub fn transfers(&self) -> usize {
        self.seconds(Phase::Upload).len().max(self.seconds(Phase::ReadBack).len())
    }

    /// Returns the number of samples: of the kernel, or of the launch if there is no kernel.
    pub fn repetitions(&self) -> usize {
        self.seconds(Phase::Kernel).len().max(self.seconds(Phase::Launch).len())
    }

    /// Returns the samples of the whole job from inputs in host memory, in seconds, one per repetition with transfers.
    /// Returns an empty list if the set-up without inputs was not recorded.
    pub fn from_memory(&self) -> Vec<f64> {
        let Some(set_up) = self.own_set_up else {
            return Vec::new();
        };
        self.samples(Quantity::RoundTrip).into_iter().map(|seconds| set_up + seconds).collect()
    }

    /// Returns median and interval of a quantity. The error of a set-up, which is timed apart, is in that of a whole
    /// job.
    pub fn summary(&self, quantity: Quantity) -> Option<Summary> {
        let summary = Summary::of(&self.samples(quantity))?;
        let set_up = Summary::of(self.seconds(Phase::SetUp)).filter(|_| quantity == Quantity::WholeJob);
        Some(set_up.map_or(summary, |set_up| summary.with_error_of(&set_up)))
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};

    use super::*;
    use crate::experiment::fixture;
    use crate::record::Problem;

    /// Returns a job with 1 ms of kernel and 1 ms of upload. Uploads vary by a tenth, and only every eighth of 80
    /// repetitions has one.
    fn few_transfers(random: &mut ChaCha8Rng) -> Measurement {
        let mut draw = |number: usize, spread: f64| -> Vec<f64> {
            (0..number).map(|_| 1e-3 * (1.0 + spread * (random.random::<f64>() - 0.5))).collect()
        };
        let (kernel, upload) = (draw(80, 2e-3), draw(10, 0.2));
        let timing = |seconds| Timing::Samples { clock: Clock::Host, seconds };
        let phases = BTreeMap::from([(Phase::Kernel, timing(kernel)), (Phase::Upload, timing(upload))]);
        let case = Case { transfers_every: 8, ..fixture::on_device(Problem::Vector { n: 64 }, 64) };
        fixture::case(case, phases)
    }

    /// The interval of the whole job covers the true value at its nominal rate, however many kernels run per transfer.
    #[test]
    fn a_transfer_is_one_sample_however_often_the_kernel_ran() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let mut held = 0;
        let mut squares = (0.0, 0.0);
        for _ in 0..400 {
            let whole = few_transfers(&mut random).summary(Quantity::WholeJob).unwrap();
            held += usize::from(whole.estimate().contains(2e-3));
            squares.0 += (whole.median / 2e-3).ln().powi(2);
            squares.1 += whole.log_se.unwrap().powi(2);
        }
        assert!(held >= 372, "{held} of 400 hold the truth");
        let (scatter, told) = (squares.0.sqrt(), squares.1.sqrt());
        assert!((0.6..1.5).contains(&(told / scatter)), "an error of {told} is told, and {scatter} made");
    }

    /// A set-up that varies is in the error of the whole job, though it is timed apart.
    #[test]
    fn the_error_of_the_set_up_is_in_that_of_the_whole_job() {
        let mut random = ChaCha8Rng::seed_from_u64(2);
        let mut held = 0;
        for _ in 0..400 {
            let mut case = few_transfers(&mut random);
            let seconds = (0..5).map(|_| 1e-2 * (1.0 + 0.2 * (random.random::<f64>() - 0.5))).collect();
            case.phases.insert(Phase::SetUp, Timing::Samples { clock: Clock::Host, seconds });
            let whole = case.summary(Quantity::WholeJob).unwrap();
            held += usize::from(whole.estimate().contains(1.2e-2));
            assert_eq!(case.summary(Quantity::RoundTrip).unwrap().estimate().low, {
                case.phases.remove(&Phase::SetUp);
                case.summary(Quantity::RoundTrip).unwrap().low
            });
        }
        assert!(held >= 364, "{held} of 400 hold the truth");
    }

    #[test]
    fn a_quantity_without_transfers_has_every_repetition() {
        let case = few_transfers(&mut ChaCha8Rng::seed_from_u64(1));
        let number = |quantity| case.samples(quantity).len();
        assert_eq!((number(Quantity::Kernel), number(Quantity::Launched), number(Quantity::WholeJob)), (80, 80, 10));
    }
}
