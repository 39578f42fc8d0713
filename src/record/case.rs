//! One case: what ran, whether it was right, and how long each phase took.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::trust::Stop;
use crate::stats::{self, Summary};

/// The size of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// Vectors of n elements.
    Vector {
        /// Elements.
        n: u64,
    },
    /// n elements with k multiply-adds each.
    Chain {
        /// Elements.
        n: u64,
        /// Multiply-adds per element.
        k: u64,
    },
    /// An m x k matrix times a k x n matrix.
    Matrix {
        /// Rows of the left matrix and of the product.
        m: u64,
        /// Columns of the left matrix, rows of the right one.
        k: u64,
        /// Columns of the right matrix and of the product.
        n: u64,
    },
    /// n elements, each of which takes one of so many paths of k dependent multiply-adds, by its index i: the path
    /// number i / run mod branches.
    Branches {
        /// Elements.
        n: u64,
        /// Paths.
        branches: u64,
        /// Multiply-adds of each path.
        k: u64,
        /// Neighbours that take the same path, one after the other.
        #[serde(default = "alone")]
        run: u64,
    },
    /// A batch for a network whose layers are fixed.
    Batch {
        /// Rows of the batch.
        n: u64,
    },
}

impl Problem {
    /// The problem size: elements of a vector, rows of a matrix product (the side of a square one), rows of a batch.
    pub fn n(self) -> u64 {
        match self {
            Self::Vector { n } | Self::Chain { n, .. } | Self::Branches { n, .. } | Self::Batch { n } => n,
            Self::Matrix { m, .. } => m,
        }
    }
}

/// One way to run one workload: what a measurement measures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// The problem and its size.
    pub problem: Problem,
    /// Parallel workers launched: invocations on a GPU, threads on a CPU.
    pub workers: u64,
    /// Invocations per workgroup.
    pub workgroup_size: u32,
    /// Workgroups launched.
    pub workgroups: u64,
    /// Dispatches of the kernel in one sample; the kernel phase is already divided by it.
    pub dispatches: u32,
    /// Launches that one job was cut into; 1 for a whole one.
    #[serde(default = "whole")]
    pub slices: u32,
    /// The rung of a ladder that the case stands on: how it is launched, or which baseline it is.
    pub rung: Option<String>,
    /// Multiplications and additions of one job.
    pub flop: f64,
    /// Bytes that one job must move between the kernel and the device's memory.
    pub bytes: f64,
    /// Whether it ran on this machine's processor, to be compared with the device that is measured.
    #[serde(default)]
    pub baseline: bool,
    /// How the device was waited for: `block` or `spin`; `null` where nothing is waited for.
    #[serde(default)]
    pub wait: Option<String>,
    /// How the data got to the device and back; `null` where none are moved, as on the CPU.
    #[serde(default)]
    pub path: Option<String>,
    /// Bytes of the inputs, which one job uploads.
    #[serde(default)]
    pub upload_bytes: u64,
    /// Bytes of the output, which one job reads back.
    #[serde(default)]
    pub read_back_bytes: u64,
    /// Pairs of GPU timestamps that could not be true. After the first one the kernel is timed by the fallback.
    #[serde(default)]
    pub rejected_timestamps: u32,
    /// Bytes that the case takes on the device: its buffers, and the staging that they are filled and read through.
    /// `null` for baselines on the processor, where nothing is computed, and in runs saved before this was counted.
    #[serde(default)]
    pub device_bytes: Option<u64>,
    /// The part of the set-up that is not the making of the inputs, in seconds: buffers or memory for the result. The
    /// median; `null` in runs saved before it was kept apart.
    #[serde(default)]
    pub own_set_up: Option<f64>,
    /// Repetitions in which the GPU's clock showed a kernel a little longer than the host's wait for it. Their launch
    /// is set to zero.
    #[serde(default)]
    pub clamped_launches: u32,
    /// The checks that the kernels were compiled with: `checked`, or the name of those left out; `null` where there
    /// are no kernels, and in runs saved before it was kept.
    #[serde(default)]
    pub checks: Option<String>,
    /// Elements of one task, where a processor's threads were given tasks instead of equal shares.
    #[serde(default)]
    pub task_elements: Option<u64>,
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

/// The run of paths saved by versions that sent every neighbour elsewhere.
fn alone() -> u64 {
    1
}

/// The slices of a case saved by versions that cut no job.
fn whole() -> u32 {
    1
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
    /// There is no output to compare.
    NoOutput {
        /// Why.
        reason: String,
    },
}

