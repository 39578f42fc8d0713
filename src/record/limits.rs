//! The limits of a device: one memory limit for each size, and one compute limit for each kind of number, for the whole
//! run.
//!
//! The highest rate of all kernels that do nothing but copy, or nothing but multiply and add in registers, is the
//! limit: those of the calibration and those of the experiments. Every other kernel is held against it. One that is
//! faster raises no limit: it shows that the limit, or its own time, is wrong.

use serde::{Deserialize, Serialize};

use super::{Measured, Measurement, Phase, Run};
use crate::stats::median;

/// How fast kernels were seen to copy at a size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CopyRate {
    /// Bytes that are read and written together.
    pub bytes: f64,
    /// Highest rate, in bytes per second.
    pub rate: f64,
}

/// The kernels that find the compute limit of other numbers than 32-bit floats. Each of them has a limit of its own.
const OTHER_NUMBERS: [&str; 2] = ["peak-i32", "peak-f16"];

impl Run {
    /// Returns the memory limit for a kernel that moves so many bytes, in bytes per second: the highest rate of a copy
    /// of as many bytes or more. Between two sizes it is that of the smaller, which is never too low: a larger part of
    /// its data is in the cache. `None` if no copy was timed.
    pub fn memory_limit(&self, bytes: f64) -> Option<f64> {
        let curve: Vec<CopyRate> = self.copies().collect();
        let no_larger = curve.iter().map(|copy| copy.bytes).filter(|copied| *copied <= bytes);
        let from = no_larger.reduce(f64::max).unwrap_or(0.0);
        let highest = curve.iter().filter(|copy| copy.bytes >= from).map(|copy| copy.rate).reduce(f64::max);
        // Runs without a curve know the highest rate only.
        highest.or(self.calibration.copy_roof)
    }

    /// Returns the compute limit in flop per second, for 32-bit floats: the highest rate of the kernels that multiply
    /// and add in registers. `None` if nothing was timed that shows it.
    pub fn compute_limit(&self) -> Option<f64> {
        self.calibration.compute_roof.into_iter().chain(self.highest_rate("peak")).reduce(f64::max)
    }

    /// Returns the compute limit for the numbers of a workload, in operations per second.
    pub fn compute_limit_of(&self, workload: &str) -> Option<f64> {
        if has_own_limit(workload) { self.highest_rate(workload) } else { self.compute_limit() }
    }

    /// Returns the share of its limit that a kernel of an experiment reaches, the higher one of memory and arithmetic;
    /// `None` if it was not timed on the device, or no limit is known.
    pub fn share_of_limit(&self, measured: &Measured, case: &Measurement) -> Option<f64> {
        let seconds = kernel(case).filter(|_| !case.is_baseline())?;
        let memory = self.memory_limit(case.bytes).map(|limit| case.bytes / seconds / limit);
        let compute = self.compute_limit_of(&measured.workload).map(|limit| case.flop / seconds / limit);
        memory.into_iter().chain(compute).reduce(f64::max).filter(|share| *share > 0.0)
    }

    /// Every copy that was timed.
    fn copies(&self) -> impl Iterator<Item = CopyRate> {
        let measured = self.limit_kernels("copy");
        let measured =
            measured.filter_map(|case| Some(CopyRate { bytes: case.bytes, rate: case.bytes / kernel(case)? }));
        self.calibration.copy_curve.iter().copied().chain(measured)
    }

    /// The highest arithmetic rate of a workload's kernels.
    fn highest_rate(&self, workload: &str) -> Option<f64> {
        self.limit_kernels(workload).filter_map(|case| Some(case.flop / kernel(case)?)).reduce(f64::max)
    }

    /// The device's cases of a workload by which a limit is measured.
    fn limit_kernels<'a>(&'a self, workload: &'a str) -> impl Iterator<Item = &'a Measurement> {
        let measured = self.experiments.iter().filter(move |measured| measured.workload == workload);
        measured.flat_map(|measured| &measured.cases).filter(|case| !case.is_baseline())
    }
}

/// Whether a workload computes with other numbers than 32-bit floats, so that their compute limit is none for it.
pub fn has_own_limit(workload: &str) -> bool {
    OTHER_NUMBERS.contains(&workload)
}

/// The median time of a kernel, in seconds, if it is more than nothing.
fn kernel(case: &Measurement) -> Option<f64> {
    median(case.seconds(Phase::Kernel)).filter(|seconds| *seconds > 0.0)
}
