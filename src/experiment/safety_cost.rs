//! What do the safety checks of kernels cost? The checks vary, the job is the same: read by ratios.

use serde::Serialize;

use super::cases::{kernel_cell, near_floor, of_series, same_job, timed};
use super::{About, Axis, Experiment, Scene, View};
use crate::law::{self, Comparison};
use crate::measure::Plan;
use crate::page::block::{Bar, Bars, Block, Table};
use crate::page::named::{Named, Unit};
use crate::page::words;
use crate::record::{Checks, Measured, Measurement, Problem, Quantity, Run, Series, Skipped};
use crate::stats::Estimate;
use crate::units::{self, ABSENT};
use crate::workload::{UNPROVEN, Workload};

/// Sides of matrices and rows of batches that are tried, the largest first.
const SIDES: [u64; 5] = [1024, 512, 256, 128, 64];

/// Sizes of vectors that are tried, the largest first.
const ELEMENTS: [u64; 5] = [1 << 22, 1 << 20, 1 << 18, 1 << 16, 1 << 14];

/// Workloads that the summary has room for.
const FEW: usize = 3;

/// The kernel with all checks; the others are compared with it.
const CHECKED: Series = Series::Checks(Checks::All);

/// The experiment `safety-cost`.
pub(super) struct SafetyCost;

static ABOUT: About = About {
    name: "safety-cost",
    question: "What do the safety checks of kernels cost?",
    workloads: &["matmul/naive", "matmul/tiled"],
    axes: &[Axis::Sizes, Axis::Shape],
};

/// The kernel of one choice of checks against that with all of them.
#[derive(Serialize)]
pub(super) struct Compared {
    /// The choice of checks.
    series: Series,
    /// What it is compared with.
    against: Series,
    /// How many times faster it is: the other's time over its own.
    ratio: Estimate,
    /// What may be concluded from the interval.
    comparison: Comparison,
}

impl Experiment for SafetyCost {
    /// The comparisons, in the order of the record.
    type Reading = Vec<Compared>;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn takes(&self, workload: &dyn Workload) -> bool {
        workload.name() != "empty"
    }

    fn plan(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let problems = scene.asked().unwrap_or_else(|| vec![chosen(scene)]);
        problems.into_iter().map(|problem| plan(scene, problem)).collect()
    }

    fn read(&self, _: &Run, measured: &Measured) -> Self::Reading {
        let others = Checks::ALL.into_iter().filter(|checks| *checks != Checks::All);
        others.filter_map(|checks| compare(measured, checks)).collect()
    }

    fn setting(&self, _: &Run, measured: &Measured) -> String {
        same_job(measured, "the checks change")
    }

    fn numbers(&self, View { reading, .. }: View<'_, Self::Reading>) -> Vec<Named> {
        let faster = |one: &Compared| Named::new("speedup without checks", Unit::Times, one.ratio).of(one.series);
        reading.iter().map(faster).collect()
    }

