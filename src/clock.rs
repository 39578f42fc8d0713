//! The host clock: the one place that reads it.

use std::time::Instant;

/// A reading of the host's monotonic clock.
pub fn now() -> Instant {
    Instant::now()
}

/// Seconds since an earlier reading.
pub fn seconds_since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64()
}

/// The smallest step seen between two successive readings that differ, in seconds.
pub fn resolution() -> f64 {
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
}
