//! Each promise about the measuring, broken once on purpose: every fault is caught, and called by its name.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "kernels are edited where there are kernels: in tests/gpu.rs")]
mod faulty;

#[path = "../common/mod.rs"]
mod common;

use amdahl::device::cpu::Cpu;
use amdahl::device::simulated::{PlantedLaw, Simulated};
use amdahl::device::{Device, DeviceError};
use amdahl::experiment::{Axes, Outcome, failed_checks, json, markdown, settings};
use amdahl::measure::MeasureError;
use amdahl::page::{self, Look};
use amdahl::record::{Check, Clock, DriftShape, Effort, Phase, Run, Stop};
use common::measured::{measured, outcome};
use faulty::{Fault, Faulty};

/// The details as text.
fn text(run: &Run) -> String {
    amdahl::experiment::text(run, Look::default())
}

/// Runs `fixed-size` on one workload of that size.
fn run_on<D: Device>(mut device: D, name: &str, n: u64) -> Result<Run, MeasureError> {
    let axes = Axes { sizes: Some(vec![n]), ..Axes::default() };
    measured(&mut device, &[("fixed-size", name)], axes, settings(Effort::Quick, 1))
}

fn on_cpu(name: &'static str, fault: Fault) -> Result<Run, MeasureError> {
    run_on(Faulty::new(Cpu::new(), name, fault), name, 40)
}

fn on_simulated(law: PlantedLaw, fault: Fault) -> Run {
    run_on(Faulty::new(Simulated::new(law, 1), "saxpy", fault), "saxpy", 1 << 16).unwrap()
}

fn check<'a>(run: &'a Run, name: &str) -> &'a Check {
    let checks = &run.audit.as_ref().unwrap().checks;
    checks.iter().find(|check| check.name.contains(name)).unwrap_or_else(|| panic!("no check {name}: {checks:?}"))
}

/// The check failed, and every output says so.
fn is_told(run: &Run, name: &str) {
    let failed = check(run, name);
    assert!(!failed.passed, "{failed:?}");
    for page in [text(run), markdown(run)] {
        assert!(["A check failed: ", "suddenly ran", "slowly became"].iter().any(|told| page.contains(told)), "{page}");
    }
    assert!(markdown(run).contains(&failed.detail), "{}", failed.detail);
    let samples = page::samples_csv(run);
    let row = samples.lines().nth(1).unwrap();
    let stamps = row.rsplit(',').next().unwrap();
    assert!(stamps.contains("self-check") || stamps.contains("drift"), "{row}");
    let told = failed_checks(run).unwrap();
    assert!(told.contains("checks failed: ") && !told.contains(&failed.name), "what holds, not what does not: {told}");
    assert!(json(run).contains("\"passed\":false"), "{}", json(run));
}

#[test]
fn a_sound_device_passes_every_check() {
    let run = on_simulated(PlantedLaw::default(), Fault::Sound);
    let failed: Vec<&Check> = run.audit.iter().flat_map(|audit| &audit.checks).filter(|check| !check.passed).collect();
    assert!(failed.is_empty() && run.drift.is_empty(), "{failed:?}");
    assert!(run.audit.as_ref().unwrap().checks.len() >= 5);
    assert_eq!(failed_checks(&run), None);
    assert!(on_cpu("saxpy", Fault::Sound).unwrap().complete);
}

#[test]
fn a_wrong_element_ends_the_run_with_the_case_named() {
    type Spoil = fn(&mut Vec<f32>);
    let spoiled: [(&str, Spoil); 5] = [
        ("add", |output| output[39] += 1e-3),
        ("saxpy", |output| output[0] = f32::NAN),
        ("dot", |output| output[0] += 1.0),
        ("matmul", |output| output[7] = -output[7] + 0.125),
        ("saxpy", |output| output.truncate(39)),
    ];
    for (name, spoil) in spoiled {
        let error = on_cpu(name, Fault::Output(spoil)).unwrap_err();
        assert!(matches!(error, MeasureError::Mismatch(_)), "{name}: {error}");
        let message = error.to_string();
        assert!(message.contains(name) && message.contains("wrong result"), "{message}");
    }
}

