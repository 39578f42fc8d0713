//! What is computed: one file per workload, the twin of its shaders in `shaders/`.
//!
//! A workload knows its inputs, its output, a reference in 64 bits with a tolerance, its cost in flop and bytes, and
//! how a number of workers is turned into dispatches. It knows no device: the GPU runs its [`Step`]s, the CPU runs
//! [`Workload::compute`].

mod add;
mod branches;
mod copy;
mod dense;
mod dot;
mod elementwise;
mod empty;
mod fma;
mod grid;
mod matmul;
mod mix;
mod mlp;
mod multiply;
mod peak;
mod product;
mod random;
mod relu;
mod saxpy;
mod scale;
mod slices;
mod widest;

use std::ops::Range;

use crate::record::Problem;

pub(crate) use branches::MOST_BRANCHES;
pub use slices::slices;

/// Every workload, in the order in which they are listed.
pub fn all() -> &'static [&'static dyn Workload] {
    &[
        &empty::Empty,
        &copy::Copy,
        &scale::Scale,
        &relu::Relu,
        &add::Add,
        &multiply::Multiply,
        &saxpy::Saxpy,
        &dot::Dot,
        &fma::Fma,
        &peak::Peak,
        &mix::Mix,
        &branches::Branches,
        &matmul::Matmul,
        &dense::Dense,
        &mlp::Mlp,
    ]
}

/// The chain of multiply-adds: the canary, the speed of one worker and the longest loop are measured by it.
pub static FMA: &dyn Workload = &fma::Fma;

/// The workload whose fastest run is the memory limit.
pub static COPY: &dyn Workload = &copy::Copy;

/// The workload whose fastest run is the compute limit.
pub static PEAK: &dyn Workload = &peak::Peak;

/// The workload that computes nothing, by which launches are timed.
pub fn empty() -> &'static dyn Workload {
    &empty::Empty
}

/// The workload of that name.
pub fn find(name: &str) -> Option<&'static dyn Workload> {
    all().iter().copied().find(|workload| workload.name() == name)
}

/// Something that can be computed by any number of workers.
pub trait Workload: Sync {
    /// The name in options, labels, tables and shader files.
    fn name(&self) -> &'static str;

    /// What is computed, as a formula or half a sentence.
    fn summary(&self) -> &'static str;

    /// The ways to compute it; the first is the default.
    fn variants(&self) -> &'static [Variant];

    /// The problem of size n: a vector of n elements, square matrices of side n, a batch of n rows.
    fn problem(&self, n: u64) -> Problem;

    /// Independent items of work, of which every worker takes a share: the most workers that can all be busy.
    fn items(&self, problem: Problem) -> u64;

    /// Multiplications and additions of one job; a comparison counts as one of them.
    fn flop(&self, problem: Problem) -> f64;

    /// Bytes that must cross between the kernel and the device's memory in one job: each input read once, each output
    /// written once.
    fn bytes(&self, problem: Problem) -> f64;

    /// The inputs, reproducible from the seed.
    fn inputs(&self, problem: Problem, seed: u64) -> Vec<Vec<f32>>;

    /// Elements of each input.
    fn input_lengths(&self, problem: Problem) -> Vec<u64>;

    /// Elements of the output.
    fn output_length(&self, problem: Problem) -> u64;

    /// The output computed in 64 bits.
    fn reference(&self, problem: Problem, inputs: &[Vec<f32>]) -> Vec<f64>;

    /// The largest difference from the reference that rounding can explain, and the derivation of that bound.
    fn tolerance(&self, problem: Problem) -> Tolerance;

    /// Whether the shaders can express this case; if not, why. They count in 32 bits, so elements and workers together
    /// must stay below 2^32, and some variants want whole tiles. [`Workload::steps`], [`Variant::back_edges`] and a
    /// device's `prepare` may rely on it.
    ///
    /// # Errors
    /// What is wrong with the case and what would be right.
    fn check(&self, variant: &Variant, problem: Problem, workers: u64, workgroup_size: u32) -> Result<(), String> {
        grid::check(self, variant, problem, workers, workgroup_size)
    }

