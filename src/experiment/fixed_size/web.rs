//! Strong scaling for the script of the page.

use super::read::Reading;
use super::short::stack;
use crate::experiment::View;
use crate::experiment::cases::{Speedups, Timed, phase};
use crate::experiment::web::{Both, Fit, Phases, Row, row};
use crate::page::block::Stack;
use crate::page::words;
use crate::record::{Phase, Quantity};
use crate::units;

/// Returns the measured speedups.
pub(in crate::experiment) fn curves(view: View<'_, Reading>) -> Both<Vec<Row>> {
    let rows = |quantity| {
        let speedups = Speedups::of(view.measured, quantity);
        let points = speedups.into_iter().flat_map(|speedups| speedups.points);
        let row = |(timed, speedup): (Timed<'_>, _)| {
            row(view.measured.workers(timed.case) as f64, speedup, timed.time.estimate())
        };
        points.map(row).collect()
    };
    Both { kernel: rows(Quantity::Kernel), whole_job: rows(Quantity::WholeJob) }
}

/// Returns the fitted laws.
pub(in crate::experiment) fn fits(view: View<'_, Reading>) -> Both<Fit> {
    let fit = |quantity| {
        let base = Speedups::of(view.measured, quantity).map(|speedups| speedups.base.time.median);
        Fit::of(&view.reading.of(quantity).fit, base.unwrap_or(f64::NAN))
    };
    Both { kernel: fit(Quantity::Kernel), whole_job: fit(Quantity::WholeJob) }
}

/// Returns the workers that are enough.
pub(in crate::experiment) fn enough(view: View<'_, Reading>) -> Both<Option<u64>> {
    let of = |quantity| {
        let speedups = Speedups::of(view.measured, quantity)?;
        speedups.enough().map(|(timed, _)| view.measured.workers(timed.case))
    };
    Both { kernel: of(Quantity::Kernel), whole_job: of(Quantity::WholeJob) }
}

/// Returns the parts of the whole job on each number of workers that has a bar.
pub(in crate::experiment) fn phases(view: View<'_, Reading>) -> Vec<Phases> {
    let of = |timed: Timed<'_>| Phases {
        workers: view.measured.workers(timed.case),
        set_up: phase(timed.case, Phase::SetUp),
        upload: phase(timed.case, Phase::Upload),
        launch: phase(timed.case, Phase::Launch),
        kernel: phase(timed.case, Phase::Kernel),
        read_back: phase(timed.case, Phase::ReadBack),
        whole_job: timed.time.median,
    };
    bars(view).into_iter().map(of).collect()
}

/// Returns the whole job as a bar of its parts on each number of workers that has one.
pub(in crate::experiment) fn stacks(view: View<'_, Reading>) -> Vec<Stack> {
    let of = |timed: Timed<'_>| {
        let workers = words::counted(view.measured.workers(timed.case), words::worker(view.run, view.measured));
        stack(&timed, format!("{workers}: {}", units::seconds(timed.time.median)))
    };
    bars(view).into_iter().map(of).collect()
}

/// Returns the whole jobs that have a bar: on the fewest workers, on as many as are enough, on some between, and on the
/// most.
fn bars(view: View<'_, Reading>) -> Vec<Timed<'_>> {
    let Some(whole) = Speedups::of(view.measured, Quantity::WholeJob) else { return Vec::new() };
    let Some(enough) = whole.enough_at() else { return Vec::new() };
    let mut shown = vec![0, enough / 3, enough * 2 / 3, enough, whole.points.len() - 1];
    shown.dedup();
    shown.into_iter().map(|index| whole.points[index].0).collect()
}
