//! What diverging lanes cost, and what sorting them saves.

use super::words;
use crate::law::divergence::DivergenceFit;
use crate::record::{Experiment, Fit};
use crate::stats::Estimate;
use crate::units;

/// What was read from an experiment.
#[derive(Clone, Copy)]
pub(crate) struct Divergence<'a> {
    pub(crate) fit: &'a DivergenceFit,
    pub(crate) lanes: u64,
    pub(crate) full: Option<Estimate>,
    pub(crate) beyond: Option<Estimate>,
    pub(crate) sorted: Option<Estimate>,
}

/// The reading of an experiment.
pub(crate) fn divergence(experiment: &Experiment) -> Option<Divergence<'_>> {
    experiment.fits.iter().find_map(|fit| match fit {
        &Fit::Divergence { ref fit, lanes, full, beyond, sorted } => {
            Some(Divergence { fit, lanes, full, beyond, sorted })
        }
        _ => None,
    })
}

/// A path costs as much as this share of the first one, or more: they run one after the other.
const SERIAL: f64 = 0.9;

/// What each path costs in words.
pub(crate) fn price(per_path: Estimate) -> String {
    let says = if per_path.low >= SERIAL {
        "the paths run one after the other"
    } else if per_path.low > 0.0 {
        "the paths run one after the other in part"
    } else {
        "that paths cost anything cannot be told from noise"
    };
    let cost = if per_path.low > 0.0 {
        words::percent(per_path)
    } else {
        format!("at most {}", units::percent(per_path.high))
    };
    format!("each further path that the lanes of a subgroup take adds {cost} of the time of one: {says}")
}

/// The price of a path, what happens beyond the lanes, and what sorting saves.
pub(super) fn sentences(experiment: &Experiment) -> Vec<String> {
    let Some(found) = divergence(experiment) else {
        return Vec::new();
    };
    let first = match found.fit.per_path {
        Some(per_path) => price(per_path),
        None => {
            format!("no price of a path can be read ({}): {}", found.fit.line.verdict, found.fit.line.verdict_reason)
        }
    };
    let lanes = units::count(found.lanes);
    let full = found.full.map(|full| format!("{lanes} paths take {} as long as one", words::times(full)));
    let beyond = found.beyond.map(|beyond| {
        let more = if beyond.low > 1.0 { "more paths than lanes cost still more" } else { "no more than that" };
        format!("twice as many as the {lanes} lanes take {} as long as {lanes}: {more}", words::times(beyond))
    });
    let sorted = found.sorted.map(|sorted| {
        format!(
            "sorted, so that whole subgroups go the same way, {} paths take {} as long as one",
            units::count(2 * found.lanes),
            words::times(sorted)
        )
    });
    let parts = [full, beyond, sorted].into_iter().flatten().map(|text| words::sentence(&text));
    let text: Vec<String> = std::iter::once(words::sentence(&first)).chain(parts).collect();
    vec![text.join(" ")]
}
