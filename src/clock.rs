//! The host clock. Only this file reads it.
//!
//! A simulated device takes no real time. While one is measured, the clock of its thread is virtual: only the device
//! moves it forward.

use std::cell::Cell;
use std::time::{Duration, Instant};

thread_local! {
    static VIRTUAL: Cell<Option<Instant>> = const { Cell::new(None) };
    /// Number of simulated devices that live on this thread.
    static SIMULATED: Cell<usize> = const { Cell::new(0) };
}

/// Step of the virtual clock, in seconds: that of a fast host clock.
const VIRTUAL_STEP: f64 = 2e-8;

/// Reads the host's monotonic clock, or the virtual clock of this thread.
pub fn now() -> Instant {
    VIRTUAL.get().unwrap_or_else(Instant::now)
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
                let step = start.elapsed();
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
