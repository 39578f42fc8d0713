//! `matmul`: the product of an m x k and a k x n matrix, row by row in memory.

use std::ops::Range;

use super::grid::{self, ends, rounds};
use super::matrix::{self, blocked, shared};
use super::random::signed;
use super::shader::wgsl;
use super::{Buffer, Shader, Step, Tolerance, Variant, Workgroup, Workload, product};
use crate::record::{Case, Problem};

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Matmul;

/// The longest rows with inputs in 64ths. Longer ones have inputs in eighths, so that sums stay exact.
const LONG: u64 = 1 << 16;

/// The longest rows with exact sums.
const LONGEST: u64 = 1 << 28;

const VARIANTS: &[Variant] = &[
    Variant::independent(
        "naive",
        "each element on its own, from device memory",
        &[Shader::new(&[wgsl!("matmul_naive")], matrix::PARAMS)],
        |case| matrix::element_ends(sides(case.problem), case.workers),
    ),
    Variant {
        name: "tiled",
        summary: "square tiles in shared memory",
        shaders: &[Shader::new(&[wgsl!("matmul_tiled")], matrix::PARAMS)],
        workgroup: Workgroup::Square,
        busy: |_, items| items,
        workgroup_memory: |workgroup_size| 8 * u64::from(workgroup_size),
        back_edges: |case| {
            let ([m, k, n], side) = (sides(case.problem), matrix::side(case.workgroup_size));
            // The innermost loop has a constant number of rounds, TILE, and is unrolled: llvmpipe does so up to 32 at
            // least.
            let tiles = matrix::tiles([m, k, n], [side, side]);
            ends(rounds(tiles, case.workgroups()).saturating_mul(1 + ends(k.div_ceil(side))))
        },
    },
    blocked!("matrix_product", "blocked-4x4", 4, 1),
    blocked!("matrix_product", "blocked-4x8", 4, 2),
    blocked!("matrix_product", "blocked-8x8", 8, 2),
    blocked!("matrix_product", "blocked-8x16", 8, 4),
    shared!("matrix_product", "shared-32x32", [8, 8], [1, 1]),
    shared!("matrix_product", "shared-64x64", [8, 8], [2, 2]),
    shared!("matrix_product", "shared-128x64", [8, 16], [2, 2]),
    shared!("matrix_product", "shared-128x128", [16, 16], [2, 2]),
];

/// Returns m, k and n.
fn sides(problem: Problem) -> [u64; 3] {
    product::sides("matmul", problem)
}

/// Returns the unit of the inputs: they are multiples of 1 / unit.
fn unit(k: u64) -> u8 {
    if k <= LONG { 64 } else { 8 }
}

