//! `empty`: computes nothing, so its time is the cost of launching.
//!
//! Dispatches of the variant `plain` are independent, so a GPU may run them at the same time. Dispatches of `dependent`
//! count in a shared buffer, so each waits for the one before it. Each dispatch of `arguments` has its own buffer and
//! parameters, like the launches of real programs.

use std::ops::Range;

use super::shader::wgsl;
use super::{Buffer, Shader, Step, Tolerance, Variant, Workload, grid};
use crate::record::{Case, Problem};

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Empty;

const VARIANTS: &[Variant] = &[
    Variant::independent("plain", "an empty kernel", &[Shader::new(&[wgsl!("empty_plain")], &[])], |_| 0),
    Variant::independent(
        DEPENDENT,
        "each launch reads what the one before wrote",
        &[Shader::new(&[wgsl!("empty_dependent")], &[])],
        |_| 0,
    ),
    Variant::independent(
        ARGUMENTS,
        "each launch has its own buffer and parameters",
        &[Shader::new(&[wgsl!("empty_arguments")], &["workers", "number"])],
        |_| 0,
    ),
];

/// Name of the variant whose dispatches depend on each other.
const DEPENDENT: &str = "dependent";

/// Name of the variant whose dispatches have arguments.
const ARGUMENTS: &str = "arguments";

impl Workload for Empty {
    fn name(&self) -> &'static str {
        "empty"
    }

    fn summary(&self) -> &'static str {
        "nothing"
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

    /// Returns one dispatch. For the variant `arguments` it returns as many as a sample has; they take turns.
    fn steps(&self, variant: &Variant, case: &Case) -> Vec<Step> {
        let writing = |number: u32, params: Vec<u32>| {
            let buffers = vec![Buffer::Scratch(number as usize)];
            Step { scratch: vec![case.workers], ..grid::step(params, buffers, case) }
        };
        match variant.name {
            DEPENDENT => vec![writing(0, Vec::new())],
            ARGUMENTS => {
                let workers = grid::word(case.workers);
                (0..case.dispatches.max(1)).map(|number| writing(number, vec![workers, number])).collect()
            }
            _ => vec![grid::step(Vec::new(), Vec::new(), case)],
        }
    }

    fn compute(&self, _: Problem, _: &[Vec<f32>], _: Range<usize>, _: &mut [f32]) {}

    fn compute_scalar(&self, _: Problem, _: &[Vec<f32>], _: Range<usize>, _: &mut [f32]) {}
}
