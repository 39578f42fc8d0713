//! Prepares planned cases: jobs that are ready, checked and short enough.

use std::rc::Rc;
use std::time::Instant;

use super::bench::{AnyJob, Bench, Entry};
use super::bounds::{
    Held, check_loops, check_making, check_reference, device_bytes, has_own_handle, host_bytes, within,
};
use super::data::{Data, Store};
use super::gauge::Gauge;
use super::parts;
use super::recording::{absent, blank, describe, record, set_ups, whole};
use super::stop::Looks;
use super::tournament::{Field, Races};
use super::verify::{self, Mismatch};
use super::{MeasureError, Plan, Settings, Watch};
use crate::clock;
use crate::device::cpu::Cpu;
use crate::device::{Device, DeviceError, Job, Spec, check_buffers};
use crate::record::{
    Case, DeviceInfo, DeviceKind, Effort, Measurement, Phase, Series, Skipped, Tournament, VariantName, Verified,
};
use crate::stats;
use crate::workload::Variant;

/// Interval of samples with transfers if only the kernel is asked about. A GPU that waits for data lowers its clock.
const FEW_TRANSFERS: u32 = 8;

/// Prepares every case that the device allows. The others are skipped with a reason.
pub(super) async fn prepare<D: Device>(
    device: &mut D,
    cpu: &mut Cpu,
    mut plan: Plan,
    limits: &Limits<'_>,
    races: &mut Races,
) -> Result<Bench<D::Job>, MeasureError> {
    let watch = limits.watch;
    let mut preparer = Preparer::new(&plan, device.info());
    let mut bench = Bench::new(plan.asked, std::mem::take(&mut plan.skipped), limits.floor);
    let mut prepared = Vec::with_capacity(plan.cases.len());
    let mut cases = std::mem::take(&mut plan.cases);
    if plan.cheapest_last {
        cases.reverse();
    }
    let all = cases.len();
    for (number, mut case) in (1..).zip(cases) {
        watch.doing(&format!("checking the result of case {number} of {all}"));
        if watch.interrupted() {
            break;
        }
        if Preparer::<D>::is_raced(cpu, device.info(), &plan, case, limits) {
            let race;
            (case, race) = preparer.choose(device, races, &plan, case, limits).await?;
            bench.keep(race);
        }
        match preparer.ready(device, cpu, spec(&plan, case), limits).await {
            Ok(entry) => {
                prepared.push(Case { parts: entry.measurement.parts, ..case });
                bench.entries.push(entry);
            }
            Err(MeasureError::Device(DeviceError::Unsupported(reason) | DeviceError::OutOfMemory(reason))) => {
                bench.skipped.push(Skipped { case: describe(plan.workload, &case), reason });
            }
            Err(error) => return Err(error),
        }
    }
    if plan.cheapest_last {
        bench.entries.reverse();
        prepared.reverse();
    }
    // If a second measurement does not fit, there is none; nothing else is affected.
    let twin_of = control(&bench.entries).filter(|_| !watch.interrupted());
    // The second measurement has the same parts as the first.
    preparer.part = None;
    if let Some(of) = twin_of {
        let twin = preparer.second(device, cpu, spec(&plan, prepared[of]), limits).await?;
        bench.twin_of = twin.is_some().then_some(of);
        bench.entries.extend(twin);
    }
    let halved = parts::halved(plan.workload, &prepared).filter(|_| !watch.interrupted());
    if let Some((of, halved)) = halved {
        let half = preparer.second(device, cpu, spec(&plan, halved), limits).await?;
        bench.half_of = half.is_some().then_some(of);
        bench.entries.extend(half);
    }
    Ok(bench)
}

/// Returns a case with its variant, without inputs.
fn spec(plan: &Plan, case: Case) -> Spec {
    let named = |name: VariantName| plan.workload.variants().iter().find(|one| one.name == name.as_str());
    let variant = case.variant.and_then(named).unwrap_or_else(|| plan.variant_of(case.series));
    Spec { workload: plan.workload, variant, case, inputs: Rc::default() }
}

