//! Runs made by hand, for tests: times follow planted laws with a little noise, fits are made from them.

mod gains;
mod launch;
mod scaled;
mod size;
mod transfers;

use std::collections::BTreeMap;

use crate::law::{Point, speedup};
use crate::record::{
    Calibration, CanarySamples, Case, Clock, DeviceInfo, DeviceKind, Effort, Experiment, Fit, Host, Limits, Phase,
    Problem, Quantity, Run, SCHEMA, Skipped, Stop, Timing, Verified, WorkersAre,
};
use crate::stats::Summary;

pub(crate) use gains::gains;
pub(crate) use launch::launch_overhead;
pub(crate) use scaled::scaled_size;
pub(crate) use size::{problem_size, size_fits, workgroup_size};
pub(crate) use transfers::transfers;

/// Repetitions of each case.
const REPETITIONS: usize = 20;

/// Noise around one: a fixed sequence, the same for every call with the same seed.
fn noise(seed: u64, amount: f64) -> impl Iterator<Item = f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let uniform = (state >> 33) as f64 / f64::from(1u32 << 31);
        1.0 + amount * (2.0 * uniform - 1.0)
    })
}

pub(crate) fn samples(clock: Clock, seconds: f64, seed: u64) -> Timing {
    Timing::Samples { clock, seconds: noise(seed, 0.02).take(REPETITIONS).map(|factor| factor * seconds).collect() }
}

/// The phases of a job: kernel on the GPU's clock, transfers and launch as given, in seconds.
pub(crate) fn phases(kernel: f64, upload: f64, launch: f64, read_back: f64, seed: u64) -> BTreeMap<Phase, Timing> {
    BTreeMap::from([
        (Phase::SetUp, Timing::Samples { clock: Clock::Host, seconds: vec![20e-6] }),
        (Phase::Compile, Timing::Samples { clock: Clock::Host, seconds: vec![3e-3] }),
        (Phase::FirstLaunch, Timing::Samples { clock: Clock::Host, seconds: vec![1e-3] }),
        (Phase::Upload, samples(Clock::Host, upload, seed + 1)),
        (Phase::Launch, samples(Clock::HostLessGpu, launch, seed + 2)),
        (Phase::Kernel, samples(Clock::Gpu, kernel, seed + 3)),
        (Phase::ReadBack, samples(Clock::Host, read_back, seed + 4)),
    ])
}

pub(crate) fn case(problem: Problem, workers: u64, phases: BTreeMap<Phase, Timing>) -> Case {
    let workgroup_size = workers.min(64) as u32;
    let (flop, bytes) = match problem {
        Problem::Vector { n } | Problem::Batch { n } => (2.0 * n as f64, 12.0 * n as f64),
        Problem::Chain { n, k } | Problem::Branches { n, k, .. } => (2.0 * n as f64 * k as f64, 4.0 * n as f64),
        Problem::Matrix { m, k, n } => (2.0 * (m * k * n) as f64, 4.0 * (m * k + k * n + m * n) as f64),
    };
    Case {
        problem,
        workers,
        workgroup_size,
        workgroups: workers.div_ceil(u64::from(workgroup_size)),
        dispatches: 1,
        slices: 1,
        rung: None,
        flop,
        bytes,
        baseline: false,
        stopped: Some(Stop::Precise),
        wall: Vec::new(),
        wait: Some("block".to_owned()),
        path: Some("staged".to_owned()),
        upload_bytes: 8 * problem.n(),
        read_back_bytes: 4 * problem.n(),
        rejected_timestamps: 0,
        clamped_launches: 0,
        checks: Some("checked".to_owned()),
        task_elements: None,
        device_bytes: Some(bytes as u64),
        own_set_up: Some(20e-6),
        verified: Verified::Right { max_error: 1e-7, tolerance: 1e-6 },
        phases,
    }
}

pub(crate) fn experiment(name: &str, workload: &str, cases: Vec<Case>, fits: Vec<Fit>) -> Experiment {
    let order = vec![(0..cases.len()).collect(); REPETITIONS];
    Experiment {
        name: name.to_owned(),
        workload: workload.to_owned(),
        variant: None,
        workers_are: WorkersAre::Invocations,
        cases,
        skipped: Vec::new(),
        order,
        stopped: "every median known within 2 %, after 20 blocks".to_owned(),
        warm_up: None,
        sampling: None,
        canary: CanarySamples::default(),
        control: None,
        fits,
    }
}

