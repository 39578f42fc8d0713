//! Warm-up and repetition blocks: every case once per block, in an order shuffled anew for each block.
//!
//! Shuffling is what makes the intervals true: a device that grows warmer or slower during the run then harms all cases
//! alike, instead of those that are measured last.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;

use super::prepare::{Bench, Entry, record_repetition};
use super::{Dispatches, INTERRUPTED, MeasureError, Settings, Watch};
use crate::clock;
use crate::device::Job;
use crate::record::{Case, Experiment, Phase};
use crate::stats;

/// A kernel shorter than this many steps of its clock is dispatched several times in one pass.
const TICKS: f64 = 10.0;

/// Dispatches in one pass at the most.
const MOST_DISPATCHES: f64 = 1024.0;

/// A median is known well enough when its 95 % interval is narrower than this share of it.
const NARROW: f64 = 0.02;

/// Blocks below which the budget does not end the sampling either.
const FEWEST_BLOCKS: usize = 3;

/// Runs all cases in turn until so many seconds are over, and sets how many dispatches each clock needs.
pub(super) async fn warm_up<J: Job>(
    bench: &mut Bench<J>,
    resolution: Option<f64>,
    seconds: f64,
    watch: &dyn Watch,
) -> Result<(), MeasureError> {
    watch.begin("warming up", 1);
    let resolution = resolution.unwrap_or_else(clock::resolution);
    let start = clock::now();
    let mut first = true;
    while first || clock::seconds_since(start) < seconds {
        for entry in &mut bench.entries {
            let kernel = entry.job.run().await?.kernel();
            if let (Dispatches::AsTheClockNeeds, Some(kernel), true) = (entry.dispatches, kernel, first) {
                entry.case.dispatches = dispatches(kernel, resolution);
                entry.job.set_dispatches(entry.case.dispatches);
            }
        }
        first = false;
        if bench.entries.is_empty() || watch.interrupted() {
            break;
        }
    }
    watch.end();
    Ok(())
}

/// How many dispatches make a kernel of that time long enough for a clock of that resolution.
fn dispatches(kernel: f64, resolution: f64) -> u32 {
    (TICKS * resolution / kernel.max(resolution / 100.0)).ceil().clamp(1.0, MOST_DISPATCHES) as u32
}

/// Measures blocks until enough is known, the time is over, or somebody interrupts: the experiment with its cases, the
/// order of every block, and why it stopped.
pub(super) async fn sample<J: Job>(
    bench: &mut Bench<J>,
    blank: &Experiment,
    settings: &Settings,
    watch: &dyn Watch,
) -> Result<Experiment, MeasureError> {
    if bench.entries.is_empty() {
        return Ok(Experiment { stopped: "no case could run".to_owned(), ..blank.clone() });
    }
    let mut random = ChaCha8Rng::seed_from_u64(settings.seed);
    let mut order: Vec<Vec<usize>> = Vec::new();
    let start = clock::now();
    watch.begin("sampling", settings.blocks);
    let stopped = loop {
        if watch.interrupted() {
            break format!("{INTERRUPTED}, after {} blocks", order.len());
        }
        let mut block: Vec<usize> = (0..bench.entries.len()).collect();
        block.shuffle(&mut random);
        for &index in &block {
            let Entry { case, job, .. } = &mut bench.entries[index];
            record_repetition(case, job.run().await?);
        }
        order.push(block);
        watch.step();
        if let Some(reason) = stop(bench, order.len(), clock::seconds_since(start), settings) {
            break reason;
        }
        watch.block(&|| Experiment { cases: bench.cases(), order: order.clone(), ..blank.clone() });
    };
    watch.end();
    Ok(Experiment { cases: bench.cases(), order, stopped, ..blank.clone() })
}

/// Why to stop after so many blocks and seconds, if there is a reason.
fn stop<J>(bench: &Bench<J>, blocks: usize, seconds: f64, settings: &Settings) -> Option<String> {
    if blocks < settings.blocks {
        let overdue = blocks >= FEWEST_BLOCKS && seconds > 2.0 * settings.budget;
        return overdue.then(|| format!("twice the time budget, after {blocks} of {} blocks", settings.blocks));
    }
    if bench.entries.iter().all(|entry| is_narrow(&entry.case)) {
        return Some(format!("every median known within {:.0} %, after {blocks} blocks", 100.0 * NARROW));
    }
    (seconds > settings.budget).then(|| format!("time budget, after {blocks} blocks"))
}

/// Whether the median of the case's kernel, or of its launch where there is no kernel, is known well enough.
fn is_narrow(case: &Case) -> bool {
    let seconds = [Phase::Kernel, Phase::Launch]
        .iter()
        .filter_map(|phase| case.phases.get(phase))
        .map(crate::record::Timing::seconds)
        .find(|seconds| !seconds.is_empty())
        .unwrap_or_default();
    stats::Summary::of(seconds).is_some_and(|summary| summary.high - summary.low <= NARROW * summary.median)
}

#[cfg(test)]
mod tests {
    use super::dispatches;

    #[test]
    fn a_kernel_shorter_than_ten_ticks_is_repeated() {
        assert_eq!(dispatches(20e-6, 1e-6), 1);
        assert_eq!(dispatches(10e-6, 1e-6), 1);
        assert_eq!(dispatches(1e-6, 1e-6), 10);
        assert_eq!(dispatches(0.0, 1e-6), 1000);
    }
}
