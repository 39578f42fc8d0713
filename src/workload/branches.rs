//! `branches`: each element takes one of b paths by its index. Each path is a chain of k multiply-adds. More paths do
//! not change the work per element, but the lanes of a subgroup then take more different paths.

use super::chain::{self, Chain, Params};
use super::grid::ends;
use super::shader::wgsl;
use super::{Shader, Variant, foreign};
use crate::record::Problem;

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Branches;

/// Largest number of paths: twice the lanes of the largest subgroup in WebGPU.
pub(crate) const MOST_BRANCHES: u64 = 256;

/// Largest number of consecutive elements on the same path.
const MOST_RUN: u64 = 1 << 20;

impl Chain for Branches {
    const NAME: &'static str = "branches";
    const SUMMARY: &'static str = "k multiply-adds per element, on one of b paths";
    const VARIANTS: &'static [Variant] = &[chain::plain::<Self>(
        "one path after the other, each behind a condition",
        &[Shader::new(&[wgsl!("branches")], &["n", "workers", "branches", "k", "a_mask", "run"])],
    )];
    const UNROLLED: u64 = 16;
    /// The largest result is 1023 + 256 k.
    const MOST_K: u64 = 65_520;
    const EXACTNESS: &'static str = "on every path a is 1 and b a whole number, so every step adds a whole number to a \
                                     whole number below 2^24, which a 32-bit float does exactly, fused or not";

    fn problem(n: u64) -> Problem {
        Problem::Branches { n, branches: 2, k: 256, run: 1 }
    }

    fn params(problem: Problem) -> Params {
        match problem {
            Problem::Branches { branches, k, run, .. } => Params { k, branches, run },
            other => foreign(Self::NAME, other),
        }
    }

    fn check(Params { branches, run, .. }: Params) -> Result<(), String> {
        if !(1..=MOST_BRANCHES).contains(&branches) {
            return Err(format!("branches cannot take {branches} paths: 1 to {MOST_BRANCHES} are possible"));
        }
        if !(1..=MOST_RUN).contains(&run) {
            return Err(format!("branches sends 1 to {MOST_RUN} neighbours the same way, not {run}"));
        }
        Ok(())
    }

    /// Returns the loop ends for all paths. An invocation takes only one path, but a driver that runs a subgroup as one
    /// vector counts the loops of all paths.
    fn loop_ends(Params { branches, k, .. }: Params) -> u64 {
        ends(branches).saturating_add(branches.saturating_mul(ends(k / Self::UNROLLED)))
    }

    #[inline(always)]
    fn start(i: u32, _: usize, _: f32) -> f32 {
        (i % 1024) as f32
    }

    /// Returns the path of element i. A CPU thread has no lanes that wait, so it looks the path up.
    #[inline(always)]
    fn path(Params { branches, run, .. }: Params, i: u32) -> u32 {
        i / run as u32 % branches as u32
    }
}

#[cfg(test)]
mod tests {
    use super::super::chain::Chains;
    use super::*;
    use crate::record::Case;
    use crate::workload::Workload;

    const BRANCHES: Chains<Branches> = Chains(Branches);

    const SOME: Problem = Problem::Branches { n: 1000, branches: 5, k: 64, run: 1 };

    #[test]
    fn the_cost_does_not_depend_on_the_paths() {
        for branches in [1, 5, 256] {
            let problem = Problem::Branches { n: 1000, branches, k: 64, run: 1 };
            assert_eq!(BRANCHES.flop(problem), 128_000.0);
            assert_eq!(BRANCHES.bytes(problem), 4000.0, "one result written, four bytes");
        }
    }

    #[test]
    fn every_path_has_a_result_of_its_own() {
        let reference = BRANCHES.reference(SOME, &[]);
        assert_eq!(reference[..6], [64.0, 129.0, 194.0, 259.0, 324.0, 69.0]);
    }

    #[test]
    fn neighbours_of_a_run_go_the_same_way() {
        let problem = Problem::Branches { n: 8, branches: 3, k: 16, run: 2 };
        assert_eq!(BRANCHES.reference(problem, &[]), [16.0, 17.0, 34.0, 35.0, 52.0, 53.0, 22.0, 23.0]);
        let mut output = [f32::NAN; 5];
        BRANCHES.compute(problem, &[], 3..8, &mut output);
        assert_eq!(output, [35.0, 52.0, 53.0, 22.0, 23.0]);
        assert!(BRANCHES.check(&Branches::VARIANTS[0], &Case::new(problem, 1, 1)).is_ok());
    }

    #[test]
    fn impossible_paths_and_runs_are_refused() {
        for (branches, run) in [(0, 1), (MOST_BRANCHES + 1, 1), (3, 0), (3, MOST_RUN + 1)] {
            let problem = Problem::Branches { n: 8, branches, k: 16, run };
            assert!(BRANCHES.check(&Branches::VARIANTS[0], &Case::new(problem, 1, 1)).is_err(), "{problem:?}");
        }
    }

    #[test]
    fn back_edges_counted_by_hand() {
        // The busiest worker has 10 elements. Each passes 5 conditions, and its subgroup runs 5 paths of 4 steps.
        assert_eq!((Branches::VARIANTS[0].back_edges)(&Case::new(SOME, 100, 4)), 10 * (1 + 6 + 5 * 5) + 1);
    }
}
