//! The host clock. Only this file reads it.
//!
//! A simulated device takes no real time. While one is measured, the clock of its thread is virtual: only the device
//! moves it forward.
//!
//! A process can stand still: somebody stops it (Ctrl-Z), or closes the lid. While a run is watched ([`watch`]) the
//! real clock stands still then, too, and [`stopped`] tells for how long.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

thread_local! {
    static VIRTUAL: Cell<Option<Instant>> = const { Cell::new(None) };
    /// Number of simulated devices that live on this thread.
    static SIMULATED: Cell<usize> = const { Cell::new(0) };
}

/// Step of the virtual clock, in seconds: that of a fast host clock.
const VIRTUAL_STEP: f64 = 2e-8;

/// A thread shows by a beat of its own that the process runs: the time between two beats.
const BEAT: Duration = Duration::from_millis(100);

/// Without a beat for longer than this, the process stood still. A busy machine makes a thread wait less.
const STILL: Duration = Duration::from_secs(1);

/// The last beat: the monotonic clock and the clock of the day. `None` while nobody watches.
static LAST: Mutex<Option<(Instant, SystemTime)>> = Mutex::new(None);

/// Nanoseconds for which the process stood still, by the monotonic clock.
static COUNTED: AtomicU64 = AtomicU64::new(0);

/// Nanoseconds for which the process stood still, by the clock that saw more of it.
static STOPPED: AtomicU64 = AtomicU64::new(0);

/// Reads the host's monotonic clock, less the time for which the process stood still, or the virtual clock of this
/// thread.
pub fn now() -> Instant {
    VIRTUAL.get().unwrap_or_else(|| {
        let (now, stopped) = (Instant::now(), Duration::from_nanos(COUNTED.load(Ordering::Relaxed)));
        now.checked_sub(stopped).unwrap_or(now)
    })
}

/// Begins to watch whether the process stands still. Without a thread to be had for that it is not noticed.
pub fn watch() {
    static WATCH: Once = Once::new();
    WATCH.call_once(|| {
        beat();
        let heart = || loop {
            thread::sleep(BEAT);
            beat();
        };
        // Standing still is rare; measuring goes on without noticing it.
        let _ = thread::Builder::new().name("heart".to_owned()).spawn(heart);
    });
}

/// Returns the seconds for which the process stood still since [`watch`]; 0 for a thread with a virtual clock.
pub fn stopped() -> f64 {
    if VIRTUAL.get().is_some() {
        return 0.0;
    }
    beat();
    Duration::from_nanos(STOPPED.load(Ordering::Relaxed)).as_secs_f64()
}

/// Notes that the process runs, and for how long it did not since the last beat. The monotonic clock of some systems
/// stops while the machine sleeps, so the clock of the day is looked at, too.
fn beat() {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    let (now, day) = (Instant::now(), SystemTime::now());
    if let Some((then, day_then)) = last.replace((now, day)) {
        // What began right after the last beat shall not end before it began.
        let still = |gap: Duration| if gap > STILL { gap.saturating_sub(BEAT).as_nanos() as u64 } else { 0 };
        let counted = still(now.duration_since(then));
        COUNTED.fetch_add(counted, Ordering::Relaxed);
        // A clock of the day that was set back shows nothing.
        STOPPED.fetch_add(counted.max(still(day.duration_since(day_then).unwrap_or_default())), Ordering::Relaxed);
    }
}

/// Returns the seconds since an earlier reading.
pub fn seconds_since(start: Instant) -> f64 {
    now().saturating_duration_since(start).as_secs_f64()
}

/// Makes the clock of this thread virtual while the value lives. Only [`advance`] moves it then.
#[derive(Debug)]
pub struct Virtual(());

impl Virtual {
    /// Makes the clock virtual; does not reset it if another simulated device already has.
    pub fn start() -> Self {
        VIRTUAL.set(Some(now()));
        SIMULATED.set(SIMULATED.get() + 1);
        Self(())
    }
}

impl Drop for Virtual {
    fn drop(&mut self) {
        SIMULATED.set(SIMULATED.get() - 1);
        if SIMULATED.get() == 0 {
            VIRTUAL.set(None);
        }
    }
}

/// Moves a virtual clock forward by some seconds; does nothing to a real one.
pub fn advance(seconds: f64) {
    VIRTUAL.set(VIRTUAL.get().map(|now| now + Duration::from_secs_f64(seconds.max(0.0))));
}

/// Returns the smallest step between two different successive readings, in seconds.
pub fn resolution() -> f64 {
    if VIRTUAL.get().is_some() {
        return VIRTUAL_STEP;
    }
    (0..1000)
        .map(|_| {
            let start = now();
            loop {
                let step = now().duration_since(start);
                if !step.is_zero() {
                    return step.as_secs_f64();
                }
            }
        })
        .fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resolution_is_finer_than_a_millisecond() {
        let step = resolution();
        assert!(step > 0.0 && step < 1e-3, "{step} s");
    }

    #[test]
    fn a_virtual_clock_moves_only_when_told() {
        advance(1.0);
        let one = Virtual::start();
        let start = now();
        std::thread::sleep(Duration::from_millis(2));
        assert_eq!(seconds_since(start), 0.0);
        advance(1.5);
        assert_eq!(seconds_since(start), 1.5);
        let other = Virtual::start();
        drop(one);
        advance(1.0);
        assert_eq!(seconds_since(start), 2.5, "another device is still simulated");
        drop(other);
        assert!(seconds_since(start) < 1.0, "the real clock goes on where it is");
    }
}