/// A part of a job that is timed apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Host data made, buffers and bind groups created.
    SetUp,
    /// Shader module and pipeline created.
    Compile,
    /// The first upload into new buffers.
    FirstUpload,
    /// The first dispatch after compiling.
    FirstLaunch,
    /// The first read-back.
    FirstReadBack,
    /// Host memory to device buffer.
    Upload,
    /// Encode, finish and submit until the queue is idle, less the kernel.
    Launch,
    /// The host's part of a launch: recording and finishing command buffers. It is contained in [`Phase::Launch`].
    Encode,
    /// The GPU's own time of a pass of empty kernels, which is its part of a launch. The pass is one of its own, so
    /// that the stamps are no part of what the host's clock measures.
    Pass,
    /// The compute pass.
    Kernel,
    /// Device buffer to host memory.
    ReadBack,
}

impl Phase {
    /// Every phase, in the order in which a job goes through them.
    pub const ALL: [Self; 11] = [
        Self::SetUp,
        Self::Compile,
        Self::FirstUpload,
        Self::FirstLaunch,
        Self::FirstReadBack,
        Self::Upload,
        Self::Launch,
        Self::Encode,
        Self::Pass,
        Self::Kernel,
        Self::ReadBack,
    ];

    /// Whether the phase is a part of another one, or a repetition of it, so that it is never added to the others.
    pub fn is_part(self) -> bool {
        matches!(self, Self::Encode | Self::Pass)
    }

    /// The phase's name in options, tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::SetUp => "set-up",
            Self::Compile => "compile",
            Self::FirstUpload => "first-upload",
            Self::FirstLaunch => "first-launch",
            Self::FirstReadBack => "first-read-back",
            Self::Upload => "upload",
            Self::Launch => "launch",
            Self::Encode => "encode",
            Self::Pass => "pass",
            Self::Kernel => "kernel",
            Self::ReadBack => "read-back",
        }
    }
}

/// The clock that timed a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// The host's monotonic clock.
    Host,
    /// Timestamps written by the GPU around the compute pass.
    Gpu,
    /// Host time less the GPU timestamps inside it.
    HostLessGpu,
    /// Host time less the median of an empty dispatch, for devices without usable timestamps.
    HostLessEmpty,
    /// Times drawn from a planted law.
    Simulated,
}

/// The samples of one phase of one case, or why there are none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Timing {
    /// One value per repetition.
    Samples {
        /// The clock that took them.
        clock: Clock,
        /// Seconds, in the order of measuring.
        seconds: Vec<f64>,
    },
    /// Not measured.
    Absent {
        /// Always `null`.
        seconds: (),
        /// Why not.
        reason: String,
    },
}

impl Timing {
    /// A timing that was not taken, with the reason.
    pub fn absent(reason: impl Into<String>) -> Self {
        Self::Absent { seconds: (), reason: reason.into() }
    }

    /// The samples in seconds; empty where there are none.
    pub fn seconds(&self) -> &[f64] {
        match self {
            Self::Samples { seconds, .. } => seconds,
            Self::Absent { .. } => &[],
        }
    }
}

/// A case that could not run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Skipped {
    /// The case in words: what varied and its value.
    pub case: String,
    /// Why it could not run.
    pub reason: String,
}

/// Which time of a job a law was fitted to.
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

impl Case {
    /// The samples of one phase, in seconds; empty where there are none.
    pub fn seconds(&self, phase: Phase) -> &[f64] {
        self.phases.get(&phase).map_or(&[], Timing::seconds)
    }

    /// The clock of one phase, where it was measured.
    pub fn clock(&self, phase: Phase) -> Option<Clock> {
        match self.phases.get(&phase) {
            Some(Timing::Samples { clock, .. }) => Some(*clock),
            _ => None,
        }
    }

    /// The samples of a quantity, in seconds, one per repetition. Launch and kernel add up to a time of the host clock
    /// by construction, so the sums are of one clock. The set-up happens once for all repetitions and enters as its
    /// median. Empty where a part is missing that the quantity cannot do without.
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
        // A job without inputs has no upload; every other phase that was measured was measured in each repetition.
        let part = |phase: &Phase, index: usize| self.seconds(*phase).get(index).copied().unwrap_or(0.0);
        (0..kernel.len())
            .map(|index| set_up + kernel[index] + phases.iter().map(|phase| part(phase, index)).sum::<f64>())
            .collect()
    }

    /// Samples that were taken: of the kernel, or of the launch where there is no kernel.
    pub fn repetitions(&self) -> usize {
        self.seconds(Phase::Kernel).len().max(self.seconds(Phase::Launch).len())
    }

    /// The samples of the whole job from inputs that stand in the host's memory, in seconds, one per repetition: set-up
    /// without the making of the inputs, upload, launch, kernel and read-back. Empty where the set-up was not kept apart.
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