    fn base<'a>(&self, measured: &'a Measured, _: &Measurement, quantity: Quantity) -> Option<&'a Measurement> {
        of_series(measured, CHECKED).next().filter(|_| quantity == Quantity::Kernel)
    }

    fn show(&self, view: View<'_, Self::Reading>) -> Vec<Block> {
        let View { run, measured, reading } = view;
        let blocks = [Block::Table(table(run, measured, reading)), Block::text(explained()), bars(measured)];
        blocks.into_iter().chain(near_floor(run, measured)).collect()
    }

    fn say(&self, view: View<'_, Self::Reading>) -> Vec<String> {
        sentence(view.measured, view.reading).into_iter().collect()
    }

    fn line(&self, views: &[View<'_, Self::Reading>]) -> Option<(&'static str, String)> {
        let view = views.first()?;
        let unchecked = view.reading.iter().find(|one| one.series == Series::Checks(Checks::Unchecked));
        let one = unchecked.or(view.reading.first())?;
        let said = match one.comparison {
            Comparison::Faster | Comparison::Slower => words::faster_alone(one.ratio),
            Comparison::Same => "as fast".to_owned(),
            Comparison::Undecided => "no difference can be told".to_owned(),
        };
        let without = left_out(one.series.checks());
        Some(("safety", format!("{} without {without}: {said}", words::workload(view.measured))))
    }

    fn answer(&self, views: &[View<'_, Self::Reading>]) -> Vec<String> {
        views.iter().filter_map(answer).take(FEW).collect()
    }
}

fn plan(scene: &Scene<'_>, problem: Problem) -> Plan {
    let mut plan = scene.plan(&ABOUT);
    if scene.on_cpu() {
        let reason = "these checks are built into GPU kernels, and the CPU runs compiled code";
        plan.skipped.push(Skipped { case: "every choice of checks".to_owned(), reason: reason.to_owned() });
        return plan;
    }
    let case = scene.everyone(problem);
    let has_memory = scene.workload.workgroup_memory(scene.variant, case.workgroup_size) > 0;
    // The checked kernel comes first: what it computes is verified before the same kernel runs without checks.
    for checks in Checks::ALL {
        if checks == Checks::NoZeroInit && !has_memory {
            let reason = "this kernel has no workgroup memory".to_owned();
            plan.skipped.push(Skipped { case: checks.name().to_owned(), reason });
        } else if scene.workload.is_the_readers() && !(checks.bounds() && checks.loop_bounds()) {
            plan.skipped.push(Skipped { case: checks.name().to_owned(), reason: UNPROVEN.to_owned() });
        } else {
            plan.cases.push(case.in_series(Series::Checks(checks)));
        }
    }
    plan
}

/// The largest problem that is short enough.
fn chosen(scene: &Scene<'_>) -> Problem {
    scene.largest_short(match scene.workload.problem(1) {
        Problem::Matrix { .. } | Problem::Batch { .. } => &SIDES,
        _ => &ELEMENTS,
    })
}

/// How much faster the kernel with a choice of checks is than that with all of them; `None` unless both were measured.
fn compare(measured: &Measured, checks: Checks) -> Option<Compared> {
    let kernel = |series| of_series(measured, series).next()?.summary(Quantity::Kernel);
    let series = Series::Checks(checks);
    let ratio = law::ratio(&kernel(CHECKED)?, &kernel(series)?)?;
    Some(Compared { series, against: CHECKED, ratio, comparison: law::compare(&ratio, law::INDIFFERENT) })
}

/// Explains the columns of the table.
fn explained() -> String {
    let same = units::whole_percent(law::INDIFFERENT);
    format!(
        "Times faster: the time with all checks over the time without this one. SAME: within {same}. FASTER, SLOWER: \
         the whole interval lies on one side of 1. UNDECIDED: the measurement cannot exclude a difference above \
         {same}. The output is verified with and without the checks. A driver may still check by itself."
    )
}

/// Returns in words the checks that a choice leaves out.
fn left_out(checks: Checks) -> &'static str {
    match checks {
        Checks::All => "nothing",
        Checks::NoBounds => "bounds checks",
        Checks::NoLoopBounds => "loop limits",
        Checks::NoZeroInit => "zeroed workgroup memory",
        Checks::Unchecked => "all checks",
    }
}

/// Returns the conclusion as a word.
fn verdict(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Faster => "FASTER",
        Comparison::Slower => "SLOWER",
        Comparison::Same => "SAME",
        Comparison::Undecided => "UNDECIDED",
    }
}

fn table(run: &Run, measured: &Measured, reading: &[Compared]) -> Table {
    let mut table = Table::new(&["checks", "left out", "kernel", "times faster", "verdict"]).words(&[0, 1, 4]);
    for case in &measured.cases {
        let compared = reading.iter().find(|one| one.series == case.series);
        let kernel = case.summary(Quantity::Kernel);
        let kernel = kernel.map_or_else(|| ABSENT.to_owned(), |kernel| words::seconds(kernel.estimate()));
        table.push([
            case.series.to_string(),
            left_out(case.series.checks()).to_owned(),
            kernel_cell(run, measured, case, kernel),
            compared.map_or_else(|| units::ratio(1.0), |one| words::ratio(one.ratio)),
            compared.map_or("", |one| verdict(one.comparison)).to_owned(),
        ]);
    }
    table
}

