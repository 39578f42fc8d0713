//! What diverging lanes cost, and what sorting them saves.

use crate::law::divergence::DivergenceFit;
use crate::page::reason::reason;
use crate::page::words;
use crate::record::{Experiment, Fit};
use crate::stats::Estimate;
use crate::units;

/// What was read from an experiment.
#[derive(Clone, Copy)]
pub(crate) struct Divergence<'a> {
    pub(crate) fit: &'a DivergenceFit,
    pub(crate) lanes: u64,
    pub(crate) lanes_among: Option<[u64; 2]>,
    pub(crate) full: Option<Estimate>,
    pub(crate) beyond: Option<Estimate>,
    pub(crate) sorted: Option<Estimate>,
}

/// The reading of an experiment.
pub(crate) fn divergence(experiment: &Experiment) -> Option<Divergence<'_>> {
    experiment.fits.iter().find_map(|fit| match fit {
        &Fit::Divergence { ref fit, lanes, lanes_among, full, beyond, sorted } => {
            Some(Divergence { fit, lanes, lanes_among, full, beyond, sorted })
        }
        _ => None,
    })
}

/// A path costs as much as this share of the first one, or more: they run one after the other.
const SERIAL: f64 = 0.9;

/// What each path costs in words.
pub(crate) fn price(fit: &DivergenceFit) -> String {
    let (Some(per_path), Some(per_condition)) = (fit.per_path(), fit.per_condition()) else {
        return format!("no price of a path can be read ({}): {}", fit.verdict, reason(&fit.reason));
    };
    let share = |estimate: Estimate| match estimate.low {
        low if low > 0.0 => words::percent(estimate),
        _ => format!("at most {}", units::percent(estimate.high)),
    };
    let says = if per_path.low >= SERIAL || per_path.contains(1.0) {
        "the paths run one after the other"
    } else if per_path.low > 0.0 {
        "the paths run one after the other in part"
    } else {
        "that diverging costs anything cannot be told from noise"
    };
    format!(
        "each further path that the lanes of a subgroup take adds {} of the time of one, so {says}; asking for it adds {}, \
         wherever the lanes go",
        share(per_path),
        share(per_condition)
    )
}

/// The price of a path, what happens beyond the lanes, and what sorting saves.
pub(super) fn sentences(experiment: &Experiment) -> Vec<String> {
    let Some(found) = divergence(experiment) else {
        return Vec::new();
    };
    let lanes = units::count(found.lanes);
    let full = found.full.map(|full| format!("{lanes} paths take {} as long as one", words::times(full)));
    let beyond = found.beyond.map(|beyond| {
        format!("{} as long as {lanes}: {}", twice(found.lanes, beyond), beyond_the_lanes(&found, beyond))
    });
    let sorted = found.sorted.map(|sorted| {
        format!(
            "sorted, so that whole subgroups go the same way, {} paths take {} as long as one",
            units::count(2 * found.lanes),
            words::times(sorted)
        )
    });
    let parts = [Some(price(found.fit)), among(&found), full, beyond, sorted].into_iter().flatten();
    vec![parts.map(|text| words::sentence(&text)).collect::<Vec<_>>().join(" ")]
}

/// Which of several sizes of subgroups was read.
fn among(found: &Divergence<'_>) -> Option<String> {
    let [least, most] = found.lanes_among?.map(units::count);
    let lanes = units::count(found.lanes);
    Some(format!("of the {least} to {most} lanes that a subgroup may have here, {lanes} describe the times best"))
}

fn twice(lanes: u64, beyond: Estimate) -> String {
    format!("{} paths, twice as many as a subgroup has lanes, take {}", units::count(2 * lanes), words::times(beyond))
}

/// Whether more paths than lanes cost more than the conditions before them.
fn beyond_the_lanes(found: &Divergence<'_>, beyond: Estimate) -> &'static str {
    let lanes = found.lanes as f64;
    let law = found.fit.seconds(2.0 * lanes, lanes).zip(found.fit.seconds(lanes, lanes));
    let explained = law.map_or(1.0, |(twice, once)| twice / once);
    if beyond.low > explained {
        "more paths than lanes cost still more"
    } else if beyond.low > 1.0 {
        "no more than the asking"
    } else {
        "no more than that"
    }
}
