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
    let (at, most) = view.reading.whole_job.most_work()?;
    let most = units::ratio(most.value);
    let share = words::counted(view.reading.share()?, "element");
    let mut sentences = vec![match at.workers {
        1 => format!("G: bigger job, {share} each: more workers do no more than 1 job in the time of 1."),
        workers => format!(
            "G: bigger job, {share} each: {} workers do {most} jobs in the time of 1.{}",
            units::count(workers),
            paid_once(view.reading, at).unwrap_or_default()
        ),
    }];
    sentences.extend(same_time(view));
    sentences.extend(view.reading.whole_job.by_both().and_then(by_formula));
    Some(BiggerJob { points: Points { name: format!("G: bigger job: {most} times the work"), points }, sentences })
}

/// A larger share of a small job, paid once by a bigger one, makes the count of jobs exceed the speedup.
const LARGE: f64 = 0.25;

/// How long one worker takes for the same, and why that is less than the count of jobs.
fn paid_once(reading: &Reading, at: &ScaledPoint) -> Option<String> {
    let share = reading.whole_job.alone()?.serial_share.filter(|share| share.low > LARGE)?;
    let paid = format!("{} of a small job is paid once", units::percent(share.value));
    Some(match at.measured {
        Some(measured) => format!(" One worker takes {} times as long: {paid}.", units::ratio(measured.value)),
        None => format!(" {}.", words::capital(&paid)),
    })
}

/// Up to how many workers the grown job takes the same time, and what happens beyond.
fn same_time(View { measured, reading, .. }: View<'_, Reading>) -> Option<String> {
    let points = &reading.whole_job.points;
    let last = reading.whole_job.same_time()?;
    let time = |point: &ScaledPoint| Some(point.case(measured)?.summary(Quantity::WholeJob)?.median);
    let all = points.last().filter(|all| all.workers > last.workers);
    let all = all.and_then(|all| Some(format!("{} on {}", units::seconds(time(all)?), units::count(all.workers))));
    if last.workers == 1 {
        return all.map(|all| format!("The time grows from the start: {all}."));
    }
    let times = points.iter().filter(|point| point.workers <= last.workers).filter_map(time);
    let (least, most) = times.fold((f64::INFINITY, 0.0), |(least, most), time| (time.min(least), time.max(most)));
    Some(format!(
        "Up to {} the whole job takes {}, as Gustafson assumes.{}",
        words::counted(last.workers, "worker"),
        between(least, most),
        all.map_or(String::new(), |all| format!(" Beyond, it grows: {all}."))
    ))
}

/// Writes a range of times; two that look alike once.
fn between(least: f64, most: f64) -> String {
    let (least, most) = (units::seconds(least), units::seconds(most));
    if least == most { least } else { format!("{least} to {most}") }
}

/// Tells the three ways to count a bigger job.
fn by_formula(point: &ScaledPoint) -> Option<String> {
    Some(format!(
        "On {} workers, G counts {} small jobs; one worker takes {} times as long. Gustafson's law says \
         {} (p - s(p - 1), s = {} of G's time), {}.",
        units::count(point.workers),
        units::ratio(point.work()?.value),
        units::ratio(point.measured?.value),
        units::ratio(point.gustafson?),
        units::percent(point.serial_share?.value),
        point.verdict()?
    ))
}
