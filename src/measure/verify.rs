//! Right before fast: outputs against a reference in 64 bits.

use crate::record::Verified;
use crate::workload::Tolerance;

/// A kernel that computed something wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(
    "wrong result: {case}: element {index} {}, the reference is {reference} (tolerance {tolerance:e}: \
     {derivation}). Nothing was timed; the driver or the kernel is at fault. Try another device (see `amdahl \
     devices`), and please report this with the device's name",
    found(*value)
)]
pub struct Mismatch {
    /// The case in words.
    pub case: String,
    /// The element that is furthest off.
    pub index: usize,
    /// What the device computed.
    pub value: f32,
    /// What it should have computed.
    pub reference: f64,
    /// Largest difference allowed.
    pub tolerance: f64,
    /// Why that much.
    pub derivation: &'static str,
}

/// What was found in place of a number; poison is not a number.
fn found(value: f32) -> String {
    if value.is_nan() { "was never written, or is not a number".to_owned() } else { format!("is {value}") }
}

/// Compares an output with its reference, element by element. Poison that was not overwritten is NaN and counts as
/// wrong.
pub(super) fn verify(
    case: &str,
    output: &[f32],
    reference: impl ExactSizeIterator<Item = f64> + Clone,
    tolerance: &Tolerance,
) -> Result<Verified, Mismatch> {
    let mismatch = |index: usize, value: f32, reference: f64| Mismatch {
        case: case.to_owned(),
        index,
        value,
        reference,
        tolerance: tolerance.value,
        derivation: tolerance.derivation,
    };
    if output.len() != reference.len() {
        let index = output.len().min(reference.len());
        let expected = reference.clone().nth(index).unwrap_or(f64::NAN);
        return Err(mismatch(index, f32::NAN, expected));
    }
    let mut max_error = 0.0f64;
    for (index, (&value, expected)) in output.iter().zip(reference).enumerate() {
        let error = (f64::from(value) - expected).abs();
        if error.is_nan() || error > tolerance.value {
            return Err(mismatch(index, value, expected));
        }
        max_error = max_error.max(error);
    }
    Ok(Verified::Right { max_error, tolerance: tolerance.value })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLERANCE: Tolerance = Tolerance { value: 0.5, derivation: "a test" };

    #[test]
    fn within_the_tolerance_is_right_and_the_largest_error_is_kept() {
        let verified = verify("case", &[1.0, 2.25], [1.0, 2.0].into_iter(), &TOLERANCE).unwrap();
        assert_eq!(verified, Verified::Right { max_error: 0.25, tolerance: 0.5 });
    }

    #[test]
    fn a_wrong_element_poison_and_a_short_output_are_mismatches() {
        let wrong = |output: &[f32], reference: &[f64]| {
            verify("case", output, reference.iter().copied(), &TOLERANCE).unwrap_err()
        };
        assert_eq!(wrong(&[1.0, 3.0], &[1.0, 2.0]).index, 1);
        assert_eq!(wrong(&[f32::NAN], &[1.0]).index, 0);
        assert_eq!(wrong(&[1.0], &[1.0, 2.0]).index, 1);
    }
}
