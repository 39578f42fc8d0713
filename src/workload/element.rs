//! Shared code of the vector workloads: each output element depends only on the input elements at the same index.

use std::marker::PhantomData;
use std::ops::Range;

use super::grid::{self, ends, rounds, word};
use super::random::uniform;
use super::widest::{Work, one_at_a_time, widest};
use super::{Buffer, Shader, Step, Tolerance, Variant, Workload};
use crate::record::{Case, Problem};

/// One element of a vector workload. Every type that implements it is a [`Workload`].
pub(super) trait Element: Sync {
    /// See [`Workload::name`].
    const NAME: &'static str;
    /// See [`Workload::summary`].
    const SUMMARY: &'static str;
    /// See [`Workload::variants`]: one element at a time, and four.
    const VARIANTS: &'static [Variant];
    /// Number of inputs: one (x) or two (x and y).
    const INPUTS: u64;
    /// Multiplications, additions and comparisons per element.
    const FLOP: f64;
    /// Pipeline constants besides the workgroup size.
    const CONSTANTS: &'static [(&'static str, f64)] = &[];
    /// See [`Workload::tolerance`].
    const TOLERANCE: Tolerance;

    /// Computes the element in 32 bits; y is 0 if there is one input. It must be marked `#[inline(always)]`.
    fn rounded(x: f32, y: f32) -> f32;

    /// Computes the element in 64 bits.
    fn exact(x: f64, y: f64) -> f64;
}

/// Vectors of four elements that an invocation of a `vec4` variant loads at a time.
const AT_ONCE: u64 = 4;

/// The constants of the `vec4` kernels.
pub(super) const FOURS: &[(&str, u32)] = &[("AT_ONCE", AT_ONCE as u32)];

/// Returns the variant of a vector workload that processes one element at a time.
pub(super) const fn scalar(shaders: &'static [Shader]) -> Variant {
    let ends = |case: &Case| ends(rounds(case.problem.n(), case.workers));
    Variant::independent("scalar", "one element at a time", shaders, ends)
}

/// Returns the variant that loads four elements in one access, and several such vectors at a time.
pub(super) const fn vec4(shaders: &'static [Shader]) -> Variant {
    Variant {
        busy: |_, items| items.div_ceil(4 * AT_ONCE),
        ..Variant::independent("vec4", "four elements per memory access", shaders, |case| {
            ends(rounds(case.problem.n().div_ceil(4), AT_ONCE.saturating_mul(case.workers)))
        })
    }
}

/// Returns whether the shader has `first`, the index of its first element. If so, a job can be cut into several
/// launches.
fn can_be_cut(variant: &Variant) -> bool {
    variant.shaders[0].params.contains(&"first")
}

/// Returns the dispatch for a range of items.
fn step<E: Element>(variant: &Variant, case: &Case, items: &Range<u64>) -> Step {
    let mut params = vec![word(items.end), word(case.workers)];
    params.extend(can_be_cut(variant).then(|| word(items.start)));
    let buffers = (0..E::INPUTS as usize).map(Buffer::Input).chain([Buffer::Output]).collect();
    let mut step = grid::step(params, buffers, case);
    step.constants.extend(E::CONSTANTS);
    step
}

impl<E: Element> Workload for E {
    fn name(&self) -> &'static str {
        E::NAME
    }

    fn summary(&self) -> &'static str {
        E::SUMMARY
    }

    fn variants(&self) -> &'static [Variant] {
        E::VARIANTS
    }

    fn problem(&self, n: u64) -> Problem {
        Problem::Vector { n }
    }

    fn items(&self, problem: Problem) -> u64 {
        problem.n()
    }

    fn flop(&self, problem: Problem) -> f64 {
        E::FLOP * problem.n() as f64
    }

    fn bytes(&self, problem: Problem) -> f64 {
        4.0 * (E::INPUTS + 1) as f64 * problem.n() as f64
    }

    fn inputs(&self, problem: Problem, seed: u64) -> Vec<Vec<f32>> {
        (0..E::INPUTS).map(|stream| uniform(seed, stream, problem.n())).collect()
    }

    fn input_lengths(&self, problem: Problem) -> Vec<u64> {
        vec![problem.n(); E::INPUTS as usize]
    }

    fn output_length(&self, problem: Problem) -> u64 {
        problem.n()
    }

    fn reference(&self, _: Problem, inputs: &[Vec<f32>]) -> Vec<f64> {
        let y = |index: usize| inputs.get(1).map_or(0.0, |y| f64::from(y[index]));
        inputs[0].iter().enumerate().map(|(index, &x)| E::exact(f64::from(x), y(index))).collect()
    }

    fn tolerance(&self, _: Problem) -> Tolerance {
        E::TOLERANCE
    }

    fn check(&self, variant: &Variant, case: &Case) -> Result<(), String> {
        // The loop advances by this many times the number of workers.
        let at_once = variant.shaders[0].constants.iter().find(|(name, _)| *name == FOURS[0].0);
        let stride = at_once.map_or(1, |(_, fours)| u64::from(*fours));
        grid::check(self, variant, &Case { workers: case.workers.saturating_mul(stride), ..*case })
    }

    fn steps(&self, variant: &Variant, case: &Case) -> Vec<Step> {
        vec![step::<E>(variant, case, &(0..self.items(case.problem)))]
    }

    fn slice(&self, variant: &Variant, case: &Case, items: Range<u64>) -> Option<Step> {
        can_be_cut(variant).then(|| step::<E>(variant, case, &items))
    }

    fn compute(&self, _: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        let x = &inputs[0][elements.clone()];
        widest(Loop::<E> { x, y: inputs.get(1).map(|y| &y[elements]), output, element: PhantomData });
    }

    fn compute_scalar(&self, _: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        // All slices have the same length, so the compiler needs no bounds checks in the loops.
        let length = elements.len().min(output.len());
        let (x, output) = (&inputs[0][elements.clone()][..length], &mut output[..length]);
        compute::<E>(one_at_a_time(length), x, inputs.get(1).map(|y| &y[elements][..length]), output);
    }
}

/// Computes the elements with these indices.
#[inline(always)]
fn compute<E: Element>(indices: impl Iterator<Item = usize>, x: &[f32], y: Option<&[f32]>, output: &mut [f32]) {
    match y {
        Some(y) => {
            for i in indices {
                output[i] = E::rounded(x[i], y[i]);
            }
        }
        None => {
            for i in indices {
                output[i] = E::rounded(x[i], 0.0);
            }
        }
    }
}

/// The loop over all elements.
struct Loop<'a, E> {
    x: &'a [f32],
    y: Option<&'a [f32]>,
    output: &'a mut [f32],
    element: PhantomData<E>,
}

impl<E: Element> Work for Loop<'_, E> {
    type Output = ();

    #[inline(always)]
    fn work<const FUSED: bool>(self) {
        let length = self.output.len();
        compute::<E>(0..length, &self.x[..length], self.y.map(|y| &y[..length]), self.output);
    }
}

/// Returns the floats below and above an exact value. A device may round to either.
#[cfg(test)]
pub(super) fn neighbours(exact: f64) -> [f64; 2] {
    let nearest = exact as f32;
    match f64::from(nearest).total_cmp(&exact) {
        std::cmp::Ordering::Less => [nearest.into(), nearest.next_up().into()],
        std::cmp::Ordering::Equal => [exact; 2],
        std::cmp::Ordering::Greater => [nearest.next_down().into(), nearest.into()],
    }
}
