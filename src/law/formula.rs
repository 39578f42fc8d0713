//! Amdahl's and Gustafson's laws, and quantities that follow from a known serial fraction.
//!
//! The serial fraction `s` lies in 0 ..= 1, and workers `p ≥ 1`. Speedups and efficiencies are ratios without a unit.

/// Returns the speedup of a job of fixed size on `p` workers by Amdahl's law, `1 / (s + (1 − s)/p)`.
///
/// Source: G. M. Amdahl, "Validity of the single processor approach to achieving large scale computing capabilities",
/// AFIPS 1967. The paper argues in words; this is the usual formula for it.
pub fn amdahl(serial_fraction: f64, workers: f64) -> f64 {
    1.0 / (serial_fraction + (1.0 - serial_fraction) / workers)
}

/// Returns the scaled speedup of a job that grows with its workers by Gustafson's law, `p − s (p − 1) = s + p (1 − s)`.
/// Here `s` is the serial share of the time **on the p workers**.
///
/// Source: J. L. Gustafson, "Reevaluating Amdahl's Law", Communications of the ACM 31 (1988).
pub fn gustafson(serial_share: f64, workers: f64) -> f64 {
    workers - serial_share * (workers - 1.0)
}

/// Returns the serial share for which Gustafson's law gives a scaled speedup `S`: `(p − S) / (p − 1)`. It is negative
/// if the speedup is above `p`. Returns `None` for `p ≤ 1`.
pub fn gustafson_share(scaled_speedup: f64, workers: f64) -> Option<f64> {
    let share = (workers - scaled_speedup) / (workers - 1.0);
    (workers > 1.0 && share.is_finite()).then_some(share)
}

/// Returns the Karp–Flatt metric: the serial fraction that one speedup `S` on `p` workers implies, `e = (1/S − 1/p) /
/// (1 − 1/p)`. Returns `None` for `p ≤ 1` or a speedup that is not positive.
///
/// Use it to see a trend over `p`. If e stays the same, the job has a serial part. If e rises, an overhead grows with
/// the workers. It is no estimate, because it rests on a single noisy point. It is negative if the speedup is
/// superlinear.
///
/// Source: A. H. Karp & H. P. Flatt, "Measuring parallel processor performance", Communications of the ACM 33 (1990).
pub fn karp_flatt(speedup: f64, workers: f64) -> Option<f64> {
    if !(speedup > 0.0 && speedup.is_finite() && workers > 1.0 && workers.is_finite()) {
        return None;
    }
    let inverse = 1.0 / workers;
    Some((1.0 / speedup - inverse) / (1.0 - inverse))
}

/// Returns the parallel efficiency `S/p`: the speedup per worker.
pub fn efficiency(speedup: f64, workers: f64) -> f64 {
    speedup / workers
}

/// Returns the ceiling of Amdahl's law, `1/s`; `None` (no ceiling) for `s = 0`.
pub fn ceiling(serial_fraction: f64) -> Option<f64> {
    let ceiling = 1.0 / serial_fraction;
    (serial_fraction > 0.0 && ceiling.is_finite()).then_some(ceiling)
}

/// Returns the share of its ceiling that Amdahl's speedup reaches on `p` workers: `s · S(p)`, 0 to 1.
pub fn share_of_ceiling(serial_fraction: f64, workers: f64) -> f64 {
    serial_fraction * amdahl(serial_fraction, workers)
}

/// Returns the smallest whole number of workers at which Amdahl's speedup reaches a share (0 < share < 1) of its
/// ceiling: `p ≥ (1 − s) / (s (1/share − 1))`. Returns `None` if there is no ceiling.
pub fn workers_at_share(serial_fraction: f64, share: f64) -> Option<f64> {
    if !(serial_fraction > 0.0 && serial_fraction <= 1.0 && share > 0.0 && share < 1.0) {
        return None;
    }
    let workers = (1.0 - serial_fraction) / (serial_fraction * (1.0 / share - 1.0));
    Some(whole_workers(workers)).filter(|p| p.is_finite())
}

