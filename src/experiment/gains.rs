//! Who wins, where? One job on every rung: a scalar loop, vector instructions, threads, tasks far too small, and the
//! device; small, middling and large.

use super::{Axis, Experiment, Scene, read};
use crate::device::cpu::Rung;
use crate::measure::Plan;
use crate::record::{self, DeviceKind, Fit, Problem};

/// Flop per second, and bytes per second, that any processor of these years does in a scalar loop.
const SCALAR_FLOP: f64 = 2e9;
const SCALAR_BYTES: f64 = 8e9;

/// Largest vectors: beyond the caches of most processors.
const LARGEST: u64 = 1 << 22;

/// Flop per second of each thread of any processor of these years with vector instructions, and bytes per second of all
/// of them from memory.
const VECTOR_FLOP: f64 = 4e9;
const MEMORY_BYTES: f64 = 1e10;

/// Largest vectors beside a GPU, whose start is nothing against them.
const LARGEST_BESIDE_A_GPU: u64 = 1 << 24;

/// Most flop of a job beside a GPU, those of 1,024 x 1,024 matrices: the reference in 64 bits takes a second or two.
const MOST_FLOP: f64 = (1u64 << 31) as f64;

/// Jobs of the largest size that fit into the device's memory at least: the three sizes together take less.
const SIZES_AT_ONCE: u64 = 2;

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
        let chosen = || chosen_sizes(scene).map(|n| scene.workload.problem(n)).to_vec();
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

/// A size at which nothing but the start counts, the largest that is of use on the device, and one between them, as far
/// from the one as from the other.
fn chosen_sizes(scene: &Scene<'_>) -> [u64; 3] {
    let workload = scene.workload;
    let smallest: u64 = match workload.problem(1) {
        Problem::Matrix { m: 1, k: 1, n: 1 } => 16,
        Problem::Matrix { .. } | Problem::Batch { .. } => 1,
        _ => 1 << 10,
    };
    let steps = (0..=LARGEST_BESIDE_A_GPU.ilog2()).rev().map(|exponent| smallest << exponent);
    let largest = steps.into_iter().find(|&n| is_small_enough(scene, n)).unwrap_or(smallest);
    let middle = smallest << ((largest / smallest).ilog2() / 2);
    [smallest, middle, largest]
}