/// Strong scaling of 2^20 elements: 212 ms on one worker, hardware full at `knee` workers, 0.9 ms around the kernel.
pub(crate) fn fixed_size(knee: f64) -> Experiment {
    let problem = Problem::Chain { n: 1 << 20, k: 64 };
    let cases = (0..=20u32).map(|exponent| {
        let workers = 1u64 << exponent;
        let kernel = 0.212 * (1e-6 + 1.0 / (workers as f64).min(knee));
        case(problem, workers, phases(kernel, 0.6e-3, 41e-6, 0.25e-3, u64::from(exponent) * 10))
    });
    let mut experiment = experiment("fixed-size", "fma", cases.collect(), Vec::new());
    experiment.fits = [Quantity::Kernel, Quantity::WholeJob].map(|quantity| speedup_fit(&experiment, quantity)).into();
    experiment
}

pub(crate) fn speedup_fit(experiment: &Experiment, quantity: Quantity) -> Fit {
    let points: Vec<Point> = experiment
        .cases
        .iter()
        .filter_map(|case| Some(Point::from_summary(case.workers as f64, &case.summary(quantity)?)))
        .collect();
    let base = &experiment.cases[0];
    let whole = base.samples(quantity);
    let shares: Vec<f64> = base.seconds(Phase::Kernel).iter().zip(&whole).map(|(k, w)| 1.0 - k / w).collect();
    let phase_share = (quantity != Quantity::Kernel).then(|| Summary::of(&shares).map(|summary| summary.estimate()));
    Fit::Speedup { quantity, fit: speedup::fit(&points), phase_share: phase_share.flatten() }
}

/// A run on a discrete GPU with these experiments.
pub(crate) fn run(experiments: Vec<Experiment>) -> Run {
    Run {
        schema: SCHEMA.to_owned(),
        version: "0.1.0".to_owned(),
        command: vec!["amdahl".to_owned(), "run".to_owned()],
        started: "2026-11-20T12:00:00Z".to_owned(),
        seed: 42,
        effort: Effort::Default,
        complete: true,
        seconds: 61.2,
        host: Host {
            system: "linux x86_64".to_owned(),
            processor: Some("Some CPU @ 3.00GHz".to_owned()),
            threads: 8,
            clock_resolution: 30e-9,
        },
        device: gpu(),
        calibration: Calibration {
            copy_roof: None,
            compute_roof: None,
            host_copy_roof: None,
            empty_dispatch: Some(41e-6),
            kernel_clock_resolution: Some(32e-9),
            loop_budget: None,
            loops_tried: 1 << 24,
            multiply_add: Some(3e-9),
            wait: Some("block".to_owned()),
        },
        peak_host_bytes: Some(180 << 20),
        experiments,
        findings: Vec::new(),
        canary: None,
        drift: Vec::new(),
        audit: None,
    }
}

/// Every experiment of a run on a discrete GPU.
pub(crate) fn full_run() -> Run {
    let mut fixed = fixed_size(38_400.0);
    fixed.skipped.push(Skipped {
        case: "fma, n = 1048576, 2097152 workers".to_owned(),
        reason: "workers without work say nothing about the law".to_owned(),
    });
    run(vec![fixed, scaled_size(), problem_size(), workgroup_size(), launch_overhead(), transfers()])
}

fn gpu() -> DeviceInfo {
    DeviceInfo {
        name: "Some GPU 4000".to_owned(),
        kind: DeviceKind::Discrete,
        backend: Some("vulkan".to_owned()),
        driver: Some("NVIDIA 580.1".to_owned()),
        timestamps: true,
        timestamp_period: Some(1e-9),
        subgroup_sizes: Some([32, 32]),
        limits: Limits {
            workers: 1 << 32,
            workgroup_size: 1024,
            workgroups_per_dimension: 65_535,
            workgroup_memory: 48 << 10,
            binding: 2 << 30,
            memory: 8 << 30,
        },
    }
}

/// A driver that runs shaders on the processor.
pub(crate) fn software() -> DeviceInfo {
    DeviceInfo { name: "llvmpipe (LLVM 20.1.2, 256 bits)".to_owned(), kind: DeviceKind::Software, ..gpu() }
}
