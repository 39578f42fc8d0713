//! How much faster is a better kernel? The variants of a workload on one problem, from the simplest kernel to the best,
//! each as a share of what the device can do.

use serde::Serialize;

use super::cases::{kernel_cell, near_floor, same_job, share_cell};
use super::{About, Axis, Experiment, Scene, View};
use crate::law;
use crate::measure::Plan;
use crate::page::block::{Bar, Bars, Block, Table};
use crate::page::named::{Named, Unit};
use crate::page::words;
use crate::record::{Case, DeviceKind, Effort, Measured, Measurement, Problem, Quantity, Run, Skipped, VariantName};
use crate::stats::Estimate;
use crate::units::{self, ABSENT};
use crate::workload::{self, Workload};

/// Sides of matrices and elements of vectors that are tried, the largest first: elsewhere, in a quick run, and on a
/// software adapter.
const SIDES: [u64; 6] = [2048, 1024, 512, 256, 128, 64];
const ELEMENTS: [u64; 5] = [1 << 25, 1 << 24, 1 << 22, 1 << 20, 1 << 18];
const LARGEST_SIDE_QUICKLY: u64 = 1024;
const MOST_ELEMENTS_QUICKLY: u64 = 1 << 24;

/// The experiment `climb`.
pub(super) struct Climb;