    /// The dispatches of one job, in order; each one sees what the ones before it wrote. A dispatch may be folded into
    /// rows and launch a few surplus workgroups: they do nothing.
    ///
    /// # Panics
    /// For cases that [`Workload::check`] refuses.
    fn steps(&self, variant: &Variant, problem: Problem, workers: u64, workgroup_size: u32) -> Vec<Step>;

    /// The dispatch that does a range of the items on so many workers; `None` for a job that cannot be cut into several
    /// launches.
    fn slice(&self, _: &Variant, _: Problem, _items: Range<u64>, _workers: u64, _workgroup_size: u32) -> Option<Step> {
        None
    }

    /// A share of the job on a thread of the CPU, in 32 bits, with the widest vector unit that it has. The share is the
    /// range `elements` of the output, cut at multiples of [`Workload::grain`], and `output` is that part of it; for a
    /// [`Workload::is_reduction`] it is a range of the items, and `output` the one element in which this share's partial
    /// result is put.
    fn compute(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]);

    /// The same, one element at a time: the loop as a beginner writes it, which no compiler may turn into vectors.
    fn compute_scalar(&self, problem: Problem, inputs: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]);

    /// Elements of the output that belong together on the CPU.
    fn grain(&self, _: Problem) -> u64 {
        1
    }

    /// The problem of an m x k and a k x n matrix; `None` where the workload multiplies no matrices.
    fn shaped(&self, _: [u64; 3]) -> Option<Problem> {
        None
    }

    /// Whether the output is one value made from partial results, one for each worker.
    fn is_reduction(&self) -> bool {
        false
    }
}

/// One way to compute a workload on a GPU.
#[derive(Debug)]
pub struct Variant {
    /// The name in options and tables; the suffix of the shader's file stem where the workload has several variants.
    pub name: &'static str,
    /// What is different about it, in half a sentence.
    pub summary: &'static str,
    /// The kernels that its steps use.
    pub shaders: &'static [Shader],
    /// Whether a workgroup works as a team on square tiles, so that the workgroup size must be a square and the
    /// workers a multiple of it.
    pub tiled: bool,
    /// Bytes of workgroup memory that a workgroup of that many invocations takes.
    pub workgroup_memory: fn(workgroup_size: u32) -> u64,
    /// Times that one invocation comes to the end of a loop's body, at the most: for every loop that it enters its
    /// rounds, and one more in which it leaves. llvmpipe lets an invocation go back to the beginning of a loop 65,535
    /// times and ends all its loops at the next end of a body, the 65,536th as counted here, without a word.
    pub back_edges: fn(problem: Problem, workers: u64, workgroup_size: u32) -> u64,
}

/// A kernel: one self-contained file in `shaders/`.
#[derive(Debug)]
pub struct Shader {
    /// The file stem, which is also the label that graphics debuggers show.
    pub name: &'static str,
    /// The WGSL text.
    pub source: &'static str,
    /// The members of its `Params` uniform, all `u32`, in order. Tests hold this against the text.
    pub params: &'static [&'static str],
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
}

