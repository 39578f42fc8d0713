//! Wave quantisation: a device that runs m workgroups at once needs `ceil(p/m)` waves for p of them, and the last wave
//! takes as long as a full one.
//!
//! If a fixed job is shared equally, `T(p) = T₁ (φ + (1 − φ) ceil(p/m)/p)`. If each workgroup adds as much work as the
//! first, `T(p) = T₁ (φ + (1 − φ) ceil(p/m))`.
//!
//! Smooth saturation has `max(1, p/m)` in place of `ceil(p/m)`. The better of the two has the smaller sum of squares on
//! the logarithm. Both have three parameters, so their AICc differ by `n ln(RSS/RSS)`. Source of the effect: NVIDIA,
//! "Matrix Multiplication Background User's Guide", section "Wave Quantization".

use std::collections::BTreeSet;

use serde::Serialize;

use super::times::DELTA_AICC;

/// Fewest points: twice the three parameters.
const FEWEST: usize = 6;

/// Steps of the search for the serial fraction.
const STEPS: usize = 30;

/// Most slots that are tried: more than any GPU has cores times workgroups per core.
const MOST_SLOTS: u64 = 8192;

/// Number of slots up to which each is tried for smooth saturation. Beyond it the step grows by one per
/// hundred slots, because the curve changes little.
const FINE: u64 = 64;

/// How the work depends on the number of workgroups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// A job of fixed size is shared equally.
    Shared,
    /// Each workgroup adds as much work as the first.
    Each,
}

/// Waves found in the times.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Waves {
    /// Number of workgroups that run at once: the smallest that explains the times.
    pub slots: u64,
    /// The largest number of slots that explains the times equally well. Not every worker count was measured.
    pub slots_up_to: u64,
    /// AICc of smooth saturation minus that of waves.
    pub better_by: f64,
    /// The number of workgroups that loses most through its last wave.
    pub worst: u64,
    /// Its time divided by the time if all of its waves were full.
    pub loss: f64,
}

impl Waves {
    /// Returns the time of the parallel part on p workgroups, divided by its time if all waves were full.
    pub fn excess(&self, p: u64) -> f64 {
        in_waves(p, self.slots) / smoothly(p, self.slots)
    }
}

/// A number of slots with its smallest sum of squares on the logarithm, and the serial fraction for it.
#[derive(Clone, Copy)]
struct Trial {
    slots: u64,
    rss: f64,
    serial: f64,
}

/// Finds waves in times (in seconds) over workgroup counts; returns `None` if smooth saturation fits as well.
pub fn waves(points: &[(u64, f64)], work: Work) -> Option<Waves> {
    let counts: Vec<u64> = points.iter().map(|(p, _)| *p).collect();
    let most = *counts.iter().max()?;
    if points.len() < FEWEST || !points.iter().all(|(p, seconds)| *p > 0 && *seconds > 0.0) {
        return None;
    }
    let first = points[0].1;
    let logs: Vec<f64> = points.iter().map(|(_, seconds)| (seconds / first).ln()).collect();
    // If everything runs in one wave, waves cannot be seen. So only fewer slots than the largest count are tried.
    let most = most.min(MOST_SLOTS);
    let per = |p: u64| if work == Work::Shared { p as f64 } else { 1.0 };
    let trial = |slots: u64, time: fn(u64, u64) -> f64| {
        let shares: Vec<f64> = counts.iter().map(|&p| time(p, slots) / per(p)).collect();
        let (rss, serial) = fit(&logs, &shares);
        Trial { slots, rss, serial }
    };
    let steps: Vec<u64> = steps(&counts, most).into_iter().collect();
    let stepped: Vec<Trial> = steps.iter().map(|&slots| trial(slots, in_waves)).collect();
    let least = |one: &Trial, other: &Trial| one.rss.total_cmp(&other.rss);
    let best = stepped.iter().copied().min_by(least)?;
    let smooth = smooth_slots(most).map(|slots| trial(slots, smoothly)).min_by(least)?;
    let last = stepped.iter().rposition(|other| other.rss <= best.rss)?;
    let slots_up_to = steps.get(last + 1).copied().unwrap_or(most) - 1;
    let better_by = points.len() as f64 * (smooth.rss / best.rss.max(f64::MIN_POSITIVE)).ln();
    let loss = |p: u64| {
        let time = |waves: f64| best.serial + (1.0 - best.serial) * waves / per(p);
        time(in_waves(p, best.slots)) / time(smoothly(p, best.slots))
    };
    let worst = counts.iter().copied().max_by(|one, other| loss(*one).total_cmp(&loss(*other)))?;
    let told = better_by > DELTA_AICC && loss(worst) > 1.0;
    told.then(|| Waves { slots: best.slots, slots_up_to, better_by, worst, loss: loss(worst) })
}

