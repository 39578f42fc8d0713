//! Finds the size at which copies become slower: the edge of a cache.
//!
//! The time of a copy of S bytes is `T = e + a F + b (S − F)`. F bytes move at the cache's rate `1/a`, and the rest
//! move at the memory's rate `1/b`. Up to the cache size C everything fits: `F = S`. Beyond C the result depends on
//! what the cache evicts:
//! - If it keeps what it has, `F = C`, and the time has a bend.
//! - If it evicts the least recently used data, a long copy finds nothing in the cache: `F = 0`, and the time jumps.
//! - Real caches lie between these two: `F = (1 − w) C`.
//!
//! Source for the part that stays in a cache: D. Thiébaut & H. S. Stone, "Footprints in the cache", ACM Transactions on
//! Computer Systems 5 (1987).
//!
//! The smallest copies show neither rate. Apart from the launch floor they take only the latency of one load.

use serde::Serialize;

use crate::stats::{Estimate, Summary};

use super::costs::Costs;
use super::fitted::ends;
use super::times::Times;

/// Fewest sizes for a fit: one more than the five parameters.
const FEWEST_POINTS: usize = 6;

/// Number of parameters: a fixed cost, two rates, the edge and the jump.
const PARAMETERS: usize = 5;

/// A copy must take this many times as long as the shortest copy to show a rate. Both times are without the launch
/// floor.
const LONGER: f64 = 1.5;

/// The memory must be slower than the cache by at least this factor.
const SLOWER: f64 = 1.15;

/// An edge is accepted only if `high/low` of its interval is below this factor.
const WIDEST: f64 = 2.0;

/// Number of edges tried per doubling of the size.
const PLACES: f64 = 32.0;

/// Values tried for w, the share of the cache that is lost beyond the edge.
const JUMPS: [f64; 3] = [0.0, 0.5, 1.0];

/// Edges whose sum of squares is within this factor of the smallest one count as equally good. A jump may lie anywhere
/// between two measured sizes.
const AS_GOOD: f64 = 1.001;

/// A cache in front of a memory.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct Cache {
    /// Largest size that fits into the cache, in bytes.
    pub edge: Estimate,
    /// Rate inside the cache, in bytes per second.
    pub cache_rate: f64,
    /// Rate of the memory behind the cache, in bytes per second.
    pub memory_rate: f64,
    /// Share w of the cache's data that is lost once the edge is passed, 0 to 1.
    pub jump: f64,
}

/// One tried pair of edge and jump, with the rates of cache and memory.
#[derive(Clone, Copy)]
struct Trial {
    edge: f64,
    jump: f64,
    rates: [f64; 2],
    sum_of_squares: f64,
}

/// Finds the edge of a cache from copies of different sizes.
///
/// `copies` holds bytes and times in ascending order. `floor` is the launch floor in seconds, or 0. Returns `None` if a
/// straight line explains the times as well, or if the interval of the edge spans more than a factor of two.
///
/// The fit minimises squared relative errors. The interval of the edge is a profile-likelihood interval over all jumps,
/// with Student's t on n − 5 degrees of freedom.
pub fn find(copies: &[(f64, Summary)], floor: f64) -> Option<Cache> {
    let seen = seen(copies, floor);
    let [_, (second, _), .., (last, _), _] = seen[..] else { return None };
    if seen.len() < FEWEST_POINTS {
        return None;
    }
    let times = Times::of(&seen.iter().map(|(_, time)| *time).collect::<Vec<_>>()).ok()?;
    let bytes: Vec<f64> = seen.iter().map(|(bytes, _)| *bytes).collect();
    // Each side of the edge needs at least two sizes.
    let places = (PLACES * (last / second).log2()).ceil().max(1.0);
    let step = (last / second).powf(1.0 / places);
    let edges = (0..=places as u32).map(|place| second * step.powf(f64::from(place)));
    let tried = edges.flat_map(|edge| JUMPS.map(|jump| (edge, jump)));
    let trials: Vec<Trial> = tried.filter_map(|(edge, jump)| trial(&times, &bytes, edge, jump)).collect();
    let best = *trials.iter().min_by(|one, other| one.sum_of_squares.total_cmp(&other.sum_of_squares))?;
    let threshold = times.threshold(best.sum_of_squares, PARAMETERS);
    let ones = vec![1.0; bytes.len()];
    let columns: [&[f64]; 2] = [&ones, &bytes];
    let straight = Costs::fit(&times, &columns, 0)?;
    if straight.sum_of_squares <= threshold {
        return None;
    }
    let among = |suits: &dyn Fn(&Trial) -> bool| {
        ends(&trials.iter().filter(|trial| suits(trial)).map(|trial| trial.edge).collect::<Vec<_>>())
    };
    let (from, to) = among(&|one| one.jump == best.jump && one.sum_of_squares <= AS_GOOD * best.sum_of_squares);
    let (low, high) = among(&|one| one.sum_of_squares <= threshold);
    // The edge is not known better than to the distance between two tried edges.
    let edge = Estimate::finite((from * to).sqrt(), low / step, high * step)?;
    let [cache_rate, memory_rate] = best.rates;
    (edge.low * WIDEST > edge.high).then_some(Cache { edge, cache_rate, memory_rate, jump: best.jump })
}

