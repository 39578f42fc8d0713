//! From a request to a run: calibrate the device, then plan and measure each experiment on each workload.

use super::{Axes, Question, Scene, agreement};
use crate::clock;
use crate::device::cpu::{Cpu, host_peak_memory};
use crate::device::{Device, DeviceError};
use crate::measure::{self, Climb, Entry, Journal, Lab, MeasureError, Settings, Watch};
use crate::record::{Conditions, DeviceKind, Effort, Host, LastCanary, Run, SCHEMA, Surroundings, Told};
use crate::workload::{Variant, Workload};

/// What to measure, and how.
pub struct Request {
    /// Experiments with their workloads, in order.
    pub selections: Vec<Selection>,
    /// Values that the user asked for.
    pub axes: Axes,
    /// How long and how often.
    pub settings: Settings,
    /// The command line, for the record.
    pub command: Vec<String>,
    /// Start of the run, UTC, RFC 3339.
    pub started: String,
    /// The machine that the device sits in.
    pub host: Host,
    /// The last saved run that was alone on the same device, to compare the canary with.
    pub last: Option<Box<Run>>,
}

/// An experiment on one workload.
#[derive(Clone, Copy)]
pub struct Selection {
    /// The question.
    pub experiment: &'static dyn Question,
    /// What is computed.
    pub workload: &'static dyn Workload,
    /// How; `None` for the experiment's own choice: the fastest where it asks what a device can do, the first one where
    /// it asks how workers share a job.
    pub variant: Option<&'static Variant>,
}

/// The settings for an effort.
pub fn settings(effort: Effort, seed: u64) -> Settings {
    let (blocks, slowest, one_worker) = match effort {
        Effort::Quick => (7, 0.03, 0.01),
        Effort::Default | Effort::Thorough => (20, 0.1, 0.1),
    };
    Settings { effort, seconds: effort.seconds(), seed, blocks, slowest, one_worker }
}

/// What a run came to.
pub struct Outcome {
    /// The run with everything that was measured.
    pub run: Run,
    /// Why the device failed in mid-run. The run is not complete then.
    pub failed: Option<DeviceError>,
}

