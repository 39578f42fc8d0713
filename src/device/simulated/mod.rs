//! A device that computes nothing: its times are drawn, with noise from a seed, from a planted law or from the model of
//! a GPU.
//!
//! It shows what the program makes of a truth that is known, in tests and in class. It takes no real time: the clock of
//! its thread is a virtual one ([`crate::clock`]), which it moves forward by what its jobs would take.

mod hardware;
mod job;
mod law;
mod numbers;
mod presets;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::stamps::Trust;
use super::{Device, DeviceError, DeviceTiming, Heater, Lap, SET_UPS, Spec, extensions, method};
use crate::clock;
use crate::record::{
    Baseline, DeviceInfo, DeviceKind, Host, LaunchStyle, Limits, Phase, Power, Timing, TransferMethod, Wait,
};
use crate::workload::Buffer;

pub use hardware::{Faults, Governor, Hardware, HostModel, Memory, PerItem};
pub use job::SimulatedJob;
pub use law::PlantedLaw;
pub use numbers::Numbers;
pub use presets::{PRESETS, preset};

use job::{Costs, State};

/// What a buffer and parameters of its own add to each launch, as a share of a launch that is waited for.
const ARGUMENTS: f64 = 0.05;

/// What a dependency adds to each further launch, as a share of a launch that is waited for.
const DEPENDENCY: f64 = 0.1;

/// Seconds of set-up, of compiling and of the first launch, beside what grows with the data.
const CONSTANT: f64 = 1e-3;

/// Start-up of a transfer by mapped buffers on a modelled GPU, as a share of a round trip. Nothing is submitted for it:
/// a quarter of what reused staging takes, as measured on llvmpipe (38 and 145 µs).
const MAPPED: f64 = 0.05;

/// What a simulated device does as.
#[derive(Debug, Clone, PartialEq)]
pub enum Truth {
    /// A formula.
    Law(PlantedLaw),
    /// A GPU in numbers.
    Hardware(Box<Hardware>),
}

/// The simulated device.
pub struct Simulated {
    info: DeviceInfo,
    truth: Rc<Truth>,
    state: Rc<State>,
}

impl Simulated {
    /// A device with that law planted and its noise drawn from the seed. The clock of this thread is virtual from now
    /// on.
    pub fn new(law: PlantedLaw, seed: u64) -> Self {
        Self::with(Truth::Law(law), seed)
    }

    /// A device that does as that GPU would.
    pub fn of(hardware: Hardware, seed: u64) -> Self {
        Self::with(Truth::Hardware(Box::new(hardware)), seed)
    }

    /// A device that does as told, with its noise drawn from the seed.
    pub fn with(truth: Truth, seed: u64) -> Self {
        let stopped = clock::Virtual::start();
        let governed = match &truth {
            Truth::Law(_) => None,
            Truth::Hardware(hardware) => Some(hardware::Clock::new(hardware.governor)),
        };
        let state = State {
            random: RefCell::new(ChaCha8Rng::seed_from_u64(seed)),
            runs: Cell::new(0.0),
            clock: Cell::new(governed),
            start: clock::now(),
            _stopped: stopped,
        };
        Self { info: describe(&truth), truth: Rc::new(truth), state: Rc::new(state) }
    }

    /// The machine that the modelled GPU sits in; `None` for a planted law, which has none.
    pub fn host(&self) -> Option<Host> {
        match &*self.truth {
            Truth::Law(_) => None,
            Truth::Hardware(hardware) => Some(Host {
                system: "modelled".to_owned(),
                processor: Some(format!("a modelled processor beside {}", hardware.name)),
                threads: hardware.host.threads,
                clock_resolution: clock::resolution(),
            }),
        }
    }
}

