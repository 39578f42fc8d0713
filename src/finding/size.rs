//! What a problem-size experiment shows: from which size the device pays.

use super::series::timed;
use crate::law::Crossover;
use crate::page::words;
use crate::record::{DeviceKind, Experiment, Fit, Problem, Quantity, Run, WorkUnit};
use crate::stats::Estimate;
use crate::units;

/// The crossover against the CPU's best, and the rate of the device.
pub(super) fn sentences(run: &Run, experiment: &Experiment) -> Vec<String> {
    let name = words::workload(experiment);
    let crossover = crossover(run, experiment).map(|text| words::stopped(&format!("{name}: {text}")));
    crossover.into_iter().chain(rate(experiment)).collect()
}

/// From which size the device is faster than the CPU at its best, transfers included: the strictest of the answers
/// against each CPU rung.
pub(super) fn crossover(run: &Run, experiment: &Experiment) -> Option<String> {
    let answers = experiment.fits.iter().filter_map(|fit| match fit {
        Fit::Crossover { against, crossover } => Some((against, crossover)),
        _ => None,
    });
    let (against, answer) = answers.max_by(|(_, one), (_, other)| strictness(one).total_cmp(&strictness(other)))?;
    let rung = words::cpu_rung(run, against);
    let device = match run.device.kind {
        DeviceKind::Cpu => "this CPU with all its threads".to_owned(),
        kind => format!("{}, transfers included,", words::device(kind)),
    };
    let shape = timed(experiment, None, Quantity::RoundTrip).first().map(|timed| timed.case.problem);
    let sized = |size: f64| of_size(shape, size);
    Some(match answer {
        Crossover::From { size, .. } => {
            let interval = if size.low < size.high {
                format!(" (somewhere in {}–{})", units::count(size.low as u64), units::count(size.high as u64))
            } else {
                String::new()
            };
            format!(
                "{device} beats {rung} from {}{interval} on: below that, {rung} {} faster",
                sized(size.value),
                if rung.ends_with('s') { "are" } else { "is" }
            )
        }
        Crossover::WinsEverywhere { from } => {
            format!("{device} beats {rung} at every size tried, from {} on", sized(*from))
        }
        Crossover::NeverWins { up_to } => {
            format!("{device} never beats {rung}, up to the {} tried", sized(*up_to))
        }
        Crossover::Undecided { up_to } => {
            format!("at {}, the largest size tried, {device} and {rung} cannot be told apart", sized(*up_to))
        }
        Crossover::NothingToCompare => {
            format!("no size was run both by {device} and by {rung}, so no crossover can be read")
        }
    })
}

/// The crossovers of many workloads in two sentences: where the device wins from some size on, and where it never does.
pub(super) fn digest(run: &Run, experiments: &[&Experiment]) -> Vec<String> {
    let (mut wins, mut never) = (Vec::new(), Vec::new());
    for experiment in experiments {
        let answers = experiment.fits.iter().filter_map(|fit| match fit {
            Fit::Crossover { crossover, .. } => Some(crossover),
            _ => None,
        });
        let strictest = answers.max_by(|one, other| strictness(one).total_cmp(&strictness(other)));
        let shape = timed(experiment, None, Quantity::RoundTrip).first().map(|timed| timed.case.problem);
        let name = words::workload(experiment);
        match strictest {
            Some(Crossover::From { size, .. }) => wins.push(format!("{name} (from {})", of_size(shape, size.value))),
            Some(Crossover::WinsEverywhere { .. }) => wins.push(format!("{name} (at every size tried)")),
            Some(Crossover::NeverWins { .. }) => never.push(name),
            _ => {}
        }
    }
    let device = match run.device.kind {
        DeviceKind::Cpu => "this CPU with all its threads".to_owned(),
        kind => format!("{}, transfers included,", words::device(kind)),
    };
    let said = |names: &[String], verb: &str| {
        let sentence = format!("{device} {verb} the CPU at its best for {}", names.join(", "));
        (!names.is_empty()).then(|| words::sentence(&sentence))
    };
    [said(&wins, "beats"), said(&never, "at the sizes tried never beats")].into_iter().flatten().collect()
}

/// How late the device wins: an order of the answers.
fn strictness(answer: &Crossover) -> f64 {
    match answer {
        Crossover::NothingToCompare => -1.0,
        Crossover::WinsEverywhere { .. } => 0.0,
        Crossover::From { size, .. } => size.value,
        Crossover::Undecided { .. } => f64::MAX / 2.0,
        Crossover::NeverWins { .. } => f64::MAX,
    }
}

/// A size in words: `65,536 elements`, `128 x 128 matrices`.
fn of_size(shape: Option<Problem>, size: f64) -> String {
    let size = units::count(size as u64);
    match shape {
        Some(Problem::Matrix { m, k, n }) if m == k && k == n => format!("{size} x {size} matrices"),
        Some(Problem::Matrix { .. } | Problem::Batch { .. }) => format!("{size} rows"),
        _ => format!("{size} elements"),
    }
}

/// The rate that the device reaches, with the size at half of it.
fn rate(experiment: &Experiment) -> Option<String> {
    experiment.fits.iter().find_map(|fit| match fit {
        Fit::Size { quantity: Quantity::RoundTrip, rung: None, fit, unit } => {
            let (rate, latency, half) = (fit.rate()?, fit.latency()?, fit.half_size()?);
            let half = match unit {
                WorkUnit::Bytes => units::bytes(half.value),
                WorkUnit::Flop => units::flop(half.value),
            };
            Some(format!(
                "A round trip costs {} before anything is done, and then goes on at {}; half of that rate is reached \
                 at {half}.",
                words::seconds(latency),
                rate_interval(*unit, rate),
            ))
        }
        _ => None,
    })
}

/// A rate in its unit, with its interval.
pub(crate) fn rate_interval(unit: WorkUnit, rate: Estimate) -> String {
    match unit {
        WorkUnit::Bytes => units::bandwidth_interval(rate.value, rate.low, rate.high),
        WorkUnit::Flop => units::flop_rate_interval(rate.value, rate.low, rate.high),
    }
}

/// A rate in its unit.
pub(crate) fn work_rate(unit: WorkUnit, per_second: f64) -> String {
    match unit {
        WorkUnit::Bytes => units::bandwidth(per_second),
        WorkUnit::Flop => units::flop_rate(per_second),
    }
}
