//! `mlp`: a small neural network on a batch, 784 -> 128 -> 64, with a ReLU after each layer. It dispatches a shader of
//! `dense` twice. The second layer reads the output of the first, and waits for all of it.

use std::ops::Range;

use super::random::signed;
use super::{Buffer, Step, Tolerance, Variant, Workload, dense, matrix, product};
use crate::record::{Case, Problem};

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Mlp;

/// Number of values before, between and after the layers: the pixels of a small picture, the features that the first
/// layer finds, and the output.
const WIDTHS: [u64; 3] = [784, 128, 64];

/// Denominator of weights, biases and inputs: they are multiples of 1 / UNIT from 1/4 to 1, with either sign. Real
/// networks also use so few bits.
const UNIT: u8 = 4;

/// Indices of the job's inputs: the batch, then weights and biases of each layer.
const BATCH: usize = 0;
const WEIGHTS: [usize; 2] = [1, 3];
const BIASES: [usize; 2] = [2, 4];

/// Returns rows, inputs and outputs of each layer.
pub(super) fn layers(rows: u64) -> [[u64; 3]; 2] {
    let [inputs, hidden, outputs] = WIDTHS;
    [[rows, inputs, hidden], [rows, hidden, outputs]]
}

impl Workload for Mlp {
    fn name(&self) -> &'static str {
        "mlp"
    }

    fn summary(&self) -> &'static str {
        "n rows through two layers with ReLU, 784 to 128 to 64"
    }

    fn variants(&self) -> &'static [Variant] {
        dense::VARIANTS
    }

    fn problem(&self, n: u64) -> Problem {
        Problem::Batch { n }
    }

    /// Returns the number of elements of the wider layer.
    fn items(&self, problem: Problem) -> u64 {
        problem.n().saturating_mul(WIDTHS[1])
    }

    fn flop(&self, problem: Problem) -> f64 {
        let layer = |inputs: u64, outputs: u64| 2.0 * (inputs * outputs) as f64 + 2.0 * outputs as f64;
        problem.n() as f64 * (layer(WIDTHS[0], WIDTHS[1]) + layer(WIDTHS[1], WIDTHS[2]))
    }

    fn bytes(&self, problem: Problem) -> f64 {
        let lengths = self.input_lengths(problem).into_iter().sum::<u64>();
        4.0 * (lengths + self.output_length(problem)) as f64
    }

    fn inputs(&self, problem: Problem, seed: u64) -> Vec<Vec<f32>> {
        let lengths = self.input_lengths(problem);
        (0..).zip(lengths).map(|(stream, length)| signed(seed, stream, length, UNIT, UNIT)).collect()
    }

    fn input_lengths(&self, problem: Problem) -> Vec<u64> {
        let [inputs, hidden, outputs] = WIDTHS;
        vec![problem.n().saturating_mul(inputs), inputs * hidden, hidden, hidden * outputs, outputs]
    }

    fn output_length(&self, problem: Problem) -> u64 {
        problem.n().saturating_mul(WIDTHS[2])
    }

    fn reference(&self, problem: Problem, inputs: &[Vec<f32>]) -> Vec<f64> {
        let rows = problem.n() as usize;
        let [pixels, hidden, outputs] = product::lengths(WIDTHS);
        let mut first = product::in_64_bits([rows, pixels, hidden], &inputs[BATCH], &inputs[WEIGHTS[0]]);
        product::bias_and_relu_in_64_bits(&inputs[BIASES[0]], &mut first);
        // Values are at most 785, in sixteenths, so they are exact in 32 bits too.
        let first: Vec<f32> = first.into_iter().map(|value| value as f32).collect();
        let mut second = product::in_64_bits([rows, hidden, outputs], &first, &inputs[WEIGHTS[1]]);
        product::bias_and_relu_in_64_bits(&inputs[BIASES[1]], &mut second);
        second
    }

    fn tolerance(&self, _: Problem) -> Tolerance {
        Tolerance {
            value: 0.0,
            derivation: "everything is a multiple of 1/4 in [-1, 1], so the first layer's sums are multiples of 2^-4 \
                         of at most 785 and the second's of 2^-6 of at most 128 x 785 + 1 < 2^17: 23 bits, exact in \
                         any order, fused or not; ReLU rounds nothing",
        }
    }

    fn steps(&self, variant: &Variant, case: &Case) -> Vec<Step> {
        let layer = |number: usize, source, target| {
            let buffers = vec![source, Buffer::Input(WEIGHTS[number]), Buffer::Input(BIASES[number]), target];
            matrix::step(variant, layers(case.problem.n())[number], buffers, case)
        };
        let first = layer(0, Buffer::Input(BATCH), Buffer::Scratch(0));
        vec![
            Step { scratch: vec![case.problem.n() * WIDTHS[1]], ..first },
            layer(1, Buffer::Scratch(0), Buffer::Output),
        ]
    }

    fn compute(&self, _: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        network(inputs, elements, output, product::in_32_bits, product::bias_and_relu);
    }

    fn compute_scalar(&self, _: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        network(inputs, elements, output, product::scalar, product::bias_and_relu_scalar);
    }

    /// Returns a whole row, because both layers of a row belong together.
    fn grain(&self, _: Problem) -> u64 {
        WIDTHS[2]
    }

    fn portion(&self, _: Problem) -> u64 {
        product::ROWS_AT_A_TIME * WIDTHS[2]
    }
}

