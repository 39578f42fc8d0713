//! Who is fastest at which size? One job on every baseline: a scalar loop, vector instructions, threads, tasks far too
//! small, and the device; small, middling and large.

mod agree;
mod read;
mod say;
pub(super) mod short;
mod show;

use super::cases::on_problem;
use super::{About, Axis, Experiment, Scene, View};
use crate::measure::Plan;
use crate::page::block::Block;
use crate::page::named::Named;
use crate::record::{Baseline, Check, DeviceKind, Measured, Measurement, Phase, Problem, Quantity, Run, Series};
use read::Gain;

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

static ABOUT: About = About {
    name: "gains",
    question: "Who is fastest at which size?",
    workloads: &["saxpy", "dot", "fma", "matmul", "dense", "mlp"],
    axes: &[Axis::Sizes, Axis::Shape],
};

impl Experiment for Gains {
    /// The gains of every case, in the order of the record.
    type Reading = Vec<Gain>;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn is_contest(&self) -> bool {
        true
    }

    fn plan(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let mut plan = scene.plan(&ABOUT);
        plan.asked = &[Phase::Kernel, Phase::Upload, Phase::ReadBack];
        let chosen = || chosen_sizes(scene).map(|n| scene.workload.problem(n)).to_vec();
        for problem in scene.asked().unwrap_or_else(chosen) {
            // Nothing real stands beside a device that computes nothing, and the processor has no device beside it.
            if !scene.on_simulated() {
                plan.cases.extend(Baseline::ALL.map(|baseline| scene.baseline(problem, baseline)));
            }
            if !scene.on_cpu() {
                plan.cases.push(scene.everyone(problem));
            }
        }
        vec![plan]
    }

    fn read(&self, _: &Run, measured: &Measured) -> Self::Reading {
        read::read(measured)
    }

    fn setting(&self, _: &Run, _: &Measured) -> String {
        "The same job in a scalar loop, with the vector unit, on all threads, and on the device.".to_owned()
    }

    fn numbers(&self, View { reading, .. }: View<'_, Self::Reading>) -> Vec<Named> {
        read::numbers(reading)
    }

