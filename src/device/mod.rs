//! The devices: the [`Device`] trait and its three implementations.
//!
//! This room runs jobs and times their phases. [`crate::workload`] defines what a job computes.
//!
//! A device turns a [`Spec`] into a [`Device::Job`], which runs once per sample. Every call is `async`, because the
//! GPU's requests are. The CPU and the simulated device answer at once.

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

use crate::record::{Case, Clock, DeviceInfo, DeviceKind, Limits, Phase, Power, Timing, TransferMethod, Wait};
use crate::units;
use crate::workload::{Variant, Workload};

/// Everything that defines a job.
#[derive(Clone)]
pub struct Spec {
    /// The workload.
    pub workload: &'static dyn Workload,
    /// The variant that computes it on a GPU.
    pub variant: &'static Variant,
    /// The case: problem, workers, launch style, way to wait and transfer method.
    pub case: Case,
    /// Inputs in host memory.
    pub inputs: Rc<Vec<Vec<f32>>>,
}

impl Spec {
    /// Returns the transfer method: the default if the case names none.
    pub(crate) fn transfer(&self) -> TransferMethod {
        self.case.transfer.unwrap_or_default()
    }
}

/// Refuses a case that needs a larger buffer than a device allows. It needs no inputs.
///
/// # Errors
///
/// Says how large the buffer would be.
pub(crate) fn check_buffers(spec: &Spec, limits: &Limits) -> Result<(), DeviceError> {
    let lengths = spec.workload.input_lengths(spec.case.problem);
    let largest = lengths.iter().copied().chain([spec.workload.output_length(spec.case.problem)]).max().unwrap_or(0);
    let staging = lengths.iter().fold(0u64, |sum, length| sum.saturating_add(*length));
    let bytes = largest.max(staging).saturating_mul(4);
    if bytes > limits.binding {
        return Err(DeviceError::Unsupported(format!(
            "needs a buffer of {}; this device allows {}",
            units::bytes(bytes as f64),
            units::bytes(limits.binding as f64)
        )));
    }
    Ok(())
}

/// Number of timed set-ups per case. Repetitions do not include the set-up.
pub const SET_UPS: usize = 5;

/// Time in seconds after which a set-up of large buffers is not repeated more than once.
const LONG_SET_UPS: f64 = 2e-2;

/// Untimed work before a timed pass, in seconds. It lets short kernels run at the same clock as long ones.
const HEAT: f64 = 5e-4;

/// A kernel this long keeps the clock up by itself, in seconds.
const LONG: f64 = 1e-2;

/// Most dispatches of a heater.
const MOST_HEATING: f64 = 1024.0;

/// Largest factor by which a heater's time may grow at once. A longer one may have been disturbed.
const LONGER: f64 = 1.5;

/// Returns whether passes are heated. A software GPU and a CPU have no clock of their own that drops.
pub(crate) fn is_heated(kind: DeviceKind) -> bool {
    !matches!(kind, DeviceKind::Software | DeviceKind::Cpu | DeviceKind::Simulated)
}

/// The untimed dispatches before timed ones, and their time.
///
/// The time of a single kernel includes the launch floor; the time of further dispatches in the same pass does not. So
/// a first guess from the kernel gives too few dispatches. Later guesses use the measured time per dispatch.
#[derive(Debug, Clone, Copy, Default)]
struct Heater {
    /// Time of each dispatch, in seconds.
    each: Option<f64>,
}

impl Heater {
    /// Returns the number of dispatches before a kernel that takes `kernel` seconds.
    fn dispatches(self, kernel: f64) -> u32 {
        let each = self.each.unwrap_or(kernel).max(1e-9);
        if kernel >= LONG { 0 } else { (HEAT / each).ceil().min(MOST_HEATING) as u32 }
    }

    /// Stores that this number of dispatches took this time in seconds, without their launch.
    fn learn(&mut self, dispatches: u32, seconds: f64) {
        let each = seconds / f64::from(dispatches.max(1));
        self.each = Some(self.each.map_or(each, |before| each.min(LONGER * before)).max(HEAT / MOST_HEATING));
    }
}

/// What a device measured about its clock and launch when it was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DeviceTiming {
    /// Median host time of an empty dispatch, submitted and waited for, in seconds.
    pub empty_dispatch: Option<f64>,
    /// Smallest step of the kernel clock, in seconds.
    pub kernel_clock_resolution: Option<f64>,
    /// Seconds on the kernel clock per second on the host's clock, as lower and upper bound, if the device has its own
    /// clock.
    pub kernel_clock_rate: Option<[f64; 2]>,
}

/// One sample of one phase.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lap {
    /// The phase.
    pub phase: Phase,
    /// The clock that timed it.
    pub clock: Clock,
    /// Its time, in seconds.
    pub seconds: f64,
}

/// One run of a job.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Repetition {
    /// Its phases.
    pub laps: Vec<Lap>,
    /// Host time from the start of the first phase to the end of the last, measured independently of the laps, in
    /// seconds. It excludes our own overhead, such as reading timestamps.
    pub wall: f64,
    /// Number of impossible pairs of timestamps. Their passes were measured again, until they were too many and another
    /// clock took over.
    pub rejected: u32,
    /// Time of untimed work before the timed pass, in seconds. It is not part of `wall`.
    pub heating: f64,
    /// Whether the GPU's clock showed a kernel slightly longer than the host's wait, so that its launch was set to
    /// zero.
    pub clamped: bool,
}

impl Repetition {
    /// Returns the time of the kernel in seconds, if there is one.
    pub fn kernel(&self) -> Option<f64> {
        self.laps.iter().find(|lap| lap.phase == Phase::Kernel).map(|lap| lap.seconds)
    }
}

