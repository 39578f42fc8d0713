//! What a weak-scaling experiment shows: how much more work fits in the same time.

use super::agree;
use super::read::{Reading, ScaledPoint};
use crate::experiment::cases::workers;
use crate::experiment::{View, waves};
use crate::page::words;
use crate::units;

/// The kernel on the largest job that one worker also ran, the whole job, the difference between Gustafson's law and
/// the measurement, and the waves of workgroups.
pub(super) fn sentences(view: View<'_, Reading>) -> Vec<String> {
    let waves = waves::sentence(view.reading.waves.as_ref());
    [kernel(view), whole_job(view), agree::disagreement(view), waves].into_iter().flatten().collect()
}

/// The line of the summary: the work that the most workers do in the time of one.
pub(super) fn answer(View { measured, reading, .. }: View<'_, Reading>) -> Option<String> {
    let last = reading.whole_job.points.iter().filter(|point| point.workers > 1).max_by_key(|point| point.workers)?;
    Some(format!("{} (the whole {} job).", work_done(last)?, words::workload(measured)))
}

/// How much work the workers of a grown job do in the time of one, without a full stop.
fn work_done(point: &ScaledPoint) -> Option<String> {
    let rate = point.work()?.value;
    Some(format!("{} do {} times the work of one in the same time", workers(point.workers), units::ratio(rate)))
}

/// The largest grown problem that was also run on one worker.
fn largest_measured(points: &[ScaledPoint]) -> Option<&ScaledPoint> {
    points.iter().filter(|point| point.measured.is_some() && point.workers > 1).max_by_key(|point| point.workers)
}

fn kernel(View { reading, .. }: View<'_, Reading>) -> Option<String> {
    let point = largest_measured(&reading.kernel.points)?;
    Some(format!(
        "{} run the kernel {} than one worker, measured on the same {}.",
        workers(point.workers),
        words::faster(point.measured?),
        words::counted(point.n, "element"),
    ))
}

/// The most workers up to which the grown job's kernel takes about as long, as Gustafson's law assumes.
pub(super) fn as_assumed(points: &[ScaledPoint]) -> Option<&ScaledPoint> {
    let as_long = points.iter().filter(|point| point.workers > 1 && point.gustafson.is_some());
    as_long.max_by_key(|point| point.workers)
}

/// How far the assumption of Gustafson's law holds, what the law says there beside what was measured, and what is left
/// beyond.
fn whole_job(View { reading, .. }: View<'_, Reading>) -> Option<String> {
    let points = &reading.whole_job.points;
    let last = points.iter().filter(|point| point.workers > 1).max_by_key(|point| point.workers)?;
    let done = words::sentence(&work_done(last)?);
    let law = as_assumed(points).and_then(|point| {
        let count = units::count(point.workers);
        let measured = point.measured.zip(point.verdict()).map_or(String::new(), |(measured, verdict)| {
            format!(", {verdict}. Measured: {}", units::ratio(measured.value))
        });
        Some(format!(
            "Up to {count} workers the kernel of a job {count} times as big takes about as long. By Gustafson's law \
             ({} serial) that is a speedup of {}{measured}.",
            units::percent(point.serial_share?.value),
            units::ratio(point.gustafson?),
        ))
    });
    Some(match law {
        Some(law) if last.gustafson.is_none() => format!("{law} Beyond, its kernel takes longer: {done}"),
        Some(law) => format!("{law} {done}"),
        None => format!(
            "The kernel of the bigger job takes longer from the start, which Gustafson's law does not allow for. {done}"
        ),
    })
}
