//! Tests of the CPU as a device: all baselines compute right results, and their times are within the host time.

use std::rc::Rc;

use super::*;
use crate::record::Problem;
use crate::workload;

fn spec(name: &str, n: u64, workers: u64) -> Spec {
    let workload = workload::find(name).unwrap();
    let problem = workload.problem(n);
    let inputs = Rc::new(workload.inputs(problem, 5));
    Spec { workload, variant: &workload.variants()[0], case: Case::new(problem, workers, 1), inputs }
}

/// Returns the workloads that the CPU runs. It refuses those with 16-bit floats.
fn known() -> impl Iterator<Item = &'static &'static dyn Workload> {
    let refused = |name| Cpu::new().check(&spec(name, 8, 1)).is_err_and(|error| error.to_string().contains("16-bit"));
    let (out, known) = workload::all().iter().partition::<Vec<_>, _>(|workload| refused(workload.name()));
    assert_eq!(out.len(), 2, "peak-f16 and matmul-f16");
    known.into_iter()
}

#[test]
fn every_baseline_is_right_on_odd_sizes() {
    for workload in known().filter(|one| one.name() != "empty") {
        for (n, baseline) in [1, 7, 33, 301].into_iter().flat_map(|n| Baseline::ALL.map(|baseline| (n, baseline))) {
            let spec = spec(workload.name(), n, baseline.workers(3));
            let (mut job, laps) = Cpu::new().prepare_baseline(&spec, baseline).unwrap();
            assert_eq!(laps.len(), SET_UPS);
            let output = pollster::block_on(job.output()).unwrap().unwrap();
            let reference = workload.reference(spec.case.problem, &spec.inputs);
            let allowed = workload.tolerance(spec.case.problem).value;
            assert_eq!(output.len(), reference.len());
            let right = output.iter().zip(&reference).all(|(&o, e)| (f64::from(o) - e).abs() <= allowed);
            assert!(right, "{} n = {n} as {}", workload.name(), baseline.name());
        }
    }
}

/// Returns the same job with another case.
fn with(spec: &Spec, case: Case) -> Spec {
    Spec { case, ..spec.clone() }
}

fn prepared(spec: &Spec) -> CpuJob {
    pollster::block_on(Cpu::new().prepare(spec)).unwrap().0
}

fn seconds(laps: &[Lap], phase: Phase) -> f64 {
    laps.iter().find(|lap| lap.phase == phase).unwrap().seconds
}

#[test]
fn every_workload_is_right_with_any_number_of_threads() {
    for workload in known() {
        for (n, workers) in [(1, 1), (1, 4), (33, 2), (37, 3), (50, 4)] {
            let spec = spec(workload.name(), n, workers);
            let reference = workload.reference(spec.case.problem, &spec.inputs);
            let output = pollster::block_on(prepared(&spec).output()).unwrap();
            let Some(output) = output else {
                assert_eq!(workload.name(), "empty");
                continue;
            };
            assert_eq!(output.len(), reference.len());
            let allowed = workload.tolerance(spec.case.problem).value;
            let right = output.iter().zip(&reference).all(|(&o, e)| (f64::from(o) - e).abs() <= allowed);
            assert!(right, "{} n = {n} with {workers} threads", workload.name());
        }
    }
}

/// Returns the kernel seconds of all dispatches of a sample: the shortest of several samples, more if they are short.
fn kernel(spec: &Spec, dispatches: u32) -> f64 {
    let mut job = prepared(spec);
    job.set_dispatches(dispatches);
    let sample = |_| {
        let start = now();
        let laps = pollster::block_on(job.run(true)).unwrap().laps;
        let wall = seconds_since(start);
        let kernel = seconds(&laps, Phase::Kernel) * f64::from(dispatches);
        assert!(kernel > 0.0 && seconds(&laps, Phase::Launch) > 0.0, "{laps:?}");
        assert!(kernel + seconds(&laps, Phase::Launch) <= wall, "{laps:?} in {wall} s");
        kernel
    };
    (0..100 / dispatches).map(sample).fold(f64::INFINITY, f64::min)
}

