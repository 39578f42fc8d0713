//! `add`: the sum of two vectors. One addition for twelve bytes: memory alone sets its pace.

use std::ops::Range;

use super::grid::{ends, rounds, word, workgroups};
use super::random::uniform;
use super::{Buffer, Shader, Step, Tolerance, Variant, Workload};
use crate::record::Problem;

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Add;

const VARIANTS: &[Variant] = &[Variant {
    name: "plain",
    summary: "one element at a time",
    shaders: &[Shader { name: "add", source: include_str!("../../shaders/add.wgsl"), params: &["n", "workers"] }],
    tiled: false,
    workgroup_memory: |_| 0,
    back_edges: |problem, workers, _| ends(rounds(problem.n(), workers)),
}];

impl Workload for Add {
    fn name(&self) -> &'static str {
        "add"
    }

    fn summary(&self) -> &'static str {
        "z = x + y"
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
        problem.n() as f64
    }

    fn bytes(&self, problem: Problem) -> f64 {
        12.0 * problem.n() as f64
    }

    fn inputs(&self, problem: Problem, seed: u64) -> Vec<Vec<f32>> {
        (0..2).map(|stream| uniform(seed, stream, problem.n())).collect()
    }

    fn input_lengths(&self, problem: Problem) -> Vec<u64> {
        vec![problem.n(); 2]
    }

    fn output_length(&self, problem: Problem) -> u64 {
        problem.n()
    }

    fn reference(&self, _: Problem, inputs: &[Vec<f32>]) -> Vec<f64> {
        inputs[0].iter().zip(&inputs[1]).map(|(&x, &y)| f64::from(x) + f64::from(y)).collect()
    }

    fn tolerance(&self, _: Problem) -> Tolerance {
        Tolerance {
            value: 0.0,
            derivation: "the inputs are multiples of 2^-23 in [-1, 1), so a sum is a multiple of 2^-23 in [-2, 2): 24 \
                         bits, which a 32-bit float holds exactly",
        }
    }

    fn steps(&self, _: &Variant, problem: Problem, workers: u64, workgroup_size: u32) -> Vec<Step> {
        vec![Step {
            shader: 0,
            constants: vec![("WG", workgroup_size.into())],
            params: vec![word(problem.n()), word(workers)],
            buffers: vec![Buffer::Input(0), Buffer::Input(1), Buffer::Output],
            scratch: Vec::new(),
            workgroups: workgroups(workers, workgroup_size),
        }]
    }

    fn compute(&self, _: Problem, inputs: &[Vec<f32>], items: Range<usize>, output: &mut [f32]) {
        for ((z, x), y) in output.iter_mut().zip(&inputs[0][items.clone()]).zip(&inputs[1][items]) {
            *z = x + y;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_of_a_thousand_elements() {
        let problem = Add.problem(1000);
        assert_eq!(Add.flop(problem), 1000.0);
        assert_eq!(Add.bytes(problem), 12_000.0, "x and y read, z written, four bytes each");
    }

    #[test]
    fn every_sum_is_exact() {
        let problem = Add.problem(100_000);
        let inputs = Add.inputs(problem, 3);
        for (sum, (x, y)) in Add.reference(problem, &inputs).iter().zip(inputs[0].iter().zip(&inputs[1])) {
            assert_eq!(f64::from(x + y), *sum);
        }
    }
}
