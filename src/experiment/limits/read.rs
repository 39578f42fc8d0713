//! The limits, and the cache in front of the memory, read from the samples.

use serde::Serialize;

use crate::experiment::cases::{floor, timed};
use crate::experiment::names;
use crate::law::cache::{self, Cache};
use crate::record::{Measured, Quantity, Run, Series};
use crate::stats::Summary;

/// The name of 32-bit whole numbers.
const I32: &str = "i32";

/// What the kernels of a kind show.
#[derive(Serialize)]
pub(in crate::experiment) struct Reading {
    /// Whether bytes are counted, and not multiply-adds.
    pub(super) copies: bool,
    /// The numbers that are multiplied and added: `f32`, `i32` or `f16`; `None` for copies.
    pub(super) numbers: Option<&'static str>,
    /// The limit of the run: of the memory in bytes per second, by the law of the cache in front of it, or that of the
    /// largest size if no cache is seen; of arithmetic in flop per second.
    pub(super) limit: Option<f64>,
    /// The highest rate of a copy of any size, in bytes per second; `None` for arithmetic.
    pub(super) highest: Option<f64>,
    /// Bytes that the largest copy moves; `None` for arithmetic.
    pub(super) largest: Option<f64>,
    /// The cache; `None` if no size is seen from which on copies become slower.
    pub(super) cache: Option<Cache>,
}

/// Reads the copies or the multiply-adds.
pub(super) fn read(run: &Run, measured: &Measured) -> Reading {
    let cases = timed(measured, Series::Device, Quantity::Kernel);
    if measured.workload != "copy" {
        let limit = run.compute_limit_of(&measured.workload);
        let numbers = match measured.workload.as_str() {
            "peak-i32" => I32,
            "peak-f16" => "f16",
            _ => "f32",
        };
        return Reading { copies: false, numbers: Some(numbers), limit, highest: None, largest: None, cache: None };
    }
    let largest = cases.iter().map(|timed| timed.case.bytes).reduce(f64::max);
    let cache = cache_in(run, measured);
    // A part of the largest copy still comes from the cache.
    let limit = cache.map(|cache| cache.memory_rate).or_else(|| run.memory_limit(largest?));
    Reading { copies: true, numbers: None, limit, highest: run.memory_limit(0.0), largest, cache }
}

/// The cache in front of the memory, by the copies of an experiment.
fn cache_in(run: &Run, measured: &Measured) -> Option<Cache> {
    let cases = timed(measured, Series::Device, Quantity::Kernel);
    let mut points: Vec<_> = cases.iter().map(|timed| (timed.case.bytes, timed.time)).collect();
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    cache::find(&points, floor(run, measured).map_or(0.0, |floor| floor.value))
}

/// Returns the memory limit that the report tells, in bytes per second: that of the memory beyond the cache, or of the
/// largest copy if no cache is seen. `None` if nothing was copied.
pub(in crate::experiment) fn memory_told(run: &Run) -> Option<f64> {
    beyond_the_cache(run).or_else(|| run.memory_limit(f64::INFINITY))
}

/// Returns the rate of the memory beyond the cache, in bytes per second, by the copies of a run or by those before it;
/// `None` if they show no cache.
fn beyond_the_cache(run: &Run) -> Option<f64> {
    let mut copies =
        run.experiments.iter().filter(|measured| measured.name == names::LIMITS && measured.workload == "copy");
    let cache = if let Some(measured) = copies.next() {
        cache_in(run, measured)
    } else {
        let curve = run.calibration.copy_curve.iter();
        let points = curve.filter_map(|copy| Some((copy.bytes, Summary::of(&[copy.bytes / copy.rate])?)));
        cache::find(&points.collect::<Vec<_>>(), run.calibration.launch_floor.map_or(0.0, |floor| floor.value))
    };
    cache.map(|cache| cache.memory_rate)
}

impl Reading {
    /// Whether it counts whole numbers, which are no flop.
    pub(super) fn whole_numbers(&self) -> bool {
        self.numbers == Some(I32)
    }
}
