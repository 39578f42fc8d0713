//! Taking turns: every contestant runs once in each block, so whatever disturbs the machine disturbs all of them alike.

use std::thread::sleep;
use std::time::{Duration, Instant};

use amdahl::stats::{Estimate, rank_interval};

use crate::Fault;

/// Fewest blocks: below nine there is no 95 % interval of a median by rank.
const FEWEST: usize = 9;

/// Seconds that a sample of a fast contestant takes, so that its clock and its first steps weigh little.
const LONG: f64 = 0.02;

/// Repetitions in a sample at the most.
const MOST: f64 = 1000.0;

/// A pause before each sample: the threads of the contestant before go to sleep.
const PAUSE: Duration = Duration::from_millis(3);

/// Something that does one thing again and again.
pub(crate) trait Contestant {
    /// Returns the name in tables.
    fn name(&self) -> String;

    /// Repeats it as often as is given and waits for the end; returns the seconds of one repetition.
    fn seconds(&mut self, times: u32) -> Result<f64, Fault>;
}

/// Times each contestant once in each block, another one first in each, for so many seconds: the times by contestant.
pub(crate) fn race<C: Contestant + ?Sized>(contestants: &mut [Box<C>], seconds: f64) -> Result<Vec<Vec<f64>>, Fault> {
    let times: Vec<u32> = contestants.iter_mut().map(|one| repetitions(&mut **one)).collect::<Result<_, _>>()?;
    let mut laps = vec![Vec::new(); contestants.len()];
    let start = Instant::now();
    for block in 0.. {
        if block >= FEWEST && start.elapsed().as_secs_f64() > seconds {
            break;
        }
        for turn in 0..contestants.len() {
            let index = (block + turn) % contestants.len();
            sleep(PAUSE);
            laps[index].push(contestants[index].seconds(times[index])?);
        }
    }
    Ok(laps)
}

/// Returns the repetitions in a sample of this contestant, after one that warms it up.
fn repetitions(contestant: &mut (impl Contestant + ?Sized)) -> Result<u32, Fault> {
    contestant.seconds(1)?;
    let start = Instant::now();
    contestant.seconds(1)?;
    Ok((LONG / start.elapsed().as_secs_f64()).ceil().clamp(1.0, MOST) as u32)
}

/// Returns the median of times and its 95 % interval.
pub(crate) fn typical(times: &[f64]) -> Result<Estimate, Fault> {
    rank_interval(times).ok_or_else(|| "a time that is no number".into())
}

/// Returns how many times longer the first one took than the second in the same block: median and 95 % interval.
pub(crate) fn ratio(first: &[f64], second: &[f64]) -> Result<Estimate, Fault> {
    let ratios: Vec<f64> = first.iter().zip(second).map(|(first, second)| first / second).collect();
    typical(&ratios)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A contestant of known speed that notes its turns.
    struct Known(f64);

    impl Contestant for Known {
        fn name(&self) -> String {
            "known".to_owned()
        }

        fn seconds(&mut self, _: u32) -> Result<f64, Fault> {
            sleep(Duration::from_secs_f64(self.0));
            Ok(self.0)
        }
    }

    #[test]
    fn a_race_ends_after_the_fewest_blocks_with_the_right_ratio() {
        let mut contestants = [Box::new(Known(0.0003)), Box::new(Known(0.0002))];
        let laps = race(&mut contestants, 0.0).unwrap();
        assert_eq!((laps[0].len(), laps[1].len()), (FEWEST, FEWEST));
        let times = ratio(&laps[0], &laps[1]).unwrap();
        assert!([times.low, times.value, times.high].iter().all(|times| (times - 1.5).abs() < 1e-9), "{times:?}");
    }

    #[test]
    fn a_fast_contestant_repeats_and_a_slow_one_does_not() {
        assert_eq!(repetitions(&mut Known(2.0 * LONG)).unwrap(), 1);
        assert!((2..=4).contains(&repetitions(&mut Known(LONG / 4.0)).unwrap()));
        assert!(repetitions(&mut Known(0.0)).unwrap() > 100);
    }
}
