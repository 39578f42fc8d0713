//! One measured case: whether it was right, and how long each phase took.

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
    /// What ran.
    #[serde(flatten)]
    pub case: Case,
    /// Multiplications and additions of one job.
    pub flop: f64,
    /// Bytes that one job must move between the kernel and the device's memory.
    pub bytes: f64,
    /// Bytes of the inputs, which one job uploads.
    #[serde(default)]
    pub upload_bytes: u64,
    /// Bytes of the output, which one job reads back.
    #[serde(default)]
    pub read_back_bytes: u64,
    /// Pairs of GPU timestamps that could not be true. Each was dropped and measured again; if they were more than a
    /// tenth of all, the fallback timed the kernel.
    #[serde(default)]
    pub rejected_timestamps: u32,
    /// Repetitions in which the GPU's clock showed a kernel a little longer than the host's wait for it. Their launch
    /// is set to zero.
    #[serde(default)]
    pub clamped_launches: u32,
    /// Elements of one task, if a processor's threads were given tiny tasks instead of large chunks.
    #[serde(default)]
    pub task_elements: Option<u64>,
    /// Bytes that the case takes on the device: its buffers, and the staging that they are filled and read through.
    /// `null` for baselines on the processor, if nothing is computed, and in runs saved before this was counted.
    #[serde(default)]
    pub device_bytes: Option<u64>,
    /// The part of the set-up that is not the making of the inputs, in seconds: memory for the result on the host,
    /// allocated but not touched, and a GPU's buffers. Their first touch is timed nowhere. The median; `null` in runs
    /// saved before it was kept apart.
    #[serde(default)]
    pub own_set_up: Option<f64>,
    /// Whether the output was right.
    pub verified: Verified,
    /// Why no more samples were taken; `null` while they are, and in runs of versions that did not tell.
    #[serde(default)]
    pub stopped: Option<Stop>,
    /// Host time of each whole repetition, read apart from the phases, in seconds.
    #[serde(default)]
    pub wall: Vec<f64>,
    /// Times by phase. Every phase of [`Phase`] is there: as samples, or as the reason for their absence.
    pub phases: BTreeMap<Phase, Timing>,
}

/// A measurement reads as the case that was measured.
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
    /// Every element was within the tolerance of a reference computed in 64 bits.
    Right {
        /// Largest difference from the reference.
        max_error: f64,
        /// Largest difference allowed.
        tolerance: f64,
    },
    /// There is an output, and nothing to compare it with.
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
    /// The case in words: what varied and its value.
    pub case: String,
    /// Why it could not run.
    pub reason: String,
}

/// A time of a job, made of its phases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// The kernel alone.
    Kernel,
    /// The job as a user waits for it: set-up, upload, launch, kernel and read-back.
    WholeJob,
    /// Submitting and waiting, the kernel included, with the transfers around it.
    RoundTrip,
    /// Submitting and waiting, the kernel included, without any transfer.
    Launched,
    /// The whole job from inputs that stand in the host's memory: without the making of the inputs.
    FromMemory,
}

impl Quantity {
    /// Every quantity.
    pub const ALL: [Self; 5] = [Self::Kernel, Self::WholeJob, Self::RoundTrip, Self::Launched, Self::FromMemory];

    /// The quantity in tables and sentences.
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
    /// The samples of one phase, in seconds; empty if there are none.
    pub fn seconds(&self, phase: Phase) -> &[f64] {
        self.phases.get(&phase).map_or(&[], Timing::seconds)
    }

    /// The clock of one phase, if it was measured.
    pub fn clock(&self, phase: Phase) -> Option<Clock> {
        match self.phases.get(&phase) {
            Some(Timing::Samples { clock, .. }) => Some(*clock),
            _ => None,
        }
    }

    /// The samples of a quantity, in seconds, one for each repetition that has all of its phases ([`Self::step`]).
    /// Launch and kernel add up to a time of the host clock by construction, so the sums are of one clock. The set-up
    /// happens once for all repetitions and enters as its median. Empty if a part is missing that the quantity
    /// cannot do without.
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

    /// Returns the step from one repetition to the next that has all phases of a quantity. One transfer is one sample,
    /// however often the kernel ran beside it, so it stands in no two sums.
    pub fn step(&self, quantity: Quantity) -> usize {
        let with_transfers = matches!(quantity, Quantity::RoundTrip | Quantity::WholeJob) && self.transfers() > 0;
        if with_transfers { self.transfers_every.max(1) as usize } else { 1 }
    }

    /// Returns the repetitions in which data travelled.
    pub fn transfers(&self) -> usize {
        self.seconds(Phase::Upload).len().max(self.seconds(Phase::ReadBack).len())
    }

    /// Samples that were taken: of the kernel, or of the launch if there is no kernel.
    pub fn repetitions(&self) -> usize {
        self.seconds(Phase::Kernel).len().max(self.seconds(Phase::Launch).len())
    }

    /// The samples of the whole job from inputs that stand in the host's memory, in seconds, one per repetition with
    /// transfers: set-up without the making of the inputs, upload, launch, kernel and read-back. Empty if the set-up
    /// was not kept apart.
    pub fn from_memory(&self) -> Vec<f64> {
        let Some(set_up) = self.own_set_up else {
            return Vec::new();
        };
        self.samples(Quantity::RoundTrip).into_iter().map(|seconds| set_up + seconds).collect()
    }

    /// Median and interval of a quantity.
    pub fn summary(&self, quantity: Quantity) -> Option<Summary> {
        Summary::of(&self.samples(quantity))
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};

    use super::*;
    use crate::experiment::fixture;
    use crate::record::Problem;

    /// A job of 1 ms of kernel and 1 ms of upload, of which the uploads scatter by a tenth and are known in every
    /// eighth of 80 repetitions.
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

    /// The interval of the whole job holds the truth as often as it says, whatever number of kernels stands beside a
    /// transfer.
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

    #[test]
    fn a_quantity_without_transfers_has_every_repetition() {
        let case = few_transfers(&mut ChaCha8Rng::seed_from_u64(1));
        let number = |quantity| case.samples(quantity).len();
        assert_eq!((number(Quantity::Kernel), number(Quantity::Launched), number(Quantity::WholeJob)), (80, 80, 10));
    }
}