/// Refuses a case if the time of the run is over.
fn check_time(limits: &Limits<'_>) -> Result<(), DeviceError> {
    if clock::now() > limits.end {
        return Err(DeviceError::Unsupported("the time of the run was used up before its turn".to_owned()));
    }
    Ok(())
}

/// Refuses a case whose reference or data are too large for the host, or whose buffers are too large for the device,
/// before any of them is made.
fn check_data(cpu: &Cpu, device: &DeviceInfo, spec: &Spec, limits: &Limits<'_>) -> Result<(), DeviceError> {
    check_reference(spec)?;
    check_making(spec, Effort::LONGEST_SHARE * limits.settings.seconds)?;
    if !spec.case.is_baseline() {
        check_buffers(spec, &device.limits)?;
    }
    within(host_bytes(spec), 0, cpu.info().limits.memory)
}

/// Returns the case that is measured twice: one of medium length on the measured device.
fn control<J>(entries: &[Entry<J>]) -> Option<usize> {
    let seconds = |index: &usize| entries[*index].gauged.unwrap_or_default();
    let on_device = |index: &usize| matches!(entries[*index].job, AnyJob::Device(_));
    let mut candidates: Vec<usize> = (0..entries.len()).filter(on_device).collect();
    candidates.sort_by(|a, b| seconds(a).total_cmp(&seconds(b)));
    candidates.get(candidates.len() / 2).copied()
}

/// Limits for the cases.
pub(super) struct Limits<'a> {
    pub(super) settings: &'a Settings,
    /// Tells whether to stop.
    pub(super) watch: &'a dyn Watch,
    pub(super) loop_budget: Option<u64>,
    /// Latest end of the run.
    pub(super) end: Instant,
    /// Launch floor, in seconds; 0 if there is none.
    pub(super) floor: f64,
}

/// State that the cases of an experiment share during preparation.
struct Preparer<D> {
    store: Store,
    /// Further handles of the device, with the series that use them.
    fresh: Vec<(Series, D)>,
    gauge: Gauge,
    /// Memory on the device used by the jobs so far.
    held: Held,
    /// Time of one part in seconds, if long jobs are timed in parts.
    part: Option<f64>,
    /// Interval of samples with transfers on the device; 1 means every sample.
    transfers_every: u32,
}

impl<D: Device> Preparer<D> {
    fn new(plan: &Plan, device: &DeviceInfo) -> Self {
        Self {
            store: Store::default(),
            fresh: Vec::new(),
            gauge: Gauge::new(plan.seconds_per_work, plan.climb.clone(), device),
            held: Held::default(),
            part: plan.part,
            transfers_every: if plan.asked == [Phase::Kernel] { FEW_TRANSFERS } else { 1 },
        }
    }

    /// Returns whether a tournament runs on the problem of a case: to choose the fastest variant, or to measure each.
    /// Cases that are refused anyway get none.
    fn is_raced(cpu: &Cpu, device: &DeviceInfo, plan: &Plan, case: Case, limits: &Limits<'_>) -> bool {
        let is_asked = case.series == Series::Device && (plan.is_contest || case.variant.is_some());
        is_asked && check_time(limits).and_then(|()| check_data(cpu, device, &spec(plan, case), limits)).is_ok()
    }

