//! Repetition blocks: every case once per block, in an order shuffled anew for each block, the canary before them.
//!
//! Shuffling is what makes the intervals true: a device that grows warmer or slower during the run then harms all cases
//! alike, instead of those that are measured last.

use std::time::Instant;

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;

use super::bench::Bench;
use super::canary::{self, Canary};
use super::recording::record_repetition;
use super::stop::settled;
use super::{INTERRUPTED, MeasureError, Time, Watch};
use crate::clock;
use crate::device::Job;
use crate::record::{Measured, Stop};
use crate::units;

/// Blocks below which a case whose time is over does not leave: fewer than six samples have no 95 % interval.
const FEWEST_BLOCKS: usize = 6;

/// The stop rule looks again when there are so many times as many blocks.
const LOOK_AGAIN: f64 = 1.1;

/// Measures blocks until enough is known, the time is over, or somebody interrupts: the experiment with its cases, the
/// order of every block, and why it stopped.
pub(super) async fn sample<J: Job>(
    bench: &mut Bench<J>,
    mut canary: Option<&mut Canary<J>>,
    blank: &Measured,
    seed: u64,
    time: &Time,
    watch: &dyn Watch,
) -> Result<Measured, MeasureError> {
    if bench.entries.is_empty() {
        return Ok(Measured { stopped: "no case could run".to_owned(), ..blank.clone() });
    }
    let asked = bench.asked;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut so_far = blank.clone();
    let start = clock::now();
    let mut shares = Shares::new(bench.entries.len(), time);
    let mut look = time.blocks;
    watch.begin("sampling", time.blocks);
    let stopped = loop {
        if watch.interrupted() {
            break format!("{INTERRUPTED}, after {} blocks", so_far.order.len());
        }
        if let Some(canary) = canary.as_deref_mut() {
            canary::note(&mut so_far.canary, &canary.sing().await?);
        }
        let mut block = shares.present();
        block.shuffle(&mut random);
        for &index in &block {
            let entry = &mut bench.entries[index];
            let start = clock::now();
            let repetition = entry.job.run().await?;
            record_repetition(&mut entry.measurement, repetition);
            shares.spend(index, clock::seconds_since(start));
        }
        so_far.order.push(block);
        so_far.sampling = Some(clock::seconds_since(start));
        watch.step();
        let blocks = so_far.order.len();
        if blocks >= look {
            look = (LOOK_AGAIN * blocks as f64).ceil() as usize;
            bench.entries.iter_mut().for_each(|entry| entry.look(asked));
        }
        shares.leave(blocks, |index| bench.entries[index].measurement.stopped.is_some());
        if let Some(reason) = stop(bench, &shares, blocks, time, start) {
            break reason;
        }
        watch.block(&|| bench.filled(&so_far));
    };
    watch.end();
    let otherwise = if watch.interrupted() { Stop::Interrupted } else { Stop::Budget };
    for entry in &mut bench.entries {
        let precise = settled(&entry.measurement, asked).filter(|stop| *stop == Stop::Precise);
        entry.measurement.stopped = precise.or(entry.measurement.stopped).or(Some(otherwise));
    }
    Ok(Measured { stopped, ..bench.filled(&so_far) })
}

/// Why to stop after so many blocks, if there is a reason.
fn stop<J>(bench: &Bench<J>, shares: &Shares, blocks: usize, time: &Time, start: Instant) -> Option<String> {
    let reasons = || bench.entries.iter().map(|entry| entry.measurement.stopped);
    if blocks >= time.blocks && reasons().all(|reason| reason == Some(Stop::Precise)) {
        return Some(format!(
            "every median known within {}, after {blocks} blocks",
            units::whole_percent(Stop::NARROW)
        ));
    }
    if blocks >= time.blocks && reasons().all(|reason| reason.is_some()) {
        return Some(format!("every median precise or its noise on a plateau, after {blocks} blocks"));
    }
    let seconds = clock::seconds_since(start);
    let over = blocks >= time.blocks && seconds > time.budget;
    let overdue = seconds > time.most || clock::now() > time.end;
    (over || overdue || shares.are_used_up()).then(|| format!("time budget, after {blocks} blocks"))
}

