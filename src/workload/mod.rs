//! What is computed: one file per workload, the twin of its shaders in `shaders/`.
//!
//! A workload knows its inputs, its output, a reference in 64 bits with a tolerance, its cost in flop and bytes, and
//! its dispatches for a number of workers. It knows no device: the GPU runs its [`Step`]s, the CPU runs
//! [`Workload::compute`]. `registry.rs` is the one list of workloads.

mod add;
mod branches;
mod chain;
mod copy;
mod dense;
mod dot;
mod element;
mod empty;
mod fma;
mod grid;
mod halves;
mod matmul;
mod matrix;
mod mix;
mod mlp;
mod multiply;
mod numbers;
mod own;
mod peak;
mod product;
mod random;
mod registry;
mod relu;
mod saxpy;
mod scale;
mod shader;
mod slices;
mod variant;
mod widest;

use std::ops::Range;

use crate::record::{Case, Problem};

pub(crate) use branches::MOST_BRANCHES;
pub use numbers::Number;
pub use own::{Own, UNPROVEN, expected};
pub use registry::{COPY, EMPTY, FMA, PEAK, all, find};
pub use shader::{File, Shader};
pub use slices::{part_ranges, parts, slices};
pub use variant::{Variant, Workgroup, full_width};

/// Flop and bytes of a share, together, beside which handing it to a thread costs little: 10 µs of work and more.
const WORTH_A_TASK: f64 = (1u64 << 20) as f64;

/// Elements that a vector loop of the CPU takes together, and whole cache lines.
const LINES: u64 = 64;

/// A job that any number of workers can share.
pub trait Workload: Sync {
    /// Returns the name in options, labels, tables and shader files.
    fn name(&self) -> &'static str;

    /// Returns a formula or half a sentence: what the workload computes.
    fn summary(&self) -> &'static str;

    /// Returns the numbers that its kernels multiply and add: their compute limit is the one for it.
    fn number(&self) -> Number {
        Number::F32
    }

    /// Returns the ways to compute it; the first is the default.
    fn variants(&self) -> &'static [Variant];

    /// Returns the problem of size n: vectors of n elements, square matrices of side n, or a batch of n rows.
    ///
    /// All other methods take problems of this kind alone, with any sizes: matrices for a product of matrices, chains
    /// for a chain of multiply-adds.
    fn problem(&self, n: u64) -> Problem;

    /// Counts the independent items of work. Each worker takes a share of them, so no more workers can be busy.
    fn items(&self, problem: Problem) -> u64;

    /// Counts the multiplications, additions and comparisons of one job.
    fn flop(&self, problem: Problem) -> f64;

    /// Counts the bytes that must cross between the kernel and the device's memory in one job: each input is read once,
    /// each output is written once.
    fn bytes(&self, problem: Problem) -> f64;

    /// Whether the reader wrote its kernel. Then nothing vouches for that kernel, and no processor can do its work.
    fn is_the_readers(&self) -> bool {
        false
    }

    /// Makes the inputs. The same seed gives the same inputs.
    fn inputs(&self, problem: Problem, seed: u64) -> Vec<Vec<f32>>;

    /// Counts the elements of each input.
    fn input_lengths(&self, problem: Problem) -> Vec<u64>;

    /// Counts the elements of the output.
    fn output_length(&self, problem: Problem) -> u64;

    /// Says why the output of a problem cannot be compared with a reference; `None` if it can.
    fn unverified(&self, _: Problem) -> Option<String> {
        None
    }

    /// Returns the numbers in an output that holds others than 32-bit floats, or gaps between them.
    fn decoded(&self, _: Problem, _output: &[f32]) -> Option<Vec<f64>> {
        None
    }

    /// Computes the output in 64 bits.
    fn reference(&self, problem: Problem, inputs: &[Vec<f32>]) -> Vec<f64>;

    /// Returns the largest difference from the reference that rounding can explain, and the derivation of that bound.
    fn tolerance(&self, problem: Problem) -> Tolerance;

    /// Returns the tolerance of each element of the output, if they differ.
    fn tolerances(&self, _: Problem) -> Option<Vec<f64>> {
        None
    }

    /// Checks that the shaders can do this case. They count in 32 bits, so elements and workers together must stay
    /// below 2^32, and some variants need whole tiles. [`Workload::steps`], [`Variant::back_edges`] and a device's
    /// `prepare` may rely on this check.
    ///
    /// # Errors
    /// What is wrong with the case, and what would be right.
    fn check(&self, variant: &Variant, case: &Case) -> Result<(), String> {
        grid::check(self, variant, case)
    }

