//! What an experiment plans from: the device, the machine around it, and the options.

use super::{About, Axes};
use crate::measure::{Climb, Plan, Settings};
use crate::record::{Baseline, Calibration, Case, DeviceInfo, DeviceKind, Host, Phase, Problem, Series, WorkersAre};
use crate::workload::{Variant, Workload, full_width};

/// What a plan is made from.
pub struct Scene<'a> {
    /// What is computed.
    pub workload: &'static dyn Workload,
    /// How.
    pub variant: &'static Variant,
    /// Whether all variants race, and the fastest of each problem is to be measured instead of this one.
    pub is_contest: bool,
    /// Who computes.
    pub device: &'a DeviceInfo,
    /// The machine around it.
    pub host: &'a Host,
    /// What is known about the device.
    pub calibration: &'a Calibration,
    /// Seconds that one worker takes for a unit of this workload's work, where it was measured.
    pub seconds_per_work: Option<f64>,
    /// How long the workload takes at full width; nothing on a processor and under a planted law.
    pub climb: Climb,
    /// How long and how often.
    pub settings: &'a Settings,
    /// What the user asked for.
    pub axes: &'a Axes,
}

impl Scene<'_> {
    /// Whether the device is the processor, whose workers are threads.
    pub(super) fn on_cpu(&self) -> bool {
        self.device.kind == DeviceKind::Cpu
    }

    /// Whether nothing is computed, so that nothing real stands beside it.
    pub(super) fn on_simulated(&self) -> bool {
        self.device.planned_as() == DeviceKind::Simulated
    }

    /// The problems that the user asked for, by size or by shape.
    pub(super) fn asked(&self) -> Option<Vec<Problem>> {
        let shaped = |shapes: &Vec<[u64; 3]>| shapes.iter().filter_map(|&shape| self.workload.shaped(shape)).collect();
        let sized = |sizes: &Vec<u64>| sizes.iter().map(|&n| self.workload.problem(n)).collect();
        self.axes.shapes.as_ref().map(shaped).or_else(|| self.axes.sizes.as_ref().map(sized))
    }

    /// The case in which every item of the problem has a worker of its own; on the processor, a thread for each that it
    /// runs at once.
    pub(super) fn everyone(&self, problem: Problem) -> Case {
        if self.on_cpu() {
            return Case::new(problem, self.cpu_threads(), 1);
        }
        full_width(self.workload, self.variant, problem, &self.device.limits)
    }

    /// Returns the case on this machine's processor.
    pub(super) fn baseline(&self, problem: Problem, baseline: Baseline) -> Case {
        Case::new(problem, baseline.workers(self.cpu_threads()), 1).in_series(Series::Baseline(baseline))
    }

    /// Threads that the processor runs at once.
    pub(super) fn cpu_threads(&self) -> u64 {
        u64::from(self.host.threads)
    }

    /// Returns a plan of no cases yet.
    pub(super) fn plan(&self, about: &About) -> Plan {
        Plan {
            experiment: about.name,
            workload: self.workload,
            variant: self.variant,
            is_contest: self.is_contest,
            chained: self.variant,
            arguments: self.variant,
            workers_are: WorkersAre::Invocations,
            cases: Vec::new(),
            asked: &[Phase::Kernel],
            cheapest_last: false,
            seconds_per_work: self.seconds_per_work,
            climb: self.climb.clone(),
            part: None,
            skipped: Vec::new(),
        }
    }
}
