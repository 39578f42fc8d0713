//! Checks that no kernel and no transfer is faster than its hardware limit.

use super::{cases, check, name};
use crate::record::{Check, Clock, Measured, Measurement, Phase, Run, has_own_limit};
use crate::stats::median;
use crate::units;

/// Share by which a rate may exceed its limit, in case the machine was slow while the limit was measured. The limit is
/// the fastest of a few tries and the rate a median of many, so the rate should be lower.
const OVER: f64 = 0.1;

/// Bytes that a copy may really move per byte that it counts. Some memories read a line before they write it: three
/// transfers instead of two.
const COPY_TRAFFIC: f64 = 1.5;

/// Smallest transfer that is compared with the host's memory, in bytes. Smaller ones may stay in its caches.
const LARGE: u64 = 8 << 20;

/// A rate and its limit, in the same unit.
type Held = (f64, f64);

/// Checks kernels against the limits of the run, and transfers against the host's memory.
pub(in crate::measure) fn limits(run: &Run) -> Vec<Check> {
    let moved = |_: &Measured, case: &Measurement| moved(run, case);
    let compute = run.calibration.compute_roof.and_then(|_| run.compute_limit());
    // The limit of other numbers comes from the same kernels, so they cannot be compared with it. Matrix units have no
    // limit.
    let computed = |experiment: &Measured, case: &Measurement| {
        let limit = compute.filter(|_| !has_own_limit(experiment, case))?;
        Some((case.flop / kernel(case)?, limit))
    };
    let transfer = |_: &Measured, case: &Measurement| {
        let rate = |phase: Phase, bytes: u64| {
            let seconds = median(case.seconds(phase)).filter(|seconds| *seconds > 0.0 && bytes >= LARGE)?;
            Some(bytes as f64 / seconds)
        };
        let (up, back) = (rate(Phase::Upload, case.upload_bytes), rate(Phase::ReadBack, case.read_back_bytes));
        Some((up.into_iter().chain(back).reduce(f64::max)?, run.calibration.host_copy_roof?))
    };
    let checks = [
        held(run, Check::MEMORY, units::bandwidth, moved),
        held(run, Check::COMPUTE, units::flop_rate, computed),
        held(run, Check::TRANSFERS, units::bandwidth, transfer),
    ];
    checks.into_iter().flatten().collect()
}

/// Returns the bytes moved by the kernel that comes closest to its memory limit.
pub(in crate::measure) fn nearest_to_memory_limit(run: &Run) -> Option<f64> {
    let shares = cases(run).filter_map(|(_, case)| moved(run, case).map(|(rate, limit)| (rate / limit, case.bytes)));
    shares.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, bytes)| bytes)
}

/// Returns how fast a kernel moves data in bytes per second, and the memory limit for its size.
fn moved(run: &Run, case: &Measurement) -> Option<Held> {
    // On some memories a copy also reads the data that it writes. A kernel that writes a smaller share may be that much
    // faster.
    let faster = COPY_TRAFFIC * case.bytes / (case.bytes + case.read_back_bytes as f64);
    // A device without hardware has no measured limits.
    run.calibration.copy_roof?;
    Some((case.bytes / faster.max(1.0) / kernel(case)?, run.memory_limit(case.bytes)?))
}

/// Returns the kernel time of a case on the device itself, in seconds.
fn kernel(case: &Measurement) -> Option<f64> {
    let own = case.clock(Phase::Kernel)? != Clock::HostLessEmpty && !case.is_baseline();
    median(case.seconds(Phase::Kernel)).filter(|seconds| own && *seconds > 0.0)
}

/// Checks all rates of one kind. The detail names the one closest to its limit.
fn held(
    run: &Run,
    name_of_check: &str,
    words: fn(f64) -> String,
    held: impl Fn(&Measured, &Measurement) -> Option<Held>,
) -> Option<Check> {
    // A case that moves or computes nothing has no rate.
    let held = |experiment, case| held(experiment, case).filter(|(rate, _)| *rate > 0.0);
    let all = cases(run).filter_map(|(experiment, case)| Some((held(experiment, case)?, experiment, case)));
    let ((rate, limit), experiment, case) = all.max_by(|(a, ..), (b, ..)| (a.0 / a.1).total_cmp(&(b.0 / b.1)))?;
    Some(check(
        name_of_check,
        rate <= limit * (1.0 + OVER),
        format!(
            "limit {} + {}; highest seen {} ({})",
            words(limit),
            units::whole_percent(OVER),
            words(rate),
            name(experiment, case)
        ),
    ))
}
