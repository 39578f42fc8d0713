//! `peak`: k multiply-adds for each element, in 32 chains that do not wait for one another. It reads nothing and hides
//! every delay of an instruction behind the other chains, so it shows how fast the device computes at all: the compute
//! roof.

use std::hint::black_box;
use std::ops::Range;

use super::grid::{self, ends, rounds, word, workgroups};
use super::widest::{Work, multiply_add, one_at_a_time, widest};
use super::{Buffer, Shader, Step, Tolerance, Variant, Workload};
use crate::record::Problem;

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Peak;

/// Chains of an element.
const CHAINS: usize = 32;

/// The shader does so many multiply-adds between two looks at its counter: 16 in each chain.
const UNROLLED: u64 = 16 * CHAINS as u64;

/// Multiply-adds per element where the problem does not say.
const DEFAULT_K: u64 = 4 * UNROLLED;

/// The largest k for which the largest sum of all chains, 32 (63 + 15.5) + 4 k, stays below 2^24.
const MOST_K: u64 = 8190 * UNROLLED;

/// a = 1 + (i & 0) = 1.
const A_MASK: u32 = 0;

/// b = 1 + (i & 3), from 1 to 4.
const B_MASK: u32 = 3;

/// Chains of how many elements the CPU advances together: with fewer, its vector unit would wait for itself.
const TOGETHER: usize = 4;

const VARIANTS: &[Variant] = &[Variant {
    name: "plain",
    summary: "eight chains of four lanes at a time",
    shaders: &[Shader {
        name: "peak",
        source: include_str!("../../shaders/peak.wgsl"),
        params: &["n", "workers", "k", "a_mask", "b_mask"],
    }],
    tiled: false,
    workgroup_memory: |_| 0,
    back_edges: |problem, workers, _| {
        ends(rounds(problem.n(), workers).saturating_mul(1 + ends(k(problem) / UNROLLED)))
    },
}];

fn k(problem: Problem) -> u64 {
    match problem {
        Problem::Chain { k, .. } => k,
        _ => DEFAULT_K,
    }
}

impl Workload for Peak {
    fn name(&self) -> &'static str {
        "peak"
    }

    fn summary(&self) -> &'static str {
        "k multiply-adds per element, in 32 chains side by side"
    }

    fn variants(&self) -> &'static [Variant] {
        VARIANTS
    }

    fn problem(&self, n: u64) -> Problem {
        Problem::Chain { n, k: DEFAULT_K }
    }

    fn items(&self, problem: Problem) -> u64 {
        problem.n()
    }

    fn flop(&self, problem: Problem) -> f64 {
        2.0 * problem.n() as f64 * k(problem) as f64
    }

    fn bytes(&self, problem: Problem) -> f64 {
        4.0 * problem.n() as f64
    }

    fn inputs(&self, _: Problem, _: u64) -> Vec<Vec<f32>> {
        Vec::new()
    }

    fn input_lengths(&self, _: Problem) -> Vec<u64> {
        Vec::new()
    }

    fn output_length(&self, problem: Problem) -> u64 {
        problem.n()
    }

    fn reference(&self, problem: Problem, _: &[Vec<f32>]) -> Vec<f64> {
        // The chains of element i start at i mod 64, one more, …, 31 more, and add b in each of their k / 32 steps.
        let starts = (0..CHAINS).sum::<usize>() as f64;
        let element = |i: u64| CHAINS as f64 * (i % 64) as f64 + starts + k(problem) as f64 * (1 + i % 4) as f64;
        (0..problem.n()).map(element).collect()
    }

    fn tolerance(&self, _: Problem) -> Tolerance {
        Tolerance {
            value: 0.0,
            derivation: "a is 1 and b a whole number, so every step adds a whole number to a whole number, and the sum \
                         of all chains stays below 2^24, which a 32-bit float does exactly, fused or not",
        }
    }

    fn check(&self, variant: &Variant, problem: Problem, workers: u64, workgroup_size: u32) -> Result<(), String> {
        let k = k(problem);
        if !k.is_multiple_of(UNROLLED) || !(UNROLLED..=MOST_K).contains(&k) {
            return Err(format!(
                "peak cannot do {k} multiply-adds per element: a multiple of {UNROLLED} from {UNROLLED} to {MOST_K} is \
                 needed"
            ));
        }
        grid::check(self, variant, problem, workers, workgroup_size)
    }

    fn steps(&self, _: &Variant, problem: Problem, workers: u64, workgroup_size: u32) -> Vec<Step> {
        vec![Step {
            shader: 0,
            constants: vec![("WG", workgroup_size.into())],
            params: vec![word(problem.n()), word(workers), word(k(problem)), A_MASK, B_MASK],
            buffers: vec![Buffer::Output],
            scratch: Vec::new(),
            workgroups: workgroups(workers, workgroup_size),
        }]
    }

    fn compute(&self, problem: Problem, _: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        widest(Chains { steps: k(problem) / CHAINS as u64, first: elements.start, output });
    }

    fn compute_scalar(&self, problem: Problem, _: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        let (a_mask, b_mask) = black_box((A_MASK, B_MASK));
        for at in one_at_a_time(output.len()) {
            let i = (elements.start + at) as u32;
            let (a, b) = ((1 + (i & a_mask)) as f32, (1 + (i & b_mask)) as f32);
            let chain = |chain: usize| {
                let start = (i % 64) as f32 + chain as f32;
                (0..k(problem) / CHAINS as u64).fold(start, |x, _| x * a + b)
            };
            output[at] = one_at_a_time(CHAINS).map(chain).sum();
        }
    }
}

