//! Estimates how long a case will take from the case before it.

use super::climb::Climb;
use crate::device::DeviceError;
use crate::record::{Baseline, Case, DeviceInfo, DeviceKind, Problem, VariantName};
use crate::units;
use crate::workload::Workload;

/// Estimates the time of the next case from the case before it.
#[derive(Default)]
pub(super) struct Gauge {
    first: Option<First>,
    /// Whether a driver ends kernels that take too long.
    has_driver: bool,
    /// The last case for each place.
    known: Vec<(Place, Known)>,
}

/// A baseline on the CPU, or a chosen variant on the device.
type Place = (Option<Baseline>, Option<VariantName>);

fn place(case: &Case) -> Place {
    (case.series.baseline(), case.variant)
}

/// What is known before the first case: seconds of one worker per unit of work, the number of workers that surely run
/// at once, and times at full width.
struct First {
    seconds: f64,
    at_once: f64,
    climb: Climb,
}

impl First {
    /// Estimates the time of some work on some workers, in seconds. Without times at full width, it assumes that no
    /// more workers run at once than is sure.
    fn estimate(&self, work: f64, workers: f64) -> f64 {
        match self.climb.seconds(work) {
            Some(full) => full.max(self.seconds * work / workers),
            None => self.seconds * work / workers.min(self.at_once),
        }
    }
}

/// A case that ran.
#[derive(Clone, Copy)]
struct Known {
    work: f64,
    workers: f64,
    seconds: f64,
}

/// Subgroup size that is assumed if the driver does not report one. Any GPU runs that many workers at once.
const USUAL_SUBGROUP: u32 = 8;

impl Gauge {
    /// Returns a gauge from the time of one worker per unit of work. A subgroup takes no longer than one worker. The
    /// first estimate assumes that only one subgroup runs at once.
    pub(super) fn new(seconds_per_work: Option<f64>, climb: Climb, device: &DeviceInfo) -> Self {
        let subgroup = f64::from(device.subgroup_sizes.map_or(USUAL_SUBGROUP, |[least, _]| least.max(1)));
        let at_once = if device.kind == DeviceKind::Cpu { 1.0 } else { subgroup };
        let first = seconds_per_work.map(|seconds| First { seconds, at_once, climb });
        Self { first, has_driver: device.kind != DeviceKind::Cpu, known: Vec::new() }
    }

    /// Returns the estimated time of a whole case in seconds, scaled from the case before it; `None` if nothing is
    /// known.
    pub(super) fn estimate(&self, case: &Case, workload: &dyn Workload) -> Option<f64> {
        let known = self.known.iter().find(|(known, _)| *known == place(case)).map(|(_, known)| *known);
        let total = work(workload, case.problem);
        let workers = case.workers as f64;
        match (known, &self.first) {
            // The variant's worker count depends on how much each worker does. Its tournament gives its time; times of
            // other variants do not help.
            (known, _) if case.variant.is_some() => known.map(|known| known.seconds * total / known.work),
            (Some(known), _) => {
                let more = total / known.work;
                Some(known.seconds * more.max(more * known.workers / workers))
            }
            (None, Some(first)) if case.series.baseline().is_none() => Some(first.estimate(total, workers)),
            (None, _) => None,
        }
    }

    /// Refuses a case that would take too long. If it is timed in parts, the time of one part counts.
    pub(super) fn check(&self, case: &Case, workload: &dyn Workload, slowest: f64) -> Result<(), DeviceError> {
        let estimate = self.estimate(case, workload).unwrap_or(0.0) / f64::from(case.parts);
        if estimate > slowest {
            let [estimate, slowest] = [estimate, slowest].map(units::seconds);
            let has_driver = self.has_driver && !case.is_baseline();
            let why = if has_driver { " so that the driver does not reset" } else { "" };
            return Err(DeviceError::Unsupported(format!("would run {estimate}; we stop at {slowest}{why}")));
        }
        Ok(())
    }

    /// Stores the time of a whole case, in seconds.
    pub(super) fn learn(&mut self, case: &Case, workload: &dyn Workload, seconds: f64) {
        let known = Known { work: work(workload, case.problem), workers: case.workers as f64, seconds };
        let place = place(case);
        self.known.retain(|(known, _)| *known != place);
        self.known.push((place, known));
    }
}

/// Returns the amount of work in flop or bytes, whichever is more. It compares problems of one workload.
pub fn work(workload: &dyn Workload, problem: Problem) -> f64 {
    workload.flop(problem).max(workload.bytes(problem)).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Series;
    use crate::workload;

    fn planned(n: u64, workers: u64) -> Case {
        Case::new(Problem::Vector { n }, workers, 8)
    }

    #[test]
    fn a_case_is_estimated_from_the_one_before_it() {
        let saxpy = workload::find("saxpy").unwrap();
        let mut gauge = Gauge::default();
        assert!(gauge.check(&planned(1 << 30, 1), saxpy, 0.1).is_ok(), "nothing is known yet");
        gauge.first = Some(First { seconds: 1e-9, at_once: 8.0, climb: Climb::default() });
        assert!(gauge.check(&planned(1 << 25, 64), saxpy, 0.1).is_ok(), "0.4 s of one worker, shared by eight");
        assert!(gauge.check(&planned(1 << 25, 2), saxpy, 0.1).is_err(), "shared by two");
        gauge.learn(&planned(1000, 64), saxpy, 0.01);
        assert!(gauge.check(&planned(8000, 64), saxpy, 0.1).is_ok());
        assert!(gauge.check(&planned(16_000, 64), saxpy, 0.1).is_err(), "sixteen times the work");
        assert!(gauge.check(&planned(1000, 2), saxpy, 0.1).is_err(), "a 32nd of the workers");
        let on = |baseline| planned(16_000, 1).in_series(Series::Baseline(baseline));
        assert!(gauge.check(&on(Baseline::Simd), saxpy, 0.1).is_ok(), "nothing is known of the processor yet");
        gauge.learn(&planned(1000, 1).in_series(Series::Baseline(Baseline::Scalar)), saxpy, 0.01);
        assert!(gauge.check(&on(Baseline::Scalar), saxpy, 0.1).is_err(), "sixteen times the work of the scalar loop");
        assert!(gauge.check(&on(Baseline::Simd), saxpy, 0.1).is_ok(), "which says nothing about another baseline");
    }

    #[test]
    fn a_variant_is_estimated_by_its_own_time() {
        let matmul = workload::find("matmul").unwrap();
        let mut gauge = Gauge::default();
        // At full width the slowest of them takes a second.
        let climb = Climb::of(&[(work(matmul, matmul.problem(512)), 1.0)]);
        gauge.first = Some(First { seconds: 1e-9, at_once: 8.0, climb });
        let [naive, blocked] = ["naive", "blocked-8x8"]
            .map(|name| Case { variant: VariantName::from(name).ok(), ..Case::new(matmul.problem(512), 4096, 64) });
        gauge.learn(&naive, matmul, 1.0);
        gauge.learn(&blocked, matmul, 0.02);
        assert!(gauge.check(&naive, matmul, 0.1).is_err());
        assert!(gauge.check(&blocked, matmul, 0.1).is_ok(), "fifty times as fast");
        let unknown = Case { variant: VariantName::from("tiled").ok(), ..naive };
        assert_eq!(gauge.estimate(&unknown, matmul), None);
    }
}
