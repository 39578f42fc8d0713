//! What ends the speedup, in sentences: ceiling, serial fraction and the cost of a worker. How they were fitted stands
//! under the table.

use crate::law::Verdict;
use crate::law::speedup::SpeedupFit;
use crate::page::words;
use crate::units;

/// An upper bound of the serial fraction that says nothing.
const NO_BOUND: f64 = 0.99;

/// Says the ceiling, the serial fraction and what each extra worker costs; of a refused fit, why there is none.
pub(super) fn sentences(fit: &SpeedupFit) -> String {
    let Some(serial) = serial(fit) else {
        return format!("No law fits this curve: {}.", refusal(fit));
    };
    let all = [ceiling(fit), Some(serial), per_worker(fit)].into_iter().flatten();
    all.map(|text| words::sentence(&text)).collect::<Vec<_>>().join(" ")
}

/// The fitted ceiling, and beside it what hardware without limits would allow.
fn ceiling(fit: &SpeedupFit) -> Option<String> {
    let ceiling = fit.attainable_ceiling?;
    let unlimited = fit.asymptotic_ceiling.map(|ceiling| units::ratio(ceiling.value));
    // If the hardware sets no limit, both ceilings are one.
    let unlimited = unlimited
        .filter(|unlimited| *unlimited != units::ratio(ceiling.value))
        .map_or(String::new(), |unlimited| format!("; without limits 1/s = {unlimited}"));
    Some(format!("fitted ceiling: {} times{unlimited}", words::ceiling(ceiling)))
}

/// The serial fraction or its upper bound.
fn serial(fit: &SpeedupFit) -> Option<String> {
    match (fit.serial_fraction, fit.serial_fraction_upper) {
        (Some(serial), _) => Some(format!("serial fraction s: {}", words::percent(serial))),
        (None, Some(upper)) if upper > NO_BOUND => Some("serial fraction: unknown, the times scatter too much".into()),
        (None, Some(upper)) => {
            Some(format!("serial fraction: under {} (95 % sure), too small to measure", units::percent(upper)))
        }
        (None, None) => None,
    }
}

/// The cost that grows with the workers, as a time.
fn per_worker(fit: &SpeedupFit) -> Option<String> {
    let seconds = fit.kappa?.value * fit.seconds_at_one?.value;
    (seconds > 0.0).then(|| format!("each extra worker costs {}", units::seconds(seconds)))
}

/// Why a fit is refused, without the figures of its tests.
fn refusal(fit: &SpeedupFit) -> String {
    match fit.verdict {
        Verdict::Superlinear => "the speedup is larger than the number of workers".to_owned(),
        Verdict::NonMonotone => "the time rises and falls again as workers are added".to_owned(),
        Verdict::PoorFit => "the times follow none".to_owned(),
        _ => fit.reason.to_string(),
    }
}
