//! The saved run: everything that was measured, and on which device.
//!
//! It holds no readings of the laws, because they follow from the samples. [`crate::experiment::json`] writes them
//! beside the run for other programs. Times are in seconds and sizes in bytes; a field in another unit has the unit in
//! its name. An absent value is `null` with a reason beside it, never zero or infinity.

mod baseline;
mod case;
mod checks;
mod damage;
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
pub use read::{ReadError, is_unprintable, printable, printable_lines};
pub use series::{LaunchStyle, Launching, Order, Series};
pub use surroundings::{Conditions, Highest, LastCanary, Neighbours, Power, ProcessorUse, Surroundings, Told};
pub use tournament::{Tournament, Tried};
pub use transfer_method::TransferMethod;
pub use trust::{Audit, Canary, CanaryPart, CanarySamples, Check, Control, Drift, DriftShape, Stop, WarmUp};
pub use wait::Wait;

/// Schema of the saved form. Readers accept this version and older ones, and refuse newer ones.
pub const SCHEMA: &str = "amdahl-run/2";

/// Everything that one command measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// [`SCHEMA`] of the program that wrote the run.
    pub schema: String,
    /// Version of the program that wrote the run.
    pub version: String,
    /// Commit that this program was built from; `null` if it was built without git, or if the version did not record
    /// it.
    #[serde(default)]
    pub commit: Option<String>,
    /// The command line, program name first.
    pub command: Vec<String>,
    /// Start of the run, in UTC, as in RFC 3339.
    pub started: String,
    /// Seed of the inputs and of the order of the cases.
    pub seed: u64,
    /// Effort, which sets the time of the run.
    pub effort: Effort,
    /// False while the run is being measured, and also if it was interrupted or could not be saved to its end.
    pub complete: bool,
    /// Wall-clock time of the whole run, in seconds, less [`Run::stopped`].
    pub seconds: f64,
    /// Seconds for which the program stood still: somebody stopped it, or the machine slept. What was being measured
    /// then was measured again.
    #[serde(default)]
    pub stopped: f64,
    /// The machine that holds the device.
    pub host: Host,
    /// The device that was measured.
    pub device: DeviceInfo,
    /// What was measured about the device before the experiments.
    pub calibration: Calibration,
    /// Peak memory of the program on the host, in bytes, if the operating system reports it.
    #[serde(default)]
    pub peak_host_bytes: Option<u64>,
    /// Power and clocks during the run; `null` in runs of versions that did not record them.
    #[serde(default)]
    pub surroundings: Option<Surroundings>,
    /// One entry per experiment and workload, in the order of measuring.
    pub experiments: Vec<Measured>,
    /// The canary of the run; `null` in runs of versions without one.
    #[serde(default)]
    pub canary: Option<Canary>,
    /// Changes in the speed of the device or the host during the run; empty if there were none.
    #[serde(default)]
    pub drift: Vec<Drift>,
    /// Kernels that became slower since the last saved run of the device; `null` if none did, or if there is none.
    #[serde(default)]
    pub slower: Option<Slower>,
    /// The run's checks on itself; `null` in runs of versions without them.
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

/// How much time a run gets.
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
    /// Largest share of a run's time that one experiment may take.
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

/// The machine that holds the device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Host {
    /// Operating system and processor architecture, for example `linux x86_64`.
    pub system: String,
    /// Name of the processor, if the operating system reports it.
    pub processor: Option<String>,
    /// Number of threads that the operating system lets this process run at once.
    pub threads: u32,
    /// Smallest step between two readings of the host clock, in seconds.
    pub clock_resolution: f64,
}

/// One experiment on one workload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Name of the experiment, as on the command line.
    pub name: String,
    /// Name of the workload.
    pub workload: String,
    /// Variant of the workload; `null` if it has only one.
    pub variant: Option<String>,
    /// What the law counts as workers.
    pub workers_are: WorkersAre,
    /// The tournaments that chose the variant for each problem; empty if there was no choice.
    #[serde(default)]
    pub tournaments: Vec<Tournament>,
    /// The cases, in the order of the quantity that varies.
    pub cases: Vec<Measurement>,
    /// Cases that could not run.
    pub skipped: Vec<Skipped>,
    /// Order of measuring: for each repetition block, the indices into `cases` that were measured. The index after the
    /// last case is the twin in [`Measured::control`]; the next one is that in [`Measured::halved`].
    pub order: Vec<Vec<usize>>,
    /// Why sampling stopped.
    pub stopped: String,
    /// The warm-up; `null` if nothing is computed.
    #[serde(default)]
    pub warm_up: Option<WarmUp>,
    /// Host time from the start of the first block to the end of the last one, in seconds.
    #[serde(default)]
    pub sampling: Option<f64>,
    /// The part of that time in which the device did untimed work to keep its clock up, in seconds.
    #[serde(default)]
    pub heating: Option<f64>,
    /// Use of the processors during preparation and sampling.
    #[serde(default)]
    pub processor: Told<ProcessorUse>,
    /// Times of the canary.
    #[serde(default)]
    pub canary: CanarySamples,
    /// The case with the most parts, measured again in parts of half the size; `null` if nothing is timed in parts.
    #[serde(default)]
    pub halved: Option<Control>,
    /// A case that was measured twice; `null` if the second one could not run.
    #[serde(default)]
    pub control: Option<Control>,
}

impl Measured {
    /// Returns the number of workers of a case, as the law counts them.
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
