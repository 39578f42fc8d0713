//! What does a better kernel give? The variants of a workload on one problem, from the class's first kernel to the best,
//! each as a share of what the device can do.

use serde::Serialize;

use super::cases::share_cell;
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
            table.push([
                case.variant.map_or_else(String::new, |name| name.to_string()),
                units::size(case.workers),
                step.map_or_else(|| ABSENT.to_owned(), |step| words::seconds(step.seconds)),
                step.map_or_else(|| ABSENT.to_owned(), |step| rate(case, step.seconds.value)),
                share_cell(run, measured, case),
                ratio(step.and_then(|step| step.over_before)),
                ratio(step.and_then(|step| step.over_first)),
            ]);
        }
        vec![Block::Table(table), Block::text(EXPLAINED), Block::text(summaries(measured))]
    }

    fn say(&self, view: View<'_, Self::Reading>) -> Vec<String> {
        climbed(view).into_iter().collect()
    }

    fn answer(&self, views: &[View<'_, Self::Reading>]) -> Vec<String> {
        views.iter().filter_map(|view| climbed(*view)).collect()
    }
}

const EXPLAINED: &str = "All variants compute the same and were verified. Of its limit: the rate over that of the \
    fastest copy of as many bytes, or of the kernel that only multiplies and adds, whichever is nearer. The last columns \
    are above 1 where the row is the faster one.";

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
    if matches!(scene.device.planned_as(), DeviceKind::Cpu | DeviceKind::Simulated) {
        let reason = if scene.on_cpu() {
            "a processor runs no kernels: its own steps, from a scalar loop to threads with vectors, are in gains"
        } else {
            "a planted law knows no kernels"
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

/// What is different about each variant.
fn summaries(measured: &Measured) -> String {
    let known = workload::find(&measured.workload).map_or(&[][..], |workload| workload.variants());
    let summary = |case: &Measurement| {
        let name = case.variant?;
        let variant = known.iter().find(|variant| variant.name == name.as_str())?;
        Some(format!("{name}: {}", variant.summary))
    };
    let mut all: Vec<String> = measured.cases.iter().filter_map(summary).collect();
    all.dedup_by(|after, before| {
        after.split_once(": ").map(|(_, text)| text) == before.split_once(": ").map(|(_, text)| text)
    });
    format!("{}.", all.join("; "))
}

/// Multiply-adds for matrices, bytes for vectors, in a second.
fn rate(case: &Measurement, seconds: f64) -> String {
    match case.problem {
        Problem::Matrix { .. } | Problem::Batch { .. } => units::flop_rate(case.flop / seconds),
        _ => units::bandwidth(case.bytes / seconds),
    }
}

/// From the first variant to the fastest.
fn climbed(View { measured, reading, .. }: View<'_, Vec<Step>>) -> Option<String> {
    let first = reading.first()?;
    let best = reading.iter().min_by(|one, other| one.seconds.value.total_cmp(&other.seconds.value))?;
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
