//! `fma`: k dependent multiply-adds per element, computed from the element's index. It reads nothing, so its time is
//! pure arithmetic. k sets the work per element.

use super::chain::{self, Chain, Params};
use super::grid::ends;
use super::shader::wgsl;
use super::{Shader, Variant};
use crate::record::Problem;

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Fma;

impl Chain for Fma {
    const NAME: &'static str = "fma";
    const SUMMARY: &'static str = "k multiply-adds per element, each needs the one before";
    const VARIANTS: &'static [Variant] = &[chain::plain::<Self>(
        "one chain at a time",
        &[Shader::new(&[wgsl!("fma")], &["n", "workers", "k", "a_mask", "b_mask", "first"])],
    )];
    const UNROLLED: u64 = 16;
    /// The largest result is 1023 + 4 k.
    const MOST_K: u64 = 4_194_048;
    const EXACTNESS: &'static str = "a is 1 and b a whole number, so every step adds a whole number to a whole number \
                                     below 2^24, which a 32-bit float does exactly, fused or not";

    fn problem(n: u64) -> Problem {
        Problem::Chain { n, k: 64 }
    }

    fn loop_ends(Params { k, .. }: Params) -> u64 {
        ends(k / 256) + ends(k % 256 / 16)
    }

    #[inline(always)]
    fn start(i: u32, _: usize, _: f32) -> f32 {
        (i % 1024) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Case;
    use crate::workload::FMA;

    #[test]
    fn the_cost_of_a_thousand_chains() {
        let problem = Problem::Chain { n: 1000, k: 256 };
        assert_eq!(FMA.flop(problem), 512_000.0);
        assert_eq!(FMA.bytes(problem), 4000.0, "one result written, four bytes");
    }

    #[test]
    fn back_edges_counted_by_hand() {
        let count = Fma::VARIANTS[0].back_edges;
        // 100 elements for one invocation, each with 4 short steps.
        assert_eq!(count(&Case::new(Problem::Chain { n: 100, k: 64 }, 1, 1)), 100 * (1 + 1 + 5) + 1);
        // The busiest worker has 2 elements, each with 2 long steps and 15 short ones.
        assert_eq!(count(&Case::new(Problem::Chain { n: 100, k: 752 }, 60, 4)), 2 * (1 + 3 + 16) + 1);
    }
}
