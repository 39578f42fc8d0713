//! The waves of workgroups, and what a last one costs that is not full.

use crate::law::waves::Waves;
use crate::page::words;
use crate::record::{Experiment, Fit};
use crate::units;

/// The waves that were found; `None` where none were.
pub(crate) fn waves(experiment: &Experiment) -> Option<&Waves> {
    experiment.fits.iter().find_map(|fit| match fit {
        Fit::Waves { waves } => Some(waves),
        _ => None,
    })
}

/// What the last wave of workgroups costs.
pub(super) fn sentence(experiment: &Experiment) -> Option<String> {
    let waves = waves(experiment)?;
    let slots = if waves.slots == waves.slots_up_to {
        units::count(waves.slots)
    } else {
        format!("{} to {}", units::count(waves.slots), units::count(waves.slots_up_to))
    };
    Some(format!(
        "{}: workgroups run in waves of {slots}, and the last wave takes as long as a full one: {} workgroups take {} \
         times as long as they would if all waves were full.",
        words::workload(experiment),
        units::count(waves.worst),
        units::ratio(waves.loss)
    ))
}
