//! How cases are timed: made ready, checked, warmed up, and sampled in shuffled blocks.
//!
//! Here belong the lab, the stop rule, the canary (the test kernel that watches the speed), the limits of a device and
//! the checks of a run on itself. [`crate::experiment`] plans the cases; the laws read the samples.

mod audit;
mod bench;
mod bounds;
mod calibration;
mod canary;
mod climb;
mod data;
mod gauge;
mod journal;
mod lab;
mod neighbours;
mod parts;
mod prepare;
mod recording;
mod roofs;
mod sampling;
mod stop;
mod tournament;
mod verify;
mod warm_up;

use std::time::Instant;

use crate::device::DeviceError;
use crate::record::{self, Case, Effort, Series, WorkersAre};
use crate::workload::{Variant, Workload};

pub use calibration::calibrate;
pub use climb::Climb;
pub use gauge::work;
pub use journal::{Entry, Journal};
pub use lab::Lab;
pub use neighbours::judged;
pub use tournament::{AS_FAST, race};
pub use verify::Mismatch;

/// Why sampling stopped, if somebody interrupted it.
const INTERRUPTED: &str = "an interruption";

/// What an experiment wants measured.
pub struct Plan {
    /// The experiment's name.
    pub experiment: &'static str,
    /// What is computed.
    pub workload: &'static dyn Workload,
    /// How.
    pub variant: &'static Variant,
    /// Whether the fastest variant of each problem computes the cases on the device, instead of this one.
    pub is_contest: bool,
    /// What the law counts as workers.
    pub workers_are: WorkersAre,
    /// The way to compute it in series whose launches read what the launch before wrote.
    pub chained: &'static Variant,
    /// The way to compute it in series whose launches have arguments of their own.
    pub arguments: &'static Variant,
    /// The cases, in the order of what varies.
    pub cases: Vec<Case>,
    /// The phases that the question is about: sampling goes on until they are known well enough.
    pub asked: &'static [record::Phase],
    /// Whether the cheapest case is the last one. Cases are made ready from the cheapest on, because the time of each
    /// one bounds the estimate of the next.
    pub cheapest_last: bool,
    /// Seconds that one worker takes for a unit of work ([`work`]), if it was measured.
    pub seconds_per_work: Option<f64>,
    /// How long the workload takes at full width.
    pub climb: Climb,
    /// Seconds of a part of a job, where jobs that take longer are timed in parts.
    pub part: Option<f64>,
    /// Cases that are known not to run.
    pub skipped: Vec<record::Skipped>,
}

impl Plan {
    /// Whether one variant of several computes all cases on the device.
    fn has_one_variant(&self) -> bool {
        let is_chosen = self.is_contest || self.cases.iter().any(|case| case.variant.is_some());
        self.workload.variants().len() > 1 && !is_chosen
    }

    /// Returns the way to compute a series.
    fn variant_of(&self, series: Series) -> &'static Variant {
        match (series.is_chained(), series.has_arguments()) {
            (true, _) => self.chained,
            (_, true) => self.arguments,
            _ => self.variant,
        }
    }
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
    /// A part of the run begins: an experiment on a workload, or what stands around them. `left` is how many seconds
    /// are planned from here to the end of the run.
    fn begin(&self, what: &str, left: f64) {
        let _ = (what, left);
    }
    /// Something is done for this part.
    fn doing(&self, activity: &str) {
        let _ = activity;
    }
    /// A case has another sample. This comes between timed blocks, so it may take no noticeable time.
    fn sampled(&self, case: &record::Measurement) {
        let _ = case;
    }
    /// Whether the measuring is to stop at the next good place.
    fn interrupted(&self) -> bool {
        false
    }
    /// A block was measured; `so_far` makes a record of the experiment as it stands.
    fn block(&self, so_far: &dyn Fn() -> record::Measured) {
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
