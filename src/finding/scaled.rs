//! What a weak-scaling experiment shows: how much more work fits in the same time.

use super::words;
use crate::record::{Experiment, Fit, Quantity, Run, ScaledPoint};
use crate::units;

/// A measured speedup below this share of Gustafson's is said to fall short of it.
const FALLS_SHORT: f64 = 0.8;

/// One sentence for the kernel and one for the whole job, at the most workers whose problem one worker could also run.
pub(super) fn sentences(run: &Run, experiment: &Experiment) -> Vec<String> {
    [kernel(run, experiment), whole_job(run, experiment)].into_iter().flatten().collect()
}

/// The largest grown problem that was also run on one worker.
fn largest_measured(experiment: &Experiment, wanted: Quantity) -> Option<&ScaledPoint> {
    let points = experiment.fits.iter().find_map(|fit| match fit {
        Fit::Scaled { quantity, points, .. } if *quantity == wanted => Some(points),
        _ => None,
    })?;
    points.iter().filter(|point| point.measured.is_some() && point.workers > 1).max_by_key(|point| point.workers)
}

fn kernel(run: &Run, experiment: &Experiment) -> Option<String> {
    let point = largest_measured(experiment, Quantity::Kernel)?;
    Some(format!(
        "{}: grown to n = {} for {}, the kernel runs {} than on one of them: measured, not extrapolated.",
        words::workload(experiment),
        units::size(point.n),
        words::workers(run, experiment, point.workers),
        words::faster(point.measured?),
    ))
}

/// Gustafson's law from the phase timers against what was measured on the same problem.
fn whole_job(run: &Run, experiment: &Experiment) -> Option<String> {
    let point = largest_measured(experiment, Quantity::WholeJob)?;
    let (measured, law, share) = (point.measured?, point.gustafson?, point.serial_share?);
    let verdict = if measured.high < FALLS_SHORT * law {
        "the timers do not see what holds the kernel itself back"
    } else {
        "the law holds here"
    };
    Some(format!(
        "{}: with {} of the time serial by the phase timers, {} do {} times the work of one in the same time by \
         Gustafson's law; measured, {}: {verdict}.",
        words::workload(experiment),
        units::percent(share.value),
        words::workers(run, experiment, point.workers),
        units::ratio(law),
        words::ratio(measured),
    ))
}
