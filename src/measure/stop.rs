//! When enough is known about a case: its median is precise, or more samples no longer make it more so.

use crate::record::{Measurement, Phase, Stop};
use crate::stats::{self, Summary};

/// Where chance is all that scatters the samples, the interval of all of them is 0.71 times as wide as that of one
/// half. Beyond this it has stopped shrinking.
const NO_NARROWER: f64 = 0.98;

/// Looks in a row after which a plateau is believed: whoever looks again and again sees one by chance some day.
const PLATEAUS: u32 = 3;

/// Samples below which nothing is said about a plateau.
const FEWEST: usize = 14;

/// What was seen of a case at one look after another.
#[derive(Default)]
pub(super) struct Looks {
    /// Looks in a row at which its interval had stopped shrinking.
    plateaus: u32,
}

impl Looks {
    /// What to believe of what this look saw.
    pub(super) fn believe(&mut self, seen: Option<Stop>) -> Option<Stop> {
        self.plateaus = if seen == Some(Stop::Plateau) { self.plateaus + 1 } else { 0 };
        seen.filter(|stop| *stop == Stop::Precise || self.plateaus >= PLATEAUS)
    }
}

/// Why the case needs no more samples, if it needs none: its worst phase decides, of those that the question is about,
/// or the launch if it has none of them.
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
        assert!(!is_precise(&[]) && !is_precise(&[1.0]), "nothing is known");
    }

    /// In how many of a hundred series the noise is believed to have plateaued, at one of the looks while it grows.
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