static ABOUT: About = About {
    name: "climb",
    question: "How much faster is a better kernel?",
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
    /// How many times faster than the workload's first variant it is; `None` if that did not run.
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

    /// The fastest tells how large the problem may be.
    fn is_contest(&self) -> bool {
        true
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
        let is_base = |case: &&Measurement| case.variant == base(measured);
        let base = timed.iter().position(is_base);
        let step = |(index, case): (usize, &&Measurement)| {
            Some(Step {
                variant: case.variant?.to_string(),
                seconds: kernel(case)?.estimate(),
                over_first: over(index, base),
                over_before: over(index, index.checked_sub(1)),
                share: run.share_of_limit(measured, case),
            })
        };
        timed.iter().enumerate().filter_map(step).collect()
    }

    fn setting(&self, _: &Run, measured: &Measured) -> String {
        same_job(measured, "the kernel changes")
    }

    fn numbers(&self, View { reading, .. }: View<'_, Self::Reading>) -> Vec<Named> {
        let best = reading.iter().min_by(|one, other| one.seconds.value.total_cmp(&other.seconds.value));
        let faster =
            best.and_then(|best| Some(Named::new("best kernel over the first", Unit::Times, best.over_first?)));
        let share =
            best.and_then(|best| Some(Named::plain("best kernel's share of its limit", Unit::Share, best.share?)));
        [faster, share].into_iter().flatten().collect()
    }

    fn base<'a>(&self, measured: &'a Measured, _: &Measurement, quantity: Quantity) -> Option<&'a Measurement> {
        let first = measured.cases.iter().find(|case| case.summary(quantity).is_some());
        first.filter(|_| quantity == Quantity::Kernel)
    }

    fn show(&self, View { run, measured, reading }: View<'_, Self::Reading>) -> Vec<Block> {
        let mut table = Table::new(&[
            "variant",
            "workers",
            "kernel",
            "rate",
            "of its\nlimit",
            "times faster\nthan before",
            "times faster\nthan the first",
        ])
        .words(&[0]);
        for case in &measured.cases {
            let step = reading.iter().find(|step| case.variant.is_some_and(|name| name.as_str() == step.variant));
            let ratio = |of: Option<Estimate>| of.map_or_else(|| ABSENT.to_owned(), |ratio| units::ratio(ratio.value));
            let kernel = step.map_or_else(|| ABSENT.to_owned(), |step| words::seconds(step.seconds));
            table.push([
                case.variant.map_or_else(String::new, |name| name.to_string()),
                units::count(case.workers),
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
            let gain = best.over_first.filter(|gain| gain.low > 1.0);
            let gain = gain.map_or(String::new(), |gain| format!(", {} x the first", units::ratio(gain.value)));
            Some(format!("{} {}{}{gain}", view.measured.workload, best.variant, of_limit(best)))
        };
        let gains: Vec<String> = views.iter().filter_map(gained).collect();
        (!gains.is_empty()).then(|| ("kernels", format!("the best: {}", gains.join("; "))))
    }

    fn answer(&self, views: &[View<'_, Self::Reading>]) -> Vec<String> {
        let job = |view: &View<'_, Self::Reading>| {
            let job = words::amount(view.measured.cases.first()?.problem);
            Some(format!("{} ({job}): {}", view.measured.workload, climbed(*view)?))
        };
        views.iter().filter_map(job).collect()
    }
}

const EXPLAINED: &str = "All variants compute the same, verified; `amdahl workloads` describes each. Limit: the \
    fastest copy of as many bytes, or the fastest multiply-adds, whichever is nearer.";

/// The largest problem that the fastest variant finishes in time; one that is too slow for it is left out.
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
    // Each variant computes a case of its own.
    let mut plan = Plan { is_contest: false, ..scene.plan(&ABOUT) };
    if matches!(scene.device.kind, DeviceKind::Cpu | DeviceKind::Simulated) {
        let reason = if scene.on_cpu() {
            "the CPU runs no kernels; gains compares its loops"
        } else {
            "a model has no instructions to improve"
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

/// Returns the steps as bars: each as long as its share of what the device can do, which is the last bar.
pub(super) fn bars(View { measured, reading, .. }: View<'_, Vec<Step>>) -> Option<Block> {
    let case = measured.cases.first()?;
    let bar = |name: &str, cells: [String; 3], value: f64, series: usize| Bar {
        name: name.to_owned(),
        cells: cells.into(),
        value,
        series,
        ..Bar::default()
    };
    let steps = reading.iter().filter_map(|step| {
        let cells = [
            words::seconds(step.seconds),
            rate(case, step.seconds.value),
            step.share.map_or_else(|| ABSENT.to_owned(), units::percent),
        ];
        Some(bar(&step.variant, cells, step.share?, 0))
    });
    let mut bars: Vec<Bar> = steps.collect();
    let best = fastest(reading)?;
    let limit = [ABSENT.to_owned(), rate(case, best.seconds.value * best.share?), units::percent(1.0)];
    bars.push(bar("its limit (roofline)", limit, 1.0, 1));
    (bars.len() > 2).then_some(Block::Bars(Bars {
        bars,
        caption: "The longer the bar, the faster. The limit: computing, or memory times the kernel's flop per byte, \
                  whichever is lower.",
        ..Bars::default()
    }))
}

fn fastest(steps: &[Step]) -> Option<&Step> {
    steps.iter().min_by(|one, other| one.seconds.value.total_cmp(&other.seconds.value))
}

/// Returns the workload's first variant: the races list them all, in its order.
fn base(measured: &Measured) -> Option<VariantName> {
    let raced = measured.tournaments.first().and_then(|race| race.tried.first()).map(|tried| tried.variant);
    raced.or_else(|| measured.cases.first()?.variant)
}

/// Says how fast the fastest is where the first variant did not run, and why that did not.
fn without_base(View { measured, reading, .. }: View<'_, Vec<Step>>) -> Option<String> {
    let best = fastest(reading)?;
    let (first, case) = (base(measured)?, measured.cases.first()?);
    let reason = measured.tournaments.first().and_then(|race| race.tried.first()?.reason.clone());
    Some(format!(
        "{} ({}): {} is the fastest of those that ran, with {}{}. The first variant, {first}, did not run{}.",
        measured.workload,
        words::amount(case.problem),
        best.variant,
        rate(case, best.seconds.value),
        of_limit(best),
        reason.map_or(String::new(), |reason| format!(": {reason}"))
    ))
}

fn of_limit(step: &Step) -> String {
    step.share.map_or(String::new(), |share| match share {
        share if share < 1.0 => format!(", {} of its limit", units::percent(share)),
        _ => ", at its limit".to_owned(),
    })
}

/// From the first variant to the fastest.
fn climbed(view: View<'_, Vec<Step>>) -> Option<String> {
    let View { measured, reading, .. } = view;
    let base = base(measured)?.to_string();
    let Some(first) = reading.iter().find(|step| step.variant == base) else { return without_base(view) };
    let best = fastest(reading)?;
    let case = measured.cases.first()?;
    let gain = best.over_first.filter(|gain| gain.low > 1.0);
    let Some(gain) = gain.filter(|_| best.variant != first.variant) else {
        return Some(format!("{} is as fast as any variant.", first.variant));
    };
    let [from, to] = [first, best].map(|step| rate(case, step.seconds.value));
    let share = of_limit(best);
    let faster = words::faster(gain);
    Some(format!("{} is {faster} than {}: {to} instead of {from}{share}.", best.variant, first.variant))
}

#[cfg(test)]
mod tests;
