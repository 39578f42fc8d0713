//! Runs made by hand, for tests: times follow planted laws with a little noise, fits are made from them.

mod scaled;
mod size;

use std::collections::BTreeMap;

use crate::law::{Point, line, speedup};
use crate::record::{
    Calibration, Case, Clock, DeviceInfo, DeviceKind, Effort, Experiment, Fit, Host, Limits, Phase, Problem, Quantity,
    Run, SCHEMA, Skipped, Timing, Verified, WorkersAre,
};
use crate::stats::Summary;

pub(crate) use scaled::scaled_size;
pub(crate) use size::{problem_size, size_fits, workgroup_size};

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
        wait: Some("block".to_owned()),
        path: Some("staged".to_owned()),
        upload_bytes: 8 * problem.n(),
        read_back_bytes: 4 * problem.n(),
        rejected_timestamps: 0,
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

/// The six rungs of the launch ladder: 1.1 µs a launch in one pass, 41 µs waited for.
pub(crate) fn launch_overhead() -> Experiment {
    const RUNGS: [(&str, f64, f64); 6] = [
        ("one-pass", 40e-6, 1.1e-6),
        ("pass-each", 40e-6, 2.5e-6),
        ("command-buffer-each", 40e-6, 6e-6),
        ("submit-each", 38e-6, 14e-6),
        ("wait-each", 1e-6, 41e-6),
        ("read-back-each", 1e-6, 72e-6),
    ];
    let mut cases = Vec::new();
    for (number, (rung, alpha, beta)) in RUNGS.into_iter().enumerate() {
        for dispatches in [1u32, 4, 16, 64, 256] {
            let mut phases: BTreeMap<Phase, Timing> =
                Phase::ALL.into_iter().map(|phase| (phase, Timing::absent("the kernel is empty"))).collect();
            let seconds = alpha + beta * f64::from(dispatches);
            phases.insert(Phase::Launch, samples(Clock::Host, seconds, number as u64 * 1000 + u64::from(dispatches)));
            let empty = case(Problem::Vector { n: 1 }, 1, phases);
            let verified = Verified::NoOutput { reason: "the workload has no output".to_owned() };
            cases.push(Case { dispatches, rung: Some(rung.to_owned()), verified, ..empty });
        }
    }
    let fit = |(rung, ..): (&str, f64, f64)| {
        let on_rung = cases.iter().filter(|case| case.rung.as_deref() == Some(rung));
        let point = |case: &Case| (f64::from(case.dispatches), Summary::of(case.seconds(Phase::Launch)).unwrap());
        Fit::Launch { rung: rung.to_owned(), fit: line::fit(&on_rung.map(point).collect::<Vec<_>>()) }
    };
    let fits = RUNGS.map(fit).into();
    experiment("launch-overhead", "empty", cases, fits)
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
            empty_dispatch: Some(41e-6),
            kernel_clock_resolution: Some(32e-9),
            loop_budget: None,
            loops_tried: 1 << 24,
            multiply_add: Some(3e-9),
            wait: Some("block".to_owned()),
        },
        experiments,
        findings: Vec::new(),
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
    run(vec![fixed, scaled_size(), problem_size(), workgroup_size(), launch_overhead()])
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
