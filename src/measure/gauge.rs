//! How long a case will take, before it runs: estimated from the case before it.

use super::{Place, Planned};
use crate::device::DeviceError;
use crate::record::Problem;
use crate::units;
use crate::workload::Workload;

/// Estimates how long the next case takes from the case before it.
#[derive(Default)]
pub(super) struct Gauge {
    device: Option<Known>,
    cpu: Option<Known>,
}

/// A case that ran.
#[derive(Clone, Copy)]
struct Known {
    work: f64,
    workers: f64,
    seconds: f64,
}

impl Gauge {
    /// Refuses a case whose time, scaled up from the case before it, would be too long.
    pub(super) fn check(&self, planned: &Planned, workload: &dyn Workload, slowest: f64) -> Result<(), DeviceError> {
        let known = if planned.place == Place::Cpu { self.cpu } else { self.device };
        let Some(known) = known else {
            return Ok(());
        };
        let work = work(workload, planned.problem) / known.work;
        let per_worker = work * known.workers / planned.workers as f64;
        let estimate = known.seconds * work.max(per_worker);
        if estimate > slowest {
            return Err(DeviceError::Unsupported(format!(
                "its kernel would take an estimated {}: the limit is {}, well within what drivers allow",
                units::seconds(estimate),
                units::seconds(slowest)
            )));
        }
        Ok(())
    }

    pub(super) fn learn(&mut self, planned: &Planned, workload: &dyn Workload, seconds: f64) {
        let known = Known { work: work(workload, planned.problem), workers: planned.workers as f64, seconds };
        *(if planned.place == Place::Cpu { &mut self.cpu } else { &mut self.device }) = Some(known);
    }
}

/// How much there is to do, in flop or bytes, whichever is more: a scale to compare problems of one workload by.
pub fn work(workload: &dyn Workload, problem: Problem) -> f64 {
    workload.flop(problem).max(workload.bytes(problem)).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::Launch;
    use crate::measure::Dispatches;
    use crate::workload;

    fn planned(n: u64, workers: u64) -> Planned {
        Planned {
            problem: Problem::Vector { n },
            workers,
            workgroup_size: 8,
            dispatches: Dispatches::AsTheClockNeeds,
            launch: Launch::OnePass,
            place: Place::Device,
            rung: None,
        }
    }

    #[test]
    fn a_case_is_estimated_from_the_one_before_it() {
        let saxpy = workload::find("saxpy").unwrap();
        let mut gauge = Gauge::default();
        assert!(gauge.check(&planned(1 << 30, 1), saxpy, 0.1).is_ok(), "nothing is known yet");
        gauge.learn(&planned(1000, 64), saxpy, 0.01);
        assert!(gauge.check(&planned(8000, 64), saxpy, 0.1).is_ok());
        assert!(gauge.check(&planned(16_000, 64), saxpy, 0.1).is_err(), "sixteen times the work");
        assert!(gauge.check(&planned(1000, 2), saxpy, 0.1).is_err(), "a 32nd of the workers");
        assert!(gauge.check(&Planned { place: Place::Cpu, ..planned(16_000, 1) }, saxpy, 0.1).is_ok());
    }
}
