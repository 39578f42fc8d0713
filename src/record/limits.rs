//! The limits of a device in one run: a memory limit for each size, and a compute limit for each kind of number.
//!
//! A limit is the highest rate of all kernels that only copy, or only multiply and add in registers. Kernels of the
//! calibration and of the experiments count. All other kernels are compared with the limit. If one is faster, the limit
//! stays: either the limit or the kernel's time is wrong.

use serde::{Deserialize, Serialize};

use super::{Measured, Measurement, Phase, Run, VariantName};
use crate::stats::median;

/// Copy rate of kernels at one size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CopyRate {
    /// Bytes read and written together.
    pub bytes: f64,
    /// Highest rate, in bytes per second.
    pub rate: f64,
}

/// Workloads that measure the compute limit of numbers other than 32-bit floats. Each has its own limit.
const OTHER_NUMBERS: [&str; 2] = ["peak-i32", "peak-f16"];

/// Prefix of the variants that use matrix units. No kernel measures the limit of these.
const MATRIX_UNITS: &str = "cooperative";

impl Run {
    /// Returns the memory limit in bytes per second for a kernel that moves this number of bytes: the highest rate of a
    /// copy of as many bytes or more. Between two sizes the smaller one counts too. The limit is then never too low,
    /// because more of a small copy fits into the cache. Returns `None` if no copy was timed.
    pub fn memory_limit(&self, bytes: f64) -> Option<f64> {
        let curve: Vec<CopyRate> = self.copies().collect();
        let no_larger = curve.iter().map(|copy| copy.bytes).filter(|copied| *copied <= bytes);
        let from = no_larger.reduce(f64::max).unwrap_or(0.0);
        let highest = curve.iter().filter(|copy| copy.bytes >= from).map(|copy| copy.rate).reduce(f64::max);
        // Runs without a curve only hold the highest rate.
        highest.or(self.calibration.copy_roof)
    }

    /// Returns the compute limit for 32-bit floats in flop per second: the highest rate of kernels that multiply and
    /// add in registers. Returns `None` if no such kernel was timed.
    pub fn compute_limit(&self) -> Option<f64> {
        self.calibration.compute_roof.into_iter().chain(self.highest_rate("peak")).reduce(f64::max)
    }

    /// Returns the compute limit for the numbers of a workload, in operations per second. `matmul-f16` has the limit of
    /// 32-bit floats, because only its inputs are stored in 16 bits.
    pub fn compute_limit_of(&self, workload: &str) -> Option<f64> {
        if OTHER_NUMBERS.contains(&workload) { self.highest_rate(workload) } else { self.compute_limit() }
    }

    /// Returns the share of its limit that a kernel reaches: the higher of memory and compute. Returns `None` if the
    /// kernel was not timed on the device, or if its limit is unknown, as for matrix units.
    pub fn share_of_limit(&self, measured: &Measured, case: &Measurement) -> Option<f64> {
        let seconds = kernel(case).filter(|_| !case.is_baseline() && !in_matrix_units(case.variant))?;
        let memory = self.memory_limit(case.bytes).map(|limit| case.bytes / seconds / limit);
        let compute = self.compute_limit_of(&measured.workload).map(|limit| case.flop / seconds / limit);
        memory.into_iter().chain(compute).reduce(f64::max).filter(|share| *share > 0.0)
    }

    /// Returns all timed copies.
    fn copies(&self) -> impl Iterator<Item = CopyRate> {
        let measured = self.limit_kernels("copy");
        let measured =
            measured.filter_map(|case| Some(CopyRate { bytes: case.bytes, rate: case.bytes / kernel(case)? }));
        self.calibration.copy_curve.iter().copied().chain(measured)
    }

    /// Returns the highest arithmetic rate of a workload's kernels.
    fn highest_rate(&self, workload: &str) -> Option<f64> {
        self.limit_kernels(workload).filter_map(|case| Some(case.flop / kernel(case)?)).reduce(f64::max)
    }

    /// Returns the device's cases of a workload that measures a limit.
    fn limit_kernels<'a>(&'a self, workload: &'a str) -> impl Iterator<Item = &'a Measurement> {
        let measured = self.experiments.iter().filter(move |measured| measured.workload == workload);
        measured.flat_map(|measured| &measured.cases).filter(|case| !case.is_baseline())
    }
}

/// Returns whether the compute limit of 32-bit floats does not apply: the kernel uses other numbers or matrix units.
pub fn has_own_limit(measured: &Measured, case: &Measurement) -> bool {
    OTHER_NUMBERS.contains(&measured.workload.as_str()) || in_matrix_units(case.variant)
}

fn in_matrix_units(variant: Option<VariantName>) -> bool {
    variant.is_some_and(|variant| variant.starts_with(MATRIX_UNITS))
}

/// Returns the median time of a kernel in seconds, if it is positive.
fn kernel(case: &Measurement) -> Option<f64> {
    median(case.seconds(Phase::Kernel)).filter(|seconds| *seconds > 0.0)
}