/// Computes the rows of these elements, layer by layer.
fn network(
    inputs: &[Vec<f32>],
    elements: Range<usize>,
    output: &mut [f32],
    product: product::Product,
    activate: fn(&[f32], usize, &mut [f32]),
) {
    let [pixels, hidden, outputs] = product::lengths(WIDTHS);
    let rows = elements.start / outputs..elements.end / outputs;
    let batch = &inputs[BATCH][rows.start * pixels..rows.end * pixels];
    let mut first = vec![0.0; rows.len() * hidden];
    product([pixels, hidden], batch, &inputs[WEIGHTS[0]], 0..first.len(), &mut first);
    activate(&inputs[BIASES[0]], 0, &mut first);
    product([hidden, outputs], &first, &inputs[WEIGHTS[1]], 0..output.len(), output);
    activate(&inputs[BIASES[1]], 0, output);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_of_the_usual_batch() {
        let problem = Mlp.problem(32);
        let per_row = 2.0 * (784.0 * 128.0 + 128.0 * 64.0) + 2.0 * (128.0 + 64.0);
        assert_eq!(Mlp.flop(problem), 32.0 * per_row);
        let numbers = 32.0 * 784.0 + 784.0 * 128.0 + 128.0 + 128.0 * 64.0 + 64.0 + 32.0 * 64.0;
        assert_eq!(Mlp.bytes(problem), 4.0 * numbers);
    }

    #[test]
    fn back_edges_counted_by_hand() {
        // 4096 elements for 100 workers: the busiest has 41, each with 784 steps. The second layer has fewer and
        // shorter ones.
        assert_eq!((dense::VARIANTS[0].back_edges)(&Case::new(Mlp.problem(32), 100, 4)), 41 * (1 + 785) + 1);
    }

    #[test]
    fn the_worst_case_is_exact() {
        let problem = Mlp.problem(3);
        let ones: Vec<Vec<f32>> = Mlp.input_lengths(problem).iter().map(|&length| vec![1.0; length as usize]).collect();
        let mut output = [f32::NAN; 192];
        Mlp.compute(problem, &ones, 0..192, &mut output);
        assert_eq!(output, [128.0 * 785.0 + 1.0; 192]);
        assert!(f64::from(output[0]) < 2.0_f64.powi(17));
    }

    #[test]
    fn both_layers_keep_some_values_and_clear_others() {
        let problem = Mlp.problem(32);
        let reference = Mlp.reference(problem, &Mlp.inputs(problem, 3));
        let zeros = reference.iter().filter(|value| **value == 0.0).count();
        assert!((500..1500).contains(&zeros), "{zeros} of 2048");
    }
}
