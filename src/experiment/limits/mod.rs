//! How fast can this device copy and compute at most? The size varies: read by the edge of a cache. Every other kernel
//! of the run is compared with these limits.

mod read;
mod say;
mod show;

use super::{About, Axis, Experiment, Scene, View, names};
use crate::measure::Plan;
use crate::page::block::Block;
use crate::page::named::{Named, Unit};
use crate::record::{DeviceKind, Effort, Measured, Phase, Problem, Run, Skipped};
use crate::units;
use crate::workload::{Number, Workload};
use read::Reading;
pub(super) use read::memory_told;

/// Exponents of the numbers of elements that are copied, from within caches to beyond them; steps of four at the ends
/// make room for the largest.
const COPIES: [u32; 10] = [15, 17, 18, 19, 20, 21, 22, 23, 24, 26];

/// The same in a quick run, whose largest is faster to make and to verify.
const QUICK_COPIES: [u32; 9] = [15, 17, 19, 20, 21, 22, 23, 24, 25];

/// Exponents of a third of further numbers, which stand between the others: the finer the steps, the better an edge is
/// placed, and kernels that move twelve bytes for an element find a copy of their own size.
const BETWEEN: [u32; 6] = [17, 18, 19, 20, 21, 22];

/// The largest on a processor, or on a driver that acts as a GPU on one, by effort.
const SOFTWARE: [u32; 2] = [24, 22];

/// Exponents of the numbers of elements that are computed.
const CHAINS: [u32; 7] = [8, 10, 12, 14, 16, 18, 20];

/// Multiply-adds of each: so many that what an element costs beside them, about a hundred instructions, is nothing.
const K: u64 = 16_384;

/// Why there is no limit of 16-bit floats.
const NO_F16: &str = "this device has no 16-bit floats";

/// The experiment `limits`.
pub(super) struct Limits;

static ABOUT: About = About {
    name: names::LIMITS,
    question: "How fast can this device copy and compute at most?",
    workloads: &["copy", "peak", "peak-i32", "peak-f16"],
    axes: &[Axis::Sizes],
};

impl Experiment for Limits {
    type Reading = Reading;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn takes(&self, workload: &dyn Workload) -> bool {
        ABOUT.workloads.contains(&workload.name())
    }

    fn is_contest(&self) -> bool {
        true
    }

    /// One limit without the other is none.
    fn quick_workloads(&self) -> usize {
        ABOUT.workloads.len()
    }

    fn plan(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let mut plan = scene.plan(&ABOUT);
        plan.asked = &[Phase::Kernel];
        let sizes = scene.axes.sizes.clone().unwrap_or_else(|| chosen_sizes(scene));
        let problem = |n| match scene.workload.problem(n) {
            Problem::Chain { n, .. } => Problem::Chain { n, k: K },
            other => other,
        };
        plan.cases.extend(sizes.into_iter().map(|n| scene.everyone(problem(n))));
        if scene.workload.number() == Number::F16 && scene.device.f16 == Some(false) {
            // One reason for all sizes, and nobody need try them.
            plan.cases.clear();
            plan.skipped
                .push(Skipped { case: format!("{}, every size", scene.workload.name()), reason: NO_F16.to_owned() });
        }
        vec![plan]
    }

    fn read(&self, run: &Run, measured: &Measured) -> Self::Reading {
        read::read(run, measured)
    }

    fn setting(&self, _: &Run, measured: &Measured) -> String {
        match measured.workload.as_str() {
            "copy" => "A vector is copied; its size varies.".to_owned(),
            _ => format!("Each element takes {} multiply-adds; the number of elements varies.", units::count(K)),
        }
    }

    fn numbers(&self, View { reading, .. }: View<'_, Self::Reading>) -> Vec<Named> {
        let (name, unit) = match reading.numbers {
            None => ("memory limit".to_owned(), Unit::BytesPerSecond),
            Some("f32") => ("compute limit".to_owned(), Unit::FlopPerSecond),
            Some(numbers) if reading.whole_numbers() => {
                (format!("compute limit, {numbers}"), Unit::OperationsPerSecond)
            }
            Some(numbers) => (format!("compute limit, {numbers}"), Unit::FlopPerSecond),
        };
        let limit = reading.limit.map(|limit| Named::plain(&name, unit, limit));
        let edge = reading.cache.map(|cache| Named::new("edge of the cache", Unit::Bytes, cache.edge));
        let cached = reading.highest.filter(|_| edge.is_some());
        let cached = cached.map(|rate| Named::plain("rate within the cache", Unit::BytesPerSecond, rate));
        [limit, edge, cached].into_iter().flatten().collect()
    }

    fn show(&self, view: View<'_, Self::Reading>) -> Vec<Block> {
        show::blocks(view)
    }

    fn say(&self, view: View<'_, Self::Reading>) -> Vec<String> {
        say::sentences(view)
    }

