//! The limits of a device: one memory limit for each size, and one compute limit, for the whole run.
//!
//! The highest rate of all kernels that do nothing but copy, or nothing but multiply and add, is the limit: those of
//! the calibration and those of the experiments. Every other kernel is held against it.

use serde::{Deserialize, Serialize};

use super::{Measurement, Phase, Run};
use crate::stats::median;

/// How fast kernels were seen to copy at a size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CopyRate {
    /// Bytes that are read and written together.
    pub bytes: f64,
    /// Highest rate, in bytes per second.
    pub rate: f64,
}

/// A kernel of so many times the bytes of a copy may find as much of its data in a cache as the copy.
const SAME_SIZE: f64 = 2.0;

impl Run {
    /// Returns the memory limit for a kernel that moves so many bytes, in bytes per second: the highest rate of a copy
    /// of at least half as many, or of the largest copy. `None` if none was timed.
    pub fn memory_limit(&self, bytes: f64) -> Option<f64> {
        let curve: Vec<CopyRate> = self.copies().collect();
        let largest = curve.iter().map(|copy| copy.bytes).reduce(f64::max);
        let suits = |copy: &&CopyRate| SAME_SIZE * copy.bytes >= bytes || Some(copy.bytes) == largest;
        let highest = curve.iter().filter(suits).map(|copy| copy.rate).reduce(f64::max);
        // Runs without a curve know the highest rate only.
        highest.or(self.calibration.copy_roof)
    }

    /// Returns the compute limit in flop per second: the highest rate of the kernels that multiply and add in
    /// registers. `None` if nothing was timed that shows it.
    pub fn compute_limit(&self) -> Option<f64> {
        let kernels = self.limit_kernels("peak").chain(self.limit_kernels("mix"));
        let measured = kernels.filter_map(|case| Some(case.flop / kernel(case)?));
        self.calibration.compute_roof.into_iter().chain(measured).reduce(f64::max)
    }

    /// Returns the share of its limit that a kernel reaches, the higher one of memory and arithmetic; `None` if it was
    /// not timed on the device, or no limit is known.
    pub fn share_of_limit(&self, case: &Measurement) -> Option<f64> {
        let seconds = kernel(case).filter(|_| !case.is_baseline())?;
        let memory = self.memory_limit(case.bytes).map(|limit| case.bytes / seconds / limit);
        let compute = self.compute_limit().map(|limit| case.flop / seconds / limit);
        memory.into_iter().chain(compute).reduce(f64::max).filter(|share| *share > 0.0)
    }

    /// Every copy that was timed.
    fn copies(&self) -> impl Iterator<Item = CopyRate> {
        let measured = self.limit_kernels("copy");
        let measured =
            measured.filter_map(|case| Some(CopyRate { bytes: case.bytes, rate: case.bytes / kernel(case)? }));
        self.calibration.copy_curve.iter().copied().chain(measured)
    }

    /// The device's cases of a workload by which a limit is measured.
    fn limit_kernels(&self, workload: &'static str) -> impl Iterator<Item = &Measurement> {
        let measured = self.experiments.iter().filter(move |measured| measured.workload == workload);
        measured.flat_map(|measured| &measured.cases).filter(|case| !case.is_baseline())
    }
}

/// The median time of a kernel, in seconds, if it is more than nothing.
fn kernel(case: &Measurement) -> Option<f64> {
    median(case.seconds(Phase::Kernel)).filter(|seconds| *seconds > 0.0)
}
