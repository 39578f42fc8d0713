//! From which size does the GPU pay? The size varies, every item has a worker: read by Hockney, and by the crossover
//! against the processor.

use super::geometry::case;
use super::{Axis, Experiment, Scene, read};
use crate::measure::{Place, Plan, Planned};
use crate::record::{self, Effort, Fit, Problem, Quantity};

/// The experiment `problem-size`.
pub(super) struct ProblemSize;

/// The CPU rung of one thread.
pub(super) const SIMD: &str = "simd";

/// The CPU rung of all threads.
pub(super) const THREADS: &str = "threads";

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
        &[Axis::Sizes]
    }

    fn plans(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let mut plan = scene.plan(self);
        let sizes = scene.axes.sizes.clone().unwrap_or_else(|| chosen_sizes(scene));
        for &n in &sizes {
            let problem = scene.workload.problem(n);
            let workers = if scene.on_cpu() { scene.cpu_threads() } else { scene.workload.items(problem) };
            let workgroup_size = scene.usual_workgroup_size();
            // Tiles are computed whole, so their workers come in whole workgroups.
            let whole = if scene.variant.tiled && !scene.on_cpu() { u64::from(workgroup_size) } else { 1 };
            let workers = workers.next_multiple_of(whole);
            plan.cases.push(case(problem, workers, workgroup_size));
        }
        if !scene.on_simulated() {
            let threads = scene.cpu_threads();
            let rungs = if scene.on_cpu() { vec![(SIMD, 1)] } else { vec![(SIMD, 1), (THREADS, threads)] };
            for (rung, workers) in rungs {
                plan.cases.extend(sizes.iter().map(|&n| Planned {
                    place: Place::Cpu,
                    rung: Some(rung),
                    ..case(scene.workload.problem(n), workers, 1)
                }));
            }
        }
        vec![plan]
    }

    fn read(&self, experiment: &record::Experiment) -> Vec<Fit> {
        let mut fits = vec![
            read::size(&experiment.cases, None, Quantity::Kernel),
            read::size(&experiment.cases, None, Quantity::RoundTrip),
        ];
        for rung in [SIMD, THREADS] {
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