/// One dispatch of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Index into [`Variant::shaders`].
    pub shader: usize,
    /// Pipeline constants by the name of the `override`.
    pub constants: Vec<(&'static str, f64)>,
    /// Values of the `Params` uniform at binding 0, in the order of [`Shader::params`]; no such binding where empty.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// n = 1, odd, a power of two and non-square.
    fn problems(workload: &dyn Workload) -> Vec<Problem> {
        let mut problems: Vec<_> = [1, 7, 33, 1000, 4096].map(|n| workload.problem(n)).into();
        match problems[0] {
            Problem::Vector { .. } => {}
            Problem::Chain { .. } => {
                problems.extend([Problem::Chain { n: 1, k: 512 }, Problem::Chain { n: 77, k: 1024 }]);
            }
            Problem::Branches { .. } => {
                problems.extend([1, 3, 64, 256].map(|branches| Problem::Branches {
                    n: 300,
                    branches,
                    k: 48,
                    run: 1 + branches % 3,
                }));
            }
            Problem::Batch { .. } => problems.truncate(3),
            Problem::Matrix { .. } => {
                problems.truncate(3);
                problems.extend([Problem::Matrix { m: 1, k: 7, n: 5 }, Problem::Matrix { m: 50, k: 3, n: 20 }]);
            }
        }
        problems
    }

    #[test]
    fn every_way_of_sharing_gives_the_reference() {
        for workload in all() {
            for problem in problems(*workload) {
                let inputs = workload.inputs(problem, 42);
                let lengths: Vec<_> = inputs.iter().map(|input| input.len() as u64).collect();
                assert_eq!(lengths, workload.input_lengths(problem));
                let reference = workload.reference(problem, &inputs);
                assert_eq!(reference.len() as u64, workload.output_length(problem));
                for (shares, way) in [1, 2, 3, 64].into_iter().flat_map(|shares| WAYS.map(|way| (shares, way))) {
                    let output = shared(*workload, way, problem, &inputs, shares);
                    let allowed = workload.tolerance(problem).value;
                    for (out, exact) in output.iter().zip(&reference) {
                        let error = (f64::from(*out) - exact).abs();
                        assert!(error <= allowed, "{} {problem:?} in {shares}: off by {error}", workload.name());
                    }
                }
            }
        }
    }

    /// A way to compute a share on the CPU.
    type Way = fn(&dyn Workload, Problem, &[Vec<f32>], Range<usize>, &mut [f32]);

    const WAYS: [Way; 2] = [
        |workload, problem, inputs, elements, output| workload.compute(problem, inputs, elements, output),
        |workload, problem, inputs, elements, output| workload.compute_scalar(problem, inputs, elements, output),
    ];

    fn shared(workload: &dyn Workload, way: Way, problem: Problem, inputs: &[Vec<f32>], shares: usize) -> Vec<f32> {
        let length = workload.output_length(problem) as usize;
        let mut output = vec![f32::NAN; length];
        let mut total = 0.0;
        let all = if workload.is_reduction() { workload.items(problem) as usize } else { length };
        let grain = workload.grain(problem) as usize;
        let bound = |share: usize| all / grain * share / shares * grain;
        for share in 0..shares {
            let range = bound(share)..bound(share + 1);
            if workload.is_reduction() {
                let mut partial = [f32::NAN];
                way(workload, problem, inputs, range, &mut partial);
                total += partial[0];
            } else {
                way(workload, problem, inputs, range.clone(), &mut output[range]);
            }
        }
        if workload.is_reduction() { vec![total] } else { output }
    }

    #[test]
    fn cases_beyond_32_bits_are_refused() {
        for workload in all() {
            let variant = &workload.variants()[0];
            let check = |problem, workers, size| workload.check(variant, problem, workers, size);
            let (name, small) = (workload.name(), workload.problem(64));
            assert_eq!(check(small, 1, 1), Ok(()), "{name}");
            assert_eq!(check(small, 100_000, 3), Ok(()), "{name}");
            assert_eq!(check(small, (1 << 31) - 1, 1024), Ok(()), "{name}");
            for (problem, workers, size) in [
                (small, 0, 1),
                (small, 1, 0),
                (workload.problem(0), 1, 1),
                (small, (1 << 32) - 64, 64),
                (workload.problem((1 << 32) - 1), 1, 1),
                (workload.problem(u64::MAX), 1, 1),
                (small, u64::MAX, u32::MAX),
            ] {
                assert!(check(problem, workers, size).is_err(), "{name} {problem:?} {workers} {size}");
            }
        }
    }
}