    fn line(&self, views: &[View<'_, Self::Reading>]) -> Option<(&'static str, String)> {
        let limit = |numbers| views.iter().find(|view| view.reading.numbers == numbers)?.reading.limit;
        let memory = limit(None).map(|rate| format!("memory limit {}", units::bandwidth(rate)));
        let compute = limit(Some("f32")).map(|rate| format!("compute limit {}", units::flop_rate(rate)));
        let both: Vec<String> = memory.into_iter().chain(compute).collect();
        (!both.is_empty()).then(|| ("limits", both.join(", ")))
    }

    fn answer(&self, views: &[View<'_, Self::Reading>]) -> Vec<String> {
        let readings: Vec<&Reading> = views.iter().map(|view| view.reading).collect();
        say::answer(&readings)
    }
}

fn chosen_sizes(scene: &Scene<'_>) -> Vec<u64> {
    let quick = scene.settings.effort == Effort::Quick;
    let software = matches!(scene.device.planned_as(), DeviceKind::Cpu | DeviceKind::Software);
    let largest = if software { SOFTWARE[usize::from(quick)] } else { u32::MAX };
    let powers = |exponents: &[u32], largest: u32| {
        exponents.iter().filter(|exponent| **exponent <= largest).map(|exponent| 1u64 << exponent).collect::<Vec<_>>()
    };
    if matches!(scene.workload.problem(1), Problem::Chain { .. }) {
        return powers(&CHAINS, u32::MAX);
    }
    let mut sizes = powers(if quick { &QUICK_COPIES } else { &COPIES }, largest);
    sizes.extend(powers(&BETWEEN, largest.saturating_sub(2)).iter().map(|third| 3 * third));
    sizes.sort_unstable();
    sizes
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, Stage};
    use super::*;
    use crate::record::CopyRate;
    use crate::stats::{Estimate, median};

    #[test]
    fn the_largest_copies_fit_into_the_memory_together() {
        let stage = Stage::of(DeviceKind::Discrete);
        let cases = &Limits.plan(&stage.scene("copy", 1e-12))[0].cases;
        let bytes: u64 = cases.iter().map(|case| 8 * case.problem.n()).sum();
        assert!(bytes <= 1 << 30 && cases.iter().any(|case| case.problem.n() == 1 << 26), "{bytes}");
        let software = Stage::of(DeviceKind::Software);
        let plan = &Limits.plan(&software.scene("copy", 1e-12))[0];
        assert!(plan.cases.iter().all(|case| case.problem.n() <= 1 << 24));
        let peak = &Limits.plan(&stage.scene("peak", 1e-12))[0];
        assert!(peak.cases.iter().all(|case| matches!(case.problem, Problem::Chain { k: K, .. })));
    }

    /// 32 MiB at 2 TB/s before 500 GB/s, and 4 Tflop/s.
    fn planted() -> Run {
        let copies = chosen_sizes(&Stage::of(DeviceKind::Discrete).scene("copy", 1e-12)).into_iter().map(|n| {
            let mut case =
                fixture::case(fixture::on_device(Problem::Vector { n }, n), fixture::phases(1.0, 1e-6, 3e-6, 1e-6, 1));
            case.bytes = 8.0 * n as f64;
            let cache = 32.0 * 1_048_576.0;
            let kernel = 2e-6 + case.bytes.min(cache) / 2e12 + (case.bytes - cache).max(0.0) / 500e9;
            case.phases = fixture::phases(kernel, 1e-6, 3e-6, 1e-6, n);
            case
        });
        let chains = CHAINS.map(|exponent| {
            let n = 1u64 << exponent;
            let problem = Problem::Chain { n, k: K };
            let mut case = fixture::case(fixture::on_device(problem, n), fixture::phases(1.0, 1e-6, 3e-6, 1e-6, 1));
            case.flop = 2.0 * (n * K) as f64;
            case.phases = fixture::phases(5e-6 + case.flop / 4e12, 1e-6, 3e-6, 1e-6, u64::from(exponent));
            case
        });
        let measured = [("copy", copies.collect()), ("peak", chains.to_vec())];
        let mut run =
            fixture::run(measured.map(|(workload, cases)| fixture::measured("limits", workload, cases)).into());
        run.calibration.launch_floor = Some(Estimate { value: 2e-6, low: 2e-6, high: 2e-6 });
        run
    }

    #[test]
    fn a_planted_cache_is_told_from_the_memory() {
        let run = planted();
        let readings: Vec<Reading> = run.experiments.iter().map(|measured| Limits.read(&run, measured)).collect();
        let cache = readings[0].cache.unwrap();
        assert!((cache.edge.value / 33_554_432.0 - 1.0).abs() < 0.15, "{cache:?}");
        assert!((run.compute_limit().unwrap() / 4e12 - 1.0).abs() < 0.03);
        let within = run.memory_limit(16e6).unwrap() / run.memory_limit(512e6).unwrap();
        assert!(within > 2.0, "what fits into the cache has another limit: {within}");
        let views: Vec<_> = run
            .experiments
            .iter()
            .zip(&readings)
            .map(|(measured, reading)| View { run: &run, measured, reading })
            .collect();
        let said = Limits.say(views[0]).join(" ");
        assert!(said.contains("MiB") && said.starts_with("Memory limit: 501 GB/s. Copies below 32 MiB"), "{said}");
        let answer = Limits.answer(&views).join(" ");
        assert!(answer.contains("GB/s") && answer.contains("TFLOP/s"), "{answer}");
        let drawn = Limits.show(views[0]).into_iter().filter(|block| matches!(block, Block::Plot(_))).count();
        assert_eq!(drawn, 1, "the curve over size");
    }

    /// 32 MiB fit into the cache: 64 MiB are compared with themselves, and 60 MiB with the 48 MiB below them.
    #[test]
    fn a_kernel_is_held_against_copies_of_its_own_size() {
        let run = planted();
        let copied = |mebibytes: f64| {
            let case = run.experiments[0].cases.iter().find(|case| case.bytes == mebibytes * 1_048_576.0).unwrap();
            case.bytes / median(case.seconds(Phase::Kernel)).unwrap()
        };
        for (moved, held_against) in [(64.0, 64.0), (60.0, 48.0), (90.0, 64.0), (1024.0, 512.0)] {
            assert_eq!(run.memory_limit(moved * 1_048_576.0), Some(copied(held_against)), "{moved} MiB");
        }
        assert!(copied(64.0) < 0.9 * copied(48.0), "the cache ends below both");
    }

    /// A kernel of another kind, or in other numbers, raises no limit: it lies above it, and the audit says so.
    #[test]
    fn only_kernels_made_for_it_set_the_compute_limit() {
        let mut run = planted();
        let limit = run.compute_limit();
        let mut chains = run.experiments[1].cases.clone();
        for case in &mut chains {
            case.flop *= 2.0;
        }
        run.experiments.push(fixture::measured("intensity", "mix", chains.clone()));
        run.experiments.push(fixture::measured("limits", "peak-f16", chains));
        assert_eq!(run.compute_limit(), limit);
        let of_mix = run.share_of_limit(&run.experiments[2], &run.experiments[2].cases[6]).unwrap();
        assert!((of_mix - 2.0).abs() < 0.05, "{of_mix}");
        let short_floats = run.compute_limit_of("peak-f16").unwrap();
        assert!((short_floats / limit.unwrap() - 2.0).abs() < 0.05, "{short_floats}");
        let measured = &run.experiments[3];
        assert!(run.share_of_limit(measured, &measured.cases[6]).unwrap() <= 1.0);
    }

    /// Short floats that are added up in 32 bits have the limit of 32-bit floats, and matrix units none.
    #[test]
    fn matrix_units_have_no_limit() {
        let mut run = planted();
        let limit = run.compute_limit();
        let cases = ["blocked-8x8", "cooperative-16"].map(|variant| {
            let mut case = run.experiments[1].cases[6].clone();
            case.case.variant = Some(variant.try_into().unwrap());
            case
        });
        run.experiments.push(fixture::measured("climb", "matmul-f16", cases.into()));
        let climb = &run.experiments[2];
        let shares = [0, 1].map(|index| run.share_of_limit(climb, &climb.cases[index]));
        assert!(shares[0].is_some_and(|share| (share - 1.0).abs() < 0.03), "{shares:?}");
        assert_eq!((shares[1], run.compute_limit_of("matmul-f16")), (None, limit));
    }

    #[test]
    fn a_device_without_short_floats_is_told_once() {
        let mut stage = Stage::of(DeviceKind::Discrete);
        assert_eq!(Limits.plan(&stage.scene("peak-f16", 1e-12))[0].cases.len(), CHAINS.len());
        stage.device.f16 = Some(false);
        let plan = &Limits.plan(&stage.scene("peak-f16", 1e-12))[0];
        assert_eq!((plan.cases.len(), plan.skipped[0].reason.as_str()), (0, NO_F16));
        let mut measured = fixture::measured("limits", "peak-f16", Vec::new());
        measured.skipped = plan.skipped.clone();
        let run = fixture::run(vec![measured]);
        let reading = Limits.read(&run, &run.experiments[0]);
        let said = Limits.say(View { run: &run, measured: &run.experiments[0], reading: &reading }).join(" ");
        assert_eq!(said, format!("This limit is unknown: {NO_F16}."));
    }

    #[test]
    fn the_highest_of_calibration_and_experiment_is_the_limit() {
        let mut run = planted();
        let before = run.memory_limit(512e6).unwrap();
        run.calibration.copy_curve = vec![CopyRate { bytes: 8.0 * f64::from(1u32 << 26), rate: 2.0 * before }];
        assert_eq!(run.memory_limit(512e6), Some(2.0 * before));
        run.calibration.compute_roof = Some(1e12);
        assert!(run.compute_limit().unwrap() > 3.8e12, "a slower one changes nothing");
        let measured = &run.experiments[1];
        let share = run.share_of_limit(measured, &measured.cases[6]).unwrap();
        assert!((share - 1.0).abs() < 0.03, "{share}");
    }
}
