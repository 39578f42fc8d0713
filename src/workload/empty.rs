//! `empty`: nothing is computed, so that the cost of launching stands alone.

use std::ops::Range;

use super::grid::workgroups;
use super::{Shader, Step, Tolerance, Variant, Workload};
use crate::record::Problem;

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Empty;

const VARIANTS: &[Variant] = &[Variant {
    name: "plain",
    summary: "a kernel without instructions",
    shaders: &[Shader { name: "empty", source: include_str!("../../shaders/empty.wgsl"), params: &[] }],
    tiled: false,
    workgroup_memory: |_| 0,
    back_edges: |_, _, _| 0,
}];

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

    fn steps(&self, _: &Variant, _: Problem, workers: u64, workgroup_size: u32) -> Vec<Step> {
        vec![Step {
            shader: 0,
            constants: vec![("WG", workgroup_size.into())],
            params: Vec::new(),
            buffers: Vec::new(),
            scratch: Vec::new(),
            workgroups: workgroups(workers, workgroup_size),
        }]
    }

    fn compute(&self, _: Problem, _: &[Vec<f32>], _: Range<usize>, _: &mut [f32]) {}

    fn compute_scalar(&self, _: Problem, _: &[Vec<f32>], _: Range<usize>, _: &mut [f32]) {}
}
