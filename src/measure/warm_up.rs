//! Warm-up to a plateau: devices answer from idle clocks, and a first round is slower than those that count.

use super::canary::Canary;
use super::prepare::Bench;
use super::{Dispatches, MeasureError, Watch};
use crate::clock;
use crate::device::Job;
use crate::record::WarmUp;
use crate::stats;

/// A kernel shorter than this many steps of its clock is dispatched several times in one pass.
const TICKS: f64 = 10.0;

/// Dispatches in one pass at the most.
const MOST_DISPATCHES: f64 = 1024.0;

/// Canaries in a round; the median of them counts.
const CANARIES: usize = 3;

/// A device that gets faster by less than this from one round to the next, and the next but one, is warm.
const LEVEL: f64 = 0.02;

/// Seconds for which it must stay level: clocks rise in steps.
const LEVEL_FOR: f64 = 0.05;

/// Runs all cases in turn until the canary no longer gets faster, or so many seconds are over; and sets how many
/// dispatches each clock needs, by the fastest kernel of all rounds.
pub(super) async fn warm_up<J: Job>(
    bench: &mut Bench<J>,
    mut canary: Option<&mut Canary<J>>,
    resolution: f64,
    seconds: f64,
    watch: &dyn Watch,
) -> Result<WarmUp, MeasureError> {
    watch.begin("warming up", 1);
    let start = clock::now();
    let mut fastest = vec![f64::INFINITY; bench.entries.len()];
    let mut songs: Vec<(f64, f64)> = Vec::new();
    let mut warm_up = WarmUp { rounds: 0, seconds: 0.0, settled: false };
    loop {
        for (entry, fastest) in bench.entries.iter_mut().zip(&mut fastest) {
            let repetition = entry.job.run().await?;
            entry.case.rejected_timestamps += u32::from(repetition.rejected);
            let kernel = repetition.kernel();
            *fastest = kernel.map_or(*fastest, |kernel| fastest.min(kernel));
        }
        if let Some(canary) = canary.as_deref_mut() {
            let mut kernels = Vec::with_capacity(CANARIES);
            for _ in 0..CANARIES {
                kernels.push(canary.sing().await?.kernel);
            }
            songs.push((clock::seconds_since(start), stats::median(&kernels).unwrap_or(f64::INFINITY)));
        }
        warm_up =
            WarmUp { rounds: warm_up.rounds + 1, seconds: clock::seconds_since(start), settled: is_level(&songs) };
        if warm_up.settled || warm_up.seconds >= seconds || watch.interrupted() {
            break;
        }
    }
    for (entry, kernel) in bench.entries.iter_mut().zip(fastest) {
        if let (Dispatches::AsTheClockNeeds, true) = (entry.dispatches, kernel.is_finite()) {
            entry.set_dispatches(dispatches(kernel, resolution));
        }
    }
    watch.end();
    Ok(warm_up)
}

/// Whether the last rounds, three at the least and as many as the time asks for, got no faster. Each is a time since the
/// beginning and the median of the canary, in seconds.
fn is_level(songs: &[(f64, f64)]) -> bool {
    let Some((now, _)) = songs.last() else {
        return false;
    };
    let long_ago = songs.iter().take_while(|(at, _)| now - at >= LEVEL_FOR).count();
    let begin = long_ago.min(songs.len().saturating_sub(3) + 1);
    let level = |pair: &[(f64, f64)]| pair[1].1 >= (1.0 - LEVEL) * pair[0].1;
    begin > 0 && songs.len() >= 3 && songs[begin - 1..].windows(2).all(level)
}

/// How many dispatches make a kernel of that time long enough for a clock of that resolution.
fn dispatches(kernel: f64, resolution: f64) -> u32 {
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
    }

    #[test]
    fn a_device_is_warm_when_it_no_longer_gets_faster() {
        let rounds = |pause: f64, times: &[f64]| {
            times.iter().enumerate().map(|(i, time)| (pause * (i + 1) as f64, *time)).collect::<Vec<_>>()
        };
        assert!(!is_level(&[]));
        assert!(!is_level(&rounds(1.0, &[1.0, 1.0])), "two rounds say little");
        assert!(is_level(&rounds(1.0, &[1.0, 1.0, 1.01])));
        assert!(!is_level(&rounds(1.0, &[2.0, 1.4, 1.0])), "still falling");
        assert!(is_level(&rounds(1.0, &[2.0, 1.4, 1.0, 1.0, 1.0])));
        assert!(!is_level(&rounds(0.01, &[2.0, 1.0, 1.0, 1.0, 1.0])), "level, but not for long enough");
        assert!(is_level(&rounds(0.01, &[2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])));
    }
}
