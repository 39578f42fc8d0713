//! When enough is known about a case: its median is precise, or more samples no longer make it more so.

use crate::record::{Case, Phase, Stop};
use crate::stats::{self, Summary};

/// A median is known well enough when its 95 % interval is narrower than this share of it.
pub(super) const NARROW: f64 = 0.02;

/// Where chance is all that scatters the samples, the interval of all of them is 0.71 times as wide as that of one half.
/// Beyond this it has stopped shrinking.
const NO_NARROWER: f64 = 0.98;

/// Samples below which nothing is said about a plateau.
const FEWEST: usize = 14;

/// Why the case needs no more samples, if it needs none: its worst phase decides, of those that the question is about, or
/// the launch where it has none of them.
pub(super) fn settled(case: &Case, asked: &[Phase]) -> Option<Stop> {
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

fn is_precise(seconds: &[f64]) -> bool {
    Summary::of(seconds).and_then(|summary| summary.relative_width()).is_some_and(|width| width <= NARROW)
}

/// Whether the interval of all samples is as wide as those of the halves, now and when there were two thirds of them.
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
        assert!(!is_precise(&[]), "nothing is known");
    }

    /// In how many of a hundred series the noise is said to have plateaued.
    fn plateaus(samples: usize, draw: impl Fn(&mut ChaCha8Rng, usize) -> f64) -> usize {
        let series = |seed| {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            (0..samples).map(|index| draw(&mut random, index)).collect::<Vec<f64>>()
        };
        (0..100).filter(|&seed| has_plateaued(&series(seed))).count()
    }

    #[test]
    fn mere_chance_seldom_looks_like_a_plateau() {
        let number = plateaus(60, |random, _| 1.0 + 0.2 * random.random::<f64>());
        assert!(number <= 5, "{number} of 100");
    }

    #[test]
    fn two_speeds_do_not_average_out() {
        let two_speeds = plateaus(120, |random, _| if random.random::<f64>() < 0.5 { 1.0 } else { 1.6 });
        assert!(two_speeds >= 60, "{two_speeds} of 100");
    }

    #[test]
    fn a_few_samples_say_nothing_about_a_plateau() {
        assert_eq!(plateaus(20, |random, _| if random.random::<f64>() < 0.5 { 1.0 } else { 1.6 }), 0);
    }
}
