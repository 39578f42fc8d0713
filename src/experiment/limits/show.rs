//! The limits: rate by size, beside the limit itself.

use super::read::Reading;
use crate::experiment::View;
use crate::experiment::cases::{Timed, kernel_cell, near_floor, share_cell, timed};
use crate::experiment::contest;
use crate::page::block::{Block, Table};
use crate::page::plot::{Axis, Law, Plot, Points, Unit};
use crate::page::words;
use crate::record::{Quantity, Series};
use crate::stats::Estimate;
use crate::units::{self, ABSENT};

pub(super) fn blocks(view: View<'_, Reading>) -> Vec<Block> {
    let mut blocks = vec![Block::Table(table(view))];
    blocks.extend(near_floor(view.run, view.measured));
    blocks.extend(plot(view).map(Block::Plot));
    blocks.push(Block::text(match view.reading.numbers {
        None => COPIES,
        Some("f32") => CHAINS,
        Some(_) => OTHERS,
    }));
    blocks.extend(contest::blocks(view.measured));
    blocks
}

const COPIES: &str = "Moved: bytes read and written. Limit: the fastest copy of that size or a larger one, here or \
    before the run. Every kernel of the run is compared with it.";

const CHAINS: &str = "Limit: the highest rate here or before the run. Every kernel of the run is compared with it.";

const OTHERS: &str = "Limit: the highest rate here. Only kernels with these numbers are compared with it.";

/// The rate of a kernel: bytes or operations per second.
fn rate(reading: &Reading, timed: &Timed<'_>) -> Option<Estimate> {
    let amount = if reading.copies { timed.case.bytes } else { timed.case.flop };
    Estimate::finite(amount / timed.time.median, amount / timed.time.high, amount / timed.time.low)
}

fn table(view: View<'_, Reading>) -> Table {
    let View { run, measured, reading } = view;
    let (amount, in_words): (&str, fn(f64) -> String) = match (reading.copies, reading.whole_numbers()) {
        (true, _) => ("moved", units::bandwidth),
        (false, false) => ("flop", units::flop_rate),
        (false, true) => ("operations", units::operation_rate),
    };
    let mut table = Table::new(&["elements", amount, "kernel", "rate", "of its\nlimit"]);
    for timed in timed(measured, Series::Device, Quantity::Kernel) {
        let case = timed.case;
        table.push([
            units::count(case.problem.n()),
            match amount {
                "moved" => units::bytes(case.bytes),
                "flop" => units::flop(case.flop),
                _ => units::operations(case.flop),
            },
            kernel_cell(run, measured, case, words::seconds(timed.time.estimate())),
            rate(reading, &timed).map_or_else(|| ABSENT.to_owned(), |rate| in_words(rate.value)),
            share_cell(run, measured, case),
        ]);
    }
    table
}

fn plot(View { run, measured, reading }: View<'_, Reading>) -> Option<Plot> {
    let cases = timed(measured, Series::Device, Quantity::Kernel);
    let x = |timed: &Timed<'_>| if reading.copies { timed.case.bytes } else { timed.case.problem.n() as f64 };
    let points = cases.iter().filter_map(|timed| Some((x(timed), rate(reading, timed)?))).collect();
    let limit = |at: f64| if reading.copies { run.memory_limit(at) } else { reading.limit };
    let (x, y) = if reading.copies {
        (Axis::counts("bytes moved"), Axis::of("rate", Unit::Bandwidth))
    } else if reading.whole_numbers() {
        (Axis::counts("elements"), Axis::of("rate", Unit::OperationRate))
    } else {
        (Axis::counts("elements"), Axis::of("rate", Unit::FlopRate))
    };
    let series = vec![Points { name: measured.workload.clone(), points }];
    Plot::of(x, y, series, vec![Law::to_compare("limit", limit)])
}
