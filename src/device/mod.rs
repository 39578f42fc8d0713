//! Who computes: the [`Device`] trait and its three implementations.
//!
//! Here belongs what runs a job and times its phases. What a job computes does not: see [`crate::workload`].
//!
//! A device turns a [`Spec`] into a [`Device::Job`], and a job is run as often as samples are wanted. Every call is
//! `async`, because the GPU's own requests are; the CPU and the simulated device answer at once.

pub mod cpu;
mod extensions;
pub mod gpu;
mod method;
pub mod simulated;
pub mod stamps;
pub mod surroundings;
mod waiting;

use std::rc::Rc;

pub use waiting::Waiting;

use crate::record::{Case, Clock, DeviceInfo, DeviceKind, Phase, Power, Timing, TransferMethod, Wait};
use crate::units;
use crate::workload::{Variant, Workload};

/// What a job is made from.
#[derive(Clone)]
pub struct Spec {
    /// What is computed.
    pub workload: &'static dyn Workload,
    /// How it is computed on a GPU.
    pub variant: &'static Variant,
    /// The case: its problem, its workers, and how it is launched, waited for and fed.
    pub case: Case,
    /// The host's copy of the inputs.
    pub inputs: Rc<Vec<Vec<f32>>>,
}

impl Spec {
    /// Returns the transfer method: the usual one if the case names none.
    pub(crate) fn transfer(&self) -> TransferMethod {
        self.case.transfer.unwrap_or_default()
    }
}

/// How often a set-up is done and timed, since it is no part of the repetitions.
pub const SET_UPS: usize = 5;

/// Seconds for which the device works before a pass is timed, so that short kernels meet the same clock as long ones.
const HEAT: f64 = 5e-4;

/// A kernel of so many seconds keeps the clock by itself.
const LONG: f64 = 1e-2;

/// Dispatches of a heater at the most.
const MOST_HEATING: f64 = 1024.0;

/// A heater that took longer than the one before may have been disturbed, so it is believed up to this factor.
const LONGER: f64 = 1.5;

/// Whether passes are heated: a software adapter and a processor have no clock of their own to lose.
pub(crate) fn is_heated(kind: DeviceKind) -> bool {
    !matches!(kind, DeviceKind::Software | DeviceKind::Cpu | DeviceKind::Simulated)
}

/// The untimed dispatches before timed ones, and what they take. A timed kernel has the launch floor in it, and further
/// dispatches of a pass do not: so a first guess by the kernel is too few of them, and the next is by what they took.
#[derive(Debug, Clone, Copy, Default)]
struct Heater {
    /// Seconds of each dispatch.
    each: Option<f64>,
}

impl Heater {
    /// Returns the dispatches before a kernel that takes so many seconds.
    fn dispatches(self, kernel: f64) -> u32 {
        let each = self.each.unwrap_or(kernel).max(1e-9);
        if kernel >= LONG { 0 } else { (HEAT / each).ceil().min(MOST_HEATING) as u32 }
    }

    /// Learns that so many dispatches took so many seconds beside their launch.
    fn learn(&mut self, dispatches: u32, seconds: f64) {
        let each = seconds / f64::from(dispatches.max(1));
        self.each = Some(self.each.map_or(each, |before| each.min(LONGER * before)).max(HEAT / MOST_HEATING));
    }
}

/// What a device learnt about its own clock and launch when it was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DeviceTiming {
    /// Median host time of an empty dispatch, submitted and waited for, in seconds.
    pub empty_dispatch: Option<f64>,
    /// Smallest step of the kernel clock, in seconds.
    pub kernel_clock_resolution: Option<f64>,
    /// Seconds that the kernel clock counts in a second of the host's: bounds, for a device with a clock of its own.
    pub kernel_clock_rate: Option<[f64; 2]>,
}

/// One sample of one phase.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lap {
    /// The part of the job.
    pub phase: Phase,
    /// The clock that timed it.
    pub clock: Clock,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// One run of a job.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Repetition {
    /// The phases that it went through.
    pub laps: Vec<Lap>,
    /// Host time from the begin of the first phase to the end of the last, read apart from the laps, in seconds. What
    /// the harness does for itself, such as reading timestamps, is no part of it.
    pub wall: f64,
    /// Pairs of timestamps that could not be true. What they stood around was measured again, until they were too many
    /// and another clock took over.
    pub rejected: u32,
    /// Seconds of the untimed work before the timed pass, which is no part of the wall.
    pub heating: f64,
    /// Whether the GPU's clock showed a kernel a little longer than the host waited for it, so that the launch around
    /// it was set to zero.
    pub clamped: bool,
}

