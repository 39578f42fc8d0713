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

/// Sizes of the vectors that are tried on a GPU with memory of its own, the largest first: such a GPU has many cores,
/// and the 256th part of a smaller job would leave most of them idle.
const MANY_ELEMENTS: [u64; 3] = [1 << 24, 1 << 22, ELEMENTS];

/// Size of the vectors elsewhere.
const ELEMENTS: u64 = 1 << 20;

/// The same on a software adapter.
const FEW_ELEMENTS: u64 = 1 << 16;

/// Workgroups that the smallest slice has at the least, where there are elements enough: with fewer, more of the cores
/// would be idle the more the job is cut. A software adapter runs on the few cores of a processor.
const WORKGROUPS: u64 = 256;
const FEW_WORKGROUPS: u64 = 8;

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
        let sizes = scene.axes.sizes.clone().unwrap_or_else(|| vec![chosen_size(scene)]);
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
        let subgroup = scene.subgroup();
        let workgroups = if scene.device.kind == DeviceKind::Software { FEW_WORKGROUPS } else { WORKGROUPS };
        let workgroup_size = (least / workgroups).clamp(subgroup.min(usual), usual) as u32;
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

/// The size for the device, within its time and its memory.
fn chosen_size(scene: &Scene<'_>) -> u64 {
    let fits = |&n: &u64| {
        let problem = scene.long_problem(n);
        scene.within_the_limit(problem) && scene.fits_in_memory(problem, (RUNGS.len() * LAUNCHES.len()) as u64)
    };
    match scene.device.kind {
        DeviceKind::Software => FEW_ELEMENTS,
        DeviceKind::Discrete => MANY_ELEMENTS.into_iter().find(fits).unwrap_or(ELEMENTS),
        _ => ELEMENTS,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Stage;
    use super::*;

    #[test]
    fn the_smallest_slice_has_workgroups_for_many_cores() {
        let slice = |stage: &Stage, seconds: f64| {
            let plans = SplitWork.plans(&stage.scene("fma", seconds));
            let smallest = plans[0].cases.iter().max_by_key(|case| case.slices).unwrap();
            let workers = smallest.workers / u64::from(smallest.slices);
            (smallest.problem.n(), workers / u64::from(smallest.workgroup_size))
        };
        let mut large = Stage::of(DeviceKind::Discrete);
        assert_eq!(slice(&large, 1.2e-9), (1 << 24, 256));
        assert_eq!(slice(&large, 1e-8), (1 << 20, 128), "2^22 elements would take longer than a case may");
        large.device.limits.memory = 1 << 28;
        assert_eq!(slice(&large, 1.2e-9), (1 << 22, 256), "twelve results of 16 MiB, not of 64");
        assert_eq!(slice(&Stage::of(DeviceKind::Software), 1e-9), (1 << 16, 8));
    }
}
