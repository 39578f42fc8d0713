//! What must be known about a device before cases can be planned: how long its loops may be, and how fast one worker
//! is.

use std::rc::Rc;

use super::MeasureError;
use super::canary::Canary;
use super::gauge::work;
use crate::clock;
use crate::device::{Device, DeviceError, Job, Spec};
use crate::record::{Calibration, Case, DeviceKind, Phase, Problem};
use crate::stats::{Estimate, Summary};
use crate::workload::{self, Variant, Workload};

/// Elements that one invocation is asked to go through, to see whether the driver lets it.
const LOOP_PROBE: u64 = 1 << 16;

/// Repetitions of a probe; the fastest counts, since anything else in the machine only adds time.
const PROBES: usize = 3;

/// The same for short kernels, until they took so many seconds together.
const MOST_PROBES: usize = 20;
const LONG: f64 = 1e-2;

/// Measures what the planning of cases needs to know. The roofs come later, from a device that is warm.
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

/// Launches of an empty kernel behind the launch floor.
const EMPTY_LAUNCHES: usize = 50;

/// Measures an empty kernel: the launch floor, which is what its pass takes by the device's own clock, and the launch,
/// which is what the host waits for it. `None` if there is no such clock, or nothing is launched. The canary heats
/// the device before each launch, as any timed kernel is heated.
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

/// Lets one invocation go round its loops many times, and looks how far it came. llvmpipe silently ends loops after
/// 65,535 rounds; the elements beyond that keep their poison.
async fn loop_budget<D: Device>(device: &mut D, seed: u64) -> Result<Option<u64>, MeasureError> {
    let problem = Problem::Chain { n: LOOP_PROBE, k: 16 };
    let workload = workload::FMA;
    let variant = &workload.variants()[0];
    let tried = (variant.back_edges)(&Case::new(problem, 1, 1));
    let reference = workload.reference(problem, &[]);
    let (mut job, _) = device.prepare(&one_worker(workload, variant, problem, seed)).await?;
    let output = job.output().await?.unwrap_or_default();
    Ok(stop(&output, &reference).map(|done| done * tried / LOOP_PROBE))
}

/// Items of the problem by which one worker's speed at a workload is measured.
const ITEMS_PROBE: u64 = 256;

/// Elements that were done before the loop was ended: all right up to there, and all still poisoned from there on.
/// Anything else is no loop that was ended, but an output that is wrong, which verification will tell. Rounds per
/// element are the same for all, so the share of elements is the share of rounds.
fn stop(output: &[f32], reference: &[f64]) -> Option<u64> {
    let right = |&(&value, &expected): &(&f32, &f64)| f64::from(value) == expected;
    let done = output.iter().zip(reference).take_while(right).count();
    let ended = done > 0 && done < output.len() && output[done..].iter().all(|value| value.is_nan());
    ended.then_some(done as u64)
}

/// Seconds that one worker takes for a unit of work of this workload ([`work`]: flop or bytes); `None` if there is
/// no kernel to time.
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
        // What this device cannot do is told case by case.
        Err(DeviceError::Unsupported(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn one_worker(workload: &'static dyn Workload, variant: &'static Variant, problem: Problem, seed: u64) -> Spec {
    Spec { workload, variant, case: Case::new(problem, 1, 1), inputs: Rc::new(workload.inputs(problem, seed)) }
}

/// The shortest kernel time of a few runs, in seconds.
async fn fastest<D: Device>(device: &mut D, spec: &Spec) -> Result<Option<f64>, DeviceError> {
    let (mut job, _) = device.prepare(spec).await?;
    shortest_kernel(&mut job).await
}

/// The shortest kernel of a few runs of a job, in seconds: of more of them if they are short, since a device that
/// was idle has not got its clock at once.
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
