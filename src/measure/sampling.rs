//! Samples in repetition blocks: every case once per block, in an order shuffled anew for each block, with the canary
//! first, then the device's cases, then those of the processor.
//!
//! Only shuffling makes the intervals true: if the device becomes slower during the run, all cases suffer equally, not
//! only those measured last.

use std::time::Instant;

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;

use super::bench::{Bench, Entry};
use super::canary::{self, Canary};
use super::recording::record_repetition;
use super::stop::settled;
use super::{INTERRUPTED, Time, Watch};
use crate::clock;
use crate::device::{DeviceError, Job};
use crate::record::{Measured, Stop};
use crate::units;

/// Fewest samples of each case; fewer have no 95 % interval.
const FEWEST_SAMPLES: f64 = 6.0;

/// Most further canaries of an experiment that wait for a device's clock to rise. Each takes about 10 ms.
const WAITS: u32 = 20;

/// Most blocks, as a multiple of the fewest. Slow cases skip some of them.
const MOST_BLOCKS: usize = 4;

/// Factor by which the number of blocks grows between two looks of the stop rule.
const LOOK_AGAIN: f64 = 1.1;

/// What sampling came to.
pub(super) struct Sampled {
    /// The experiment with its cases, the order of every block, and the reason for stopping.
    pub(super) measured: Measured,
    /// Why the device failed. What it had measured before is kept.
    pub(super) failed: Option<DeviceError>,
}

/// Measures blocks until the medians are precise, the time is over, the user interrupts, or the device fails.
pub(super) async fn sample<J: Job>(
    bench: &mut Bench<J>,
    mut canary: Option<&mut Canary<J>>,
    blank: &Measured,
    seed: u64,
    time: &Time,
    watch: &dyn Watch,
) -> Sampled {
    if bench.entries.is_empty() {
        let measured = Measured { stopped: "no case could run".to_owned(), ..blank.clone() };
        return Sampled { measured, failed: None };
    }
    let asked = bench.asked;
    let (mut random, mut so_far) = (ChaCha8Rng::seed_from_u64(seed), blank.clone());
    let start = clock::now();
    let mut shares = Shares::new(bench.entries.len());
    let mut look = time.blocks;
    let (mut failed, mut waits) = (None, WAITS);
    let stopped = loop {
        if watch.interrupted() {
            break format!("{INTERRUPTED}, after {} blocks", so_far.order.len());
        }
        let mut block = shares.present();
        block.shuffle(&mut random);
        // While the processor computes, the device is idle and lowers its clock. So the device comes first.
        block.sort_by_key(|&index| bench.entries[index].measurement.is_baseline());
        let canary = canary.as_deref_mut().map(|canary| (canary, &mut waits));
        if let Err(error) = run(bench, canary, &mut block, &mut shares.costs, &mut so_far).await {
            so_far.order.push(block);
            failed = Some(error);
            break format!("a failure of the device, after {} blocks", so_far.order.len() - 1);
        }
        if so_far.order.is_empty() {
            let samples = shares.share_out(time) as f64 / FEWEST_SAMPLES;
            bench.entries.iter_mut().zip(&shares.rates).for_each(|(entry, rate)| entry.thin_transfers(rate * samples));
        }
        // A different place in each block, and so a different case.
        let latest = block.get(so_far.order.len() % block.len().max(1)).copied();
        so_far.order.push(block);
        so_far.sampling = Some(clock::seconds_since(start));
        if let Some(index) = latest {
            watch.sampled(&bench.entries[index].measurement);
        }
        let blocks = so_far.order.len();
        if blocks >= look {
            look = (LOOK_AGAIN * blocks as f64).ceil() as usize;
            bench.entries.iter_mut().for_each(|entry| entry.look(asked));
        }
        if let Some(reason) = stop(bench, blocks, time, start) {
            break reason;
        }
        watch.block(&|| bench.filled(&so_far));
    };
    let otherwise = if watch.interrupted() { Stop::Interrupted } else { Stop::Budget };
    for entry in &mut bench.entries {
        let precise = settled(&entry.measurement, asked).filter(|stop| *stop == Stop::Precise);
        entry.measurement.stopped = precise.or(entry.measurement.stopped).or(Some(otherwise));
    }
    Sampled { measured: Measured { stopped, ..bench.filled(&so_far) }, failed }
}

/// Runs the canary and the cases of a block, and stores the time of each in seconds. If the device fails, only the
/// cases that ran stay in the block.
async fn run<J: Job>(
    bench: &mut Bench<J>,
    canary: Option<(&mut Canary<J>, &mut u32)>,
    block: &mut Vec<usize>,
    costs: &mut [f64],
    so_far: &mut Measured,
) -> Result<(), DeviceError> {
    let heating = so_far.heating.get_or_insert(0.0);
    let cases = std::mem::take(block);
    if let Some((canary, waits)) = canary {
        let (song, waited) = undisturbed(async || canary.sing_at_clock(*waits).await).await?;
        *waits -= waited;
        *heating += song.heating;
        canary::note(&mut so_far.canary, &song);
    }
    for index in cases {
        let entry = &mut bench.entries[index];
        let timed = async || {
            let start = clock::now();
            let repetition = entry.run().await?;
            Ok::<_, DeviceError>((repetition, clock::seconds_since(start)))
        };
        let (repetition, seconds) = undisturbed(timed).await?;
        *heating += repetition.heating;
        record_repetition(&mut entry.measurement, repetition, bench.floor);
        costs[index] = seconds;
        block.push(index);
    }
    Ok(())
}

