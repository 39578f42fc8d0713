//! How far can more workers speed up this job? Workers vary, the problem is fixed: strong scaling, read by Amdahl.

use super::geometry::{NEARLY_EQUAL, case};
use super::{Axis, Experiment, Scene, read};
use crate::law::waves::Work;
use crate::measure::Plan;
use crate::record::{self, Fit, Quantity, Skipped};

/// The experiment `fixed-size`.
pub(super) struct FixedSize;

impl Experiment for FixedSize {
    fn name(&self) -> &'static str {
        "fixed-size"
    }

    fn question(&self) -> &'static str {
        "how far can more workers speed up this job?"
    }

    fn workloads(&self) -> &'static [&'static str] {
        &["fma", "saxpy"]
    }

    fn axes(&self) -> &'static [Axis] {
        &[Axis::Sizes, Axis::Shape, Axis::Workers]
    }

    fn plans(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let problems = scene.asked().unwrap_or_else(|| vec![scene.problem_for_one_worker()]);
        let plan = |problem| {
            let mut plan = scene.plan(self);
            // More workers are faster, so the one that works alone is the slowest.
            plan.cheapest_last = true;
            plan.workers_are = scene.workers_are();
            let items = scene.workload.items(problem);
            for count in scene.worker_counts(items, NEARLY_EQUAL) {
                match scene.crew(count) {
                    Some((workers, workgroup_size)) if workers <= items => {
                        plan.cases.push(case(problem, workers, workgroup_size));
                    }
                    _ => plan.skipped.push(Skipped {
                        case: format!("{count} workers for {items} items"),
                        reason: "workers without work say nothing about the law".to_owned(),
                    }),
                }
            }
            plan
        };
        problems.into_iter().map(plan).collect()
    }

    fn read(&self, experiment: &record::Experiment) -> Vec<Fit> {
        let speedups = [Quantity::Kernel, Quantity::WholeJob].into_iter().map(|quantity| Fit::Speedup {
            quantity,
            fit: read::speedup(experiment, quantity),
            phase_share: read::phase_share(experiment, quantity),
        });
        speedups.chain(read::waves(experiment, Work::Shared)).collect()
    }
}
