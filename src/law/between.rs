//! Two values from two runs: their ratio, with an interval that holds what differs from one run to the next.
//!
//! The interval of a median is about its own run. A second run on the same device gives another median: clocks,
//! temperature and other programs differ. So the variance of the logarithm of a ratio is a sum: the error of each
//! value, and the noise of each run. The freedom of the sum is that of Welch (Biometrika 34, 1947) and Satterthwaite
//! (1946). Among many differences some are wide by chance; those of Benjamini and Hochberg (J. R. Stat. Soc. B 57,
//! 1995) are not, but for a known share.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::ratio::{Comparison, INDIFFERENT, compare};
use crate::stats::Estimate;

/// Two values are the same if the whole interval of their ratio lies within this share of 1.
pub const SAME: f64 = 0.1;

/// Share of differences that are told although there is none, at the most.
pub const FALSE_ALARMS: f64 = 0.05;

/// Upper end of a two-sided 95 % interval.
const UPPER: f64 = 0.975;

/// A part of the deviation of a value's logarithm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// Standard deviation: 0.01 is one per cent.
    pub deviation: f64,
    /// Degrees of freedom with which that is known.
    pub freedom: f64,
}

/// Error of a median over that of a mean.
const MEDIAN: f64 = 1.2533;

/// A ratio across two runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// The ratio with its 95 % interval.
    pub ratio: Estimate,
    /// The deviation of its logarithm.
    pub error: Part,
}

/// Why two values are not told apart, or what to know of a difference.
#[derive(Serialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The intervals within the runs overlap.
    Overlap,
    /// The gap is no wider than the noise between two runs.
    NoiseBetweenRuns,
    /// Among so many differences one this wide comes by chance.
    Chance,
    /// Speed changed during one of the runs.
    Drift,
    /// The machine was busy in one of the runs.
    Busy,
    /// Timed once or twice: whatever disturbs a machine may have met both.
    FewTimings,
    /// One of the values has no interval of its own.
    NoInterval,
    /// Two clocks timed them.
    DifferentClocks,
    /// They are about jobs of different sizes.
    DifferentSizes,
    /// They are about different workloads.
    DifferentWorkloads,
    /// Two versions of the program measured them.
    DifferentVersions,
}

/// Returns a ratio with its interval; `None` unless the ratio is positive and its deviation is known.
pub fn gap(ratio: f64, parts: &[Part]) -> Option<Gap> {
    (ratio.is_normal() && ratio > 0.0).then_some(())?;
    let error = Part::sum(parts)?;
    let reach = (error.student()?.inverse_cdf(UPPER) * error.deviation).exp();
    Some(Gap { ratio: Estimate::finite(ratio, ratio / reach, ratio * reach)?, error })
}

impl Part {
    /// Returns the deviation of a sum, with its degrees of freedom; `None` if there is no deviation at all.
    pub fn sum(parts: &[Self]) -> Option<Self> {
        let squares = || parts.iter().map(|part| part.deviation.powi(2));
        let variance: f64 = squares().sum();
        let doubts: f64 = squares().zip(parts).map(|(square, part)| square.powi(2) / part.freedom).sum();
        let freedom = (variance.powi(2) / doubts).min(1e6);
        (variance > 0.0 && freedom > 0.0).then(|| Self { deviation: variance.sqrt(), freedom })
    }

    /// Returns the deviation of the median of some timings, by that of one timing.
    #[must_use]
    pub fn of_median(self, timings: usize) -> Self {
        Self { deviation: MEDIAN * self.deviation / (timings as f64).sqrt(), ..self }
    }

    fn student(self) -> Option<StudentsT> {
        StudentsT::new(0.0, 1.0, self.freedom).ok()
    }
}

/// Returns which of many differences are no chance: of these, [`FALSE_ALARMS`] are expected to be none after all.
pub fn no_chance(chances: &[f64]) -> Vec<bool> {
    let mut sorted = chances.to_vec();
    sorted.sort_by(f64::total_cmp);
    let step = FALSE_ALARMS / chances.len() as f64;
    let allowed = (1..).map(|rank| f64::from(rank) * step);
    let largest = sorted.iter().zip(allowed).filter(|(chance, allowed)| *chance <= allowed).map(|(chance, _)| *chance);
    let largest = largest.last();
    chances.iter().map(|chance| largest.is_some_and(|largest| *chance <= largest)).collect()
}

