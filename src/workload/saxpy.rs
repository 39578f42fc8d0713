//! `saxpy`: a scaled vector plus another one, the BLAS routine of that name, but out of place.

use std::ops::Range;

use super::grid::{ends, rounds, word, workgroups};
use super::random::uniform;
use super::{Buffer, Shader, Step, Tolerance, Variant, Workload};
use crate::record::Problem;

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Saxpy;

/// The factor: below 2, and odd in its last bit, so that the products do have to be rounded.
const A: f32 = 1.5;

const VARIANTS: &[Variant] = &[Variant {
    name: "plain",
    summary: "one element at a time",
    shaders: &[Shader { name: "saxpy", source: include_str!("../../shaders/saxpy.wgsl"), params: &["n", "workers"] }],
    tiled: false,
    workgroup_memory: |_| 0,
    back_edges: |problem, workers, _| ends(rounds(problem.n(), workers)),
}];

impl Workload for Saxpy {
    fn name(&self) -> &'static str {
        "saxpy"
    }

    fn summary(&self) -> &'static str {
        "z = a x + y"
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
        inputs[0].iter().zip(&inputs[1]).map(|(&x, &y)| f64::from(A) * f64::from(x) + f64::from(y)).collect()
    }

    fn tolerance(&self, _: Problem) -> Tolerance {
        Tolerance {
            value: 3.0 * f64::from(f32::EPSILON),
            derivation: "the product is below 2 and the sum below 4, so that rounding, in whichever direction WGSL \
                         lets it go, moves them by less than 2^-23 and 2^-22; a fused device rounds only the sum",
        }
    }

    fn steps(&self, _: &Variant, problem: Problem, workers: u64, workgroup_size: u32) -> Vec<Step> {
        vec![Step {
            shader: 0,
            constants: vec![("WG", workgroup_size.into()), ("A", A.into())],
            params: vec![word(problem.n()), word(workers)],
            buffers: vec![Buffer::Input(0), Buffer::Input(1), Buffer::Output],
            scratch: Vec::new(),
            workgroups: workgroups(workers, workgroup_size),
        }]
    }

    fn compute(&self, _: Problem, inputs: &[Vec<f32>], items: Range<usize>, output: &mut [f32]) {
        for ((z, x), y) in output.iter_mut().zip(&inputs[0][items.clone()]).zip(&inputs[1][items]) {
            *z = A * x + y;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_of_a_thousand_elements() {
        let problem = Saxpy.problem(1000);
        assert_eq!(Saxpy.flop(problem), 2000.0);
        assert_eq!(Saxpy.bytes(problem), 12_000.0, "x and y read, z written, four bytes each");
    }

    /// The floats next to an exact value: where a device may round to, in one direction or the other.
    fn neighbours(exact: f64) -> [f64; 2] {
        let nearest = exact as f32;
        match f64::from(nearest).total_cmp(&exact) {
            std::cmp::Ordering::Less => [nearest.into(), nearest.next_up().into()],
            std::cmp::Ordering::Equal => [exact; 2],
            std::cmp::Ordering::Greater => [nearest.next_down().into(), nearest.into()],
        }
    }

    #[test]
    fn the_tolerance_covers_every_rounding_and_little_more() {
        let problem = Saxpy.problem(100_000);
        let inputs = Saxpy.inputs(problem, 3);
        let mut worst = 0.0_f64;
        for (exact, (&x, &y)) in Saxpy.reference(problem, &inputs).iter().zip(inputs[0].iter().zip(&inputs[1])) {
            let fused = neighbours(*exact);
            let apart = neighbours(f64::from(A) * f64::from(x)).map(|product| neighbours(product + f64::from(y)));
            for result in fused.iter().chain(apart.as_flattened()) {
                worst = worst.max((result - exact).abs());
            }
        }
        let allowed = Saxpy.tolerance(problem).value;
        assert!(worst <= allowed, "{worst:e} > {allowed:e}");
        assert!(worst >= allowed / 2.0, "{worst:e} is far below {allowed:e}");
    }
}
