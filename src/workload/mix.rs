//! `mix`: reads each element, does k multiply-adds and writes it. The bytes stay the same and k sets the arithmetic, so
//! k turns a memory-bound job into a compute-bound one.

use super::chain::{self, Chain, Params};
use super::grid::ends;
use super::shader::wgsl;
use super::{Shader, Variant};
use crate::record::Problem;

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Mix;

const PARAMS: &[&str] = &["n", "workers", "k", "a_mask", "b_mask"];

impl Chain for Mix {
    const NAME: &'static str = "mix";
    const SUMMARY: &'static str = "k multiply-adds per element that is read and written";
    const VARIANTS: &'static [Variant] = &[chain::plain::<Self>(
        "four elements at a time if n is a multiple of four",
        &[Shader::new(&[wgsl!("mix")], PARAMS), Shader::new(&[wgsl!("mix_vec4")], PARAMS)],
    )];
    const READS: Option<u8> = Some(128);
    /// The largest result is 128 + 4 k.
    const MOST_K: u64 = 4_194_200;
    const EXACTNESS: &'static str = "a is 1, x and b are whole numbers, so every step adds a whole number to a whole \
                                     number below 2^24, which a 32-bit float does exactly, fused or not";

    fn problem(n: u64) -> Problem {
        Problem::Chain { n, k: 16 }
    }

    /// Takes four elements if n is a multiple of four, because a wide access is one instruction instead of four.
    fn at_a_time(problem: Problem) -> (u64, usize) {
        if problem.n().is_multiple_of(4) { (4, 1) } else { (1, 0) }
    }

    fn loop_ends(Params { k, .. }: Params) -> u64 {
        ends(k / 32) + ends(k % 32 / 8) + ends(k % 8)
    }

    #[inline(always)]
    fn start(_: u32, _: usize, x: f32) -> f32 {
        x
    }
}

#[cfg(test)]
mod tests {
    use super::super::chain::Chains;
    use super::*;
    use crate::record::Case;
    use crate::workload::Workload;

    const MIX: Chains<Mix> = Chains(Mix);

    #[test]
    fn the_intensity_of_k_multiply_adds_is_a_quarter_of_k() {
        let problem = Problem::Chain { n: 1000, k: 20 };
        assert_eq!(MIX.flop(problem), 40_000.0);
        assert_eq!(MIX.bytes(problem), 8000.0, "x read, z written, four bytes each");
    }

    #[test]
    fn back_edges_counted_by_hand() {
        // The busiest worker has 10 elements, or 3 vectors of four, each with 2 rounds of 32, 3 of 8 and 5 of 1.
        let edges = |n| (Mix::VARIANTS[0].back_edges)(&Case::new(Problem::Chain { n, k: 93 }, 10, 2));
        assert_eq!(edges(99), 10 * (1 + 3 + 4 + 6) + 1);
        assert_eq!(edges(100), 3 * (1 + 3 + 4 + 6) + 1);
    }

    #[test]
    fn any_number_of_multiply_adds_is_exact() {
        for k in [1, 7, 8, 31, 93] {
            let problem = Problem::Chain { n: 65, k };
            assert!(MIX.check(&Mix::VARIANTS[0], &Case::new(problem, 1, 1)).is_ok());
            let inputs = vec![vec![128.0; 65]];
            let mut output = [f32::NAN; 2];
            MIX.compute(problem, &inputs, 63..65, &mut output);
            assert_eq!(output, [128.0 + 4.0 * k as f32, 128.0 + k as f32]);
            assert_eq!(output.map(f64::from), MIX.reference(problem, &inputs)[63..], "{k}");
        }
    }
}
