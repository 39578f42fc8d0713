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
}

impl Quantity {
    /// The quantity in tables and sentences.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kernel => "kernel",
            Self::WholeJob => "whole job",
            Self::RoundTrip => "round trip",
            Self::Launched => "launch and kernel",
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

    /// The samples of a quantity, in seconds, one per repetition. Launch and kernel add up to a time of the host clock
    /// by construction, so the sums are of one clock. The set-up happens once for all repetitions and enters as its
    /// median. Empty if a part is missing that the quantity cannot do without.
    pub fn samples(&self, quantity: Quantity) -> Vec<f64> {
        let kernel = self.seconds(Phase::Kernel);
        let phases: &[Phase] = match quantity {
            Quantity::Kernel => return kernel.to_vec(),
            Quantity::Launched => &[Phase::Launch],
            Quantity::RoundTrip | Quantity::WholeJob => &[Phase::Upload, Phase::Launch, Phase::ReadBack],
        };
        let set_up = match quantity {
            Quantity::WholeJob => stats::median(self.seconds(Phase::SetUp)).unwrap_or(0.0),
            _ => 0.0,
        };
        // A job without inputs has no upload. Where data travel in some repetitions only, each has the transfers of one
        // of those.
        let part = |phase: &Phase, index: usize| {
            let seconds = self.seconds(*phase);
            if seconds.is_empty() { 0.0 } else { seconds[index % seconds.len()] }
        };
        (0..kernel.len())
            .map(|index| set_up + kernel[index] + phases.iter().map(|phase| part(phase, index)).sum::<f64>())
            .collect()
    }

    /// Samples that were taken: of the kernel, or of the launch if there is no kernel.
    pub fn repetitions(&self) -> usize {
        self.seconds(Phase::Kernel).len().max(self.seconds(Phase::Launch).len())
    }

    /// The samples of the whole job from inputs that stand in the host's memory, in seconds, one per repetition: set-up
    /// without the making of the inputs, upload, launch, kernel and read-back. Empty if the set-up was not kept
    /// apart.
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
