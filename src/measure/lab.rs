//! The laboratory: a calibrated device with its test kernel. It measures one experiment after another, and finally runs
//! the checks.

use std::time::{Duration, Instant};

use super::canary::Canary;
use super::climb::{self, Climb};
use super::sampling::Sampled;
use super::tournament::{Field, Races};
use super::{
    INTERRUPTED, MeasureError, Plan, Settings, Time, Watch, audit, calibration, prepare, roofs, sampling, warm_up,
};
use crate::clock;
use crate::device::cpu::{Cpu, host_threads};
use crate::device::surroundings::{self, Meter};
use crate::device::{Device, DeviceError};
use crate::record::{self, Calibration, CanarySamples, Conditions, DeviceInfo, DeviceKind, Effort, Problem, Run, Told};
use crate::workload::{Variant, Workload};

/// Longest run, as a multiple of its planned time.
const OVERTIME: f64 = 1.8;

/// Share of the run's time for measuring the hardware limits.
const ROOFS: f64 = 0.03;

/// Share of the run's time for measuring the full width of one workload.
const CLIMB: f64 = 0.03;

/// Number of times that the limits are measured again if a rate exceeds one of them.
const SECOND_LOOKS: usize = 3;

/// Smallest share of the run's time for one experiment, if earlier ones took too long.
const LEAST: f64 = 0.004;

/// Longest sampling as a multiple of the experiment's time, even if blocks are missing.
const OVERDUE: f64 = 1.5;

/// Largest share of an experiment's time for its warm-up.
const WARM_UP: f64 = 0.05;

/// Smallest share of an experiment's time for sampling.
const SAMPLING: f64 = 0.3;

impl Settings {
    /// Returns the planned time in seconds of a run with this number of parts. One part gets a limited share of the
    /// time.
    pub fn planned(&self, parts: usize) -> f64 {
        self.seconds.min(Effort::LONGEST_SHARE * self.seconds * parts as f64)
    }
}

/// A device that is ready for experiments.
pub struct Lab<'a, D: Device> {
    device: &'a mut D,
    cpu: &'a mut Cpu,
    settings: &'a Settings,
    calibration: Calibration,
    canary: Option<Canary<D::Job>>,
    races: Races,
    start: Instant,
}

impl<'a, D: Device> Lab<'a, D> {
    /// Calibrates the device. `start` is the beginning of the run.
    ///
    /// # Errors
    ///
    /// Fails if the device fails, or if its canary computes a wrong result.
    pub async fn open(
        device: &'a mut D,
        cpu: &'a mut Cpu,
        settings: &'a Settings,
        start: Instant,
    ) -> Result<Self, MeasureError> {
        let mut calibration = calibration::calibrate(device, settings.seed).await?;
        let mut canary = Canary::hatch(device, start).await?;
        if device.has_hardware() {
            if let Some(canary) = &mut canary {
                warm_up::until_level(canary).await?;
            }
            [calibration.launch_floor, calibration.empty_launch] = calibration::empty(device, canary.as_mut()).await?;
            let seconds = ROOFS * settings.seconds;
            roofs::raise(device, u64::from(host_threads()), seconds, &roofs::copies(), &mut calibration).await?;
        }
        Ok(Self { device, cpu, settings, calibration, canary, start, races: Races::default() })
    }

    /// Returns power and clocks right after the canary ran. The clock of an idle device would say nothing about the
    /// measurements.
    ///
    /// # Errors
    ///
    /// Fails if the device fails.
    pub async fn conditions(&mut self) -> Result<Conditions, MeasureError> {
        if !self.device.computes() {
            return Ok(surroundings::no_conditions(self.device.power()));
        }
        if let Some(canary) = &mut self.canary {
            canary.sing().await?;
        }
        Ok(surroundings::conditions(self.device.bus().as_deref()))
    }

    /// Returns what was measured about the device.
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// Returns the launch floor in seconds; 0 if there is none.
    fn floor(&self) -> f64 {
        self.calibration.launch_floor.map_or(0.0, |floor| floor.value)
    }

    /// Returns whether the times come from hardware, real or modelled.
    pub fn has_hardware(&self) -> bool {
        self.device.has_hardware()
    }

    /// Returns the canary of the run.
    pub fn canary(&self) -> Option<record::Canary> {
        self.canary.as_ref().map(|canary| canary.described)
    }

    /// Returns the measured device.
    pub fn info(&self) -> &DeviceInfo {
        self.device.info()
    }

    /// Returns the time of one worker for a unit of work of this workload ([`super::work`]: flop or bytes), in seconds;
    /// `None` if there is no kernel to time.
    ///
    /// # Errors
    ///
    /// Fails if the device fails.
    pub async fn seconds_per_work(
        &mut self,
        workload: &'static dyn Workload,
        variant: &'static Variant,
    ) -> Result<Option<f64>, MeasureError> {
        calibration::seconds_per_work(self.device, workload, variant, self.settings.seed).await
    }

