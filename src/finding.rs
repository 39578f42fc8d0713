//! Fits into sentences: what a run shows, with its numbers, units and intervals.
//!
//! A refused fit is said in words, with the reason; no number of it is quoted.

pub(crate) mod divergence;
#[cfg(test)]
pub(crate) mod fixture;
pub(crate) mod gains;
pub(crate) mod launch;
pub(crate) mod roofline;
pub(crate) mod safety;
mod scaled;
pub(crate) mod series;
pub(crate) mod size;
mod speedup;
pub(crate) mod split;
mod summary;
#[cfg(test)]
mod tests;
pub(crate) mod transfers;
pub(crate) mod waves;
pub(crate) mod what_if;
mod workgroup;

use crate::page::words;
use crate::record::{Experiment, Finding, Run};

/// What the run shows: one or two sentences for each experiment, then the summary of the whole run, whose sentences
/// have no experiment and read on from one another.
pub fn findings(run: &Run) -> Vec<Finding> {
    let of_experiment = |experiment| {
        sentences(run, experiment).into_iter().map(move |text| Finding {
            experiment: Some(experiment.name.clone()),
            workload: Some(words::workload(experiment)),
            text,
        })
    };
    let summary = summary::sentences(run).into_iter().map(|text| Finding { experiment: None, workload: None, text });
    run.experiments.iter().flat_map(of_experiment).chain(summary).collect()
}

/// What one experiment shows; nothing for experiments that this version does not know.
pub(crate) fn sentences(run: &Run, experiment: &Experiment) -> Vec<String> {
    match experiment.name.as_str() {
        "fixed-size" => speedup::sentences(run, experiment),
        "scaled-size" => scaled::sentences(run, experiment),
        "problem-size" => size::sentences(run, experiment),
        "workgroup-size" => workgroup::sentences(experiment),
        "gains" => gains::sentences(run, experiment),
        "launch-overhead" => launch::sentences(experiment),
        "transfers" => transfers::sentences(experiment),
        "divergence" => divergence::sentences(experiment),
        "intensity" => roofline::sentences(experiment),
        "safety-cost" => safety::sentences(experiment),
        "split-work" => split::sentences(run, experiment),
        _ => Vec::new(),
    }
}

/// The sentences of the closing summary.
pub(crate) fn summary(run: &Run) -> Vec<String> {
    summary::sentences(run)
}
