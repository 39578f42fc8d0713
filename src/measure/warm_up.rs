//! Warms up until the speed settles. Idle devices have low clocks, and a first round is slower than later ones.

use std::time::Instant;

use super::bench::Bench;
use super::canary::Canary;
use super::{MeasureError, Watch};
use crate::clock;
use crate::device::Job;
use crate::record::WarmUp;
use crate::stats;

/// Shortest kernel, in steps of its clock. A shorter one is dispatched several times in one pass.
const TICKS: f64 = 10.0;

/// Most dispatches in one pass.
const MOST_DISPATCHES: f64 = 1024.0;

/// Number of canaries in a round. Their median counts.
const CANARIES: usize = 3;

/// A device is warm if its speed rose by less than this share recently.
const LEVEL: f64 = 0.02;

/// Length of "recently" in seconds. Clocks rise in steps.
const LEVEL_FOR: f64 = 0.05;

/// Fewest rounds in that time.
const FEWEST: usize = 4;

/// Share of the warm-up in which rounds of all cases run. After it only the canary runs.
const SHORT: f64 = 0.5;

/// Shortest time for the canary to settle, and longest time at the beginning of a run, in seconds.
const LEAST: f64 = 0.1;
const MOST: f64 = 2.0;

/// Most further canaries until the device is as fast as it was before in this run. Each takes about 10 ms.
const STEPS: u32 = 40;

/// Runs all cases in turn until the canary no longer gets faster, or the time is over. Then sets the number of
/// dispatches that each clock needs, from the fastest kernel of all rounds.
pub(super) async fn warm_up<J: Job>(
    bench: &mut Bench<J>,
    mut canary: Option<&mut Canary<J>>,
    resolution: f64,
    seconds: f64,
    watch: &dyn Watch,
) -> Result<WarmUp, MeasureError> {
    watch.doing("warming up");
    let start = clock::now();
    let mut fastest = vec![f64::INFINITY; bench.entries.len()];
    let mut songs: Vec<(f64, f64)> = Vec::new();
    let mut warm_up = WarmUp { rounds: 0, seconds: 0.0, settled: false };
    loop {
        // If a round of all cases takes long, the canary alone keeps the device warm.
        let short = warm_up.seconds <= SHORT * seconds;
        for (entry, fastest) in bench.entries.iter_mut().zip(&mut fastest).filter(|_| short) {
            let repetition = entry.job.run(false).await?;
            entry.measurement.rejected_timestamps += repetition.rejected;
            let kernel = repetition.kernel();
            *fastest = kernel.map_or(*fastest, |kernel| fastest.min(kernel));
        }
        if let Some(canary) = canary.as_deref_mut() {
            songs.push(round(canary, start).await?);
        }
        warm_up = WarmUp {
            rounds: warm_up.rounds + usize::from(short),
            seconds: clock::seconds_since(start),
            settled: is_level(&songs),
        };
        let over = canary.is_none() || warm_up.seconds >= seconds.clamp(LEAST, MOST);
        if warm_up.settled || over || watch.interrupted() {
            break;
        }
    }
    // Level is not yet fast: a clock may rise in steps.
    if let Some(canary) = canary {
        canary.sing_at_clock(STEPS).await?;
        warm_up.seconds = clock::seconds_since(start);
    }
    for (entry, kernel) in bench.entries.iter_mut().zip(fastest) {
        if kernel.is_finite() && !entry.measurement.series.fixes_dispatches() {
            entry.set_dispatches(dispatches(kernel, resolution));
        }
    }
    Ok(warm_up)
}

/// Runs the canary until it no longer gets faster, for at most [`MOST`] seconds.
pub(super) async fn until_level<J: Job>(canary: &mut Canary<J>) -> Result<(), MeasureError> {
    let start = clock::now();
    let mut songs = Vec::new();
    while !is_level(&songs) && clock::seconds_since(start) < MOST {
        songs.push(round(canary, start).await?);
    }
    Ok(())
}

/// Runs a few canaries, and returns the seconds since `start` and their median in seconds.
async fn round<J: Job>(canary: &mut Canary<J>, start: Instant) -> Result<(f64, f64), MeasureError> {
    let mut kernels = Vec::with_capacity(CANARIES);
    for _ in 0..CANARIES {
        kernels.push(canary.sing().await?.kernel);
    }
    Ok((clock::seconds_since(start), stats::median(&kernels).unwrap_or(f64::INFINITY)))
}

/// Returns whether the canary recently got no faster: it compares the later half of its rounds with the earlier. Each
/// entry is the time since the beginning and the median of a round, in seconds.
fn is_level(songs: &[(f64, f64)]) -> bool {
    let Some((now, _)) = songs.last() else {
        return false;
    };
    let begin = songs.iter().take_while(|(at, _)| now - at >= LEVEL_FOR).count();
    let begin = begin.min((songs.len() + 1).saturating_sub(FEWEST));
    let (early, late) = songs[begin.saturating_sub(1)..].split_at((songs.len() - begin.saturating_sub(1)) / 2);
    let middle = |songs: &[(f64, f64)]| stats::median(&songs.iter().map(|(_, kernel)| *kernel).collect::<Vec<_>>());
    begin > 0 && middle(early).zip(middle(late)).is_some_and(|(early, late)| late >= (1.0 - LEVEL) * early)
}

/// Returns the number of dispatches that make a kernel long enough for a clock of this resolution.
fn dispatches(kernel: f64, resolution: f64) -> u32 {
    let resolution = resolution.max(f64::MIN_POSITIVE);
    (TICKS * resolution / kernel.max(resolution / 100.0)).ceil().clamp(1.0, MOST_DISPATCHES) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kernel_shorter_than_ten_ticks_is_repeated() {
        assert_eq!(dispatches(20e-6, 1e-6), 1);
        assert_eq!(dispatches(10e-6, 1e-6), 1);
        assert_eq!(dispatches(1e-6, 1e-6), 10);
        assert_eq!(dispatches(0.0, 1e-6), 1000);
        assert!(dispatches(0.0, 0.0) >= 1, "a clock of which nothing is known");
    }

    #[test]
    fn a_device_is_warm_when_it_no_longer_gets_faster() {
        let rounds = |pause: f64, times: &[f64]| {
            times.iter().enumerate().map(|(i, time)| (pause * (i + 1) as f64, *time)).collect::<Vec<_>>()
        };
        assert!(!is_level(&[]));
        assert!(!is_level(&rounds(1.0, &[1.0, 1.0, 1.0])), "three rounds say little");
        assert!(is_level(&rounds(1.0, &[1.0, 1.01, 1.0, 1.01])));
        assert!(!is_level(&rounds(1.0, &[2.0, 1.6, 1.3, 1.1])), "still falling");
        assert!(is_level(&rounds(1.0, &[2.0, 1.4, 1.0, 1.0, 1.0, 1.0])));
        assert!(!is_level(&rounds(0.01, &[1.0, 1.0, 1.0, 1.0, 1.0])), "level, but not for long enough");
        assert!(is_level(&rounds(0.01, &[2.0, 1.4, 1.0, 1.1, 1.0, 1.1, 1.0, 1.1, 1.0])), "noise is no trend");
    }
}