    /// Runs a tournament on the problem of a case. Returns the tournament, and the case with the fastest variant, or
    /// with its own variant in the best workgroup size.
    async fn choose(
        &mut self,
        device: &mut D,
        races: &mut Races,
        plan: &Plan,
        case: Case,
        limits: &Limits<'_>,
    ) -> Result<(Case, Tournament), MeasureError> {
        let variants: Vec<&Variant> = plan.workload.variants().iter().collect();
        let (loop_budget, slowest, floor) = (limits.loop_budget, limits.settings.slowest, limits.floor);
        let seed = limits.settings.seed;
        let field = Field { workload: plan.workload, variants: &variants, loop_budget, slowest, floor, seed };
        let race = races.race(device, &field, case.problem).await?;
        let own = |name| race.tried.iter().find(|tried| tried.variant == name && tried.seconds.is_some());
        let chosen = case.variant.map_or(race.winner(), own);
        let case = chosen.map_or(case, |tried| tried.computing(case));
        let estimate = races.estimate(&field, spec(plan, case).variant, case.problem);
        if let Some(seconds) = estimate.filter(|_| case.variant.is_some()) {
            self.gauge.learn(&case, plan.workload, seconds);
        }
        Ok((case, race))
    }

    /// Refuses a case that would take too long or does not fit.
    fn check(&self, device: &D, cpu: &Cpu, spec: &Spec, limits: &Limits<'_>) -> Result<(), DeviceError> {
        check_time(limits)?;
        let on_cpu = spec.case.is_baseline();
        if device.computes() {
            check_data(cpu, device.info(), spec, limits)?;
        }
        // A planted law has no driver that ends long kernels.
        if device.info().planned_as() != DeviceKind::Simulated {
            self.gauge.check(&spec.case, spec.workload, limits.settings.slowest)?;
        }
        if !on_cpu {
            check_loops(spec, limits.loop_budget)?;
            self.held.check(spec, device.info().limits.memory)?;
        }
        Ok(())
    }

