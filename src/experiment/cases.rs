//! What is read from the cases themselves, without a law: medians, speedups over a base case, shares of phases.

use crate::law;
use crate::page::block::Block;
use crate::record::{Clock, Measured, Measurement, Phase, Problem, Quantity, Run, Series};
use crate::stats::{self, Estimate, Summary};
use crate::units::{self, ABSENT};

/// The phases of a whole job that no worker shortens.
pub(super) const SERIAL_PHASES: [Phase; 4] = [Phase::SetUp, Phase::Upload, Phase::Launch, Phase::ReadBack];

/// A case counts as fast as the fastest if it takes longer by no more than this share.
const AS_FAST: f64 = 0.03;

/// A case with the median of one of its times, in seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timed<'a> {
    pub(super) case: &'a Measurement,
    pub(super) time: Summary,
}

/// Returns the timed cases of a series, in the order of the record.
pub(super) fn timed(measured: &Measured, series: Series, quantity: Quantity) -> Vec<Timed<'_>> {
    of_series(measured, series).filter_map(|case| Some(Timed { case, time: case.summary(quantity)? })).collect()
}

/// Returns the case of a series on a problem.
pub(super) fn on_problem(measured: &Measured, problem: Problem, series: Series) -> Option<&Measurement> {
    of_series(measured, series).find(|case| case.problem == problem)
}

/// Returns the series in the order of the record, each once, without the device's own.
pub(super) fn all_series(measured: &Measured) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::new();
    for case in &measured.cases {
        if case.series != Series::Device && !all.contains(&case.series) {
            all.push(case.series);
        }
    }
    all
}

/// Returns the cases of a series, in the order of the record.
pub(super) fn of_series(measured: &Measured, series: Series) -> impl Iterator<Item = &Measurement> {
    measured.cases.iter().filter(move |case| case.series == series)
}

/// The times of a case's launches, which are all that an empty kernel has.
pub(super) fn launches(case: &Measurement) -> Option<Summary> {
    Summary::of(case.seconds(Phase::Launch))
}

/// Speedups at a fixed problem size, over the case with the fewest workers.
#[derive(Debug, Clone)]
pub(super) struct Speedups<'a> {
    pub(super) base: Timed<'a>,
    /// Each case with its speedup and the interval of that, ascending by workers; the base is the first.
    pub(super) points: Vec<(Timed<'a>, Estimate)>,
}

impl<'a> Speedups<'a> {
    /// Returns the speedups of an experiment in which the workers vary; `None` if nothing was timed.
    pub(super) fn of(measured: &'a Measured, quantity: Quantity) -> Option<Self> {
        let mut cases = timed(measured, Series::Device, quantity);
        cases.sort_by_key(|timed| measured.workers(timed.case));
        let base = *cases.first()?;
        let points = cases.into_iter().filter_map(|timed| {
            let same = Estimate { value: 1.0, low: 1.0, high: 1.0 };
            let is_base = measured.workers(timed.case) == measured.workers(base.case);
            let speedup = if is_base { Some(same) } else { law::ratio(&base.time, &timed.time) };
            Some((timed, speedup?))
        });
        Some(Self { base, points: points.collect() })
    }

    /// Returns the fewest workers that are enough: those whose time cannot be told from the fastest, or is longer by
    /// next to nothing. So noise does not choose a place on a flat curve, and the speedup is not the luckiest of many.
    pub(super) fn enough(&self) -> Option<&(Timed<'a>, Estimate)> {
        self.plateau().next()
    }

    /// Returns the cases that are as fast as the fastest, ascending by workers.
    pub(super) fn plateau(&self) -> impl Iterator<Item = &(Timed<'a>, Estimate)> {
        let fastest = self.points.iter().map(|(timed, _)| timed.time).min_by(|a, b| a.median.total_cmp(&b.median));
        let as_fast = move |time: Summary| {
            fastest.is_some_and(|fastest| time.low <= fastest.high || time.median <= (1.0 + AS_FAST) * fastest.median)
        };
        self.points.iter().filter(move |(timed, _)| as_fast(timed.time))
    }
}

/// The median of one phase of a case, in seconds.
pub(super) fn phase(case: &Measurement, phase: Phase) -> Option<f64> {
    stats::median(case.seconds(phase))
}

/// The phases of a case that no worker shortens, with their medians in seconds, the longest first.
pub(super) fn serial_phases(case: &Measurement) -> Vec<(Phase, f64)> {
    let mut phases: Vec<(Phase, f64)> =
        SERIAL_PHASES.into_iter().filter_map(|name| Some((name, phase(case, name)?))).collect();
    phases.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    phases
}

/// Returns the launch floor of the kernels of an experiment; `None` if it was not measured, or if their clock leaves it
/// out.
pub(super) fn floor(run: &Run, measured: &Measured) -> Option<Estimate> {
    let leaves_out = |case: &Measurement| case.clock(Phase::Kernel) == Some(Clock::HostLessEmpty);
    run.calibration.launch_floor.filter(|_| !measured.cases.iter().any(leaves_out))
}

/// A kernel of fewer launch floors is marked: the floor is a good part of its time.
pub(super) const FLOORS: f64 = 10.0;

/// The time of a kernel in a table, with a mark if it is not long beside the launch floor.
pub(super) fn kernel_cell(run: &Run, measured: &Measured, case: &Measurement, cell: String) -> String {
    if is_near_floor(run, measured, case) { format!("{cell} *") } else { cell }
}

fn is_near_floor(run: &Run, measured: &Measured, case: &Measurement) -> bool {
    let seconds = phase(case, Phase::Kernel).filter(|_| !case.is_baseline());
    seconds.zip(floor(run, measured)).is_some_and(|(seconds, floor)| seconds < FLOORS * floor.value)
}

/// The share of its limit that a kernel reaches, in a table.
pub(super) fn share_cell(run: &Run, measured: &Measured, case: &Measurement) -> String {
    run.share_of_limit(measured, case).map_or_else(|| ABSENT.to_owned(), units::percent)
}

/// Says what the mark means; nothing if no kernel has it.
pub(super) fn near_floor(run: &Run, measured: &Measured) -> Option<Block> {
    let floor = floor(run, measured)?;
    let marked = measured.cases.iter().filter(|case| is_near_floor(run, measured, case)).count();
    (marked > 0).then(|| {
        Block::text(format!(
            "* This kernel takes less than {FLOORS} launch floors. An empty pass already takes {}, so the time says \
             little about the work.",
            units::seconds(floor.value)
        ))
    })
}

/// Returns the serial share of one case by the phase timers, per repetition with transfers: all but the kernel, and of
/// the kernel the launch floor, in seconds. `None` for the kernel, which has no timers inside it.
pub(super) fn serial_share(case: &Measurement, quantity: Quantity, floor: f64) -> Option<Estimate> {
    if quantity == Quantity::Kernel {
        return None;
    }
    let whole = case.samples(quantity);
    let shares: Vec<f64> = case
        .seconds(Phase::Kernel)
        .iter()
        .step_by(case.step(quantity))
        .zip(&whole)
        .map(|(kernel, whole)| 1.0 - (kernel - floor).max(0.0) / whole)
        .collect();
    Summary::of(&shares).map(|summary| summary.estimate())
}
