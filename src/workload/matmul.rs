//! `matmul` and `matmul-f16`: the product of an m x k and a k x n matrix, stored row by row.
//!
//! The inputs of `matmul-f16` are 16-bit floats, so they need half as many bytes. All its kernels multiply and add in
//! 32 bits, and the product holds 32-bit floats. Their compute limit is that of 32-bit floats. The matrix units are an
//! exception: no other kernel reaches their speed.

use std::borrow::Cow;
use std::ops::Range;

use super::grid::{self, ends, rounds};
use super::matrix::{self, blocked, cooperative, shared};
use super::random::signed;
use super::shader::wgsl;
use super::{Buffer, Shader, Step, Tolerance, Variant, Workgroup, Workload, halves, product};
use crate::record::{Case, Problem};

/// A matrix product with inputs of one kind of number.
#[derive(Debug)]
pub(super) struct Matmul {
    name: &'static str,
    summary: &'static str,
    /// Whether the inputs are 16-bit floats instead of 32-bit floats.
    in_halves: bool,
    variants: &'static [Variant],
    /// Reason why its results are exact.
    derivation: &'static str,
}

/// Longest rows with inputs in 64ths. Longer rows have inputs in eighths, so that sums stay exact.
const LONG: u64 = 1 << 16;

/// Longest rows with exact sums.
const LONGEST: u64 = 1 << 28;

/// The variants for one kind of number, and further ones.
macro_rules! variants {
    ($number:literal $(, $more:expr)*) => {
        &[
            Variant::independent(
                "naive",
                "each element on its own, from device memory",
                &[Shader::new(&[wgsl!($number), wgsl!("matmul_naive")], matrix::PARAMS)],
                |case| matrix::element_ends(sides(case.problem), case.workers),
            ),
            Variant {
                name: "tiled",
                summary: "square tiles in shared memory",
                shaders: &[Shader::new(&[wgsl!($number), wgsl!("matmul_tiled")], matrix::PARAMS)],
                workgroup: Workgroup::Square,
                busy: |_, items| items,
                workgroup_memory: |workgroup_size| 8 * u64::from(workgroup_size),
                back_edges: tiled_ends,
            },
            blocked!([$number, "matrix_product"], "blocked-4x4", 4, 1),
            blocked!([$number, "matrix_product"], "blocked-4x8", 4, 2),
            blocked!([$number, "matrix_product"], "blocked-8x8", 8, 2),
            blocked!([$number, "matrix_product"], "blocked-8x16", 8, 4),
            shared!([$number, "matrix_product"], "shared-32x32", [8, 8], [1, 1]),
            shared!([$number, "matrix_product"], "shared-64x64", [8, 8], [2, 2]),
            shared!([$number, "matrix_product"], "shared-128x64", [8, 16], [2, 2]),
            shared!([$number, "matrix_product"], "shared-128x128", [16, 16], [2, 2]),
            $($more),*
        ]
    };
}

/// The product of 32-bit floats.
pub(super) static F32: Matmul = Matmul {
    name: "matmul",
    summary: "c = a b, m x k times k x n",
    in_halves: false,
    variants: variants!("number_f32"),
    derivation: "the inputs are multiples of 1/64 (1/8 for k > 2^16) in [-1, 1], so every partial sum is a multiple of \
                 2^-12 (2^-6), and exact below 2^12 (2^18): always for k <= 2^12, and beyond but for a chance of \
                 10^-40 (Hoeffding)",
};

/// The product of 16-bit floats with 32-bit sums. Apple's matrix units multiply squares of 8 x 8, those of NVIDIA and
/// AMD 16 x 16.
pub(super) static F16: Matmul = Matmul {
    name: "matmul-f16",
    summary: "c = a b, a and b in 16-bit floats, where a GPU has them",
    in_halves: true,
    variants: variants!(
        "number_f16",
        cooperative!(["number_f16", "squares_8", "matrix_product"], "cooperative-8", 8),
        cooperative!(["number_f16", "squares_16", "matrix_product"], "cooperative-16", 16)
    ),
    derivation: "the inputs are multiples of 1/64 (1/8 for k > 2^16) in [-1, 1]: at most 7 of the 11 bits of a 16-bit \
                 float, so none is rounded. Products and partial sums, in 32 bits, are multiples of 2^-12 (2^-6), and \
                 exact below 2^12 (2^18): always for k <= 2^12, and beyond but for a chance of 10^-40 (Hoeffding). \
                 Sums in 16 bits would be rounded from 1/2 (32) on",
};

/// Returns how often loops end in the kernel with square tiles.
fn tiled_ends(case: &Case) -> u64 {
    let ([m, k, n], side) = (sides(case.problem), matrix::side(case.workgroup_size));
    // The innermost loop has a constant number of rounds, TILE, and is unrolled: llvmpipe does this up to at least 32.
    let tiles = matrix::tiles([m, k, n], [side, side]);
    ends(rounds(tiles, case.workgroups()).saturating_mul(1 + ends(k.div_ceil(side))))
}

/// Returns m, k and n.
fn sides(problem: Problem) -> [u64; 3] {
    product::sides("matmul", problem)
}

/// Returns the denominator of the inputs: they are multiples of 1 / unit.
fn unit(k: u64) -> u8 {
    if k <= LONG { 64 } else { 8 }
}

