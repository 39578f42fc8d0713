//! The numbers of strong scaling: how far, with how many workers, and what both laws of the job say.

use super::read::{Reading, Speedup};
use crate::experiment::View;
use crate::experiment::cases::Speedups;
use crate::page::named::{Named, Unit};
use crate::record::{Measured, Quantity};
use crate::stats::Estimate;

/// Returns the numbers of the kernel, then those of the whole job.
pub(super) fn numbers(View { measured, reading, .. }: View<'_, Reading>) -> Vec<Named> {
    let both = [(Quantity::Kernel, "kernel"), (Quantity::WholeJob, "whole-job")];
    both.into_iter().flat_map(|(quantity, name)| of(measured, quantity, name, reading.of(quantity))).collect()
}

fn of(measured: &Measured, quantity: Quantity, of: &str, Speedup { fit, phase_share }: &Speedup) -> Vec<Named> {
    let named =
        |name: &str, unit, estimate: Option<Estimate>| Some(Named::new(&format!("{of} {name}"), unit, estimate?));
    let plain = |name: &str, unit, value| Named::plain(&format!("{of} {name}"), unit, value);
    let n = measured.cases.first().map(|case| case.problem.n());
    let speedups = Speedups::of(measured, quantity);
    let enough = speedups.as_ref().and_then(Speedups::enough);
    let enough = enough.map(|(timed, speedup)| (measured.workers(timed.case), *speedup));
    let (workers, speedup) = enough.unzip();
    let count = workers.map(|workers| plain("enough workers", Unit::Workers, workers as f64).on(workers));
    let speedup = named("speedup with enough workers", Unit::Times, speedup);
    let cost = |share: Option<Estimate>| fit.seconds_of(share?);
    let numbers = [
        count,
        speedup.zip(workers).map(|(speedup, workers)| speedup.on(workers)),
        named("serial fraction", Unit::Share, fit.serial_fraction),
        fit.serial_fraction_upper.map(|most| plain("serial fraction at most", Unit::Share, most)),
        named("serial share by the timers", Unit::Share, *phase_share),
        named("fitted ceiling", Unit::Times, fit.attainable_ceiling),
        named("ceiling without limits", Unit::Times, fit.asymptotic_ceiling),
        named("workers that fill the hardware", Unit::Workers, fit.knee),
        named("cost of one more worker", Unit::Seconds, cost(fit.kappa)),
        named("cost of each doubling of the workers", Unit::Seconds, cost(fit.per_doubling)),
        fit.workers_at_90_percent.map(|workers| plain("workers for 90 % of the ceiling", Unit::Workers, workers)),
        fit.peak_workers.map(|workers| plain("workers at the peak", Unit::Workers, workers)),
    ];
    numbers.into_iter().flatten().map(|named| Named { n, ..named }).collect()
}
