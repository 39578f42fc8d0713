//! The edge of a cache: the size at which copies become slower.
//!
//! A copy of S bytes takes `T = e + a F + b (S − F)`: F bytes of it move at the cache's rate `1/a`, the rest at the
//! memory's, `1/b`. Up to the cache's C bytes all of it fits, `F = S`. Beyond them it depends on what the cache gives
//! up. If it keeps what it has, `F = C`: the time has a bend. If it gives up what was used least recently, a long copy
//! finds nothing in it, `F = 0`: the time jumps. Real ones lie between: `F = (1 − w) C`. What is left of a footprint
//! in a cache: D. Thiébaut & H. S. Stone, "Footprints in the cache", ACM Transactions on Computer Systems 5 (1987).
//!
//! The smallest copies show neither rate: one worker's wait for its load is all that they take beside the launch floor.

use serde::Serialize;

use crate::stats::{Estimate, Summary};

use super::costs::Costs;
use super::fitted::ends;
use super::times::Times;

/// Fewest sizes: one more than the five parameters.
const FEWEST_POINTS: usize = 6;

/// Parameters: any copy's cost, both rates, the edge and the jump.
const PARAMETERS: usize = 5;

/// A copy shows a rate if it takes so many times what the shortest one takes, both without the launch floor.
const LONGER: f64 = 1.5;

/// The memory is slower than the cache by this factor at the least, or there is no edge.
const SLOWER: f64 = 1.15;

/// An edge whose interval is wider than this factor is none that anyone could use.
const WIDEST: f64 = 2.0;

/// Edges that are tried for each factor of two.
const PLACES: f64 = 32.0;

/// Shares w of what fits that are tried for the part that jumps.
const JUMPS: [f64; 3] = [0.0, 0.5, 1.0];

/// Edges whose sum of squares is so near to the least are as good as the best: a jump may be anywhere between two
/// sizes.
const AS_GOOD: f64 = 1.001;

/// A cache in front of a memory.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct Cache {
    /// The size from which on not everything fits, in bytes.
    pub edge: Estimate,
    /// Rate of what fits, in bytes per second.
    pub cache_rate: f64,
    /// Rate of what does not fit, in bytes per second.
    pub memory_rate: f64,
    /// Share of what fits that is found no more once the edge is passed.
    pub jump: f64,
}

/// An edge and a jump that were tried, with the rates of what fits and of what does not.
#[derive(Clone, Copy)]
struct Trial {
    edge: f64,
    jump: f64,
    rates: [f64; 2],
    sum_of_squares: f64,
}

/// Looks for the edge of a cache in copies of different sizes: bytes with their time, ascending, and the launch floor
/// in seconds, or 0. `None` if the times are as well explained without an edge, or if the edge cannot be placed
/// within a factor of two.
///
/// Relative errors are squared. The edge's interval is a profile-likelihood interval with Student's t on n − 5 degrees
/// of freedom, over all jumps.
pub fn find(copies: &[(f64, Summary)], floor: f64) -> Option<Cache> {
    let seen = seen(copies, floor);
    let [_, (second, _), .., (last, _), _] = seen[..] else { return None };
    if seen.len() < FEWEST_POINTS {
        return None;
    }
    let times = Times::of(&seen.iter().map(|(_, time)| *time).collect::<Vec<_>>()).ok()?;
    let bytes: Vec<f64> = seen.iter().map(|(bytes, _)| *bytes).collect();
    // Two sizes at the least lie on each side, or the edge is made of one point.
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
    // An edge is known no better than the places that were tried.
    let edge = Estimate::finite((from * to).sqrt(), low / step, high * step)?;
    let [cache_rate, memory_rate] = best.rates;
    (edge.low * WIDEST > edge.high).then_some(Cache { edge, cache_rate, memory_rate, jump: best.jump })
}

/// The copies that show a rate.
fn seen(copies: &[(f64, Summary)], floor: f64) -> Vec<(f64, Summary)> {
    let own = |time: &Summary| time.median - floor;
    let shortest = copies.iter().map(|(_, time)| own(time)).fold(f64::INFINITY, f64::min).max(0.0);
    copies.iter().filter(|(_, time)| own(time) > LONGER * shortest).copied().collect()
}

/// The best fit of an edge and a jump; `None` if the memory is not the slower one by it.
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

    /// Copies of 2^18 to 2^29 bytes and of three halves of most, with a wobble of 1 %. Beyond the cache a share of what
    /// fits is found no more. The smallest copies wait for their one load, 1 us.
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

    /// The last pair of rates is that of a cache only 1.6 times as fast as its memory.
    #[test]
    fn a_planted_edge_is_found_within_15_percent() {
        for megabytes in [4.0, 6.0, 24.0, 32.0, 50.0] {
            for (shift, rates) in
                [(0.0, [2e12, 600e9]), (1.0, [1e12, 256e9]), (2.5, [5e12, 2e12]), (0.5, [5.5e12, 3.35e12])]
            {
                if rates[0] > 4e12 && megabytes < 24.0 {
                    continue; // A copy of so little takes no longer than its wait for the first load.
                }
                let planted = megabytes * 1_048_576.0;
                let found = find(&copies(planted, rates, 0.0, shift), FLOOR).unwrap();
                assert!((found.edge.value / planted - 1.0).abs() < 0.15, "{megabytes} {rates:?}: {found:?}");
                assert!(found.edge.low <= planted * 1.02 && planted * 0.98 <= found.edge.high, "{found:?}");
                assert!((found.memory_rate / rates[1] - 1.0).abs() < 0.1, "{found:?}");
            }
        }
    }

    /// Nobody knows more of a jump than the two sizes between which it lies.
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