/// What each case has used of the time. One that has used its share sits out, so that the others get theirs; what those
/// leave over that are settled goes to those that are not.
struct Shares {
    spent: Vec<f64>,
    left: Vec<bool>,
    blocks: usize,
    budget: f64,
}

impl Shares {
    fn new(cases: usize, time: &Time) -> Self {
        Self { spent: vec![0.0; cases], left: vec![false; cases], blocks: time.blocks, budget: time.budget }
    }

    /// The cases that still take part.
    fn present(&self) -> Vec<usize> {
        (0..self.left.len()).filter(|&index| !self.left[index]).collect()
    }

    fn spend(&mut self, index: usize, seconds: f64) {
        self.spent[index] += seconds;
    }

    /// Lets those go that have had their share, and those that have had twice as much before they had their blocks.
    fn leave(&mut self, blocks: usize, settled: impl Fn(usize) -> bool) {
        let wants = |index: usize| !self.left[index] && !settled(index);
        let (wanting, others): (Vec<usize>, Vec<usize>) = (0..self.spent.len()).partition(|&index| wants(index));
        let taken: f64 = others.iter().map(|&index| self.spent[index]).sum();
        let equal = self.budget / self.spent.len() as f64;
        let share = ((self.budget - taken) / wanting.len().max(1) as f64).max(equal.min(self.budget - taken));
        for index in self.present() {
            let share = if wanting.contains(&index) { share } else { equal };
            let had_blocks = blocks >= self.blocks && self.spent[index] >= share;
            let had_twice = blocks >= FEWEST_BLOCKS && self.spent[index] >= 2.0 * share;
            self.left[index] = had_blocks || had_twice;
        }
    }

    fn are_used_up(&self) -> bool {
        self.left.iter().all(|left| *left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(budget: f64) -> Time {
        Time { blocks: 20, budget, most: 2.0 * budget, end: clock::now() }
    }

    /// Blocks that each case takes part in when it takes so many seconds a time; those before `wanting` are settled
    /// from the twentieth on.
    fn blocks(costs: &[f64], budget: f64, wanting: usize) -> Vec<usize> {
        let mut shares = Shares::new(costs.len(), &time(budget));
        let mut counts = vec![0; costs.len()];
        for block in 1..100_000 {
            for index in shares.present() {
                shares.spend(index, costs[index]);
                counts[index] += 1;
            }
            shares.leave(block, |index| block >= 20 && index < wanting);
            if shares.are_used_up() || shares.spent.iter().sum::<f64>() > budget && block >= 20 {
                break;
            }
        }
        counts
    }

    #[test]
    fn equal_cases_share_the_time_equally() {
        assert_eq!(blocks(&[0.01; 10], 10.0, 0), [100; 10]);
    }

    #[test]
    fn a_slow_case_does_not_starve_the_rest() {
        let counts = blocks(&[0.2, 0.001, 0.001, 0.001], 4.0, 0);
        // Its share is a second, of which it may take two before it has had twenty blocks.
        assert!((10..=11).contains(&counts[0]), "{counts:?}");
        assert!(counts[1..].iter().all(|&count| count > 500), "{counts:?}");
    }

    #[test]
    fn what_settled_cases_leave_over_goes_to_the_others() {
        let counts = blocks(&[0.000_01, 0.000_01, 0.01, 0.01], 1.0, 2);
        assert!(counts[2] >= 49 && counts[3] >= 49, "half of the time each: {counts:?}");
    }

    #[test]
    fn a_slow_case_that_is_settled_leaves_too() {
        assert_eq!(blocks(&[0.02, 0.001], 1.0, 1)[0], 25);
    }
}
