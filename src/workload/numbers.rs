//! `peak-i32` and `peak-f16`: `peak` with integers and with 16-bit floats. The speed of arithmetic depends on the kind
//! of number, so each kind has its own compute limit.

use std::hint::black_box;
use std::ops::Range;

use super::chain::{A_MASK, B_MASK, Chains};
use super::grid::{ends, rounds};
use super::peak::Peak;
use super::shader::wgsl;
use super::widest::{Work, one_at_a_time, widest};
use super::{Shader, Step, Tolerance, Variant, Workload};
use crate::record::{Case, Problem};

/// The kind of number that a kernel computes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// 32-bit floats, on every device.
    F32,
    /// 32-bit integers, on every device.
    I32,
    /// 16-bit floats, on some devices.
    F16,
}

impl Number {
    /// Returns the short name, as in shaders.
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::I32 => "i32",
            Self::F16 => "f16",
        }
    }
}

/// The 8 chains of `peak` with other numbers. Every result is an integer that all kinds hold exactly, so the reference
/// is the same.
#[derive(Debug)]
pub(super) struct PeakIn {
    name: &'static str,
    summary: &'static str,
    number: Number,
    variants: &'static [Variant],
}

/// The job with 32-bit floats.
const PEAK: Chains<Peak> = Chains(Peak);

/// Multiply-adds of an element in one round of the shaders' loop, in all chains together.
const ROUND: u64 = 128;

/// Rounds after which the chains of 16-bit floats start again.
const RESTART: u64 = 16;

const PARAMS: &[&str] = &["n", "workers", "k", "a_mask", "b_mask"];

/// Returns the multiply-adds per element of a problem.
fn chain(problem: Problem) -> u64 {
    match problem {
        Problem::Chain { k, .. } => k,
        other => super::foreign("peak", other),
    }
}

/// The job with 32-bit integers.
pub(super) static I32: PeakIn = PeakIn {
    name: "peak-i32",
    summary: "peak in 32-bit whole numbers",
    number: Number::I32,
    variants: &[Variant::independent(
        "plain",
        "two chains of four lanes at a time",
        &[Shader::new(&[wgsl!("peak-i32")], PARAMS)],
        |case| {
            let each = ends(chain(case.problem) / ROUND).saturating_add(1);
            ends(rounds(case.problem.n(), case.workers).saturating_mul(each))
        },
    )],
};

/// The job with 16-bit floats.
pub(super) static F16: PeakIn = PeakIn {
    name: "peak-f16",
    summary: "peak in 16-bit floats, if the GPU has them",
    number: Number::F16,
    variants: &[Variant::independent(
        "plain",
        "two chains of four lanes at a time",
        &[Shader::new(&[wgsl!("peak-f16")], PARAMS)],
        |case| {
            let inner = chain(case.problem) / ROUND;
            let restarts = inner.div_ceil(RESTART);
            // Each restart leaves the inner loop once, and ends one round of the outer loop.
            let each = ends(inner.saturating_add(restarts.saturating_mul(2))).saturating_add(1);
            ends(rounds(case.problem.n(), case.workers).saturating_mul(each))
        },
    )],
};

impl Workload for PeakIn {
    fn name(&self) -> &'static str {
        self.name
    }

    fn summary(&self) -> &'static str {
        self.summary
    }

    fn number(&self) -> Number {
        self.number
    }

    fn variants(&self) -> &'static [Variant] {
        self.variants
    }

    fn problem(&self, n: u64) -> Problem {
        PEAK.problem(n)
    }

    fn items(&self, problem: Problem) -> u64 {
        PEAK.items(problem)
    }

    fn flop(&self, problem: Problem) -> f64 {
        PEAK.flop(problem)
    }

    fn bytes(&self, problem: Problem) -> f64 {
        PEAK.bytes(problem)
    }

    fn inputs(&self, problem: Problem, seed: u64) -> Vec<Vec<f32>> {
        PEAK.inputs(problem, seed)
    }

    fn input_lengths(&self, problem: Problem) -> Vec<u64> {
        PEAK.input_lengths(problem)
    }

    fn output_length(&self, problem: Problem) -> u64 {
        PEAK.output_length(problem)
    }

    fn reference(&self, problem: Problem, inputs: &[Vec<f32>]) -> Vec<f64> {
        PEAK.reference(problem, inputs)
    }

    fn tolerance(&self, problem: Problem) -> Tolerance {
        PEAK.tolerance(problem)
    }

    fn check(&self, variant: &Variant, case: &Case) -> Result<(), String> {
        PEAK.check(variant, case)
    }

    fn steps(&self, variant: &Variant, case: &Case) -> Vec<Step> {
        PEAK.steps(variant, case)
    }

    /// Computes with integers. For 16-bit floats the CPU computes with 32-bit floats; the result is the same.
    fn compute(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        if self.number == Number::I32 {
            widest(Share { k: chain(problem), first: elements.start, output });
        } else {
            PEAK.compute(problem, inputs, elements, output);
        }
    }

    fn compute_scalar(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        if self.number != Number::I32 {
            return PEAK.compute_scalar(problem, inputs, elements, output);
        }
        let [a_mask, steps] = [black_box(A_MASK), (chain(problem) / CHAINS as u64) as u32];
        for at in one_at_a_time(output.len()) {
            let [a, b, start] = operands((elements.start + at) as u32, a_mask);
            let mut sum = 0;
            for chain in one_at_a_time(CHAINS) {
                let mut x = start + chain as u32;
                for _ in 0..steps {
                    x = step(x, a, b);
                }
                sum += x;
            }
            output[at] = sum as f32;
        }
    }
}