    /// Prepares a second measurement of a case; `None` if it does not fit.
    async fn second(
        &mut self,
        device: &mut D,
        cpu: &mut Cpu,
        spec: Spec,
        limits: &Limits<'_>,
    ) -> Result<Option<Entry<D::Job>>, MeasureError> {
        match self.ready(device, cpu, spec, limits).await {
            Ok(entry) => Ok(Some(entry)),
            Err(MeasureError::Device(DeviceError::Unsupported(_) | DeviceError::OutOfMemory(_))) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Returns the case as it will be timed: in parts if it would take too long, and with few transfers if only the
    /// kernel is asked about.
    fn timed(&self, spec: &Spec, limits: &Limits<'_>) -> Case {
        let case = spec.case;
        if case.is_baseline() {
            return case;
        }
        let longest = self.part.filter(|_| case.parts == 1);
        let estimate = self.gauge.estimate(&case, spec.workload).unwrap_or(0.0);
        let parts = longest.and_then(|longest| parts::number(spec, estimate / longest, limits.loop_budget));
        Case { parts: parts.unwrap_or(case.parts), transfers_every: self.transfers_every, ..case }
    }

    /// Prepares a case, verifies its output, and estimates its kernel time.
    async fn ready(
        &mut self,
        device: &mut D,
        cpu: &mut Cpu,
        mut spec: Spec,
        limits: &Limits<'_>,
    ) -> Result<Entry<D::Job>, MeasureError> {
        // How a case is cut into parts is asked of the workload, which must know the case.
        spec.workload.check(spec.variant, &spec.case).map_err(DeviceError::Unsupported)?;
        spec.case = self.timed(&spec, limits);
        if !matches!(spec.case.series, Series::Transfer(_)) {
            spec.case.transfer = spec.case.transfer.map(|_| device.usual_transfer());
        }
        // Baselines of a modelled device are modelled too.
        let on_cpu = spec.case.is_baseline() && device.computes();
        let computes = on_cpu || device.computes();
        self.check(device, cpu, &spec, limits)?;
        let data =
            computes.then(|| self.store.get(spec.workload, spec.case.problem, limits.settings.seed, limits.watch));
        let data = data.transpose()?;
        if let Some(data) = &data {
            spec.inputs = Rc::clone(&data.inputs);
        }
        let baseline = spec.case.series.baseline().filter(|_| on_cpu);
        let (job, laps, phases) = if let Some(baseline) = baseline {
            let (job, laps) = cpu.prepare_baseline(&spec, baseline)?;
            (AnyJob::Cpu(Box::new(job)), laps, absent(cpu))
        } else {
            let device = self.handle(device, spec.case.series).await?;
            let (job, laps) = device.prepare(&spec).await?;
            (AnyJob::Device(job), laps, absent(device))
        };
        let mut measurement = Measurement {
            device_bytes: (!on_cpu && device.computes()).then(|| device_bytes(&spec)),
            own_set_up: stats::median(&set_ups(&laps)),
            ..blank(spec.case, spec.workload, phases)
        };
        if !on_cpu {
            measurement.case.wait = device.wait().map(|own| spec.case.wait.unwrap_or(own));
        }
        let mut entry = Entry { measurement, job, gauged: None, looks: Looks::default() };
        if !on_cpu {
            self.held.add(&spec);
        }
        let mut making = data.iter().flat_map(|data| data.making.iter().cycle());
        for mut lap in laps {
            if lap.phase == Phase::SetUp {
                lap.seconds += making.next().unwrap_or(&0.0);
            }
            record(&mut entry.measurement, lap);
        }
        entry.measurement.verified = check_output(&mut entry.job, &spec, data.as_deref()).await?;
        entry.set_dispatches(spec.case.dispatches);
        entry.gauged = entry.fastest_kernel().await?;
        if let Some(seconds) = entry.gauged {
            self.gauge.learn(&spec.case, spec.workload, whole(seconds, spec.case.parts, limits.floor));
        }
        Ok(entry)
    }

    /// Returns the handle of the device that a series runs on.
    async fn handle<'a>(&'a mut self, device: &'a mut D, series: Series) -> Result<&'a mut D, DeviceError> {
        if !has_own_handle(series) {
            return Ok(device);
        }
        if !self.fresh.iter().any(|(taken, _)| *taken == series) {
            let fresh = device.fresh().await.map_err(|error| match error {
                // Some drivers allow only few handles of a device. The other cases do not need this one.
                DeviceError::Refused { message, .. } => {
                    DeviceError::Unsupported(format!("the driver opens this device only once: {message}"))
                }
                DeviceError::Exhausted(_) => DeviceError::Unsupported("the device has no memory left".to_owned()),
                error => error,
            })?;
            self.fresh.push((series, fresh));
        }
        let found = self.fresh.iter_mut().find(|(taken, _)| *taken == series);
        Ok(found.map_or(device, |(_, fresh)| fresh))
    }
}

async fn check_output<J: Job>(job: &mut AnyJob<J>, spec: &Spec, data: Option<&Data>) -> Result<Verified, MeasureError> {
    let no_output = |reason: &str| Ok(Verified::NoOutput { reason: reason.to_owned() });
    let Some(data) = data else {
        return no_output("nothing is computed: the times follow a planted law");
    };
    let output = job.output().await?;
    let decoded = output.as_ref().and_then(|output| spec.workload.decoded(spec.case.problem, output));
    if let Some(reason) = spec.workload.unverified(spec.case.problem) {
        return Ok(verify::unverified(reason, &spec.case, decoded.as_deref().unwrap_or_default()));
    }
    Ok(match (output, decoded) {
        (_, Some(values)) => compare(&values, spec, data)?,
        (Some(output), None) => compare(&output, spec, data)?,
        (None, None) => return no_output("the workload has no output"),
    })
}

/// Compares an output with its reference, for the part that the case computes.
fn compare<T: Copy + Into<f64>>(output: &[T], spec: &Spec, data: &Data) -> Result<Verified, Mismatch> {
    let case = describe(spec.workload, &spec.case);
    let compared = if spec.case.parts > 1 {
        parts::verify(&case, spec, output, data)
    } else {
        let reference = data.reference.iter().copied();
        verify::verify_each(&case, output, reference, &data.tolerance, data.tolerances.as_deref())
    };
    compared.map_err(|mismatch| Mismatch { readers: spec.workload.is_the_readers(), ..mismatch })
}
