//! The questions: one file each, with what varies, what is held fixed, and the law that reads the answer.

mod divergence;
mod fixed_size;
#[cfg(test)]
mod fixture;
mod gains;
mod geometry;
mod intensity;
mod launch_overhead;
mod problem_size;
mod read;
mod safety_cost;
mod scaled_size;
mod session;
mod split_work;
mod transfers;
mod workgroup_size;

use crate::device::cpu::Rung;
use crate::measure::{Place, Plan, Planned, Settings};
use crate::record::{Calibration, DeviceInfo, DeviceKind, Fit, Host, Phase, Problem, WorkersAre};
use crate::workload::{Variant, Workload};

pub use session::{Request, Selection, run, settings};

/// Every experiment, in the order in which they run.
pub fn all() -> &'static [&'static dyn Experiment] {
    &[
        &fixed_size::FixedSize,
        &scaled_size::ScaledSize,
        &problem_size::ProblemSize,
        &workgroup_size::WorkgroupSize,
        &launch_overhead::LaunchOverhead,
        &split_work::SplitWork,
        &transfers::Transfers,
        &divergence::Divergence,
        &intensity::Intensity,
        &safety_cost::SafetyCost,
        &gains::Gains,
    ]
}

/// The experiment of that name.
pub fn find(name: &str) -> Option<&'static dyn Experiment> {
    all().iter().copied().find(|experiment| experiment.name() == name)
}

/// One question.
pub trait Experiment: Sync {
    /// The name on the command line and in the record.
    fn name(&self) -> &'static str;

    /// The question that it answers.
    fn question(&self) -> &'static str;

    /// Workloads, as `name` or `name/variant`, that it measures unless others are asked for.
    fn workloads(&self) -> &'static [&'static str];

    /// Whether it means anything for this workload.
    fn takes(&self, workload: &dyn Workload) -> bool {
        workload.name() != "empty"
    }

    /// The options for axes that it honours.
    fn axes(&self) -> &'static [Axis];

    /// The cases, one plan for each problem that is held fixed.
    fn plans(&self, scene: &Scene<'_>) -> Vec<Plan>;

    /// What the laws make of the measured cases.
    fn read(&self, experiment: &crate::record::Experiment) -> Vec<Fit>;
}

/// An axis that the user can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// `--sizes`.
    Sizes,
    /// `--shape`.
    Shape,
    /// `--workers`, and `--workers-are`.
    Workers,
    /// `--workgroup-sizes`.
    WorkgroupSizes,
    /// `--launches`.
    Launches,
}

/// What a plan is made from.
pub struct Scene<'a> {
    /// What is computed.
    pub workload: &'static dyn Workload,
    /// How.
    pub variant: &'static Variant,
    /// Who computes.
    pub device: &'a DeviceInfo,
    /// The machine around it.
    pub host: &'a Host,
    /// What is known about the device.
    pub calibration: &'a Calibration,
    /// Seconds that one worker takes for a unit of this workload's work, where it was measured.
    pub seconds_per_work: Option<f64>,
    /// How long and how often.
    pub settings: &'a Settings,
    /// What the user asked for.
    pub axes: &'a Axes,
}

/// Values that the user asked for; `None` leaves the choice to the experiment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Axes {
    /// Problem sizes.
    pub sizes: Option<Vec<u64>>,
    /// m, k and n of matrix products, instead of sizes.
    pub shapes: Option<Vec<[u64; 3]>>,
    /// Worker counts.
    pub workers: Option<Vec<u64>>,
    /// Workgroup sizes.
    pub workgroup_sizes: Option<Vec<u64>>,
    /// Launches that one job is cut into.
    pub launches: Option<Vec<u64>>,
    /// What a worker is.
    pub workers_are: WorkersAre,
}

impl Scene<'_> {
    /// Whether the device is the processor, whose workers are threads.
    fn on_cpu(&self) -> bool {
        self.device.kind == DeviceKind::Cpu
    }

    /// Whether nothing is computed, so that nothing real stands beside it.
    fn on_simulated(&self) -> bool {
        self.device.kind == DeviceKind::Simulated
    }

    /// The problems that the user asked for, by size or by shape.
    fn asked(&self) -> Option<Vec<Problem>> {
        let shaped = |shapes: &Vec<[u64; 3]>| shapes.iter().filter_map(|&shape| self.workload.shaped(shape)).collect();
        let sized = |sizes: &Vec<u64>| sizes.iter().map(|&n| self.workload.problem(n)).collect();
        self.axes.shapes.as_ref().map(shaped).or_else(|| self.axes.sizes.as_ref().map(sized))
    }

    /// The case in which every item of the problem has a worker of its own; on the processor, a thread for each that it
    /// runs at once.
    fn everyone(&self, problem: Problem) -> Planned {
        let workgroup_size = self.usual_workgroup_size();
        let workers = if self.on_cpu() { self.cpu_threads() } else { self.workload.items(problem) };
        // Tiles are computed whole, so their workers come in whole workgroups.
        let whole = if self.variant.tiled && !self.on_cpu() { u64::from(workgroup_size) } else { 1 };
        geometry::case(problem, workers.next_multiple_of(whole), workgroup_size)
    }

    /// The case on a rung of this machine's processor.
    fn baseline(&self, problem: Problem, rung: Rung) -> Planned {
        Planned {
            place: Place::Cpu(rung),
            rung: Some(rung.name()),
            ..geometry::case(problem, rung.workers(self.cpu_threads()), 1)
        }
    }

    /// Threads that the processor runs at once.
    fn cpu_threads(&self) -> u64 {
        u64::from(self.host.threads)
    }

    /// A plan of no cases yet.
    fn plan(&self, experiment: &dyn Experiment) -> Plan {
        Plan {
            experiment: experiment.name(),
            workload: self.workload,
            variant: self.variant,
            workers_are: WorkersAre::Invocations,
            cases: Vec::new(),
            asked: &[Phase::Kernel],
            cheapest_last: false,
            seconds_per_work: self.seconds_per_work,
            skipped: Vec::new(),
        }
    }
}
