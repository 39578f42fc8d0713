//! The run as it is saved: the waist between measuring and reading.
//!
//! Everything above this file writes a [`Run`], everything below reads one. Times are in seconds and sizes in bytes;
//! where a field has another unit, its name says so. A value that is absent is `null` with a reason beside it, never
//! zero and never infinity.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::law;
use crate::stats::{self, Estimate, Summary};

/// The version of the saved form. Readers accept this one and older ones, and refuse newer ones.
pub const SCHEMA: &str = "amdahl-run/1";

/// Everything that one command measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// [`SCHEMA`] of the program that wrote the run.
    pub schema: String,
    /// Version of the program that wrote the run.
    pub version: String,
    /// The command line, program name first.
    pub command: Vec<String>,
    /// Start of the run, UTC, RFC 3339.
    pub started: String,
    /// Seed of the inputs and of the orders of the cases.
    pub seed: u64,
    /// How much time the run was given.
    pub effort: Effort,
    /// False while the run is being measured, and for ever if it was cut short.
    pub complete: bool,
    /// Wall-clock time of the whole run, in seconds.
    pub seconds: f64,
    /// The machine that the device sits in.
    pub host: Host,
    /// The device that was measured.
    pub device: DeviceInfo,
    /// What was learnt about the device before the experiments.
    pub calibration: Calibration,
    /// One entry per experiment and workload, in the order measured.
    pub experiments: Vec<Experiment>,
    /// What the run shows, in sentences.
    pub findings: Vec<Finding>,
    /// Checks of the run on itself; `null` in runs written by versions that had none.
    pub audit: Option<Audit>,
}

/// How much time a run is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effort {
    /// About ten seconds.
    Quick,
    /// About a minute.
    Default,
    /// About five minutes.
    Thorough,
}

/// The machine that the device sits in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Host {
    /// Operating system and processor architecture, for example `linux x86_64`.
    pub system: String,
    /// The processor's name, where the operating system tells it.
    pub processor: Option<String>,
    /// Threads that the operating system lets this process run at once.
    pub threads: u32,
    /// Smallest step seen between two readings of the host clock, in seconds.
    pub clock_resolution: f64,
}

/// What kind of thing a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceKind {
    /// A GPU with memory of its own.
    Discrete,
    /// A GPU that shares the processor's memory.
    Integrated,
    /// A GPU handed through by a virtual machine.
    Virtual,
    /// A driver that runs shaders on the processor (llvmpipe, WARP, SwiftShader).
    Software,
    /// A GPU of a kind that the driver does not tell.
    Other,
    /// The threads of this machine's processor.
    Cpu,
    /// A planted law; nothing is computed.
    Simulated,
}

/// A device: who it is and what it allows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// The name that the driver gives.
    pub name: String,
    /// What kind of thing it is.
    pub kind: DeviceKind,
    /// `vulkan`, `metal` or `dx12`; `null` for devices that are no GPU.
    pub backend: Option<String>,
    /// Driver name and version, where told.
    pub driver: Option<String>,
    /// Whether kernels are timed by the device's own timestamps.
    pub timestamps: bool,
    /// Seconds per timestamp tick, where there are timestamps.
    pub timestamp_period: Option<f64>,
    /// Smallest and largest number of invocations that run in lockstep, where told.
    pub subgroup_sizes: Option<[u32; 2]>,
    /// What it allows.
    pub limits: Limits,
}

/// What a device allows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Largest useful worker count.
    pub workers: u64,
    /// Most invocations in a workgroup.
    pub workgroup_size: u32,
    /// Most workgroups along one dimension of a dispatch.
    pub workgroups_per_dimension: u32,
    /// Bytes of memory that the invocations of a workgroup share.
    pub workgroup_memory: u64,
    /// Bytes of the largest buffer that a kernel can be given.
    pub binding: u64,
    /// Bytes that the cases of one experiment may keep on the device together.
    pub memory: u64,
}

/// What was learnt about the device before the experiments.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Host time of one empty dispatch, submitted and waited for: the median, in seconds.
    pub empty_dispatch: Option<f64>,
    /// Smallest step of the clock that times kernels, in seconds.
    pub kernel_clock_resolution: Option<f64>,
    /// Loop back-edges after which the device silently stopped a loop; `null` where no such stop was found.
    pub loop_budget: Option<u64>,
    /// Loop back-edges that one invocation was seen to complete.
    pub loops_tried: u64,
    /// Time of one multiply-add in a chain on a single invocation, in seconds.
    pub multiply_add: Option<f64>,
}