    /// Measures how long a workload takes at full width, up to `enough` seconds. `planned` makes the problem of a size.
    /// Of several variants the fastest counts. The result is empty for a CPU and for a device without hardware.
    ///
    /// # Errors
    ///
    /// Fails if the device fails.
    pub async fn climb(
        &mut self,
        workload: &'static dyn Workload,
        variants: &[&'static Variant],
        enough: f64,
        planned: &dyn Fn(u64) -> Problem,
    ) -> Result<Climb, MeasureError> {
        if !self.device.has_hardware() || self.device.info().kind == DeviceKind::Cpu {
            return Ok(Climb::default());
        }
        let (loop_budget, slowest, floor) = (self.calibration.loop_budget, f64::INFINITY, self.floor());
        let field = Field { workload, variants, loop_budget, slowest, floor, seed: self.settings.seed };
        let most = CLIMB * self.settings.seconds;
        climb::climb(self.device, &mut self.races, &field, [enough, most], planned).await
    }

    /// Measures one experiment on one problem. `parts` is the number of experiments left, this one included; they share
    /// the remaining time equally. If the device fails while it is sampled, the experiment comes with that failure.
    ///
    /// # Errors
    ///
    /// Fails if the device fails before the first sample, or computes a wrong result.
    pub async fn measure(
        &mut self,
        plan: Plan,
        parts: usize,
        watch: &dyn Watch,
    ) -> Result<(record::Measured, Option<DeviceError>), MeasureError> {
        let begin = clock::now();
        let meter = self.device.computes().then(Meter::start);
        let share = self.share(parts);
        let mut blank = record::Measured {
            name: plan.experiment.to_owned(),
            workload: plan.workload.name().to_owned(),
            variant: plan.has_one_variant().then(|| plan.variant.name.to_owned()),
            workers_are: plan.workers_are,
            tournaments: Vec::new(),
            cases: Vec::new(),
            skipped: Vec::new(),
            order: Vec::new(),
            stopped: INTERRUPTED.to_owned(),
            warm_up: None,
            sampling: None,
            heating: None,
            processor: Told::default(),
            canary: CanarySamples::default(),
            control: None,
            halved: None,
        };
        let end = self.end();
        let limits = prepare::Limits {
            settings: self.settings,
            watch,
            loop_budget: self.calibration.loop_budget,
            end,
            floor: self.floor(),
        };
        let mut bench = prepare::prepare(self.device, self.cpu, plan, &limits, &mut self.races).await?;
        blank.tournaments.append(&mut bench.tournaments);
        blank.skipped.append(&mut bench.skipped);
        // Without hardware nothing warms up, and the same seed must give the same samples.
        if self.device.has_hardware() && !bench.entries.is_empty() {
            let resolution = self.calibration.kernel_clock_resolution.unwrap_or_else(clock::resolution);
            let longest = WARM_UP * share;
            let canary = self.canary.as_mut();
            blank.warm_up = Some(warm_up::warm_up(&mut bench, canary, resolution, longest, watch).await?);
        }
        let budget = (share - clock::seconds_since(begin)).max(SAMPLING * share);
        let time = Time { blocks: self.settings.blocks, budget, most: OVERDUE * share, end };
        let sampled = sampling::sample(&mut bench, self.canary.as_mut(), &blank, self.settings.seed, &time, watch);
        let Sampled { mut measured, failed } = sampled.await;
        measured.processor = meter.map_or_else(|| Told::absent("nothing is computed"), Meter::stop);
        Ok((measured, failed))
    }

    /// Returns the planned time for this number of remaining parts, in seconds.
    pub fn left(&self, parts: usize) -> f64 {
        self.share(parts) * parts as f64
    }

    /// Returns the time for each of the remaining parts in seconds; a small share if no time is left.
    fn share(&self, parts: usize) -> f64 {
        let left = (self.settings.seconds - clock::seconds_since(self.start)) / parts.max(1) as f64;
        left.clamp(LEAST * self.settings.seconds, Effort::LONGEST_SHARE * self.settings.seconds)
    }

    /// Returns the latest end of the run.
    fn end(&self) -> Instant {
        self.start + Duration::from_secs_f64(OVERTIME * self.settings.seconds)
    }

    /// Checks the run. If a rate exceeds a limit, the limit is measured again, since the machine may have been busy the
    /// first time.
    ///
    /// # Errors
    ///
    /// Fails if the device fails.
    pub async fn audit(&mut self, run: &mut Run) -> Result<(), MeasureError> {
        let growth = match &mut self.canary {
            Some(canary) => audit::growth(&mut canary.job).await?,
            None => None,
        };
        for _ in 0..SECOND_LOOKS {
            if !self.device.has_hardware() || audit::limits(run).iter().all(|check| check.passed) {
                break;
            }
            let copies: Vec<Problem> = audit::nearest_to_memory_limit(run).map(roofs::copy_of).into_iter().collect();
            let seconds = ROOFS * self.settings.seconds;
            roofs::raise(self.device, u64::from(host_threads()), seconds, &copies, &mut run.calibration).await?;
        }
        audit::enter(run, growth.as_ref());
        Ok(())
    }
}
