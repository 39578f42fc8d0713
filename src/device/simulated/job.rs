//! A job whose times are drawn, and what all jobs of a simulated device have in common.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, LogNormal};

use super::super::stamps::{self, Trust};
use super::super::{DeviceError, Heater, Job, Lap, Repetition, is_heated};
use super::Truth;
use super::hardware::{self, Hardware};
use crate::clock;
use crate::record::{Clock, DeviceKind, LaunchStyle, Phase};

/// Share of a launch that the host takes to encode it.
const ENCODING: f64 = 0.25;

/// How much longer a disturbed job run takes.
const DISTURBED: f64 = 3.0;

/// Job runs in which a drift unfolds.
const DRIFT_RUNS: f64 = 1000.0;

/// The virtual clock waits for a planted kernel no longer than so many seconds: nothing runs, and a law with a dear
/// worker would use up the time of the run for a few samples.
const LONGEST: f64 = 1e-2;

/// What the program itself does between two jobs, in seconds.
const BETWEEN_JOBS: f64 = 2e-5;

/// What all jobs of a device have in common: its noise, its drift and its clock.
pub(super) struct State {
    pub(super) random: RefCell<ChaCha8Rng>,
    pub(super) runs: Cell<f64>,
    pub(super) clock: Cell<Option<hardware::Clock>>,
    /// When its counter of ticks was at zero.
    pub(super) start: Instant,
    /// The clock of the thread stands still while the device or one of its jobs lives.
    pub(super) _stopped: clock::Virtual,
}

impl State {
    /// Draws a factor near 1 from a log-normal distribution with this deviation of the logarithm.
    fn noise(&self, deviation: f64) -> f64 {
        LogNormal::new(0.0, deviation).map_or(1.0, |noise| noise.sample(&mut *self.random.borrow_mut()))
    }

    /// Whether something happens that has this probability.
    fn happens(&self, probability: f64) -> bool {
        probability > 0.0 && self.random.borrow_mut().random::<f64>() < probability
    }

    /// Lets the device work for what takes so many seconds at its full clock; the seconds that it takes now.
    pub(super) fn work(&self, seconds: f64) -> f64 {
        let Some(mut clock) = self.clock.get() else {
            clock::advance(seconds);
            return seconds;
        };
        let taken = clock.work(seconds);
        self.clock.set(Some(clock));
        clock::advance(taken);
        taken
    }

    /// Lets so many seconds pass in which the device has nothing to do.
    pub(super) fn wait(&self, seconds: f64) {
        if let Some(mut clock) = self.clock.get() {
            clock.idle(seconds);
            self.clock.set(Some(clock));
        }
        clock::advance(seconds);
    }
}

/// What the parts of a job take, in seconds at the full clock; zero for what there is none of.
#[derive(Clone, Copy)]
pub(super) struct Costs {
    pub(super) upload: f64,
    pub(super) kernel: f64,
    pub(super) read_back: f64,
    /// Host time of the first launch, which is waited for in every launch style.
    pub(super) first: f64,
    /// Host time of each further launch.
    pub(super) further: f64,
    /// The launch floor; none under a planted law.
    pub(super) floor: f64,
    pub(super) set_up: f64,
}

/// A job whose times are drawn.
pub struct SimulatedJob {
    pub(super) truth: Rc<Truth>,
    pub(super) state: Rc<State>,
    pub(super) costs: Costs,
    /// Whether the modelled processor does it.
    pub(super) on_host: bool,
    pub(super) launch: LaunchStyle,
    /// Launches that the job is cut into.
    pub(super) launches_per_round: u32,
    pub(super) rounds: u32,
    pub(super) disturbed: bool,
    /// Standard deviation of the logarithm of its times.
    pub(super) deviation: f64,
    pub(super) trust: Trust,
    pub(super) heater: Heater,
    /// Seconds of the untimed work of this run.
    pub(super) heated: f64,
}

