//! How reliable the numbers of a run are: what ended the sampling, what the canary saw, and what the run's checks on
//! itself found.

use serde::{Deserialize, Serialize};

use super::case::Problem;
use super::measurement::Measurement;
use super::phase::Clock;
use super::surroundings::Neighbours;

/// Why sampling of a case stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stop {
    /// The 95 % interval of its median is narrower than [`Stop::NARROW`] times the median.
    Precise,
    /// The interval no longer shrinks with more samples, so the rest is not random.
    Plateau,
    /// Its share of the time was used up.
    Budget,
    /// The user interrupted the run.
    Interrupted,
}

impl Stop {
    /// Relative width of a median's 95 % interval below which it counts as precise.
    pub const NARROW: f64 = 0.02;

    /// All reasons, the best first.
    pub const ALL: [Self; 4] = [Self::Precise, Self::Plateau, Self::Budget, Self::Interrupted];
}

/// The warm-up, which brings the device to a steady speed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WarmUp {
    /// Number of rounds in which every case ran.
    pub rounds: usize,
    /// Duration, in seconds.
    pub seconds: f64,
    /// Whether the canary had stopped getting faster.
    pub settled: bool,
}

/// The canary: a fixed test kernel that runs at the beginning of every repetition block. A change in its time is not
/// caused by the cases.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Canary {
    /// Its problem: chains of multiply-adds.
    pub problem: Problem,
    /// Parallel workers: enough to fill the device.
    pub workers: u64,
    /// Invocations per workgroup.
    pub workgroup_size: u32,
}

/// The canary's times in one experiment. Each list has one element per repetition block.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CanarySamples {
    /// Clock that timed the kernel; `null` if it never ran.
    #[serde(default)]
    pub clock: Option<Clock>,
    /// Time since the run began, in seconds.
    pub at: Vec<f64>,
    /// Kernel time, in seconds.
    pub kernel: Vec<f64>,
    /// Time of launch and read-back on the host clock, in seconds.
    pub rest: Vec<f64>,
}

/// A case that was measured twice, as two independent cases. Both should take the same time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Control {
    /// Index of the case in the experiment. In the order of the blocks, the twin has the index after the last case.
    pub of: usize,
    /// The second measurement.
    pub twin: Measurement,
}

/// A change in the speed of the device or the host during the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// The part of the canary that changed.
    pub part: CanaryPart,
    /// Shape of the change.
    pub shape: DriftShape,
    /// Size of the change: 0.1 means a tenth longer.
    pub change: f64,
    /// Start of the change, in seconds since the run began.
    pub from: f64,
    /// End of the change, in seconds since the run began.
    pub to: f64,
    /// The experiment during the change, for example `gains/saxpy`, or the first and the last of several.
    pub place: String,
}

/// A part of the canary's job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CanaryPart {
    /// Its kernel.
    Kernel,
    /// Launch and read-back.
    Rest,
}

/// The shape of a drift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DriftShape {
    /// Gradual change.
    Trend,
    /// Change from one block to the next.
    Jump,
}

/// The run's checks on itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    /// All checks.
    pub checks: Vec<Check>,
    /// Our own overhead: share of the repetition blocks' host time outside any job (shuffling, reading timestamps,
    /// copying samples).
    #[serde(default)]
    pub harness: Option<f64>,
    /// Share of the repetition blocks' host time in which the device did untimed work to keep its clock up; `null` if
    /// its clock cannot drop.
    #[serde(default)]
    pub heating: Option<f64>,
    /// Noise between experiments: standard deviation of the canary's medians, as a share. Intervals of times do not
    /// include it. Ratios within an experiment do not need it.
    #[serde(default)]
    pub wander: Option<f64>,
    /// Other programs on the machine; `null` in runs of versions that did not record it.
    #[serde(default)]
    pub neighbours: Option<Neighbours>,
}

/// One check of the run on itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// What was checked.
    pub name: String,
    /// Whether it passed.
    pub passed: bool,
    /// Its numbers.
    pub detail: String,
}

impl Check {
    /// The words before the known cause of a difference, in the detail of a check that passed in spite of it.
    pub const EXPLAINED: &str = "they differ because";

    /// Whether the numbers differ, for a known reason.
    pub fn is_explained(&self) -> bool {
        self.passed && self.detail.contains(Self::EXPLAINED)
    }

    /// Fails if there is drift.
    pub const CANARY: &str = "speed stayed the same during the run";

    /// Fails if the machine was busy with other work.
    pub const QUIET: &str = "the machine was quiet";

    /// Fails if the clock of the kernels does not scale with the number of kernels.
    pub const GROWTH: &str = "twice the kernels take twice the time";

    /// Fails if the phases miss or double some of the time.
    pub const PHASES: &str = "the phases add up to the time of the whole job";

    /// Fails if a case measured twice has two different times.
    pub const TWINS: &str = "a case measured twice takes the same time";

    /// Fails if a job timed in parts takes another time in smaller parts.
    pub const PARTS: &str = "a job timed in smaller parts takes the same time";

    /// Fails if a kernel moves data faster than the memory limit allows.
    pub const MEMORY: &str = "no kernel moves data faster than the memory limit";

    /// Fails if a kernel computes faster than the compute limit allows.
    pub const COMPUTE: &str = "no kernel computes faster than the compute limit";

    /// Fails if a transfer is faster than the host's memory.
    pub const TRANSFERS: &str = "no transfer is faster than the host's memory";

    /// Fails if different clocks timed kernels that are compared.
    pub const ONE_CLOCK: &str = "one clock times all kernels of a section";
}
