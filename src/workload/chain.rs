//! Shared code of the workloads of chains: each output element needs k multiply-adds, x = x a + b, one after another.
//!
//! a is 1 and b is a small integer, so the result counts the multiply-adds. 32 bits hold it exactly up to a longest
//! chain, which each workload names. The shaders compute a and b from masks that arrive at run time, so no compiler can
//! see this and shorten the chains. The CPU's code hides the mask of a for the same reason.
//!
//! The CPU advances many elements together to use its vector unit, so its code does not match the shaders line by line.

use std::hint::black_box;
use std::marker::PhantomData;
use std::ops::Range;

use super::grid::{self, ends, rounds, word};
use super::random::signed;
use super::widest::{Work, multiply_add, one_at_a_time, widest};
use super::{Buffer, Shader, Step, Tolerance, Variant, Workload, foreign};
use crate::record::{Case, Problem};

/// Mask of a: a = 1 + (path & 0) = 1.
pub(super) const A_MASK: u32 = 0;

/// Mask of b: b = 1 + (i & 3), from 1 to 4, unless the workload has its own [`Chain::path`].
pub(super) const B_MASK: u32 = 3;

/// Number of elements that the CPU advances together, one chain each. With fewer, the vector unit would wait for
/// results. With more, they would not fit into the registers.
const LANES: usize = 64;

/// One workload of chains. [`Chains`] makes a [`Workload`] from it.
///
/// Functions that run for each element are marked `#[inline(always)]`; [`Work::work`] says why.
pub(super) trait Chain: Sync + Sized {
    /// See [`Workload::name`].
    const NAME: &'static str;
    /// See [`Workload::summary`].
    const SUMMARY: &'static str;
    /// See [`Workload::variants`].
    const VARIANTS: &'static [Variant];
    /// Largest absolute value of the input's integers; `None` if an element depends only on its index.
    const READS: Option<u8> = None;
    /// Number of chains per element. They share its k multiply-adds, and their sum is the element.
    const CHAINS: usize = 1;
    /// Multiply-adds between two checks of the shader's loop counter. k is a multiple of it.
    const UNROLLED: u64 = 1;
    /// Largest k for which all results are integers below 2^24.
    const MOST_K: u64;
    /// Reason why every result up to there is exact: see [`Tolerance::derivation`].
    const EXACTNESS: &'static str;

    /// See [`Workload::problem`].
    fn problem(n: u64) -> Problem;

    /// Returns the shader's parameters for a problem.
    fn params(problem: Problem) -> Params {
        match problem {
            Problem::Chain { k, .. } => Params { k, branches: 1, run: 1 },
            other => foreign(Self::NAME, other),
        }
    }

    /// Refuses other parameters than k that this workload cannot have.
    fn check(_: Params) -> Result<(), String> {
        Ok(())
    }

    /// Returns how many elements an invocation computes at a time, and the index of the shader for it.
    fn at_a_time(_: Problem) -> (u64, usize) {
        (1, 0)
    }

    /// Returns how often an invocation reaches the end of an inner loop for one item: see [`Variant::back_edges`].
    fn loop_ends(params: Params) -> u64;

    /// Returns the start value of a chain of element i. x is the element of the input, or 0.
    fn start(i: u32, chain: usize, x: f32) -> f32;

    /// Returns the path of element i. Its b is the path plus one.
    #[inline(always)]
    fn path(_: Params, i: u32) -> u32 {
        i & B_MASK
    }
}

/// The parameters of a problem, as in the shaders.
#[derive(Debug, Clone, Copy)]
pub(super) struct Params {
    /// Multiply-adds per element.
    pub(super) k: u64,
    /// Number of paths.
    pub(super) branches: u64,
    /// Number of consecutive elements on the same path.
    pub(super) run: u64,
}

/// Returns the one variant of a workload of chains.
pub(super) const fn plain<C: Chain>(summary: &'static str, shaders: &'static [Shader]) -> Variant {
    Variant::independent("plain", summary, shaders, |case| {
        let rounds = rounds(case.problem.n() / C::at_a_time(case.problem).0, case.workers);
        ends(rounds.saturating_mul(C::loop_ends(C::params(case.problem)).saturating_add(1)))
    })
}

/// A workload of chains.
#[derive(Debug)]
pub(super) struct Chains<C>(pub(super) C);

