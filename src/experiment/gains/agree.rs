//! The same job in `gains` and in `problem-size`.

use crate::experiment::agreement::Agreement;
use crate::experiment::names;
use crate::page::words;
use crate::record::{Check, Measured, Measurement, Quantity, Run};
use crate::stats::{Estimate, Summary};
use crate::units;

/// Factor by which a device may differ between two experiments beside its intervals.
const BETWEEN: f64 = 1.25;

/// Shortest kernel that is compared, in seconds: caches and sleeping threads decide shorter ones.
const SHORT: f64 = 1e-4;

/// The processor finds its data in the caches and its threads awake in one experiment, and not in the other. Up to
/// seven times as long was seen for that, of data that a processor's caches can hold, in bytes.
const COLD: f64 = 7.0;
const CACHES: f64 = 64e6;
const CAUSE: &str = "caches and threads were as the cases before had left them";

/// Checks the kernel that is furthest apart in both experiments, of the device and of the processor.
pub(super) fn checks(run: &Run, measured: &Measured) -> Vec<Check> {
    [false, true].into_iter().filter_map(|on_cpu| furthest(run, measured, on_cpu)).map(Agreement::check).collect()
}

/// Says of the device's kernel that differs most from problem-size which of both times to believe; nothing if the noise
/// between sections explains the difference.
pub(super) fn sentence(run: &Run, measured: &Measured) -> Option<String> {
    let noise = 1.0 + run.audit.as_ref().and_then(|audit| audit.wander).unwrap_or(0.0);
    let Agreement { first: (_, here), second: (_, there), place, .. } = furthest(run, measured, false)?;
    let apart = here.low > noise * there.high || there.low > noise * here.high;
    apart.then(|| {
        let [here, there] = [here.value, there.value].map(units::seconds);
        format!(
            "In problem-size the same kernel took {there}, here {here} ({place}). Believe the shorter: other work on \
             the machine only adds time."
        )
    })
}

fn furthest(run: &Run, measured: &Measured, on_cpu: bool) -> Option<Agreement> {
    let others = run.experiments.iter().filter(|other| {
        other.name == names::PROBLEM_SIZE
            && (&other.workload, &other.variant) == (&measured.workload, &measured.variant)
    });
    let others: Vec<&Measurement> = others.flat_map(|other| &other.cases).collect();
    let pair = |case: &'_ Measurement| {
        let same = |other: &&&Measurement| {
            let key =
                |case: &Measurement| (case.series, case.problem, case.workers, case.workgroup_size, case.transfer);
            key(other) == key(case)
        };
        let kernel = |case: &Measurement| case.summary(Quantity::Kernel).filter(|kernel| kernel.median > SHORT);
        Some((case.case, case.bytes, kernel(case)?, kernel(others.iter().find(same)?)?))
    };
    let cases = measured.cases.iter().filter(|case| case.is_baseline() == on_cpu);
    let apart = |one: &Summary, other: &Summary| (one.median / other.median).ln().abs();
    let pairs = cases.filter_map(pair);
    let (case, bytes, here, there) = pairs.max_by(|a, b| apart(&a.2, &a.3).total_cmp(&apart(&b.2, &b.3)))?;
    Some(Agreement {
        name: if on_cpu {
            "CPU kernel in gains against problem-size"
        } else {
            "device kernel in gains against problem-size"
        },
        place: format!("{}, {}, {}", words::workload(measured), words::amount(case.problem), case.series),
        first: ("gains", here.estimate()),
        second: (names::PROBLEM_SIZE, there.estimate()),
        factor: BETWEEN,
        unit: units::seconds,
        cause: (on_cpu && is_cold(bytes, here.estimate(), there.estimate())).then(|| CAUSE.to_owned()),
    })
}

/// Whether cold caches and sleeping threads explain the difference of two times of a job that moves so many bytes.
fn is_cold(bytes: f64, one: Estimate, other: Estimate) -> bool {
    bytes <= CACHES && one.low.max(other.low) <= COLD * one.high.min(other.high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cold_caches_explain_a_difference_up_to_what_was_seen_and_of_small_data_alone() {
        let estimate = |value: f64| Estimate { value, low: 0.95 * value, high: 1.05 * value };
        let [short, long] = [estimate(1e-3), estimate(6e-3)];
        assert!(is_cold(4e6, short, long) && is_cold(4e6, long, short));
        assert!(!is_cold(4e6, short, estimate(9e-3)), "nine times as long");
        assert!(!is_cold(2e8, short, long), "no cache holds it");
    }
}
