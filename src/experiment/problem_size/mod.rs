//! From which size on is the device faster than the processor? The size varies: read by Hockney's law, and by the
//! crossover with the processor.

mod read;
mod say;
pub(super) mod short;
mod show;

use super::cases::fastest;
use super::{About, Axis, Experiment, Scene, View, names};
use crate::measure::Plan;
use crate::page::block::Block;
use crate::page::named::Named;
use crate::record::{Baseline, Effort, Measured, Measurement, Phase, Problem, Quantity, Run, Series};
use crate::workload::Workload;
use read::Reading;

/// The experiment `problem-size`.
pub(super) struct ProblemSize;

static ABOUT: About = About {
    name: names::PROBLEM_SIZE,
    question: "From which size on is the device faster?",
    workloads: &["saxpy", "matmul"],
    axes: &[Axis::Sizes, Axis::Shape],
};

/// The baselines.
const BASELINES: [Baseline; 3] = [Baseline::Scalar, Baseline::Simd, Baseline::Threads];

impl Experiment for ProblemSize {
    type Reading = Reading;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn is_contest(&self) -> bool {
        true
    }

    fn takes(&self, workload: &dyn Workload) -> bool {
        workload.name() != "empty"
    }

    fn plan(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let mut plan = scene.plan(&ABOUT);
        plan.asked = &[Phase::Kernel, Phase::Upload, Phase::ReadBack];
        let chosen = || chosen_sizes(scene).into_iter().map(|n| scene.workload.problem(n)).collect();
        let problems: Vec<Problem> = scene.asked().unwrap_or_else(chosen);
        plan.cases.extend(problems.iter().map(|&problem| scene.everyone(problem)));
        if !scene.on_simulated() && !scene.workload.is_the_readers() {
            // On the processor all threads are the device itself.
            for baseline in BASELINES.into_iter().filter(|&one| !(scene.on_cpu() && one == Baseline::Threads)) {
                plan.cases.extend(problems.iter().map(|&problem| scene.baseline(problem, baseline)));
            }
        }
        vec![plan]
    }

    fn read(&self, _: &Run, measured: &Measured) -> Reading {
        read::read(measured)
    }

    fn setting(&self, _: &Run, _: &Measured) -> String {
        "The size varies; one worker for each element, or for each few that the kernel takes at once.".to_owned()
    }

    fn numbers(&self, View { reading, .. }: View<'_, Reading>) -> Vec<Named> {
        reading.numbers()
    }

    fn base<'a>(&self, measured: &'a Measured, case: &Measurement, quantity: Quantity) -> Option<&'a Measurement> {
        let asked = quantity == Quantity::RoundTrip && case.series == Series::Device;
        let beside = measured.cases.iter().filter(|other| other.is_baseline() && other.problem == case.problem);
        fastest(beside, quantity).filter(|_| asked)
    }

    fn show(&self, view: View<'_, Reading>) -> Vec<Block> {
        show::blocks(view)
    }

    fn say(&self, view: View<'_, Reading>) -> Vec<String> {
        say::sentences(view)
    }

    fn answer(&self, views: &[View<'_, Reading>]) -> Vec<String> {
        say::answer(views)
    }
}

/// Sizes from far below any crossover to far beyond the caches; those that a device cannot run are skipped later. The
/// reference of matrices with a side of 4,096 takes half a minute.
fn chosen_sizes(scene: &Scene<'_>) -> Vec<u64> {
    let (side, fourth) = match scene.settings.effort {
        Effort::Quick => (9, 10),
        Effort::Default => (11, 12),
        Effort::Thorough => (12, 12),
    };
    match scene.workload.problem(1) {
        Problem::Matrix { .. } | Problem::Batch { .. } => (4..=side).map(|exponent| 1 << exponent).collect(),
        _ => (5..=fourth).map(|exponent| 1 << (2 * exponent)).collect(),
    }
}