/// Rounds a worker count up to a whole number, and ignores floating-point error: 81.00000001 becomes 81.
pub(crate) fn whole_workers(workers: f64) -> f64 {
    (workers * (1.0 - 1e-9)).ceil().max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounds_to(value: f64, digits: i32, expected: f64) {
        let unit = 10_f64.powi(digits);
        assert_eq!((value * unit).round() / unit, expected, "{value}");
    }

    /// Columns: workers; Amdahl for s = 0.5, 0.1, 0.02; Gustafson for the same.
    const BOTH_LAWS: [[f64; 7]; 8] = [
        [1.0, 1.00, 1.00, 1.00, 1.00, 1.00, 1.00],
        [2.0, 1.33, 1.82, 1.96, 1.50, 1.90, 1.98],
        [4.0, 1.60, 3.08, 3.77, 2.50, 3.70, 3.94],
        [8.0, 1.78, 4.71, 7.02, 4.50, 7.30, 7.86],
        [16.0, 1.88, 6.40, 12.31, 8.50, 14.50, 15.70],
        [64.0, 1.97, 8.77, 28.32, 32.50, 57.70, 62.74],
        [256.0, 1.99, 9.66, 41.97, 128.50, 230.50, 250.90],
        [1024.0, 2.00, 9.91, 47.72, 512.50, 921.70, 1003.54],
    ];

    #[test]
    fn both_laws_to_the_printed_digit() {
        for [p, a50, a10, a2, g50, g10, g2] in BOTH_LAWS {
            for (s, a, g) in [(0.5, a50, g50), (0.1, a10, g10), (0.02, a2, g2)] {
                rounds_to(amdahl(s, p), 2, a);
                rounds_to(gustafson(s, p), 2, g);
                let back = gustafson_share(gustafson(s, p), p);
                assert!(back.map_or(p == 1.0, |back| (back - s).abs() < 1e-12), "{back:?} at {p}");
            }
        }
    }

    #[test]
    fn ceilings_and_their_shares() {
        for (s, limit, percent) in [(0.5, 2.0, 99.9), (0.1, 10.0, 99.1), (0.02, 50.0, 95.4)] {
            assert_eq!(ceiling(s), Some(limit));
            rounds_to(100.0 * share_of_ceiling(s, 1024.0), 1, percent);
        }
        assert_eq!(ceiling(0.0), None);
        assert_eq!(ceiling(1e-320), None);
    }

    #[test]
    fn textbook_speedups() {
        rounds_to(amdahl(0.5, 100.0), 2, 1.98);
        rounds_to(amdahl(0.05, 100.0), 2, 16.81);
        rounds_to(amdahl(0.10, 16.0), 1, 6.4);
        rounds_to(amdahl(0.10, 1024.0), 1, 9.9);
    }

    #[test]
    fn karp_flatt_returns_the_serial_fraction() {
        for s in [0.0, 0.001, 0.1, 1.0] {
            let e = karp_flatt(amdahl(s, 64.0), 64.0).unwrap();
            assert!((e - s).abs() < 1e-12);
        }
        assert_eq!(karp_flatt(1.0, 1.0), None);
        assert_eq!(karp_flatt(0.0, 4.0), None);
        assert!(karp_flatt(5.0, 4.0).unwrap() < 0.0);
    }

    #[test]
    fn workers_for_nine_tenths_of_the_ceiling() {
        assert_eq!(workers_at_share(0.1, 0.9), Some(81.0));
        assert_eq!(workers_at_share(0.5, 0.9), Some(9.0));
        assert_eq!(workers_at_share(0.02, 0.9), Some(441.0));
        assert_eq!(workers_at_share(1.0, 0.9), Some(1.0));
        assert_eq!(workers_at_share(0.0, 0.9), None);
        for s in [0.3, 0.07, 0.011] {
            let p = workers_at_share(s, 0.9).unwrap();
            assert!(share_of_ceiling(s, p) >= 0.9 - 1e-9);
            assert!(share_of_ceiling(s, p - 1.0) < 0.9);
        }
    }

    #[test]
    fn efficiency_is_speedup_per_worker() {
        assert_eq!(efficiency(6.0, 8.0), 0.75);
    }
}
