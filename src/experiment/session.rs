//! From a request to a run: calibrate the device, then plan, measure and read each experiment on each workload.

use super::journal::Journal;
use super::{Axes, Experiment, Scene};
use crate::clock;
use crate::device::Device;
use crate::device::cpu::{Cpu, host_peak_memory};
use crate::finding;
use crate::measure::{self, MeasureError, Settings, Watch};
use crate::record::{Effort, Host, Run, SCHEMA};
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
}

/// An experiment on one workload.
#[derive(Clone, Copy)]
pub struct Selection {
    /// The question.
    pub experiment: &'static dyn Experiment,
    /// What is computed.
    pub workload: &'static dyn Workload,
    /// How.
    pub variant: &'static Variant,
}

/// Selections of a run of everything: fewer ones do not take longer each, more ones share the time.
const ALL_SELECTIONS: usize = 8;

/// The settings for an effort that is shared by so many selections.
pub fn settings(effort: Effort, seed: u64, selections: usize) -> Settings {
    let (seconds, blocks, slowest, one_worker) = match effort {
        Effort::Quick => (10.0, 7, 0.03, 0.01),
        Effort::Default => (60.0, 20, 0.1, 0.1),
        Effort::Thorough => (300.0, 20, 0.25, 0.2),
    };
    let share = seconds / selections.max(ALL_SELECTIONS) as f64;
    // The rest of the time goes into making inputs and references, compiling, verifying and warming up.
    Settings { effort, seed, blocks, budget: 0.5 * share, warm_up: 0.05 * share, slowest, one_worker }
}

/// Measures everything that was asked for. `save` sees the run as it grows, so that little is lost whatever happens. An
/// interrupted run comes back with what it has; it is not complete.
pub async fn run<D: Device, E: From<MeasureError>>(
    device: &mut D,
    cpu: &mut Cpu,
    request: Request,
    watch: &dyn Watch,
    mut save: impl FnMut(&Run) -> Result<(), E>,
) -> Result<Run, E> {
    let Request { selections, axes, settings, command, started, host } = request;
    let start = clock::now();
    watch.begin("calibrating", 1);
    let calibration = measure::calibrate(device, settings.seed).await?;
    watch.end();
    let blank = Run {
        schema: SCHEMA.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        command,
        started,
        seed: settings.seed,
        effort: settings.effort,
        complete: false,
        seconds: 0.0,
        host: host.clone(),
        device: device.info().clone(),
        calibration: calibration.clone(),
        peak_host_bytes: None,
        experiments: Vec::new(),
        findings: Vec::new(),
        audit: None,
    };
    let info = device.info().clone();
    let journal = Journal::new(blank, &mut save, watch, start);
    'all: for Selection { experiment, workload, variant } in selections {
        let seconds_per_work = measure::seconds_per_work(device, workload, variant, settings.seed).await?;
        let scene = Scene {
            workload,
            variant,
            device: &info,
            host: &host,
            calibration: &calibration,
            seconds_per_work,
            settings: &settings,
            axes: &axes,
        };
        for plan in experiment.plans(&scene) {
            let loop_budget = calibration.loop_budget;
            let mut measured = measure::measure(device, cpu, plan, &settings, loop_budget, &journal).await?;
            measured.fits = experiment.read(&measured);
            journal.write(|run| run.experiments.push(measured))?;
            if journal.interrupted() {
                break 'all;
            }
        }
    }
    let complete = !journal.interrupted();
    journal.write(|run| {
        run.findings = finding::findings(run);
        run.peak_host_bytes = host_peak_memory();
        run.complete = complete;
    })?;
    Ok(journal.into_run())
}