/// A device that runs jobs and times them.
pub trait Device {
    /// A workload that is ready to run on this device.
    type Job: Job;

    /// Returns what the device is and its limits.
    fn info(&self) -> &DeviceInfo;

    /// Prepares a job: buffers, shaders, pipelines and the first launch. Also returns the laps of set-up (up to
    /// [`SET_UPS`] of them, without making the inputs), compile and first launch. The set-up allocates the result on
    /// the host but does not touch it. On a GPU it also creates the buffers.
    fn prepare(&mut self, spec: &Spec) -> impl Future<Output = Result<(Self::Job, Vec<Lap>), DeviceError>>;

    /// Prepares a job of which only the kernel is of interest, so nothing is timed on the way.
    fn ready(&mut self, spec: &Spec) -> impl Future<Output = Result<Self::Job, DeviceError>> {
        async { self.prepare(spec).await.map(|(job, _)| job) }
    }

    /// Returns what the device measured about its clock and launch when it was opened.
    fn timing(&self) -> DeviceTiming;

    /// Returns the default way to wait for the device; `None` if there is nothing to wait for.
    fn wait(&self) -> Option<Wait> {
        None
    }

    /// Returns the default transfer method of this device.
    fn usual_transfer(&self) -> TransferMethod {
        TransferMethod::default()
    }

    /// Returns whether jobs compute anything. If so they need inputs, and their output is verified.
    fn computes(&self) -> bool {
        true
    }

    /// Returns its address on the PCI bus, such as `0000:01:00.0`, if the driver reports it.
    fn bus(&self) -> Option<String> {
        None
    }

    /// Returns the power source that a model plants; `None` if the system is asked instead, or nothing is known.
    fn power(&self) -> Option<Power> {
        None
    }

    /// Returns whether the device has, or models, hardware: a clock that warms up, limits and a launch floor. A planted
    /// law has none of these.
    fn has_hardware(&self) -> bool {
        true
    }

    /// Opens a second, independent handle of the same device, with its own queue and pool.
    fn fresh(&self) -> impl Future<Output = Result<Self, DeviceError>>
    where
        Self: Sized;

    /// Returns why this device has no such phase, for phases that its jobs never report.
    fn absent(&self, phase: Phase) -> Timing;
}

/// A workload that is ready to run on a device. It starts with one dispatch per sample.
pub trait Job {
    /// Sets the number of kernel dispatches per sample.
    fn set_dispatches(&mut self, dispatches: u32);

    /// Runs the job once: upload, dispatches and read-back, or the dispatches alone. Kernel laps are per dispatch. For
    /// a job timed in parts they are per part, a different one in each run.
    fn run(&mut self, transfers: bool) -> impl Future<Output = Result<Repetition, DeviceError>>;

    /// Poisons the output, runs the job once, and returns what it computed; `None` if nothing is computed.
    fn output(&mut self) -> impl Future<Output = Result<Option<Vec<f32>>, DeviceError>>;
}

/// Errors of a device.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// The device does not allow this case; others may run.
    #[error("{0}")]
    Unsupported(String),
    /// The device has too little memory for the case.
    #[error("out of memory: {0}; try a smaller problem (--sizes)")]
    OutOfMemory(String),
    /// The driver or the graphics library refused a call.
    #[error("the GPU refused a call ({context}): {message}; update the driver, or try another device (--device)")]
    Refused {
        /// What the call was for.
        context: &'static str,
        /// The library's message.
        message: String,
    },
    /// A wait did not end in time.
    #[error(
        "waited {} for {context}: the GPU may hang; try a smaller problem (--sizes) or another device (--device)",
        units::seconds(*seconds)
    )]
    Stuck {
        /// What the host waited for.
        context: &'static str,
        /// Waiting time, in seconds.
        seconds: f64,
    },
    /// The device had no memory left in the middle of a job, and is lost.
    #[error(
        "the GPU had no memory left for {0}, and its driver gave up; try a smaller problem (--sizes), or end other \
         programs that use it"
    )]
    Exhausted(&'static str),
    /// The system gives this program no thread, which drivers need.
    #[error(
        "the system gives this program no more threads, which the driver needs for {0}; end other programs, or raise \
         the limit (`ulimit -u`)"
    )]
    NoThreads(&'static str),
    /// The device went away.
    #[error("the GPU went away ({0}): the driver was reset or updated, or the device unplugged; run again")]
    Lost(String),
}

impl DeviceError {
    /// Returns the error of a call that the driver or the graphics library refused, by its message.
    fn refused(context: &'static str, message: &str) -> Self {
        const FULL: [&str; 2] = ["Not enough memory", "Out of memory"];
        if FULL.iter().any(|words| message.contains(words)) {
            return Self::Exhausted(context);
        }
        let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
        Self::Refused { context, message }.unless_starved(context)
    }

    /// Returns the error of a device that was lost, by the library's message.
    fn lost(context: &'static str, message: &str) -> Self {
        match Self::refused(context, message) {
            // The driver answered with an error that it may not answer with: it is still there.
            Self::Refused { message, .. } if !message.contains("driver implementation is at fault") => {
                Self::Lost(message)
            }
            known => known,
        }
    }

    /// Returns the error; or that there are no threads, which drivers tell as a fault of any kind.
    fn unless_starved(self, context: &'static str) -> Self {
        if cpu::host_has_threads() { self } else { Self::NoThreads(context) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A kernel of 4 µs, of which 3 µs are the launch floor: heating for half a millisecond takes 500 of them, not 125.
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
