//! From planned cases to jobs that are ready, verified and known to be short enough.

use std::rc::Rc;
use std::time::Instant;

use super::bench::{AnyJob, Bench, Entry};
use super::bounds::{buffer_bytes, check_loops, check_reference, device_bytes, host_bytes, within};
use super::data::{Data, Store};
use super::gauge::Gauge;
use super::recording::{absent, blank, describe, record, set_ups};
use super::stop::Looks;
use super::verify::verify;
use super::{Dispatches, MeasureError, Place, Plan, Planned, Settings, Watch};
use crate::clock;
use crate::device::cpu::Cpu;
use crate::device::{Device, DeviceError, Job, Spec};
use crate::record::{Case, DeviceKind, Phase, Skipped, Verified};
use crate::stats;
use crate::workload::Workload;

/// Runs by which a short kernel is gauged.
const GAUGE_RUNS: usize = 5;

/// A kernel shorter than this is easily disturbed, in seconds.
const SHORT: f64 = 2e-3;

/// Makes every case ready that the device allows; the others are skipped with their reason.
pub(super) async fn prepare<D: Device>(
    device: &mut D,
    cpu: &mut Cpu,
    plan: Plan,
    limits: &Limits<'_>,
    watch: &dyn Watch,
) -> Result<Bench<D::Job>, MeasureError> {
    watch.begin(&format!("{} {}: verifying", plan.experiment, plan.workload.name()), plan.cases.len());
    let mut bench = Bench { entries: Vec::new(), skipped: plan.skipped, asked: plan.asked, twin_of: None };
    let mut prepared = Vec::with_capacity(plan.cases.len());
    let mut preparer = Preparer {
        store: Store::default(),
        fresh: Vec::new(),
        gauge: Gauge::new(plan.seconds_per_work, device.info()),
        memory: 0,
    };
    let cases: Vec<&Planned> =
        if plan.cheapest_last { plan.cases.iter().rev().collect() } else { plan.cases.iter().collect() };
    let spec = |planned: &Planned| Spec {
        workload: plan.workload,
        variant: planned.variant.unwrap_or(plan.variant),
        problem: planned.problem,
        workers: planned.workers,
        workgroup_size: planned.workgroup_size,
        launch: planned.launch,
        slices: planned.slices,
        checks: planned.checks,
        wait: planned.wait,
        path: planned.path,
        inputs: Rc::default(),
    };
    for planned in cases {
        if watch.interrupted() {
            break;
        }
        match preparer.ready(device, cpu, planned, spec(planned), limits).await {
            Ok(entry) => {
                bench.entries.push(entry);
                prepared.push(planned);
            }
            Err(MeasureError::Device(DeviceError::Unsupported(reason) | DeviceError::OutOfMemory(reason))) => {
                bench.skipped.push(Skipped { case: describe(plan.workload, planned), reason });
            }
            Err(error) => return Err(error),
        }
        watch.step();
    }
    if plan.cheapest_last {
        bench.entries.reverse();
        prepared.reverse();
    }
    if let Some(of) = control(&bench.entries).filter(|_| !watch.interrupted()) {
        match preparer.ready(device, cpu, prepared[of], spec(prepared[of]), limits).await {
            Ok(twin) => {
                bench.entries.push(twin);
                bench.twin_of = Some(of);
            }
            // Where there is no room for it there is no control; nothing else is lost.
            Err(MeasureError::Device(DeviceError::Unsupported(_) | DeviceError::OutOfMemory(_))) => {}
            Err(error) => return Err(error),
        }
    }
    watch.end();
    Ok(bench)
}

/// The case that is measured twice: on the device that is measured, and of middle length.
fn control<J>(entries: &[Entry<J>]) -> Option<usize> {
    let seconds = |index: &usize| entries[*index].gauged.unwrap_or_default();
    let on_device = |index: &usize| matches!(entries[*index].job, AnyJob::Device(_));
    let mut candidates: Vec<usize> = (0..entries.len()).filter(on_device).collect();
    candidates.sort_by(|a, b| seconds(a).total_cmp(&seconds(b)));
    candidates.get(candidates.len() / 2).copied()
}

/// What a case must stay within.
pub(super) struct Limits<'a> {
    pub(super) settings: &'a Settings,
    pub(super) loop_budget: Option<u64>,
    /// When the run must end.
    pub(super) end: Instant,
}

/// What the cases of an experiment share while they are made ready.
struct Preparer<D> {
    store: Store,
    /// Further handles of the device, by the number in [`Place::Fresh`].
    fresh: Vec<(usize, D)>,
    gauge: Gauge,
    /// Bytes that the jobs so far keep on the device.
    memory: u64,
}

