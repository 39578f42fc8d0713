//! Who wins, where? One job on every rung: a scalar loop, vector instructions, threads, tasks far too small, and the
//! device; small, middling and large.

use super::{Axis, Experiment, Scene, read};
use crate::device::cpu::Rung;
use crate::measure::Plan;
use crate::record::{self, Fit, Problem};
use crate::workload::Workload;

/// Flop per second, and bytes per second, that any processor of these years does in a scalar loop.
const SCALAR_FLOP: f64 = 2e9;
const SCALAR_BYTES: f64 = 8e9;

/// Largest vectors: beyond the caches of most processors.
const LARGEST: u64 = 1 << 22;

/// The experiment `gains`.
pub(super) struct Gains;

impl Experiment for Gains {
    fn name(&self) -> &'static str {
        "gains"
    }

    fn question(&self) -> &'static str {
        "scalar, vectorised, threads, GPU: who wins, where?"
    }

    fn workloads(&self) -> &'static [&'static str] {
        &["saxpy", "dot", "fma", "matmul/tiled", "dense", "mlp"]
    }

    fn axes(&self) -> &'static [Axis] {
        &[Axis::Sizes, Axis::Shape]
    }

    fn plans(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let mut plan = scene.plan(self);
        let chosen =
            || chosen_sizes(scene.workload, scene.settings.slowest).map(|n| scene.workload.problem(n)).to_vec();
        for problem in scene.asked().unwrap_or_else(chosen) {
            // Nothing real stands beside a device that computes nothing, and the processor has no device beside it.
            if !scene.on_simulated() {
                plan.cases.extend(Rung::ALL.map(|rung| scene.baseline(problem, rung)));
            }
            if !scene.on_cpu() {
                plan.cases.push(scene.everyone(problem));
            }
        }
        vec![plan]
    }

    fn read(&self, experiment: &record::Experiment) -> Vec<Fit> {
        read::gains(&experiment.cases)
    }
}

/// A size at which nothing but the start counts, the largest that a scalar loop surely finishes in the time, and one
/// between them, as far from the one as from the other.
fn chosen_sizes(workload: &dyn Workload, slowest: f64) -> [u64; 3] {
    let smallest: u64 = match workload.problem(1) {
        Problem::Matrix { m: 1, k: 1, n: 1 } => 16,
        Problem::Matrix { .. } | Problem::Batch { .. } => 1,
        _ => 1 << 10,
    };
    let scalar = |n: u64| {
        let problem = workload.problem(n);
        (workload.flop(problem) / SCALAR_FLOP).max(workload.bytes(problem) / SCALAR_BYTES)
    };
    let steps = (0..=LARGEST.ilog2()).rev().map(|exponent| smallest << exponent);
    let largest = steps.into_iter().find(|&n| n <= LARGEST && scalar(n) <= slowest).unwrap_or(smallest);
    let middle = smallest << ((largest / smallest).ilog2() / 2);
    [smallest, middle, largest]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload;

    #[test]
    fn sizes_reach_from_the_start_to_what_a_scalar_loop_still_does() {
        let sizes = |name: &str| chosen_sizes(workload::find(name).unwrap(), 0.1);
        assert_eq!(sizes("saxpy"), [1 << 10, 1 << 16, 1 << 22]);
        assert_eq!(sizes("matmul"), [16, 64, 256]);
        assert_eq!(sizes("dense"), [1, 16, 512], "2^9 rows of 200,000 flop take 0.05 s");
        assert_eq!(chosen_sizes(workload::find("matmul").unwrap(), 1e-9), [16; 3]);
    }
}