impl<C: Chain> Chains<C> {
    /// Returns the dispatch for a range of items. The shader's list names its parameters.
    fn step(variant: &Variant, case: &Case, items: &Range<u64>) -> Step {
        let shader = C::at_a_time(case.problem).1;
        let Params { k, branches, run } = C::params(case.problem);
        let param = |name: &&str| match *name {
            "n" => word(items.end),
            "first" => word(items.start),
            "workers" => word(case.workers),
            "k" => word(k),
            "branches" => word(branches),
            "run" => word(run),
            "a_mask" => A_MASK,
            "b_mask" => B_MASK,
            other => unreachable!("no chain has a parameter {other}"),
        };
        let params = variant.shaders[shader].params.iter().map(param).collect();
        let input = C::READS.map(|_| Buffer::Input(0));
        Step { shader, ..grid::step(params, input.into_iter().chain([Buffer::Output]).collect(), case) }
    }
}

impl<C: Chain> Workload for Chains<C> {
    fn name(&self) -> &'static str {
        C::NAME
    }

    fn summary(&self) -> &'static str {
        C::SUMMARY
    }

    fn variants(&self) -> &'static [Variant] {
        C::VARIANTS
    }

    fn problem(&self, n: u64) -> Problem {
        C::problem(n)
    }

    fn items(&self, problem: Problem) -> u64 {
        problem.n() / C::at_a_time(problem).0
    }

    fn flop(&self, problem: Problem) -> f64 {
        2.0 * problem.n() as f64 * C::params(problem).k as f64
    }

    /// The result of a chain is known without it.
    fn reference_flop(&self, problem: Problem) -> f64 {
        2.0 * problem.n() as f64
    }

    fn bytes(&self, problem: Problem) -> f64 {
        let numbers = if C::READS.is_some() { 2.0 } else { 1.0 };
        4.0 * numbers * problem.n() as f64
    }

    fn inputs(&self, problem: Problem, seed: u64) -> Vec<Vec<f32>> {
        C::READS.map(|largest| signed(seed, 0, problem.n(), largest, 1)).into_iter().collect()
    }

    fn input_lengths(&self, problem: Problem) -> Vec<u64> {
        C::READS.map(|_| problem.n()).into_iter().collect()
    }

    fn output_length(&self, problem: Problem) -> u64 {
        problem.n()
    }

    fn reference(&self, problem: Problem, inputs: &[Vec<f32>]) -> Vec<f64> {
        let params = C::params(problem);
        // Indices stay below 2^32, as in the shaders: see [`Workload::check`].
        let element = |i: u64| {
            let i = i as u32;
            let x = inputs.first().map_or(0.0, |x| x[i as usize]);
            let starts: f64 = (0..C::CHAINS).map(|chain| f64::from(C::start(i, chain, x))).sum();
            starts + params.k as f64 * f64::from(1 + C::path(params, i))
        };
        (0..problem.n()).map(element).collect()
    }

    fn tolerance(&self, _: Problem) -> Tolerance {
        Tolerance { value: 0.0, derivation: C::EXACTNESS }
    }

    fn check(&self, variant: &Variant, case: &Case) -> Result<(), String> {
        let (params, unit, most) = (C::params(case.problem), C::UNROLLED, C::MOST_K);
        C::check(params)?;
        if !params.k.is_multiple_of(unit) || !(unit..=most).contains(&params.k) {
            let possible = match unit {
                1 => format!("1 to {most} are possible"),
                _ => format!("a multiple of {unit} from {unit} to {most} is needed"),
            };
            return Err(format!("{} cannot do {} multiply-adds per element: {possible}", C::NAME, params.k));
        }
        grid::check(self, variant, case)
    }

    fn steps(&self, variant: &Variant, case: &Case) -> Vec<Step> {
        vec![Self::step(variant, case, &(0..self.items(case.problem)))]
    }

    fn slice(&self, variant: &Variant, case: &Case, items: Range<u64>) -> Option<Step> {
        let can_be_cut = variant.shaders[0].params.contains(&"first");
        can_be_cut.then(|| Self::step(variant, case, &items))
    }

    fn compute(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        let (params, first) = (C::params(problem), elements.start);
        let x = inputs.first().map_or(&[][..], |x| &x[elements]);
        widest(Share::<C> { params, first, x, output, chain: PhantomData });
    }

    fn compute_scalar(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        let params = C::params(problem);
        let a_mask = black_box(A_MASK);
        let x = inputs.first().map_or(&[][..], |x| &x[elements.clone()]);
        for at in one_at_a_time(output.len()) {
            let i = (elements.start + at) as u32;
            let path = C::path(params, i);
            let (a, b) = ((1 + (path & a_mask)) as f32, (1 + path) as f32);
            let x = x.get(at).copied().unwrap_or_default();
            let mut sum = advanced::<C>(params, C::start(i, 0, x), a, b);
            for before in one_at_a_time(C::CHAINS - 1) {
                sum += advanced::<C>(params, C::start(i, before + 1, x), a, b);
            }
            output[at] = sum;
        }
    }
}