/// The size of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// Vectors of n elements.
    Vector {
        /// Elements.
        n: u64,
    },
    /// n elements with k dependent multiply-adds each.
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
}

impl Problem {
    /// The problem size: elements of a vector, columns of a matrix product (the side of a square one).
    pub fn n(self) -> u64 {
        match self {
            Self::Vector { n } | Self::Chain { n, .. } | Self::Matrix { n, .. } => n,
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
    /// The rung of a ladder that the case stands on: how it is launched, or which baseline it is.
    pub rung: Option<String>,
    /// Multiplications and additions of one job.
    pub flop: f64,
    /// Bytes that one job must move between the kernel and the device's memory.
    pub bytes: f64,
    /// Whether the output was right.
    pub verified: Verified,
    /// Times by phase. Every phase of [`Phase`] is there: as samples, or as the reason for their absence.
    pub phases: BTreeMap<Phase, Timing>,
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
    /// The first dispatch after compiling.
    FirstLaunch,
    /// Host memory to device buffer.
    Upload,
    /// Encode, finish and submit until the queue is idle, less the kernel.
    Launch,
    /// The compute pass.
    Kernel,
    /// Device buffer to host memory.
    ReadBack,
}

impl Phase {
    /// Every phase, in the order in which a job goes through them.
    pub const ALL: [Self; 7] =
        [Self::SetUp, Self::Compile, Self::FirstLaunch, Self::Upload, Self::Launch, Self::Kernel, Self::ReadBack];

    /// The phase's name in options, tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::SetUp => "set-up",
            Self::Compile => "compile",
            Self::FirstLaunch => "first-launch",
            Self::Upload => "upload",
            Self::Launch => "launch",
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

/// One experiment on one workload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// The experiment's name, as on the command line.
    pub name: String,
    /// The workload's name.
    pub workload: String,
    /// The workload's variant; `null` where it has only one.
    pub variant: Option<String>,
    /// What the law counts as workers.
    pub workers_are: WorkersAre,
    /// The cases, in the order of the varied quantity.
    pub cases: Vec<Case>,
    /// The cases that could not run.
    pub skipped: Vec<Skipped>,
    /// The order of measuring: for each repetition block the indices into `cases`.
    pub order: Vec<Vec<usize>>,
    /// Why sampling stopped.
    pub stopped: String,
    /// What the laws read from the cases.
    pub fits: Vec<Fit>,
}

impl Experiment {
    /// Workers of a case, as the law counts them.
    pub fn workers(&self, case: &Case) -> u64 {
        match self.workers_are {
            WorkersAre::Invocations => case.workers,
            WorkersAre::Workgroups => case.workgroups,
        }
    }
}

/// What a law counts as workers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkersAre {
    /// Invocations of the kernel on a GPU, threads on a CPU.
    #[default]
    Invocations,
    /// Whole workgroups.
    Workgroups,
}

/// Which time of a job a law was fitted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// The kernel alone.
    Kernel,
    /// The job as a user waits for it: set-up, upload, launch, kernel and read-back.
    WholeJob,
    /// Submitting and waiting, the kernel included.
    RoundTrip,
}

impl Quantity {
    /// The quantity in tables and sentences.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kernel => "kernel",
            Self::WholeJob => "whole job",
            Self::RoundTrip => "round trip",
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

    /// Median and interval of a quantity.
    pub fn summary(&self, quantity: Quantity) -> Option<Summary> {
        Summary::of(&self.samples(quantity))
    }
}

