//! What a workgroup-size experiment shows: which one, and what the wrong one costs.

use super::series::timed;
use crate::law;
use crate::page::words;
use crate::record::{Experiment, Fit, Quantity};
use crate::units;

/// One sentence: the best size, what is as good, and the price of the worst.
pub(super) fn sentences(experiment: &Experiment) -> Vec<String> {
    best(experiment).into_iter().collect()
}

fn best(experiment: &Experiment) -> Option<String> {
    let (value, seconds, as_good) = experiment.fits.iter().find_map(|fit| match fit {
        Fit::Best { value, seconds, as_good, .. } => Some((*value, *seconds, as_good)),
        _ => None,
    })?;
    let others: Vec<String> =
        as_good.iter().filter(|other| **other != value).map(|other| units::count(*other)).collect();
    let as_good = match others.len() {
        0 => String::new(),
        _ => format!("; {} cannot be told from it", others.join(", ")),
    };
    let cases = timed(experiment, None, Quantity::Kernel);
    let worst = cases.iter().max_by(|one, other| one.time.median.total_cmp(&other.time.median))?;
    let best = cases.iter().find(|timed| u64::from(timed.case.workgroup_size) == value)?;
    let ratio = law::ratio(&worst.time, &best.time)?;
    Some(format!(
        "{}: workgroups of {} are fastest, with {}{as_good}. Workgroups of {} take {}: {} as long.",
        words::workload(experiment),
        units::count(value),
        words::seconds(seconds),
        units::count(u64::from(worst.case.workgroup_size)),
        units::seconds(worst.time.median),
        words::times(ratio),
    ))
}
