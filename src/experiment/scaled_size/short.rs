//! Weak scaling on one screen: a job that grows with the workers.

use super::read::{Reading, ScaledPoint};
use crate::experiment::View;
use crate::page::plot::Points;
use crate::page::words;
use crate::record::Quantity;
use crate::stats::Estimate;
use crate::units;

/// The bigger job, for a plot of both laws.
pub(in crate::experiment) struct BiggerJob {
    /// Jobs of one worker that are done in the time of one.
    pub(in crate::experiment) points: Points,
    /// What the points show, in sentences.
    pub(in crate::experiment) sentences: Vec<String>,
}

/// Reads the bigger job off an experiment; `None` if nothing was timed.
pub(in crate::experiment) fn bigger_job(view: View<'_, Reading>) -> Option<BiggerJob> {
    let points: Vec<(f64, Estimate)> =
        view.reading.whole_job.points.iter().filter_map(|point| Some((point.workers as f64, point.work()?))).collect();
    let (_, most) = view.reading.whole_job.most_work()?;
    let each = view.reading.share()?;
    let mut sentences = vec![format!(
        "G: bigger job, {} for each worker: work done in the same time.",
        words::counted(each, "element")
    )];
    sentences.extend(same_time(view));
    sentences.extend(view.reading.whole_job.by_both().and_then(by_formula));
    Some(BiggerJob {
        points: Points { name: format!("G: bigger job: {} times the work", units::ratio(most.value)), points },
        sentences,
    })
}

/// Up to how many workers the grown job takes the same time, and what happens beyond.
fn same_time(View { measured, reading, .. }: View<'_, Reading>) -> Option<String> {
    let points = &reading.whole_job.points;
    let last = reading.whole_job.same_time()?;
    let time = |point: &ScaledPoint| Some(units::seconds(point.case(measured)?.summary(Quantity::WholeJob)?.median));
    let all = points.last().filter(|all| all.workers > last.workers);
    let beyond = all.and_then(|all| {
        let (workers, time) = (units::count(all.workers), time(all)?);
        Some(format!(" Beyond, workers share the hardware: {time} on {workers}."))
    });
    let beyond = beyond.unwrap_or_default();
    let (workers, first, last) = (units::count(last.workers), time(points.first()?)?, time(last)?);
    Some(format!(
        "Up to {workers} workers the time stays near {first} ({last} on {workers}): Gustafson's case.{beyond}"
    ))
}

/// What the textbook's formula says beside what was measured, at the most workers for which both are known.
fn by_formula(point: &ScaledPoint) -> Option<String> {
    Some(format!(
        "Textbook p - s(p - 1) gives {} on {} workers; measured against one: {}.",
        units::ratio(point.gustafson?),
        units::count(point.workers),
        units::ratio(point.measured?.value)
    ))
}
