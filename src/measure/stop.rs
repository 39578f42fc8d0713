//! Decides when a case has enough samples: its median is precise, or more samples no longer help.

use crate::record::{Measurement, Phase, Stop};
use crate::stats::{self, Summary};

/// Smallest ratio of widths that counts as a plateau. If the scatter is random, the interval of all samples is 0.71
/// times as wide as that of one half.
const NO_NARROWER: f64 = 0.98;

/// Number of consecutive looks at which a plateau must be seen. Frequent looks would see one by chance.
const PLATEAUS: u32 = 3;

/// Fewest samples for a plateau.
const FEWEST: usize = 14;

/// The results of looking at a case several times.
#[derive(Default)]
pub(super) struct Looks {
    /// Number of consecutive looks at which the interval had stopped shrinking.
    plateaus: u32,
}

impl Looks {
    /// Returns the result of this look, if it can be believed.
    pub(super) fn believe(&mut self, seen: Option<Stop>) -> Option<Stop> {
        self.plateaus = if seen == Some(Stop::Plateau) { self.plateaus + 1 } else { 0 };
        seen.filter(|stop| *stop == Stop::Precise || self.plateaus >= PLATEAUS)
    }
}

/// Returns why the case needs no more samples, if so. The worst of the phases that the question is about decides. If
/// the case has none of them, the launch decides.
pub(super) fn settled(case: &Measurement, asked: &[Phase]) -> Option<Stop> {
    let samples = |phases: &[Phase]| -> Vec<&[f64]> {
        phases.iter().map(|phase| case.seconds(*phase)).filter(|seconds| !seconds.is_empty()).collect()
    };
    let asked = samples(asked);
    let watched = if asked.is_empty() { samples(&[Phase::Launch]) } else { asked };
    let reason = |seconds: &[f64]| {
        let precise = is_precise(seconds).then_some(Stop::Precise);
        precise.or_else(|| has_plateaued(seconds).then_some(Stop::Plateau))
    };
    let reasons: Vec<Stop> = watched.into_iter().map(reason).collect::<Option<_>>()?;
    reasons.into_iter().max_by_key(|reason| *reason == Stop::Plateau)
}

/// Whether the interval of the samples is narrow; a single one has none.
fn is_precise(seconds: &[f64]) -> bool {
    if seconds.len() < 2 {
        return false;
    }
    Summary::of(seconds).and_then(|summary| summary.relative_width()).is_some_and(|width| width <= Stop::NARROW)
}

/// Returns whether the interval of all samples is as wide as those of the halves, now and at two thirds of the samples.
fn has_plateaued(seconds: &[f64]) -> bool {
    let width = |seconds: &[f64]| stats::rank_interval(seconds).map(|interval| interval.high - interval.low);
    let shrinks_no_more = |seconds: &[f64]| {
        let (early, late) = seconds.split_at(seconds.len() / 2);
        let halves = width(early).zip(width(late)).map(|(early, late)| f64::midpoint(early, late));
        halves.zip(width(seconds)).is_some_and(|(halves, all)| all >= NO_NARROWER * halves)
    };
    let earlier = 2 * seconds.len() / 3;
    earlier >= FEWEST && shrinks_no_more(seconds) && shrinks_no_more(&seconds[..earlier])
}

#[cfg(test)]
mod tests {
    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};

    use super::*;

    #[test]
    fn a_narrow_interval_is_precise() {
        assert!(is_precise(&[1.0, 1.005, 1.01, 1.0, 1.002, 1.003]));
        assert!(!is_precise(&[1.0, 1.05, 1.01, 1.0, 1.02, 1.03]));
        assert!(!is_precise(&[]) && !is_precise(&[1.0]), "nothing is known");
    }

    /// Returns in how many of a hundred series of noise a plateau is believed at some look while the series grows.
    fn plateaus(samples: usize, draw: impl Fn(&mut ChaCha8Rng) -> f64) -> usize {
        let is_believed = |seed: &u64| {
            let mut random = ChaCha8Rng::seed_from_u64(*seed);
            let series: Vec<f64> = (0..samples).map(|_| draw(&mut random)).collect();
            let mut looks = Looks::default();
            let grown = std::iter::successors(Some(20), |blocks| Some(blocks + blocks / 10));
            let seen = |length| has_plateaued(&series[..length]).then_some(Stop::Plateau);
            grown.take_while(|length| *length <= samples).any(|length| looks.believe(seen(length)).is_some())
        };
        (0..100).filter(is_believed).count()
    }

    #[test]
    fn mere_chance_seldom_looks_like_a_plateau() {
        let number = plateaus(400, |random| 1.0 + 0.2 * random.random::<f64>());
        assert!(number <= 5, "{number} of 100");
    }

    #[test]
    fn two_speeds_do_not_average_out() {
        let two_speeds = plateaus(400, |random| if random.random::<f64>() < 0.5 { 1.0 } else { 1.6 });
        assert!(two_speeds >= 60, "{two_speeds} of 100");
    }

    #[test]
    fn a_few_samples_say_nothing_about_a_plateau() {
        assert_eq!(plateaus(20, |random| if random.random::<f64>() < 0.5 { 1.0 } else { 1.6 }), 0);
    }
}
