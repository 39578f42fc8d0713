//! `fma`: k dependent multiply-adds for each element, computed from its index. It reads nothing, so it scales with the
//! device's arithmetic alone, and k sets the work per element: the dial.

use std::hint::black_box;
use std::ops::Range;

use super::grid::{self, ends, rounds, word, workgroups};
use super::widest::{Work, multiply_add, one_at_a_time, widest};
use super::{Buffer, Shader, Step, Tolerance, Variant, Workload};
use crate::record::Problem;

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Fma;

/// Multiply-adds per element where the problem does not say.
const DEFAULT_K: u64 = 64;

/// The shader unrolls in steps of so many.
const UNROLLED: u64 = 16;

/// The largest k for which the largest result, 1023 + 4 k, is a whole number below 2^24.
const MOST_K: u64 = 4_194_048;

/// a = 1 + (i & 0) = 1.
const A_MASK: u32 = 0;

/// b = 1 + (i & 3), from 1 to 4.
const B_MASK: u32 = 3;

/// Chains that the CPU advances together, so that its vector unit can be used.
const LANES: usize = 32;

const VARIANTS: &[Variant] = &[Variant {
    name: "plain",
    summary: "one chain at a time",
    shaders: &[Shader {
        name: "fma",
        source: include_str!("../../shaders/fma.wgsl"),
        params: &["n", "workers", "k", "a_mask", "b_mask", "first"],
    }],
    tiled: false,
    workgroup_memory: |_| 0,
    back_edges: |problem, workers, _| {
        let k = k(problem);
        ends(rounds(problem.n(), workers).saturating_mul(1 + ends(k / 256) + ends(k % 256 / 16)))
    },
}];

fn k(problem: Problem) -> u64 {
    match problem {
        Problem::Chain { k, .. } => k,
        _ => DEFAULT_K,
    }
}

/// The dispatch for a range of the elements.
fn step(problem: Problem, elements: Range<u64>, workers: u64, workgroup_size: u32) -> Step {
    Step {
        shader: 0,
        constants: vec![("WG", workgroup_size.into())],
        params: vec![word(elements.end), word(workers), word(k(problem)), A_MASK, B_MASK, word(elements.start)],
        buffers: vec![Buffer::Output],
        scratch: Vec::new(),
        workgroups: workgroups(workers, workgroup_size),
    }
}

impl Workload for Fma {
    fn name(&self) -> &'static str {
        "fma"
    }

    fn summary(&self) -> &'static str {
        "k multiply-adds per element, one after another"
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
        (0..problem.n()).map(|i| (i % 1024) as f64 + k(problem) as f64 * (1 + i % 4) as f64).collect()
    }

    fn tolerance(&self, _: Problem) -> Tolerance {
        Tolerance {
            value: 0.0,
            derivation: "a is 1 and b a whole number, so every step adds a whole number to a whole number below 2^24, \
                         which a 32-bit float does exactly, fused or not",
        }
    }

    fn check(&self, variant: &Variant, problem: Problem, workers: u64, workgroup_size: u32) -> Result<(), String> {
        let k = k(problem);
        if !k.is_multiple_of(UNROLLED) || !(UNROLLED..=MOST_K).contains(&k) {
            return Err(format!(
                "fma cannot do {k} multiply-adds per element: a multiple of {UNROLLED} from {UNROLLED} to {MOST_K} is \
                 needed"
            ));
        }
        grid::check(self, variant, problem, workers, workgroup_size)
    }

    fn steps(&self, _: &Variant, problem: Problem, workers: u64, workgroup_size: u32) -> Vec<Step> {
        vec![step(problem, 0..problem.n(), workers, workgroup_size)]
    }

    fn slice(&self, _: &Variant, problem: Problem, items: Range<u64>, workers: u64, size: u32) -> Option<Step> {
        Some(step(problem, items, workers, size))
    }

    fn compute(&self, problem: Problem, _: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        widest(Chains { k: k(problem), first: elements.start, output });
    }

    fn compute_scalar(&self, problem: Problem, _: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        let (a_mask, b_mask) = black_box((A_MASK, B_MASK));
        for at in one_at_a_time(output.len()) {
            let i = (elements.start + at) as u32;
            let (a, b) = ((1 + (i & a_mask)) as f32, (1 + (i & b_mask)) as f32);
            output[at] = (0..k(problem)).fold((i % 1024) as f32, |x, _| x * a + b);
        }
    }
}

/// The chains of the elements from `first` on, [`LANES`] of them together.
struct Chains<'a> {
    k: u64,
    first: usize,
    output: &'a mut [f32],
}

impl Work for Chains<'_> {
    type Output = ();

    #[inline(always)]
    fn work<const FUSED: bool>(self) {
        let (k, first, output) = (self.k, self.first, self.output);
        // The compiler must not see that a is 1, or it leaves the multiplications out.
        let (a_mask, b_mask) = black_box((A_MASK, B_MASK));
        for (chunk, output) in output.chunks_mut(LANES).enumerate() {
            let first = first + chunk * LANES;
            let index: [u32; LANES] = std::array::from_fn(|lane| (first + lane) as u32);
            let a = index.map(|i| (1 + (i & a_mask)) as f32);
            let b = index.map(|i| (1 + (i & b_mask)) as f32);
            let mut x = index.map(|i| (i % 1024) as f32);
            for _ in 0..k {
                for lane in 0..LANES {
                    x[lane] = multiply_add::<FUSED>(x[lane], a[lane], b[lane]);
                }
            }
            output.copy_from_slice(&x[..output.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_of_a_thousand_chains() {
        let problem = Problem::Chain { n: 1000, k: 256 };
        assert_eq!(Fma.flop(problem), 512_000.0);
        assert_eq!(Fma.bytes(problem), 4000.0, "one result written, four bytes");
    }

    #[test]
    fn back_edges_counted_by_hand() {
        let count = VARIANTS[0].back_edges;
        // 100 elements by one invocation, each with 4 short steps.
        assert_eq!(count(Problem::Chain { n: 100, k: 64 }, 1, 1), 100 * (1 + 1 + 5) + 1);
        // 2 elements for the busiest, each with 2 long steps and 15 short ones.
        assert_eq!(count(Problem::Chain { n: 100, k: 752 }, 60, 4), 2 * (1 + 3 + 16) + 1);
    }

    #[test]
    fn the_longest_chain_is_exact_and_a_longer_one_refused() {
        let longest = Problem::Chain { n: 1024, k: MOST_K };
        assert!(Fma.check(&VARIANTS[0], longest, 1, 1).is_ok());
        let mut last = [f32::NAN; 1];
        Fma.compute(longest, &[], 1023..1024, &mut last);
        assert_eq!(f64::from(last[0]), Fma.reference(longest, &[])[1023]);
        for k in [0, 8, 100, MOST_K + 16] {
            assert!(Fma.check(&VARIANTS[0], Problem::Chain { n: 1024, k }, 1, 1).is_err(), "{k}");
        }
    }
}
