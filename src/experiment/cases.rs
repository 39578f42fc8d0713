//! What is read from the cases themselves, without a law: medians, speedups over a base case, shares of phases.

use crate::law;
use crate::record::{Measured, Measurement, Phase, Problem, Quantity, Series};
use crate::stats::{self, Estimate, Summary};

/// The phases of a whole job that no worker shortens.
pub(super) const SERIAL_PHASES: [Phase; 4] = [Phase::SetUp, Phase::Upload, Phase::Launch, Phase::ReadBack];

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

    /// The case with the most workers where it cannot be told from the fastest, so that noise does not choose a place
    /// on a flat curve; the fastest case elsewhere.
    pub(super) fn best(&self) -> Option<&(Timed<'a>, Estimate)> {
        let (fastest, _) = self.points.iter().max_by(|(_, one), (_, other)| one.value.total_cmp(&other.value))?;
        let most = self.points.last().filter(|(timed, _)| timed.time.low <= fastest.time.high);
        most.or_else(|| self.points.iter().find(|(timed, _)| std::ptr::eq(timed.case, fastest.case)))
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

/// Returns the serial share of one case by the phase timers, per repetition: all but the kernel. `None` for the kernel,
/// which has no timers inside it.
pub(super) fn serial_share(case: &Measurement, quantity: Quantity) -> Option<Estimate> {
    if quantity == Quantity::Kernel {
        return None;
    }
    let whole = case.samples(quantity);
    let shares: Vec<f64> =
        case.seconds(Phase::Kernel).iter().zip(&whole).map(|(kernel, whole)| 1.0 - kernel / whole).collect();
    Summary::of(&shares).map(|summary| summary.estimate())
}
