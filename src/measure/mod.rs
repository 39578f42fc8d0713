//! How it is timed: cases are made ready and verified, warmed up, and sampled in shuffled blocks.

mod audit;
mod bench;
mod bounds;
mod calibration;
mod canary;
mod data;
mod gauge;
mod journal;
mod lab;
mod prepare;
mod recording;
mod roofs;
mod sampling;
mod stop;
mod verify;
mod warm_up;

use std::time::Instant;

use crate::device::cpu::Rung;
use crate::device::{Checks, DeviceError, Launch, Path, Wait};
use crate::record::{self, Effort, Problem, WorkersAre};
use crate::workload::{Variant, Workload};

pub use calibration::calibrate;
pub use gauge::work;
pub use journal::{Entry, Journal};
pub use lab::Lab;
pub use verify::Mismatch;

/// Why sampling stopped, where nobody let it go on.
const INTERRUPTED: &str = "an interruption";

/// What an experiment wants measured.
pub struct Plan {
    /// The experiment's name.
    pub experiment: &'static str,
    /// What is computed.
    pub workload: &'static dyn Workload,
    /// How.
    pub variant: &'static Variant,
    /// What the law counts as workers.
    pub workers_are: WorkersAre,
    /// The cases, in the order of what varies.
    pub cases: Vec<Planned>,
    /// The phases that the question is about: sampling goes on until they are known well enough.
    pub asked: &'static [record::Phase],
    /// Whether the cheapest case is the last one. Cases are made ready from the cheapest on, because the time of each
    /// one bounds the estimate of the next.
    pub cheapest_last: bool,
    /// Seconds that one worker takes for a unit of work ([`work`]), where it was measured.
    pub seconds_per_work: Option<f64>,
    /// Cases that are known not to run.
    pub skipped: Vec<record::Skipped>,
}

/// A case to be measured.
#[derive(Clone)]
pub struct Planned {
    /// The size of the problem.
    pub problem: Problem,
    /// Parallel workers.
    pub workers: u64,
    /// Invocations per workgroup; 1 on a CPU.
    pub workgroup_size: u32,
    /// Dispatches in one sample.
    pub dispatches: Dispatches,
    /// How they are launched.
    pub launch: Launch,
    /// Launches that one job is cut into; 1 for a whole one.
    pub slices: u32,
    /// The checks that its kernels are compiled with.
    pub checks: Checks,
    /// The variant, where it is not that of the plan.
    pub variant: Option<&'static Variant>,
    /// How the device is waited for; `None` for the device's own way.
    pub wait: Option<Wait>,
    /// How the data get there and back.
    pub path: Path,
    /// Where it runs.
    pub place: Place,
    /// The rung of a ladder, as it will stand in the record.
    pub rung: Option<&'static str>,
}

/// How many dispatches make a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dispatches {
    /// One, or as many as the clock needs to see the kernel well.
    AsTheClockNeeds,
    /// That many.
    Exactly(u32),
}

/// Where a case runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On the device that is measured.
    Device,
    /// On a handle of the same device shared only with cases of the same number.
    Fresh(usize),
    /// On this machine's processor, as a baseline.
    Cpu(Rung),
}

/// What a run is given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// How much time the whole run is given.
    pub effort: Effort,
    /// That time, in seconds.
    pub seconds: f64,
    /// Seed of inputs and orders.
    pub seed: u64,
    /// Repetition blocks at the least.
    pub blocks: usize,
    /// Longest estimated kernel time of a case, in seconds.
    pub slowest: f64,
    /// Longest time that one worker may take for a problem whose size is chosen by the program, in seconds.
    pub one_worker: f64,
}

/// The time that is given to one experiment on one problem.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Time {
    /// Repetition blocks at the least.
    pub blocks: usize,
    /// Seconds that the sampling may take once it has its blocks.
    pub budget: f64,
    /// Seconds after which it ends without them.
    pub most: f64,
    /// When everything must end, whatever was measured by then.
    pub end: Instant,
}

/// Who wants to know how far the measuring is.
pub trait Watch {
    /// An activity with so many steps begins.
    fn begin(&self, what: &str, steps: usize);
    /// One step is done.
    fn step(&self);
    /// The activity ends.
    fn end(&self);
    /// Whether the measuring is to stop at the next good place.
    fn interrupted(&self) -> bool {
        false
    }
    /// A block was measured; `so_far` makes a record of the experiment as it stands.
    fn block(&self, so_far: &dyn Fn() -> record::Experiment) {
        let _ = so_far;
    }
}

/// What ends a run.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// The device failed.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// A kernel computed something wrong.
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
}

#[cfg(test)]
mod fixture {
    use super::{Dispatches, Place, Planned};
    use crate::device::{Checks, Launch, Path};
    use crate::record::Problem;

    /// A case of so many elements and workers.
    pub(super) fn planned(n: u64, workers: u64) -> Planned {
        Planned {
            problem: Problem::Vector { n },
            workers,
            workgroup_size: 8,
            dispatches: Dispatches::AsTheClockNeeds,
            launch: Launch::OnePass,
            slices: 1,
            checks: Checks::All,
            variant: None,
            wait: None,
            path: Path::default(),
            place: Place::Device,
            rung: None,
        }
    }
}
