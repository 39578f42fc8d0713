//! `mix`: each element is read, goes through k multiply-adds and is written. The bytes stay the same and k sets the
//! arithmetic, so that it goes from a job of memory to a job of arithmetic: the dial of the roofline.

use std::hint::black_box;
use std::ops::Range;

use super::grid::{self, ends, rounds, word, workgroups};
use super::random::signed;
use super::widest::{Work, multiply_add, one_at_a_time, widest};
use super::{Buffer, Shader, Step, Tolerance, Variant, Workload};
use crate::record::Problem;

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Mix;

/// Multiply-adds per element where the problem does not say.
const DEFAULT_K: u64 = 16;

/// Inputs are whole numbers from 1 to this, with either sign.
const LARGEST: u8 = 128;

/// The largest k for which the largest result, 128 + 4 k, is a whole number below 2^24.
const MOST_K: u64 = 4_194_200;

/// a = 1 + (i & 0) = 1.
const A_MASK: u32 = 0;

/// b = 1 + (i & 3), from 1 to 4.
const B_MASK: u32 = 3;

/// Chains that the CPU advances together, so that its vector unit can be used.
const LANES: usize = 32;

const VARIANTS: &[Variant] = &[Variant {
    name: "plain",
    summary: "one element at a time",
    shaders: &[Shader {
        name: "mix",
        source: include_str!("../../shaders/mix.wgsl"),
        params: &["n", "workers", "k", "a_mask", "b_mask"],
    }],
    tiled: false,
    workgroup_memory: |_| 0,
    back_edges: |problem, workers, _| {
        let k = k(problem);
        ends(rounds(problem.n(), workers).saturating_mul(1 + ends(k / 32) + ends(k % 32 / 8) + ends(k % 8)))
    },
}];

fn k(problem: Problem) -> u64 {
    match problem {
        Problem::Chain { k, .. } => k,
        _ => DEFAULT_K,
    }
}

impl Workload for Mix {
    fn name(&self) -> &'static str {
        "mix"
    }

    fn summary(&self) -> &'static str {
        "k multiply-adds per element that is read and written"
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
        8.0 * problem.n() as f64
    }

    fn inputs(&self, problem: Problem, seed: u64) -> Vec<Vec<f32>> {
        vec![signed(seed, 0, problem.n(), LARGEST, 1)]
    }

    fn input_lengths(&self, problem: Problem) -> Vec<u64> {
        vec![problem.n()]
    }

    fn output_length(&self, problem: Problem) -> u64 {
        problem.n()
    }

    fn reference(&self, problem: Problem, inputs: &[Vec<f32>]) -> Vec<f64> {
        let added = |i: u64| k(problem) as f64 * (1 + i % 4) as f64;
        (0..).zip(&inputs[0]).map(|(i, &x)| f64::from(x) + added(i)).collect()
    }

    fn tolerance(&self, _: Problem) -> Tolerance {
        Tolerance {
            value: 0.0,
            derivation: "a is 1, x and b are whole numbers, so every step adds a whole number to a whole number below \
                         2^24, which a 32-bit float does exactly, fused or not",
        }
    }

    fn check(&self, variant: &Variant, problem: Problem, workers: u64, workgroup_size: u32) -> Result<(), String> {
        let k = k(problem);
        if !(1..=MOST_K).contains(&k) {
            return Err(format!("mix cannot do {k} multiply-adds per element: 1 to {MOST_K} are possible"));
        }
        grid::check(self, variant, problem, workers, workgroup_size)
    }

    fn steps(&self, _: &Variant, problem: Problem, workers: u64, workgroup_size: u32) -> Vec<Step> {
        vec![Step {
            shader: 0,
            constants: vec![("WG", workgroup_size.into())],
            params: vec![word(problem.n()), word(workers), word(k(problem)), A_MASK, B_MASK],
            buffers: vec![Buffer::Input(0), Buffer::Output],
            scratch: Vec::new(),
            workgroups: workgroups(workers, workgroup_size),
        }]
    }

    fn compute(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        let (k, first, x) = (k(problem), elements.start, &inputs[0][elements]);
        widest(Chains { k, first, x, output });
    }

    fn compute_scalar(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        let (a_mask, b_mask) = black_box((A_MASK, B_MASK));
        let x = &inputs[0][elements.clone()];
        for at in one_at_a_time(output.len()) {
            let i = (elements.start + at) as u32;
            let (a, b) = ((1 + (i & a_mask)) as f32, (1 + (i & b_mask)) as f32);
            output[at] = (0..k(problem)).fold(x[at], |x, _| x * a + b);
        }
    }
}

/// The chains of the elements from `first` on, [`LANES`] of them together.
struct Chains<'a> {
    k: u64,
    first: usize,
    x: &'a [f32],
    output: &'a mut [f32],
}

impl Work for Chains<'_> {
    type Output = ();

    #[inline(always)]
    fn work<const FUSED: bool>(self) {
        let Self { k, first, x, output } = self;
        // The compiler must not see that a is 1, or it leaves the multiplications out.
        let (a_mask, b_mask) = black_box((A_MASK, B_MASK));
        for (chunk, (x, output)) in x.chunks(LANES).zip(output.chunks_mut(LANES)).enumerate() {
            let first = first + chunk * LANES;
            let index: [u32; LANES] = std::array::from_fn(|lane| (first + lane) as u32);
            let a = index.map(|i| (1 + (i & a_mask)) as f32);
            let b = index.map(|i| (1 + (i & b_mask)) as f32);
            let mut v: [f32; LANES] = std::array::from_fn(|lane| x.get(lane).copied().unwrap_or_default());
            for _ in 0..k {
                for lane in 0..LANES {
                    v[lane] = multiply_add::<FUSED>(v[lane], a[lane], b[lane]);
                }
            }
            output.copy_from_slice(&v[..output.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_intensity_of_k_multiply_adds_is_a_quarter_of_k() {
        let problem = Problem::Chain { n: 1000, k: 20 };
        assert_eq!(Mix.flop(problem), 40_000.0);
        assert_eq!(Mix.bytes(problem), 8000.0, "x read, z written, four bytes each");
    }

    #[test]
    fn back_edges_counted_by_hand() {
        // 10 elements for the busiest, each with 2 rounds of 32, 3 of 8 and 5 of 1.
        assert_eq!((VARIANTS[0].back_edges)(Problem::Chain { n: 100, k: 93 }, 10, 2), 10 * (1 + 3 + 4 + 6) + 1);
    }

    #[test]
    fn any_number_of_multiply_adds_is_exact_and_too_many_are_refused() {
        for k in [1, 7, 8, 31, 93, MOST_K] {
            let problem = Problem::Chain { n: 65, k };
            assert!(Mix.check(&VARIANTS[0], problem, 1, 1).is_ok());
            let inputs = vec![vec![f32::from(LARGEST); 65]];
            let mut output = [f32::NAN; 2];
            Mix.compute(problem, &inputs, 63..65, &mut output);
            assert_eq!(output.map(f64::from), Mix.reference(problem, &inputs)[63..], "{k}");
            assert!(f64::from(output[0]) < 16_777_216.0);
        }
        for k in [0, MOST_K + 1] {
            assert!(Mix.check(&VARIANTS[0], Problem::Chain { n: 64, k }, 1, 1).is_err(), "{k}");
        }
    }
}