impl Gap {
    /// Returns the probability of a ratio as far from 1 if the two are the same.
    pub fn chance(&self) -> f64 {
        2.0 * self.chance_of(self.ratio.value.ln().abs())
    }

    /// Returns the probability of a ratio as low if the true one is a limit.
    pub fn chance_below(&self, limit: f64) -> f64 {
        self.chance_of((limit / self.ratio.value).ln())
    }

    fn chance_of(&self, distance: f64) -> f64 {
        self.error.student().map_or(1.0, |t| t.sf(distance / self.error.deviation))
    }

    /// Returns the answer; `is_proven` tells whether the difference is no chance. A ratio above 1 is faster.
    pub fn answer(&self, is_proven: bool) -> Comparison {
        let matters = self.ratio.value.ln().abs() > INDIFFERENT.ln_1p();
        match compare(&self.ratio, SAME) {
            _ if is_proven && matters && self.ratio.value > 1.0 => Comparison::Faster,
            _ if is_proven && matters => Comparison::Slower,
            Comparison::Same => Comparison::Same,
            _ => Comparison::Undecided,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(deviation: f64, freedom: f64) -> Part {
        Part { deviation, freedom }
    }

    /// The printed quantiles of Student's t: 2.228 for 10 degrees of freedom, 1.96 for very many.
    #[test]
    fn the_noise_of_both_runs_is_in_the_interval() {
        let ends = |gap: Gap| (gap.ratio.high.ln() / 0.05, gap.ratio.low.ln() / 0.05);
        let (high, low) = ends(gap(1.0, &[part(0.03, 1e9), part(0.04, 1e9)]).unwrap());
        assert!((high - 1.96).abs() < 1e-3 && (low + 1.96).abs() < 1e-3, "{high} {low}");
        let (high, _) = ends(gap(1.0, &[part(0.05, 10.0)]).unwrap());
        assert!((high - 2.228).abs() < 1e-3, "{high}");
        // Two equal parts are known twice as well as one.
        let (high, _) = ends(gap(1.0, &[part(0.05 / 2f64.sqrt(), 5.0), part(0.05 / 2f64.sqrt(), 5.0)]).unwrap());
        assert!((high - 2.228).abs() < 1e-3, "{high}");
        // As far as the interval reaches, chance reaches in 5 of 100 cases: both ways, or half of that one way.
        let ends = gap(1.0, &[part(0.05, 10.0)]).unwrap().ratio;
        let low = gap(ends.low, &[part(0.05, 10.0)]).unwrap();
        assert!((low.chance() - 0.05).abs() < 1e-6 && (low.chance_below(1.0) - 0.025).abs() < 1e-6);
        assert!((low.chance_below(ends.low) - 0.5).abs() < 1e-6 && low.chance_below(ends.low / 2.0) > 0.99);
        assert_eq!(gap(0.0, &[part(0.05, 10.0)]), None);
        assert_eq!(gap(1.5, &[]), None);
    }

    /// The example of Benjamini and Hochberg 1995, section 3.2: of fifteen, four are no chance.
    #[test]
    fn the_published_example_has_four_that_are_no_chance() {
        let chances = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0,
        ];
        assert_eq!(no_chance(&chances).iter().filter(|is| **is).count(), 4);
        assert!(no_chance(&[]).is_empty());
        assert_eq!(no_chance(&[0.9, 0.04, 0.02]), [false, false, false]);
    }

    #[test]
    fn an_answer_needs_proof_and_a_difference_that_matters() {
        let of = |value: f64, reach: f64| Gap {
            ratio: Estimate { value, low: value / reach, high: value * reach },
            error: part(reach.ln() / 1.96, 1e6),
        };
        assert_eq!(of(1.2, 1.05).answer(true), Comparison::Faster);
        assert_eq!(of(0.8, 1.05).answer(true), Comparison::Slower);
        assert_eq!(of(1.2, 1.05).answer(false), Comparison::Undecided, "it may be chance");
        assert_eq!(of(1.01, 1.001).answer(true), Comparison::Same, "proven, and of no matter");
        assert_eq!(of(1.03, 1.05).answer(false), Comparison::Same, "within a tenth");
        assert_eq!(of(1.03, 1.2).answer(false), Comparison::Undecided);
    }
}
