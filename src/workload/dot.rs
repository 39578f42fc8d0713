//! `dot`: the dot product of two vectors. Each worker computes a partial sum, and the partial sums must be added, so
//! the workers depend on each other.

use std::ops::Range;

use super::grid::{self, ends, rounds, word};
use super::random::signed;
use super::shader::wgsl;
use super::widest::{Work, multiply_add, one_at_a_time, widest};
use super::{Buffer, File, Shader, Step, Tolerance, Variant, Workgroup, Workload};
use crate::record::{Case, Problem};

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Dot;

/// Largest absolute input. It is small, so that sums of products stay exact in 32 bits.
const MOST: u8 = 4;

/// Invocations that add the partial sums: every WebGPU device allows this workgroup size.
const TEAM: u64 = 256;

/// Number of sums that the CPU keeps, to use its vector unit.
const LANES: usize = 64;

/// The kernel that adds the partial sums.
const TOTAL: Shader = Shader::new(&[wgsl!("dot_total")], &["n"]);

/// Returns a kernel that computes the partial sums.
const fn summing(files: &'static [File]) -> Shader {
    Shader { constants: &[("AT_ONCE", AT_ONCE as u32)], ..Shader::new(files, &["n", "workers"]) }
}

const VARIANTS: &[Variant] = &[
    Variant {
        name: "tree",
        summary: "each workgroup adds in shared memory, by halves; then one workgroup adds the sums",
        shaders: &[summing(&[wgsl!("dot_tree")]), TOTAL],
        workgroup: Workgroup::Any,
        busy,
        workgroup_memory,
        back_edges: |case| total(case).max(sums(case) + ends(levels(case.workgroup_size.into()))),
    },
    Variant {
        name: "subgroup",
        summary: "each subgroup adds with one instruction; then as tree",
        shaders: &[summing(&[wgsl!("dot_subgroup")]), TOTAL],
        workgroup: Workgroup::Any,
        busy,
        workgroup_memory,
        back_edges: |case| total(case).max(sums(case) + ends(case.workgroup_size.into())),
    },
];

/// Vectors of four elements that an invocation loads at a time.
const AT_ONCE: u64 = 4;

/// Rounds of each invocation at full width. Adding the partial sums takes little time compared with these.
const ROUNDS: u64 = 4;

fn busy(_: Problem, items: u64) -> u64 {
    items.div_ceil(4 * AT_ONCE * ROUNDS)
}

fn workgroup_memory(workgroup_size: u32) -> u64 {
    4 * u64::from(workgroup_size).max(TEAM)
}

/// Returns how often the loop over the elements ends.
fn sums(case: &Case) -> u64 {
    ends(rounds(case.problem.n().div_ceil(4), AT_ONCE.saturating_mul(case.workers)))
}

/// Returns how often loops end in the one workgroup that adds the partial sums.
fn total(case: &Case) -> u64 {
    let partials = case.workgroups();
    let team = partials.min(TEAM);
    ends(rounds(partials, team)) + ends(levels(team))
}

/// Returns the number of levels of the tree that adds these sums.
fn levels(sums: u64) -> u64 {
    sums.next_power_of_two().ilog2().into()
}

impl Workload for Dot {
    fn name(&self) -> &'static str {
        "dot"
    }

    fn summary(&self) -> &'static str {
        "the sum of x y"
    }

    fn variants(&self) -> &'static [Variant] {
        VARIANTS
    }

    fn problem(&self, n: u64) -> Problem {
        Problem::Vector { n }
    }

    fn items(&self, problem: Problem) -> u64 {
        problem.n()
    }

    fn flop(&self, problem: Problem) -> f64 {
        2.0 * problem.n() as f64
    }

    fn bytes(&self, problem: Problem) -> f64 {
        8.0 * problem.n() as f64 + 4.0
    }

    fn inputs(&self, problem: Problem, seed: u64) -> Vec<Vec<f32>> {
        (0..2).map(|stream| signed(seed, stream, problem.n(), MOST, 1)).collect()
    }

    fn input_lengths(&self, problem: Problem) -> Vec<u64> {
        vec![problem.n(); 2]
    }

    fn output_length(&self, _: Problem) -> u64 {
        1
    }

    fn reference(&self, _: Problem, inputs: &[Vec<f32>]) -> Vec<f64> {
        vec![inputs[0].iter().zip(&inputs[1]).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum()]
    }

    /// Returns zero.
    ///
    /// Derivation for any n: the products are independent, between -16 and 16, and 0 on average. By Hoeffding's
    /// inequality a sum of n of them reaches 2^24 with probability at most 2 exp(-2^48 / (2 n 16^2)). At n = 2^32 that
    /// is 2 exp(-128), below 10^-55, and no job has more than 2^33 partial sums.
    fn tolerance(&self, _: Problem) -> Tolerance {
        Tolerance {
            value: 0.0,
            derivation: "the inputs are whole numbers from -4 to 4, so every partial sum is a whole number, and exact \
                         below 2^24: always for n <= 2^20, and up to 2^32 but for a chance of 10^-45 (Hoeffding)",
        }
    }

    fn steps(&self, _: &Variant, case: &Case) -> Vec<Step> {
        let partials = case.workgroups();
        let team = partials.min(TEAM);
        let total = Case { workers: team, workgroup_size: team as u32, ..*case };
        let words = vec![word(case.problem.n()), word(case.workers)];
        let first = vec![Buffer::Input(0), Buffer::Input(1), Buffer::Scratch(0)];
        vec![
            Step { scratch: vec![partials], ..grid::step(words, first, case) },
            Step { shader: 1, ..grid::step(vec![word(partials)], vec![Buffer::Scratch(0), Buffer::Output], &total) },
        ]
    }

    fn compute(&self, _: Problem, inputs: &[Vec<f32>], items: Range<usize>, output: &mut [f32]) {
        let (x, y) = (&inputs[0][items.clone()], &inputs[1][items]);
        output[0] = widest(Sum { x, y });
    }

    fn compute_scalar(&self, _: Problem, inputs: &[Vec<f32>], items: Range<usize>, output: &mut [f32]) {
        let (x, y) = (&inputs[0][items.clone()], &inputs[1][items.clone()]);
        let y = &y[..x.len()];
        let mut sum = 0.0;
        for i in one_at_a_time(x.len()) {
            sum += x[i] * y[i];
        }
        output[0] = sum;
    }

    fn is_reduction(&self) -> bool {
        true
    }
}

