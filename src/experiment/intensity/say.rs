//! What the roofline shows: where memory ends to be the limit, and which workloads lie on which side.

use super::agree::ROOF;
use super::read::{PlacedWorkload, Reading};
use crate::law::roofline::{Bound, RooflineFit};
use crate::page::words;
use crate::units;

/// Says where the ridge lies, and who is on which side of it; or what was seen instead.
pub(super) fn sentences(reading: &Reading) -> Vec<String> {
    let Reading { fit, workloads, .. } = reading;
    let Some([ridge, memory, compute]) = known(reading) else {
        return vec![refused(fit)];
    };
    let first = format!(
        "The ridge lies at {ridge} flop per byte: below it memory is the limit, at {memory}; above it arithmetic, at \
         {compute}.",
    );
    let sides = [
        (Some(Bound::Memory), "memory-bound"),
        (Some(Bound::Compute), "compute-bound"),
        (None, "too near to the ridge to say"),
    ];
    let sides = sides.into_iter().filter_map(|(bound, name)| {
        let there: Vec<String> = workloads.iter().filter(|one| one.bound == bound).map(named).collect();
        (!there.is_empty()).then(|| format!("{name}: {}", there.join(", ")))
    });
    let sides: Vec<String> = sides.collect();
    let second = words::sentence(&format!("by their flop per byte, {}", sides.join("; ")));
    let reached = reading.reached.map(|[memory, compute]| {
        format!(
            "The kernel of this section reaches {} of the memory limit and {} of the compute limit.",
            units::percent(memory),
            units::percent(compute)
        )
    });
    let below = |index: usize, limit: &str| {
        let cause =
            reading.causes[index].as_ref().filter(|_| reading.reached.is_some_and(|it| it[index] < 1.0 / ROOF))?;
        Some(format!("It stays below the {limit} limit because {cause}."))
    };
    [Some(first), reached, below(0, "memory"), below(1, "compute"), Some(second)].into_iter().flatten().collect()
}

/// The ridge and both limits: those of the run, or, if it has none, those that the kernels of this section show.
fn known(Reading { fit, limits, bytes, .. }: &Reading) -> Option<[String; 3]> {
    let Some((limits, bytes)) = limits.zip(*bytes) else { return seen(fit) };
    let memory = format!("{} for {}", units::bandwidth(limits.bandwidth), units::bytes(bytes));
    Some([units::ratio(limits.ridge()), memory, units::flop_rate(limits.peak_flops)])
}

/// The ridge and both limits as the kernels of this section show them.
fn seen(fit: &RooflineFit) -> Option<[String; 3]> {
    Some([words::ratio(fit.ridge()?), memory(fit)?, compute(fit)?])
}

fn named(placed: &PlacedWorkload) -> String {
    format!("{} ({})", placed.workload, units::ratio(placed.flop_per_byte))
}

/// Says what was seen if one roof, or both, were not.
fn refused(fit: &RooflineFit) -> String {
    let bandwidth = memory(fit).map(|rate| format!("; its memory roof is {rate}"));
    let peak = compute(fit).map(|rate| format!("; its compute roof is {rate}"));
    let known = bandwidth.or(peak).unwrap_or_default();
    words::stopped(&format!("No ridge can be read ({}): {}{known}", fit.verdict, fit.reason))
}

/// Returns the line of the summary: the ridge with both rates, or the one roof that was seen.
pub(super) fn answer(reading: &Reading) -> String {
    let fit = &reading.fit;
    if let Some([ridge, memory, compute]) = known(reading) {
        return format!(
            "Below {ridge} flop per byte memory limits a kernel, at {memory}; above it arithmetic, at {compute}."
        );
    }
    match (memory(fit), compute(fit)) {
        (Some(memory), None) => format!("Memory limits every kernel tried, at {memory}."),
        (None, Some(compute)) => format!("Arithmetic limits every kernel tried, at {compute}."),
        _ => "Whether memory or arithmetic limits a kernel cannot be told from these times.".to_owned(),
    }
}

/// Returns the memory roof in words, if it was seen.
pub(super) fn memory(fit: &RooflineFit) -> Option<String> {
    fit.bandwidth().map(|rate| units::bandwidth_interval(rate.value, rate.low, rate.high))
}

/// Returns the compute roof in words, if it was seen.
pub(super) fn compute(fit: &RooflineFit) -> Option<String> {
    fit.peak_flops().map(|rate| units::flop_rate_interval(rate.value, rate.low, rate.high))
}
