//! Compares results with a 64-bit reference, before anything is timed.

use crate::record::{Case, Verified};
use crate::workload::Tolerance;

/// A kernel computed a wrong result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(
    "wrong result: {case}: element {index} {}, but the reference is {reference} (allowed difference {tolerance:e}: \
     {derivation}). Nothing was timed. {}",
    found(*value),
    advice(*readers)
)]
pub struct Mismatch {
    /// The case in words.
    pub case: String,
    /// Index of the element with the largest error.
    pub index: usize,
    /// Value computed by the device.
    pub value: f64,
    /// Correct value.
    pub reference: f64,
    /// Largest allowed difference.
    pub tolerance: f64,
    /// Reason for this tolerance.
    pub derivation: &'static str,
    /// Whether the user supplied the kernel or the expected values.
    pub readers: bool,
}

/// Says what to do about a wrong result.
fn advice(readers: bool) -> &'static str {
    if readers {
        "Correct the kernel (--wgsl) or the values that you expect (--expect)"
    } else {
        "The driver or our kernel is wrong. Try another device (see `amdahl devices`), and please report this with the \
         name of the device"
    }
}

/// Describes the value of an element. An element that was never written is not a number.
fn found(value: f64) -> String {
    let short = value as f32;
    if value.is_nan() {
        "was never written or is not a number".to_owned()
    } else if f64::from(short) == value {
        format!("is {short}")
    } else {
        format!("is {value}")
    }
}

/// Says that an output was not checked, and how many of its values are not numbers. A driver that ends loops early, or
/// a kernel that skips elements, looks too fast.
pub(super) fn unverified(reason: String, case: &Case, output: &[f64]) -> Verified {
    let missing = output.iter().filter(|value| value.is_nan()).count();
    if missing == 0 || case.parts > 1 {
        return Verified::NotVerified { reason };
    }
    let all = output.len();
    let reason = format!("{reason}; {missing} of its {all} values were never written or are not numbers");
    Verified::NotVerified { reason }
}

/// Compares an output with its reference, element by element. An element that was never written is NaN and counts as
/// wrong.
pub(super) fn verify<T: Copy + Into<f64>>(
    case: &str,
    output: &[T],
    reference: impl ExactSizeIterator<Item = f64> + Clone,
    tolerance: &Tolerance,
) -> Result<Verified, Mismatch> {
    verify_each(case, output, reference, tolerance, None)
}

/// Works like [`verify`], with a tolerance for each element if given. None exceeds `tolerance`; for integers it is 0.
pub(super) fn verify_each<T: Copy + Into<f64>>(
    case: &str,
    output: &[T],
    reference: impl ExactSizeIterator<Item = f64> + Clone,
    tolerance: &Tolerance,
    each: Option<&[f64]>,
) -> Result<Verified, Mismatch> {
    let allowed = |index: usize| each.and_then(|each| each.get(index).copied()).unwrap_or(tolerance.value);
    let mismatch = |index: usize, value: f64, reference: f64| Mismatch {
        case: case.to_owned(),
        index,
        value,
        reference,
        tolerance: allowed(index),
        derivation: if allowed(index) <= 0.0 && tolerance.value > 0.0 {
            "it is a whole number"
        } else {
            tolerance.derivation
        },
        readers: false,
    };
    if output.len() != reference.len() {
        let index = output.len().min(reference.len());
        let expected = reference.clone().nth(index).unwrap_or(f64::NAN);
        return Err(mismatch(index, f64::NAN, expected));
    }
    let mut max_error = 0.0f64;
    for (index, (&value, expected)) in output.iter().zip(reference).enumerate() {
        let value = value.into();
        let error = (value - expected).abs();
        if error.is_nan() || error > allowed(index) {
            return Err(mismatch(index, value, expected));
        }
        max_error = max_error.max(error);
    }
    Ok(Verified::Right { max_error, tolerance: tolerance.value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Problem;

    const TOLERANCE: Tolerance = Tolerance { value: 0.5, derivation: "a test" };

    #[test]
    fn within_the_tolerance_is_right_and_the_largest_error_is_kept() {
        let verified = verify("case", &[1.0, 2.25], [1.0, 2.0].into_iter(), &TOLERANCE).unwrap();
        assert_eq!(verified, Verified::Right { max_error: 0.25, tolerance: 0.5 });
    }

    #[test]
    fn what_was_not_compared_is_not_verified_and_holes_are_counted() {
        let case = Case::new(Problem::Vector { n: 3 }, 1, 1);
        let reason = |output: &[f64], case| match unverified("nothing".to_owned(), case, output) {
            Verified::NotVerified { reason } => reason,
            other => panic!("{other:?}"),
        };
        assert_eq!(reason(&[1.0, 2.0, 3.0], &case), "nothing");
        assert_eq!(
            reason(&[1.0, f64::NAN, f64::NAN], &case),
            "nothing; 2 of its 3 values were never written or are not numbers"
        );
        assert_eq!(reason(&[f64::NAN], &Case { parts: 2, ..case }), "nothing", "a part leaves out the others");
    }

    #[test]
    fn whole_numbers_are_shown_in_full() {
        assert_eq!(found(f64::from(0.1f32)), "is 0.1");
        assert_eq!(found(4_294_967_295.0), "is 4294967295");
    }

    #[test]
    fn each_element_may_have_its_own_tolerance() {
        let checked = |output: &[f64]| {
            verify_each("case", output, [2.0, 7.0].into_iter(), &TOLERANCE, Some(&[0.5, 0.0]))
                .map_err(|wrong| wrong.index)
        };
        assert!(checked(&[2.25, 7.0]).is_ok());
        assert_eq!(checked(&[2.0, 7.25]), Err(1));
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
