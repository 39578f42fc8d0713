//! From planned cases to jobs that are ready, verified and known to be short enough.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::bounds::{buffer_bytes, check_loops, check_reference, host_bytes, within};
use super::data::{Data, Store};
use super::gauge::Gauge;
use super::verify::verify;
use super::{Dispatches, MeasureError, Place, Plan, Planned, Settings, Watch};
use crate::device::cpu::{Cpu, CpuJob};
use crate::device::{Device, DeviceError, Job, Lap, Repetition, Spec};
use crate::record::{Case, Phase, Problem, Skipped, Timing, Verified};
use crate::workload::Workload;

/// Runs by which a short kernel is gauged.
const GAUGE_RUNS: usize = 5;

/// A kernel shorter than this is easily disturbed, in seconds.
const SHORT: f64 = 2e-3;

/// Cases ready to be sampled.
pub(super) struct Bench<J> {
    pub(super) entries: Vec<Entry<J>>,
    pub(super) skipped: Vec<Skipped>,
}

impl<J> Bench<J> {
    /// The cases as they stand.
    pub(super) fn cases(&self) -> Vec<Case> {
        self.entries.iter().map(|entry| entry.case.clone()).collect()
    }
}

/// A case and the job that runs it.
pub(super) struct Entry<J> {
    pub(super) case: Case,
    pub(super) job: AnyJob<J>,
    pub(super) dispatches: Dispatches,
}

/// A job on the device that is measured, or on the processor beside it.
pub(super) enum AnyJob<J> {
    Device(J),
    Cpu(CpuJob),
}

impl<J: Job> AnyJob<J> {
    pub(super) async fn run(&mut self) -> Result<Repetition, DeviceError> {
        match self {
            Self::Device(job) => job.run().await,
            Self::Cpu(job) => job.run().await,
        }
    }

    async fn output(&mut self) -> Result<Option<Vec<f32>>, DeviceError> {
        match self {
            Self::Device(job) => job.output().await,
            Self::Cpu(job) => job.output().await,
        }
    }

    pub(super) fn set_dispatches(&mut self, dispatches: u32) {
        match self {
            Self::Device(job) => job.set_dispatches(dispatches),
            Self::Cpu(job) => job.set_dispatches(dispatches),
        }
    }
}

/// Makes every case ready that the device allows; the others are skipped with their reason.
pub(super) async fn prepare<D: Device>(
    device: &mut D,
    cpu: &mut Cpu,
    plan: Plan,
    settings: &Settings,
    loop_budget: Option<u64>,
    watch: &dyn Watch,
) -> Result<Bench<D::Job>, MeasureError> {
    watch.begin(&format!("{} {}: verifying", plan.experiment, plan.workload.name()), plan.cases.len());
    let mut bench = Bench { entries: Vec::new(), skipped: plan.skipped };
    let mut preparer = Preparer {
        store: Store::default(),
        fresh: Vec::new(),
        gauge: Gauge::new(plan.seconds_per_work, device.info()),
        memory: 0,
    };
    let cases: Vec<&Planned> =
        if plan.cheapest_last { plan.cases.iter().rev().collect() } else { plan.cases.iter().collect() };
    for planned in cases {
        if watch.interrupted() {
            break;
        }
        let spec = Spec {
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
        let limits = Limits { settings, loop_budget };
        match preparer.ready(device, cpu, planned, spec, &limits).await {
            Ok(entry) => bench.entries.push(entry),
            Err(MeasureError::Device(DeviceError::Unsupported(reason) | DeviceError::OutOfMemory(reason))) => {
                bench.skipped.push(Skipped { case: describe(plan.workload, planned), reason });
            }
            Err(error) => return Err(error),
        }
        watch.step();
    }
    if plan.cheapest_last {
        bench.entries.reverse();
    }
    watch.end();
    Ok(bench)
}

/// What a case must stay within.
struct Limits<'a> {
    settings: &'a Settings,
    loop_budget: Option<u64>,
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
        let known = spec.workload.check(spec.variant, spec.problem, spec.workers, spec.workgroup_size);
        known.map_err(DeviceError::Unsupported)?;
        self.gauge.check(planned, spec.workload, limits.settings.slowest)?;
        let on_cpu = planned.place == Place::Cpu;
        let computes = on_cpu || device.computes();
        if computes {
            check_reference(&spec)?;
            within(host_bytes(&spec), 0, cpu.info().limits.memory)?;
        }
        if !on_cpu {
            check_loops(&spec, limits.loop_budget)?;
            let bytes = buffer_bytes(&spec);
            within(bytes, self.memory, device.info().limits.memory)?;
            self.memory += bytes;
        }
        let data = computes.then(|| self.store.get(spec.workload, spec.problem, limits.settings.seed));
        if let Some(data) = &data {
            spec.inputs = Rc::clone(&data.inputs);
        }
        let (job, laps, phases) = match planned.place {
            Place::Cpu => {
                let (job, laps) = cpu.prepare(&spec).await?;
                (AnyJob::Cpu(job), laps, absent(cpu))
            }
            place => {
                let device = self.place(device, place).await?;
                let (job, laps) = device.prepare(&spec).await?;
                (AnyJob::Device(job), laps, absent(device))
            }
        };
        let mut case = blank(planned, spec.workload, phases);
        if !on_cpu {
            case.wait = device.wait().map(|own| planned.wait.unwrap_or(own).name().to_owned());
        }
        let mut entry = Entry { case, job, dispatches: planned.dispatches };
        let mut making = data.iter().flat_map(|data| data.making.iter().cycle());
        for mut lap in laps {
            if lap.phase == Phase::SetUp {
                lap.seconds += making.next().unwrap_or(&0.0);
            }
            record(&mut entry.case, lap);
        }
        entry.case.verified = check_output(&mut entry.job, spec.workload, planned, data.as_deref()).await?;
        if let Dispatches::Exactly(dispatches) = planned.dispatches {
            entry.job.set_dispatches(dispatches);
        }
        if let Some(seconds) = fastest_kernel(&mut entry).await? {
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
            self.fresh.push((number, device.fresh().await?));
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
        Some(output) => Ok(verify(&describe(workload, planned), &output, &data.reference, &data.tolerance)?),
        None => no_output("the workload has no output"),
    }
}

