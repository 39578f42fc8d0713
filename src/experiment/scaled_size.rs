//! How much more work fits in the same time? The problem grows with the workers: weak scaling, read by Gustafson.

use super::geometry::case;
use super::{Axis, Experiment, Scene, read};
use crate::measure::Plan;
use crate::record::{self, Fit, Problem, Quantity, Skipped};

/// Items of work for each worker: enough to time, few enough that many workers' problem fits into memory.
const ITEMS_PER_WORKER: u64 = 64;

/// Largest scaled problem, in items.
const LARGEST: u64 = 1 << 22;

/// The experiment `scaled-size`.
pub(super) struct ScaledSize;

impl Experiment for ScaledSize {
    fn name(&self) -> &'static str {
        "scaled-size"
    }

    fn question(&self) -> &'static str {
        "how much more work fits in the same time?"
    }

    fn workloads(&self) -> &'static [&'static str] {
        &["fma"]
    }

    /// Matrix products do not scale by their side: twice the workers would want a side of no whole number. Every item of a
    /// network is a long row, so that no more than a few are as much as one worker does in time.
    fn takes(&self, workload: &dyn crate::workload::Workload) -> bool {
        workload.name() != "empty" && !matches!(workload.problem(1), Problem::Matrix { .. } | Problem::Batch { .. })
    }

    fn axes(&self) -> &'static [Axis] {
        &[Axis::Sizes, Axis::Workers]
    }

    fn plans(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let shares = scene.axes.sizes.clone().unwrap_or_else(|| vec![ITEMS_PER_WORKER]);
        shares.into_iter().map(|share| self.plan(scene, share)).collect()
    }

    fn read(&self, experiment: &record::Experiment) -> Vec<Fit> {
        [Quantity::Kernel, Quantity::WholeJob]
            .into_iter()
            .map(|quantity| Fit::Scaled {
                quantity,
                points: read::scaled_points(experiment, quantity),
                joint: read::joint(experiment, quantity),
            })
            .collect()
    }
}

impl ScaledSize {
    /// Every scaled problem twice: on one worker as far as that is possible, for a measured base, then on its workers.
    fn plan(&self, scene: &Scene<'_>, share: u64) -> Plan {
        let mut plan = scene.plan(self);
        let chain = match scene.problem_for_one_worker() {
            Problem::Chain { k, .. } => Some(k),
            _ => None,
        };
        let problem = |n: u64| match chain {
            Some(k) => Problem::Chain { n, k },
            None => scene.workload.problem(n),
        };
        let most = if scene.on_cpu() { scene.device.limits.workers } else { LARGEST / share.max(1) };
        let counts: Vec<u64> = scene
            .worker_counts(most.max(1))
            .into_iter()
            .filter(|count| scene.on_cpu() || scene.axes.workers.is_some() || count.is_power_of_two())
            .collect();
        plan.workers_are = scene.workers_are();
        let (alone, alone_size) = scene.crew(1).unwrap_or((1, 1));
        let mut scaled = Vec::new();
        for count in counts {
            let crew = scene.crew(count);
            let Some((n, (workers, workgroup_size))) = crew.and_then(|crew| Some((share.checked_mul(crew.0)?, crew)))
            else {
                let case = format!("{share} items for each of {count} workers");
                plan.skipped.push(Skipped { case, reason: "the problem is too large to count".to_owned() });
                continue;
            };
            if workers > alone {
                plan.cases.push(case(problem(n), alone, alone_size));
            }
            scaled.push(case(problem(n), workers, workgroup_size));
        }
        plan.cases.extend(scaled);
        plan
    }
}
