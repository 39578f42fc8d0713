//! What the roofline shows: up to where memory is the limit, and what the kernels reach.

use super::agree::LIMIT;
use super::read::Reading;
use crate::law::roofline::RooflineFit;
use crate::page::words;
use crate::units;

/// The cache is said to help if it makes the limit this many times higher.
const NOTABLE: f64 = 1.05;

/// Says where the ridge lies and what the kernels reach; or what was seen instead.
pub(super) fn sentences(reading: &Reading) -> Vec<String> {
    let Some(first) = ridge(reading) else {
        return vec![refused(&reading.fit)];
    };
    let partly = reading
        .beyond
        .zip(reading.limits)
        .zip(reading.bytes)
        .filter(|((beyond, limits), _)| limits.bandwidth > NOTABLE * beyond.bandwidth);
    let partly = partly.map(|((_, limits), bytes)| {
        format!(
            "This section's kernels move {}, of which the cache holds a part: their own memory limit is {}.",
            units::bytes(bytes),
            units::bandwidth(limits.bandwidth)
        )
    });
    let reached = reading.reached.map(|[memory, compute]| {
        format!(
            "This section's kernel reaches {} of {} memory limit and {} of the compute limit.",
            units::percent(memory),
            if partly.is_some() { "that" } else { "the" },
            units::percent(compute)
        )
    });
    let below = |index: usize, limit: &str| {
        let cause =
            reading.causes[index].as_ref().filter(|_| reading.reached.is_some_and(|it| it[index] < 1.0 / LIMIT))?;
        Some(format!("It stays below the {limit} limit because {cause}."))
    };
    [Some(first), partly, reached, below(0, "memory"), below(1, "compute")].into_iter().flatten().collect()
}

/// What limits a kernel on either side of the ridge.
fn ridge(reading: &Reading) -> Option<String> {
    let [ridge, memory, compute] = known(reading)?;
    Some(format!("Below {ridge} flop per byte memory is the limit, at {memory}; above it arithmetic, at {compute}."))
}

/// The ridge and both limits: those of the run, or, if it has none, those that the kernels of this section show.
fn known(reading: &Reading) -> Option<[String; 3]> {
    let Some((limits, bytes)) = reading.told().zip(reading.bytes) else { return seen(&reading.fit) };
    let size = if reading.beyond.is_some() { "large data".to_owned() } else { units::bytes(bytes) };
    let memory = format!("{} for {size}", units::bandwidth(limits.bandwidth));
    Some([units::ratio(limits.ridge()), memory, units::flop_rate(limits.peak_flops)])
}

/// The ridge and both limits as the kernels of this section show them.
fn seen(fit: &RooflineFit) -> Option<[String; 3]> {
    Some([words::ratio(fit.ridge()?), memory(fit)?, compute(fit)?])
}

/// Says what was seen if one limit, or both, were not.
fn refused(fit: &RooflineFit) -> String {
    let memory = memory(fit).map(|rate| format!("; the highest memory rate is {rate}"));
    let compute = compute(fit).map(|rate| format!("; the highest compute rate is {rate}"));
    words::stopped(&format!("No ridge is visible{}", memory.or(compute).unwrap_or_default()))
}

/// Returns the line of the summary: the ridge with both limits, or the one that was seen.
pub(super) fn answer(reading: &Reading) -> String {
    if let Some(ridge) = ridge(reading) {
        return ridge;
    }
    match (memory(&reading.fit), compute(&reading.fit)) {
        (Some(memory), None) => format!("Memory limits every kernel tried, at {memory}."),
        (None, Some(compute)) => format!("Arithmetic limits every kernel tried, at {compute}."),
        _ => "These times show neither the limit of the memory nor that of arithmetic.".to_owned(),
    }
}

/// Returns the highest memory rate in words, if it was seen.
pub(super) fn memory(fit: &RooflineFit) -> Option<String> {
    fit.bandwidth().map(|rate| units::bandwidth_interval(rate.value, rate.low, rate.high))
}

/// Returns the highest compute rate in words, if it was seen.
pub(super) fn compute(fit: &RooflineFit) -> Option<String> {
    fit.peak_flops().map(|rate| units::flop_rate_interval(rate.value, rate.low, rate.high))
}