/// The phases that the device never reports, each with its reason.
fn absent<D: Device>(device: &D) -> BTreeMap<Phase, Timing> {
    Phase::ALL.into_iter().map(|phase| (phase, device.absent(phase))).collect()
}

fn blank(planned: &Planned, workload: &dyn Workload, phases: BTreeMap<Phase, Timing>) -> Case {
    let upload_bytes = 4 * workload.input_lengths(planned.problem).iter().sum::<u64>();
    let read_back_bytes = 4 * workload.output_length(planned.problem);
    Case {
        problem: planned.problem,
        workers: planned.workers,
        workgroup_size: planned.workgroup_size,
        workgroups: planned.workers.div_ceil(u64::from(planned.workgroup_size.max(1))),
        dispatches: match planned.dispatches {
            Dispatches::Exactly(dispatches) => dispatches,
            Dispatches::AsTheClockNeeds => 1,
        },
        slices: planned.slices,
        rung: planned.rung.map(str::to_owned),
        flop: workload.flop(planned.problem),
        bytes: workload.bytes(planned.problem),
        wait: None,
        path: (planned.place != Place::Cpu && upload_bytes + read_back_bytes > 0)
            .then(|| planned.path.name().to_owned()),
        upload_bytes,
        read_back_bytes,
        rejected_timestamps: 0,
        verified: Verified::NoOutput { reason: "not verified yet".to_owned() },
        phases,
    }
}

/// Adds the laps of one repetition to a case. Samples of two clocks are never mixed: where the kernel's clock changes,
/// all phases of the repetitions start again.
pub(super) fn record_repetition(case: &mut Case, repetition: Repetition) {
    let Repetition { laps, rejected, .. } = repetition;
    case.rejected_timestamps += u32::from(rejected);
    let changed =
        |lap: &Lap| lap.phase == Phase::Kernel && case.clock(Phase::Kernel).is_some_and(|clock| clock != lap.clock);
    if laps.iter().any(changed) {
        for lap in &laps {
            case.phases.insert(lap.phase, Timing::absent("started again with another clock"));
        }
    }
    for lap in laps {
        record(case, lap);
    }
}

/// Adds a lap to a case.
fn record(case: &mut Case, lap: Lap) {
    let timing = case.phases.entry(lap.phase).or_insert_with(|| Timing::absent("not taken"));
    match timing {
        Timing::Samples { clock, seconds } if *clock == lap.clock => seconds.push(lap.seconds),
        _ => *timing = Timing::Samples { clock: lap.clock, seconds: vec![lap.seconds] },
    }
}

/// A case in words.
fn describe(workload: &dyn Workload, planned: &Planned) -> String {
    let size = match planned.problem {
        Problem::Vector { n } => format!("n = {n}"),
        Problem::Chain { n, k } => format!("n = {n} with {k} multiply-adds each"),
        Problem::Matrix { m, k, n } => format!("{m} x {k} times {k} x {n}"),
        Problem::Branches { n, branches, k, run } => {
            format!("n = {n} on {branches} paths, {k} multiply-adds each, {run} neighbours on the same")
        }
        Problem::Batch { n } => format!("a batch of {n}"),
    };
    let workers = match planned.place {
        Place::Cpu if planned.workers == 1 => "one CPU thread".to_owned(),
        Place::Cpu => format!("{} CPU threads", planned.workers),
        _ if planned.workers == 1 => "one worker".to_owned(),
        _ => format!("{} workers in workgroups of {}", planned.workers, planned.workgroup_size),
    };
    let rung = planned.rung.map(|rung| format!(", {rung}")).unwrap_or_default();
    let dispatches = match planned.dispatches {
        Dispatches::AsTheClockNeeds | Dispatches::Exactly(1) => String::new(),
        Dispatches::Exactly(dispatches) => format!(", {dispatches} dispatches"),
    };
    let slices = if planned.slices > 1 { format!(", cut into {} launches", planned.slices) } else { String::new() };
    format!("{}, {size}, {workers}{dispatches}{slices}{rung}", workload.name())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::fixture::planned;
    use crate::record::Clock;
    use crate::workload;

    #[test]
    fn samples_of_two_clocks_are_never_mixed() {
        let mut case = blank(&planned(10, 1), workload::empty(), BTreeMap::new());
        let lap = |clock, seconds| Lap { phase: Phase::Kernel, clock, seconds };
        let upload = Lap { phase: Phase::Upload, clock: Clock::Host, seconds: 0.5 };
        let run = |kernel, rejected| Repetition { laps: vec![upload, kernel], wall: 9.0, rejected };
        record_repetition(&mut case, run(lap(Clock::Gpu, 1.0), false));
        record_repetition(&mut case, run(lap(Clock::Gpu, 2.0), false));
        assert_eq!(case.seconds(Phase::Kernel), [1.0, 2.0]);
        record_repetition(&mut case, run(lap(Clock::HostLessEmpty, 3.0), true));
        assert_eq!(case.seconds(Phase::Kernel), [3.0]);
        assert_eq!(case.seconds(Phase::Upload), [0.5], "the laps of a repetition belong together");
        assert_eq!(case.clock(Phase::Kernel), Some(Clock::HostLessEmpty));
        assert_eq!(case.rejected_timestamps, 1);
    }
}
