//! Wave quantisation: a device that runs m workgroups at once runs p of them in `ceil(p/m)` waves, and the last wave takes
//! as long as a full one. With the work shared equally, `T(p) = T₁ (φ + (1 − φ) ceil(p/m)/p)`.
//!
//! It is told from smooth saturation, `T(p) = T₁ (φ + (1 − φ)/min(p, m))`, by the smaller sum of squares on the
//! logarithm: both have three parameters, so the difference of their AICc is `n ln(RSS/RSS)`. The effect is described in
//! NVIDIA, "Matrix Multiplication Background User's Guide", section "Wave Quantization".

use serde::{Deserialize, Serialize};

/// Points below which nothing is said: three parameters, and one point more.
const FEWEST: usize = 6;

/// AICc by which waves must be better.
const BETTER: f64 = 2.0;

/// Steps of the search for the serial fraction.
const STEPS: usize = 30;

/// Slots that are tried at the most: more than any GPU has cores times the workgroups that each of them holds.
const MOST_SLOTS: u64 = 8192;

/// Waves that were found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Waves {
    /// Workgroups that run at once: the fewest that explain the times.
    pub slots: u64,
    /// The most that explain them as well, since not every count was measured.
    pub slots_up_to: u64,
    /// How much better waves describe the times than smooth saturation, in AICc.
    pub better_by: f64,
    /// The number of workgroups that loses most by its last wave.
    pub worst: u64,
    /// How many times longer it takes than if its waves were all full.
    pub loss: f64,
}

/// The waves in times over workgroup counts, in seconds; `None` where smooth saturation describes them as well.
pub fn waves(points: &[(u64, f64)]) -> Option<Waves> {
    let most = points.iter().map(|(p, _)| *p).max()?;
    if points.len() < FEWEST || !points.iter().all(|(p, seconds)| *p > 0 && *seconds > 0.0) {
        return None;
    }
    // Where everything runs in one wave there is nothing to tell, so a device has fewer slots than that.
    let most = most.min(MOST_SLOTS);
    let fits = |share: fn(u64, u64) -> f64| (1..most).map(move |slots| (slots, fit(points, |p| share(p, slots))));
    let least = |one: &(u64, (f64, f64)), other: &(u64, (f64, f64))| one.1.0.total_cmp(&other.1.0);
    let (slots, (rss, serial)) = fits(in_waves).min_by(least)?;
    let slots_up_to = fits(in_waves).filter(|(_, (other, _))| *other <= rss).map(|(slots, _)| slots).max()?;
    let (_, (smooth, _)) = fits(smoothly).min_by(least)?;
    let better_by = points.len() as f64 * (smooth / rss.max(f64::MIN_POSITIVE)).ln();
    let loss = |p: u64| {
        let time = |share: f64| serial + (1.0 - serial) * share;
        time(in_waves(p, slots)) / time(smoothly(p, slots))
    };
    let worst = points.iter().map(|(p, _)| *p).max_by(|one, other| loss(*one).total_cmp(&loss(*other)))?;
    let told = better_by > BETTER && loss(worst) > 1.0;
    told.then(|| Waves { slots, slots_up_to, better_by, worst, loss: loss(worst) })
}

/// Share of the work that takes as long as all of it, in waves.
fn in_waves(p: u64, slots: u64) -> f64 {
    p.div_ceil(slots) as f64 / p as f64
}

/// The same without waves.
fn smoothly(p: u64, slots: u64) -> f64 {
    1.0 / p.min(slots) as f64
}

/// The least sum of squares on the logarithm, and the serial fraction that gives it; T₁ is eliminated as the mean.
fn fit(points: &[(u64, f64)], share: impl Fn(u64) -> f64) -> (f64, f64) {
    let rss = |serial: f64| {
        let z: Vec<f64> =
            points.iter().map(|(p, seconds)| seconds.ln() - (serial + (1.0 - serial) * share(*p)).ln()).collect();
        let mean = z.iter().sum::<f64>() / z.len() as f64;
        z.iter().map(|z| (z - mean).powi(2)).sum::<f64>()
    };
    // From 1e-6 to 1 by equal factors, and none at all.
    let serials = (0..=STEPS).map(|step| 10f64.powf(-6.0 + 6.0 * step as f64 / STEPS as f64)).chain([0.0]);
    serials.map(|serial| (rss(serial), serial)).fold((f64::INFINITY, 0.0), |a, b| if b.0 < a.0 { b } else { a })
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTS: [u64; 14] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 20, 24, 32];

    fn points(serial: f64, share: impl Fn(u64) -> f64) -> Vec<(u64, f64)> {
        let noise = |p: u64| 1.0 + 0.01 * ((p * 7919) % 11) as f64 / 11.0;
        COUNTS.iter().map(|&p| (p, 3e-3 * (serial + (1.0 - serial) * share(p)) * noise(p))).collect()
    }

    #[test]
    fn three_workgroups_on_two_slots_take_two_waves() {
        assert_eq!(in_waves(3, 2), 2.0 / 3.0);
        assert_eq!(in_waves(2, 2), 0.5);
        assert_eq!(in_waves(4, 2), 0.5);
    }

    #[test]
    fn planted_waves_are_found_with_their_slots() {
        for slots in [2, 4, 6, 15] {
            let found = waves(&points(0.02, |p| in_waves(p, slots))).unwrap();
            assert!((found.slots..=found.slots_up_to).contains(&slots), "{found:?}");
            assert!(found.slots_up_to < found.slots + slots.div_ceil(3), "{found:?}");
            assert!(found.loss > 1.05 && found.worst > slots, "{found:?}");
        }
        let two = waves(&points(0.0, |p| in_waves(p, 2))).unwrap();
        assert_eq!(two.worst, 3);
        assert!((two.loss - 4.0 / 3.0).abs() < 1e-3, "2/3 instead of 1/2: {two:?}");
    }

    #[test]
    fn smooth_saturation_is_no_waves() {
        assert_eq!(waves(&points(0.02, |p| smoothly(p, 6))), None);
        assert_eq!(waves(&points(0.02, |p| 1.0 / p as f64)), None);
        assert_eq!(waves(&[(1, 1.0), (2, 0.5)]), None);
    }
}
