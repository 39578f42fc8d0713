//! How far the numbers of a run can be trusted: what ended the sampling, what watched it, and what the run found when
//! it checked itself.

use serde::{Deserialize, Serialize};

use super::case::Problem;
use super::measurement::Measurement;
use super::phase::Clock;
use super::surroundings::Neighbours;

/// Why no more samples of a case were taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stop {
    /// The 95 % interval of its median is narrower than [`Stop::NARROW`] of it.
    Precise,
    /// The interval no longer shrinks, however many samples are taken: what is left is no chance.
    Plateau,
    /// Its share of the time was used up.
    Budget,
    /// Somebody interrupted the run.
    Interrupted,
}

impl Stop {
    /// A median is precise when its 95 % interval is narrower than this share of it.
    pub const NARROW: f64 = 0.02;

    /// Every reason, the best first.
    pub const ALL: [Self; 4] = [Self::Precise, Self::Plateau, Self::Budget, Self::Interrupted];
}

/// How the device was brought to the speed that it keeps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WarmUp {
    /// Times that every case was run.
    pub rounds: usize,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Whether the canary had stopped getting faster by then.
    pub settled: bool,
}

/// The fixed kernel that runs at the beginning of every repetition block. Whatever changes its time is not in the
/// cases.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Canary {
    /// What it computes: chains of multiply-adds.
    pub problem: Problem,
    /// Parallel workers: enough to fill the device.
    pub workers: u64,
    /// Invocations per workgroup.
    pub workgroup_size: u32,
}

/// The canary's times in one experiment: one element for each repetition block.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CanarySamples {
    /// The clock of its kernel; `null` if it never ran.
    #[serde(default)]
    pub clock: Option<Clock>,
    /// Seconds since the run began.
    pub at: Vec<f64>,
    /// Its kernel, in seconds.
    pub kernel: Vec<f64>,
    /// The rest of its job: launch and read-back, in seconds of the host clock.
    pub rest: Vec<f64>,
}

/// A case that was measured twice, as if it were two, to see whether the same gives the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Control {
    /// Index of the case in the experiment. In the order of the blocks the twin has the number after the last case.
    pub of: usize,
    /// The second measurement.
    pub twin: Measurement,
}

/// A change of speed of the device or the host during the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// Which time of the test kernel changed.
    pub part: CanaryPart,
    /// How.
    pub shape: DriftShape,
    /// By how much: 0.1 is a tenth longer.
    pub change: f64,
    /// Where it begins, in seconds since the run began.
    pub from: f64,
    /// Where it ends: the same for a jump.
    pub to: f64,
    /// The experiment that ran meanwhile, as `gains/saxpy`, or the first and the last of them.
    pub place: String,
}

/// A part of the test kernel's job.
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
    /// Little by little.
    Trend,
    /// From one block to the next.
    Jump,
}

/// Checks of the run on itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    /// Each check.
    pub checks: Vec<Check>,
    /// Host time of the repetition blocks that was spent in no job, as a share: shuffling, reading timestamps, copying
    /// what is to be saved.
    #[serde(default)]
    pub harness: Option<f64>,
    /// Host time of the repetition blocks in which the device worked untimed, so that it kept its clock, as a share;
    /// `null` if it has none to lose.
    #[serde(default)]
    pub heating: Option<f64>,
    /// How much the machine's own speed differs from one experiment to the next: the standard deviation of the canary's
    /// medians, as a share. The intervals of times do not know of it; ratios within an experiment need not.
    #[serde(default)]
    pub wander: Option<f64>,
    /// What else used the machine; `null` in runs of versions that did not look.
    #[serde(default)]
    pub neighbours: Option<Neighbours>,
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

impl Check {
    /// The words before the known cause of a difference, in the detail of a check that passed in spite of it.
    pub const EXPLAINED: &str = "they differ because";

    /// Whether the numbers differ, for a known reason.
    pub fn is_explained(&self) -> bool {
        self.passed && self.detail.contains(Self::EXPLAINED)
    }

    /// Fails if there is drift.
    pub const CANARY: &str = "speed stayed the same during the run";

    /// Fails if the machine was busy with something else.
    pub const QUIET: &str = "the machine was quiet";

    /// Fails if the clock of the kernels does not count them.
    pub const GROWTH: &str = "twice the kernels take twice the time";

    /// Fails if the phases leave out some of the time, or count it twice.
    pub const PHASES: &str = "the phases add up to the time of the whole job";

    /// Fails if a case that is measured twice takes two times.
    pub const TWINS: &str = "a case measured twice takes the same time";

    /// Fails if a job that is timed in parts takes another time in smaller parts.
    pub const PARTS: &str = "a job timed in smaller parts takes the same time";

    /// Fails if a kernel is too fast to be true.
    pub const MEMORY: &str = "no kernel moves data faster than the memory limit";

    /// See [`Self::MEMORY`].
    pub const COMPUTE: &str = "no kernel computes faster than the compute limit";

    /// Fails if a transfer is too fast to be true.
    pub const TRANSFERS: &str = "no transfer is faster than the host's memory";

    /// Fails if two clocks timed kernels that are compared.
    pub const ONE_CLOCK: &str = "one clock times all kernels of a section";
}
