//! A user's kernel for timing launches: one element, without transfers.

use std::ops::Range;

use super::Own;
use crate::record::{Case, Problem};
use crate::workload::{Buffer, Step, Tolerance, Variant, Workload};

/// See [the module](self).
pub(super) struct Launched {
    pub(super) own: &'static Own,
    pub(super) variants: &'static [Variant],
}

impl Workload for Launched {
    fn name(&self) -> &'static str {
        self.own.name
    }

    fn summary(&self) -> &'static str {
        self.own.summary()
    }

    fn variants(&self) -> &'static [Variant] {
        self.variants
    }

    fn is_the_readers(&self) -> bool {
        true
    }

    fn problem(&self, n: u64) -> Problem {
        self.own.problem(n)
    }

    fn items(&self, problem: Problem) -> u64 {
        self.own.items(problem)
    }

    fn flop(&self, _: Problem) -> f64 {
        0.0
    }

    fn bytes(&self, _: Problem) -> f64 {
        0.0
    }

    fn inputs(&self, problem: Problem, seed: u64) -> Vec<Vec<f32>> {
        self.own.inputs(problem, seed)
    }

    fn input_lengths(&self, problem: Problem) -> Vec<u64> {
        self.own.input_lengths(problem)
    }

    fn output_length(&self, _: Problem) -> u64 {
        0
    }

    fn unverified(&self, _: Problem) -> Option<String> {
        // The result of a verified kernel does not matter here: no output is read.
        let open = self.own.expected.is_none();
        open.then(|| "not checked: only launches are timed, and no result is read".to_owned())
    }

    fn reference(&self, _: Problem, _: &[Vec<f32>]) -> Vec<f64> {
        Vec::new()
    }

    fn tolerance(&self, problem: Problem) -> Tolerance {
        self.own.tolerance(problem)
    }

    fn check(&self, variant: &Variant, case: &Case) -> Result<(), String> {
        self.own.check(variant, case)
    }

    /// Returns a dispatch that writes into scratch buffers that nobody reads.
    fn steps(&self, _: &Variant, case: &Case) -> Vec<Step> {
        let places = self.own.places(case.problem.n());
        let outputs = (0..places.len()).map(Buffer::Scratch);
        let step = self.own.step(case, &(0..self.items(case.problem)), outputs);
        vec![Step { scratch: places.into_iter().map(|(_, length)| length).collect(), ..step }]
    }

    fn binding(&self, index: usize) -> u32 {
        self.own.binding(index)
    }

    fn extensions(&self, variant: &Variant) -> Vec<&'static str> {
        self.own.extensions(variant)
    }

    fn workgroup_memory(&self, variant: &Variant, workgroup_size: u32) -> u64 {
        self.own.workgroup_memory(variant, workgroup_size)
    }

    fn compute(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        self.own.compute(problem, inputs, elements, output);
    }

    fn compute_scalar(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        self.own.compute_scalar(problem, inputs, elements, output);
    }
}