#[test]
fn a_kernel_that_computes_nothing_is_caught() {
    let error = on_cpu("add", Fault::Output(|output| output.fill(f32::NAN))).unwrap_err().to_string();
    assert!(error.contains("was never written") && error.contains("add"), "{error}");
}

#[test]
fn drift_is_told_with_its_size_and_place_and_the_interval_still_covers() {
    let (mut covered, mut trends) = (0, 0);
    for seed in 1..=10 {
        let law = PlantedLaw { serial: 0.02, knee: 1e6, noise: 0.02, drift: 0.5, ..PlantedLaw::default() };
        let run = run_on(Simulated::new(law, seed), "fma", 1 << 14).unwrap();
        is_told(&run, "speed stayed the same");
        let drift = &run.drift;
        assert!(drift.iter().any(|drift| drift.change > 0.05 && drift.place.contains("fixed-size/fma")), "{drift:?}");
        trends += usize::from(drift.iter().any(|drift| drift.shape == DriftShape::Trend));
        let run: serde_json::Value = serde_json::from_str(&json(&run)).unwrap();
        let serial = &run["experiments"][0]["reading"]["kernel"]["serial_fraction"];
        let bound = |end: &str| serial[end].as_f64();
        covered += usize::from(bound("low").zip(bound("high")).is_some_and(|(low, high)| (low..=high).contains(&0.02)));
    }
    // Where another program takes the machine for a while, a trend over time looks like a step.
    assert!(trends >= 5, "only {trends} of 10 are a trend");
    assert!(covered >= 9, "{covered} of 10 intervals hold the planted serial fraction");
}

#[test]
fn jitter_with_a_heavy_tail_moves_no_median_and_accuses_nobody() {
    let law = PlantedLaw { tail: 0.15, noise: 0.01, serial: 0.02, knee: 1e6, ..PlantedLaw::default() };
    let run = on_simulated(law, Fault::Sound);
    assert!(!text(&run).contains("The machine was busy"), "{}", text(&run));
    let quiet = on_simulated(PlantedLaw { tail: 0.0, ..law }, Fault::Sound);
    let median = |run: &Run, case: usize| amdahl::stats::median(run.experiments[0].cases[case].seconds(Phase::Kernel));
    for case in 0..quiet.experiments[0].cases.len() {
        let ratio = median(&run, case).unwrap() / median(&quiet, case).unwrap();
        assert!((ratio - 1.0).abs() < 0.03, "{ratio}");
    }
}

#[test]
fn an_upload_that_is_timed_wrong_is_caught_by_the_wall_clock() {
    let run = on_simulated(PlantedLaw::default(), Fault::Stretched(Phase::Upload, 2.0));
    is_told(&run, "the phases add up");
    assert!(check(&run, "the phases add up").detail.contains("% more than "));
}

/// A device whose canary, a chain of multiply-adds, has that fault.
fn on_canary(fault: Fault) -> Run {
    let law = PlantedLaw { noise: 0.01, ..PlantedLaw::default() };
    run_on(Faulty::new(Simulated::new(law, 1), "fma", fault), "saxpy", 1 << 16).unwrap()
}

#[test]
fn a_clock_in_a_wrong_unit_is_caught_by_the_wall_clock() {
    for factor in [1e-3, 0.83, 1.2, 1e3] {
        let run = on_canary(Fault::Stretched(Phase::Kernel, factor));
        is_told(&run, "twice the kernels");
    }
}

#[test]
fn a_kernel_time_that_does_not_grow_is_caught_by_the_dispatches() {
    is_told(&on_canary(Fault::Frozen), "twice the kernels");
}

#[test]
fn a_kernel_that_sets_a_limit_and_computes_something_wrong_ends_the_run() {
    for name in ["copy", "peak"] {
        let fault = Fault::Output(|output| output.swap(16, 15));
        let error = run_on(Faulty::new(Cpu::new(), name, fault), "saxpy", 40).unwrap_err();
        let message = error.to_string();
        assert!(message.contains(name) && message.contains("limit of the device"), "{message}");
    }
}

