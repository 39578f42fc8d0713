//! Strong scaling, read from the samples: a speedup law for the kernel and for the whole job.

use serde::Serialize;

use crate::experiment::cases::{Speedups, floor, phase, serial_share};
use crate::experiment::waves::{self, full_waves};
use crate::law::Point;
use crate::law::speedup::{self, Pattern, SpeedupFit};
use crate::law::waves::{Waves, Work};
use crate::record::{Measured, Measurement, Phase, Quantity, Run};
use crate::stats::Estimate;

/// Fewest points with full waves to which a speedup law is fitted; with fewer, it is fitted to all points.
const ENOUGH: usize = 6;

/// What more workers do to a fixed problem.
#[derive(Serialize)]
pub(in crate::experiment) struct Reading {
    /// The kernel alone, with the launch floor that a user waits for.
    pub(super) kernel: Speedup,
    /// The kernel without the launch floor: what the hardware does. `None` where no floor was measured.
    pub(super) without_floor: Option<SpeedupFit>,
    /// Workers whose kernel takes no longer than the launch floor, so that nothing is left of it: left out of its fits.
    pub(super) at_floor: Vec<u64>,
    /// The job as a user waits for it.
    pub(super) whole_job: Speedup,
    /// The waves in which workgroups run, if they are seen.
    pub(super) waves: Option<Waves>,
}

/// Speedup against workers at a fixed problem size.
#[derive(Serialize)]
pub(in crate::experiment) struct Speedup {
    /// The fit, or why it is refused.
    #[serde(flatten)]
    pub(in crate::experiment) fit: SpeedupFit,
    /// The serial share of the job on the fewest workers by the phase timers: everything but the kernel. `None` for the
    /// kernel, which has no timers inside it.
    pub(super) phase_share: Option<Estimate>,
}

impl Reading {
    /// Returns the fit of the kernel, or of the whole job.
    pub(in crate::experiment) fn of(&self, quantity: Quantity) -> &Speedup {
        if quantity == Quantity::Kernel { &self.kernel } else { &self.whole_job }
    }
}

/// Reads the speedup laws and the waves.
pub(super) fn read(run: &Run, measured: &Measured) -> Reading {
    let floor = floor(run, measured).map(|floor| floor.value);
    let alone = measured.cases.iter().min_by_key(|case| case.workers);
    let without_floor = floor.map(|floor| fit(measured, Quantity::Kernel, floor));
    // The floor is known, so it is no part of what is fitted.
    let kernel = without_floor.clone().zip(floor).map(|(fit, floor)| fit.plus(floor));
    let fitted = |quantity| {
        let kernel = kernel.clone().filter(|_| quantity == Quantity::Kernel);
        kernel.unwrap_or_else(|| fit(measured, quantity, 0.0))
    };
    let base = |quantity| Speedups::of(measured, quantity).map_or(f64::NAN, |speedups| speedups.base.time.median);
    let speedup = |quantity| Speedup {
        fit: fitted(quantity).against(base(quantity)),
        phase_share: alone.and_then(|case| serial_share(case, quantity, floor.unwrap_or(0.0))),
    };
    Reading {
        kernel: speedup(Quantity::Kernel),
        without_floor,
        at_floor: floor.map_or_else(Vec::new, |floor| at_floor(measured, floor)),
        whole_job: speedup(Quantity::WholeJob),
        waves: waves::read(measured, Work::Shared),
    }
}

/// Returns whether the run found that a cost of the kernel grows with the workers, in any job of fixed size.
pub(in crate::experiment) fn grows(run: &Run) -> bool {
    let mut fixed = run.experiments.iter().filter(|measured| measured.name == super::ABOUT.name);
    fixed.any(|measured| {
        let fit = fit(measured, Quantity::Kernel, floor(run, measured).map_or(0.0, |floor| floor.value));
        matches!(fit.pattern, Some(Pattern::Grows { .. } | Pattern::Turns { .. }))
    })
}

/// The workers that fill the hardware, by the fit of a kernel.
pub(in crate::experiment) struct Knee {
    /// How many.
    pub(in crate::experiment) workers: Estimate,
    /// Whether the hardware fills up little by little.
    pub(in crate::experiment) is_gradual: bool,
}

/// Returns the knee that the run found with the same workload on a job of fixed size; `None` if it did not look, or saw
/// none.
pub(in crate::experiment) fn knee(run: &Run, like: &Measured) -> Option<Knee> {
    let what = |measured: &Measured| (measured.workload.clone(), measured.variant.clone(), measured.workers_are);
    let is_like = |measured: &&Measured| measured.name == super::ABOUT.name && what(measured) == what(like);
    let measured = run.experiments.iter().find(is_like)?;
    let fit = fit(measured, Quantity::Kernel, floor(run, measured).map_or(0.0, |floor| floor.value));
    Some(Knee { workers: fit.knee?, is_gradual: fit.knee_shape.is_some() })
}

/// Returns the worker counts whose kernel takes no longer than the launch floor, in seconds.
fn at_floor(measured: &Measured, floor: f64) -> Vec<u64> {
    let is_at_floor = |case: &&Measurement| phase(case, Phase::Kernel).is_some_and(|seconds| seconds <= floor);
    measured.cases.iter().filter(is_at_floor).map(|case| measured.workers(case)).collect()
}

/// Fits a speedup law to the counts whose waves are full, if there are enough of them; to what is left of their times
/// without an offset, in seconds, where anything is left.
pub(super) fn fit(measured: &Measured, quantity: Quantity, offset: f64) -> SpeedupFit {
    let point = |case: &Measurement| {
        let summary = case.summary(quantity)?;
        let point = Point::from_summary(measured.workers(case) as f64, &summary).less(offset);
        (offset == 0.0 || point.seconds > 0.0).then_some(point)
    };
    let full: Vec<Point> = full_waves(measured, Work::Shared).into_iter().filter_map(point).collect();
    if full.len() >= ENOUGH {
        return speedup::fit(&full);
    }
    speedup::fit(&measured.cases.iter().filter_map(point).collect::<Vec<_>>())
}

/// Returns the reading with an upper bound of the serial fraction in the place of its value.
#[cfg(test)]
pub(in crate::experiment) fn bounded(mut reading: Reading, upper: f64) -> Reading {
    for Speedup { fit, .. } in [&mut reading.kernel, &mut reading.whole_job] {
        (fit.serial_fraction, fit.asymptotic_ceiling) = (None, None);
        fit.verdict = crate::law::Verdict::InsufficientRange;
        fit.serial_fraction_upper = Some(upper);
    }
    reading
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture;
    use crate::record::Clock;

    /// One kernel below the floor is no reason to refuse the law of the twenty others.
    #[test]
    fn a_kernel_at_the_floor_is_left_out_and_named() {
        let mut run = fixture::run(vec![fixture::fixed_size(14.0)]);
        run.calibration.launch_floor = Some(Estimate { value: 3e-6, low: 2.9e-6, high: 3.1e-6 });
        let whole = read(&run, &run.experiments[0]);
        assert!(whole.at_floor.is_empty());
        let short = fixture::samples(Clock::Gpu, 2.5e-6, 3);
        run.experiments[0].cases[20].phases.insert(Phase::Kernel, short);
        let reading = read(&run, &run.experiments[0]);
        assert_eq!(reading.at_floor, [1 << 20]);
        let [found, other] = [&reading, &whole].map(|reading| reading.kernel.fit.attainable_ceiling.unwrap().value);
        assert!((found / other - 1.0).abs() < 0.02, "{found} {other}");
    }
}
