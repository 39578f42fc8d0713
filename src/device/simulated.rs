//! A device that computes nothing: its times are drawn from a planted law, with noise from a seed.
//!
//! It shows what the fits make of a truth that is known, in tests and in class.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, LogNormal};

use super::{Device, DeviceError, DeviceTiming, Job, Lap, Repetition, SET_UPS, Spec};
use crate::record::{Clock, DeviceInfo, DeviceKind, LaunchStyle, Limits, Phase, Problem, Timing, TransferMethod};
use crate::workload::Buffer;

/// Seconds that one worker takes for one flop; a byte takes as long as so many flop as the ridge says.
const SECONDS_PER_WORK: f64 = 1e-9;

/// Bytes per second of a transfer through reused staging.
const TRANSFER_RATE: f64 = 10e9;

/// Share of a launch that the host takes to encode it.
const ENCODING: f64 = 0.25;

/// What a dependency adds to each further launch, as a share of a launch that is waited for.
const DEPENDENCY: f64 = 0.1;

/// Seconds of set-up, of compiling and of the first launch, beside what grows with the data.
const CONSTANT: f64 = 1e-3;

/// How much longer a disturbed job run takes.
const DISTURBED: f64 = 3.0;

/// Lanes of a subgroup.
const LANES: u32 = 32;

/// Job runs in which a drift unfolds.
const DRIFT_RUNS: f64 = 1000.0;

/// The planted law: `T(p) = T(1) (s + (1 - s) / min(p, knee) + kappa (p - 1))`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlantedLaw {
    /// Serial fraction s of the kernel, 0 to 1.
    pub serial: f64,
    /// Workers at which the hardware is full.
    pub knee: f64,
    /// Flop per byte at which a kernel turns from memory-bound to compute-bound.
    pub ridge: f64,
    /// Cost of each further worker, as a share of the time on one.
    pub kappa: f64,
    /// Time of one launch that is waited for, in seconds; cheaper launch styles take a fixed share of it.
    pub launch: f64,
    /// Share of the kernel's time that bounds checks take.
    pub bounds: f64,
    /// Share of the kernel's time that loop bounds take.
    pub loop_bounds: f64,
    /// Share of the kernel's time that clearing workgroup memory takes, where there is any.
    pub zero_init: f64,
    /// What each further path adds that the lanes of a subgroup take, as a share of the time of one.
    pub divergence: f64,
    /// Standard deviation of the logarithm of every time.
    pub noise: f64,
    /// Share of job runs that something disturbs: they take three times as long.
    pub tail: f64,
    /// Share by which everything gets slower within a thousand job runs.
    pub drift: f64,
}

impl Default for PlantedLaw {
    fn default() -> Self {
        Self {
            serial: 0.001,
            knee: 4096.0,
            ridge: 1.0,
            kappa: 0.0,
            launch: 20e-6,
            bounds: 0.0,
            loop_bounds: 0.0,
            zero_init: 0.0,
            divergence: 1.0,
            noise: 0.03,
            tail: 0.0,
            drift: 0.0,
        }
    }
}

impl PlantedLaw {
    /// Time on p workers over the time on one.
    fn relative_time(&self, workers: f64) -> f64 {
        self.serial + (1.0 - self.serial) / workers.min(self.knee) + self.kappa * (workers - 1.0)
    }

    /// Share of the kernel's time that is left with the checks of the case.
    fn share_left(&self, spec: &Spec) -> f64 {
        let has_memory = (spec.variant.workgroup_memory)(spec.case.workgroup_size) > 0;
        let saved = [
            (!spec.case.series.checks().bounds(), self.bounds),
            (!spec.case.series.checks().loop_bounds(), self.loop_bounds),
            (!spec.case.series.checks().zero_init() && has_memory, self.zero_init),
        ];
        1.0 - saved.into_iter().filter(|(left_out, _)| *left_out).map(|(_, share)| share).sum::<f64>()
    }

    /// How much longer a subgroup takes whose lanes part ways: 1 where they do not.
    fn serialisation(&self, problem: Problem) -> f64 {
        match problem {
            Problem::Branches { branches, run, .. } => {
                let met = branches.min(u64::from(LANES).div_ceil(run.max(1)));
                1.0 + self.divergence * (met as f64 - 1.0)
            }
            _ => 1.0,
        }
    }

    /// Returns the cost of each further dispatch of a launch style, in seconds.
    fn per_dispatch(&self, style: LaunchStyle) -> f64 {
        let share = match style {
            LaunchStyle::OnePass => 0.05,
            LaunchStyle::PassEach => 0.2,
            LaunchStyle::CommandBufferEach => 0.3,
            LaunchStyle::SubmitEach => 0.4,
            LaunchStyle::WaitEach => 1.0,
            LaunchStyle::ReadBackEach => 1.5,
        };
        share * self.launch
    }