impl<D: Device> Preparer<D> {
    async fn ready(
        &mut self,
        device: &mut D,
        cpu: &mut Cpu,
        planned: &Planned,
        mut spec: Spec,
        limits: &Limits<'_>,
    ) -> Result<Entry<D::Job>, MeasureError> {
        if clock::now() > limits.end {
            return Err(DeviceError::Unsupported("the time of the run was used up before its turn".to_owned()).into());
        }
        let known = spec.workload.check(spec.variant, spec.problem, spec.workers, spec.workgroup_size);
        known.map_err(DeviceError::Unsupported)?;
        self.gauge.check(planned, spec.workload, limits.settings.slowest)?;
        let on_cpu = matches!(planned.place, Place::Cpu(_));
        let computes = on_cpu || device.computes();
        if computes {
            check_reference(&spec)?;
            within(host_bytes(&spec), 0, cpu.info().limits.memory)?;
        }
        if !on_cpu {
            check_loops(&spec, limits.loop_budget)?;
            let bytes = buffer_bytes(&spec);
            within(bytes, self.memory, device.info().limits.memory)?;
        }
        let data = computes.then(|| self.store.get(spec.workload, spec.problem, limits.settings.seed));
        if let Some(data) = &data {
            spec.inputs = Rc::clone(&data.inputs);
        }
        let (job, laps, phases) = match planned.place {
            Place::Cpu(rung) => {
                let (job, laps) = cpu.prepare_rung(&spec, rung)?;
                (AnyJob::Cpu(job), laps, absent(cpu))
            }
            place => {
                let device = self.place(device, place).await?;
                let (job, laps) = device.prepare(&spec).await?;
                (AnyJob::Device(job), laps, absent(device))
            }
        };
        let mut case = Case {
            device_bytes: (!on_cpu && device.computes()).then(|| device_bytes(&spec)),
            own_set_up: stats::median(&set_ups(&laps)),
            ..blank(planned, spec.workload, phases)
        };
        if !on_cpu {
            let has_kernels = device.info().kind != DeviceKind::Cpu;
            case.checks = has_kernels.then(|| planned.checks.name().to_owned());
            case.wait = device.wait().map(|own| planned.wait.unwrap_or(own).name().to_owned());
        }
        let mut entry = Entry { case, job, dispatches: planned.dispatches, gauged: None, looks: Looks::default() };
        if !on_cpu {
            self.memory += buffer_bytes(&spec);
        }
        let mut making = data.iter().flat_map(|data| data.making.iter().cycle());
        for mut lap in laps {
            if lap.phase == Phase::SetUp {
                lap.seconds += making.next().unwrap_or(&0.0);
            }
            record(&mut entry.case, lap);
        }
        entry.case.verified = check_output(&mut entry.job, spec.workload, planned, data.as_deref()).await?;
        if let Dispatches::Exactly(dispatches) = planned.dispatches {
            entry.set_dispatches(dispatches);
        }
        entry.gauged = fastest_kernel(&mut entry).await?;
        if let Some(seconds) = entry.gauged {
            self.gauge.learn(planned, spec.workload, seconds);
        }
        Ok(entry)
    }

    /// The handle of the device that the case runs on.
    async fn place<'a>(&'a mut self, device: &'a mut D, place: Place) -> Result<&'a mut D, DeviceError> {
        let Place::Fresh(number) = place else {
            return Ok(device);
        };
        if !self.fresh.iter().any(|(taken, _)| *taken == number) {
            let fresh = device.fresh().await.map_err(|error| match error {
                // Some drivers allow few handles of one device; the other cases do not need this one.
                DeviceError::Refused { message, .. } => {
                    DeviceError::Unsupported(format!("the driver gives no further handle of the device: {message}"))
                }
                error => error,
            })?;
            self.fresh.push((number, fresh));
        }
        let found = self.fresh.iter_mut().find(|(taken, _)| *taken == number);
        Ok(found.map_or(device, |(_, fresh)| fresh))
    }
}

async fn check_output<J: Job>(
    job: &mut AnyJob<J>,
    workload: &dyn Workload,
    planned: &Planned,
    data: Option<&Data>,
) -> Result<Verified, MeasureError> {
    let no_output = |reason: &str| Ok(Verified::NoOutput { reason: reason.to_owned() });
    let Some(data) = data else {
        return no_output("nothing is computed: the times are drawn from a planted law");
    };
    match job.output().await? {
        Some(output) => {
            Ok(verify(&describe(workload, planned), &output, data.reference.iter().copied(), &data.tolerance)?)
        }
        None => no_output("the workload has no output"),
    }
}

/// The shortest kernel of a few runs, in seconds. A short one is run several times, since a single disturbance of it
/// would be scaled up to the size of the next case.
async fn fastest_kernel<J: Job>(entry: &mut Entry<J>) -> Result<Option<f64>, DeviceError> {
    let mut fastest: Option<f64> = None;
    for _ in 0..GAUGE_RUNS {
        let repetition = entry.job.run().await?;
        entry.case.rejected_timestamps += u32::from(repetition.rejected);
        let kernel = repetition.kernel();
        fastest = kernel.map(|seconds| fastest.map_or(seconds, |least| least.min(seconds))).or(fastest);
        if fastest.is_none_or(|seconds| seconds > SHORT) {
            break;
        }
    }
    Ok(fastest)
}
