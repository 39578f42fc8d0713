//! What ends the speedup, in sentences: ceiling, serial fraction and the cost of a worker. How they were fitted stands
//! under the table.

use crate::law::speedup::{Growth, Pattern, SpeedupFit};
use crate::law::{Curve, Reason, Verdict};
use crate::page::speedup::{self, DOUBLING, EXTRA_WORKER, described, no_value, over};
use crate::page::words;
use crate::stats::Estimate;
use crate::units;

/// An upper bound of the serial fraction that says nothing.
const NO_BOUND: f64 = 0.99;

/// Says the ceiling, the serial fraction and what each extra worker costs; of a refused fit, why there is none.
pub(super) fn sentences(fit: &SpeedupFit) -> String {
    let Some(serial) = serial(fit) else {
        let refused = format!("No law fits this curve: {}.", refusal(fit));
        let rest = described(fit).filter(|rest| !std::ptr::eq(*rest, fit));
        return rest.map_or(refused.clone(), |rest| {
            format!(
                "{refused} One fits from {} workers on, which count as one: {}",
                words::whole(rest.base_workers),
                sentences(rest)
            )
        });
    };
    let all = [ceiling(fit), Some(serial), growth(fit)].into_iter().flatten();
    all.map(|text| words::sentence(&text)).collect::<Vec<_>>().join(" ")
}

/// The fitted ceiling, and beside it what hardware without limits would allow.
fn ceiling(fit: &SpeedupFit) -> Option<String> {
    let ceiling = fit.attainable_ceiling?;
    // If neither the hardware nor the cost of a worker sets a limit, both ceilings are one.
    let limited = |curve: Curve| curve.knee.is_some() || curve.peak_workers().is_some();
    let unlimited = fit.asymptotic_ceiling.filter(|_| fit.curve.is_some_and(limited));
    let unlimited =
        unlimited.map_or(String::new(), |ceiling| format!("; without limits 1/s = {}", units::ratio(ceiling.value)));
    let over = over(fit).unwrap_or_default();
    Some(format!("fitted ceiling: {} times{over}{unlimited}", words::ceiling(ceiling)))
}

/// The serial fraction or its upper bound.
fn serial(fit: &SpeedupFit) -> Option<String> {
    match (fit.serial_fraction, fit.serial_fraction_upper) {
        (Some(serial), _) => Some(format!("serial fraction s: {}", words::percent(serial))),
        (None, Some(upper)) if upper > NO_BOUND => Some("serial fraction: unknown, the times scatter too much".into()),
        (None, Some(upper)) => {
            Some(format!("serial fraction: under {} (95 % sure), {}", units::percent(upper), no_value(fit)))
        }
        (None, None) => None,
    }
}

/// The costs that surely grow with the workers, as times.
pub(super) fn growth(fit: &SpeedupFit) -> Option<String> {
    let each = [(EXTRA_WORKER, fit.kappa), (DOUBLING, fit.per_doubling)];
    let cost = |(name, share): (&str, Option<Estimate>)| {
        Some(format!("{name} costs {}", units::seconds(fit.seconds_of(share?)?.value)))
    };
    let costs: Vec<String> = each.into_iter().filter_map(cost).collect();
    let unsure = matches!(fit.pattern, Some(Pattern::Grows { by: Growth::Unknown }));
    let unsure = if unsure { ", if the cost grows by p" } else { "" };
    (fit.has_growing_cost() && !costs.is_empty()).then(|| format!("{}{unsure}", costs.join(" and ")))
}

/// Why a fit is refused, without the figures of its tests.
fn refusal(fit: &SpeedupFit) -> String {
    match fit.verdict {
        _ if matches!(fit.reason, Reason::FallsTooFar { .. }) => speedup::refusal(fit),
        Verdict::Superlinear => "the speedup is larger than the number of workers".to_owned(),
        _ if matches!(fit.pattern, Some(Pattern::Turns { .. })) => {
            "the time falls and then rises, more sharply than any law".to_owned()
        }
        Verdict::NonMonotone => "the time rises and falls again as workers are added".to_owned(),
        Verdict::PoorFit => "the times follow none".to_owned(),
        _ => fit.reason.to_string(),
    }
}