fn describe(truth: &Truth) -> DeviceInfo {
    let limits = Limits {
        workers: 1 << 20,
        workgroup_size: 1024,
        workgroups_per_dimension: Some(65_535),
        workgroup_memory: Some(32 << 10),
        binding: 1 << 32,
        memory: 1 << 40,
    };
    let law = DeviceInfo {
        name: "simulated".to_owned(),
        kind: DeviceKind::Simulated,
        backend: None,
        driver: None,
        timestamps: false,
        timestamp_period: None,
        no_timestamps: None,
        no_workgroups: None,
        pci: None,
        hidden: None,
        subgroup_sizes: Some([law::LANES, law::LANES]),
        f16: Some(true),
        subgroups: Some(true),
        cooperative: Vec::new(),
        stands_for: None,
        limits,
    };
    match truth {
        Truth::Law(_) => law,
        Truth::Hardware(hardware) => DeviceInfo {
            name: hardware.name.to_owned(),
            driver: Some(hardware.source.to_owned()),
            timestamps: true,
            timestamp_period: Some(hardware.tick),
            subgroup_sizes: Some(hardware.subgroup_sizes),
            stands_for: Some(hardware.stands_for),
            limits: Limits {
                workers: u64::from(u32::MAX / 2),
                workgroup_memory: Some(hardware.memory.workgroup),
                binding: hardware.memory.budget,
                memory: hardware.memory.budget,
                ..limits
            },
            ..law
        },
    }
}

/// Whether each dispatch waits for the one before it: it is a slice of a job, and all slices write one buffer; or it
/// is given nothing and writes nothing but scratch memory, which no other step reads, so its result is of use to the
/// next dispatch alone.
fn is_dependent(spec: &Spec) -> bool {
    if spec.case.slices > 1 && !spec.case.series.launch().is_waited_for() {
        return true;
    }
    let steps = spec.workload.steps(spec.variant, &spec.case);
    let last = steps.last().filter(|step| step.params.is_empty());
    matches!(last.and_then(|step| step.buffers.last()), Some(Buffer::Scratch(_)))
}

impl Simulated {
    /// What a case costs on the device.
    fn costs(&self, spec: &Spec) -> Costs {
        let bytes = |elements: u64| 4.0 * elements as f64;
        let uploaded = bytes(spec.workload.input_lengths(spec.case.problem).iter().sum());
        let returned = bytes(spec.workload.output_length(spec.case.problem));
        let back = if spec.transfer().leads_back() { spec.transfer() } else { TransferMethod::Staged };
        let style = spec.case.series.launch();
        let dependent = if is_dependent(spec) { DEPENDENCY } else { 0.0 };
        let (law, kernel, floor, rate, mapped) = match &*self.truth {
            Truth::Law(law) => (*law, law.kernel(spec), 0.0, law::TRANSFER_RATE, law::MAPPED),
            Truth::Hardware(hardware) => {
                let launching = PlantedLaw { launch: hardware.round_trip, ..PlantedLaw::default() };
                let work = if returned > 0.0 { hardware.kernel(spec) * law::COSTS_OF_CHECKS.left(spec) } else { 0.0 };
                (launching, work, hardware.floor, hardware.transfer_rate, MAPPED)
            }
        };
        let arguments = if spec.case.series.has_arguments() { ARGUMENTS } else { 0.0 };
        let per_dispatch = law.per_dispatch(style) + (dependent + arguments) * law.launch;
        // A kernel has the floor in its own time; if there is none, the host waits for it with the launch.
        let beside = if kernel > 0.0 { floor } else { 0.0 };
        Costs {
            upload: law.transfer(spec.transfer(), uploaded, rate, mapped),
            kernel,
            read_back: law.transfer(back, returned, rate, mapped),
            first: (law.launch - beside).max(per_dispatch),
            // Each launch that is waited for is a pass of its own.
            further: if style == LaunchStyle::WaitEach { (per_dispatch - beside).max(0.0) } else { per_dispatch },
            floor,
            set_up: match &*self.truth {
                Truth::Law(_) => CONSTANT + uploaded / rate,
                Truth::Hardware(hardware) => hardware.round_trip + uploaded / hardware.host.one_thread,
            },
        }
    }

    /// What a case costs on the processor beside the device; `None` under a planted law, beside which there is none.
    fn baseline(&self, spec: &Spec, baseline: Baseline) -> Option<Costs> {
        let Truth::Hardware(hardware) = &*self.truth else { return None };
        let [kernel, wake] = hardware.on_host(spec.workload, spec.case.problem, baseline);
        let bytes = 4.0 * spec.workload.output_length(spec.case.problem) as f64;
        let set_up = bytes / hardware.host.one_thread;
        Some(Costs { upload: 0.0, kernel, read_back: 0.0, first: wake, further: 0.0, floor: 0.0, set_up })
    }