/// The elements from `first` on: the chains of [`TOGETHER`] of them side by side.
struct Chains<'a> {
    steps: u64,
    first: usize,
    output: &'a mut [f32],
}

impl Work for Chains<'_> {
    type Output = ();

    #[inline(always)]
    fn work<const FUSED: bool>(self) {
        let (steps, first, output) = (self.steps, self.first, self.output);
        // The compiler must not see that a is 1, or it leaves the multiplications out.
        let (a_mask, b_mask) = black_box((A_MASK, B_MASK));
        for (chunk, output) in output.chunks_mut(TOGETHER).enumerate() {
            let index: [u32; TOGETHER] = std::array::from_fn(|at| (first + chunk * TOGETHER + at) as u32);
            let a = index.map(|i| (1 + (i & a_mask)) as f32);
            let b = index.map(|i| (1 + (i & b_mask)) as f32);
            let mut x = index.map(|i| std::array::from_fn::<f32, CHAINS, _>(|chain| (i % 64) as f32 + chain as f32));
            for _ in 0..steps {
                for element in 0..TOGETHER {
                    for x in &mut x[element] {
                        *x = multiply_add::<FUSED>(*x, a[element], b[element]);
                    }
                }
            }
            for (z, x) in output.iter_mut().zip(&x) {
                *z = x.iter().sum();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_of_a_thousand_elements() {
        let problem = Problem::Chain { n: 1000, k: 512 };
        assert_eq!(Peak.flop(problem), 1_024_000.0);
        assert_eq!(Peak.bytes(problem), 4000.0, "one result written, four bytes");
    }

    #[test]
    fn back_edges_counted_by_hand() {
        // 50 elements for the busiest, each with 3 rounds.
        assert_eq!((VARIANTS[0].back_edges)(Problem::Chain { n: 100, k: 1536 }, 2, 2), 50 * (1 + 4) + 1);
    }

    #[test]
    fn the_most_multiply_adds_are_exact_and_more_refused() {
        let most = Problem::Chain { n: 64, k: MOST_K };
        assert!(Peak.check(&VARIANTS[0], most, 1, 1).is_ok());
        assert!(Peak.reference(most, &[])[63] < 16_777_216.0);
        let mut last = [f32::NAN; 1];
        Peak.compute(most, &[], 63..64, &mut last);
        assert_eq!(f64::from(last[0]), Peak.reference(most, &[])[63]);
        for k in [0, 16, 500, MOST_K + UNROLLED] {
            assert!(Peak.check(&VARIANTS[0], Problem::Chain { n: 64, k }, 1, 1).is_err(), "{k}");
        }
    }
}
