//! The roofline: rates over flop per byte, both limits, and the workloads on either side of the ridge.

use super::read::{PlacedWorkload, Reading};
use super::say;
use crate::experiment::View;
use crate::experiment::cases::{job, kernel_cell, near_floor, timed};
use crate::law::roofline::Bound;
use crate::page::block::{Block, Table};
use crate::page::plot::{Axis, Law, Plot, Points, Unit};
use crate::page::words;
use crate::record::{DeviceKind, Measured, Measurement, Problem, Quantity, Series};
use crate::stats::{Estimate, Summary};
use crate::units::{self, ABSENT};

pub(super) fn blocks(view: View<'_, Reading>) -> Vec<Block> {
    let View { run, measured, reading } = view;
    let mut blocks = vec![Block::Table(table(view))];
    blocks.extend(near_floor(run, measured));
    blocks.extend(plot(measured, reading).map(Block::Plot));
    if run.device.kind == DeviceKind::Software && reading.limits.is_none() {
        blocks.push(Block::text(
            "On a CPU that acts as a GPU the limit on the left is its own instructions: it reads and writes elements \
             one by one.",
        ));
    }
    let lead = "The roofline, rate = min(compute limit, memory limit x flop per byte)";
    blocks.push(Block::laws(lead, vec![law_in_words(reading)]));
    if reading.roofline().is_some() {
        blocks.push(Block::Table(sides(&reading.workloads)));
        blocks.push(Block::text(
            "Flop per byte: each input read once, each output written once. A kernel that reads twice has fewer.",
        ));
    }
    blocks
}

fn intensity(case: &Measurement) -> f64 {
    case.flop / case.bytes
}

/// The arithmetic rate of a case, in flop per second.
fn rate(case: &Measurement, time: Summary) -> Option<Estimate> {
    (time.low > 0.0).then(|| Estimate {
        value: case.flop / time.median,
        low: case.flop / time.high,
        high: case.flop / time.low,
    })
}

fn table(View { run, measured, reading }: View<'_, Reading>) -> Table {
    let heads = ["multiply-adds\nper element", "flop\nper byte", "kernel", "moved", "computed", "of its\nlimit"];
    let mut table = Table::new(&heads);
    let roofs = reading.roofline();
    for timed in timed(measured, Series::Device, Quantity::Kernel) {
        let (case, seconds) = (timed.case, timed.time.median);
        let flops = rate(case, timed.time).map(|rate| rate.value);
        let share = roofs.zip(flops).and_then(|(roofs, flops)| roofs.share(flops, intensity(case)));
        let absent = || ABSENT.to_owned();
        let k = match case.problem {
            Problem::Chain { k, .. } => units::count(k),
            _ => absent(),
        };
        table.push([
            k,
            units::ratio(intensity(case)),
            kernel_cell(run, measured, case, words::seconds(timed.time.estimate())),
            if seconds > 0.0 { units::bandwidth(case.bytes / seconds) } else { absent() },
            flops.map_or_else(absent, units::flop_rate),
            share.map_or_else(absent, units::percent),
        ]);
    }
    table.without_empty_columns()
}

fn plot(measured: &Measured, reading: &Reading) -> Option<Plot> {
    let fit = &reading.fit;
    let cases = timed(measured, Series::Device, Quantity::Kernel);
    let points = cases.iter().filter_map(|timed| Some((intensity(timed.case), rate(timed.case, timed.time)?)));
    let series = vec![Points { name: "kernel".to_owned(), points: points.collect() }];
    let mut curves: Vec<Law<'_>> = Vec::new();
    if fit.roofline().is_some() {
        curves.push(Law::of_series(0, "law", fit.from.zip(fit.to), |intensity| fit.rate(intensity)));
    }
    if let Some(roofs) = reading.roofline() {
        curves.push(Law::to_compare("limits", move |intensity| Some(roofs.attainable(intensity))));
    }
    let plot = Plot::of(Axis::counts("flop per byte"), Axis::of("rate", Unit::FlopRate), series, curves)?;
    Some(match reading.roofline() {
        Some(roofs) => plot.up_to(roofs.peak_flops),
        None => plot,
    })
}

/// The law that these kernels follow. Its own rates are told only if the run has no limits: a report has one pair.
fn law_in_words(Reading { fit, limits, .. }: &Reading) -> String {
    let mut sentences = Vec::new();
    let own = limits.is_none();
    sentences.extend(say::memory(fit).filter(|_| own).map(|rate| format!("highest memory rate {rate}")));
    sentences.extend(say::compute(fit).filter(|_| own).map(|rate| format!("highest compute rate {rate}")));
    sentences.extend(fit.ridge().map(|ridge| {
        let bend = match fit.bend() {
            None => "moving and computing overlap".to_owned(),
            Some(1.0) => "moving and computing happen one after the other".to_owned(),
            Some(bend) => format!("moving and computing overlap in part (bend {bend})"),
        };
        if own { format!("they meet at {} flop per byte; {bend}", words::ratio(ridge)) } else { bend }
    }));
    sentences.push(format!("verdict {}: {}", fit.verdict, fit.reason));
    sentences.iter().map(|text| words::sentence(text)).collect::<Vec<_>>().join(" ")
}

/// The other workloads by their intensity.
fn sides(workloads: &[PlacedWorkload]) -> Table {
    let mut table = Table::new(&["workload", "job", "flop\nper byte", "limited by", "at most"]).words(&[0, 1, 3]);
    let mut sorted: Vec<&PlacedWorkload> = workloads.iter().collect();
    sorted.sort_by(|one, other| one.flop_per_byte.total_cmp(&other.flop_per_byte));
    for placed in sorted {
        table.push([
            placed.workload.to_owned(),
            job(placed.problem),
            units::ratio(placed.flop_per_byte),
            match placed.bound {
                Some(Bound::Memory) => "memory",
                Some(Bound::Compute) => "arithmetic",
                None => "both",
            }
            .to_owned(),
            placed.at_most.map_or(ABSENT.to_owned(), units::flop_rate),
        ]);
    }
    table
}