impl Matmul {
    /// Returns the input matrices in 32-bit floats.
    fn matrices<'a>(&self, problem: Problem, inputs: &'a [Vec<f32>]) -> [Cow<'a, [f32]>; 2] {
        let [m, k, n] = product::lengths(sides(problem));
        let matrix = |index: usize, length| {
            if self.in_halves {
                halves::unpacked(&inputs[index], length).into()
            } else {
                inputs[index].as_slice().into()
            }
        };
        [matrix(0, m * k), matrix(1, k * n)]
    }
}

impl Workload for Matmul {
    fn name(&self) -> &'static str {
        self.name
    }

    fn summary(&self) -> &'static str {
        self.summary
    }

    fn variants(&self) -> &'static [Variant] {
        self.variants
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
        let each = if self.in_halves { 2.0 } else { 4.0 };
        each * (m * k + k * n) + 4.0 * m * n
    }

    fn inputs(&self, problem: Problem, seed: u64) -> Vec<Vec<f32>> {
        let [m, k, n] = sides(problem);
        let matrix = |(stream, length)| signed(seed, stream, length, unit(k), unit(k));
        let matrices = [(0, m * k), (1, k * n)].map(matrix);
        if self.in_halves { matrices.map(|matrix| halves::packed(&matrix)).into() } else { matrices.into() }
    }

    /// Returns the lengths of the inputs in 32-bit words.
    fn input_lengths(&self, problem: Problem) -> Vec<u64> {
        let [m, k, n] = sides(problem);
        let words = if self.in_halves { halves::words } else { |numbers| numbers };
        [m.saturating_mul(k), k.saturating_mul(n)].map(words).into()
    }

    fn output_length(&self, problem: Problem) -> u64 {
        let [m, _, n] = sides(problem);
        m.saturating_mul(n)
    }

    fn reference(&self, problem: Problem, inputs: &[Vec<f32>]) -> Vec<f64> {
        let [a, b] = self.matrices(problem, inputs);
        product::in_64_bits(product::lengths(sides(problem)), &a, &b)
    }

    /// Returns zero.
    ///
    /// Derivation for long rows: the products are independent, between -1 and 1, and 0 on average. By Hoeffding's
    /// inequality a sum of k of them reaches t with probability at most 2 exp(-t^2 / (2 k)). Sums are exact below t =
    /// 2^12 with inputs in 64ths, and below t = 2^18 with eighths. This gives 2 exp(-128) at k = 2^16 and at k = 2^28.
    fn tolerance(&self, _: Problem) -> Tolerance {
        Tolerance { value: 0.0, derivation: self.derivation }
    }

    fn check(&self, variant: &Variant, case: &Case) -> Result<(), String> {
        let [_, k, _] = sides(case.problem);
        if k == 0 || k > LONGEST {
            return Err(format!("{} cannot sum rows of {k} elements: 1 to {LONGEST} are possible", self.name));
        }
        grid::check(self, variant, case)
    }

    fn steps(&self, variant: &Variant, case: &Case) -> Vec<Step> {
        let buffers = vec![Buffer::Input(0), Buffer::Input(1), Buffer::Output];
        vec![matrix::step(variant, sides(case.problem), buffers, case)]
    }

    fn compute(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        let [_, k, n] = product::lengths(sides(problem));
        let [a, b] = self.matrices(problem, inputs);
        product::in_32_bits([k, n], &a, &b, elements, output);
    }

    fn compute_scalar(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        let [_, k, n] = product::lengths(sides(problem));
        let [a, b] = self.matrices(problem, inputs);
        product::scalar([k, n], &a, &b, elements, output);
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
        assert_eq!(F32.flop(OBLONG), 12_000.0);
        assert_eq!(F32.bytes(OBLONG), 4.0 * (200.0 + 600.0 + 300.0));
        assert_eq!(F32.items(OBLONG), 300);
        assert_eq!(F32.input_lengths(OBLONG), [200, 600]);
        assert_eq!(F32.problem(5), Problem::Matrix { m: 5, k: 5, n: 5 });
    }

    #[test]
    fn back_edges_counted_by_hand() {
        let [naive, tiled, ..] = F32.variants else { panic!("two variants") };
        // 300 elements for 7 workers: the busiest has 43, each with 20 steps.
        assert_eq!((naive.back_edges)(&Case::new(OBLONG, 7, 7)), 43 * (1 + 21) + 1);
        // 3 x 8 tiles of 4 x 4 for 5 workgroups: the busiest has 5, each in 5 steps.
        assert_eq!((tiled.back_edges)(&Case::new(OBLONG, 80, 16)), 5 * (1 + 6) + 1);
    }

    #[test]
    fn tiles_must_be_square_and_whole() {
        let tiled = &F32.variants[1];
        assert!(F32.check(tiled, &Case::new(OBLONG, 128, 64)).is_ok());
        let message = F32.check(tiled, &Case::new(OBLONG, 96, 48)).unwrap_err();
        assert!(message.contains("must be a square"), "{message}");
        assert!(F32.check(tiled, &Case::new(OBLONG, 96, 64)).is_err());
        assert!(F32.check(&F32.variants[0], &Case::new(OBLONG, 96, 48)).is_ok());
    }

    #[test]
    fn long_rows_are_exact_too() {
        for k in [5000, LONG, LONG + 1] {
            let problem = Problem::Matrix { m: 2, k, n: 3 };
            let inputs = F32.inputs(problem, 3);
            let mut output = [f32::NAN; 6];
            F32.compute(problem, &inputs, 0..6, &mut output);
            assert_eq!(output.map(f64::from).to_vec(), F32.reference(problem, &inputs), "{k}");
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
