//! Measures how long a workload takes at full width. It starts with a job that is surely short, and makes it longer.
//!
//! The number of workers that a GPU runs at once is unknown beforehand. So the speed of one worker cannot tell which
//! size is right.

use super::MeasureError;
use super::gauge::work;
use super::tournament::{Field, Races};
use crate::clock;
use crate::device::Device;
use crate::record::Problem;

/// Factor between the numbers of elements of two steps.
const STEP: u64 = 4;

/// Elements of the first step, and side of its matrices.
const FIRST: u64 = 1 << 12;
const FIRST_SIDE: u64 = 1 << 5;

/// Number of times that a first step is made longer if it is too short for the clock.
const TRIES: u32 = 4;

/// Smallest factor between the times of two steps, set-up included.
const NEXT: f64 = 2.0;

/// Kernel times at full width.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Climb {
    /// Work ([`work`]: flop or bytes) and seconds, in ascending order.
    steps: Vec<(f64, f64)>,
}

impl Climb {
    /// Returns the time of some work in seconds, scaled from the closest measured step; `None` if nothing was measured.
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

/// Measures larger and larger problems until the fastest variant takes `enough` seconds. It stops earlier if the next
/// problem would not fit on the device, or would end after `most` seconds. The first step does not count: a driver that
/// has never seen the kernels takes long to compile them.
pub(super) async fn climb<D: Device>(
    device: &mut D,
    races: &mut Races,
    field: &Field<'_>,
    [enough, most]: [f64; 2],
    planned: &dyn Fn(u64) -> Problem,
) -> Result<Climb, MeasureError> {
    let mut start = clock::now();
    let mut climb = Climb::default();
    let is_matrix = matches!(planned(1), Problem::Matrix { .. } | Problem::Batch { .. });
    let first = if is_matrix { FIRST_SIDE } else { FIRST };
    let mut n = first;
    loop {
        let begin = clock::now();
        let problem = planned(n);
        let Some(seconds) = races.race(device, field, problem).await?.seconds() else {
            if climb.steps.is_empty() && n < first * STEP.pow(TRIES) {
                n *= STEP;
                continue;
            }
            return Ok(climb);
        };
        climb.steps.push((work(field.workload, problem), seconds));
        let is_first = climb.steps.len() == 1;
        if is_first {
            start = clock::now();
        }
        // The next step takes at least this many times as long; matrices take more.
        let next = work(field.workload, planned(STEP * n)) / work(field.workload, problem);
        let over = !is_first && clock::seconds_since(start) + NEXT * clock::seconds_since(begin) > most;
        if seconds >= enough / 2.0 || seconds * next > 4.0 * enough || over {
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
