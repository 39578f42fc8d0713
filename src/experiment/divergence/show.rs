//! Branches inside a subgroup: time over their number, scattered and sorted.

use super::read::Reading;
use crate::experiment::View;
use crate::experiment::cases::{Timed, kernel_cell, near_floor, timed};
use crate::law;
use crate::law::divergence::met;
use crate::page::block::{Block, Table};
use crate::page::plot::{Axis, Law, Plot, Points};
use crate::page::words;
use crate::record::{Measured, Measurement, Order, Problem, Quantity, Series};
use crate::stats::Estimate;
use crate::units::{self, ABSENT};

pub(super) fn blocks(view: View<'_, Option<Reading>>) -> Vec<Block> {
    let (measured, reading) = (view.measured, view.reading.as_ref());
    let mut blocks = vec![Block::Table(table(view)), Block::text(EXPLAINED)];
    blocks.extend(near_floor(view.run, measured));
    blocks.extend(plot(measured, reading).map(Block::Plot));
    blocks.push(Block::laws(
        "The law T = T(1) + c C (branches in one subgroup - 1) + a T(1) (branches - 1), C the time of one branch",
        reading.map(law_in_words).into_iter().collect(),
    ));
    blocks
}

const EXPLAINED: &str = "Every worker does the same work; only the branch that it takes differs. Lanes of a subgroup \
    share their instructions, so branches that meet in one run one after the other. Scattered: neighbours take \
    different branches. Sorted: runs of neighbours take the same. One branch with twice the multiply-adds shows what a \
    branch takes without the launch.";

fn branches(case: &Measurement) -> u64 {
    match case.problem {
        Problem::Branches { branches, .. } => branches,
        _ => 1,
    }
}

/// Multiply-adds of each branch.
fn chain(case: &Measurement) -> u64 {
    match case.problem {
        Problem::Branches { k, .. } => k,
        _ => 1,
    }
}

/// Neighbours that take the same branch.
fn run(case: &Measurement) -> u64 {
    match case.problem {
        Problem::Branches { run, .. } => run,
        _ => 1,
    }
}

/// Time over that of one branch.
fn factor(one: Option<&Timed<'_>>, timed: &Timed<'_>) -> Option<Estimate> {
    let one = one?;
    if std::ptr::eq(one.case, timed.case) {
        return Some(Estimate { value: 1.0, low: 1.0, high: 1.0 });
    }
    law::ratio(&timed.time, &one.time)
}

fn table(view: View<'_, Option<Reading>>) -> Table {
    let (measured, reading) = (view.measured, view.reading.as_ref());
    let heads = ["order", "run", "branches", "in one\nsubgroup", "multiply-\nadds", "kernel", "time over\none branch"];
    let mut table = Table::new(&heads).words(&[0]);
    let lanes = reading.map(|found| found.lanes as f64);
    let scattered = timed(measured, Series::Order(Order::Scattered), Quantity::Kernel);
    let one = scattered.iter().find(|timed| branches(timed.case) == 1);
    for order in Order::ALL {
        for timed in timed(measured, Series::Order(order), Quantity::Kernel) {
            let paths = branches(timed.case);
            let together = lanes.map(|lanes| met(paths as f64, run(timed.case) as f64, lanes));
            table.push([
                order.name().to_owned(),
                units::count(run(timed.case)),
                units::count(paths),
                together.map_or_else(|| ABSENT.to_owned(), words::whole),
                units::count(chain(timed.case)),
                kernel_cell(view.run, measured, timed.case, words::seconds(timed.time.estimate())),
                factor(one, &timed).map_or_else(|| ABSENT.to_owned(), words::ratio),
            ]);
        }
    }
    table
}

fn plot(measured: &Measured, reading: Option<&Reading>) -> Option<Plot> {
    let longest = measured.cases.iter().map(run).max();
    let shortest = measured.cases.iter().map(chain).min();
    let points = |order: Order| {
        // Shorter runs are sorted for smaller subgroups, and are in the table only.
        let drawn = |timed: &Timed<'_>| {
            (run(timed.case) == 1 || Some(run(timed.case)) == longest) && Some(chain(timed.case)) == shortest
        };
        let cases = timed(measured, Series::Order(order), Quantity::Kernel).into_iter().filter(drawn);
        cases.map(|timed| (branches(timed.case) as f64, timed.time.estimate())).collect()
    };
    let series = Order::ALL.map(|order| Points { name: order.name().to_owned(), points: points(order) }).into();
    let found = reading.filter(|found| found.fit.verdict.is_accepted());
    let most = measured.cases.iter().map(branches).max().unwrap_or(1) as f64;
    let curves = found.into_iter().flat_map(|found| {
        let lanes = found.lanes as f64;
        let scattered = move |paths| found.fit.seconds(paths, met(paths, 1.0, lanes));
        [
            Law::of_series(0, "law", Some((1.0, most)), scattered),
            Law::of_series(1, "", Some((1.0, most)), |paths| found.fit.seconds(paths, 1.0)),
        ]
    });
    let curves = curves.collect();
    Plot::of(Axis::counts("paths"), Axis::seconds("time"), series, curves)
}

fn law_in_words(Reading { fit, .. }: &Reading) -> String {
    let share = |name: &str, estimate: Option<Estimate>| Some(format!("{name} = {}, ", words::percent(estimate?)));
    let values = [share("c", fit.per_path()), share("a", fit.per_condition())];
    let values: String = values.into_iter().flatten().filter(|_| fit.verdict.is_accepted()).collect();
    words::sentence(&format!("{values}verdict {}: {}", fit.verdict, fit.reason))
}