impl Repetition {
    /// The time of the kernel in seconds, if there is one.
    pub fn kernel(&self) -> Option<f64> {
        self.laps.iter().find(|lap| lap.phase == Phase::Kernel).map(|lap| lap.seconds)
    }
}

/// Something that computes and can be timed.
pub trait Device {
    /// A workload made ready on this device.
    type Job: Job;

    /// Who the device is and what it allows.
    fn info(&self) -> &DeviceInfo;

    /// Makes a job ready: buffers, shaders, pipelines, and the first launch. The laps of set-up (without the making
    /// of the inputs; [`SET_UPS`] of them), compile and first launch come back beside it. On every device the set-up
    /// allocates the result on the host and touches none of it; on a GPU it also creates the buffers.
    fn prepare(&mut self, spec: &Spec) -> impl Future<Output = Result<(Self::Job, Vec<Lap>), DeviceError>>;

    /// What the device learnt about its own clock and launch when it was opened.
    fn timing(&self) -> DeviceTiming;

    /// How the device is waited for where a case does not say; `None` if nothing is waited for.
    fn wait(&self) -> Option<Wait> {
        None
    }

    /// The way that data take to this device and back where a case does not compare them.
    fn usual_transfer(&self) -> TransferMethod {
        TransferMethod::default()
    }

    /// Whether jobs compute anything, so that they need inputs and their output is verified.
    fn computes(&self) -> bool {
        true
    }

    /// Its place on the PCI bus, such as `0000:01:00.0`, where the driver tells it.
    fn bus(&self) -> Option<String> {
        None
    }

    /// The power source that a model plants; `None` where the system is asked, or nothing is known.
    fn power(&self) -> Option<Power> {
        None
    }

    /// Whether it has, or models, hardware: then it has clocks that warm up, limits and a launch floor. A planted law
    /// has none.
    fn has_hardware(&self) -> bool {
        true
    }

    /// A second, independent handle of the same device, which shares no queue and no pool with this one.
    fn fresh(&self) -> impl Future<Output = Result<Self, DeviceError>>
    where
        Self: Sized;

    /// Why this device has no such phase, for phases that its jobs never report.
    fn absent(&self, phase: Phase) -> Timing;
}

/// A workload made ready on a device. It starts with one dispatch per sample.
pub trait Job {
    /// Sets how often the kernel is dispatched in one sample.
    fn set_dispatches(&mut self, dispatches: u32);

    /// Runs the job once: upload, dispatches, read-back, or the dispatches alone. Kernel laps are for one dispatch, and
    /// for one part of a job that is timed in parts, another in each run.
    fn run(&mut self, transfers: bool) -> impl Future<Output = Result<Repetition, DeviceError>>;

    /// Poisons the output, runs the job once and hands out what it computed; `None` if nothing is computed.
    fn output(&mut self) -> impl Future<Output = Result<Option<Vec<f32>>, DeviceError>>;
}

/// What can go wrong with a device.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// The device does not allow this case; others may run.
    #[error("{0}")]
    Unsupported(String),
    /// The device has no memory left for the case.
    #[error("out of memory: {0}; try a smaller problem (--sizes)")]
    OutOfMemory(String),
    /// The driver or the graphics library refused a call.
    #[error("the GPU refused a call while {context}: {message}; update the driver, or try another device (--device)")]
    Refused {
        /// What was being done.
        context: &'static str,
        /// The library's words.
        message: String,
    },
    /// A wait did not end in time.
    #[error(
        "waited {} for {context}: the GPU may hang; try a smaller problem (--sizes) or another device (--device)",
        units::seconds(*seconds)
    )]
    Stuck {
        /// What was being waited for.
        context: &'static str,
        /// How long, in seconds.
        seconds: f64,
    },
    /// The device went away.
    #[error("the GPU went away ({0}): the driver was reset or updated, or the device unplugged; run again")]
    Lost(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A kernel of 4 µs of which 3 are the launch floor: 500 more of them heat for half a millisecond, not 125.
    #[test]
    fn a_heater_is_as_long_as_it_is_meant_to_be() {
        let (floor, work) = (3e-6, 1e-6);
        let mut heater = Heater::default();
        let mut heated = 0.0;
        for _ in 0..3 {
            let dispatches = heater.dispatches(floor + work);
            heated = f64::from(dispatches) * work;
            heater.learn(dispatches, heated);
        }
        assert!((HEAT..1.1 * HEAT).contains(&heated), "{heated}");
        heater.learn(500, 20e-3);
        let disturbed = f64::from(heater.dispatches(floor + work)) * work;
        assert!(disturbed > 0.6 * HEAT, "{disturbed}");
        assert_eq!(heater.dispatches(LONG), 0, "a long kernel heats itself");
        assert!(Heater::default().dispatches(0.0) <= MOST_HEATING as u32);
    }
}
