//! The numbers of strong scaling: how far, with how many workers, and what both laws of the job say.

use super::read::{Reading, Speedup};
use super::short::{rows, stack};
use super::what_if::WhatIf;
use crate::experiment::View;
use crate::experiment::cases::Speedups;
use crate::law::what_if::Part;
use crate::page::named::{Named, Unit};
use crate::record::{Measured, Phase, Quantity};
use crate::stats::Estimate;

/// Returns the numbers of the kernel, then those of the whole job.
pub(super) fn numbers(View { measured, reading, .. }: View<'_, Reading>) -> Vec<Named> {
    let both = [(Quantity::Kernel, "kernel"), (Quantity::WholeJob, "whole-job")];
    let laws = both.into_iter().flat_map(|(quantity, name)| of(measured, quantity, name, reading.of(quantity)));
    laws.chain(used_well(measured)).chain(parts(measured)).chain(without(measured)).collect()
}

/// The share of the workers' time that the whole job uses well, on the worker counts that are shown: the speedup over
/// the workers.
fn used_well(measured: &Measured) -> Vec<Named> {
    let Some(whole) = Speedups::of(measured, Quantity::WholeJob) else { return Vec::new() };
    let Some(at) = whole.enough_at() else { return Vec::new() };
    let fewest = measured.workers(whole.base.case) as f64;
    let named = |row: usize| {
        let (timed, speedup) = &whole.points[row];
        let workers = measured.workers(timed.case);
        let share = speedup.value * fewest / workers as f64;
        Named::plain("whole-job used well", Unit::Share, share).on(workers).at(timed.case.problem.n())
    };
    rows(whole.points.len() - 1, at).into_iter().map(named).collect()
}

/// The share of each phase in the whole job with enough workers.
fn parts(measured: &Measured) -> Vec<Named> {
    let whole = Speedups::of(measured, Quantity::WholeJob);
    let Some((enough, _)) = whole.as_ref().and_then(Speedups::enough) else { return Vec::new() };
    let (workers, n) = (measured.workers(enough.case), enough.case.problem.n());
    let stack = stack(enough, String::new());
    let share =
        |name: &str, share| Named::plain(&format!("whole-job share {name}"), Unit::Share, share).on(workers).at(n);
    let outside = stack.shares().find(|(phase, _)| *phase == Phase::Kernel.name());
    let outside = outside.map(|(_, kernel)| share("outside the kernel", 1.0 - kernel));
    stack.shares().map(|(phase, part)| share(&format!("of {phase}"), part)).chain(outside).collect()
}

/// What the speedup of the whole job would be if one phase took no time.
fn without(measured: &Measured) -> Vec<Named> {
    let Some(what_if) = WhatIf::of(measured) else { return Vec::new() };
    let named = |(phase, part): &(Phase, Part)| {
        let speedup = what_if.free(&[*part]).speedup?;
        Some(Named::plain(&format!("whole-job speedup without {}", phase.name()), Unit::Times, speedup))
    };
    what_if.parts.iter().filter_map(named).map(|named| named.at(what_if.base.problem.n())).collect()
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
