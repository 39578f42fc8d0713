//! What the limits show: how fast memory, cache and arithmetic are.

use super::read::Reading;
use crate::experiment::View;
use crate::units;

/// One limit in a sentence or two.
pub(super) fn sentences(View { measured, reading, .. }: View<'_, Reading>) -> Vec<String> {
    let Some(limit) = reading.limit else {
        let reason = measured.skipped.first().map_or("no kernel was timed", |skipped| &skipped.reason);
        return vec![format!("This limit is unknown: {reason}.")];
    };
    if let Some(numbers) = reading.numbers {
        let of = if numbers == "f32" { String::new() } else { format!(" in {}", in_words(numbers)) };
        return vec![format!("Compute limit{of}: {}, the fastest multiply-adds.", rate(reading, limit))];
    }
    let limit = units::bandwidth(limit);
    let Some(cached) = cached(reading) else {
        let largest = reading.largest.map(units::bytes).unwrap_or_default();
        return vec![format!(
            "Memory limit: {limit}, the fastest copy of {largest} here or before the run. No cache is visible in these \
             times."
        )];
    };
    vec![format!("Memory limit: {limit}. {cached}")]
}

/// Numbers by what they are.
fn in_words(numbers: &str) -> &'static str {
    if numbers == "i32" { "32-bit whole numbers" } else { "16-bit floats" }
}

/// A compute limit in words.
fn rate(reading: &Reading, limit: f64) -> String {
    if reading.whole_numbers() { units::operation_rate(limit) } else { units::flop_rate(limit) }
}

/// The size of the cache with its interval, and how fast copies within it are.
fn cached(reading: &Reading) -> Option<String> {
    let (edge, highest) = (reading.cache?.edge, units::bandwidth(reading.highest?));
    Some(format!(
        "Copies below {} ({} to {}) fit into the cache and reach {highest}.",
        units::bytes(edge.value),
        units::bytes(edge.low),
        units::bytes(edge.high)
    ))
}

/// The lines of the summary: both limits, and those of other numbers.
pub(super) fn answer(readings: &[&Reading]) -> Vec<String> {
    let limit = |numbers: Option<&str>| {
        let reading = readings.iter().find(|reading| reading.numbers == numbers)?;
        Some((*reading, reading.limit?))
    };
    let memory = limit(None).map(|(reading, limit)| {
        let cache = reading.cache.zip(reading.highest).map(|(cache, highest)| {
            format!(" (up to {} within {})", units::bandwidth(highest), units::bytes(cache.edge.value))
        });
        format!("copies {}{}", units::bandwidth(limit), cache.unwrap_or_default())
    });
    let compute = limit(Some("f32")).map(|(_, limit)| format!("computes {}", units::flop_rate(limit)));
    let others = ["i32", "f16"].into_iter().filter_map(|numbers| {
        limit(Some(numbers)).map(|(reading, limit)| format!("{} in {}", rate(reading, limit), in_words(numbers)))
    });
    let limits: Vec<String> = [memory, compute].into_iter().flatten().collect();
    let others: Vec<String> = others.collect();
    let first = (!limits.is_empty()).then(|| format!("At most the device {}.", limits.join(" and ")));
    let second = (!others.is_empty()).then(|| format!("It computes {}.", others.join(", ")));
    [first, second].into_iter().flatten().collect()
}
