//! Which workgroup size, and what do idle lanes cost? The workgroup size varies, the problem and its workers are fixed.

use super::geometry::case;
use super::{Axis, Experiment, Scene, read};
use crate::measure::Plan;
use crate::record::{self, DeviceKind, Fit, Problem, Quantity, Skipped};

/// Size of the vectors, each element with a worker of its own: enough to fill any GPU.
const ELEMENTS: u64 = 1 << 20;

/// The same on a software adapter, which pays dearly for each workgroup.
const FEW_ELEMENTS: u64 = 1 << 16;

/// Side of the matrices, rows of a batch.
const SIDE: u64 = 128;

/// The experiment `workgroup-size`.
pub(super) struct WorkgroupSize;

impl Experiment for WorkgroupSize {
    fn name(&self) -> &'static str {
        "workgroup-size"
    }

    fn question(&self) -> &'static str {
        "which workgroup size, and what do idle lanes cost?"
    }

    fn workloads(&self) -> &'static [&'static str] {
        &["saxpy", "dot"]
    }

    fn axes(&self) -> &'static [Axis] {
        &[Axis::Sizes, Axis::Shape, Axis::WorkgroupSizes]
    }

    fn plans(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let default = match scene.workload.problem(1) {
            Problem::Matrix { .. } | Problem::Batch { .. } => SIDE,
            _ if scene.device.kind == DeviceKind::Software => FEW_ELEMENTS,
            _ => ELEMENTS,
        };
        let problems = scene.asked().unwrap_or_else(|| vec![scene.workload.problem(default)]);
        problems.into_iter().map(|problem| self.plan(scene, problem)).collect()
    }

    fn read(&self, experiment: &record::Experiment) -> Vec<Fit> {
        read::best_workgroup_size(&experiment.cases, Quantity::Kernel).into_iter().collect()
    }
}

impl WorkgroupSize {
    fn plan(&self, scene: &Scene<'_>, problem: Problem) -> Plan {
        let mut plan = scene.plan(self);
        // Small workgroups leave lanes idle.
        plan.cheapest_last = true;
        if scene.on_cpu() {
            let reason = "threads of a processor have no workgroups".to_owned();
            plan.skipped.push(Skipped { case: "every workgroup size".to_owned(), reason });
            return plan;
        }
        let limit = u64::from(scene.device.limits.workgroup_size);
        let sizes = scene.axes.workgroup_sizes.clone().unwrap_or_else(|| chosen_sizes(limit));
        let items = scene.workload.items(problem);
        for size in sizes {
            if scene.variant.tiled && size.isqrt().pow(2) != size {
                let reason = "its workgroups are square tiles".to_owned();
                plan.skipped.push(Skipped { case: format!("workgroups of {size}"), reason });
                continue;
            }
            let workers = if scene.variant.tiled { items.next_multiple_of(size) } else { items };
            // The command line has checked the sizes against the limit, which is 32 bits wide.
            plan.cases.push(case(problem, workers, u32::try_from(size).unwrap_or(u32::MAX)));
        }
        plan
    }
}

/// Powers of two up to the limit, with a few between them that leave lanes of a subgroup idle.
fn chosen_sizes(limit: u64) -> Vec<u64> {
    let mut sizes: Vec<u64> = (0..=10).map(|exponent| 1u64 << exponent).chain([24, 48, 96]).collect();
    sizes.retain(|&size| size <= limit);
    sizes.sort_unstable();
    sizes
}
