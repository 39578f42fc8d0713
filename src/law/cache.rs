//! The edge of a cache: the size at which copies become slower.
//!
//! A copy of S bytes takes `T = e + a min(S, C) + b max(0, S − C)`: as much of it as fits into the cache's C bytes
//! moves at the cache's rate `1/a`, the rest at the memory's, `1/b`.

use serde::Serialize;

use crate::stats::{Estimate, Summary};

use super::costs::Costs;
use super::search::{golden_minimum, lower_end, upper_end};
use super::times::Times;

/// Fewest sizes: one more than the four parameters.
const FEWEST_POINTS: usize = 5;

/// The memory is slower than the cache by this factor at the least, or there is no edge.
const SLOWER: f64 = 1.15;

/// An edge whose interval is wider than this factor is none that anyone could use.
const WIDEST: f64 = 2.0;

/// Sizes that are tried between two neighbouring ones, before the best is refined.
const BETWEEN: usize = 4;

/// Steps of the refinement.
const STEPS: usize = 30;

/// A cache in front of a memory.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct Cache {
    /// The size from which on not everything fits, in bytes.
    pub edge: Estimate,
    /// Rate of what fits, in bytes per second.
    pub cache_rate: f64,
    /// Rate of what does not fit, in bytes per second.
    pub memory_rate: f64,
}

/// Looks for the edge of a cache in copies of different sizes: bytes with their time, ascending. `None` if the times
/// are as well explained without an edge, or if the edge cannot be placed within a factor of two.
///
/// Relative errors are squared. The edge's interval is a profile-likelihood interval with Student's t on n − 4 degrees
/// of freedom.
pub fn find(copies: &[(f64, Summary)]) -> Option<Cache> {
    let [(_, _), (second, _), .., (last, _), (_, _)] = copies else { return None };
    if copies.len() < FEWEST_POINTS {
        return None;
    }
    let times = Times::of(&copies.iter().map(|(_, time)| *time).collect::<Vec<_>>()).ok()?;
    let bytes: Vec<f64> = copies.iter().map(|(bytes, _)| *bytes).collect();
    let squares = |edge: f64| split(&times, &bytes, edge).map_or(f64::INFINITY, |fit| fit.sum_of_squares);
    // Two sizes at the least lie on each side, or the edge is made of one point.
    let (low, high) = (second.ln(), last.ln());
    let places = BETWEEN * copies.len();
    let place = |index: usize| low + (high - low) * index as f64 / places as f64;
    let best = (0..=places).min_by(|a, b| squares(place(*a).exp()).total_cmp(&squares(place(*b).exp())))?;
    let ends = (place(best.saturating_sub(1)), place((best + 1).min(places)));
    let edge = golden_minimum(ends.0, ends.1, STEPS, |x| squares(x.exp())).exp();
    let fit = split(&times, &bytes, edge)?;
    let threshold = times.threshold(fit.sum_of_squares, 4);
    let ones = vec![1.0; bytes.len()];
    let columns: [&[f64]; 2] = [&ones, &bytes];
    let straight = Costs::fit(&times, &columns, 0)?;
    let [_, in_cache, beyond] = fit.costs;
    if straight.sum_of_squares <= threshold || beyond < SLOWER * in_cache || in_cache <= 0.0 {
        return None;
    }
    let holds = |edge: f64| squares(edge) <= threshold;
    let edge = Estimate::finite(edge, lower_end(edge, bytes[0], holds), upper_end(edge, bytes[0], 2.0 * last, holds))?;
    (edge.low * WIDEST > edge.high).then_some(Cache { edge, cache_rate: 1.0 / in_cache, memory_rate: 1.0 / beyond })
}

/// The costs at a given edge: of any copy, of a byte that fits, and of one that does not.
struct Split {
    costs: [f64; 3],
    sum_of_squares: f64,
}

fn split(times: &Times, bytes: &[f64], edge: f64) -> Option<Split> {
    let ones = vec![1.0; bytes.len()];
    let fits: Vec<f64> = bytes.iter().map(|size| size.min(edge)).collect();
    let rest: Vec<f64> = bytes.iter().map(|size| (size - edge).max(0.0)).collect();
    let columns: [&[f64]; 3] = [&ones, &fits, &rest];
    let fit = Costs::fit(times, &columns, 1)?;
    Some(Split {
        costs: [fit.coefficients[0], fit.coefficients[1], fit.coefficients[2]],
        sum_of_squares: fit.sum_of_squares,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Copies of 2^18 to 2^29 bytes, four times as many at each second step, with a wobble of 1 %.
    fn copies(floor: f64, cache: f64, rates: [f64; 2], shift: f64) -> Vec<(f64, Summary)> {
        let sizes = [18, 20, 21, 22, 23, 24, 25, 26, 27, 29].map(|exponent| f64::from(1u32 << exponent));
        let copy = |bytes: f64| {
            let seconds = floor + bytes.min(cache) / rates[0] + (bytes - cache).max(0.0) / rates[1];
            let seconds = seconds * (1.0 + 0.01 * (7.0 * bytes.ln() + shift).sin());
            (bytes, Summary::of(&[0.99 * seconds, 0.995 * seconds, seconds, 1.005 * seconds, 1.01 * seconds]).unwrap())
        };
        sizes.map(copy).into()
    }

    #[test]
    fn a_planted_edge_is_found_within_15_percent() {
        for megabytes in [4.0, 6.0, 24.0, 32.0, 50.0] {
            for (shift, rates) in [(0.0, [2e12, 600e9]), (1.0, [1e12, 256e9]), (2.5, [5e12, 2e12])] {
                let planted = megabytes * 1_048_576.0;
                let found = find(&copies(2e-6, planted, rates, shift)).unwrap();
                assert!((found.edge.value / planted - 1.0).abs() < 0.15, "{megabytes} {rates:?}: {found:?}");
                assert!(found.edge.low <= planted * 1.02 && planted * 0.98 <= found.edge.high, "{found:?}");
                assert!((found.memory_rate / rates[1] - 1.0).abs() < 0.1, "{found:?}");
            }
        }
    }

    #[test]
    fn one_rate_has_no_edge() {
        for shift in [0.0, 1.0, 2.0, 3.0] {
            assert_eq!(find(&copies(2e-6, 1.0, [400e9, 400e9], shift)), None);
            assert_eq!(find(&copies(2e-6, 8e6, [420e9, 400e9], shift)), None, "five per cent are no edge");
        }
        assert_eq!(find(&copies(2e-6, 8e6, [2e12, 400e9], 0.0)[..4]), None, "too few sizes");
        assert_eq!(find(&[]), None);
    }
}
