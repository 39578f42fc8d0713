//! What the points show beside the parameters of their law: who gains, who loses, and how a cost grows.
//!
//! `p T(p)` is the time that all workers spend together. Under every law of the family it grows with the workers, and
//! ever faster. If it falls, each worker does more than one alone did. If it jumps from the first count to the second
//! and grows evenly from there, one worker alone is unlike all others.

use serde::Serialize;

use crate::law::reason::Reason;
use crate::law::verdict::Verdict;
use crate::stats::Estimate;

use super::choose::{Growth, Tried, grows_by};
use super::data::Data;
use super::fit::from;
use super::result::SpeedupFit;

/// A fall of `p T(p)` comes at once if one step of the worker counts has this share of it.
const AT_ONCE: f64 = 0.8;

/// One worker alone differs from the others by this factor at the least. A smaller cost of every team looks like a
/// serial part.
pub const FIRST_DIFFERS: f64 = 1.05;

/// It differs by so many standard errors at the least: one chance in a thousand.
const SURE: f64 = 3.3;

/// The time turns if it has so many points on each side of its lowest, the lowest included, and rises by such a factor.
const BRANCH: usize = 4;
const TURNED: f64 = 1.2;

/// What every team pays explains the time that one worker alone does not need if it is that much longer at the most.
const EXPLAINED: f64 = 1.2;

/// A pattern in the points. Its causes are for the page to name.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Pattern {
    /// Each of `from` workers does `factor` times the work of each of `before`: `at_once` between these two counts, or
    /// little by little.
    EachGains {
        /// Workers before the gain.
        before: f64,
        /// Workers from which on there is the whole gain.
        from: f64,
        /// How many times the work each of them does.
        factor: f64,
        /// Whether no count between shows a part of it.
        at_once: bool,
    },
    /// On `from` workers the time is `factor` times shorter than the times up to `before` workers and more sharing
    /// allow.
    Drops {
        /// Workers before the drop.
        before: f64,
        /// Workers after it.
        from: f64,
        /// How many times faster they are.
        factor: f64,
    },
    /// The fewest workers do `factor` times the work for each that a larger team does, and without them a law describes
    /// the points.
    FirstAlone {
        /// How many times the work for each worker.
        factor: f64,
        /// Whether a cost that every larger team pays, however large, can be the reason.
        may_be_fixed: bool,
    },
    /// The time falls up to `at` workers and rises beyond, and no sum of costs turns so sharply.
    Turns {
        /// Workers with the shortest time.
        at: f64,
    },
    /// A cost grows with the workers.
    Grows {
        /// By what.
        by: Growth,
    },
}