/// Returns the end of a chain that begins with `x`.
#[inline(always)]
fn advanced<C: Chain>(params: Params, mut x: f32, a: f32, b: f32) -> f32 {
    for _ in 0..params.k / C::CHAINS as u64 {
        x = x * a + b;
    }
    x
}

/// The elements from `first`, as many as `output` has. `x` is their part of the input, or empty.
struct Share<'a, C> {
    params: Params,
    first: usize,
    x: &'a [f32],
    output: &'a mut [f32],
    chain: PhantomData<C>,
}

impl<C: Chain> Work for Share<'_, C> {
    type Output = ();

    #[inline(always)]
    fn work<const FUSED: bool>(self) {
        let Self { params, first, x, output, .. } = self;
        let a_mask = black_box(A_MASK);
        for (group, output) in output.chunks_mut(LANES).enumerate() {
            let begin = group * LANES;
            let (mut path, [mut a, mut b, mut sums]) = ([0; LANES], [[0.0; LANES]; 3]);
            for (lane, path) in path.iter_mut().enumerate() {
                *path = C::path(params, (first + begin + lane) as u32);
            }
            for lane in 0..LANES {
                a[lane] = (1 + (path[lane] & a_mask)) as f32;
                b[lane] = (1 + path[lane]) as f32;
            }
            for chain in 0..C::CHAINS {
                let mut v = [0.0; LANES];
                for (lane, v) in v.iter_mut().enumerate() {
                    let at = begin + lane;
                    let x = if at < x.len() { x[at] } else { 0.0 };
                    *v = C::start((first + at) as u32, chain, x);
                }
                for _ in 0..params.k / C::CHAINS as u64 {
                    for lane in 0..LANES {
                        v[lane] = multiply_add::<FUSED>(v[lane], a[lane], b[lane]);
                    }
                }
                for lane in 0..LANES {
                    sums[lane] += v[lane];
                }
            }
            output.copy_from_slice(&sums[..output.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{branches, fma, mix, peak};
    use super::*;

    /// Checks that the longest chains of 1024 elements give the reference, below 2^24, and that unsuitable k are
    /// refused.
    fn exact_up_to_the_longest<C: Chain>(workload: &Chains<C>, with: fn(u64) -> Problem, refused: &[u64]) {
        let check = |k| workload.check(&C::VARIANTS[0], &Case::new(with(k), 1, 1));
        let longest = with(C::MOST_K);
        assert_eq!(check(C::MOST_K), Ok(()));
        let inputs: Vec<_> = C::READS.map(|largest| vec![f32::from(largest); 1024]).into_iter().collect();
        let reference = workload.reference(longest, &inputs);
        assert!(reference.iter().all(|exact| *exact < 16_777_216.0), "{}", C::NAME);
        let mut last = [f32::NAN; 2];
        workload.compute(longest, &inputs, 1022..1024, &mut last);
        assert_eq!(last.map(f64::from), reference[1022..], "{}", C::NAME);
        for k in refused.iter().copied().chain([0, C::MOST_K + C::UNROLLED]) {
            assert!(check(k).is_err(), "{} {k}", C::NAME);
        }
    }

    #[test]
    fn the_longest_chains_are_exact_and_longer_ones_refused() {
        let chain = |k| Problem::Chain { n: 1024, k };
        exact_up_to_the_longest(&Chains(fma::Fma), chain, &[8, 100]);
        exact_up_to_the_longest(&Chains(mix::Mix), chain, &[]);
        exact_up_to_the_longest(&Chains(peak::Peak), chain, &[16, 500]);
        let most_paths = |k| Problem::Branches { n: 1024, branches: branches::MOST_BRANCHES, k, run: 1 };
        exact_up_to_the_longest(&Chains(branches::Branches), most_paths, &[24]);
    }
}