/// Whether a scalar loop surely finishes in the time. Beside a real GPU that would be too small for the device to win
/// anywhere: there all threads with vectors shall finish, and the scalar loop is skipped where it would not.
fn is_small_enough(scene: &Scene<'_>, n: u64) -> bool {
    let workload = scene.workload;
    let problem = workload.problem(n);
    let (flop, bytes, slowest) = (workload.flop(problem), workload.bytes(problem), scene.settings.slowest);
    match scene.device.kind {
        DeviceKind::Cpu | DeviceKind::Software | DeviceKind::Simulated => {
            n <= LARGEST && (flop / SCALAR_FLOP).max(bytes / SCALAR_BYTES) <= slowest
        }
        _ => {
            let rate = VECTOR_FLOP * scene.cpu_threads() as f64;
            let seconds = (flop / rate).max(bytes / MEMORY_BYTES);
            n <= LARGEST_BESIDE_A_GPU
                && flop <= MOST_FLOP
                && seconds <= slowest
                && scene.fits_in_memory(problem, SIZES_AT_ONCE)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Stage;
    use super::*;
    use crate::finding::{self, fixture};
    use crate::record::Quantity;
    use crate::stats::Estimate;

    /// The ratios of a rung (`None`: the device) on n elements.
    fn ratios(fits: &[Fit], n: u64, wanted: Option<&str>, of: Quantity) -> [Estimate; 2] {
        let found = fits.iter().find_map(|fit| match fit {
            Fit::Gain { problem, rung, quantity, over_scalar, over_best_cpu, .. } => {
                let is_it = problem.n() == n && rung.as_deref() == wanted && *quantity == of;
                is_it.then(|| [over_scalar.unwrap(), over_best_cpu.unwrap()])
            }
            _ => None,
        });
        found.unwrap_or_else(|| panic!("{wanted:?} at {n}"))
    }

    #[track_caller]
    fn holds(estimate: Estimate, planted: f64) {
        let Estimate { low, high, .. } = estimate;
        assert!(low <= 1.02 * planted && 0.98 * planted <= high && high < 1.1 * low, "{planted}: {estimate:?}");
    }

    #[test]
    fn planted_gains_are_found() {
        let (small, large) = (1 << 10, 1 << 22);
        let fits = read::gains(&fixture::gains(2e-9).cases);
        assert_eq!(fits.len(), 2 * 5 * 2);
        let kernel = |n, rung| ratios(&fits, n, rung, Quantity::Kernel);
        holds(kernel(large, Some("simd"))[0], 4.0);
        holds(kernel(large, Some("threads"))[0], 1.0 / 0.03);
        holds(kernel(large, Some("tiny-tasks"))[1], 1.0 / 8.0);
        holds(kernel(large, None)[1], 0.03 * 4_194_304.0 / (2000.0 + 0.01 * 4_194_304.0));
        let whole = |n, rung| ratios(&fits, n, rung, Quantity::WholeJob);
        // Nanoseconds: the set-up, the launch, the loop.
        let simd = 100.0 + 100.0 + 0.25 * 1024.0;
        holds(whole(small, Some("threads"))[1], simd / (100.0 + 20_000.0 + 0.03 * 1024.0));
        let device = |n: f64| 20_000.0 + 30_000.0 + 2000.0 + (0.01 + 3.0) * n;
        holds(whole(small, None)[1], simd / device(1024.0));
        holds(whole(large, None)[1], (20_100.0 + 0.03 * 4_194_304.0) / device(4_194_304.0));
    }

    #[test]
    fn what_decides_is_said() {
        let said = |upload: f64| {
            let mut experiment = fixture::gains(upload);
            experiment.fits = read::gains(&experiment.cases);
            let run = fixture::run(vec![experiment]);
            finding::sentences(&run, &run.experiments[0]).join("\n")
        };
        let slow = said(2e-9);
        assert!(slow.contains("4.0") && slow.contains("faster than the scalar one"), "{slow}");
        assert!(slow.contains("slower than with equal shares"), "{slow}");
        assert!(slow.contains("1,024 elements: one CPU thread with its vector unit"), "{slow}");
        assert!(slow.contains("4,194,304 elements: all 8 CPU threads"), "{slow}");
        assert!(slow.contains("launch takes 54"), "the small job: {slow}");
        assert!(slow.contains("slower than the CPU's best; upload takes 66"), "the large one: {slow}");
        let fast = said(1e-15);
        assert!(fast.contains("4,194,304 elements: this GPU"), "{fast}");
        assert!(fast.contains("faster than the CPU's best; the kernel takes"), "{fast}");
    }

    #[test]
    fn sizes_reach_from_the_start_to_what_a_scalar_loop_still_does() {
        let stage = Stage::of(DeviceKind::Software);
        let sizes = |name: &str| chosen_sizes(&stage.scene(name, 1e-9));
        assert_eq!(sizes("saxpy"), [1 << 10, 1 << 16, 1 << 22]);
        assert_eq!(sizes("matmul"), [16, 64, 256]);
        assert_eq!(sizes("dense"), [1, 16, 512], "2^9 rows of 200,000 flop take 0.05 s");
        let mut hasty = Stage::of(DeviceKind::Software);
        hasty.settings.slowest = 1e-9;
        assert_eq!(chosen_sizes(&hasty.scene("matmul", 1e-9)), [16; 3]);
    }

    #[test]
    fn beside_a_gpu_sizes_reach_to_what_all_threads_still_do() {
        let mut stage = Stage::of(DeviceKind::Discrete);
        stage.host.threads = 8;
        let sizes = |stage: &Stage, name: &str| chosen_sizes(&stage.scene(name, 1e-9))[2];
        assert_eq!((sizes(&stage, "saxpy"), sizes(&stage, "matmul"), sizes(&stage, "dense")), (1 << 24, 1024, 8192));
        stage.host.threads = 2;
        assert_eq!(sizes(&stage, "matmul"), 512, "0.27 s for 1,024 with two threads");
        stage.device.limits.memory = 1 << 28;
        assert_eq!(sizes(&stage, "saxpy"), 1 << 23, "three vectors of 32 MiB, twice; of 64 MiB it is too much");
    }

    /// Where the scalar loop was skipped there is no ratio against it, and what it is worth is told of the largest
    /// problem that it ran on.
    #[test]
    fn without_a_scalar_loop_there_is_no_ratio_against_it() {
        let mut experiment = fixture::gains(2e-9);
        experiment.cases.retain(|case| case.problem.n() < 1 << 22 || case.rung.as_deref() != Some("scalar"));
        experiment.fits = read::gains(&experiment.cases);
        let large =
            experiment.fits.iter().filter(|fit| matches!(fit, Fit::Gain { problem, .. } if problem.n() > 1 << 20));
        let mut ratios = large.map(|fit| match fit {
            Fit::Gain { over_scalar, over_best_cpu, .. } => (over_scalar.is_none(), over_best_cpu.is_some()),
            _ => panic!("{fit:?}"),
        });
        assert!(ratios.all(|found| found == (true, true)));
        let run = fixture::run(vec![experiment]);
        let said = finding::sentences(&run, &run.experiments[0]).join(" ");
        assert!(said.contains("1,024 elements: a loop with vector instructions is 4.0"), "{said}");
    }
}
