//! From planned cases to jobs that are ready, verified and known to be short enough.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Instant;

use super::bounds::{buffer_bytes, check_loops, check_reference, device_bytes, host_bytes, within};
use super::data::{Data, Store};
use super::gauge::Gauge;
use super::stop;
use super::verify::verify;
use super::{Dispatches, MeasureError, Place, Plan, Planned, Settings, Watch};
use crate::clock;
use crate::device::cpu::{Cpu, CpuJob};
use crate::device::{Device, DeviceError, Job, Lap, Repetition, Spec};
use crate::record::{Case, Control, Experiment, Phase, Problem, Skipped, Stop, Timing, Verified};
use crate::stats;
use crate::workload::Workload;

/// Runs by which a short kernel is gauged.
const GAUGE_RUNS: usize = 5;

/// A kernel shorter than this is easily disturbed, in seconds.
const SHORT: f64 = 2e-3;

/// Looks in a row after which a plateau is believed.
const PLATEAUS: u32 = 3;

/// Cases ready to be sampled.
pub(super) struct Bench<J> {
    pub(super) entries: Vec<Entry<J>>,
    pub(super) skipped: Vec<Skipped>,
    /// The phases that the question is about.
    pub(super) asked: &'static [Phase],
    /// Index of the case whose twin is the last entry.
    twin_of: Option<usize>,
}

impl<J> Bench<J> {
    /// The experiment with the cases as they stand.
    pub(super) fn filled(&self, blank: &Experiment) -> Experiment {
        let mut cases: Vec<Case> = self.entries.iter().map(|entry| entry.case.clone()).collect();
        let twin = self.twin_of.and_then(|of| Some(Control { of, twin: cases.pop()? }));
        Experiment { cases, control: twin, ..blank.clone() }
    }
}

/// A case and the job that runs it.
pub(super) struct Entry<J> {
    pub(super) case: Case,
    pub(super) job: AnyJob<J>,
    pub(super) dispatches: Dispatches,
    /// Kernel time of the gauge's runs, in seconds.
    gauged: Option<f64>,
    /// Looks in a row at which its interval had stopped shrinking.
    plateaus: u32,
}

impl<J: Job> Entry<J> {
    /// Looks again whether the case is settled. One plateau may be chance; several in a row are not.
    pub(super) fn look(&mut self, asked: &[Phase]) {
        let settled = stop::settled(&self.case, asked);
        self.plateaus = if settled == Some(Stop::Plateau) { self.plateaus + 1 } else { 0 };
        self.case.stopped = settled.filter(|stop| *stop == Stop::Precise || self.plateaus >= PLATEAUS);
    }

    pub(super) fn set_dispatches(&mut self, dispatches: u32) {
        self.case.dispatches = dispatches;
        self.job.set_dispatches(dispatches);
    }
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

    fn set_dispatches(&mut self, dispatches: u32) {
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
            case.wait = device.wait().map(|own| planned.wait.unwrap_or(own).name().to_owned());
        }
        let mut entry = Entry { case, job, dispatches: planned.dispatches, gauged: None, plateaus: 0 };
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
            entry.job.set_dispatches(dispatches);
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
        baseline: matches!(planned.place, Place::Cpu(_)),
        wait: None,
        path: (!matches!(planned.place, Place::Cpu(_)) && upload_bytes + read_back_bytes > 0)
            .then(|| planned.path.name().to_owned()),
        upload_bytes,
        read_back_bytes,
        rejected_timestamps: 0,
        device_bytes: None,
        own_set_up: None,
        verified: Verified::NoOutput { reason: "not verified yet".to_owned() },
        stopped: None,
        wall: Vec::new(),
        phases,
    }
}

/// The set-ups among the laps, in seconds.
fn set_ups(laps: &[Lap]) -> Vec<f64> {
    laps.iter().filter(|lap| lap.phase == Phase::SetUp).map(|lap| lap.seconds).collect()
}

/// Adds the laps of one repetition to a case. Samples of two clocks are never mixed: where the kernel's clock changes,
/// all phases of the repetitions start again.
pub(super) fn record_repetition(case: &mut Case, repetition: Repetition) {
    let Repetition { laps, wall, rejected } = repetition;
    case.rejected_timestamps += u32::from(rejected);
    let changed =
        |lap: &Lap| lap.phase == Phase::Kernel && case.clock(Phase::Kernel).is_some_and(|clock| clock != lap.clock);
    if laps.iter().any(changed) {
        for lap in &laps {
            case.phases.insert(lap.phase, Timing::absent("started again with another clock"));
        }
        case.wall.clear();
    }
    case.wall.push(wall);
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
        Place::Cpu(_) if planned.workers == 1 => "one CPU thread".to_owned(),
        Place::Cpu(_) => format!("{} CPU threads", planned.workers),
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
        let repetition = |kernel, rejected| Repetition { laps: vec![upload, kernel], wall: 1.5, rejected };
        record_repetition(&mut case, repetition(lap(Clock::Gpu, 1.0), false));
        record_repetition(&mut case, repetition(lap(Clock::Gpu, 2.0), false));
        assert_eq!(case.seconds(Phase::Kernel), [1.0, 2.0]);
        record_repetition(&mut case, repetition(lap(Clock::HostLessEmpty, 3.0), true));
        assert_eq!(case.wall, [1.5]);
        assert_eq!(case.seconds(Phase::Kernel), [3.0]);
        assert_eq!(case.seconds(Phase::Upload), [0.5], "the laps of a repetition belong together");
        assert_eq!(case.clock(Phase::Kernel), Some(Clock::HostLessEmpty));
        assert_eq!(case.rejected_timestamps, 1);
    }
}
