//! What does a better kernel give? The variants of a workload on one problem, from the class's first kernel to the
//! best, each as a share of what the device can do.

use serde::Serialize;

use super::cases::{kernel_cell, near_floor, share_cell};
use super::{About, Axis, Experiment, Scene, View};
use crate::law;
use crate::measure::Plan;
use crate::page::block::{Block, Table};
use crate::page::words;
use crate::record::{Case, DeviceKind, Effort, Measured, Measurement, Problem, Quantity, Run, Skipped};
use crate::stats::Estimate;
use crate::units::{self, ABSENT};
use crate::workload::{self, Workload};

/// Sides of matrices and elements of vectors that are tried, the largest first: elsewhere, in a quick run, and on a
/// software adapter.
const SIDES: [u64; 6] = [2048, 1024, 512, 256, 128, 64];
const ELEMENTS: [u64; 5] = [1 << 26, 1 << 24, 1 << 22, 1 << 20, 1 << 18];
const LARGEST_SIDE_QUICKLY: u64 = 1024;
const MOST_ELEMENTS_QUICKLY: u64 = 1 << 24;

/// The experiment `climb`.
pub(super) struct Climb;

static ABOUT: About = About {
    name: "climb",
    question: "What does a better kernel give?",
    workloads: &["matmul", "saxpy", "dot"],
    axes: &[Axis::Sizes, Axis::Shape],
};

/// A variant among the others.
#[derive(Debug, Serialize)]
pub(super) struct Step {
    /// The variant.
    variant: String,
    /// Its kernel, in seconds.
    seconds: Estimate,
    /// How many times faster than the first one it is.
    over_first: Option<Estimate>,
    /// How many times faster than the one before it.
    over_before: Option<Estimate>,
    /// Share of its limit, the memory's or the arithmetic's, whichever is nearer.
    share: Option<f64>,
}

impl Experiment for Climb {
    /// The variants in the order of the record; the first one is the class's first kernel.
    type Reading = Vec<Step>;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn takes(&self, workload: &dyn Workload) -> bool {
        workload.name() != "empty" && workload.variants().len() > 1
    }

    fn quick_workloads(&self) -> usize {
        2
    }

    fn plan(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let problems = scene.asked().unwrap_or_else(|| vec![chosen(scene)]);
        problems.into_iter().map(|problem| plan(scene, problem)).collect()
    }

    fn read(&self, run: &Run, measured: &Measured) -> Self::Reading {
        let kernel = |case: &Measurement| case.summary(Quantity::Kernel);
        let timed: Vec<&Measurement> = measured.cases.iter().filter(|case| kernel(case).is_some()).collect();
        let over = |index: usize, other: Option<usize>| {
            let other = kernel(timed.get(other?)?)?;
            law::ratio(&other, &kernel(timed[index])?)
        };
        let step = |(index, case): (usize, &&Measurement)| {
            Some(Step {
                variant: case.variant?.to_string(),
                seconds: kernel(case)?.estimate(),
                over_first: over(index, Some(0)),
                over_before: over(index, index.checked_sub(1)),
                share: run.share_of_limit(measured, case),
            })
        };
        timed.iter().enumerate().filter_map(step).collect()
    }

    fn setting(&self, _: &Run, measured: &Measured) -> String {
        let fixed = measured.cases.first().map_or("the problem".to_owned(), |case| words::problem(case.problem));
        format!("{fixed} is held fixed, the kernel varies.")
    }

    fn show(&self, View { run, measured, reading }: View<'_, Self::Reading>) -> Vec<Block> {
        let mut table = Table::new(&[
            "variant",
            "workers",
            "kernel",
            "rate",
            "of its\nlimit",
            "over the\none before",
            "over the\nfirst",
        ])
        .words(&[0]);
        for case in &measured.cases {
            let step = reading.iter().find(|step| case.variant.is_some_and(|name| name.as_str() == step.variant));
            let ratio = |of: Option<Estimate>| of.map_or_else(|| ABSENT.to_owned(), |ratio| units::ratio(ratio.value));
            let kernel = step.map_or_else(|| ABSENT.to_owned(), |step| words::seconds(step.seconds));
            table.push([
                case.variant.map_or_else(String::new, |name| name.to_string()),
                units::size(case.workers),
                kernel_cell(run, measured, case, kernel),
                step.map_or_else(|| ABSENT.to_owned(), |step| rate(case, step.seconds.value)),
                share_cell(run, measured, case),
                ratio(step.and_then(|step| step.over_before)),
                ratio(step.and_then(|step| step.over_first)),
            ]);
        }
        [Block::Table(table), Block::text(EXPLAINED)].into_iter().chain(near_floor(run, measured)).collect()
    }

    fn say(&self, view: View<'_, Self::Reading>) -> Vec<String> {
        climbed(view).into_iter().collect()
    }

    fn line(&self, views: &[View<'_, Self::Reading>]) -> Option<(&'static str, String)> {
        let gained = |view: &View<'_, Self::Reading>| {
            let best = fastest(view.reading)?;
            let share = best.share.map_or(String::new(), |share| format!(" ({})", units::whole_percent(share)));
            Some(format!("{} {} x{share}", view.measured.workload, units::ratio(best.over_first?.value)))
        };
        let gains: Vec<String> = views.iter().filter_map(gained).collect();
        (!gains.is_empty()).then(|| ("kernels", format!("the best of {} (of the limit)", gains.join(", "))))
    }

