//! Times jobs that take longer than a dispatch may: one of many equal parts at a time.

use super::bounds::check_loops;
use super::data::Data;
use super::verify::{self, Mismatch};
use crate::device::Spec;
use crate::record::{Case, Verified};
use crate::workload::{self, Workload};

/// Fewest items per worker in a part, so that the workers' shares are nearly equal.
const NEARLY_EQUAL: u64 = 4;

/// Returns the number of parts of a case, a power of two. `longer` is its time divided by the longest time of a part.
/// Returns `None` if the case is timed whole, because it is short enough or cannot be divided.
pub(super) fn number(spec: &Spec, longer: f64, loop_budget: Option<u64>) -> Option<u32> {
    let case = spec.case;
    let most = spec.workload.items(case.problem) / (NEARLY_EQUAL * case.workers);
    let fits = |parts: u32| check_loops(&Spec { case: Case { parts, ..case }, ..spec.clone() }, loop_budget).is_ok();
    let enough = |parts: &u32| f64::from(*parts) >= longer && fits(*parts);
    let powers = (0..u32::BITS).map(|exponent| 1u32 << exponent);
    let parts = powers.take_while(|parts| u64::from(*parts) <= most.max(1)).find(enough)?;
    let case = Case { parts, ..case };
    (parts > 1 && workload::parts(spec.workload, spec.variant, &case).is_ok()).then_some(parts)
}

/// Returns the index of the case with the most parts, and the same case in parts of half the size; `None` if nothing is
/// timed in parts.
pub(super) fn halved(workload: &dyn Workload, cases: &[Case]) -> Option<(usize, Case)> {
    let (index, case) =
        cases.iter().enumerate().max_by_key(|(_, case)| case.parts).filter(|(_, case)| case.parts > 1)?;
    let fits = workload.items(case.problem) / u64::from(2 * case.parts) >= case.workers;
    fits.then_some((index, Case { parts: 2 * case.parts, ..*case }))
}

/// Compares the elements of the parts that ran with their reference.
pub(super) fn verify<T: Copy + Into<f64>>(
    case: &str,
    spec: &Spec,
    output: &[T],
    data: &Data,
) -> Result<Verified, Mismatch> {
    let mut worst = 0.0f64;
    let mut allowed = data.tolerance.value;
    for part in workload::part_ranges(spec.workload, &spec.case) {
        let part = part.start as usize..(part.end as usize).min(output.len());
        let reference = data.reference[part.clone()].iter().copied();
        if let Verified::Right { max_error, tolerance } =
            verify::verify(case, &output[part], reference, &data.tolerance)?
        {
            (worst, allowed) = (worst.max(max_error), tolerance);
        }
    }
    Ok(Verified::Right { max_error: worst, tolerance: allowed })
}