/// Runs something, and again if the process stood still meanwhile: that time says nothing about the device.
async fn undisturbed<T>(mut run: impl AsyncFnMut() -> Result<T, DeviceError>) -> Result<T, DeviceError> {
    loop {
        let stopped = clock::stopped();
        let done = run().await?;
        if clock::stopped() == stopped {
            return Ok(done);
        }
    }
}

/// Returns the reason to stop after this number of blocks, if there is one.
fn stop<J: Job>(bench: &Bench<J>, blocks: usize, time: &Time, start: Instant) -> Option<String> {
    let reasons = || bench.entries.iter().map(|entry| entry.measurement.stopped);
    let has_samples = |entry: &Entry<J>| entry.samples() >= FEWEST_SAMPLES as usize;
    let known = blocks >= time.blocks && bench.entries.iter().all(has_samples);
    if known && reasons().all(|reason| reason == Some(Stop::Precise)) {
        return Some(format!(
            "every median known within {}, after {blocks} blocks",
            units::whole_percent(Stop::NARROW)
        ));
    }
    if known && reasons().all(|reason| reason.is_some()) {
        return Some(format!("every median known as well as the noise allows, after {blocks} blocks"));
    }
    let seconds = clock::seconds_since(start);
    let over = known && seconds > time.budget;
    let overdue = seconds > time.most || clock::now() > time.end;
    (over || overdue).then(|| format!("time budget, after {blocks} blocks"))
}

/// Decides which cases run in each block. A slow case skips some blocks, spread evenly over the run, so that all cases
/// meet the same conditions.
struct Shares {
    /// Share of the blocks that each case runs in.
    rates: Vec<f64>,
    /// What each case has saved up towards its next block; it runs at 1.
    due: Vec<f64>,
    /// Time of each case in the first block, in seconds.
    costs: Vec<f64>,
}

impl Shares {
    fn new(cases: usize) -> Self {
        Self { rates: vec![1.0; cases], due: vec![0.0; cases], costs: vec![0.0; cases] }
    }

    /// Returns the cases of the next block.
    fn present(&mut self) -> Vec<usize> {
        for (due, rate) in self.due.iter_mut().zip(&self.rates) {
            *due += rate;
        }
        let present: Vec<usize> = (0..self.due.len()).filter(|&index| self.due[index] >= 1.0 - 1e-9).collect();
        for &index in &present {
            self.due[index] -= 1.0;
        }
        present
    }

    /// Divides the time by the cost of each case in the first block, and returns the number of blocks that fit.
    fn share_out(&mut self, time: &Time) -> usize {
        let (blocks, rates) = rates(&self.costs, time);
        self.rates = rates;
        // Slow cases should not all wait for the same block.
        let cases = self.due.len() as f64;
        for (index, due) in self.due.iter_mut().enumerate() {
            *due = if self.rates[index] < 1.0 { (index as f64 + 0.5) / cases } else { 0.0 };
        }
        blocks
    }
}

/// Returns the number of blocks that fit into the time, and the share of them for each case. Each case gets at most an
/// equal share of the time, and at least the fewest samples with an interval.
fn rates(costs: &[f64], time: &Time) -> (usize, Vec<f64>) {
    let share = time.budget / costs.len() as f64;
    let samples = |cost: f64, blocks: usize| (share / cost.max(1e-9)).max(FEWEST_SAMPLES).min(blocks as f64);
    let total = |blocks: usize| costs.iter().map(|&cost| cost * samples(cost, blocks)).sum::<f64>();
    let fewest = time.blocks.max(FEWEST_SAMPLES as usize);
    let blocks = (fewest..=MOST_BLOCKS * fewest).rev().find(|&blocks| total(blocks) <= time.budget).unwrap_or(fewest);
    (blocks, costs.iter().map(|&cost| samples(cost, blocks) / blocks as f64).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(budget: f64) -> Time {
        Time { blocks: 20, budget, most: 2.0 * budget, end: clock::now() }
    }

    /// Returns the blocks that each case runs in, if each run takes the given time in seconds.
    fn blocks(costs: &[f64], budget: f64, number: usize) -> Vec<Vec<usize>> {
        let mut shares = Shares::new(costs.len());
        let mut blocks = vec![Vec::new(); costs.len()];
        for block in 0..number {
            for index in shares.present() {
                shares.costs[index] = costs[index];
                blocks[index].push(block);
            }
            if block == 0 {
                shares.share_out(&time(budget));
            }
        }
        blocks
    }

    #[test]
    fn equal_cases_take_part_in_every_block() {
        assert!(blocks(&[0.01; 10], 10.0, 50).iter().all(|blocks| blocks.len() == 50));
    }

    #[test]
    fn a_slow_case_is_thinned_evenly_from_the_first_block_to_the_last() {
        let blocks = blocks(&[0.2, 0.001, 0.001, 0.001], 4.0, 80);
        assert!((6..=12).contains(&blocks[0].len()), "{blocks:?}");
        assert!(blocks[1..].iter().all(|blocks| blocks.len() == 80));
        let steps: Vec<usize> = blocks[0].windows(2).map(|pair| pair[1] - pair[0]).collect();
        let (least, most) = (steps.iter().min().unwrap(), steps.iter().max().unwrap());
        assert!(most - least <= 8 && *blocks[0].last().unwrap() >= 64, "{:?}", blocks[0]);
    }

    #[test]
    fn every_case_has_the_fewest_samples_that_make_an_interval() {
        let (_, rates) = rates(&[5.0, 1e-3], &time(1.0));
        assert!(rates[0] * 20.0 >= FEWEST_SAMPLES - 1e-9 && rates[1] == 1.0, "{rates:?}");
    }
}
