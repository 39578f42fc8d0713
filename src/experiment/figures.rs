//! Every figure of a run as a row of `cases.csv`: the times of each case, and the named numbers.

use super::cases::{SERIAL_PHASES, is_near_floor, speedup};
use super::chapter::Chapter;
use super::registry::chapters;
use super::{Experiment, View};
use crate::page::block::{Block, Table};
use crate::page::cases::{self, CaseRow, Place, Timed};
use crate::page::named::{Named, Unit};
use crate::page::{header, words};
use crate::record::{Measurement, Quantity, Run};
use crate::stats::Summary;

/// The mark of a kernel that is not long beside the launch floor.
const NEAR_FLOOR: &str = "near-floor";

/// The mark of a time that was put together from parts of the job.
const IN_PARTS: &str = "in-parts";

/// The name of the section of all named numbers.
pub(super) const NUMBERS: &str = "numbers";

/// Returns the cases of a run and its named numbers as comma-separated values: a row for each case and quantity, times
/// in seconds, speedups over the base that the report names.
pub fn cases_csv(run: &Run) -> String {
    let chapters = chapters(run);
    let numbers = of_run(run).into_iter().map(|named| cases::of_run(run, named));
    let rows: Vec<CaseRow<'_>> = numbers.chain(chapters.iter().flat_map(|chapter| chapter.rows())).collect();
    cases::cases_csv(&rows)
}

/// Returns the named numbers of the whole run.
pub(super) fn of_run(run: &Run) -> Vec<Named> {
    let numbers =
        [("launch floor", run.calibration.launch_floor), ("single launch", run.calibration.empty_launch)].into_iter();
    let launches = numbers.filter_map(|(name, estimate)| Some(Named::new(name, Unit::Seconds, estimate?)));
    // A run with nothing in it has nothing to count, either.
    let counted = [
        Named::plain("length of the run", Unit::Seconds, run.seconds),
        Named::plain("results checked", Unit::Count, header::right_results(run) as f64),
        Named::plain("cases left out", Unit::Count, header::left_out(run) as f64),
    ];
    launches.chain(counted.into_iter().filter(|_| !run.experiments.is_empty())).collect()
}

/// Returns a section with every named number of a run, under the names that `cases.csv` has.
pub(super) fn blocks(run: &Run, chapters: &[Box<dyn Chapter + '_>]) -> Vec<Block> {
    let mut table = Table::new(&["experiment", "number", "about", "value", "95 % interval"]).words(&[0, 1, 2]);
    let mut push = |of: &str, numbers: Vec<Named>| {
        for (index, named) in numbers.into_iter().enumerate() {
            let of = if index == 0 { of } else { "" };
            table.push([of.to_owned(), named.name.clone(), named.about(), named.shown(), named.interval()]);
        }
    };
    push("run", of_run(run));
    for (index, numbers) in chapters.iter().flat_map(|chapter| chapter.numbers()) {
        let measured = &run.experiments[index];
        push(&format!("{}, {}", measured.name, words::workload(measured)), numbers);
    }
    let question = "Which number has which name?".to_owned();
    vec![
        Block::Section { title: NUMBERS.to_owned(), question },
        Block::Table(table),
        Block::text("cases.csv has each of them under the same name, in its column `quantity`."),
    ]
}

/// Returns the rows of an experiment on one workload: its named numbers, then its cases.
pub(super) fn rows<'a, E: Experiment>(
    experiment: &E,
    number: usize,
    view: View<'a, E::Reading>,
) -> impl Iterator<Item = CaseRow<'a>> {
    let place = Place { run: view.run, measured: view.measured, number };
    let numbers = experiment.numbers(view).into_iter().map(move |named| cases::of_experiment(place, named));
    let mut rows: Vec<CaseRow<'a>> = numbers.collect();
    for (number, case) in (1..).zip(&view.measured.cases) {
        let quantities = Quantity::ALL.into_iter().filter_map(|quantity| of_quantity(experiment, view, case, quantity));
        let phases = SERIAL_PHASES.into_iter().filter_map(|phase| {
            let time = Summary::of(case.seconds(phase))?;
            Some(Timed { quantity: phase.name().to_owned(), time, speedup: None, marks: Vec::new() })
        });
        rows.extend(quantities.chain(phases).map(|timed| cases::of_case(place, number, case, timed)));
    }
    rows.into_iter()
}

/// Returns a time of a case beside its base.
fn of_quantity<E: Experiment>(
    experiment: &E,
    View { run, measured, .. }: View<'_, E::Reading>,
    case: &Measurement,
    quantity: Quantity,
) -> Option<Timed> {
    let is_whole = quantity == Quantity::Kernel || case.is_one_job();
    let time = case.summary(quantity).filter(|_| is_whole)?;
    let base = experiment.base(measured, case, quantity);
    let speedup = base.and_then(|base| {
        let number = 1 + measured.cases.iter().position(|other| std::ptr::eq(other, base))?;
        Some((speedup(base, case, quantity)?, number))
    });
    let near_floor = quantity == Quantity::Kernel && is_near_floor(run, measured, case);
    let marks = [(NEAR_FLOOR, near_floor), (IN_PARTS, case.parts > 1)];
    let marks = marks.into_iter().filter_map(|(mark, holds)| holds.then_some(mark)).collect();
    Some(Timed { quantity: quantity.name().replace(' ', "-"), time, speedup, marks })
}
