//! What do bounds checks, loop bounds and zero-initialisation cost? The checks vary, the case is fixed: read by ratios.

use super::geometry::case;
use super::{Axis, Experiment, Scene, read};
use crate::device::Checks;
use crate::measure::{Plan, Planned};
use crate::record::{self, Fit, Problem, Skipped};

/// Sides of matrices and rows of batches that are tried, the largest first.
const SIDES: [u64; 5] = [1024, 512, 256, 128, 64];

/// Sizes of vectors that are tried, the largest first.
const ELEMENTS: [u64; 5] = [1 << 22, 1 << 20, 1 << 18, 1 << 16, 1 << 14];

/// The experiment `safety-cost`.
pub(super) struct SafetyCost;

impl Experiment for SafetyCost {
    fn name(&self) -> &'static str {
        "safety-cost"
    }

    fn question(&self) -> &'static str {
        "what do bounds checks, loop bounds and zero-init cost?"
    }

    fn workloads(&self) -> &'static [&'static str] {
        &["matmul/naive", "matmul/tiled"]
    }

    fn axes(&self) -> &'static [Axis] {
        &[Axis::Sizes, Axis::Shape]
    }

    fn plans(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let problems = scene.asked().unwrap_or_else(|| vec![scene.workload.problem(chosen_size(scene))]);
        problems.into_iter().map(|problem| self.plan(scene, problem)).collect()
    }

    fn read(&self, experiment: &record::Experiment) -> Vec<Fit> {
        let others = Checks::ALL.into_iter().filter(|checks| *checks != Checks::All);
        others.filter_map(|checks| read::ratio(&experiment.cases, Checks::All.name(), checks.name())).collect()
    }
}

impl SafetyCost {
    fn plan(&self, scene: &Scene<'_>, problem: Problem) -> Plan {
        let mut plan = scene.plan(self);
        if scene.on_cpu() {
            let reason = "the graphics library builds these checks into kernels; threads of a processor run this \
                          program's own code, in which the compiler decides";
            plan.skipped.push(Skipped { case: "every choice of checks".to_owned(), reason: reason.to_owned() });
            return plan;
        }
        let workgroup_size = scene.usual_workgroup_size();
        let whole = if scene.variant.tiled { u64::from(workgroup_size) } else { 1 };
        let workers = scene.workload.items(problem).next_multiple_of(whole);
        let has_memory = (scene.variant.workgroup_memory)(workgroup_size) > 0;
        // The checked kernel comes first: what it computes is verified before the same kernel runs without checks.
        for checks in Checks::ALL {
            if checks == Checks::NoZeroInit && !has_memory {
                let reason = "its kernel has no workgroup memory".to_owned();
                plan.skipped.push(Skipped { case: checks.name().to_owned(), reason });
                continue;
            }
            plan.cases.push(Planned { checks, rung: Some(checks.name()), ..case(problem, workers, workgroup_size) });
        }
        plan
    }
}

/// The largest size that surely takes no longer than a first case may.
fn chosen_size(scene: &Scene<'_>) -> u64 {
    let sizes = match scene.workload.problem(1) {
        Problem::Matrix { .. } | Problem::Batch { .. } => SIDES,
        _ => ELEMENTS,
    };
    let short = sizes.into_iter().find(|&n| scene.surely_short(scene.workload.problem(n)));
    short.unwrap_or(sizes[sizes.len() - 1])
}