    /// Returns the dispatches of one job, in order; each one sees what earlier ones wrote. A dispatch may be folded
    /// into rows and launch a few surplus workgroups: they do nothing.
    ///
    /// # Panics
    /// For cases that [`Workload::check`] refuses.
    fn steps(&self, variant: &Variant, case: &Case) -> Vec<Step>;

    /// Returns the dispatch that does a range of the items; `None` if the job cannot be cut into several launches.
    fn slice(&self, _: &Variant, _: &Case, _items: Range<u64>) -> Option<Step> {
        None
    }

    /// Returns the number of a binding: of the uniform block for 0, of the buffers of a step from 1 on.
    fn binding(&self, index: usize) -> u32 {
        index as u32
    }

    /// Returns the extensions of WGSL that a variant needs: see [`Shader::extensions`].
    fn extensions(&self, variant: &Variant) -> Vec<&'static str> {
        variant.shaders.iter().flat_map(Shader::extensions).collect()
    }

    /// See [`Variant::workgroup_memory`].
    fn workgroup_memory(&self, variant: &Variant, workgroup_size: u32) -> u64 {
        (variant.workgroup_memory)(workgroup_size)
    }

    /// See [`Variant::back_edges`].
    fn back_edges(&self, variant: &Variant, case: &Case) -> u64 {
        (variant.back_edges)(case)
    }

    /// Computes a share of the job on a thread of the CPU, in 32 bits, with the thread's widest vector unit.
    ///
    /// The share is the range `elements` of the output, cut at multiples of [`Workload::grain`], and `output` is that
    /// part of the output. For a [`Workload::is_reduction`] the share is a range of the items, and its partial result
    /// goes into the one element of `output`.
    fn compute(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]);

    /// Computes the same share one element at a time: a beginner's loop, which no compiler may turn into vectors.
    fn compute_scalar(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]);

    /// Counts the elements of the output that belong together on the CPU.
    fn grain(&self, _: Problem) -> u64 {
        1
    }

    /// Counts the elements of a share that a thread of the CPU takes at least at a time, a multiple of
    /// [`Workload::grain`]: whole cache lines, and so much work that handing it out costs little beside it.
    fn portion(&self, problem: Problem) -> u64 {
        let elements = if self.is_reduction() { self.items(problem) } else { self.output_length(problem) };
        let each = (self.flop(problem) + self.bytes(problem)) / elements.max(1) as f64;
        let worth = (WORTH_A_TASK / each.max(1.0)).ceil() as u64;
        worth.next_multiple_of(LINES.next_multiple_of(self.grain(problem)))
    }

    /// Returns the problem of an m x k and a k x n matrix; `None` if the workload multiplies no matrices.
    fn shaped(&self, _: [u64; 3]) -> Option<Problem> {
        None
    }

    /// Whether the output is one value, the sum of one partial result for each worker.
    fn is_reduction(&self) -> bool {
        false
    }
}

/// Stops the program at a problem of a kind that [`Workload::problem`] of this workload does not make. Plans start from
/// that problem and change sizes, so only an error in this program leads here.
fn foreign(workload: &str, problem: Problem) -> ! {
    unreachable!("{workload} never has a problem like {problem:?}")
}

/// A buffer of a job, as a step refers to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Buffer {
    /// The input of that index.
    Input(usize),
    /// The output.
    Output,
    /// A scratch buffer of that index, private to the job.
    Scratch(usize),
    /// No more than so many elements of an input.
    InputOf {
        /// The input.
        index: usize,
        /// Elements.
        length: u64,
    },
    /// Some elements of the output, which several arrays share.
    OutputOf {
        /// The first of them, a multiple of 64.
        first: u64,
        /// Elements.
        length: u64,
    },
}

/// One dispatch of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Index into [`Variant::shaders`].
    pub shader: usize,
    /// Pipeline constants by the name of the `override`.
    pub constants: Vec<(&'static str, f64)>,
    /// Values of the `Params` uniform at binding 0, in the order of [`Shader::params`]. If there are none, there is no
    /// such binding.
    pub params: Vec<u32>,
    /// Buffers at bindings 1, 2, …; the last one is written, the others are read.
    pub buffers: Vec<Buffer>,
    /// Elements of each scratch buffer that this step writes, by index.
    pub scratch: Vec<u64>,
    /// Workgroups to launch.
    pub workgroups: u64,
}

/// How far an output may be from its reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Tolerance {
    /// Largest absolute difference.
    pub value: f64,
    /// Why rounding cannot go beyond it.
    pub derivation: &'static str,
}
