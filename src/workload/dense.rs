//! `dense`: a layer of a neural network on a batch: a matrix product, a bias for each column, and a ReLU.

use std::ops::Range;

use super::grid;
use super::matrix::{self, blocked, shared};
use super::random::signed;
use super::shader::wgsl;
use super::{Buffer, Shader, Step, Tolerance, Variant, Workgroup, Workload, product};
use crate::record::{Case, Problem};

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Dense;

/// Number of inputs of the layer: the pixels of a picture of 28 x 28.
const INPUTS: u64 = 784;

/// Number of outputs of the layer.
const OUTPUTS: u64 = 128;

/// Denominator of inputs, weights and biases: they are multiples of 1 / UNIT.
const UNIT: u8 = 64;

/// Most inputs of a layer with exact sums. With them k products and a bias, each at most one, stay within 2^12.
const MOST_INPUTS: u64 = 4095;

/// The variants for a layer.
pub(super) const VARIANTS: &[Variant] = &[
    Variant::independent(
        "naive",
        "each element on its own, from device memory",
        &[Shader::new(&[wgsl!("dense")], matrix::PARAMS)],
        |case| matrix::most(case.problem, |sides| matrix::element_ends(sides, case.workers)),
    ),
    blocked!(["number_f32", "matrix_layer"], "blocked-4x4", 4, 1),
    blocked!(["number_f32", "matrix_layer"], "blocked-8x8", 8, 2),
    shared!(["number_f32", "matrix_layer"], "shared-32x32", [8, 8], [1, 1]),
    shared!(["number_f32", "matrix_layer"], "shared-64x64", [8, 8], [2, 2]),
];

/// Returns the rows of the batch, and the inputs and outputs of the layer.
fn sides(problem: Problem) -> [u64; 3] {
    product::sides("dense", problem)
}

impl Workload for Dense {
    fn name(&self) -> &'static str {
        "dense"
    }

    fn summary(&self) -> &'static str {
        "z = max(x w + b, 0) for n rows x, 784 inputs, 128 outputs"
    }

    fn variants(&self) -> &'static [Variant] {
        VARIANTS
    }

    fn problem(&self, n: u64) -> Problem {
        Problem::Matrix { m: n, k: INPUTS, n: OUTPUTS }
    }

    fn items(&self, problem: Problem) -> u64 {
        self.output_length(problem)
    }

    fn flop(&self, problem: Problem) -> f64 {
        let [m, k, n] = sides(problem).map(|side| side as f64);
        2.0 * m * k * n + 2.0 * m * n
    }

    fn bytes(&self, problem: Problem) -> f64 {
        let [m, k, n] = sides(problem).map(|side| side as f64);
        4.0 * (m * k + k * n + n + m * n)
    }

    fn inputs(&self, problem: Problem, seed: u64) -> Vec<Vec<f32>> {
        let lengths = self.input_lengths(problem);
        (0..).zip(lengths).map(|(stream, length)| signed(seed, stream, length, UNIT, UNIT)).collect()
    }

    fn input_lengths(&self, problem: Problem) -> Vec<u64> {
        let [m, k, n] = sides(problem);
        vec![m.saturating_mul(k), k.saturating_mul(n), n]
    }

    fn output_length(&self, problem: Problem) -> u64 {
        let [m, _, n] = sides(problem);
        m.saturating_mul(n)
    }

    fn reference(&self, problem: Problem, inputs: &[Vec<f32>]) -> Vec<f64> {
        let mut output = product::in_64_bits(product::lengths(sides(problem)), &inputs[0], &inputs[1]);
        product::bias_and_relu_in_64_bits(&inputs[2], &mut output);
        output
    }

    fn tolerance(&self, _: Problem) -> Tolerance {
        Tolerance {
            value: 0.0,
            derivation: "inputs, weights and biases are multiples of 1/64 in [-1, 1], so every partial sum is a \
                         multiple of 2^-12 of at most k + 1 <= 2^12: 24 bits, exact in any order, fused or not; ReLU \
                         rounds nothing",
        }
    }

    fn check(&self, variant: &Variant, case: &Case) -> Result<(), String> {
        let [_, k, _] = sides(case.problem);
        if k == 0 || k > MOST_INPUTS {
            return Err(format!("dense cannot sum {k} inputs exactly: 1 to {MOST_INPUTS} are possible"));
        }
        grid::check(self, variant, case)
    }

    fn steps(&self, variant: &Variant, case: &Case) -> Vec<Step> {
        let buffers = vec![Buffer::Input(0), Buffer::Input(1), Buffer::Input(2), Buffer::Output];
        vec![matrix::step(variant, sides(case.problem), buffers, case)]
    }

    fn compute(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        let [_, k, n] = product::lengths(sides(problem));
        product::in_32_bits([k, n], &inputs[0], &inputs[1], elements.clone(), output);
        product::bias_and_relu(&inputs[2], elements.start, output);
    }

    fn compute_scalar(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        let [_, k, n] = product::lengths(sides(problem));
        product::scalar([k, n], &inputs[0], &inputs[1], elements.clone(), output);
        product::bias_and_relu_scalar(&inputs[2], elements.start, output);
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

    #[test]
    fn the_cost_of_the_usual_batch() {
        let problem = Dense.problem(64);
        assert_eq!(problem, Problem::Matrix { m: 64, k: 784, n: 128 });
        assert_eq!(Dense.flop(problem), 12_845_056.0 + 2.0 * 8192.0);
        assert_eq!(Dense.bytes(problem), 4.0 * (50_176.0 + 100_352.0 + 128.0 + 8192.0));
    }

    #[test]
    fn back_edges_counted_by_hand() {
        // 8192 elements for 100 workers: the busiest has 82, each with 784 steps.
        assert_eq!((VARIANTS[0].back_edges)(&Case::new(Dense.problem(64), 100, 4)), 82 * (1 + 785) + 1);
    }

    #[test]
    fn the_widest_layer_is_exact_and_a_wider_one_refused() {
        let widest = Problem::Matrix { m: 5, k: MOST_INPUTS, n: 7 };
        assert!(Dense.check(&VARIANTS[0], &Case::new(widest, 1, 1)).is_ok());
        assert!(
            Dense.check(&VARIANTS[0], &Case::new(Problem::Matrix { m: 5, k: MOST_INPUTS + 1, n: 7 }, 1, 1)).is_err()
        );
        // The worst case: every product and every bias is one.
        let ones = [5 * 4095, 7 * 4095, 7].map(|length| vec![1.0; length]);
        let mut output = [f32::NAN; 35];
        Dense.compute(widest, &ones, 0..35, &mut output);
        assert_eq!(output, [4096.0; 35]);
    }

    #[test]
    fn about_half_of_the_outputs_are_zero() {
        let problem = Dense.problem(64);
        let reference = Dense.reference(problem, &Dense.inputs(problem, 3));
        let zeros = reference.iter().filter(|value| **value == 0.0).count();
        assert!((3500..4700).contains(&zeros), "{zeros} of 8192");
    }
}
