//! The workloads: one file per workload, with its shaders in `shaders/`.
//!
//! A workload defines its inputs, its output, a 64-bit reference with a tolerance, its cost in flop and bytes, and its
//! dispatches for a number of workers. It uses no device: the GPU runs its [`Step`]s, the CPU runs
//! [`Workload::compute`]. `registry.rs` lists the workloads.

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

/// Smallest share of work for a thread, as flop plus bytes: some 10 µs, long compared with handing it out.
const WORTH_A_TASK: f64 = (1u64 << 20) as f64;

/// Elements that a vector loop of the CPU processes together: whole cache lines.
const LINES: u64 = 64;

/// A job that any number of workers can share.
pub trait Workload: Sync {
    /// Returns the name used in options, labels, tables and shader files.
    fn name(&self) -> &'static str;

    /// Returns what the workload computes, as a formula or a phrase.
    fn summary(&self) -> &'static str;

    /// Returns the kind of number that its kernels multiply and add. It selects the compute limit.
    fn number(&self) -> Number {
        Number::F32
    }

    /// Returns the variants; the first is the default.
    fn variants(&self) -> &'static [Variant];

    /// Returns the problem of size n: vectors of n elements, square matrices of side n, or a batch of n rows.
    ///
    /// All other methods accept only problems of this kind, with any sizes.
    fn problem(&self, n: u64) -> Problem;

    /// Returns the number of independent items of work. Each worker takes a share, so no more workers can be busy.
    fn items(&self, problem: Problem) -> u64;

    /// Returns the number of multiplications, additions and comparisons in one job.
    fn flop(&self, problem: Problem) -> f64;

    /// Returns the operations of the reference in 64 bits, on one core of the host.
    fn reference_flop(&self, problem: Problem) -> f64 {
        self.flop(problem)
    }

    /// Returns the bytes that must move between the kernel and device memory in one job: each input is read once and
    /// each output is written once.
    fn bytes(&self, problem: Problem) -> f64;

    /// Returns whether the user wrote the kernel. Such a kernel is not known to be safe, and no CPU can run it.
    fn is_the_readers(&self) -> bool {
        false
    }

    /// Makes the inputs. The same seed gives the same inputs.
    fn inputs(&self, problem: Problem, seed: u64) -> Vec<Vec<f32>>;

    /// Returns the number of elements of each input.
    fn input_lengths(&self, problem: Problem) -> Vec<u64>;

    /// Returns the number of elements of the output.
    fn output_length(&self, problem: Problem) -> u64;

    /// Returns why the output of a problem cannot be compared with a reference; `None` if it can.
    fn unverified(&self, _: Problem) -> Option<String> {
        None
    }

    /// Returns the values of an output that holds other numbers than 32-bit floats, or gaps between them.
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

    /// Checks that the shaders can run this case. They count in 32 bits, so elements and workers together must stay
    /// below 2^32, and some variants need whole tiles. [`Workload::steps`], [`Variant::back_edges`] and a device's
    /// `prepare` may rely on this check.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the case, and what would be right.
    fn check(&self, variant: &Variant, case: &Case) -> Result<(), String> {
        grid::check(self, variant, case)
    }

    /// Returns the dispatches of one job in order. Each one reads what earlier ones wrote. A dispatch may be folded
    /// into rows and launch a few surplus workgroups, which do nothing.
    ///
    /// # Panics
    ///
    /// Panics for cases that [`Workload::check`] refuses.
    fn steps(&self, variant: &Variant, case: &Case) -> Vec<Step>;

    /// Returns the dispatch for a range of items; `None` if the job cannot be cut into several launches.
    fn slice(&self, _: &Variant, _: &Case, _items: Range<u64>) -> Option<Step> {
        None
    }

    /// Returns the number of a binding: index 0 is the uniform block, and from 1 on come the buffers of a step.
    fn binding(&self, index: usize) -> u32 {
        index as u32
    }

    /// Returns the WGSL extensions that a variant needs: see [`Shader::extensions`].
    fn extensions(&self, variant: &Variant) -> Vec<&'static str> {
        variant.shaders.iter().flat_map(Shader::extensions).collect()
    }

    /// Returns [`Variant::workgroup_memory`] in bytes.
    fn workgroup_memory(&self, variant: &Variant, workgroup_size: u32) -> u64 {
        (variant.workgroup_memory)(workgroup_size)
    }

    /// Returns [`Variant::back_edges`].
    fn back_edges(&self, variant: &Variant, case: &Case) -> u64 {
        (variant.back_edges)(case)
    }

    /// Computes a share of the job on a CPU thread in 32 bits, with its widest vector unit.
    ///
    /// The share is the range `elements` of the output, cut at multiples of [`Workload::grain`]. `output` is that part
    /// of the output. For a [`Workload::is_reduction`] the share is a range of items, and its partial result goes into
    /// the only element of `output`.
    fn compute(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]);

    /// Computes the same share one element at a time: a simple loop that no compiler may vectorise.
    fn compute_scalar(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]);

    /// Returns the number of output elements that belong together on the CPU.
    fn grain(&self, _: Problem) -> u64 {
        1
    }

    /// Returns the smallest number of elements that a CPU thread takes at a time, a multiple of [`Workload::grain`].
    /// They fill whole cache lines, and their work is long compared with handing them out.
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

    /// Returns whether the output is one value, the sum of one partial result per worker.
    fn is_reduction(&self) -> bool {
        false
    }
}

/// Stops the program at a problem of a kind that this workload's [`Workload::problem`] does not make. Plans start from
/// that problem and only change sizes, so this is an error in the program.
fn foreign(workload: &str, problem: Problem) -> ! {
    unreachable!("{workload} never has a problem like {problem:?}")
}

/// A buffer of a job, as a step refers to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Buffer {
    /// The input with this index.
    Input(usize),
    /// The output.
    Output,
    /// The scratch buffer with this index, private to the job.
    Scratch(usize),
    /// At most this many elements of an input.
    InputOf {
        /// Index of the input.
        index: usize,
        /// Number of elements.
        length: u64,
    },
    /// A range of the output, which several arrays share.
    OutputOf {
        /// First element, a multiple of 64.
        first: u64,
        /// Number of elements.
        length: u64,
    },
}

/// One dispatch of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Index into [`Variant::shaders`].
    pub shader: usize,
    /// Pipeline constants, by the name of their `override`.
    pub constants: Vec<(&'static str, f64)>,
    /// Values of the `Params` uniform at binding 0, in the order of [`Shader::params`]. If empty, there is no such
    /// binding.
    pub params: Vec<u32>,
    /// Buffers at bindings 1, 2, …; the last one is written, the others are read.
    pub buffers: Vec<Buffer>,
    /// Number of elements of each scratch buffer that this step writes, by index.
    pub scratch: Vec<u64>,
    /// Number of workgroups.
    pub workgroups: u64,
}

/// Largest allowed difference of an output from its reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Tolerance {
    /// Largest absolute difference.
    pub value: f64,
    /// Reason why rounding cannot exceed it.
    pub derivation: &'static str,
}