    /// Whether the host can map its buffers: a GPU with memory of its own has them beyond the bus.
    fn is_mappable(&self) -> bool {
        self.info.planned_as() != DeviceKind::Discrete
    }

    /// Lets the time pass in which a job is made ready: on a modelled device its set-ups, compiling, and the first run
    /// with the data there and back.
    fn make_ready(&self, costs: &Costs, on_host: bool) {
        let compiling = if on_host { 0.0 } else { CONSTANT };
        if !self.has_hardware() {
            return self.state.wait(compiling);
        }
        // The inputs are made once; what is set up again beside them is next to nothing.
        self.state.wait(costs.set_up + compiling + costs.upload + costs.first + costs.read_back);
        if on_host {
            self.state.wait(costs.kernel);
        } else {
            self.state.work(costs.floor + costs.kernel);
        }
    }

    fn noise(&self) -> f64 {
        match &*self.truth {
            Truth::Law(law) => law.noise,
            Truth::Hardware(hardware) => hardware.noise,
        }
    }
}

impl Device for Simulated {
    type Job = SimulatedJob;

    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn timing(&self) -> DeviceTiming {
        match &*self.truth {
            Truth::Law(law) => DeviceTiming {
                empty_dispatch: Some(law.launch),
                kernel_clock_resolution: Some(1e-9),
                kernel_clock_rate: None,
            },
            Truth::Hardware(hardware) => DeviceTiming {
                empty_dispatch: Some(hardware.round_trip),
                kernel_clock_resolution: Some(hardware.tick),
                kernel_clock_rate: None,
            },
        }
    }

    fn wait(&self) -> Option<Wait> {
        self.has_hardware().then(Wait::default)
    }

    fn usual_transfer(&self) -> TransferMethod {
        method::usual(self.info.planned_as(), self.is_mappable())
    }

    fn computes(&self) -> bool {
        false
    }

    fn power(&self) -> Option<Power> {
        let Truth::Hardware(hardware) = &*self.truth else { return None };
        (hardware.faults.battery > 0.0).then_some(Power::Battery)
    }

    fn has_hardware(&self) -> bool {
        matches!(*self.truth, Truth::Hardware(_))
    }

    async fn prepare(&mut self, spec: &Spec) -> Result<(SimulatedJob, Vec<Lap>), DeviceError> {
        method::check(spec.transfer(), self.is_mappable())?;
        extensions::check(spec, &self.info)?;
        let baseline = spec.case.series.baseline();
        if baseline.is_some() {
            extensions::check_processor(spec)?;
        }
        let on_host = baseline.and_then(|baseline| self.baseline(spec, baseline));
        let costs = on_host.unwrap_or_else(|| self.costs(spec));
        let job = SimulatedJob {
            truth: Rc::clone(&self.truth),
            state: Rc::clone(&self.state),
            costs,
            on_host: on_host.is_some(),
            launch: spec.case.series.launch(),
            launches_per_round: spec.case.slices,
            rounds: 1,
            disturbed: false,
            deviation: self.noise(),
            trust: Trust::default(),
            heater: Heater::default(),
            heated: 0.0,
        };
        let mut laps = Vec::new();
        self.make_ready(&costs, job.on_host);
        if !job.on_host {
            laps.push(job.lap(Phase::Compile, CONSTANT));
            laps.push(job.lap(Phase::FirstLaunch, CONSTANT + costs.kernel));
        }
        laps.extend((0..SET_UPS).map(|_| job.lap(Phase::SetUp, costs.set_up)));
        Ok((job, laps))
    }

    async fn fresh(&self) -> Result<Self, DeviceError> {
        Ok(Self { info: self.info.clone(), truth: Rc::clone(&self.truth), state: Rc::clone(&self.state) })
    }

    fn absent(&self, phase: Phase) -> Timing {
        Timing::absent(match phase {
            Phase::Upload => "the workload has no inputs",
            Phase::ReadBack => "the workload has no output",
            Phase::Kernel => "the kernel is empty: only the launch takes time",
            Phase::Encode => "planted for empty kernels only",
            Phase::FirstUpload | Phase::FirstReadBack | Phase::Pass => "not planted",
            _ => "not taken",
        })
    }
}

#[cfg(test)]
mod tests;
