//! Fits in words: model, intervals, range and verdict.

use crate::law::speedup::SpeedupFit;
use crate::page::speedup::Described;
use crate::page::words;
use crate::record::{Measured, Quantity, Run};
use crate::stats::Estimate;

/// Returns what a speedup fit says, how far it reaches, and whether it may be believed; beside it the serial share of
/// the phase timers.
pub(super) fn speedup_words(
    run: &Run,
    measured: &Measured,
    quantity: Quantity,
    fit: &SpeedupFit,
    by_timers: Option<Estimate>,
) -> String {
    let view = Described { fit, worker: words::worker(run, measured), over: "", choice: "" };
    let mut sentences = view.sentences();
    if let Some(rebased) = view.rebased() {
        let from = view.workers(rebased.fit.base_workers);
        sentences.push(format!("Relative to {from} instead: {}", rebased.sentences().join(" ")));
    }
    sentences.extend(timers(fit, by_timers).map(|text| words::sentence(&text)));
    format!("{}: {}", quantity.name(), sentences.join(" "))
}

/// The serial share by the phase timers, beside that of the curve, with a warning if they part ways.
fn timers(fit: &SpeedupFit, by_timers: Option<Estimate>) -> Option<String> {
    let share = by_timers?;
    let text = format!("the phase timers say {} serial", words::percent(share));
    Some(match (words::disagreement(fit, share), fit.serial_fraction) {
        (Some(why), _) => format!("warning: {text}, {why}"),
        (None, Some(_)) => format!("{text}, and agree"),
        (None, None) => text,
    })
}
