//! What Karp–Flatt's fraction does down the column, in sentences.
//!
//! If the time on one worker is too short by a factor f for what the others follow, the fraction on p workers is too
//! large by (f − 1)/(p − 1): it falls. If it is too long, the fraction rises from below, or is negative. So the slope
//! over 1/(p − 1) tells f.

use crate::page::speedup::workers;
use crate::page::words;
use crate::units;

/// A fraction below this is more than linear.
const NEGATIVE: f64 = -0.01;

/// A fraction changes if it does so by this factor, and by this share of the whole time.
const CHANGES: f64 = 1.2;
const LEAST_CHANGE: f64 = 0.01;

/// From one count to the next it jumps down if it falls by this factor, and by this share.
const JUMPS: f64 = 2.0;
const LEAST_JUMP: f64 = 0.05;

/// What the fraction does over the worker counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Trend {
    /// These counts are more than p times faster.
    Negative(Vec<f64>),
    /// It falls at once between two counts.
    Jumps([(f64, f64); 2]),
    /// It falls from one count to another, as if one worker took `short` less time than the rest implies.
    Falls([(f64, f64); 2], f64),
    /// It rises from one count to another.
    Rises([(f64, f64); 2]),
    /// It stays near this.
    Level(f64),
}

/// Returns the trend of (workers relative to the base, fraction), by growing workers; `None` if it goes up and down, or
/// of fewer than two.
pub(super) fn trend(shares: &[(f64, f64)]) -> Option<Trend> {
    let (&first, &last) = (shares.first()?, shares.last()?);
    let negative: Vec<f64> =
        shares.iter().filter(|(_, share)| *share < NEGATIVE).map(|(workers, _)| *workers).collect();
    if !negative.is_empty() {
        return Some(Trend::Negative(negative));
    }
    if shares.len() < 2 {
        return None;
    }
    let jump = shares.windows(2).find(|pair| pair[0].1 > JUMPS * pair[1].1 && pair[0].1 - pair[1].1 > LEAST_JUMP);
    let before = jump.and_then(|pair| shares.iter().position(|share| share == &pair[0]));
    if let (Some(&[from, to]), Some(1..)) = (jump, before) {
        return Some(Trend::Jumps([from, to]));
    }
    let changes = |from: f64, to: f64| to > CHANGES * from && to - from > LEAST_CHANGE;
    let steps = |up: bool| shares.windows(2).filter(|pair| (pair[1].1 > pair[0].1) == up).count();
    if changes(last.1, first.1) && steps(true) <= steps(false) / 2 {
        return short(shares).map(|short| Trend::Falls([first, last], short));
    }
    if changes(first.1, last.1) && steps(false) <= steps(true) / 2 {
        return Some(Trend::Rises([first, last]));
    }
    let all = || shares.iter().map(|(_, share)| *share);
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(0.0, f64::max));
    (!changes(low, high)).then(|| Trend::Level(all().sum::<f64>() / shares.len() as f64))
}

/// Returns by which share the time on one worker is shorter than the others imply: the slope of the fraction over
/// 1/(p − 1), which is f − 1. `None` if it is not shorter.
fn short(shares: &[(f64, f64)]) -> Option<f64> {
    let n = shares.len() as f64;
    let x = |workers: f64| 1.0 / (workers - 1.0);
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| shares.iter().map(of).sum::<f64>() / n;
    let (mx, my) = (mean(&|(p, _)| x(*p)), mean(&|(_, e)| *e));
    let slope = mean(&|(p, e)| (x(*p) - mx) * (e - my)) / mean(&|(p, _)| (x(*p) - mx).powi(2));
    (slope > 0.0 && slope.is_finite()).then(|| slope / (1.0 + slope))
}

impl Trend {
    /// Writes it for a table whose speedups are over this worker count. What a fitted law already says is left out
    /// unless `alone`.
    pub(super) fn sentence(&self, base: f64, alone: bool) -> Option<String> {
        let count = |relative: &f64| workers(relative * base);
        let fraction = "Karp–Flatt's fraction";
        let from_to = |[(p, from), (q, to)]: &[(f64, f64); 2]| {
            let (from, to) = (units::percent(*from), units::percent(*to));
            format!("from {from} on {} workers to {to} on {}", count(p), count(q))
        };
        let one = format!("{} {}", workers(base), words::noun(base));
        Some(match self {
            Self::Negative(counts) => format!(
                "On {} the speedup exceeds {}: {one} took longer than the rest imply. More cache per \
                 worker does that, and so does a first run that was cold, disturbed, or at a lower clock",
                words::on_workers(counts.iter().map(count).collect()),
                if base == 1.0 { "the worker count" } else { "the growth of the workers" }
            ),
            Self::Jumps(pair) => format!(
                "{fraction} drops {}: something besides the worker count changed there, such as the nodes, the \
                 placement of threads, or another program",
                from_to(pair)
            ),
            Self::Falls(pair, short) => format!(
                "{fraction} falls {}: the time on {one} is about {} short for the rest. It may be a sequential \
                 program without the cost of a team, or a lone worker with a higher clock and the whole cache; or \
                 every team pays a fixed cost",
                from_to(pair),
                units::percent(*short)
            ),
            Self::Rises(pair) if alone => format!(
                "{fraction} rises {}: adding workers costs time, or the hardware is full; a serial part alone keeps it \
                 the same",
                from_to(pair)
            ),
            Self::Level(share) if alone => {
                format!("{fraction} stays near {}, as a serial part of that size keeps it", units::percent(*share))
            }
            Self::Rises(_) | Self::Level(_) => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::speedup::karp_flatt;

    /// Karp–Flatt of times over the first.
    fn shares(times: &[(f64, f64)]) -> Vec<(f64, f64)> {
        let one = times[0].1;
        times[1..].iter().map(|&(p, t)| (p, karp_flatt(one / t, p).unwrap())).collect()
    }

    /// s = 5 %, and the time on one worker 10 % shorter than the law says, or longer.
    #[test]
    fn a_short_base_makes_it_fall_and_a_long_one_exceed() {
        let team = |p: f64| (p, 0.05 + 0.95 / p);
        let of = |one: f64| shares(&[(1.0, one), team(2.0), team(4.0), team(8.0), team(16.0)]);
        let Some(Trend::Falls(_, short)) = trend(&of(0.9)) else { panic!("{:?}", trend(&of(0.9))) };
        assert!((short - 0.1).abs() < 1e-9, "{short}");
        assert!(
            matches!(trend(&of(1.2)), Some(Trend::Negative(counts)) if counts == [2.0, 4.0]),
            "{:?}",
            trend(&of(1.2))
        );
        assert!(matches!(trend(&of(1.0)), Some(Trend::Level(share)) if (share - 0.05).abs() < 1e-9));
    }

    #[test]
    fn a_cost_per_worker_makes_it_rise_and_a_change_makes_it_jump() {
        let usl = |p: f64| (p, 0.05 + 0.95 / p + 0.01 * (p - 1.0));
        assert!(matches!(trend(&shares(&[1.0, 2.0, 4.0, 8.0].map(usl))), Some(Trend::Rises(_))));
        let dip = [(1.0, 8.93), (2.0, 4.63), (4.0, 3.05), (8.0, 2.89), (16.0, 0.643), (32.0, 0.322)];
        let found = trend(&shares(&dip));
        assert!(matches!(found, Some(Trend::Jumps([(from, _), (to, _)])) if (from, to) == (8.0, 16.0)), "{found:?}");
        assert_eq!(trend(&[]), None);
    }
}
