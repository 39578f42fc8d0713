//! `peak`: k multiply-adds per element, in 8 independent chains. It reads nothing. While one chain waits for its last
//! instruction, the others continue, so its speed is the compute limit.

use super::chain::{self, Chain, Params};
use super::grid::ends;
use super::shader::wgsl;
use super::{Shader, Variant};
use crate::record::Problem;

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Peak;

impl Chain for Peak {
    const NAME: &'static str = "peak";
    const SUMMARY: &'static str = "k multiply-adds per element, in 8 independent chains";
    const VARIANTS: &'static [Variant] = &[chain::plain::<Self>(
        "two chains of four lanes at a time",
        &[Shader::new(&[wgsl!("peak")], &["n", "workers", "k", "a_mask", "b_mask"])],
    )];
    const CHAINS: usize = 8;
    /// 16 multiply-adds in each chain.
    const UNROLLED: u64 = 16 * Self::CHAINS as u64;
    /// The largest sum of all chains is 8 (63 + 3.5) + 4 k.
    const MOST_K: u64 = 32_760 * Self::UNROLLED;
    const EXACTNESS: &'static str = "a is 1 and b a whole number, so every step adds a whole number to a whole number, \
                                     and the sum of all chains stays below 2^24, which a 32-bit float does exactly, \
                                     fused or not";

    fn problem(n: u64) -> Problem {
        Problem::Chain { n, k: 16 * Self::UNROLLED }
    }

    fn loop_ends(Params { k, .. }: Params) -> u64 {
        ends(k / Self::UNROLLED)
    }

    #[inline(always)]
    fn start(i: u32, chain: usize, _: f32) -> f32 {
        (i % 64) as f32 + chain as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Case;
    use crate::workload::PEAK;

    #[test]
    fn the_cost_of_a_thousand_elements() {
        let problem = Problem::Chain { n: 1000, k: 512 };
        assert_eq!(PEAK.flop(problem), 1_024_000.0);
        assert_eq!(PEAK.bytes(problem), 4000.0, "one result written, four bytes");
    }

    #[test]
    fn back_edges_counted_by_hand() {
        // The busiest worker has 50 elements, each with 12 rounds.
        assert_eq!(
            (Peak::VARIANTS[0].back_edges)(&Case::new(Problem::Chain { n: 100, k: 1536 }, 2, 2)),
            50 * (1 + 13) + 1
        );
    }

    #[test]
    fn an_element_is_the_sum_of_its_chains() {
        // Chains start at 1, 2, … 8 and add b = 2 in each of 64 steps.
        assert_eq!(PEAK.reference(Problem::Chain { n: 2, k: 512 }, &[])[1], 36.0 + 8.0 * 64.0 * 2.0);
    }
}
