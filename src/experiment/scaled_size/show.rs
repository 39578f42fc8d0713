//! Weak scaling: how much more work fits in the same time.

use super::agree::believed;
use super::read::{Reading, Scaled, ScaledPoint};
use super::say::as_assumed;
use crate::experiment::cases::{kernel_cell, near_floor};
use crate::experiment::{View, waves};
use crate::law::joint::JointFit;
use crate::page::block::{Block, Table};
use crate::page::plot::{Axis, Law, Plot, Points};
use crate::page::words;
use crate::record::{Measured, Measurement, Quantity, Run};
use crate::stats::Summary;
use crate::units::{self, ABSENT};

pub(super) fn blocks(view: View<'_, Reading>) -> Vec<Block> {
    let Reading { kernel, whole_job, waves: found } = view.reading;
    let near_floor = near_floor(view.run, view.measured);
    let mut blocks =
        vec![Block::Table(table(view.run, view.measured, view.reading)), Block::text(explained(&whole_job.points))];
    blocks.extend(near_floor);
    blocks.extend(found.as_ref().map(|_| Block::text(waves::EXPLAINED)));
    blocks.extend(plot(view).map(Block::Plot));
    let fits = [(Quantity::Kernel, kernel), (Quantity::WholeJob, whole_job)];
    blocks.push(Block::laws(
        "Weak scaling, one law for size n and p workers: T = fixed + (serial + shared/p) n + cost p",
        fits.map(|(quantity, scaled)| joint_words(view, quantity, &scaled.joint)).into(),
    ));
    blocks
}

/// Explains the columns, and how far the assumption of the law holds here.
fn explained(points: &[ScaledPoint]) -> String {
    let law = match as_assumed(points) {
        Some(point) => {
            let upto = units::count(point.workers);
            format!("It assumes that the kernel's time stays the same, as here up to {upto} workers.")
        }
        None => "It assumes that the kernel's time stays the same, which it does nowhere here.".to_owned(),
    };
    format!(
        "On 1, on p: the same grown job on one worker and on all p. s is the share of the time outside the kernel, \
         launch floor included, measured. Gustafson's law turns it into p − s(p − 1). {law} Measured: the whole job on \
         one worker over that on p. Work done: how many one-worker jobs p workers finish in the time that one worker \
         needs for one."
    )
}

/// The times of one grown problem.
struct Grown<'a> {
    point: &'a ScaledPoint,
    alone: Option<Summary>,
    together: Option<Summary>,
    case: Option<&'a Measurement>,
}

fn grown<'a>(measured: &'a Measured, scaled: &'a Scaled, quantity: Quantity) -> Vec<Grown<'a>> {
    let case = |n: u64, workers: u64| {
        let same = |case: &&Measurement| case.problem.n() == n && measured.workers(case) == workers;
        measured.cases.iter().find(same)
    };
    let time = |n: u64, workers: u64| case(n, workers)?.summary(quantity);
    let grown = |point: &'a ScaledPoint| Grown {
        point,
        alone: time(point.n, 1),
        together: time(point.n, point.workers),
        case: case(point.n, point.workers),
    };
    scaled.points.iter().map(grown).collect()
}

fn table(run: &Run, measured: &Measured, reading: &Reading) -> Table {
    let heads = [
        "workers",
        "elements",
        "kernel\non 1",
        "kernel\non p",
        "speed-\nup",
        "whole job\non p",
        "serial\nshare s",
        "Gustaf-\nson",
        "meas-\nured",
        "work\ndone",
        "waves",
    ];
    let mut table = Table::new(&heads);
    let waves = reading.waves.as_ref();
    let whole = grown(measured, &reading.whole_job, Quantity::WholeJob);
    for kernel in grown(measured, &reading.kernel, Quantity::Kernel) {
        let whole = whole.iter().find(|whole| whole.point.workers == kernel.point.workers);
        let [kernel_alone, kernel_together, kernel_speedup] = times(Some(&kernel));
        let [_, whole_together, measured_whole] = times(whole);
        let share = whole.and_then(|whole| whole.point.serial_share);
        let gustafson = whole.and_then(|whole| whole.point.gustafson);
        table.push([
            units::count(kernel.point.workers),
            units::count(kernel.point.n),
            kernel_alone,
            kernel.case.map_or(ABSENT.to_owned(), |case| kernel_cell(run, measured, case, kernel_together)),
            interval(kernel.point).unwrap_or(kernel_speedup),
            whole_together,
            share.map_or(ABSENT.to_owned(), |share| units::percent(share.value)),
            gustafson.map_or(ABSENT.to_owned(), units::ratio),
            measured_whole,
            whole.and_then(|whole| whole.point.work()).map_or(ABSENT.to_owned(), |work| units::ratio(work.value)),
            waves.map_or(ABSENT.to_owned(), |waves| units::count(kernel.point.workers.div_ceil(waves.slots))),
        ]);
    }
    table.without_empty_columns()
}

/// The measured speedup with its interval; one worker is compared with itself, which has none.
fn interval(point: &ScaledPoint) -> Option<String> {
    point.measured.filter(|_| point.workers > 1).map(words::ratio)
}

fn times(grown: Option<&Grown<'_>>) -> [String; 3] {
    let time = |summary: Option<Summary>| summary.map_or(ABSENT.to_owned(), |summary| units::seconds(summary.median));
    let Some(grown) = grown else {
        return std::array::from_fn(|_| ABSENT.to_owned());
    };
    let speedup = grown.point.measured.map_or(ABSENT.to_owned(), |speedup| units::ratio(speedup.value));
    [time(grown.alone), time(grown.together), speedup]
}

fn plot(View { run, measured, reading }: View<'_, Reading>) -> Option<Plot> {
    let speedups = |scaled: &Scaled| {
        let points = scaled.points.iter();
        points.filter_map(|point| Some((point.workers as f64, point.measured?))).collect()
    };
    let gustafson = reading.whole_job.points.iter().filter_map(|point| Some((point.workers as f64, point.by_law()?)));
    let series = |name: &str, points| Points { name: name.to_owned(), points };
    Plot::of(
        Axis::counts(&format!("{}s", words::worker(run, measured))),
        Axis::counts("speedup"),
        vec![
            series("kernel, measured", speedups(&reading.kernel)),
            series("whole job, measured", speedups(&reading.whole_job)),
            series("whole job, Gustafson from the timers", gustafson.collect()),
        ],
        vec![Law::to_compare("ideal", Some)],
    )
}

fn joint_words(view: View<'_, Reading>, quantity: Quantity, joint: &JointFit) -> String {
    let full = |knee: f64| {
        let other = believed(view, knee).map_or(String::new(), |other| format!(" ({other})"));
        format!("hardware full at {} workers{other}", words::whole(knee))
    };
    let parts: Vec<String> = [
        ("fixed", joint.law.map(|law| law.fixed_seconds), ""),
        ("serial", joint.law.map(|law| law.serial_seconds_per_size), " for each element"),
        ("shared", joint.law.map(|law| law.parallel_seconds_per_size), " for each element"),
        ("cost", joint.law.map(|law| law.seconds_per_worker), " for each extra worker"),
    ]
    .into_iter()
    .filter_map(|(name, estimate, each)| Some(format!("{name} {}{each}", words::cost(estimate?))))
    .chain(joint.law.and_then(|law| law.knee).filter(|_| quantity == Quantity::Kernel).map(full))
    .collect();
    let parts = if parts.is_empty() { "no values".to_owned() } else { parts.join("; ") };
    format!("{}: {parts}. Verdict {}: {}.", quantity.name(), joint.verdict, joint.reason)
}