    /// Seconds of a transfer of so many bytes; none for none.
    fn transfer(&self, method: TransferMethod, bytes: f64) -> f64 {
        // Start-up as a share of a launch, and the rate over that of reused staging.
        let (start_up, rate) = match method {
            TransferMethod::Staged => (0.2, 1.0),
            TransferMethod::Fresh => (2.0, 0.25),
            TransferMethod::WriteBuffer => (1.0, 0.5),
            TransferMethod::Mapped => (0.5, 2.0),
        };
        if bytes > 0.0 { start_up * self.launch + bytes / (rate * TRANSFER_RATE) } else { 0.0 }
    }
}

/// The simulated device.
pub struct Simulated {
    info: DeviceInfo,
    law: PlantedLaw,
    dice: Rc<Dice>,
}

/// The source of noise and drift, common to all jobs of a device.
struct Dice {
    random: RefCell<ChaCha8Rng>,
    runs: Cell<f64>,
}

impl Dice {
    /// Draws a factor near 1 from a log-normal distribution with this deviation of the logarithm.
    fn noise(&self, deviation: f64) -> f64 {
        LogNormal::new(0.0, deviation).map_or(1.0, |noise| noise.sample(&mut *self.random.borrow_mut()))
    }
}

impl Simulated {
    /// A device with that law planted and its noise drawn from the seed.
    pub fn new(law: PlantedLaw, seed: u64) -> Self {
        let info = DeviceInfo {
            name: "simulated".to_owned(),
            kind: DeviceKind::Simulated,
            backend: None,
            driver: None,
            timestamps: false,
            timestamp_period: None,
            no_timestamps: None,
            pci: None,
            hidden: None,
            subgroup_sizes: Some([LANES, LANES]),
            limits: Limits {
                workers: 1 << 20,
                workgroup_size: 1024,
                workgroups_per_dimension: 65_535,
                workgroup_memory: 32 << 10,
                binding: 1 << 32,
                memory: 1 << 40,
            },
        };
        let dice = Rc::new(Dice { random: RefCell::new(ChaCha8Rng::seed_from_u64(seed)), runs: Cell::new(0.0) });
        Self { info, law, dice }
    }
}

/// Whether each dispatch needs what the one before it wrote: it writes nothing but scratch memory, which no other step
/// reads, so its result is of use to the next dispatch alone.
fn is_dependent(spec: &Spec) -> bool {
    let steps = spec.workload.steps(spec.variant, &spec.case);
    let written = steps.last().and_then(|step| step.buffers.last());
    matches!(written, Some(Buffer::Scratch(_)))
}

impl Device for Simulated {
    type Job = SimulatedJob;

    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn timing(&self) -> DeviceTiming {
        DeviceTiming {
            empty_dispatch: Some(self.law.launch),
            kernel_clock_resolution: Some(1e-9),
            kernel_clock_rate: None,
        }
    }

    fn computes(&self) -> bool {
        false
    }

    async fn prepare(&mut self, spec: &Spec) -> Result<(SimulatedJob, Vec<Lap>), DeviceError> {
        let bytes = |elements: u64| 4.0 * elements as f64;
        let uploaded = bytes(spec.workload.input_lengths(spec.case.problem).iter().sum());
        let back = if spec.transfer().leads_back() { spec.transfer() } else { TransferMethod::Staged };
        let job = SimulatedJob {
            law: self.law,
            dice: Rc::clone(&self.dice),
            upload: self.law.transfer(spec.transfer(), uploaded),
            kernel: SECONDS_PER_WORK
                * spec.workload.flop(spec.case.problem).max(self.law.ridge * spec.workload.bytes(spec.case.problem))
                // Each slice has its share of the workers, one after another.
                * self.law.share_left(spec)
                * self.law.serialisation(spec.case.problem)
                * self.law.relative_time((spec.case.workers as f64 / f64::from(spec.case.slices)).max(1.0)),
            read_back: self.law.transfer(back, bytes(spec.workload.output_length(spec.case.problem))),
            launch: spec.case.series.launch(),
            slices: spec.case.slices,
            dependency: if is_dependent(spec) { DEPENDENCY * self.law.launch } else { 0.0 },
            rounds: 1,
            disturbed: false,
        };
        let mut laps = vec![job.lap(Phase::Compile, CONSTANT), job.lap(Phase::FirstLaunch, CONSTANT + job.kernel)];
        laps.extend((0..SET_UPS).map(|_| job.lap(Phase::SetUp, CONSTANT + uploaded / TRANSFER_RATE)));
        Ok((job, laps))
    }