/// Returns the copies that are long enough to show a rate.
fn seen(copies: &[(f64, Summary)], floor: f64) -> Vec<(f64, Summary)> {
    let own = |time: &Summary| time.median - floor;
    let shortest = copies.iter().map(|(_, time)| own(time)).fold(f64::INFINITY, f64::min).max(0.0);
    copies.iter().filter(|(_, time)| own(time) > LONGER * shortest).copied().collect()
}

/// Fits the rates for one edge and jump; returns `None` unless the memory is slower than the cache.
fn trial(times: &Times, bytes: &[f64], edge: f64, jump: f64) -> Option<Trial> {
    let ones = vec![1.0; bytes.len()];
    let found = |size: f64| if size <= edge { size } else { (1.0 - jump) * edge };
    let fits: Vec<f64> = bytes.iter().map(|&size| found(size)).collect();
    let rest: Vec<f64> = bytes.iter().map(|&size| size - found(size)).collect();
    let columns: [&[f64]; 3] = [&ones, &fits, &rest];
    let fit = Costs::fit(times, &columns, PARAMETERS - 3)?;
    let (in_cache, beyond) = (fit.coefficients[1], fit.coefficients[2]);
    let rates = [1.0 / in_cache, 1.0 / beyond];
    (in_cache > 0.0 && beyond >= SLOWER * in_cache).then_some(Trial {
        edge,
        jump,
        rates,
        sum_of_squares: fit.sum_of_squares,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOOR: f64 = 2e-6;

    /// Returns copies of 2^18 to 2^29 bytes, with 1.5 times a power of two between most of them and a wobble of 1 %.
    /// The smallest copies take only the latency of one load, 1 µs.
    fn copies(cache: f64, rates: [f64; 2], jump: f64, shift: f64) -> Vec<(f64, Summary)> {
        let mut sizes = [18, 20, 21, 22, 23, 24, 25, 26, 27, 29].map(|exponent| f64::from(1u32 << exponent)).to_vec();
        sizes.extend((20..26).map(|exponent| 1.5 * f64::from(1u32 << exponent)));
        sizes.sort_by(f64::total_cmp);
        let copy = |bytes: f64| {
            let found = if bytes <= cache { bytes } else { (1.0 - jump) * cache };
            let own: f64 = found / rates[0] + (bytes - found) / rates[1];
            let seconds = FLOOR + (own.powi(6) + 1e-6f64.powi(6)).powf(1.0 / 6.0);
            let seconds = seconds * (1.0 + 0.01 * (7.0 * bytes.ln() + shift).sin());
            (bytes, Summary::of(&[0.99 * seconds, 0.995 * seconds, seconds, 1.005 * seconds, 1.01 * seconds]).unwrap())
        };
        sizes.into_iter().map(copy).collect()
    }

    /// The last pair of rates belongs to a cache that is only 1.6 times as fast as its memory.
    #[test]
    fn a_planted_edge_is_found_within_15_percent() {
        for megabytes in [4.0, 6.0, 24.0, 32.0, 50.0] {
            for (shift, rates) in
                [(0.0, [2e12, 600e9]), (1.0, [1e12, 256e9]), (2.5, [5e12, 2e12]), (0.5, [5.5e12, 3.35e12])]
            {
                if rates[0] > 4e12 && megabytes < 24.0 {
                    continue; // So small a copy takes only the latency of its first load.
                }
                let planted = megabytes * 1_048_576.0;
                let found = find(&copies(planted, rates, 0.0, shift), FLOOR).unwrap();
                assert!((found.edge.value / planted - 1.0).abs() < 0.15, "{megabytes} {rates:?}: {found:?}");
                assert!(found.edge.low <= planted * 1.02 && planted * 0.98 <= found.edge.high, "{found:?}");
                assert!((found.memory_rate / rates[1] - 1.0).abs() < 0.1, "{found:?}");
            }
        }
    }

    /// A jump is only known to lie between two measured sizes.
    #[test]
    fn a_jump_is_told_from_a_bend() {
        for megabytes in [5.0, 20.0, 40.0] {
            let planted = megabytes * 1_048_576.0;
            let found = find(&copies(planted, [2e12, 400e9], 1.0, 0.3), FLOOR).unwrap();
            assert_eq!(found.jump, 1.0, "{found:?}");
            assert!(found.edge.low <= planted && planted <= found.edge.high, "{found:?}");
            assert!((found.memory_rate / 400e9 - 1.0).abs() < 0.1, "{found:?}");
        }
    }

    #[test]
    fn one_rate_has_no_edge() {
        for shift in [0.0, 1.0, 2.0, 3.0] {
            assert_eq!(find(&copies(1.0, [400e9, 400e9], 0.0, shift), FLOOR), None);
            assert_eq!(find(&copies(8e6, [420e9, 400e9], 0.0, shift), FLOOR), None, "five per cent are no edge");
        }
        assert_eq!(find(&copies(8e6, [2e12, 400e9], 0.0, 0.0)[..6], FLOOR), None, "too few sizes");
        assert_eq!(find(&[], 0.0), None);
    }
}
