//! What a weak-scaling experiment shows: how much more work fits in the same time.

use super::waves;
use crate::page::words;
use crate::record::{Experiment, Fit, Quantity, Run, ScaledPoint};
use crate::units;

/// One sentence for the kernel, at the most workers whose problem one worker could also run, one for the whole job, and
/// one for the waves of workgroups.
pub(super) fn sentences(run: &Run, experiment: &Experiment) -> Vec<String> {
    let all = [kernel(run, experiment), whole_job(run, experiment), waves::sentence(experiment)];
    all.into_iter().flatten().collect()
}

fn points(experiment: &Experiment, wanted: Quantity) -> Option<&[ScaledPoint]> {
    experiment.fits.iter().find_map(|fit| match fit {
        Fit::Scaled { quantity, points, .. } if *quantity == wanted => Some(points.as_slice()),
        _ => None,
    })
}

/// The largest grown problem that was also run on one worker.
fn largest_measured(experiment: &Experiment, wanted: Quantity) -> Option<&ScaledPoint> {
    points(experiment, wanted)?
        .iter()
        .filter(|point| point.measured.is_some() && point.workers > 1)
        .max_by_key(|point| point.workers)
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

/// How far Gustafson's law holds, and what is left of it beyond.
fn whole_job(run: &Run, experiment: &Experiment) -> Option<String> {
    let points = points(experiment, Quantity::WholeJob)?;
    let grown = || points.iter().filter(|point| point.workers > 1);
    let last = grown().max_by_key(|point| point.workers)?;
    let rate = last.workers as f64 / last.stretch?.value;
    let holds = grown().filter(|point| point.gustafson.is_some()).max_by_key(|point| point.workers);
    let law = holds.and_then(|point| {
        Some(format!(
            "up to {} the kernel takes no longer for its grown problem, and with {} of the time serial Gustafson's law \
             says {} times the work of one",
            words::workers(run, experiment, point.workers),
            units::percent(point.serial_share?.value),
            units::ratio(point.gustafson?),
        ))
    });
    let workload = words::workload(experiment);
    let most = words::workers(run, experiment, last.workers);
    let full = last.gustafson.is_none();
    let beyond = format!("{most} do {} times the work of one in the same time, measured", units::ratio(rate));
    Some(match law {
        Some(law) if full => format!("{workload}: {law}. Beyond that they share the hardware: {beyond}."),
        Some(law) => format!("{workload}: {law}; {beyond}."),
        None => format!(
            "{workload}: the kernel takes longer as the problem grows with the workers, so Gustafson's law, which assumes \
             that it does not, is not read: {beyond}."
        ),
    })
}
