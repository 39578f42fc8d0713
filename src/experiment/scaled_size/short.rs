//! Weak scaling on one screen: a job that grows with the workers.

use super::read::{Reading, ScaledPoint};
use crate::experiment::View;
use crate::page::plot::Points;
use crate::page::words;
use crate::record::Quantity;
use crate::stats::Estimate;
use crate::units;

/// A job that grew by no more than this took the same time.
const SAME_TIME: f64 = 1.25;

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
    let first = view.reading.whole_job.points.first()?;
    let each = first.n.checked_div(first.workers)?;
    let (at, most) = points.iter().max_by(|(_, one), (_, other)| one.value.total_cmp(&other.value))?;
    let most = units::ratio(most.value);
    let mut sentences = vec![format!(
        "G: bigger job, {} each: {} workers do {most} times the work of one.",
        words::counted(each, "element"),
        units::count(*at as u64)
    )];
    sentences.extend(same_time(view));
    sentences.extend(by_formula(&view.reading.whole_job.points));
    Some(BiggerJob { points: Points { name: format!("G: bigger job: {most} times the work"), points }, sentences })
}

/// Up to how many workers the grown job takes the same time, and what happens beyond.
fn same_time(View { measured, reading, .. }: View<'_, Reading>) -> Option<String> {
    let points = &reading.whole_job.points;
    let is_flat = |point: &&ScaledPoint| point.stretch.is_some_and(|stretch| stretch.value <= SAME_TIME);
    let flat: Vec<&ScaledPoint> = points.iter().take_while(is_flat).collect();
    let last = flat.last()?;
    let time = |point: &ScaledPoint| Some(point.case(measured)?.summary(Quantity::WholeJob)?.median);
    let all = points.last().filter(|all| all.workers > last.workers);
    let beyond = all.and_then(|all| {
        let (workers, time) = (units::count(all.workers), units::seconds(time(all)?));
        Some(format!(" Beyond, workers share the hardware: {time} on {workers}."))
    });
    let times = flat.iter().filter_map(|point| time(point));
    let (least, most) = times.fold((f64::INFINITY, 0.0), |(least, most), time| (time.min(least), time.max(most)));
    Some(format!(
        "Up to {} it takes {}: Gustafson's case.{}",
        words::counted(last.workers, "worker"),
        between(least, most),
        beyond.unwrap_or_default()
    ))
}

/// Writes a range of times; two that look alike once.
fn between(least: f64, most: f64) -> String {
    let (least, most) = (units::seconds(least), units::seconds(most));
    if least == most { least } else { format!("{least} to {most}") }
}

/// The three ways to count a bigger job, at the most workers for which all are known.
fn by_formula(points: &[ScaledPoint]) -> Option<String> {
    let known = points.iter().rev().find(|point| point.gustafson.is_some() && point.measured.is_some());
    let point = known.filter(|point| point.workers > 1)?;
    Some(format!(
        "The job of {}: one worker takes {} times as long; textbook p - s(p - 1) says {}, s = {}; G, with the fixed part \
         of every small job, {}.",
        units::count(point.workers),
        units::ratio(point.measured?.value),
        units::ratio(point.gustafson?),
        units::percent(point.serial_share?.value),
        units::ratio(point.work()?.value)
    ))
}
