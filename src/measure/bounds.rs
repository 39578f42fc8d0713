//! Checks a case against two limits: the rounds of a loop that the driver allows, and the free memory.

use crate::device::{DeviceError, Spec};
use crate::record::{Problem, Series, TransferMethod};
use crate::units;

/// Returns the bytes of inputs, output and intermediate results.
pub(super) fn buffer_bytes(spec: &Spec) -> u64 {
    data_bytes(spec).saturating_add(scratch_bytes(spec))
}

/// Returns the bytes of inputs and output.
fn data_bytes(spec: &Spec) -> u64 {
    let lengths = spec.workload.input_lengths(spec.case.problem);
    let output = spec.workload.output_length(spec.case.problem);
    lengths.iter().fold(output, |sum, length| sum.saturating_add(*length)).saturating_mul(4)
}

/// Returns the bytes of intermediate results between steps.
fn scratch_bytes(spec: &Spec) -> u64 {
    let steps = spec.workload.steps(spec.variant, &spec.case);
    let scratch = steps.iter().flat_map(|step| &step.scratch);
    scratch.fold(0, |sum: u64, length| sum.saturating_add(*length)).saturating_mul(4)
}

/// Memory on the device used by the jobs of an experiment. Jobs of the same problem share inputs and output.
#[derive(Default)]
pub(super) struct Held {
    data: Vec<Kept>,
    bytes: u64,
}

/// Key of shared data: the problem, the launch style if it has its own handle, and whether the host maps the data.
type Kept = (Problem, Option<Series>, bool);

impl Held {
    fn key(spec: &Spec) -> Kept {
        let own = Some(spec.case.series).filter(|series| has_own_handle(*series));
        (spec.case.problem, own, spec.transfer() == TransferMethod::Mapped)
    }

    /// Returns the bytes that one more case adds.
    fn added(&self, spec: &Spec) -> u64 {
        let data = if self.data.contains(&Self::key(spec)) { 0 } else { data_bytes(spec) };
        data.saturating_add(scratch_bytes(spec))
    }

    /// Refuses a case that does not fit beside the earlier ones.
    pub(super) fn check(&self, spec: &Spec, budget: u64) -> Result<(), DeviceError> {
        within(self.added(spec), self.bytes, budget)
    }

    /// Adds a case.
    pub(super) fn add(&mut self, spec: &Spec) {
        self.bytes += self.added(spec);
        let key = Self::key(spec);
        if !self.data.contains(&key) {
            self.data.push(key);
        }
    }
}

/// Returns whether a series runs on its own handle of the device. A driver keeps the command buffers of every pass that
/// it ever ran, so each launch style gets its own.
pub(super) fn has_own_handle(series: Series) -> bool {
    matches!(series, Series::Launch(_))
}

/// Returns the bytes that a case needs on the device: its buffers and their staging. The jobs of a device share
/// staging, so these numbers must not be added.
pub(super) fn device_bytes(spec: &Spec) -> u64 {
    buffer_bytes(spec).saturating_add(data_bytes(spec))
}

/// Returns the bytes that a case needs on the host: inputs, outputs with a copy, and the 64-bit reference.
pub(super) fn host_bytes(spec: &Spec) -> u64 {
    let inputs = spec.workload.input_lengths(spec.case.problem).into_iter().fold(0, u64::saturating_add);
    inputs.saturating_mul(4).saturating_add(spec.workload.output_length(spec.case.problem).saturating_mul(16))
}

/// Largest reference, in flop: about half a minute on one core, or a product of matrices of side 4,096.
const MOST_REFERENCE_FLOP: f64 = 1.5e11;

/// Refuses a case whose reference would take too long to compute.
pub(super) fn check_reference(spec: &Spec) -> Result<(), DeviceError> {
    let flop = spec.workload.reference_flop(spec.case.problem);
    if flop <= MOST_REFERENCE_FLOP || spec.workload.is_the_readers() {
        return Ok(());
    }
    Err(DeviceError::Unsupported(format!(
        "checking it takes {} on one CPU core; we stop at {}",
        units::flop(flop),
        units::flop(MOST_REFERENCE_FLOP)
    )))
}

/// Seconds to make one input number on one CPU core.
const MAKING: f64 = 5e-9;

/// Refuses a case whose inputs would take too long to make; `most` is in seconds.
pub(super) fn check_making(spec: &Spec, most: f64) -> Result<(), DeviceError> {
    let numbers = spec.workload.input_lengths(spec.case.problem).into_iter().fold(0, u64::saturating_add);
    let seconds = MAKING * numbers as f64;
    if seconds <= most {
        return Ok(());
    }
    Err(DeviceError::Unsupported(format!(
        "making its {} numbers takes about {}; this run has {} for it",
        units::count(numbers),
        units::seconds(seconds),
        units::seconds(most)
    )))
}