impl SimulatedJob {
    /// What makes a time longer or shorter just now.
    fn factor(&self) -> f64 {
        let drift = match &*self.truth {
            Truth::Law(law) => law.drift,
            Truth::Hardware(hardware) => hardware.faults.drift,
        };
        let disturbed = if self.disturbed { DISTURBED } else { 1.0 };
        (1.0 + drift * self.state.runs.get() / DRIFT_RUNS) * disturbed * self.state.noise(self.deviation)
    }

    pub(super) fn lap(&self, phase: Phase, seconds: f64) -> Lap {
        Lap { phase, clock: Clock::Simulated, seconds: seconds * self.factor() }
    }

    /// A lap in which the device waits for the host.
    fn host_lap(&self, phase: Phase, seconds: f64) -> Lap {
        let lap = self.lap(phase, seconds);
        self.state.wait(lap.seconds);
        lap
    }

    /// The launch and the kernels of all rounds, by the clock that is trusted; and how many pairs of stamps were not.
    fn passes(&mut self, launch: f64) -> ([Lap; 2], u32) {
        let truth = Rc::clone(&self.truth);
        let mut rejected = 0;
        loop {
            let launch = self.host_lap(Phase::Launch, launch);
            let (rounds, Costs { floor, kernel, .. }) = (f64::from(self.rounds), self.costs);
            let passes =
                if self.launch == LaunchStyle::WaitEach { self.launches_per_round.max(1) * self.rounds } else { 1 };
            let full = f64::from(passes) * floor + rounds * kernel * self.factor();
            let Truth::Hardware(hardware) = &*truth else {
                return ([launch, self.whole_kernel(full)], rejected);
            };
            if self.on_host {
                return ([launch, self.whole_kernel(full)], rejected);
            }
            self.heat();
            let is_stamped = self.trust.holds();
            let (taken, seconds) = self.stamped_pass(hardware, full, launch.seconds);
            let host = launch.seconds + taken;
            let lap = |phase, clock, seconds| Lap { phase, clock, seconds };
            rejected += u32::from(is_stamped && seconds.is_none());
            if let Some(seconds) = seconds {
                return ([launch, lap(Phase::Kernel, Clock::Simulated, seconds / rounds)], rejected);
            }
            if self.trust.holds() {
                continue;
            }
            let kernel = (host - hardware.round_trip).max(0.0);
            let laps = [
                lap(Phase::Launch, Clock::HostLessEmpty, host - kernel),
                lap(Phase::Kernel, Clock::HostLessEmpty, kernel / rounds),
            ];
            return (laps, rejected);
        }
    }

    /// Lets the device work for a pass of so many seconds at its full clock, which the host waits for that much longer.
    /// Returns the seconds that it takes, and those that its stamps tell; `None` if they cannot be true, or no longer
    /// count.
    fn stamped_pass(&mut self, hardware: &Hardware, full: f64, beside: f64) -> (f64, Option<f64>) {
        let begin = clock::seconds_since(self.state.start);
        let taken = self.state.work(full / (1.0 - hardware.faults.battery));
        if !self.trust.holds() {
            return (taken, None);
        }
        let pair = self.stamps(hardware, begin, taken);
        let seconds = stamps::elapsed(pair, hardware.tick, self.rounds, beside + taken);
        self.trust.count(seconds.is_none());
        (taken, seconds)
    }

    /// The pass of an empty kernel by its own stamps, and how many pairs of them could not be true.
    fn empty_pass(&mut self) -> (Option<Lap>, u32) {
        let truth = Rc::clone(&self.truth);
        let Truth::Hardware(hardware) = &*truth else { return (None, 0) };
        let mut rejected = 0;
        while self.trust.holds() {
            let full = self.costs.floor * self.factor();
            if let (_, Some(seconds)) = self.stamped_pass(hardware, full, self.costs.first) {
                let pass = Lap { phase: Phase::Pass, clock: Clock::Simulated, seconds };
                return (Some(pass).filter(|pass| pass.seconds > 0.0), rejected);
            }
            rejected += 1;
        }
        (None, rejected)
    }

