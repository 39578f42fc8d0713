//! What must agree with the fits of strong scaling: the measured plateau, and the launch floor.

use super::read::{self, Reading};
use crate::experiment::View;
use crate::experiment::agreement::Agreement;
use crate::experiment::cases::{Speedups, floor};
use crate::page::words;
use crate::record::{Check, Quantity};
use crate::stats::{Estimate, Summary, median};
use crate::units;

/// Factor by which the curve may miss a point.
const CURVE: f64 = 1.05;

/// Factor by which the serial part may come out smaller than the launch floor, which is in it.
const FLOOR: f64 = 1.3;

pub(super) fn checks(view: View<'_, Reading>) -> Vec<Check> {
    [plateau(view), serial_part(view)].into_iter().flatten().map(Agreement::check).collect()
}

/// Compares the fitted ceiling with the speedup that was measured on enough workers and more.
fn plateau(View { measured, reading, .. }: View<'_, Reading>) -> Option<Agreement> {
    let fit = &reading.kernel.fit;
    let ceiling = fit.attainable_ceiling?;
    let speedups = Speedups::of(measured, Quantity::Kernel)?;
    // The ceiling stands over the same time.
    let alone = speedups.base.time.median;
    let times: Vec<Summary> = speedups.plateau().map(|(timed, _)| timed.time).collect();
    let of = |end: fn(&Summary) -> f64| Some(alone / median(&times.iter().map(end).collect::<Vec<_>>())?);
    let plateau = Estimate { value: of(|one| one.median)?, low: of(|one| one.high)?, high: of(|one| one.low)? };
    // One point is the edge of a curve that may still rise.
    (times.len() > 1).then(|| Agreement {
        name: "fitted ceiling against measured plateau",
        place: words::workload(measured),
        first: ("ceiling", ceiling),
        second: ("plateau", plateau),
        factor: CURVE,
        unit: units::ratio,
        cause: None,
    })
}

/// Compares the serial part of a fit without a known floor with the launch floor.
fn serial_part(View { run, measured, .. }: View<'_, Reading>) -> Option<Agreement> {
    let floor = floor(run, measured)?;
    let fit = read::fit(measured, Quantity::Kernel, 0.0);
    let (serial, alone) = (fit.serial_fraction?, fit.seconds_at_one?.value);
    Some(Agreement {
        name: "kernel's serial part against the launch floor",
        place: words::workload(measured),
        // It may well be longer.
        first: ("serial part", Estimate { value: alone * serial.value, low: 0.0, high: alone * serial.high }),
        second: ("launch floor", floor),
        factor: FLOOR,
        unit: units::seconds,
        cause: None,
    })
}
