//! What a weak-scaling experiment shows: how much more work fits in the same time.

use super::words;
use crate::record::{Experiment, Fit, Quantity, Run, ScaledPoint};
use crate::units;

/// One sentence for the whole job and one for the kernel, at the most workers tried.
pub(super) fn sentences(run: &Run, experiment: &Experiment) -> Vec<String> {
    [Quantity::Kernel, Quantity::WholeJob].into_iter().filter_map(|quantity| of(run, experiment, quantity)).collect()
}

fn of(run: &Run, experiment: &Experiment, wanted: Quantity) -> Option<String> {
    let points = experiment.fits.iter().find_map(|fit| match fit {
        Fit::Scaled { quantity, points, .. } if *quantity == wanted => Some(points),
        _ => None,
    })?;
    let last = points.iter().max_by_key(|point| point.workers)?;
    let workers = words::workers(run, experiment, last.workers);
    let measured = points.iter().filter(|point| point.measured.is_some()).max_by_key(|point| point.workers);
    match wanted {
        Quantity::Kernel => measured.and_then(|point| growth(run, experiment, point)),
        _ => Some(format!(
            "Of the whole job's time on {workers}, {} is serial by the phase timers, so by Gustafson's law they do {} \
             times the work of one in the same time{}.",
            words::percent(last.serial_share?),
            units::ratio(last.gustafson?),
            measured.map_or(String::new(), |point| measured_words(last, point)),
        )),
    }
}

fn growth(run: &Run, experiment: &Experiment, point: &ScaledPoint) -> Option<String> {
    Some(format!(
        "Grown to n = {} for {}, the kernel is {} faster than one worker on that same problem: measured, not \
         extrapolated.",
        units::size(point.n),
        words::workers(run, experiment, point.workers),
        words::times(point.measured?),
    ))
}

fn measured_words(last: &ScaledPoint, point: &ScaledPoint) -> String {
    let Some(measured) = point.measured else {
        return String::new();
    };
    if point.workers == last.workers {
        format!("; measured against one worker on the same problem: {}", words::ratio(measured))
    } else {
        let workers = units::size(point.workers);
        format!("; the largest that one worker could also run was for {workers}: {}", words::ratio(measured))
    }
}
