//! Every kernel of every workload on a real adapter, against its reference in 64 bits. Nothing is timed, so several
//! run at once.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::collections::HashSet;

use amdahl::device::gpu::{Adapter, Gpu};
use amdahl::device::{Device, DeviceError};
use amdahl::record::{Case, Checks, Problem, Series};
use amdahl::workload::{self, Variant, Workload};
use common::adapter::{self, check, completed, in_series, on_gpu, spec};
use libtest_mimic::{Arguments, Completion, Failed, Trial};

fn main() {
    let best = adapter::best();
    let mut trials = Vec::new();
    for workload in workload::all().iter().copied().filter(|workload| workload.name() != "empty") {
        for variant in workload.variants() {
            let name = format!("{}_{}_agrees_with_its_reference", workload.name(), variant.name);
            trials.push(of_variant(best.as_ref(), name, workload, variant, agrees));
            let name = format!("{}_{}_is_as_right_without_checks", workload.name(), variant.name);
            trials.push(of_variant(best.as_ref(), name, workload, variant, is_as_right_without_checks));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

/// A test of one variant, ignored on an adapter that lacks what its kernels need.
fn of_variant(
    adapter: Option<&Adapter>,
    name: String,
    workload: &'static dyn Workload,
    variant: &'static Variant,
    test: fn(&mut Gpu, &'static dyn Workload, &'static Variant) -> Result<(), Failed>,
) -> Trial {
    on_gpu(adapter, name, move |gpu| match lacks(gpu, workload, variant) {
        Some(reason) => Ok(Completion::ignored_with(reason)),
        None => completed(test(gpu, workload, variant)),
    })
}

/// Why this adapter runs no kernel of a variant whose shaders need more than every adapter has.
fn lacks(gpu: &mut Gpu, workload: &'static dyn Workload, variant: &'static Variant) -> Option<String> {
    workload.extensions(variant).first()?;
    let w = variant.workgroup_size(16);
    match pollster::block_on(gpu.prepare(&spec(workload, variant, workload.problem(1), w.into(), w))) {
        Err(DeviceError::Unsupported(reason)) => Some(reason),
        _ => None,
    }
}

/// One, odd, non-square and larger problems; workers fewer than, as many as and unequal to powers of two; more
/// workgroups than one dimension of a dispatch holds.
fn agrees(gpu: &mut Gpu, workload: &'static dyn Workload, variant: &'static Variant) -> Result<(), Failed> {
    let vector = |n| match workload.problem(n) {
        // Their k is a multiple of 128, and that of 16-bit floats starts again after 2,048.
        Problem::Chain { n, .. } => {
            Problem::Chain { n, k: if workload.name().starts_with("peak") { 2048 + 128 } else { 272 } }
        }
        Problem::Branches { n, .. } => Problem::Branches { n, branches: 2 * n.min(11) + 1, k: 48, run: 1 + n % 3 },
        problem => problem,
    };
    let matrix = |m, k, n| Problem::Matrix { m, k, n };
    let problems: Vec<Problem> = match workload.problem(1) {
        Problem::Matrix { .. } => {
            // The last two of the fours have rows of multiples of four, and no whole tiles of any variant.
            let odd = [matrix(1, 1, 1), matrix(17, 33, 9), matrix(1, 300, 7), matrix(65, 7, 130)];
            let fours = [matrix(64, 64, 64), matrix(131, 52, 132), matrix(3, 20, 4)];
            // Rows that are long for their number, below and above 2^16.
            let long = [matrix(3, 5000, 5), matrix(1, 65_540, 4)];
            // Not every workload sums so many exactly.
            let limits = gpu.info().limits;
            let is_exact = |problem: &Problem| {
                workload.check(variant, &workload::full_width(workload, variant, *problem, &limits)).is_ok()
            };
            odd.into_iter().chain(fours).chain(long.into_iter().filter(is_exact)).collect()
        }
        Problem::Batch { .. } => [1, 2, 3, 33, 100, 1009].map(vector).to_vec(),
        _ => [1, 3, 1009, 4096, 70_001].map(vector).to_vec(),
    };
    let mut cases = 0;
    for problem in problems {
        let items = workload.items(problem);
        let mut tried = HashSet::new();
        for (workers, w) in [(1, 1), (3, 1), (64, 16), (100, 16), (1000, 64), (1000, 256), (items, 64), (70_000, 1)] {
            let w = if variant.is_in_teams() || w != 16 { variant.workgroup_size(w) } else { 12 };
            let whole = if variant.is_in_teams() { u64::from(w) } else { 1 };
            let workers = u64::next_multiple_of(workers, whole);
            if !tried.insert((workers, w)) {
                continue;
            }
            // llvmpipe ends longer loops, and nobody wants to wait for them.
            if (variant.back_edges)(&Case::new(problem, workers, w)) > 50_000 {
                continue;
            }
            check(gpu, &spec(workload, variant, problem, workers, w))?;
            cases += 1;
        }
    }
    if cases < 20 { Err(format!("only {cases} cases ran").into()) } else { Ok(()) }
}

/// A kernel without any of the checks, on sizes that fill no workgroup and no tile.
fn is_as_right_without_checks(
    gpu: &mut Gpu,
    workload: &'static dyn Workload,
    variant: &'static Variant,
) -> Result<(), Failed> {
    for checks in Checks::ALL {
        let problem = match workload.problem(33) {
            Problem::Matrix { .. } => Problem::Matrix { m: 17, k: 33, n: 9 },
            problem => problem,
        };
        let w = variant.workgroup_size(16);
        let short = |&workers: &u64| (variant.back_edges)(&Case::new(problem, workers, w)) < 50_000;
        let counts = [1, 3, 64, 512].map(|workgroups| workgroups * u64::from(w));
        for workers in counts.into_iter().filter(short) {
            check(gpu, &in_series(spec(workload, variant, problem, workers, w), Series::Checks(checks)))?;
        }
    }
    Ok(())
}