/// Returns the time of p workgroups in waves, relative to one workgroup.
fn in_waves(p: u64, slots: u64) -> f64 {
    p.div_ceil(slots) as f64
}

/// Returns the same time for smooth saturation.
fn smoothly(p: u64, slots: u64) -> f64 {
    (p as f64 / slots as f64).max(1.0)
}

/// Returns the numbers of slots below `most` at which some count needs fewer waves than with one slot less. Between
/// them nothing changes. The fewest slots with which p workgroups run in w waves are `ceil(p/w)`.
fn steps(counts: &[u64], most: u64) -> BTreeSet<u64> {
    let mut steps = BTreeSet::new();
    for &p in counts {
        let mut slots = 1;
        while slots < most {
            steps.insert(slots);
            // The next number of slots at which p needs fewer waves.
            let waves = p.div_ceil(slots);
            if waves == 1 {
                break;
            }
            slots = p.div_ceil(waves - 1);
        }
    }
    steps
}

/// Returns numbers of slots below `most`: every one up to 64, then in growing steps.
fn smooth_slots(most: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(1u64), |&slots| Some(slots + 1 + slots.saturating_sub(FINE) / 100))
        .take_while(move |&slots| slots < most)
}

/// Returns the smallest sum of squares on the logarithm, and its serial fraction. T₁ is eliminated as the mean.
fn fit(logs: &[f64], shares: &[f64]) -> (f64, f64) {
    let n = logs.len() as f64;
    let rss = |serial: f64| {
        let off = logs.iter().zip(shares).map(|(log, share)| log - (serial + (1.0 - serial) * share).ln());
        let (sum, squares) = off.fold((0.0, 0.0), |(sum, squares), z| (sum + z, squares + z * z));
        (squares - sum * sum / n).max(0.0)
    };
    // From 1e-6 to 1 in equal factors, and zero.
    let serials = (0..=STEPS).map(|step| 10f64.powf(-6.0 + 6.0 * step as f64 / STEPS as f64)).chain([0.0]);
    serials.map(|serial| (rss(serial), serial)).fold((f64::INFINITY, 0.0), |a, b| if b.0 < a.0 { b } else { a })
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTS: [u64; 14] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 20, 24, 32];

    fn points(counts: &[u64], serial: f64, share: impl Fn(u64) -> f64) -> Vec<(u64, f64)> {
        let noise = |p: u64| 1.0 + 0.01 * ((p * 7919) % 11) as f64 / 11.0;
        counts.iter().map(|&p| (p, 3e-3 * (serial + (1.0 - serial) * share(p)) * noise(p))).collect()
    }

    #[test]
    fn three_workgroups_on_two_slots_take_two_waves() {
        assert_eq!([2, 3, 4, 5].map(|p| in_waves(p, 2)), [1.0, 2.0, 2.0, 3.0]);
        assert_eq!([1, 2, 3, 4].map(|p| smoothly(p, 2)), [1.0, 1.0, 1.5, 2.0]);
    }

    #[test]
    fn between_the_steps_no_count_changes_its_waves() {
        let counts = [5, 9, 24];
        let steps = steps(&counts, 24);
        for slots in 2..24 {
            let changes = counts.iter().any(|p| p.div_ceil(slots) != p.div_ceil(slots - 1));
            assert_eq!(steps.contains(&slots), changes, "{slots} of {steps:?}");
        }
        assert!(steps.contains(&1) && !steps.contains(&24));
    }

    #[test]
    fn planted_waves_are_found_with_their_slots() {
        for slots in [2, 4, 6, 15] {
            let found = waves(&points(&COUNTS, 0.02, |p| in_waves(p, slots) / p as f64), Work::Shared).unwrap();
            assert!((found.slots..=found.slots_up_to).contains(&slots), "{found:?}");
            assert!(found.slots_up_to < found.slots + slots.div_ceil(3), "{found:?}");
            assert!(found.loss > 1.05 && found.worst > slots, "{found:?}");
        }
        let two = waves(&points(&COUNTS, 0.0, |p| in_waves(p, 2) / p as f64), Work::Shared).unwrap();
        assert_eq!(two.worst, 3);
        assert!((two.loss - 4.0 / 3.0).abs() < 1e-3, "2/3 instead of 1/2: {two:?}");
    }

    /// A fifth of one workgroup's time is serial. 9 workgroups on 6 slots take 0.2 + 0.8 x 2 = 1.8 times as long as
    /// one, instead of 0.2 + 0.8 x 1.5 = 1.4.
    #[test]
    fn waves_of_workgroups_with_work_of_their_own() {
        for slots in [2, 6, 15] {
            let found = waves(&points(&COUNTS, 0.2, |p| in_waves(p, slots)), Work::Each).unwrap();
            assert!((found.slots..=found.slots_up_to).contains(&slots), "{found:?}");
        }
        let exact: Vec<(u64, f64)> = [1, 2, 3, 5, 6, 9, 12, 24].map(|p| (p, 0.2 + 0.8 * in_waves(p, 6))).into();
        let six = waves(&exact, Work::Each).unwrap();
        assert_eq!((six.slots, six.slots_up_to, six.worst), (6, 7, 9), "{six:?}");
        // Neighbouring steps of the serial fraction differ by a factor of 1.6.
        assert!((six.loss - 1.8 / 1.4).abs() < 0.02, "{six:?}");
        assert_eq!((six.excess(6), six.excess(9), six.excess(12)), (1.0, 2.0 / 1.5, 1.0));
    }

    /// As many slots as a large GPU, with the worker counts that are chosen there.
    #[test]
    fn the_waves_of_a_large_device_are_found() {
        let mut counts: Vec<u64> = (0..=14).map(|exponent| 1 << exponent).collect();
        counts.extend((4..=12).flat_map(|exponent| [9, 10, 12].map(|sixteenths| sixteenths << (exponent - 4))));
        counts.sort_unstable();
        let found = waves(&points(&counts, 1e-4, |p| in_waves(p, 1056) / p as f64), Work::Shared).unwrap();
        assert!((found.slots..=found.slots_up_to).contains(&1056), "{found:?}");
        assert!(found.slots > 1000 && found.slots_up_to < 1152, "{found:?}");
    }

    #[test]
    fn smooth_saturation_is_no_waves() {
        assert_eq!(waves(&points(&COUNTS, 0.02, |p| smoothly(p, 6) / p as f64), Work::Shared), None);
        assert_eq!(waves(&points(&COUNTS, 0.02, |p| 1.0 / p as f64), Work::Shared), None);
        assert_eq!(waves(&points(&COUNTS, 0.02, |p| smoothly(p, 6)), Work::Each), None);
        assert_eq!(waves(&points(&COUNTS, 0.02, |_| 1.0), Work::Each), None);
        assert_eq!(waves(&[(1, 1.0), (2, 0.5)], Work::Shared), None);
    }
}