impl Workload for Matmul {
    fn name(&self) -> &'static str {
        "matmul"
    }

    fn summary(&self) -> &'static str {
        "c = a b, m x k times k x n"
    }

    fn variants(&self) -> &'static [Variant] {
        VARIANTS
    }

    fn problem(&self, n: u64) -> Problem {
        Problem::Matrix { m: n, k: n, n }
    }

    fn items(&self, problem: Problem) -> u64 {
        self.output_length(problem)
    }

    fn flop(&self, problem: Problem) -> f64 {
        let [m, k, n] = sides(problem).map(|side| side as f64);
        2.0 * m * k * n
    }

    fn bytes(&self, problem: Problem) -> f64 {
        let [m, k, n] = sides(problem).map(|side| side as f64);
        4.0 * (m * k + k * n + m * n)
    }

    fn inputs(&self, problem: Problem, seed: u64) -> Vec<Vec<f32>> {
        let unit = unit(sides(problem)[1]);
        let lengths = self.input_lengths(problem);
        (0..).zip(lengths).map(|(stream, length)| signed(seed, stream, length, unit, unit)).collect()
    }

    fn input_lengths(&self, problem: Problem) -> Vec<u64> {
        let [m, k, n] = sides(problem);
        vec![m.saturating_mul(k), k.saturating_mul(n)]
    }

    fn output_length(&self, problem: Problem) -> u64 {
        let [m, _, n] = sides(problem);
        m.saturating_mul(n)
    }

    fn reference(&self, problem: Problem, inputs: &[Vec<f32>]) -> Vec<f64> {
        product::in_64_bits(sides(problem).map(|side| side as usize), &inputs[0], &inputs[1])
    }

    /// Returns zero. The derivation for long rows: the products are independent, between -1 and 1, and 0 in the mean,
    /// so by Hoeffding's inequality a sum of k of them reaches t with probability at most 2 exp(-t^2 / (2 k)). With
    /// inputs in 64ths sums are exact below t = 2^12, with eighths below t = 2^18: 2 exp(-128) at k = 2^16 and at k =
    /// 2^28.
    fn tolerance(&self, _: Problem) -> Tolerance {
        Tolerance {
            value: 0.0,
            derivation: "the inputs are multiples of 1/64 (1/8 for k > 2^16) in [-1, 1], so every partial sum is a \
                         multiple of 2^-12 (2^-6), and exact below 2^12 (2^18): always for k <= 2^12, and beyond but \
                         for a chance of 10^-40 (Hoeffding)",
        }
    }

    fn check(&self, variant: &Variant, case: &Case) -> Result<(), String> {
        let [_, k, _] = sides(case.problem);
        if k == 0 || k > LONGEST {
            return Err(format!("matmul cannot sum rows of {k} elements: 1 to {LONGEST} are possible"));
        }
        grid::check(self, variant, case)
    }

    fn steps(&self, variant: &Variant, case: &Case) -> Vec<Step> {
        let buffers = vec![Buffer::Input(0), Buffer::Input(1), Buffer::Output];
        vec![matrix::step(variant, sides(case.problem), buffers, case)]
    }

    fn compute(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        let [_, k, n] = sides(problem).map(|side| side as usize);
        product::in_32_bits([k, n], &inputs[0], &inputs[1], elements, output);
    }

    fn compute_scalar(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        let [_, k, n] = sides(problem).map(|side| side as usize);
        product::scalar([k, n], &inputs[0], &inputs[1], elements, output);
    }

    fn portion(&self, problem: Problem) -> u64 {
        product::ROWS_AT_A_TIME * sides(problem)[2]
    }

    fn shaped(&self, [m, k, n]: [u64; 3]) -> Option<Problem> {
        Some(Problem::Matrix { m, k, n })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBLONG: Problem = Problem::Matrix { m: 10, k: 20, n: 30 };

    #[test]
    fn the_cost_of_an_oblong_product() {
        assert_eq!(Matmul.flop(OBLONG), 12_000.0);
        assert_eq!(Matmul.bytes(OBLONG), 4.0 * (200.0 + 600.0 + 300.0));
        assert_eq!(Matmul.items(OBLONG), 300);
        assert_eq!(Matmul.input_lengths(OBLONG), [200, 600]);
        assert_eq!(Matmul.problem(5), Problem::Matrix { m: 5, k: 5, n: 5 });
    }

    #[test]
    fn back_edges_counted_by_hand() {
        let [naive, tiled, ..] = VARIANTS else { panic!("two variants") };
        // 300 elements by 7: 43 for the busiest, each with 20 steps.
        assert_eq!((naive.back_edges)(&Case::new(OBLONG, 7, 7)), 43 * (1 + 21) + 1);
        // Tiles of 4 x 4: 3 x 8 of them, by 5 workgroups: 5 for the busiest, each in 5 steps.
        assert_eq!((tiled.back_edges)(&Case::new(OBLONG, 80, 16)), 5 * (1 + 6) + 1);
    }

    #[test]
    fn tiles_must_be_square_and_whole() {
        let tiled = &VARIANTS[1];
        assert!(Matmul.check(tiled, &Case::new(OBLONG, 128, 64)).is_ok());
        let message = Matmul.check(tiled, &Case::new(OBLONG, 96, 48)).unwrap_err();
        assert!(message.contains("must be a square"), "{message}");
        assert!(Matmul.check(tiled, &Case::new(OBLONG, 96, 64)).is_err());
        assert!(Matmul.check(&VARIANTS[0], &Case::new(OBLONG, 96, 48)).is_ok());
    }

    #[test]
    fn long_rows_are_exact_too() {
        for k in [5000, LONG, LONG + 1] {
            let problem = Problem::Matrix { m: 2, k, n: 3 };
            let inputs = Matmul.inputs(problem, 3);
            let mut output = [f32::NAN; 6];
            Matmul.compute(problem, &inputs, 0..6, &mut output);
            assert_eq!(output.map(f64::from).to_vec(), Matmul.reference(problem, &inputs), "{k}");
        }
    }

    #[test]
    fn hoeffding_at_the_longest_rows() {
        for (k, exact) in [(LONG, 2.0_f64.powi(12)), (LONGEST, 2.0_f64.powi(18))] {
            assert_eq!(exact, 2.0_f64.powi(24) / f64::from(unit(k)).powi(2));
            assert_eq!(exact.powi(2) / (2.0 * k as f64), 128.0);
        }
    }
}
