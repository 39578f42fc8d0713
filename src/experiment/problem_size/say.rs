//! What problem-size shows in sentences: from which size on the device is faster.

use super::read::{Against, Reading, WorkUnit};
use crate::experiment::View;
use crate::experiment::cases::timed;
use crate::law::Crossover;
use crate::page::words;
use crate::record::{DeviceKind, Problem, Quantity, Run, Series};
use crate::stats::Estimate;
use crate::units;

/// More workloads than this are summed up together.
const FEW: usize = 3;

/// Answers the question for every workload, or for many of them together.
pub(super) fn answer(views: &[View<'_, Reading>]) -> Vec<String> {
    if views.len() > FEW {
        return digest(views);
    }
    let one = |view: &View<'_, Reading>| {
        let text = crossover(*view).map(|text| format!("{}: {text}", words::workload(view.measured)));
        text.or_else(|| rate(view.reading)).or_else(|| ends(*view))
    };
    views.iter().filter_map(one).collect()
}

/// The times of the smallest and the largest size, if nothing stands beside the device and no law was read.
fn ends(view: View<'_, Reading>) -> Option<String> {
    let timed = timed(view.measured, Series::Device, Quantity::RoundTrip);
    let (smallest, largest) = (timed.first()?, timed.last()?);
    Some(format!(
        "The {} round trip takes {} for {} and {} for {}.",
        words::workload(view.measured),
        units::seconds(smallest.time.median),
        words::amount(smallest.case.problem),
        units::seconds(largest.time.median),
        words::amount(largest.case.problem),
    ))
}

/// The crossover against the CPU's best, and the rate of the device.
pub(super) fn sentences(view: View<'_, Reading>) -> Vec<String> {
    let crossover = crossover(view).map(|text| words::capital(&text));
    crossover.into_iter().chain(rate(view.reading)).collect()
}

/// From which size on the device is faster than the CPU at its best, transfers included: the strictest of the answers
/// against each CPU baseline.
fn crossover(view: View<'_, Reading>) -> Option<String> {
    let strictest = strictest(view.reading)?;
    let answer = &strictest.crossover;
    let baseline = words::baseline(view.run, strictest.baseline());
    let device = device(view.run);
    let sized = |size: f64| of_size(shape(view), size);
    let are = if baseline.ends_with('s') { "are" } else { "is" };
    Some(match answer {
        Crossover::From { size, between, .. } => {
            let interval = if size.low < size.high {
                format!(" ({}–{})", units::count(size.low as u64), units::count(size.high as u64))
            } else {
                String::new()
            };
            let crossing = between
                .map_or(String::new(), |n| format!(" The times cross near {}.", of_size(shape(view), n.round())));
            let from = sized(size.value);
            format!("from {from}{interval} on, {device} is faster than {baseline}.{crossing}")
        }
        Crossover::WinsEverywhere { from } => {
            format!("{device} is faster than {baseline} at every size, from {} on.", sized(*from))
        }
        Crossover::NeverWins { up_to } => {
            format!("{baseline} {are} faster than {device} at every size, up to {}.", sized(*up_to))
        }
        Crossover::Undecided { up_to } => {
            format!("at {}, the largest size, {device} is as fast as {baseline}.", sized(*up_to))
        }
        Crossover::NothingToCompare => {
            format!("no size ran both on {device} and on {baseline}, so there is no crossover.")
        }
    })
}

/// The crossovers of many workloads: those for which the device wins from some size on, those for which it never does,
/// and those without a clear winner.
fn digest(views: &[View<'_, Reading>]) -> Vec<String> {
    let (mut wins, mut never, mut untold) = (Vec::new(), Vec::new(), Vec::new());
    for view in views {
        let name = words::workload(view.measured);
        match strictest(view.reading).map(|strictest| &strictest.crossover) {
            Some(Crossover::From { size, .. }) => {
                wins.push(format!("{name} (from {})", of_size(shape(*view), size.value)));
            }
            Some(Crossover::WinsEverywhere { .. }) => wins.push(format!("{name} (at every size)")),
            Some(Crossover::NeverWins { .. }) => never.push(name),
            Some(Crossover::Undecided { .. } | Crossover::NothingToCompare) | None => untold.push(name),
        }
    }
    let Some(run) = views.first().map(|view| view.run) else {
        return Vec::new();
    };
    let (device, rival) = (device(run), format!("{} at its best", rival(run)));
    let said = |lead: String, names: &[String]| {
        (!names.is_empty()).then(|| words::capital(&format!("{lead}: {}.", names.join(", "))))
    };
    let all = [
        said(format!("{device} is faster than {rival}"), &wins),
        said(format!("{rival} is faster than {device} at every size"), &never),
        said("no clear winner".to_owned(), &untold),
    ];
    all.into_iter().flatten().collect()
}

/// The answer that holds against every baseline.
pub(super) fn strictest(reading: &Reading) -> Option<&Against> {
    let strictness = |one: &Against| strictness(&one.crossover);
    reading.crossovers.iter().max_by(|one, other| strictness(one).total_cmp(&strictness(other)))
}

/// Names what the device is held against: one thread, if the device is the processor itself.
pub(super) fn rival(run: &Run) -> &'static str {
    if run.device.kind == DeviceKind::Cpu { "one thread" } else { "the CPU" }
}

pub(super) fn device(run: &Run) -> String {
    match run.device.kind {
        DeviceKind::Cpu => "this CPU with all its threads".to_owned(),
        kind => format!("{} with its transfers (no set-up)", words::device(kind)),
    }
}

/// A problem of the experiment, whose kind tells how a size is said.
pub(super) fn shape(view: View<'_, Reading>) -> Option<Problem> {
    timed(view.measured, Series::Device, Quantity::RoundTrip).first().map(|timed| timed.case.problem)
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

/// Returns a size in words: `65,536 elements`, `128 x 128 matrices`.
pub(super) fn of_size(shape: Option<Problem>, size: f64) -> String {
    let size = units::count(size as u64);
    match shape {
        Some(Problem::Matrix { m, k, n }) if m == k && k == n => format!("{size} x {size} matrices"),
        Some(Problem::Matrix { .. } | Problem::Batch { .. }) => format!("{size} rows"),
        _ => format!("{size} elements"),
    }
}

/// The rate that the device reaches, with the size at half of it.
fn rate(reading: &Reading) -> Option<String> {
    let fit = reading.of_device(Quantity::RoundTrip)?;
    let (rate, latency, half) = (fit.rate()?, fit.latency()?, fit.half_size()?);
    let half = match reading.unit {
        WorkUnit::Bytes => units::bytes(half.value),
        WorkUnit::Flop => units::flop(half.value),
    };
    Some(format!(
        "Every job pays {} first, then {}. Below {half} you get less than half that rate.",
        words::seconds(latency),
        rate_interval(reading.unit, rate),
    ))
}

/// A rate in its unit, with its interval.
pub(super) fn rate_interval(unit: WorkUnit, rate: Estimate) -> String {
    match unit {
        WorkUnit::Bytes => units::bandwidth_interval(rate.value, rate.low, rate.high),
        WorkUnit::Flop => units::flop_rate_interval(rate.value, rate.low, rate.high),
    }
}

/// A rate in its unit.
pub(super) fn work_rate(unit: WorkUnit, per_second: f64) -> String {
    match unit {
        WorkUnit::Bytes => units::bandwidth(per_second),
        WorkUnit::Flop => units::flop_rate(per_second),
    }
}
