//! What the laws read from an experiment.

use serde::{Deserialize, Serialize};

use super::case::{Case, Phase, Problem, Quantity};
use crate::law;
use crate::stats::Estimate;

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
        /// Which part of the launch it is.
        #[serde(default)]
        part: LaunchPart,
        /// The line; K on its x axis.
        #[serde(flatten)]
        fit: law::line::LineFit,
    },
    /// Time of one job cut into K launches: what each launch adds.
    Split {
        /// The rung of the launch ladder that the launches are on.
        rung: String,
        /// The line; K on its x axis. Its intercept is the work with its round trip.
        #[serde(flatten)]
        fit: law::line::LineFit,
        /// The most launches tried.
        most: u32,
        /// The share of the time that so many launches take: Amdahl's serial fraction of the job cut like that. `null`
        /// where the line is refused.
        share: Option<Estimate>,
        /// Time of the kernels of so many launches together, over that of the fewest: above 1 where slices are too small
        /// to fill the device.
        kernel_growth: Option<Estimate>,
        /// The most launches up to which the kernels take no longer together than the fewest do; `null` where that was
        /// not to be seen.
        #[serde(default)]
        filled_up_to: Option<u32>,
        /// Seconds of one more launch by the line over these alone; `null` where it is refused.
        #[serde(default)]
        filled_slope: Option<Estimate>,
    },
    /// Rate against flop per byte: memory roof, compute roof, and the ridge between them.
    Roofline {
        /// The roofs, or why they are refused.
        #[serde(flatten)]
        fit: law::roofline::RooflineFit,
        /// Other workloads, and the side of the ridge that they lie on.
        workloads: Vec<PlacedWorkload>,
    },
    /// What branches inside a subgroup cost.
    Divergence {
        /// The price of a path that meets others in a subgroup, and that of its condition.
        #[serde(flatten)]
        fit: law::divergence::DivergenceFit,
        /// Lanes of a subgroup: what the driver tells, and where it allows several sizes, the one whose law leaves the
        /// smallest residuals.
        lanes: u64,
        /// The smallest and the largest size of which that was chosen; `null` where there is only one.
        #[serde(default)]
        lanes_among: Option<[u64; 2]>,
        /// Time of as many paths as lanes, over that of one path.
        full: Option<Estimate>,
        /// Time of twice as many paths as lanes, over that of as many as lanes: 1 where no more than the lanes can part.
        beyond: Option<Estimate>,
        /// Time of twice as many paths as lanes, sorted so that whole subgroups take the same, over that of one path.
        sorted: Option<Estimate>,
    },
    /// The kernel of one rung against that of another.
    Ratio {
        /// The rung.
        rung: String,
        /// The rung that it is compared with.
        against: String,
        /// How many times faster the rung is: the other's time over its own.
        ratio: Estimate,
        /// What may be concluded from the interval.
        comparison: law::Comparison,
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
    /// What moving data costs.
    Transfer {
        /// The way that the data take.
        path: String,
        /// The direction: upload or read-back.
        phase: Phase,
        /// Start-up time, rate and the size at half of it; x is in bytes.
        #[serde(flatten)]
        fit: law::hockney::HockneyFit,
    },
    /// From which size the device is the faster one, transfers included.
    Crossover {
        /// The CPU rung that it is compared with.
        against: String,
        /// The answer.
        #[serde(flatten)]
        crossover: law::Crossover,
    },
    /// One rung of the processor, or the device, against the rungs of the processor on one problem.
    Gain {
        /// The problem.
        problem: Problem,
        /// The CPU rung, or `null` for the device.
        rung: Option<String>,
        /// The kernel alone, or the whole job from inputs that stand in the host's memory.
        quantity: Quantity,
        /// Its time in seconds.
        seconds: Estimate,
        /// How many times faster it is than the scalar loop; `null` where that was not timed, for a reason that stands
        /// among the skipped cases.
        over_scalar: Option<Estimate>,
        /// How many times faster it is than the fastest of the CPU rungs; `null` where none was timed.
        over_best_cpu: Option<Estimate>,
    },
    /// Workgroups that run in waves: a last wave that is not full takes as long as one that is.
    Waves {
        /// The waves.
        #[serde(flatten)]
        waves: law::waves::Waves,
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

/// A part of a launch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LaunchPart {
    /// All of it, as the host waits for it.
    #[default]
    Whole,
    /// What the host does itself: recording and finishing the command buffers.
    Encode,
    /// What is left: the driver, the device, and the wait for it.
    Rest,
    /// The GPU's own time of the pass.
    Pass,
}

impl LaunchPart {
    /// Every part, the whole first.
    pub const ALL: [Self; 4] = [Self::Whole, Self::Encode, Self::Rest, Self::Pass];

    /// The samples of the part in a case of K dispatches, in seconds for all K; empty where there are none.
    pub fn seconds(self, case: &Case) -> Vec<f64> {
        match self {
            Self::Whole => case.seconds(Phase::Launch).to_vec(),
            Self::Encode => case.seconds(Phase::Encode).to_vec(),
            Self::Rest => {
                let pairs = case.seconds(Phase::Launch).iter().zip(case.seconds(Phase::Encode));
                pairs.map(|(whole, encoding)| whole - encoding).collect()
            }
            Self::Pass => case.seconds(Phase::Pass).to_vec(),
        }
    }
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
    /// Time on all workers over the time of one worker on its own share: 1 where the grown problem takes no longer.
    pub stretch: Option<Estimate>,
    /// Scaled speedup by Gustafson's law from the serial share. `null` where that is, and where the kernel takes more
    /// than a tenth longer than one worker takes for its share: the law assumes that it does not.
    pub gustafson: Option<f64>,
    /// Scaled speedup measured against one worker on the same problem; `null` where that was not run.
    pub measured: Option<Estimate>,
}

/// A workload under the roofline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlacedWorkload {
    /// The workload's name.
    pub workload: String,
    /// The problem that its intensity is quoted for.
    pub problem: Problem,
    /// Multiplications and additions for each byte that must cross between kernel and memory.
    pub flop_per_byte: f64,
    /// The roof over it; `null` where it lies within the interval of the ridge, or no ridge is known.
    pub bound: Option<law::roofline::Bound>,
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