/// Returns the kernel's time with each choice of checks as bars.
fn bars(measured: &Measured) -> Block {
    let bar = |case: &Measurement| {
        let kernel = case.summary(Quantity::Kernel)?.estimate();
        Some(Bar {
            name: case.series.to_string(),
            cells: vec![words::seconds(kernel)],
            value: kernel.value,
            series: usize::from(case.series != CHECKED),
            ..Bar::default()
        })
    };
    let bars = measured.cases.iter().filter_map(bar).collect();
    Block::Bars(Bars { bars, caption: "The longer the bar, the longer the kernel takes.", ..Bars::default() })
}

/// Says what leaving out each check does to the kernel.
fn sentence(measured: &Measured, reading: &[Compared]) -> Option<String> {
    let base = timed(measured, CHECKED, Quantity::Kernel).first()?.time.estimate();
    let said = |one: &Compared| format!("Without {}: {}.", left_out(one.series.checks()), in_words(one));
    let parts: Vec<String> = reading.iter().map(said).collect();
    let checked = format!("With all checks the kernel takes {}. ", words::seconds(base));
    (!parts.is_empty()).then(|| checked + &parts.join(" "))
}

/// Returns the ratio in words.
fn in_words(one: &Compared) -> String {
    match one.comparison {
        Comparison::Faster | Comparison::Slower => words::faster(one.ratio),
        Comparison::Same => "as fast".to_owned(),
        Comparison::Undecided => {
            let slower = units::whole_percent(1.0 / one.ratio.low - 1.0);
            let faster = units::whole_percent(one.ratio.high - 1.0);
            format!("undecided, from {slower} slower to {faster} faster")
        }
    }
}

/// Returns what the kernel gains when all checks are left out; one of them if that was not measured.
fn answer(view: &View<'_, Vec<Compared>>) -> Option<String> {
    let unchecked = view.reading.iter().find(|one| one.series == Series::Checks(Checks::Unchecked));
    let one = unchecked.or(view.reading.first())?;
    let without = left_out(one.series.checks());
    Some(format!("{} without {without}: {}.", words::workload(view.measured), in_words(one)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn what_a_check_costs_is_found_and_said() {
        let problem = Problem::Matrix { m: 256, k: 256, n: 256 };
        let kernels =
            [(Checks::All, 3e-3), (Checks::NoBounds, 2e-3), (Checks::NoLoopBounds, 3e-3), (Checks::Unchecked, 1e-3)];
        let cases = kernels.map(|(checks, kernel)| {
            let case = fixture::on_device(problem, 1 << 16).in_series(Series::Checks(checks));
            fixture::case(case, fixture::phases(kernel, 1e-4, 3e-5, 1e-4, 1))
        });
        let run = fixture::run(vec![fixture::measured("safety-cost", "matmul", cases.into())]);
        let measured = &run.experiments[0];
        let reading = SafetyCost.read(&run, measured);
        let ratios: Vec<f64> = reading.iter().map(|one| one.ratio.value).collect();
        let close = |(found, planted): (&f64, f64)| (found / planted - 1.0).abs() < 0.02;
        assert!(ratios.iter().zip([1.5, 1.0, 3.0]).all(close), "{ratios:?}");
        let verdicts: Vec<&str> = reading.iter().map(|one| verdict(one.comparison)).collect();
        assert_eq!(verdicts, ["FASTER", "SAME", "FASTER"]);
        let view = View { run: &run, measured, reading: &reading };
        assert!(explained().contains("SAME: within 2 %."));
        let said = SafetyCost.say(view).join(" ");
        assert!(said.starts_with("With all checks the kernel takes 3.0"), "{said}");
        assert!(said.contains("Without bounds checks: 1.50 times") && said.contains("loop limits: as fast."), "{said}");
        let answer = SafetyCost.answer(&[view]);
        assert!(answer[0].starts_with("matmul without all checks: 3.00 times"), "{answer:?}");
        let first: Vec<Compared> = SafetyCost.read(&run, measured).into_iter().take(1).collect();
        let answer = SafetyCost.answer(&[View { run: &run, measured, reading: &first }]);
        assert!(answer[0].starts_with("matmul without bounds checks: 1.50 times"), "{answer:?}");
    }
}