/// What a law reads from an experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "law", rename_all = "kebab-case")]
#[expect(clippy::large_enum_variant, reason = "a run holds a few dozen fits")]
pub enum Fit {
    /// Strong scaling: speedup against workers at a fixed problem size.
    Speedup {
        /// The time that was fitted.
        quantity: Quantity,
        /// The fit, or why it is refused.
        #[serde(flatten)]
        fit: law::speedup::SpeedupFit,
        /// The serial share of the job on one worker by the phase timers: everything but the kernel.
        phase_share: Option<Estimate>,
    },
    /// Weak scaling: the work grows with the workers.
    Scaled {
        /// The time that was fitted.
        quantity: Quantity,
        /// Scaled speedups by Gustafson's law, the serial share taken from the phase timers, and measured where the
        /// scaled problem also ran on one worker.
        points: Vec<ScaledPoint>,
        /// The joint fit over problem size and workers.
        joint: law::joint::JointFit,
    },
    /// Time of K dispatches: what one more launch costs, and what the round trip costs.
    Launch {
        /// The rung of the launch ladder.
        rung: String,
        /// The line; K on its x axis.
        #[serde(flatten)]
        fit: law::line::LineFit,
    },
    /// Time against problem size.
    Size {
        /// The time that was fitted.
        quantity: Quantity,
        /// The CPU rung, or `null` for the device itself.
        rung: Option<String>,
        /// Start-up time, rate and the size at half of it; x is the work of a case in `unit`.
        #[serde(flatten)]
        fit: law::hockney::HockneyFit,
        /// What the work is counted in.
        unit: WorkUnit,
    },
    /// From which size the device is the faster one, transfers included.
    Crossover {
        /// The CPU rung that it is compared with.
        against: String,
        /// The answer.
        #[serde(flatten)]
        crossover: law::Crossover,
    },
    /// The best value of what was varied.
    Best {
        /// What was varied.
        parameter: String,
        /// The value with the shortest median.
        value: u64,
        /// Its time in seconds.
        seconds: Estimate,
        /// Values whose intervals overlap that of the best: as good, as far as the measurement can tell.
        as_good: Vec<u64>,
    },
}

/// One worker count of a scaled experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScaledPoint {
    /// Workers.
    pub workers: u64,
    /// Problem size.
    pub n: u64,
    /// Serial share of the time on that many workers, by the phase timers; `null` for the kernel, which has no timers
    /// inside it.
    pub serial_share: Option<Estimate>,
    /// Scaled speedup by Gustafson's law from that share; `null` where the share is.
    pub gustafson: Option<f64>,
    /// Scaled speedup measured against one worker on the same problem; `null` where that was not run.
    pub measured: Option<Estimate>,
}

/// What the work of a job is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkUnit {
    /// Multiplications and additions.
    Flop,
    /// Bytes to and from the device's memory.
    Bytes,
}

/// What the run shows, in one plain sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The experiment that it comes from; `null` for the summary of the whole run.
    pub experiment: Option<String>,
    /// The workload that it comes from.
    pub workload: Option<String>,
    /// The sentence, with its numbers, units and interval.
    pub text: String,
}

/// Checks of the run on itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    /// Each check.
    pub checks: Vec<Check>,
}

/// One check of the run on itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// What was checked.
    pub name: String,
    /// Whether it held.
    pub passed: bool,
    /// The numbers behind it.
    pub detail: String,
}

/// Why a file is no run that can be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Not JSON, or damaged.
    #[error("this is no saved run: {0}; the file may be damaged or cut short")]
    Damaged(#[from] serde_json::Error),
    /// JSON of something else.
    #[error("this is no saved run: its `schema` is {found}, and a run's is \"{SCHEMA}\"")]
    Foreign {
        /// What stands there.
        found: String,
    },
    /// Written by a newer version.
    #[error(
        "this run was saved by a newer version (schema \"{found}\"; this one reads up to \"{SCHEMA}\"): update amdahl"
    )]
    Newer {
        /// What stands there.
        found: String,
    },
}

impl Run {
    /// Reads a saved run. The schema is looked at first, so that a newer or a foreign file gets a message of its own.
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        let value: serde_json::Value = serde_json::from_str(text)?;
        let found = value.get("schema").unwrap_or(&serde_json::Value::Null);
        let version = |text: &str| text.strip_prefix("amdahl-run/").and_then(|number| number.parse::<u32>().ok());
        let known = version(SCHEMA).unwrap_or_default();
        match found.as_str().map(|text| (text, version(text))) {
            Some((text, Some(number))) if number > known => Err(ReadError::Newer { found: text.to_owned() }),
            Some((_, Some(number))) if number > 0 => Ok(serde_json::from_value(value)?),
            _ => Err(ReadError::Foreign { found: found.to_string() }),
        }
    }
}
