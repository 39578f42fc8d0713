//! What a weak-scaling experiment shows: how much more work fits in the same time.

use super::agree;
use super::read::{Reading, ScaledPoint};
use crate::experiment::{View, waves};
use crate::page::words;
use crate::units;

/// One sentence for the kernel, at the most workers whose problem one worker could also run, one for the whole job, one
/// for a law that says something else than the measurement, and one for the waves of workgroups.
pub(super) fn sentences(view: View<'_, Reading>) -> Vec<String> {
    let waves = waves::sentence(view.measured, view.reading.waves.as_ref());
    [kernel(view), whole_job(view), agree::disagreement(view), waves].into_iter().flatten().collect()
}

/// The line of the summary: the work that the most workers do in the time of one.
pub(super) fn answer(View { run, measured, reading }: View<'_, Reading>) -> Option<String> {
    let last = reading.whole_job.points.iter().filter(|point| point.workers > 1).max_by_key(|point| point.workers)?;
    Some(format!(
        "{} do {} times the {} work of one in the same time, launch and transfers included.",
        words::workers(run, measured, last.workers),
        units::ratio(last.workers as f64 / last.stretch?.value),
        words::workload(measured),
    ))
}

/// The largest grown problem that was also run on one worker.
fn largest_measured(points: &[ScaledPoint]) -> Option<&ScaledPoint> {
    points.iter().filter(|point| point.measured.is_some() && point.workers > 1).max_by_key(|point| point.workers)
}

fn kernel(View { run, measured, reading }: View<'_, Reading>) -> Option<String> {
    let point = largest_measured(&reading.kernel.points)?;
    Some(format!(
        "{}: grown to n = {} for {}, the kernel runs {} than on one of them: measured, not extrapolated.",
        words::workload(measured),
        units::size(point.n),
        words::workers(run, measured, point.workers),
        words::faster(point.measured?),
    ))
}

/// How far Gustafson's law holds, and what is left of it beyond.
fn whole_job(View { run, measured, reading }: View<'_, Reading>) -> Option<String> {
    let points = &reading.whole_job.points;
    let grown = || points.iter().filter(|point| point.workers > 1);
    let last = grown().max_by_key(|point| point.workers)?;
    let rate = last.workers as f64 / last.stretch?.value;
    let holds = grown().filter(|point| point.gustafson.is_some()).max_by_key(|point| point.workers);
    let law = holds.and_then(|point| {
        Some(format!(
            "up to {} the kernel takes no longer for its grown problem, and with {} of the time serial Gustafson's law \
             says {} times the work of one",
            words::workers(run, measured, point.workers),
            units::percent(point.serial_share?.value),
            units::ratio(point.gustafson?),
        ))
    });
    let workload = words::workload(measured);
    let most = words::workers(run, measured, last.workers);
    let full = last.gustafson.is_none();
    let beyond = format!("{most} do {} times the work of one in the same time, measured", units::ratio(rate));
    Some(match law {
        Some(law) if full => format!("{workload}: {law}. Beyond that they share the hardware: {beyond}."),
        Some(law) => format!("{workload}: {law}; {beyond}."),
        None => format!(
            "{workload}: the kernel takes longer as the problem grows with the workers, so Gustafson's law, which \
             assumes that it does not, is not read: {beyond}."
        ),
    })
}