    fn base<'a>(&self, measured: &'a Measured, case: &Measurement, quantity: Quantity) -> Option<&'a Measurement> {
        let asked = matches!(quantity, Quantity::Kernel | Quantity::FromMemory);
        on_problem(measured, case.problem, Series::Baseline(Baseline::Scalar)).filter(|_| asked)
    }

    fn show(&self, view: View<'_, Self::Reading>) -> Vec<Block> {
        show::blocks(view)
    }

    fn say(&self, view: View<'_, Self::Reading>) -> Vec<String> {
        say::sentences(view)
    }

    fn checks(&self, view: View<'_, Self::Reading>) -> Vec<Check> {
        agree::checks(view.run, view.measured)
    }

    fn answer(&self, views: &[View<'_, Self::Reading>]) -> Vec<String> {
        views.first().map(|view| say::answer(view.run, views)).into_iter().collect()
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
/// anywhere: there all threads with vectors shall finish, and the scalar loop is skipped if it would not.
fn is_small_enough(scene: &Scene<'_>, n: u64) -> bool {
    let workload = scene.workload;
    let problem = workload.problem(n);
    let (flop, bytes, slowest) = (workload.flop(problem), workload.bytes(problem), scene.settings.slowest);
    match scene.device.planned_as() {
        DeviceKind::Cpu | DeviceKind::Software | DeviceKind::Simulated => {
            n <= LARGEST && (flop / SCALAR_FLOP).max(bytes / SCALAR_BYTES) <= slowest && scene.is_within(problem)
        }
        _ => {
            let rate = VECTOR_FLOP * scene.cpu_threads() as f64;
            let seconds = (flop / rate).max(bytes / MEMORY_BYTES);
            n <= LARGEST_BESIDE_A_GPU
                && flop <= MOST_FLOP
                && seconds <= slowest
                && scene.fits_in_memory(problem, SIZES_AT_ONCE)
                && scene.is_within(problem)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, Stage};
    use super::*;
    use crate::record::{Quantity, Series};
    use crate::stats::Estimate;

    const LARGE: u64 = 1 << 22;

    /// The ratios of a series on n elements.
    fn ratios(reading: &[Gain], n: u64, series: Series, of: Quantity) -> [Estimate; 2] {
        let is_it = |gain: &&Gain| gain.problem.n() == n && gain.series == series && gain.quantity == of;
        let found = reading.iter().find(is_it).unwrap_or_else(|| panic!("{series} at {n}"));
        [found.over_scalar.unwrap(), found.over_best_cpu.unwrap()]
    }

    #[track_caller]
    fn holds(estimate: Estimate, planted: f64) {
        let Estimate { low, high, .. } = estimate;
        assert!(low <= 1.02 * planted && 0.98 * planted <= high && high < 1.1 * low, "{planted}: {estimate:?}");
    }

    /// What is said in the section, what in the summary, and the blocks.
    fn told(run: &Run) -> (String, String, Vec<Block>) {
        let measured = &run.experiments[0];
        let reading = Gains.read(run, measured);
        let view = View { run, measured, reading: &reading };
        (Gains.say(view).join("\n"), Gains.answer(&[view]).join("\n"), Gains.show(view))
    }

    #[test]
    fn planted_gains_are_found() {
        let (small, large) = (1 << 10, LARGE);
        let [simd, threads, tasks] = [Baseline::Simd, Baseline::Threads, Baseline::TinyTasks].map(Series::Baseline);
        let reading = read::read(&fixture::gains(2e-9));
        assert_eq!(reading.len(), 2 * 5 * 2);
        let kernel = |n, series| ratios(&reading, n, series, Quantity::Kernel);
        holds(kernel(large, simd)[0], 4.0);
        holds(kernel(large, threads)[0], 1.0 / 0.03);
        holds(kernel(large, tasks)[1], 1.0 / 8.0);
        holds(kernel(large, Series::Device)[1], 0.03 * 4_194_304.0 / (2000.0 + 0.01 * 4_194_304.0));
        let whole = |n, series| ratios(&reading, n, series, Quantity::WholeJob);
        // Nanoseconds: the set-up, the launch, the loop.
        let simd = 100.0 + 100.0 + 0.25 * 1024.0;
        holds(whole(small, threads)[1], simd / (100.0 + 20_000.0 + 0.03 * 1024.0));
        let device = |n: f64| 20_000.0 + 30_000.0 + 2000.0 + (0.01 + 3.0) * n;
        holds(whole(small, Series::Device)[1], simd / device(1024.0));
        holds(whole(large, Series::Device)[1], (20_100.0 + 0.03 * 4_194_304.0) / device(4_194_304.0));
    }

    #[test]
    fn what_decides_is_said() {
        let (slow, answer, _) = told(&fixture::run(vec![fixture::gains(2e-9)]));
        assert!(slow.contains("the vector unit is 4.0") && slow.contains("faster than the scalar loop."), "{slow}");
        assert!(slow.contains("slower than large chunks."), "{slow}");
        assert!(slow.contains("one CPU thread with its vector unit on 1,024 elements"), "{slow}");
        assert!(slow.contains("all 8 CPU threads on 4,194,304 elements"), "{slow}");
        assert!(slow.contains("Launch is 54"), "the small job: {slow}");
        assert!(slow.contains(" slower. Upload is 66"), "the large one: {slow}");
        assert_eq!(answer, "Fastest on the largest jobs: all 8 CPU threads (saxpy).");
        let (fast, answer, _) = told(&fixture::run(vec![fixture::gains(1e-15)]));
        assert!(fast.contains("this GPU on 4,194,304 elements"), "{fast}");
        assert!(fast.contains(" faster. The kernel is"), "{fast}");
        assert_eq!(answer, "Fastest on the largest jobs: this GPU (saxpy).");
    }

    #[test]
    fn a_device_alone_wins_nothing() {
        let mut measured = fixture::gains(2e-9);
        measured.cases.retain(|case| case.series == Series::Device);
        let (_, answer, _) = told(&fixture::run(vec![measured]));
        assert_eq!(answer, "Only this GPU ran: there is nothing to compare it with.");
    }

    #[test]
    fn the_table_has_a_row_for_each_baseline_and_the_device_at_each_size() {
        let (.., blocks) = told(&fixture::run(vec![fixture::gains(2e-9)]));
        let Block::Table(table) = &blocks[0] else { panic!("{blocks:?}") };
        let names: Vec<&str> = table.rows.iter().map(|row| row[1].as_str()).collect();
        let ladder = ["scalar", "simd", "threads", "tiny-tasks", "discrete GPU"];
        assert_eq!(names, [ladder, ladder].concat());
        let simd = table.rows.iter().rfind(|row| row[1] == "simd").unwrap();
        assert_eq!(simd[3], "4.00", "four times the scalar loop: {simd:?}");
        let Block::List { items, .. } = &blocks[2] else { panic!("{blocks:?}") };
        assert!(items[1].contains("4,194,304 elements: upload 66"), "{items:?}");
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

    /// A scalar loop that was skipped gives no ratio. What it is worth is said of the largest problem that it ran on.
    #[test]
    fn without_a_scalar_loop_there_is_no_ratio_against_it() {
        let mut measured = fixture::gains(2e-9);
        let scalar = Series::Baseline(Baseline::Scalar);
        measured.cases.retain(|case| case.problem.n() < LARGE || case.series != scalar);
        let reading = read::read(&measured);
        let mut large = reading.iter().filter(|gain| gain.problem.n() == LARGE);
        assert!(large.all(|gain| gain.over_scalar.is_none() && gain.over_best_cpu.is_some()));
        let (said, ..) = told(&fixture::run(vec![measured]));
        assert!(said.contains("On 1,024 elements the vector unit is 4.0"), "{said}");
    }
}
