//! The limits of a device: one memory limit for each size, and one compute limit for each kind of number, for the whole
//! run.
//!
//! The highest rate of all kernels that do nothing but copy, or nothing but multiply and add in registers, is the
//! limit: those of the calibration and those of the experiments. Every other kernel is held against it. One that is
//! faster raises no limit: it shows that the limit, or its own time, is wrong.

use serde::{Deserialize, Serialize};

use super::{Measured, Measurement, Phase, Run, VariantName};
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

/// How the variants begin that compute in matrix units. No kernel is made to find the limit of those.
const MATRIX_UNITS: &str = "cooperative";

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

    /// Returns the compute limit for the numbers that a workload multiplies and adds, in operations per second. That of
    /// `matmul-f16` is the one of 32-bit floats: 16 bits are what its inputs are stored in.
    pub fn compute_limit_of(&self, workload: &str) -> Option<f64> {
        if OTHER_NUMBERS.contains(&workload) { self.highest_rate(workload) } else { self.compute_limit() }
    }

    /// Returns the share of its limit that a kernel of an experiment reaches, the higher one of memory and arithmetic;
    /// `None` if it was not timed on the device, or if no limit is known, as that of matrix units.
    pub fn share_of_limit(&self, measured: &Measured, case: &Measurement) -> Option<f64> {
        let seconds = kernel(case).filter(|_| !case.is_baseline() && !in_matrix_units(case.variant))?;
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

/// Whether a kernel multiplies and adds other numbers than 32-bit floats, or in matrix units, so that the compute limit
/// is none for it.
pub fn has_own_limit(measured: &Measured, case: &Measurement) -> bool {
    OTHER_NUMBERS.contains(&measured.workload.as_str()) || in_matrix_units(case.variant)
}

fn in_matrix_units(variant: Option<VariantName>) -> bool {
    variant.is_some_and(|variant| variant.starts_with(MATRIX_UNITS))
}

/// The median time of a kernel, in seconds, if it is more than nothing.
fn kernel(case: &Measurement) -> Option<f64> {
    median(case.seconds(Phase::Kernel)).filter(|seconds| *seconds > 0.0)
}
