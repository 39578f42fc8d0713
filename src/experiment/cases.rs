//! What is read from the cases themselves, without a law: medians, speedups over a base case, shares of phases.

use crate::law;
use crate::page::block::Block;
use crate::page::words;
use crate::record::{Clock, Measured, Measurement, Phase, Problem, Quantity, Run, Series};
use crate::stats::{self, Estimate, Summary};
use crate::units::{self, ABSENT};

/// The phases of a whole job that more workers cannot shorten.
pub(super) const SERIAL_PHASES: [Phase; 4] = [Phase::SetUp, Phase::Upload, Phase::Launch, Phase::ReadBack];

/// A case counts as fast as the best if it takes longer by at most this share.
const AS_FAST: f64 = 0.03;

/// A case that cannot be told from the fastest, because its times scatter, counts as fast only if its median is longer
/// by no more than this share: else the noisiest run would have the smallest headline.
const SCATTERED: f64 = 0.1;

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

/// Returns the times of a case's launches; an empty kernel has no others.
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

    /// Returns the time and the speedup of a case; `None` if it has none.
    pub(super) fn of_case(&self, case: &Measurement) -> Option<&(Timed<'a>, Estimate)> {
        self.points.iter().find(|(timed, _)| std::ptr::eq(timed.case, case))
    }

    /// Returns the smallest number of workers that is as fast as the best within the noise. So noise does not choose a
    /// place on a flat curve, and the speedup is not the luckiest of many.
    pub(super) fn enough(&self) -> Option<&(Timed<'a>, Estimate)> {
        self.plateau().next()
    }

    /// Returns the place of that number among the points.
    pub(super) fn enough_at(&self) -> Option<usize> {
        let (enough, _) = self.enough()?;
        self.points.iter().position(|(timed, _)| std::ptr::eq(timed.case, enough.case))
    }

    /// Returns the cases that are as fast as the fastest, ascending by workers.
    pub(super) fn plateau(&self) -> impl Iterator<Item = &(Timed<'a>, Estimate)> {
        let fastest = self.points.iter().map(|(timed, _)| timed.time).min_by(|a, b| a.median.total_cmp(&b.median));
        self.points.iter().filter(move |(timed, _)| fastest.is_some_and(|fastest| is_as_fast(fastest, timed.time)))
    }
}

/// Whether a time is as short as the shortest within the noise.
pub(super) fn is_as_fast(fastest: Summary, time: Summary) -> bool {
    let share = if time.low <= fastest.high { SCATTERED } else { AS_FAST };
    time.median <= (1.0 + share) * fastest.median
}

/// Returns how many times faster a case is than its base, which is as fast as itself.
pub(super) fn speedup(base: &Measurement, case: &Measurement, quantity: Quantity) -> Option<Estimate> {
    if std::ptr::eq(base, case) {
        return Some(Estimate { value: 1.0, low: 1.0, high: 1.0 });
    }
    law::ratio(&base.summary(quantity)?, &case.summary(quantity)?)
}

/// Returns the first fastest of some cases.
pub(super) fn fastest<'a>(cases: impl Iterator<Item = &'a Measurement>, quantity: Quantity) -> Option<&'a Measurement> {
    let timed = cases.filter_map(|case| Some((case, case.summary(quantity)?.median)));
    timed.min_by(|(_, one), (_, other)| one.total_cmp(other)).map(|(case, _)| case)
}

/// Returns the median of one phase of a case, in seconds.
pub(super) fn phase(case: &Measurement, phase: Phase) -> Option<f64> {
    stats::median(case.seconds(phase))
}

/// Returns the phases of a case that more workers cannot shorten, with their medians in seconds, the longest first.
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

/// Launch floors below which a kernel is marked: the floor is a good part of its time.
pub(super) const FLOORS: f64 = 10.0;

/// Writes the time of a kernel in a table, with a mark if it is not long beside the launch floor.
pub(super) fn kernel_cell(run: &Run, measured: &Measured, case: &Measurement, cell: String) -> String {
    if is_near_floor(run, measured, case) { format!("{cell} *") } else { cell }
}

/// Whether a kernel is not long beside the launch floor.
pub(super) fn is_near_floor(run: &Run, measured: &Measured, case: &Measurement) -> bool {
    let seconds = phase(case, Phase::Kernel).filter(|_| !case.is_baseline());
    seconds.zip(floor(run, measured)).is_some_and(|(seconds, floor)| seconds < FLOORS * floor.value)
}

/// Writes the share of its limit that a kernel reaches, in a table.
pub(super) fn share_cell(run: &Run, measured: &Measured, case: &Measurement) -> String {
    run.share_of_limit(measured, case).map_or_else(|| ABSENT.to_owned(), units::percent)
}

/// Says what the job of an experiment is: `8,192 elements, 512 multiply-adds each`.
pub(super) fn job(problem: Problem) -> String {
    let amount = words::amount(problem);
    match problem {
        Problem::Chain { k, .. } => format!("{amount}, {} each", words::counted(k, "multiply-add")),
        _ => amount,
    }
}

/// Says what stays the same in an experiment and what changes.
pub(super) fn same_job(measured: &Measured, changes: &str) -> String {
    let job = measured.cases.first().map_or_else(String::new, |case| format!(" ({})", job(case.problem)));
    format!("The job stays the same{job}; only {changes}.")
}

/// Says what a worker is on the device; nothing where a worker is no more than that.
pub(super) fn a_worker_is(run: &Run, measured: &Measured) -> String {
    match words::worker(run, measured) {
        "worker" => String::new(),
        name => format!(" A worker is one {name}."),
    }
}

/// Writes a number of workers: `16 workers`.
pub(super) fn workers(count: u64) -> String {
    words::counted(count, "worker")
}

/// Explains the mark at kernels near the launch floor; nothing if no kernel has it.
pub(super) fn near_floor(run: &Run, measured: &Measured) -> Option<Block> {
    let floor = floor(run, measured)?;
    let marked = measured.cases.iter().filter(|case| is_near_floor(run, measured, case)).count();
    (marked > 0).then(|| {
        Block::text(format!(
            "* Under {FLOORS} launch floors of {}: part of this time is the launch, not the work.",
            units::seconds(floor.value)
        ))
    })
}

/// Returns the share of one case outside the kernel by the phase timers, the launch floor included, per repetition with
/// transfers. `None` for the kernel, which has no timers inside it.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture;
    use crate::record::{Case, Timing};

    /// Times that scatter by half: 8 workers take 4 ms, 16 and more take 2 ms, and the intervals meet.
    #[test]
    fn scattered_times_do_not_make_the_headline_smaller() {
        let case = |workers: u64, seconds: f64| {
            let scattered = (0..20).map(|index| seconds * if index % 2 == 0 { 0.5 } else { 1.5 }).collect();
            let mut phases = fixture::phases(seconds, 1e-4, 3e-5, 1e-4, workers);
            phases.insert(Phase::Kernel, Timing::Samples { clock: Clock::Gpu, seconds: scattered });
            fixture::case(Case::new(Problem::Vector { n: 1 << 16 }, workers, 1), phases)
        };
        let cases = [(1, 32e-3), (8, 4e-3), (16, 2.1e-3), (32, 2e-3), (64, 2.05e-3)].map(|(p, s)| case(p, s));
        let measured = fixture::measured("fixed-size", "fma", cases.into());
        let (enough, _) = *Speedups::of(&measured, Quantity::Kernel).unwrap().enough().unwrap();
        assert_eq!(enough.case.workers, 16);
    }
}