#[test]
fn the_laps_are_within_the_wall_clock_and_repetitions_take_longer() {
    let one_pass = spec("fma", 1 << 14, 2);
    let wait_each = with(&one_pass, one_pass.case.in_series(LaunchStyle::WaitEach.series()));
    let once = kernel(&one_pass, 1);
    let repeated = [kernel(&one_pass, 20), kernel(&wait_each, 20)];
    assert!(repeated.iter().all(|&seconds| seconds > 2.0 * once), "{once} s, 20 times {repeated:?} s");
}

#[test]
fn what_it_cannot_do_is_said() {
    let mut cpu = Cpu::new();
    let small = spec("add", 10, 1);
    let none = Rc::new(Vec::new());
    let cases = [
        (with(&small, small.case.in_series(LaunchStyle::PassEach.series())), "command buffers"),
        (with(&small, Case { workers: 1 << 20, ..small.case }), "threads"),
        (with(&small, Case { workers: 0, ..small.case }), "at least one"),
        (Spec { inputs: none, ..with(&small, Case::new(Problem::Vector { n: 1 << 60 }, 1, 1)) }, "memory"),
    ];
    for (spec, words) in cases {
        let Err(DeviceError::Unsupported(reason)) = pollster::block_on(cpu.prepare(&spec)) else {
            panic!("{words} is unsupported");
        };
        assert!(reason.contains(words), "{reason}");
    }
    assert!(matches!(check_room(1 << 60), Err(DeviceError::OutOfMemory(_))));
}

/// A result of 256 MiB: first writing it takes a thousand times as long as allocating it.
#[test]
fn the_set_up_touches_no_memory() {
    let spec = spec("fma", 1 << 26, 2);
    let (mut job, laps) = Cpu::new().prepare_baseline(&spec, Baseline::Threads).unwrap();
    let start = now();
    crew::fill(job.threads.as_deref(), &mut job.output, f32::NAN);
    let first_touch = seconds_since(start);
    let shortest = laps.iter().map(|lap| lap.seconds).fold(f64::INFINITY, f64::min);
    assert!(20.0 * shortest < first_touch, "{shortest} s of set-up, {first_touch} s of the first touch");
    assert!(laps.len() == SET_UPS && job.output.iter().all(|value| value.is_nan()));
}

/// Compares equal shares per thread with chunks in a table; run with `--release -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement of two threads, for a quiet machine"]
fn chunks_cost_no_more_than_equal_shares() {
    for (name, n) in SIDE_BY_SIDE {
        let spec = spec(name, n, 2);
        let (mut equal, mut chunked) = (prepared(&spec), prepared(&spec));
        let (workload, problem) = (spec.workload, spec.case.problem);
        let elements = if workload.is_reduction() { workload.items(problem) } else { workload.output_length(problem) };
        equal.chunks = crew::shares(elements, if workload.is_reduction() { 1 } else { workload.grain(problem) }, 2);
        equal.partials.truncate(equal.chunks.len());
        let mut ratios = Vec::new();
        let kernel = |job: &mut CpuJob| seconds(&pollster::block_on(job.run(true)).unwrap().laps, Phase::Kernel);
        for round in 0..200 {
            // Each way goes first equally often.
            let first = if round % 2 == 0 { kernel(&mut equal) } else { kernel(&mut chunked) };
            let second = if round % 2 == 0 { kernel(&mut chunked) } else { kernel(&mut equal) };
            ratios.push(if round % 2 == 0 { second / first } else { first / second });
        }
        let [low, median, high] = [0.25, 0.5, 0.75].map(|q| crate::stats::quantile(&ratios, q).unwrap());
        println!("{name} {n}: {} chunks, {median:.3} ({low:.3}-{high:.3}) of the time", chunked.chunks.len());
    }
}

/// Workloads and sizes of this measurement.
const SIDE_BY_SIDE: [(&str, u64); 14] = [
    ("saxpy", 1 << 10),
    ("saxpy", 1 << 16),
    ("saxpy", 1 << 20),
    ("saxpy", 1 << 22),
    ("dot", 1 << 16),
    ("dot", 1 << 22),
    ("fma", 1 << 13),
    ("fma", 1 << 17),
    ("matmul", 128),
    ("matmul", 512),
    ("matmul", 1024),
    ("dense", 256),
    ("dense", 1024),
    ("mlp", 1024),
];
