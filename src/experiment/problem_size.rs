//! From which size does the GPU pay? The size varies, every item has a worker: read by Hockney, and by the crossover
//! against the processor.

use super::{Axis, Experiment, Scene, read};
use crate::device::cpu::Rung;
use crate::measure::Plan;
use crate::record::{self, Effort, Fit, Problem, Quantity};

/// The experiment `problem-size`.
pub(super) struct ProblemSize;

/// The baselines.
const RUNGS: [Rung; 3] = [Rung::Scalar, Rung::Simd, Rung::Threads];

impl Experiment for ProblemSize {
    fn name(&self) -> &'static str {
        "problem-size"
    }

    fn question(&self) -> &'static str {
        "from which size does the GPU pay?"
    }

    fn workloads(&self) -> &'static [&'static str] {
        &["saxpy", "matmul/tiled"]
    }

    fn axes(&self) -> &'static [Axis] {
        &[Axis::Sizes, Axis::Shape]
    }

    fn plans(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let mut plan = scene.plan(self);
        let chosen = || chosen_sizes(scene).into_iter().map(|n| scene.workload.problem(n)).collect();
        let problems: Vec<Problem> = scene.asked().unwrap_or_else(chosen);
        plan.cases.extend(problems.iter().map(|&problem| scene.everyone(problem)));
        if !scene.on_simulated() {
            // On the processor all threads are the device itself.
            for rung in RUNGS.into_iter().filter(|&rung| !(scene.on_cpu() && rung == Rung::Threads)) {
                plan.cases.extend(problems.iter().map(|&problem| scene.baseline(problem, rung)));
            }
        }
        vec![plan]
    }

    fn read(&self, experiment: &record::Experiment) -> Vec<Fit> {
        let mut fits = vec![
            read::size(&experiment.cases, None, Quantity::Kernel),
            read::size(&experiment.cases, None, Quantity::RoundTrip),
        ];
        for rung in RUNGS.map(Rung::name) {
            if experiment.cases.iter().any(|case| case.rung.as_deref() == Some(rung)) {
                fits.push(read::size(&experiment.cases, Some(rung), Quantity::RoundTrip));
                fits.push(read::crossover(&experiment.cases, rung));
            }
        }
        fits
    }
}

/// Sizes from far below any crossover to far beyond the caches; those that a device cannot run are skipped later.
fn chosen_sizes(scene: &Scene<'_>) -> Vec<u64> {
    let quick = scene.settings.effort == Effort::Quick;
    match scene.workload.problem(1) {
        Problem::Matrix { .. } | Problem::Batch { .. } => {
            (4..=if quick { 9 } else { 12 }).map(|exponent| 1 << exponent).collect()
        }
        _ => (5..=if quick { 10 } else { 12 }).map(|exponent| 1 << (2 * exponent)).collect(),
    }
}