/// Refuses a case that does not fit into the free memory.
pub(super) fn within(bytes: u64, taken: u64, budget: u64) -> Result<(), DeviceError> {
    if bytes.saturating_add(taken) <= budget {
        return Ok(());
    }
    Err(DeviceError::Unsupported(format!(
        "needs {} of memory beside the {} of earlier cases; the limit for both is {}",
        units::bytes(bytes as f64),
        units::bytes(taken as f64),
        units::bytes(budget as f64)
    )))
}

/// Refuses a case whose loop this driver would end early. Some drivers end long loops without an error.
pub(super) fn check_loops(spec: &Spec, budget: Option<u64>) -> Result<(), DeviceError> {
    // Each part runs its share of the items in its own loops.
    let needed = spec.workload.back_edges(spec.variant, &spec.case).div_ceil(u64::from(spec.case.parts))
        + u64::from(spec.case.parts > 1);
    match budget {
        Some(budget) if needed > budget => Err(DeviceError::Unsupported(format!(
            "one worker needs {} rounds of a loop; this driver stops after {} without an error",
            units::count(needed),
            units::count(budget)
        ))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::record::Case;
    use crate::workload;

    #[test]
    fn a_loop_beyond_the_budget_and_too_much_memory_are_refused_with_numbers() {
        let (workload, variant) = (workload::find("saxpy").unwrap(), &workload::find("saxpy").unwrap().variants()[0]);
        let problem = Problem::Vector { n: 100_000 };
        let spec = Spec { workload, variant, case: Case::new(problem, 1, 1), inputs: Rc::default() };
        assert!(check_loops(&spec, None).is_ok());
        assert!(check_loops(&spec, Some(200_000)).is_ok());
        let message = check_loops(&spec, Some(65_536)).unwrap_err().to_string();
        assert!(message.contains("65,536"), "{message}");
        assert_eq!(buffer_bytes(&spec), 1_200_000);
        assert_eq!(device_bytes(&spec), 2_400_000, "two inputs and an output, each with its staging");
        assert_eq!(host_bytes(&spec), 2_400_000);
        assert!(check_reference(&spec).is_ok());
        let huge = Spec { case: Case::new(Problem::Vector { n: 1 << 40 }, 1, 1), ..spec.clone() };
        assert!(check_reference(&huge).is_err());
        let matmul = workload::find("matmul").unwrap();
        let side = |n| Spec { workload: matmul, case: Case::new(matmul.problem(n), 1, 1), ..spec.clone() };
        assert!(check_reference(&side(4096)).is_ok() && check_reference(&side(4352)).is_err());
        assert!(check_making(&spec, 1e-2).is_ok());
        let message = check_making(&huge, 1.25).unwrap_err().to_string();
        assert!(message.contains("11,000 s") && message.contains("this run has 1.25 s"), "{message}");
        assert!(within(1_200_000, 0, 1_200_000).is_ok());
        assert!(within(1_200_000, 1, 1_200_000).is_err());
        assert!(within(u64::MAX, u64::MAX, 1 << 40).is_err());
    }
    /// Twenty-two cases of 48 MiB with a limit of one gibibyte for all.
    #[test]
    fn cases_of_one_problem_are_counted_once() {
        let workload = workload::find("saxpy").unwrap();
        let spec = |n: u64, workers| Spec {
            workload,
            variant: &workload.variants()[0],
            case: Case::new(Problem::Vector { n }, workers, 1),
            inputs: Rc::default(),
        };
        let mut held = Held::default();
        for exponent in 0..22 {
            let one = spec(1 << 22, 1 << exponent);
            assert!(held.check(&one, 1 << 30).is_ok(), "{exponent}");
            held.add(&one);
        }
        assert_eq!(held.bytes, 48 << 20);
        let mapped = Series::Transfer(TransferMethod::Mapped);
        let mapped = Spec { case: spec(1 << 22, 1).case.in_series(mapped), ..spec(1 << 22, 1) };
        assert_eq!(held.added(&mapped), 48 << 20, "the host cannot map the others");
        assert!(held.check(&spec(1 << 23, 1), 143 << 20).is_err(), "96 MiB of another problem");
        assert!(held.check(&spec(1 << 23, 1), 144 << 20).is_ok());
        let dot = workload::find("dot").unwrap();
        let sum = |workers| Spec { workload: dot, variant: &dot.variants()[0], ..spec(1 << 20, workers) };
        let mut held = Held::default();
        held.add(&sum(1 << 10));
        assert!((1..1 << 20).contains(&held.added(&sum(1 << 12))), "what its steps keep between them is its own");
    }
}
