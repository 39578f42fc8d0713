//! How cases are timed: prepared, checked, warmed up, and sampled in shuffled blocks.
//!
//! This room holds the lab, the rule that stops sampling, the canary (a test kernel that watches the speed), the limits
//! of a device, and the run's checks on itself. [`crate::experiment`] plans the cases; the laws read the samples.

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

pub use audit::audit_without_device;
pub use calibration::calibrate;
pub use climb::Climb;
pub use gauge::work;
pub use journal::{Entry, Journal};
pub use lab::Lab;
pub use neighbours::judged;
pub use tournament::{AS_FAST, race};
pub use verify::Mismatch;

/// Why sampling stopped, if the user interrupted it.
const INTERRUPTED: &str = "an interruption";

/// What an experiment wants to measure.
pub struct Plan {
    /// Name of the experiment.
    pub experiment: &'static str,
    /// The workload.
    pub workload: &'static dyn Workload,
    /// The variant that computes it.
    pub variant: &'static Variant,
    /// Whether the fastest variant for each problem computes the cases on the device, instead of this one.
    pub is_contest: bool,
    /// What the law counts as workers.
    pub workers_are: WorkersAre,
    /// The variant for series in which each launch reads the output of the launch before it.
    pub chained: &'static Variant,
    /// The variant for series in which each launch has its own arguments.
    pub arguments: &'static Variant,
    /// The cases, in the order of the quantity that varies.
    pub cases: Vec<Case>,
    /// The phases that the question is about. Sampling goes on until they are known well enough.
    pub asked: &'static [record::Phase],
    /// Whether the cheapest case is the last one. Cases are prepared from the cheapest on, because the time of each one
    /// limits the estimate of the next.
    pub cheapest_last: bool,
    /// Time of one worker for a unit of work ([`work`]) in seconds, if it was measured.
    pub seconds_per_work: Option<f64>,
    /// Times of the workload at full width.
    pub climb: Climb,
    /// Time of one part in seconds, if long jobs are timed in parts.
    pub part: Option<f64>,
    /// Cases that cannot run, known before measuring.
    pub skipped: Vec<record::Skipped>,
}

impl Plan {
    /// Returns whether one of several variants computes all cases on the device.
    fn has_one_variant(&self) -> bool {
        let is_chosen = self.is_contest || self.cases.iter().any(|case| case.variant.is_some());
        self.workload.variants().len() > 1 && !is_chosen
    }

    /// Returns the variant for a series.
    fn variant_of(&self, series: Series) -> &'static Variant {
        match (series.is_chained(), series.has_arguments()) {
            (true, _) => self.chained,
            (_, true) => self.arguments,
            _ => self.variant,
        }
    }
}

/// Settings of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Effort of the run.
    pub effort: Effort,
    /// Planned time of the run, in seconds.
    pub seconds: f64,
    /// Seed of the inputs and of the order of the cases.
    pub seed: u64,
    /// Fewest repetition blocks.
    pub blocks: usize,
    /// Longest estimated kernel time of a case, in seconds.
    pub slowest: f64,
    /// Longest time of one worker for a problem whose size the program chooses, in seconds.
    pub one_worker: f64,
}

/// The time for one experiment on one problem.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Time {
    /// Fewest repetition blocks.
    pub blocks: usize,
    /// Sampling time in seconds, once there are enough blocks.
    pub budget: f64,
    /// Longest sampling time in seconds, even if blocks are missing.
    pub most: f64,
    /// Latest end of all measuring, whatever is missing.
    pub end: Instant,
}

/// Receives the progress of the measuring.
pub trait Watch {
    /// Called when a part of the run begins: an experiment on a workload, or the work around them. `left` is the
    /// planned time in seconds from now to the end of the run.
    fn begin(&self, what: &str, left: f64) {
        let _ = (what, left);
    }
    /// Called when a new activity of this part begins.
    fn doing(&self, activity: &str) {
        let _ = activity;
    }
    /// Called when a case has a new sample. This happens between timed blocks, so it must take hardly any time.
    fn sampled(&self, case: &record::Measurement) {
        let _ = case;
    }
    /// Returns whether to stop at the next suitable point.
    fn interrupted(&self) -> bool {
        false
    }
    /// Called when a block was measured. `so_far` copies the experiment as it is now.
    fn block(&self, so_far: &dyn Fn() -> record::Measured) {
        let _ = so_far;
    }
}

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// The device failed.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// A kernel computed a wrong result.
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
}