/// The sum of the products, in [`LANES`] partial sums. A single sum would wait for each addition.
struct Sum<'a> {
    x: &'a [f32],
    y: &'a [f32],
}

impl Work for Sum<'_> {
    type Output = f32;

    #[inline(always)]
    fn work<const FUSED: bool>(self) -> f32 {
        let (x, x_rest) = self.x.as_chunks::<LANES>();
        let (y, y_rest) = self.y[..self.x.len()].as_chunks::<LANES>();
        let mut sums = [0.0; LANES];
        for chunk in 0..x.len() {
            for lane in 0..LANES {
                sums[lane] = multiply_add::<FUSED>(x[chunk][lane], y[chunk][lane], sums[lane]);
            }
        }
        let mut total = 0.0;
        for sum in sums {
            total += sum;
        }
        for i in 0..x_rest.len() {
            total += x_rest[i] * y_rest[i];
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_of_a_thousand_elements() {
        let problem = Dot.problem(1000);
        assert_eq!(Dot.flop(problem), 2000.0);
        assert_eq!(Dot.bytes(problem), 8004.0, "x and y read, one sum written, four bytes each");
    }

    #[test]
    fn back_edges_counted_by_hand() {
        let [tree, subgroup] = [0, 1].map(|index| VARIANTS[index].back_edges);
        // 250 vectors of four for one invocation, four at a time: 63 rounds, then one partial sum without a tree.
        assert_eq!(tree(&Case::new(Dot.problem(1000), 1, 1)), 64 + 1);
        // One round and a tree of 100, 50, 25, 13, 7, 4, 2, 1; or as many slots as there could be subgroups.
        assert_eq!(tree(&Case::new(Dot.problem(1000), 100, 100)), 2 + 8);
        assert_eq!(subgroup(&Case::new(Dot.problem(1000), 100, 100)), 2 + 101);
        // 4096 partial sums for 256 invocations: 16 rounds, 8 levels.
        assert_eq!(tree(&Case::new(Dot.problem(4096), 4096, 1)), 17 + 9);
    }

    #[test]
    fn the_sum_is_exact_in_any_order() {
        let problem = Dot.problem(1 << 20);
        let inputs = Dot.inputs(problem, 3);
        let products: Vec<f32> = inputs[0].iter().zip(&inputs[1]).map(|(x, y)| x * y).collect();
        let exact = Dot.reference(problem, &inputs)[0];
        assert!(products.iter().map(|p| p.abs()).sum::<f32>() < 16_777_216.0);
        assert_eq!(f64::from(products.iter().sum::<f32>()), exact);
        assert_eq!(f64::from(products.iter().rev().sum::<f32>()), exact);
        let strides = (0..37).map(|start| products.iter().skip(start).step_by(37).sum::<f32>());
        assert_eq!(f64::from(strides.sum::<f32>()), exact);
    }

    #[test]
    fn hoeffding_at_the_largest_size() {
        let exponent = 2.0_f64.powi(48) / (2.0 * 2.0_f64.powi(32) * f64::from(MOST).powi(4));
        assert_eq!(exponent, 128.0);
        assert!(2.0 * (-exponent).exp() * 2.0_f64.powi(33) < 1e-45);
    }
}
