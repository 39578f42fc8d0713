//! What dropping checks gains: the ratios, and what may be concluded from them.

use super::series::timed;
use crate::law::Comparison;
use crate::page::words;
use crate::record::{Experiment, Fit, Quantity};
use crate::stats::Estimate;
use crate::units;

/// A rung against the one that it is compared with: old over new.
pub(crate) struct Compared<'a> {
    pub(crate) rung: &'a str,
    pub(crate) against: &'a str,
    pub(crate) ratio: Estimate,
    pub(crate) comparison: Comparison,
}

/// The comparisons of an experiment, in the order of the record.
pub(crate) fn ratios(experiment: &Experiment) -> Vec<Compared<'_>> {
    let ratio = |fit| match fit {
        &Fit::Ratio { ref rung, ref against, ratio, comparison } => {
            Some(Compared { rung: rung.as_str(), against: against.as_str(), ratio, comparison })
        }
        _ => None,
    };
    experiment.fits.iter().filter_map(ratio).collect()
}

/// The answer as a word.
pub(crate) fn verdict(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Faster => "FASTER",
        Comparison::Slower => "SLOWER",
        Comparison::Same => "SAME",
        Comparison::Undecided => "UNDECIDED",
    }
}

/// What leaving out each check does to the kernel.
pub(super) fn sentences(experiment: &Experiment) -> Vec<String> {
    let ratios = ratios(experiment);
    let Some(first) = ratios.first() else {
        return Vec::new();
    };
    let base = timed(experiment, Some(first.against), Quantity::Kernel);
    let base = base
        .first()
        .map_or(String::new(), |timed| format!(" with all checks takes {}", words::seconds(timed.time.estimate())));
    let parts: Vec<String> = ratios.iter().map(said).collect();
    vec![format!("{} ({}){base}. {}", words::workload(experiment), size(experiment), parts.join(" "))]
}

fn size(experiment: &Experiment) -> String {
    experiment.cases.first().map_or(String::new(), |case| words::amount(case.problem))
}

fn said(one: &Compared<'_>) -> String {
    let rung = one.rung.replace('-', " ");
    let text = match one.comparison {
        Comparison::Faster | Comparison::Slower => format!("{rung}: {}", words::faster(one.ratio)),
        Comparison::Same => format!("{rung}: the same, {} as fast", words::times(one.ratio)),
        Comparison::Undecided => format!(
            "{rung}: undecided, between {} and {} times as fast",
            units::ratio(one.ratio.low),
            units::ratio(one.ratio.high)
        ),
    };
    words::sentence(&text)
}
