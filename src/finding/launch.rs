//! What the launch ladder shows: the price of a launch, and what to do about it.

use super::words;
use crate::law::line::LineFit;
use crate::record::{Experiment, Fit};
use crate::units;

/// The rung in which every launch is waited for.
pub(crate) const WAITED: &str = "wait-each";

/// The rung in which launches are cheapest.
pub(crate) const BATCH: &str = "one-pass";

/// One sentence: a launch waited for against one in a batch.
pub(super) fn sentences(experiment: &Experiment) -> Vec<String> {
    let (Some(waited), Some(batch)) = (line(experiment, WAITED), line(experiment, BATCH)) else {
        return Vec::new();
    };
    let text = match (waited.slope, batch.slope) {
        (Some(waited), Some(batch)) if batch.low > 0.0 => format!(
            "Submitting and waiting costs {} for each launch, one more dispatch in the same pass {}: {} times less. \
             Record all dispatches first, submit once, wait once.",
            words::seconds(waited),
            words::seconds(batch),
            units::ratio(waited.value / batch.value),
        ),
        _ => {
            let parts: Vec<String> = [(WAITED, waited), (BATCH, batch)].into_iter().map(said).collect();
            format!("{}.", parts.join("; "))
        }
    };
    vec![text]
}

fn said((rung, line): (&str, &LineFit)) -> String {
    match line.slope {
        Some(slope) => format!("{rung}: {} for each launch", words::cost(slope)),
        None => format!("{rung}: no cost per launch can be read ({}): {}", line.verdict, line.verdict_reason),
    }
}

/// The line of a rung.
pub(super) fn line<'a>(experiment: &'a Experiment, wanted: &str) -> Option<&'a LineFit> {
    experiment.fits.iter().find_map(|fit| match fit {
        Fit::Launch { rung, fit } if rung == wanted => Some(fit),
        _ => None,
    })
}
