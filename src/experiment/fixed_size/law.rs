//! Fits in words: model, intervals, range and verdict.

use crate::law::speedup::SpeedupFit;
use crate::page::speedup::Described;
use crate::page::words;
use crate::record::Quantity;
use crate::stats::Estimate;

/// Returns a speedup fit in words: its law, its range and its verdict, with the serial share of the phase timers.
pub(super) fn speedup_words(quantity: Quantity, fit: &SpeedupFit, by_timers: Option<Estimate>) -> String {
    let view = Described { fit, worker: "worker", over: "", choice: "" };
    let mut sentences = view.sentences();
    if let Some(rebased) = view.rebased() {
        let from = view.workers(rebased.fit.base_workers);
        sentences.push(format!("Against {from} instead: {}", rebased.sentences().join(" ")));
    }
    sentences.extend(timers(fit, by_timers).map(|text| words::sentence(&text)));
    format!("{}: {}", quantity.name(), sentences.join(" "))
}

/// The share outside the kernel by the phase timers, beside that of the curve, with a warning if they differ.
fn timers(fit: &SpeedupFit, by_timers: Option<Estimate>) -> Option<String> {
    let share = by_timers?;
    let text =
        format!("measured directly, {} of the time on the fewest workers is outside the kernel", words::percent(share));
    Some(match (words::disagreement(fit, share), fit.serial_fraction) {
        (Some(why), _) => format!("warning: {text}: {why}"),
        (None, Some(_)) => format!("{text}: the curve agrees"),
        (None, None) => text,
    })
}
