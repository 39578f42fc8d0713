//! `empty`: computes nothing, so its time is the cost of launching.
//!
//! Dispatches of the variant `plain` are independent, so a GPU may run them side by side. Dispatches of `dependent`
//! count in a buffer that they share, so each has to wait for the one before it.

use std::ops::Range;

use super::shader::wgsl;
use super::{Buffer, Shader, Step, Tolerance, Variant, Workload, grid};
use crate::record::{Case, Problem};

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Empty;

const VARIANTS: &[Variant] = &[
    Variant::independent("plain", "a kernel without instructions", &[Shader::new(&[wgsl!("empty_plain")], &[])], |_| 0),
    Variant::independent(
        DEPENDENT,
        "each dispatch needs what the one before it wrote",
        &[Shader::new(&[wgsl!("empty_dependent")], &[])],
        |_| 0,
    ),
];

/// The variant whose dispatches depend on one another.
const DEPENDENT: &str = "dependent";

impl Workload for Empty {
    fn name(&self) -> &'static str {
        "empty"
    }

    fn summary(&self) -> &'static str {
        "nothing: what a launch costs"
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

    fn flop(&self, _: Problem) -> f64 {
        0.0
    }

    fn bytes(&self, _: Problem) -> f64 {
        0.0
    }

    fn inputs(&self, _: Problem, _: u64) -> Vec<Vec<f32>> {
        Vec::new()
    }

    fn input_lengths(&self, _: Problem) -> Vec<u64> {
        Vec::new()
    }

    fn output_length(&self, _: Problem) -> u64 {
        0
    }

    fn reference(&self, _: Problem, _: &[Vec<f32>]) -> Vec<f64> {
        Vec::new()
    }

    fn tolerance(&self, _: Problem) -> Tolerance {
        Tolerance { value: 0.0, derivation: "there is no output" }
    }

    fn steps(&self, variant: &Variant, case: &Case) -> Vec<Step> {
        let (buffers, scratch) = if variant.name == DEPENDENT {
            (vec![Buffer::Scratch(0)], vec![case.workers])
        } else {
            (Vec::new(), Vec::new())
        };
        vec![Step { scratch, ..grid::step(Vec::new(), buffers, case) }]
    }

    fn compute(&self, _: Problem, _: &[Vec<f32>], _: Range<usize>, _: &mut [f32]) {}

    fn compute_scalar(&self, _: Problem, _: &[Vec<f32>], _: Range<usize>, _: &mut [f32]) {}
}