    async fn fresh(&self) -> Result<Self, DeviceError> {
        Ok(Self { info: self.info.clone(), law: self.law, dice: Rc::clone(&self.dice) })
    }

    fn absent(&self, phase: Phase) -> Timing {
        Timing::absent(match phase {
            Phase::Upload => "the workload has no inputs",
            Phase::ReadBack => "the workload has no output",
            Phase::Kernel => "the kernel is empty: the launch is all there is",
            Phase::Encode => "planted for empty kernels only",
            Phase::FirstUpload | Phase::FirstReadBack | Phase::Pass => "not planted",
            _ => "not taken",
        })
    }
}

/// A job whose times are drawn.
pub struct SimulatedJob {
    law: PlantedLaw,
    dice: Rc<Dice>,
    upload: f64,
    kernel: f64,
    read_back: f64,
    launch: LaunchStyle,
    /// Launches that the job is cut into.
    slices: u32,
    /// What each further launch waits for the one before it, in seconds.
    dependency: f64,
    rounds: u32,
    disturbed: bool,
}

impl SimulatedJob {
    fn lap(&self, phase: Phase, seconds: f64) -> Lap {
        let drift = 1.0 + self.law.drift * self.dice.runs.get() / DRIFT_RUNS;
        let disturbed = if self.disturbed { DISTURBED } else { 1.0 };
        Lap { phase, clock: Clock::Simulated, seconds: seconds * drift * disturbed * self.dice.noise(self.law.noise) }
    }
}

impl Job for SimulatedJob {
    fn set_dispatches(&mut self, dispatches: u32) {
        self.rounds = dispatches;
    }

    async fn run(&mut self) -> Result<Repetition, DeviceError> {
        self.dice.runs.set(self.dice.runs.get() + 1.0);
        self.disturbed = self.law.tail > 0.0 && self.dice.random.borrow_mut().random::<f64>() < self.law.tail;
        let per_dispatch = self.law.per_dispatch(self.launch) + self.dependency;
        // The first dispatch is waited for in every launch style.
        let first = self.law.launch.max(per_dispatch);
        let launches = f64::from(self.rounds) * f64::from(self.slices);
        let further = (launches - 1.0).max(0.0) * per_dispatch;
        let phases = [
            (Phase::Upload, self.upload),
            (Phase::Launch, first + further),
            (Phase::Kernel, self.kernel),
            (Phase::ReadBack, self.read_back),
        ];
        // A phase that moves or computes nothing does not exist, as on a real device.
        let taken = phases.into_iter().filter(|(_, time)| *time > 0.0);
        let mut laps: Vec<Lap> = taken.map(|(phase, time)| self.lap(phase, time)).collect();
        let times = |lap: &Lap| lap.seconds * if lap.phase == Phase::Kernel { f64::from(self.rounds) } else { 1.0 };
        let wall = laps.iter().map(times).sum();
        if self.kernel == 0.0 {
            laps.push(self.lap(Phase::Encode, ENCODING * (first + further)));
        }
        Ok(Repetition { laps, wall, rejected: 0, clamped: false })
    }

    async fn output(&mut self) -> Result<Option<Vec<f32>>, DeviceError> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Case;
    use crate::workload::{self, Variant};

    #[test]
    fn only_kernels_that_need_the_one_before_them_are_dependent() {
        let is_dependent = |workload: &'static dyn workload::Workload, variant: &'static Variant| {
            let case = Case::new(workload.problem(64), 64, 64);
            is_dependent(&Spec { workload, variant, case, inputs: Rc::default() })
        };
        for workload in workload::all() {
            for variant in workload.variants() {
                assert_eq!(is_dependent(*workload, variant), variant.name == "dependent", "{}", workload.name());
            }
        }
        // The shader's name says nothing.
        let dependent = workload::EMPTY.variants().iter().find(|variant| variant.name == "dependent").unwrap();
        let renamed = Box::leak(Box::new(Variant { shaders: &[], ..*dependent }));
        assert!(is_dependent(workload::EMPTY, renamed));
    }

    #[test]
    fn the_planted_law_is_amdahls_up_to_the_knee() {
        let law = PlantedLaw { serial: 0.1, knee: 16.0, kappa: 0.0, ..PlantedLaw::default() };
        assert!((1.0 / law.relative_time(16.0) - 6.4).abs() < 1e-12);
        assert_eq!(law.relative_time(64.0), law.relative_time(16.0));
    }
}
