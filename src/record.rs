//! The run as it is saved: the waist between measuring and reading.
//!
//! Here belongs what was measured, and who measured it. What the laws make of it does not: readings follow from the
//! samples, and [`crate::experiment::json`] writes them beside the run, for other programs only. Times are in
//! seconds and sizes in bytes; a field in another unit has it in its name. A value that is absent is `null` with a
//! reason beside it, never zero and never infinity.

mod baseline;
mod case;
mod checks;
mod device;
mod limits;
mod measurement;
mod phase;
mod read;
mod series;
mod surroundings;
mod tournament;
mod transfer_method;
mod trust;
mod version_1;
mod wait;

use serde::{Deserialize, Serialize};

pub use baseline::Baseline;
pub use case::{Case, Problem, VariantName};
pub use checks::Checks;
pub use device::{Calibration, DeviceInfo, DeviceKind, Limits};
pub use limits::{CopyRate, has_own_limit};
pub use measurement::{Measurement, Quantity, Skipped, Verified};
pub use phase::{Clock, Phase, Timing};
pub use read::{ReadError, printable};
pub use series::{LaunchStyle, Launching, Order, Series};
pub use surroundings::{Conditions, Highest, LastCanary, Neighbours, Power, ProcessorUse, Surroundings, Told};
pub use tournament::{Tournament, Tried};
pub use transfer_method::TransferMethod;
pub use trust::{Audit, Canary, CanaryPart, CanarySamples, Check, Control, Drift, DriftShape, Stop, WarmUp};
pub use wait::Wait;

/// The version of the saved form. Readers accept this one and older ones, and refuse newer ones.
pub const SCHEMA: &str = "amdahl-run/2";

/// Everything that one command measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// [`SCHEMA`] of the program that wrote the run.
    pub schema: String,
    /// Version of the program that wrote the run.
    pub version: String,
    /// The commit that this program was built from; `null` if it was built without git, and in runs of versions that
    /// did not tell.
    #[serde(default)]
    pub commit: Option<String>,
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
    /// The most memory that the program had on the host at once, in bytes, where the operating system tells it.
    #[serde(default)]
    pub peak_host_bytes: Option<u64>,
    /// Power and clocks around it; `null` in runs of versions that did not look.
    #[serde(default)]
    pub surroundings: Option<Surroundings>,
    /// One entry per experiment and workload, in the order measured.
    pub experiments: Vec<Measured>,
    /// The canary that watched over it; `null` in runs written by versions that had none.
    #[serde(default)]
    pub canary: Option<Canary>,
    /// What changed the speed of the device or the host meanwhile; empty if nothing did.
    #[serde(default)]
    pub drift: Vec<Drift>,
    /// Kernels that became slower since the last saved run of the device; `null` if none did, or if there is none.
    #[serde(default)]
    pub slower: Option<Slower>,
    /// Checks of the run on itself; `null` in runs written by versions that had none.
    pub audit: Option<Audit>,
}

/// Kernels that became slower since the last saved run of the same device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slower {
    /// Start of that run, UTC, RFC 3339.
    pub started: String,
    /// Kernels that are proven to take at least twice as long.
    pub kernels: usize,
    /// Kernels that both runs have.
    pub of: usize,
    /// How many times as long the worst of them takes.
    pub times: f64,
    /// The experiment and the workload of that one.
    pub place: String,
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

impl Effort {
    /// Largest share of a run's time for one experiment, so that a single experiment does not take all of it.
    pub const LONGEST_SHARE: f64 = 0.125;

    /// Returns the time of a run, in seconds.
    pub fn seconds(self) -> f64 {
        match self {
            Self::Quick => 10.0,
            Self::Default => 60.0,
            Self::Thorough => 300.0,
        }
    }
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

/// One experiment on one workload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The experiment's name, as on the command line.
    pub name: String,
    /// The workload's name.
    pub workload: String,
    /// The workload's variant; `null` if it has only one.
    pub variant: Option<String>,
    /// What the law counts as workers.
    pub workers_are: WorkersAre,
    /// The races by which the variant of each problem was chosen; empty if none was to be chosen.
    #[serde(default)]
    pub tournaments: Vec<Tournament>,
    /// The cases, in the order of the varied quantity.
    pub cases: Vec<Measurement>,
    /// The cases that could not run.
    pub skipped: Vec<Skipped>,
    /// The order of measuring: for each repetition block the indices into `cases` of those that took part; the index
    /// after the last case is the twin of [`Measured::control`], the one after that the one of [`Measured::halved`].
    pub order: Vec<Vec<usize>>,
    /// Why sampling stopped.
    pub stopped: String,
    /// How it was warmed up; `null` if nothing is computed.
    #[serde(default)]
    pub warm_up: Option<WarmUp>,
    /// Host time from the beginning of the first block to the end of the last one, in seconds.
    #[serde(default)]
    pub sampling: Option<f64>,
    /// The part of it in which the device worked untimed, so that it kept its clock, in seconds.
    #[serde(default)]
    pub heating: Option<f64>,
    /// Who used the processors while it was made ready and sampled.
    #[serde(default)]
    pub processor: Told<ProcessorUse>,
    /// The canary's times.
    #[serde(default)]
    pub canary: CanarySamples,
    /// The case in the most parts once more, in parts of half the size; `null` if nothing is timed in parts.
    #[serde(default)]
    pub halved: Option<Control>,
    /// A case measured twice; `null` if the second one could not run.
    #[serde(default)]
    pub control: Option<Control>,
}

impl Measured {
    /// Workers of a case, as the law counts them.
    pub fn workers(&self, case: &Case) -> u64 {
        match self.workers_are {
            WorkersAre::Invocations => case.workers,
            WorkersAre::Workgroups => case.workgroups(),
        }
    }
}

/// What a law counts as workers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum WorkersAre {
    /// One invocation of the kernel; on a CPU, a thread.
    #[default]
    Invocations,
    /// One workgroup.
    Workgroups,
}
