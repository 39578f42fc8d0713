//! How long a workload takes at full width: measured upward, from a job that is surely short.
//!
//! What runs at once on a GPU is not known before it is measured, so no size can be chosen from the speed of one
//! worker.

use std::rc::Rc;

use super::MeasureError;
use super::bounds::{buffer_bytes, check_loops, within};
use super::calibration::shortest_kernel;
use super::gauge::work;
use crate::device::{Device, DeviceError, Spec};
use crate::record::{Case, Problem};
use crate::workload::{Variant, Workload};

/// Each step has so many times the elements of the one before.
const STEP: u64 = 4;

/// Elements of the first step, and sides of its matrices.
const FIRST: u64 = 1 << 12;
const FIRST_SIDE: u64 = 1 << 5;

/// Kernel times at full width.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Climb {
    /// Work ([`work`]: flop or bytes) and seconds, ascending.
    steps: Vec<(f64, f64)>,
}

impl Climb {
    /// Returns the seconds of so much work, from the measured step that is closest to it; `None` if nothing was
    /// measured.
    pub fn seconds(&self, work: f64) -> Option<f64> {
        let apart = |(done, _): &&(f64, f64)| (done / work).ln().abs();
        let (done, seconds) = self.steps.iter().min_by(|one, other| apart(one).total_cmp(&apart(other)))?;
        Some(seconds * work / done)
    }

    #[cfg(test)]
    pub(crate) fn of(steps: &[(f64, f64)]) -> Self {
        Self { steps: steps.to_vec() }
    }
}

/// Measures upward until a kernel takes `enough` seconds, or the next one would be more than the device holds.
pub(super) async fn climb<D: Device>(
    device: &mut D,
    (workload, variant): (&'static dyn Workload, &'static Variant),
    loop_budget: Option<u64>,
    enough: f64,
    planned: &dyn Fn(u64) -> Case,
) -> Result<Climb, MeasureError> {
    let mut climb = Climb::default();
    let is_matrix = matches!(workload.problem(1), Problem::Matrix { .. } | Problem::Batch { .. });
    let mut n = if is_matrix { FIRST_SIDE } else { FIRST };
    loop {
        let case = planned(n);
        let mut spec = Spec { workload, variant, case, inputs: Rc::default() };
        let fits = workload.check(variant, &case).is_ok()
            && check_loops(&spec, loop_budget).is_ok()
            && within(buffer_bytes(&spec), 0, device.info().limits.memory).is_ok();
        if !fits {
            return Ok(climb);
        }
        if device.computes() {
            // The numbers make no difference to the time: random ones would take longer to make than to use.
            let lengths = workload.input_lengths(case.problem).into_iter();
            spec.inputs = Rc::new(lengths.map(|length| vec![1.0; length as usize]).collect());
        }
        let mut job = match device.prepare(&spec).await {
            Ok((job, _)) => job,
            Err(DeviceError::Unsupported(_) | DeviceError::OutOfMemory(_)) => return Ok(climb),
            Err(error) => return Err(error.into()),
        };
        let Some(seconds) = shortest_kernel(&mut job).await?.filter(|seconds| *seconds > 0.0) else {
            return Ok(climb);
        };
        climb.steps.push((work(workload, case.problem), seconds));
        // The next step takes so many times as long at the least, matrices more.
        let next = work(workload, planned(STEP * n).problem) / work(workload, case.problem);
        if seconds >= enough / 2.0 || seconds * next > 4.0 * enough {
            return Ok(climb);
        }
        n *= STEP;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_step_tells_the_time() {
        let climb = Climb::of(&[(100.0, 1e-3), (1600.0, 4e-3)]);
        assert_eq!(climb.seconds(200.0), Some(2e-3));
        assert_eq!(climb.seconds(3200.0), Some(8e-3));
        assert_eq!(climb.seconds(800.0), Some(2e-3), "half of the larger step");
        assert_eq!(Climb::default().seconds(1.0), None);
    }
}
