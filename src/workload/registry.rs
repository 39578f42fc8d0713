//! The list of workloads.

use super::Workload;
use super::chain::Chains;

/// Computes nothing; times launches.
pub static EMPTY: &dyn Workload = &super::empty::Empty;

/// Copies a vector; shows the memory limit.
pub static COPY: &dyn Workload = &super::copy::Copy;

/// One chain of multiply-adds per element; measures the speed of one worker, and is the canary.
pub static FMA: &dyn Workload = &Chains(super::fma::Fma);

/// Independent chains of multiply-adds; show the compute limit.
pub static PEAK: &dyn Workload = &Chains(super::peak::Peak);

static ALL: &[&dyn Workload] = &[
    EMPTY,
    COPY,
    &super::scale::Scale,
    &super::relu::Relu,
    &super::add::Add,
    &super::multiply::Multiply,
    &super::saxpy::Saxpy,
    &super::dot::Dot,
    FMA,
    PEAK,
    &super::numbers::I32,
    &super::numbers::F16,
    &Chains(super::mix::Mix),
    &Chains(super::branches::Branches),
    &super::matmul::F32,
    &super::matmul::F16,
    &super::dense::Dense,
    &super::mlp::Mlp,
];

/// Returns all workloads, in the order of lists.
pub fn all() -> &'static [&'static dyn Workload] {
    ALL
}

/// Returns the workload with this name.
pub fn find(name: &str) -> Option<&'static dyn Workload> {
    all().iter().copied().find(|workload| workload.name() == name)
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;
    use crate::record::{Case, Problem};

    /// Returns problems of size 1, odd sizes, powers of two, and matrices that are not square.
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
            let check = |problem, workers, size| workload.check(variant, &Case::new(problem, workers, size));
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
