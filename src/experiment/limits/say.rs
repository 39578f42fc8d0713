//! What the limits show: how fast memory, cache and arithmetic are.

use super::read::Reading;
use crate::units;

/// One limit in a sentence or two.
pub(super) fn sentences(reading: &Reading) -> Vec<String> {
    let Some(limit) = reading.limit else {
        return vec!["No kernel could be timed, so this limit is unknown.".to_owned()];
    };
    if !reading.copies {
        return vec![format!("Kernels multiply and add at up to {}: the compute limit.", units::flop_rate(limit))];
    }
    let limit = units::bandwidth(limit);
    let Some(cached) = cached(reading) else {
        let largest = reading.largest.map(units::bytes).unwrap_or_default();
        return vec![
            format!("Copies of {largest} run at {limit}: the memory limit."),
            "No size can be told from which on copies are slower, so no cache is told from the memory.".to_owned(),
        ];
    };
    vec![format!("Copies of more than {cached} beyond that they run at {limit}: the memory limit.")]
}

/// The size of the cache with its interval, and how fast copies within it are.
fn cached(reading: &Reading) -> Option<String> {
    let (edge, highest) = (reading.cache?.edge, units::bandwidth(reading.highest?));
    Some(format!(
        "{} ({} to {}) do not fit into the cache. Smaller ones run at up to {highest};",
        units::bytes(edge.value),
        units::bytes(edge.low),
        units::bytes(edge.high)
    ))
}

/// The line of the summary: both limits.
pub(super) fn answer(readings: &[&Reading]) -> Option<String> {
    let limit = |copies: bool| {
        let reading = readings.iter().find(|reading| reading.copies == copies)?;
        Some((*reading, reading.limit?))
    };
    let memory = limit(true).map(|(reading, limit)| {
        let cache = reading.cache.zip(reading.highest).map(|(cache, highest)| {
            format!(" (up to {} within {})", units::bandwidth(highest), units::bytes(cache.edge.value))
        });
        format!("copies {}{}", units::bandwidth(limit), cache.unwrap_or_default())
    });
    let compute = limit(false).map(|(_, limit)| format!("computes {}", units::flop_rate(limit)));
    let limits: Vec<String> = [memory, compute].into_iter().flatten().collect();
    (!limits.is_empty()).then(|| format!("At its limits the device {}.", limits.join(" and ")))
}
