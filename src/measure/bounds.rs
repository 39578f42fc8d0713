//! What a case must stay within: the loops that a driver lets run, and the memory that is left.

use crate::device::{DeviceError, Spec};
use crate::units;

/// Bytes of the inputs, the output and what the steps keep between them.
pub(super) fn buffer_bytes(spec: &Spec) -> u64 {
    let lengths = spec.workload.input_lengths(spec.case.problem);
    let steps = spec.workload.steps(spec.variant, &spec.case);
    let scratch = steps.iter().flat_map(|step| &step.scratch).fold(0, |sum: u64, length| sum.saturating_add(*length));
    let output = spec.workload.output_length(spec.case.problem);
    let elements = lengths.iter().fold(output.saturating_add(scratch), |sum, length| sum.saturating_add(*length));
    elements.saturating_mul(4)
}

/// Bytes that the case takes on the device: its buffers, and the staging through which it is filled and read. Staging
/// is shared by the jobs of a device, so those of several cases are not to be added up.
pub(super) fn device_bytes(spec: &Spec) -> u64 {
    let lengths = spec.workload.input_lengths(spec.case.problem);
    let output = spec.workload.output_length(spec.case.problem);
    let staging = lengths.iter().fold(output, |sum, length| sum.saturating_add(*length));
    buffer_bytes(spec).saturating_add(staging.saturating_mul(4))
}

/// Bytes that the case takes on the host: inputs, outputs with their copy, and the reference in 64 bits.
pub(super) fn host_bytes(spec: &Spec) -> u64 {
    let inputs = spec.workload.input_lengths(spec.case.problem).into_iter().fold(0, u64::saturating_add);
    inputs.saturating_mul(4).saturating_add(spec.workload.output_length(spec.case.problem).saturating_mul(16))
}

/// Most flop of a reference: ten seconds or so on one core.
const MOST_REFERENCE_FLOP: f64 = 1e11;

/// Refuses a case whose reference would take longer than anybody waits for a verification.
pub(super) fn check_reference(spec: &Spec) -> Result<(), DeviceError> {
    let flop = spec.workload.flop(spec.case.problem);
    if flop <= MOST_REFERENCE_FLOP {
        return Ok(());
    }
    Err(DeviceError::Unsupported(format!(
        "its reference takes {}, which one processor core does not finish in a reasonable time: the limit is {}",
        units::flop(flop),
        units::flop(MOST_REFERENCE_FLOP)
    )))
}

/// Refuses what does not fit into the memory that is left.
pub(super) fn within(bytes: u64, taken: u64, budget: u64) -> Result<(), DeviceError> {
    if bytes.saturating_add(taken) <= budget {
        return Ok(());
    }
    Err(DeviceError::Unsupported(format!(
        "its buffers take {} beside the {} of the cases before it: the limit is {} together",
        units::bytes(bytes as f64),
        units::bytes(taken as f64),
        units::bytes(budget as f64)
    )))
}

/// Some drivers end a loop silently after a number of rounds; a case beyond it would compute something wrong.
pub(super) fn check_loops(spec: &Spec, budget: Option<u64>) -> Result<(), DeviceError> {
    // Each part goes through its share of the items, in its own loops.
    let needed =
        (spec.variant.back_edges)(&spec.case).div_ceil(u64::from(spec.case.parts)) + u64::from(spec.case.parts > 1);
    match budget {
        Some(budget) if needed > budget => Err(DeviceError::Unsupported(format!(
            "one invocation would go {needed} times round its loops: this driver silently stops after {budget}"
        ))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::record::{Case, Problem};
    use crate::workload;

    #[test]
    fn a_loop_beyond_the_budget_and_too_much_memory_are_refused_with_numbers() {
        let (workload, variant) = (workload::find("saxpy").unwrap(), &workload::find("saxpy").unwrap().variants()[0]);
        let problem = Problem::Vector { n: 100_000 };
        let spec = Spec { workload, variant, case: Case::new(problem, 1, 1), inputs: Rc::default() };
        assert!(check_loops(&spec, None).is_ok());
        assert!(check_loops(&spec, Some(200_000)).is_ok());
        let message = check_loops(&spec, Some(65_536)).unwrap_err().to_string();
        assert!(message.contains("65536"), "{message}");
        assert_eq!(buffer_bytes(&spec), 1_200_000);
        assert_eq!(device_bytes(&spec), 2_400_000, "two inputs and an output, each with its staging");
        assert_eq!(host_bytes(&spec), 2_400_000);
        assert!(check_reference(&spec).is_ok());
        let huge = Spec { case: Case::new(Problem::Vector { n: 1 << 40 }, 1, 1), ..spec.clone() };
        assert!(check_reference(&huge).is_err());
        assert!(within(1_200_000, 0, 1_200_000).is_ok());
        assert!(within(1_200_000, 1, 1_200_000).is_err());
        assert!(within(u64::MAX, u64::MAX, 1 << 40).is_err());
    }
}
