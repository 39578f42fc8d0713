//! How fast can this device copy and compute at all? The size varies: read by the edge of a cache. Every other kernel
//! of the run is held against these limits.

mod read;
mod say;
mod show;

use super::{About, Axis, Experiment, Scene, View};
use crate::measure::Plan;
use crate::page::block::Block;
use crate::record::{DeviceKind, Effort, Measured, Phase, Problem, Run};
use crate::workload::Workload;
use read::Reading;

/// Exponents of the numbers of elements that are copied, from within caches to beyond them; two steps of two at the end
/// make room for the largest.
const COPIES: [u32; 10] = [15, 17, 18, 19, 20, 21, 22, 23, 24, 26];

/// The same in a quick run, whose largest is faster to make and to verify.
const QUICK_COPIES: [u32; 9] = [15, 17, 19, 20, 21, 22, 23, 24, 25];

/// The largest on a processor, or on a driver that acts as a GPU on one, by effort.
const SOFTWARE: [u32; 2] = [24, 22];

/// Exponents of the numbers of elements that are computed.
const CHAINS: [u32; 5] = [10, 13, 16, 19, 22];

/// Multiply-adds of each.
const K: u64 = 1024;

/// The experiment `limits`.
pub(super) struct Limits;

static ABOUT: About = About {
    name: "limits",
    question: "How fast can this device copy and compute at all?",
    workloads: &["copy", "peak"],
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
        vec![plan]
    }

    fn read(&self, run: &Run, measured: &Measured) -> Self::Reading {
        read::read(run, measured)
    }

    fn setting(&self, _: &Run, measured: &Measured) -> String {
        match measured.workload.as_str() {
            "copy" => "A vector is copied; its size varies.".to_owned(),
            _ => format!("Each element takes {K} multiply-adds in 8 chains side by side; the elements vary."),
        }
    }

    fn show(&self, view: View<'_, Self::Reading>) -> Vec<Block> {
        show::blocks(view)
    }

    fn say(&self, view: View<'_, Self::Reading>) -> Vec<String> {
        say::sentences(view.reading)
    }

    fn answer(&self, views: &[View<'_, Self::Reading>]) -> Vec<String> {
        let readings: Vec<&Reading> = views.iter().map(|view| view.reading).collect();
        say::answer(&readings).into_iter().collect()
    }
}

fn chosen_sizes(scene: &Scene<'_>) -> Vec<u64> {
    let quick = scene.settings.effort == Effort::Quick;
    let software = matches!(scene.device.planned_as(), DeviceKind::Cpu | DeviceKind::Software);
    let largest = if software { SOFTWARE[usize::from(quick)] } else { u32::MAX };
    let exponents: &[u32] = match scene.workload.problem(1) {
        Problem::Chain { .. } => &CHAINS,
        _ if quick => &QUICK_COPIES,
        _ => &COPIES,
    };
    exponents.iter().filter(|exponent| **exponent <= largest).map(|exponent| 1 << exponent).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, Stage};
    use super::*;
    use crate::record::CopyRate;

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
        let copies = COPIES.map(|exponent| {
            let n = 1u64 << exponent;
            let mut case =
                fixture::case(fixture::on_device(Problem::Vector { n }, n), fixture::phases(1.0, 1e-6, 3e-6, 1e-6, 1));
            case.bytes = 8.0 * n as f64;
            let cache = 32.0 * 1_048_576.0;
            let kernel = 2e-6 + case.bytes.min(cache) / 2e12 + (case.bytes - cache).max(0.0) / 500e9;
            case.phases = fixture::phases(kernel, 1e-6, 3e-6, 1e-6, u64::from(exponent));
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
        let measured = [("copy", copies.to_vec()), ("peak", chains.to_vec())];
        fixture::run(measured.map(|(workload, cases)| fixture::measured("limits", workload, cases)).into())
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
        assert!(said.contains("MiB") && said.contains("memory limit"), "{said}");
        let answer = Limits.answer(&views).join(" ");
        assert!(answer.contains("GB/s") && answer.contains("TFLOP/s"), "{answer}");
        let drawn = Limits.show(views[0]).into_iter().filter(|block| matches!(block, Block::Drawing(_))).count();
        assert_eq!(drawn, 1, "the curve over size");
    }

    #[test]
    fn the_highest_of_calibration_and_experiment_is_the_limit() {
        let mut run = planted();
        let before = run.memory_limit(512e6).unwrap();
        run.calibration.copy_curve = vec![CopyRate { bytes: 8.0 * f64::from(1u32 << 26), rate: 2.0 * before }];
        assert_eq!(run.memory_limit(512e6), Some(2.0 * before));
        run.calibration.compute_roof = Some(1e12);
        assert!(run.compute_limit().unwrap() > 3.8e12, "a slower one changes nothing");
        let case = &run.experiments[1].cases[4];
        assert!((run.share_of_limit(case).unwrap() - 1.0).abs() < 0.03, "{:?}", run.share_of_limit(case));
    }
}