/// Returns the pattern in the points of a fit, chosen among the models tried.
pub(crate) fn pattern(data: &Data, tried: &[Tried<'_>], fit: &SpeedupFit) -> Option<Pattern> {
    match fit.verdict {
        Verdict::Superlinear => match fit.reason {
            Reason::FallsTooFar { from, to, factor, .. } => Some(Pattern::Drops { before: from, from: to, factor }),
            _ => gain(data),
        },
        Verdict::Accepted | Verdict::InsufficientRange => first_alone(data, fit).or_else(|| {
            let by = grows_by(tried).unwrap_or(Growth::Unknown);
            fit.has_growing_cost().then_some(Pattern::Grows { by })
        }),
        Verdict::PoorFit | Verdict::NonMonotone => first_alone(data, fit).or_else(|| turn(data)),
        Verdict::InvalidData | Verdict::TooFewPoints => None,
    }
}

/// The fall of `p T(p)`.
fn gain(data: &Data) -> Option<Pattern> {
    let together: Vec<f64> = data.points.iter().map(|point| (point.workers * point.seconds).ln()).collect();
    let lowest = (0..together.len()).min_by(|&i, &j| together[i].total_cmp(&together[j]))?;
    let whole = together[0] - together[lowest];
    let fall = |i: &usize| together[i - 1] - together[*i];
    let steepest = (1..together.len()).max_by(|i, j| fall(i).total_cmp(&fall(j)))?;
    let at_once = fall(&steepest) >= AT_ONCE * whole;
    let (before, from, gain) = if at_once { (steepest - 1, steepest, fall(&steepest)) } else { (0, lowest, whole) };
    Some(Pattern::EachGains { before: data.workers[before], from: data.workers[from], factor: gain.exp(), at_once })
}

/// The fewest workers, if they are what keeps a law from describing the points.
fn first_alone(data: &Data, fit: &SpeedupFit) -> Option<Pattern> {
    let goodness = fit.goodness.as_ref()?;
    let &[first, second, ..] = data.workers.as_slice() else { return None };
    let off = goodness.largest_residual_workers == first && goodness.largest_residual.abs() > FIRST_DIFFERS.ln();
    let quoted = |fit: &SpeedupFit| matches!(fit.verdict, Verdict::Accepted | Verdict::InsufficientRange);
    if second <= first || (quoted(fit) && !off) {
        return None;
    }
    let rest = from(data, 1).filter(quoted)?;
    let curve = rest.curve?;
    let alone = data.points[0].seconds;
    let factor = curve.seconds(first / second) / alone;
    let own = data.points[0].log_se.powi(2).max(data.times.mean_square_error);
    let error = (own + rest.residual_sd?.powi(2)).sqrt();
    let serial = rest.serial_fraction.map(|share: Estimate| share.high).or(rest.serial_fraction_upper)?;
    let may_be_fixed = (factor - 1.0) * alone <= EXPLAINED * serial * curve.seconds_at_one;
    (factor > FIRST_DIFFERS && factor.ln() > SURE * error).then_some(Pattern::FirstAlone { factor, may_be_fixed })
}

/// The workers up to which the time falls, if it rises from there on.
fn turn(data: &Data) -> Option<Pattern> {
    let times = &data.times.seconds;
    let lowest = (0..times.len()).min_by(|&i, &j| times[i].total_cmp(&times[j]))?;
    let (falling, rising) = (&times[..=lowest], &times[lowest..]);
    let falls = falling.windows(2).all(|pair| pair[1] < FIRST_DIFFERS * pair[0]);
    let rises = rising.windows(2).all(|pair| pair[0] < FIRST_DIFFERS * pair[1]);
    let both = falling.len().min(rising.len()) >= BRANCH && rising.last()? > &(TURNED * times[lowest]);
    (falls && rises && both).then(|| Pattern::Turns { at: data.workers[lowest] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::Point;
    use crate::law::speedup::fit;

    /// 1 to 2^(n - 1) workers with a wobble of half a per cent.
    fn shown(points: i32, times: impl Fn(f64) -> f64) -> SpeedupFit {
        let wobble = [1.005, 0.994, 1.0, 1.006, 0.995];
        let point = |i: i32| {
            let p = 2f64.powi(i);
            let seconds = times(p) * wobble[i as usize % wobble.len()];
            Point { log_se: 0.005, repetitions: 20, ..Point::new(p, seconds) }
        };
        fit(&(0..points).map(point).collect::<Vec<_>>())
    }

    #[test]
    fn a_gain_at_once_is_told_from_one_by_little() {
        let step = shown(14, |p| 1.0 / p / if p < 16.0 { 1.0 } else { 1.5 });
        let Some(Pattern::EachGains { before, from, factor, at_once }) = step.pattern else { panic!("{step:?}") };
        assert_eq!((before, from, at_once), (8.0, 16.0, true));
        assert!((factor / 1.5 - 1.0).abs() < 0.02, "{factor}");
        let slow = shown(14, |p| 1.0 / p / 1.06f64.powf(p.log2()));
        assert!(matches!(slow.pattern, Some(Pattern::EachGains { at_once: false, before: 1.0, .. })), "{slow:?}");
    }

    /// All wait for one who takes half as long again; or all teams pay a third of T(1), whoever is in them.
    #[test]
    fn one_worker_alone_is_told_from_a_team() {
        let slow = shown(14, |p| if p > 1.0 { 1.5 / p + 1e-3 } else { 1.0 });
        let Some(Pattern::FirstAlone { factor, may_be_fixed }) = slow.pattern else { panic!("{slow:?}") };
        assert!((factor / 1.5 - 1.0).abs() < 0.02 && !may_be_fixed, "{factor}");
        let rest = slow.rebased.as_ref().unwrap();
        assert_eq!((rest.base_workers, rest.pattern), (2.0, None));
        assert!(rest.attainable_ceiling.is_some() && slow.attainable_ceiling.is_none(), "{slow:?}");
        let paid = shown(14, |p| if p > 1.0 { 1.0 / p + 0.3 } else { 1.0 });
        assert!(matches!(paid.pattern, Some(Pattern::FirstAlone { may_be_fixed: true, .. })), "{paid:?}");
        assert_eq!(shown(14, |p| 0.99 / p + 0.01).pattern, None, "Amdahl's law has no pattern");
    }

    /// A cost per worker that hides behind the work until it is longer: up to 316 workers.
    #[test]
    fn a_sharp_turn_is_found() {
        let hidden = shown(18, |p| (1.0 / p).max(1e-5 * (p - 1.0)));
        assert_eq!(hidden.pattern, Some(Pattern::Turns { at: 256.0 }), "{hidden:?}");
        let step = shown(18, |p| if p > 512.0 { 1.5 / p } else { 1.0 / p });
        assert_eq!(step.pattern, None, "it falls again: {step:?}");
    }

    #[test]
    fn a_cost_by_the_worker_is_told_from_one_by_the_doubling() {
        let by = |fit: &SpeedupFit| match fit.pattern {
            Some(Pattern::Grows { by }) => by,
            other => panic!("{other:?} {fit:?}"),
        };
        let line = shown(18, |p| 0.01 + 0.99 / p + 1e-6 * (p - 1.0));
        assert_eq!((by(&line), line.per_doubling), (Growth::PerWorker, None));
        let tree = shown(18, |p| 0.01 + 0.99 / p + 2e-3 * p.log2());
        assert_eq!((by(&tree), tree.kappa), (Growth::PerDoubling, None));
        assert!((tree.per_doubling.unwrap().value / 2e-3 - 1.0).abs() < 0.05, "{tree:?}");
        let both = shown(18, |p| 0.01 + 0.99 / p + 1e-5 * (p - 1.0) + 5e-3 * p.log2());
        assert_eq!(by(&both), Growth::Both, "{both:?}");
        assert!((both.per_doubling.unwrap().value / 5e-3 - 1.0).abs() < 0.1, "{both:?}");
        assert!((both.kappa.unwrap().value / 1e-5 - 1.0).abs() < 0.1, "{both:?}");
    }

    /// A tenth of the time is serial, so no count has more speedup than workers. From 16 workers on the rest is twice
    /// as fast.
    #[test]
    fn a_cache_behind_a_serial_part_is_found() {
        let cached = |gain: f64| shown(14, move |p| 0.1 + 0.9 / p / if p < 16.0 { 1.0 } else { gain });
        let found = cached(2.0);
        let Some(Pattern::Drops { before, from, factor }) = found.pattern else { panic!("{found:?}") };
        // 0.1 + 0.9/16 over 0.1 + 0.9/32.
        assert!((factor / (0.15625 / 0.128_125) - 1.0).abs() < 0.03, "{factor}");
        assert_eq!((before, from, found.verdict), (8.0, 16.0, Verdict::Superlinear));
        let rest = found.rebased.as_ref().unwrap();
        assert_eq!((rest.base_workers, rest.verdict), (16.0, Verdict::Accepted), "{rest:?}");
        // All counts are of workers, not of teams of 16: 0.1 + 0.45/p is 0.1/0.9 on 40.5.
        assert_eq!((rest.fewest_workers, rest.most_workers), (Some(16.0), Some(8192.0)));
        assert!((rest.workers_at_90_percent.unwrap() - 41.0).abs() <= 2.0, "{rest:?}");
        assert_eq!(cached(1.0).pattern, None);
    }
}
