//! Every case against the baselines on the same problem, read from the samples.

use serde::Serialize;

use crate::law;
use crate::page::named::{Named, Unit};
use crate::record::{Baseline, Measured, Measurement, Problem, Quantity, Series};
use crate::stats::{Estimate, Summary};

/// A baseline, or the device, against the baselines on one problem.
#[derive(Serialize)]
pub(in crate::experiment) struct Gain {
    /// The problem.
    pub(super) problem: Problem,
    /// The baseline, or the device.
    pub(super) series: Series,
    /// The kernel alone, or the whole job from inputs that stand in the host's memory.
    pub(super) quantity: Quantity,
    /// Its time in seconds.
    pub(super) seconds: Estimate,
    /// How many times faster it is than the scalar loop; `None` if that was not timed, for a reason that stands among
    /// the skipped cases.
    pub(super) over_scalar: Option<Estimate>,
    /// How many times faster it is than the fastest of the baselines; `None` if none was timed.
    pub(super) over_best_cpu: Option<Estimate>,
}

/// Reads the kernel and the whole job of each case against the scalar loop and against the fastest baseline.
pub(super) fn read(measured: &Measured) -> Vec<Gain> {
    let both = [Quantity::Kernel, Quantity::WholeJob];
    measured.cases.iter().flat_map(|case| both.map(|quantity| gain(measured, case, quantity))).flatten().collect()
}

fn gain(measured: &Measured, case: &Measurement, quantity: Quantity) -> Option<Gain> {
    let seconds = summary(case, quantity)?;
    let baselines = measured.cases.iter().filter(|other| other.problem == case.problem && other.is_baseline());
    let timed: Vec<(Series, Summary)> =
        baselines.filter_map(|other| Some((other.series, summary(other, quantity)?))).collect();
    let scalar = timed.iter().find(|(series, _)| *series == Series::Baseline(Baseline::Scalar));
    let best = timed.iter().min_by(|(_, one), (_, other)| one.median.total_cmp(&other.median));
    Some(Gain {
        problem: case.problem,
        series: case.series,
        quantity,
        seconds: seconds.estimate(),
        over_scalar: scalar.and_then(|(_, scalar)| law::ratio(scalar, &seconds)),
        over_best_cpu: best.and_then(|(_, best)| law::ratio(best, &seconds)),
    })
}

fn summary(case: &Measurement, quantity: Quantity) -> Option<Summary> {
    match quantity {
        Quantity::Kernel => case.summary(Quantity::Kernel),
        _ => case.summary(Quantity::FromMemory),
    }
}

/// Returns who is fastest with the whole job of each problem, and how many times faster the device is than the CPU's
/// best, with its kernel alone and with the whole job.
pub(super) fn numbers(reading: &[Gain]) -> Vec<Named> {
    let mut numbers = Vec::new();
    for (index, gain) in reading.iter().enumerate().filter(|(_, gain)| gain.series == Series::Device) {
        let named = |quantity: &str, ratio| {
            Named::new(&format!("{quantity} speedup over the CPU's best"), Unit::Times, ratio).at(gain.problem.n())
        };
        let quantity = if gain.quantity == Quantity::Kernel { "kernel" } else { WHOLE };
        numbers.extend(gain.over_best_cpu.map(|ratio| named(quantity, ratio)));
        let is_new =
            reading[..index].iter().all(|before| before.problem != gain.problem || before.series != gain.series);
        let whole = gains(reading, gain.problem, Quantity::WholeJob).into_iter();
        let fastest = whole.min_by(|one, other| one.seconds.value.total_cmp(&other.seconds.value)).filter(|_| is_new);
        numbers.extend(fastest.map(|fastest| {
            Named::new(&format!("fastest {WHOLE}"), Unit::Seconds, fastest.seconds)
                .of(fastest.series)
                .at(gain.problem.n())
        }));
    }
    numbers
}

/// The whole job of a problem, as `cases.csv` names it.
const WHOLE: &str = "whole-job-from-memory";

/// Returns the problems in the order of the record, each once.
pub(super) fn problems(measured: &Measured) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for case in &measured.cases {
        if !problems.contains(&case.problem) {
            problems.push(case.problem);
        }
    }
    problems
}

/// Returns the gains on a problem, in the order of the record.
pub(super) fn gains(reading: &[Gain], problem: Problem, quantity: Quantity) -> Vec<&Gain> {
    reading.iter().filter(|gain| gain.problem == problem && gain.quantity == quantity).collect()
}