/// Measures everything that was asked for. `save` is given each change, so that little is lost whatever happens. A run
/// that was interrupted, or whose device failed, comes back with what it has; it is not complete.
///
/// # Errors
///
/// Fails if the device fails before the first experiment, or computes a wrong result.
pub async fn run<D: Device>(
    device: &mut D,
    cpu: &mut Cpu,
    request: Request,
    watch: &dyn Watch,
    mut save: impl FnMut(Entry<'_>),
) -> Result<Outcome, MeasureError> {
    if device.computes() {
        clock::watch();
    }
    let (start, stopped) = (clock::now(), clock::stopped());
    watch.begin("calibration", request.settings.planned(request.selections.len()));
    let mut lab = Lab::open(device, cpu, &request.settings, start).await?;
    let begin = lab.conditions().await?;
    let mut blank = begun(&lab, &request);
    blank.surroundings = Some(around(&lab, begin, request.last.as_deref()));
    let journal = Journal::open(blank, &mut save, watch, start);
    let failed = device_failure(measure(&mut lab, &request, &journal).await)?;
    journal.begin("self-checks", 0.0);
    let mut audited = journal.so_far();
    audited.stopped = clock::stopped() - stopped;
    audited.complete = failed.is_none() && !journal.interrupted();
    let ended = match failed {
        None => device_failure(end(&mut lab, &mut audited).await)?,
        failed => failed,
    };
    if ended.is_some() {
        audited.complete = false;
        measure::audit_without_device(&mut audited);
    }
    Ok(Outcome { run: close(journal, audited), failed: ended })
}

/// Returns the failure of a device, which leaves the run as it is; other errors are passed on.
fn device_failure(outcome: Result<(), MeasureError>) -> Result<Option<DeviceError>, MeasureError> {
    match outcome {
        Ok(()) => Ok(None),
        Err(MeasureError::Device(failure)) => Ok(Some(failure)),
        Err(error) => Err(error),
    }
}

/// Measures each experiment on each workload, and adds it to the journal.
async fn measure<D: Device>(
    lab: &mut Lab<'_, D>,
    request: &Request,
    journal: &Journal<'_>,
) -> Result<(), MeasureError> {
    let Request { selections, axes, settings, host, .. } = request;
    let calibration = lab.calibration().clone();
    let info = lab.info().clone();
    // A processor runs no kernels, and if only a law is planted all are alike. A model knows how many workers each
    // variant keeps busy.
    let runs_kernels = info.kind != DeviceKind::Cpu && lab.has_hardware();
    let mut speeds = Vec::new();
    for (number, Selection { experiment, workload, variant }) in selections.iter().copied().enumerate() {
        let mut scene = Scene {
            workload,
            variant: variant.unwrap_or(&workload.variants()[0]),
            is_contest: runs_kernels && variant.is_none() && experiment.is_contest() && workload.variants().len() > 1,
            device: &info,
            host,
            calibration: &calibration,
            seconds_per_work: None,
            climb: Climb::default(),
            settings,
            axes,
        };
        let selections_left = selections.len() - number;
        tell(journal, selections[number], lab.left(selections_left));
        (scene.seconds_per_work, scene.climb) = speed(lab, &scene, &mut speeds).await?;
        let plans = experiment.plans(&scene);
        let all = plans.len();
        for (index, plan) in plans.into_iter().enumerate() {
            // The plans of one selection share its part of the time.
            let parts = (all - index) * selections_left;
            tell(journal, selections[number], lab.left(parts));
            let (measured, failed) = lab.measure(plan, parts, journal).await?;
            if failed.is_none() || !measured.order.is_empty() {
                journal.add(measured);
            }
            if let Some(failure) = failed {
                return Err(failure.into());
            }
            if journal.interrupted() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Ends the measuring: checks the run, and looks once more at what stands around it.
async fn end<D: Device>(lab: &mut Lab<'_, D>, run: &mut Run) -> Result<(), MeasureError> {
    lab.audit(run).await?;
    let end = lab.conditions().await?;
    run.surroundings.as_mut().map(|around| around.end.insert(end));
    Ok(())
}

/// Tells which part of the run begins, with the seconds that are planned from here to its end.
fn tell(watch: &dyn Watch, Selection { experiment, workload, .. }: Selection, left: f64) {
    watch.begin(&format!("{} {}", experiment.name(), workload.name()), left);
}

/// Ends a run with its audit, to which the experiments' checks on one another are added.
fn close(journal: Journal<'_>, mut audited: Run) -> Run {
    let agreements = agreement::checks(&audited);
    audited.audit.iter_mut().for_each(|audit| audit.checks.extend(agreements.iter().cloned()));
    journal.close(|run| {
        *run = Run { peak_host_bytes: host_peak_memory(), ..audited };
    })
}

/// Returns what stands around a run that begins.
fn around<D: Device>(lab: &Lab<'_, D>, begin: Conditions, last: Option<&Run>) -> Surroundings {
    let last_canary = match lab.info().kind {
        DeviceKind::Simulated => Told::absent("nothing is computed"),
        _ => LastCanary::of(last, lab.canary(), begin.power.value),
    };
    Surroundings { begin, end: None, last_canary }
}

/// How fast a variant was seen to be, or the fastest of all: seconds that one worker takes for a unit of work, and how
/// long it takes at full width.
type Speed = (&'static Variant, bool, Option<f64>, Climb);

/// How fast the variants of a scene are, measured when that is first asked for.
async fn speed<D: Device>(
    lab: &mut Lab<'_, D>,
    scene: &Scene<'_>,
    known: &mut Vec<Speed>,
) -> Result<(Option<f64>, Climb), MeasureError> {
    let Scene { workload, variant, is_contest, .. } = *scene;
    let is_known = |(one, of_all, ..): &&Speed| std::ptr::eq(*one, variant) && *of_all == is_contest;
    if let Some((.., alone, climb)) = known.iter().find(is_known) {
        return Ok((*alone, climb.clone()));
    }
    let all: Vec<&Variant> = workload.variants().iter().collect();
    let variants = if is_contest { all } else { vec![variant] };
    let climb = lab.climb(workload, &variants, scene.enough(), &|n| scene.climbing(n)).await?;
    let alone = lab.seconds_per_work(workload, variant).await?;
    known.push((variant, is_contest, alone, climb.clone()));
    Ok((alone, climb))
}

/// Returns a run without experiments, on the device of the lab.
fn begun<D: Device>(lab: &Lab<'_, D>, request: &Request) -> Run {
    let Request { settings, command, started, host, .. } = request;
    Run {
        schema: SCHEMA.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: option_env!("AMDAHL_COMMIT").map(str::to_owned),
        command: command.clone(),
        started: started.clone(),
        seed: settings.seed,
        effort: settings.effort,
        complete: false,
        seconds: 0.0,
        stopped: 0.0,
        host: host.clone(),
        device: lab.info().clone(),
        calibration: lab.calibration().clone(),
        peak_host_bytes: None,
        surroundings: None,
        experiments: Vec::new(),
        canary: lab.canary(),
        drift: Vec::new(),
        slower: None,
        audit: None,
    }
}