/// Number of chains per element.
const CHAINS: usize = 8;

/// Elements that the CPU advances together, one chain each.
const LANES: usize = 64;

/// The elements from `first`, as many as `output` has.
struct Share<'a> {
    k: u64,
    first: usize,
    output: &'a mut [f32],
}

/// Returns a, b and the start of the first chain of an element.
#[inline(always)]
fn operands(i: u32, a_mask: u32) -> [u32; 3] {
    [1 + (i & a_mask), 1 + (i & B_MASK), i % 64]
}

/// Returns `x a + b`. Its bits are the same for signed and unsigned integers.
#[inline(always)]
fn step(x: u32, a: u32, b: u32) -> u32 {
    x.wrapping_mul(a).wrapping_add(b)
}

impl Work for Share<'_> {
    type Output = ();

    #[inline(always)]
    fn work<const FUSED: bool>(self) {
        let Self { k, first, output } = self;
        let a_mask = black_box(A_MASK);
        for (group, output) in output.chunks_mut(LANES).enumerate() {
            let ([mut a, mut b, mut start], mut sums) = ([[0; LANES]; 3], [0u32; LANES]);
            for lane in 0..LANES {
                [a[lane], b[lane], start[lane]] = operands((first + group * LANES + lane) as u32, a_mask);
            }
            for chain in 0..CHAINS {
                let mut x = start;
                for x in &mut x {
                    *x += chain as u32;
                }
                for _ in 0..k / CHAINS as u64 {
                    for lane in 0..LANES {
                        x[lane] = step(x[lane], a[lane], b[lane]);
                    }
                }
                for lane in 0..LANES {
                    sums[lane] += x[lane];
                }
            }
            for lane in 0..output.len() {
                output[lane] = sums[lane] as f32;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_edges_counted_by_hand() {
        // The busiest worker has 50 elements, each with 18 rounds.
        let case = Case::new(Problem::Chain { n: 100, k: 18 * 128 }, 2, 2);
        assert_eq!((I32.variants[0].back_edges)(&case), 50 * (1 + 19) + 1);
        // 18 rounds in two turns: 17 + 3 ends inside, 3 outside.
        assert_eq!((F16.variants[0].back_edges)(&case), 50 * (1 + 17 + 3 + 3) + 1);
    }

    /// Chains start at 1, 2, … 8 and add b = 2 in each of 64 steps.
    #[test]
    fn whole_numbers_give_what_floats_give() {
        let problem = Problem::Chain { n: 70, k: 512 };
        let mut output = [f32::NAN; 69];
        I32.compute(problem, &[], 1..70, &mut output);
        assert_eq!(output[0], 36.0 + 8.0 * 64.0 * 2.0);
        assert_eq!(output.map(f64::from)[..], PEAK.reference(problem, &[])[1..]);
    }

    /// Checks the largest number that a chain of 16-bit floats reaches before it starts again.
    #[test]
    fn short_floats_hold_every_number_exactly() {
        let [.., b] = [1, 2, 3, 1 + B_MASK];
        let largest = 63 + 7 + u64::from(b) * 16 * RESTART;
        assert!(largest < 2048, "{largest}");
        assert!(F16.variants[0].shaders[0].text().contains("min(16u, rounds - done)"), "{RESTART} rounds, then again");
    }
}
