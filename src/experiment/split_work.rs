//! One job cut into K launches: what is lost? K and the rung vary, the work in all is fixed: the launches are a serial
//! part, held against the launch ladder.

use super::geometry::case;
use super::{Axis, Experiment, Scene, read};
use crate::device::Launch;
use crate::measure::{Dispatches, Place, Plan, Planned};
use crate::record::{self, DeviceKind, Fit, Skipped};
use crate::workload::Workload;

/// Launches that the job is cut into.
const LAUNCHES: [u64; 6] = [1, 2, 4, 16, 64, 256];

/// The cheapest rung, and the one of a program that waits after each launch.
const RUNGS: [Launch; 2] = [Launch::OnePass, Launch::WaitEach];

/// Size of the vectors: enough that a slice of them still fills a large part of a GPU.
const ELEMENTS: u64 = 1 << 20;

/// The same on a software adapter.
const FEW_ELEMENTS: u64 = 1 << 16;

/// Workgroups that the smallest slice has at the least, where there are elements enough: with fewer, more of the cores
/// would be idle the more the job is cut.
const WORKGROUPS: u64 = 8;

/// The experiment `split-work`.
pub(super) struct SplitWork;

impl Experiment for SplitWork {
    fn name(&self) -> &'static str {
        "split-work"
    }

    fn question(&self) -> &'static str {
        "one job cut into K launches: what is lost?"
    }

    fn workloads(&self) -> &'static [&'static str] {
        &["fma"]
    }

    fn takes(&self, workload: &dyn Workload) -> bool {
        workload.slice(&workload.variants()[0], workload.problem(1), 0..1, 1, 1).is_some()
    }

    fn axes(&self) -> &'static [Axis] {
        &[Axis::Sizes, Axis::Launches]
    }

    fn plans(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let default = if scene.device.kind == DeviceKind::Software { FEW_ELEMENTS } else { ELEMENTS };
        let sizes = scene.axes.sizes.clone().unwrap_or_else(|| vec![default]);
        sizes.into_iter().map(|n| self.plan(scene, n)).collect()
    }

    fn read(&self, experiment: &record::Experiment) -> Vec<Fit> {
        RUNGS.into_iter().filter_map(|rung| read::split(&experiment.cases, rung.name())).collect()
    }
}

impl SplitWork {
    fn plan(&self, scene: &Scene<'_>, n: u64) -> Plan {
        let mut plan = scene.plan(self);
        if scene.on_cpu() {
            let reason = "threads of a processor share the work by themselves: there are no launches to cut it into";
            plan.skipped.push(Skipped { case: "every number of launches".to_owned(), reason: reason.to_owned() });
            return plan;
        }
        let problem = scene.long_problem(n);
        let items = scene.workload.items(problem);
        let launches = scene.axes.launches.clone().unwrap_or_else(|| LAUNCHES.to_vec());
        let least = items / launches.iter().max().unwrap_or(&1);
        let usual = u64::from(scene.usual_workgroup_size());
        let subgroup = u64::from(scene.device.subgroup_sizes.map_or(1, |[_, largest]| largest.max(1)));
        let workgroup_size = (least / WORKGROUPS).clamp(subgroup.min(usual), usual) as u32;
        for (number, launch) in RUNGS.into_iter().enumerate() {
            for &slices in &launches {
                plan.cases.push(Planned {
                    dispatches: Dispatches::Exactly(1),
                    launch,
                    // The command line has checked the counts, which are 32 bits wide.
                    slices: u32::try_from(slices).unwrap_or(u32::MAX),
                    // A driver keeps the command buffers of every pass it ever saw; each rung gets a handle of its own.
                    place: Place::Fresh(number),
                    rung: Some(launch.name()),
                    ..case(problem, items, workgroup_size)
                });
            }
        }
        plan
    }
}