    /// The kernel if nothing but its time is planted.
    fn whole_kernel(&self, seconds: f64) -> Lap {
        clock::advance(if self.on_host { seconds } else { seconds.min(LONGEST) });
        Lap { phase: Phase::Kernel, clock: Clock::Simulated, seconds: seconds / f64::from(self.rounds) }
    }

    /// The stamps of a pass, in ticks of a counter that starts again after a while.
    fn stamps(&self, hardware: &Hardware, begin: f64, taken: f64) -> [u64; 2] {
        let faults = hardware.faults;
        let counted = |seconds: f64| {
            let seconds = if faults.wrap > 0.0 { seconds % faults.wrap } else { seconds };
            (seconds / hardware.tick) as u64 + 1
        };
        let pair = [counted(begin), counted(begin + taken)];
        if self.state.happens(faults.bad_stamps) { [0, 0] } else { pair }
    }

    /// The untimed pass before a timed one.
    fn heat(&mut self) {
        let Costs { floor, kernel, .. } = self.costs;
        let rounds = if is_heated(self.truth.planned_as()) { self.heater.dispatches(floor + kernel) } else { 0 };
        if kernel > 0.0 && rounds > 0 {
            let taken = self.state.work(floor + f64::from(rounds) * kernel);
            self.heater.learn(rounds, taken - floor);
            self.heated += taken;
        }
    }
}

impl Truth {
    /// The kind of device that cases are planned for.
    fn planned_as(&self) -> DeviceKind {
        match self {
            Self::Law(_) => DeviceKind::Simulated,
            Self::Hardware(hardware) => hardware.stands_for,
        }
    }
}

impl Job for SimulatedJob {
    fn set_dispatches(&mut self, dispatches: u32) {
        self.rounds = dispatches;
    }

    async fn run(&mut self, transfers: bool) -> Result<Repetition, DeviceError> {
        self.state.runs.set(self.state.runs.get() + 1.0);
        self.state.wait(BETWEEN_JOBS);
        self.heated = 0.0;
        let tail = if let Truth::Law(law) = &*self.truth { law.tail } else { 0.0 };
        self.disturbed = self.state.happens(tail);
        let Costs { upload, kernel, read_back, first, further, .. } = self.costs;
        let launches = f64::from(self.rounds) * f64::from(self.launches_per_round);
        let launch = first + (launches - 1.0).max(0.0) * further;
        // A phase that moves or computes nothing does not exist, as on a real device.
        let mut laps = Vec::with_capacity(4);
        if transfers && upload > 0.0 {
            laps.push(self.host_lap(Phase::Upload, upload));
        }
        let mut rejected = 0;
        if kernel > 0.0 {
            let (passes, untrue) = self.passes(launch);
            laps.extend(passes);
            rejected = untrue;
        } else {
            laps.push(self.host_lap(Phase::Launch, launch));
        }
        if transfers && read_back > 0.0 {
            laps.push(self.host_lap(Phase::ReadBack, read_back));
        }
        let times = |lap: &Lap| lap.seconds * if lap.phase == Phase::Kernel { f64::from(self.rounds) } else { 1.0 };
        let wall = laps.iter().map(times).sum();
        if kernel == 0.0 {
            laps.push(self.lap(Phase::Encode, ENCODING * launch));
            if self.launch == LaunchStyle::OnePass {
                let (pass, untrue) = self.empty_pass();
                laps.extend(pass);
                rejected = untrue;
            }
        }
        Ok(Repetition { laps, wall, rejected, heating: self.heated, clamped: false })
    }

    async fn output(&mut self) -> Result<Option<Vec<f32>>, DeviceError> {
        if matches!(*self.truth, Truth::Hardware(_)) {
            let Costs { upload, kernel, read_back, first, floor, .. } = self.costs;
            self.state.wait(upload + first + read_back);
            self.state.work(floor + kernel);
        }
        Ok(None)
    }
}