    fn answer(&self, views: &[View<'_, Self::Reading>]) -> Vec<String> {
        views.iter().filter_map(|view| climbed(*view)).collect()
    }
}

const EXPLAINED: &str = "All variants compute the same and were verified; `amdahl workloads` says what is different \
    about each. Of its limit: the rate over that of the fastest copy of as many bytes, or of the kernel that only \
    multiplies and adds, whichever is nearer. The last columns are above 1 where the row is the faster one.";

/// The largest problem that the first variant, the slowest as a rule, still finishes in time.
fn chosen(scene: &Scene<'_>) -> Problem {
    let quick = scene.settings.effort == Effort::Quick;
    let sizes: Vec<u64> = match scene.workload.problem(1) {
        Problem::Matrix { .. } | Problem::Batch { .. } => {
            SIDES.into_iter().filter(|&side| !quick || side <= LARGEST_SIDE_QUICKLY).collect()
        }
        _ => ELEMENTS.into_iter().filter(|&n| !quick || n <= MOST_ELEMENTS_QUICKLY).collect(),
    };
    let problem = |&n: &u64| scene.workload.problem(n);
    let fits = |&problem: &Problem| scene.is_within(problem) && scene.fits_in_memory(problem, 2);
    sizes.iter().map(problem).find(fits).unwrap_or_else(|| scene.workload.problem(sizes[sizes.len() - 1]))
}

fn plan(scene: &Scene<'_>, problem: Problem) -> Plan {
    let mut plan = scene.plan(&ABOUT);
    if matches!(scene.device.kind, DeviceKind::Cpu | DeviceKind::Simulated) {
        let reason = if scene.on_cpu() {
            "a processor runs no kernels: its own steps, from a scalar loop to threads with vectors, are in gains"
        } else {
            "a model knows nothing of a kernel's instructions"
        };
        plan.skipped.push(Skipped { case: "every variant".to_owned(), reason: reason.to_owned() });
        return plan;
    }
    let variants = scene.workload.variants().iter();
    plan.cases.extend(variants.map(|variant| Case {
        variant: Some(variant.short_name()),
        ..workload::full_width(scene.workload, variant, problem, &scene.device.limits)
    }));
    plan
}

/// Multiply-adds for matrices, bytes for vectors, in a second.
fn rate(case: &Measurement, seconds: f64) -> String {
    match case.problem {
        Problem::Matrix { .. } | Problem::Batch { .. } => units::flop_rate(case.flop / seconds),
        _ => units::bandwidth(case.bytes / seconds),
    }
}

fn fastest(steps: &[Step]) -> Option<&Step> {
    steps.iter().min_by(|one, other| one.seconds.value.total_cmp(&other.seconds.value))
}

/// From the first variant to the fastest.
fn climbed(View { measured, reading, .. }: View<'_, Vec<Step>>) -> Option<String> {
    let first = reading.first()?;
    let best = fastest(reading)?;
    let case = measured.cases.first()?;
    let (workload, size) = (&measured.workload, words::amount(case.problem));
    if best.variant == first.variant {
        return Some(format!("{workload} ({size}): no variant is faster than {}.", first.variant));
    }
    let [from, to] = [first, best].map(|step| rate(case, step.seconds.value));
    let share =
        best.share.map_or(String::new(), |share| format!(", {} of what the device can do", units::percent(share)));
    let faster = best.over_first.map_or(String::new(), |ratio| format!(", {}", words::faster(ratio)));
    Some(format!("{workload} ({size}): from {from} ({}) to {to} ({}){faster}{share}.", first.variant, best.variant))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, Stage};
    use super::*;

    #[test]
    fn planted_steps_are_read_and_said() {
        let n = 512;
        let problem = Problem::Matrix { m: n, k: n, n };
        let steps = [("naive", 4e-3), ("tiled", 2e-3), ("blocked-8x8", 0.5e-3), ("shared-64x64", 1e-3)];
        let cases = steps.map(|(name, kernel)| {
            let case = Case { variant: Some(name.try_into().unwrap()), ..fixture::on_device(problem, n * n) };
            let mut case = fixture::case(case, fixture::phases(kernel, 1e-4, 3e-5, 1e-4, 1));
            case.flop = 2.0 * (n * n * n) as f64;
            case
        });
        let run = fixture::run(vec![fixture::measured("climb", "matmul", cases.into())]);
        let measured = &run.experiments[0];
        let reading = Climb.read(&run, measured);
        let ratios =
            |of: fn(&Step) -> Option<Estimate>| reading.iter().map(move |step| of(step).map(|ratio| ratio.value));
        for (found, planted) in ratios(|step| step.over_first).zip([1.0, 2.0, 8.0, 4.0]) {
            assert!((found.unwrap() / planted - 1.0).abs() < 0.02, "{found:?} {planted}");
        }
        assert!(reading[0].over_before.is_none() && reading[3].over_before.unwrap().value < 0.55);
        let said = Climb.say(View { run: &run, measured, reading: &reading }).join(" ");
        assert!(said.starts_with("matmul (512 x 512 matrices): from 6"), "{said}");
        assert!(said.contains("GFLOP/s (naive) to 5") && said.contains("GFLOP/s (blocked-8x8), 8.0"), "{said}");
    }

    #[test]
    fn every_variant_has_a_case_of_its_own_width() {
        let stage = Stage::of(DeviceKind::Discrete);
        let plans = Climb.plan(&stage.scene("matmul", 1e-12));
        let workers = |name: &str| {
            let case = plans[0].cases.iter().find(|case| case.variant.is_some_and(|one| one.as_str() == name));
            case.unwrap().workers
        };
        assert_eq!(workers("naive"), 2048 * 2048);
        assert_eq!(workers("blocked-8x8"), 2048 * 2048 / 64);
        assert_eq!(workers("shared-128x128"), 16 * 16 * 256);
        let stage = Stage::of(DeviceKind::Simulated);
        assert!(Climb.plan(&stage.scene("matmul", 1e-12))[0].cases.is_empty());
    }
}
