//! Measures what planning needs to know about a device: how long its loops may be, and how fast one worker is.

use std::rc::Rc;

use super::MeasureError;
use super::canary::Canary;
use super::gauge::work;
use crate::clock;
use crate::device::{Device, DeviceError, Job, Spec};
use crate::record::{Calibration, Case, DeviceKind, Phase, Problem};
use crate::stats::{Estimate, Summary};
use crate::workload::{self, Variant, Workload};

/// Elements that one invocation processes to test the driver's limit on loops.
const LOOP_PROBE: u64 = 1 << 16;

/// Fewest repetitions of a probe. The fastest counts, since other work on the machine only adds time.
const PROBES: usize = 3;

/// Most repetitions of a probe, and the time in seconds after which no more are added.
const MOST_PROBES: usize = 20;
const LONG: f64 = 1e-2;

/// Measures what planning needs. The memory and compute limits are measured later, on the warm device.
pub async fn calibrate<D: Device>(device: &mut D, seed: u64) -> Result<Calibration, MeasureError> {
    let timing = device.timing();
    let loop_budget = if device.computes() { loop_budget(device, seed).await? } else { None };
    Ok(Calibration {
        copy_roof: None,
        copy_curve: Vec::new(),
        compute_roof: None,
        host_copy_roof: None,
        empty_dispatch: timing.empty_dispatch,
        kernel_clock_resolution: timing.kernel_clock_resolution,
        launch_floor: None,
        empty_launch: None,
        kernel_clock_rate: timing.kernel_clock_rate,
        loop_budget,
        wait: device.wait(),
        transfer: (device.info().kind != DeviceKind::Cpu).then(|| device.usual_transfer()),
    })
}

/// Number of empty launches that measure the launch floor.
const EMPTY_LAUNCHES: usize = 50;

/// Measures an empty kernel, in seconds: the launch floor (its pass by the device's own clock), and the launch (the
/// host's wait). Each is `None` if it cannot be measured. The canary heats the device before each launch, as before any
/// timed kernel.
pub(super) async fn empty<D: Device>(
    device: &mut D,
    mut canary: Option<&mut Canary<D::Job>>,
) -> Result<[Option<Estimate>; 2], MeasureError> {
    if device.info().kind == DeviceKind::Cpu {
        return Ok([None; 2]);
    }
    let workload = workload::EMPTY;
    let (mut job, _) = device.prepare(&one_worker(workload, &workload.variants()[0], workload.problem(1), 0)).await?;
    let mut laps = Vec::new();
    for _ in 0..EMPTY_LAUNCHES {
        if let Some(canary) = canary.as_deref_mut() {
            canary.heat().await?;
        }
        laps.extend(job.run(false).await?.laps);
    }
    Ok([Phase::Pass, Phase::Launch].map(|phase| {
        let seconds: Vec<f64> = laps.iter().filter(|lap| lap.phase == phase).map(|lap| lap.seconds).collect();
        Summary::of(&seconds).map(|summary| summary.estimate())
    }))
}

/// Runs one invocation through a long loop, and returns the number of rounds after which the driver ended it, if it
/// did. llvmpipe silently ends loops after 65,535 rounds; later elements keep their poison.
async fn loop_budget<D: Device>(device: &mut D, seed: u64) -> Result<Option<u64>, MeasureError> {
    let problem = Problem::Chain { n: LOOP_PROBE, k: 16 };
    let workload = workload::FMA;
    let variant = &workload.variants()[0];
    let tried = (variant.back_edges)(&Case::new(problem, 1, 1));
    let reference = workload.reference(problem, &[]);
    let mut job = device.ready(&one_worker(workload, variant, problem, seed)).await?;
    let output = job.output().await?.unwrap_or_default();
    Ok(stop(&output, &reference).map(|done| done * tried / LOOP_PROBE))
}

/// Items of the problem that measures one worker's speed at a workload.
const ITEMS_PROBE: u64 = 256;

/// Returns the number of elements done before the loop was ended. They must all be right, and all later ones still
/// poisoned. Any other output is simply wrong, and verification will report it. All elements need the same number of
/// rounds, so the share of elements is the share of rounds.
fn stop(output: &[f32], reference: &[f64]) -> Option<u64> {
    let right = |&(&value, &expected): &(&f32, &f64)| f64::from(value) == expected;
    let done = output.iter().zip(reference).take_while(right).count();
    let ended = done > 0 && done < output.len() && output[done..].iter().all(|value| value.is_nan());
    ended.then_some(done as u64)
}

/// Returns the time of one worker for a unit of work of this workload ([`work`]: flop or bytes), in seconds; `None` if
/// there is no kernel to time.
pub(super) async fn seconds_per_work<D: Device>(
    device: &mut D,
    workload: &'static dyn Workload,
    variant: &'static Variant,
    seed: u64,
) -> Result<Option<f64>, MeasureError> {
    if workload.output_length(workload.problem(1)) == 0 {
        return Ok(None);
    }
    let mut problem = workload.problem(1);
    while workload.items(problem) < ITEMS_PROBE && problem.n() < ITEMS_PROBE {
        problem = workload.problem(2 * problem.n());
    }
    let spec = one_worker(workload, variant, problem, seed);
    match fastest(device, &spec).await {
        Ok(seconds) => Ok(seconds.map(|seconds| seconds / work(workload, problem))),
        // Each case reports itself what this device cannot do.
        Err(DeviceError::Unsupported(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn one_worker(workload: &'static dyn Workload, variant: &'static Variant, problem: Problem, seed: u64) -> Spec {
    Spec { workload, variant, case: Case::new(problem, 1, 1), inputs: Rc::new(workload.inputs(problem, seed)) }
}

/// Returns the shortest kernel time of a few runs, in seconds.
async fn fastest<D: Device>(device: &mut D, spec: &Spec) -> Result<Option<f64>, DeviceError> {
    let mut job = device.ready(spec).await?;
    shortest_kernel(&mut job).await
}

/// Returns the shortest kernel time of a few runs of a job, in seconds. Short kernels run more often, because an idle
/// device needs time to raise its clock.
pub(super) async fn shortest_kernel<J: Job>(job: &mut J) -> Result<Option<f64>, DeviceError> {
    let start = clock::now();
    let mut fastest: Option<f64> = None;
    for run in 0..MOST_PROBES {
        let kernel = job.run(false).await?.kernel();
        fastest = kernel.map(|seconds| fastest.map_or(seconds, |least| least.min(seconds))).or(fastest);
        if run + 1 >= PROBES && clock::seconds_since(start) > LONG {
            break;
        }
    }
    Ok(fastest)
}

#[cfg(test)]
mod tests {
    use super::stop;

    #[test]
    fn a_loop_that_was_ended_is_told_from_a_wrong_output() {
        let reference = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(stop(&[1.0, 2.0, 3.0, 4.0], &reference), None);
        assert_eq!(stop(&[1.0, 2.0, f32::NAN, f32::NAN], &reference), Some(2));
        assert_eq!(stop(&[1.0, 2.0, 9.0, f32::NAN], &reference), None, "wrong, not ended");
        assert_eq!(stop(&[1.0, f32::NAN, 3.0, 4.0], &reference), None, "a hole");
        assert_eq!(stop(&[f32::NAN; 4], &reference), None, "nothing computed at all");
    }
}