#[test]
fn a_kernel_timer_swapped_with_the_launch_is_caught_by_the_dispatches() {
    let run = on_canary(Fault::Swapped(Phase::Kernel, Phase::Launch));
    is_told(&run, "twice the kernels");
}

#[test]
fn timestamps_that_cannot_be_true_are_counted_and_the_fallback_is_labelled() {
    let run = on_simulated(PlantedLaw::default(), Fault::Timestamps { from: 12, workers: 64 });
    let case = run.experiments[0].cases.iter().find(|case| case.workers == 64).unwrap();
    assert_eq!(case.clock(Phase::Kernel), Some(Clock::HostLessEmpty));
    is_told(&run, "one clock times all kernels");
    assert!(text(&run).contains("timed by the host's clock"));
}

/// How a device fails, and what the message says.
type Failure = (fn() -> DeviceError, &'static [&'static str]);

/// A device that fails in mid-run: the failure has its name, and what was measured before is kept and reported.
#[test]
fn a_device_that_fails_leaves_what_was_measured() {
    let failures: [Failure; 4] = [
        (
            || DeviceError::Stuck { context: "a kernel", seconds: 20.0 },
            &["waited 20.0 s for a kernel", "may hang", "--sizes"],
        ),
        (|| DeviceError::Lost("unplugged".to_owned()), &["went away (unplugged)", "run again"]),
        (|| DeviceError::OutOfMemory("a buffer".to_owned()), &["out of memory: a buffer", "--sizes"]),
        (
            || DeviceError::Refused { context: "mapping a buffer", message: "no".to_owned() },
            &["refused a call (mapping a buffer): no", "update the driver"],
        ),
    ];
    for (failure, said) in failures {
        // The runs before sampling are those of verifying, gauging and warming up.
        let mut device = Faulty::new(Simulated::new(PlantedLaw::default(), 1), "saxpy", Fault::Fails(60, failure));
        let axes = Axes { sizes: Some(vec![1 << 16]), ..Axes::default() };
        let questions = [("fixed-size", "fma"), ("fixed-size", "saxpy")];
        let Outcome { run, failed } = outcome(&mut device, &questions, axes, settings(Effort::Quick, 1)).unwrap();
        let message = failed.unwrap().to_string();
        assert!(said.iter().all(|word| message.contains(word)), "{message}");
        let blocks: Vec<usize> = run.experiments.iter().map(|experiment| experiment.order.len()).collect();
        assert!(blocks.len() == 2 && blocks[1] > 1 && blocks[0] > blocks[1], "{blocks:?}");
        assert!(run.experiments[1].cases.iter().all(|case| case.repetitions() > 0));
        assert!(run.experiments[1].stopped.contains("a failure of the device"), "{}", run.experiments[1].stopped);
        assert!(!run.complete && text(&run).contains("This run is partial"), "{}", text(&run));
    }
}

#[test]
fn twins_that_differ_are_told() {
    let run = on_simulated(PlantedLaw { noise: 0.01, ..PlantedLaw::default() }, Fault::Twins(1.3));
    is_told(&run, "measured twice");
}

#[test]
fn each_case_says_why_it_stopped() {
    let precise = on_simulated(PlantedLaw { noise: 0.001, ..PlantedLaw::default() }, Fault::Sound);
    let cases = &precise.experiments[0].cases;
    assert!(cases.iter().all(|case| case.stopped == Some(Stop::Precise)));
    let noisy = on_simulated(PlantedLaw { noise: 0.8, ..PlantedLaw::default() }, Fault::Sound);
    let stops: Vec<Stop> = noisy.experiments[0].cases.iter().filter_map(|case| case.stopped).collect();
    assert!(!stops.contains(&Stop::Precise), "{stops:?}");
    assert_eq!(stops.len(), noisy.experiments[0].cases.len());
}

#[test]
fn a_rate_above_the_roof_is_told() {
    // The roofs are sound, and the kernels of one workload seem a thousand times faster than they are.
    let fault = Fault::Stretched(Phase::Kernel, 1e-3);
    let run = run_on(Faulty::new(Cpu::new(), "saxpy", fault), "saxpy", 1 << 16).unwrap();
    is_told(&run, "no kernel moves data faster than the memory limit");
}
