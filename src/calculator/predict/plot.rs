//! Both laws as a plot, with the ideal line and the ceiling, and the mistakes that a single job may be asked for.

use super::page::decimals;
use super::{Job, step};
use crate::law::speedup::{amdahl, gustafson};
use crate::page::Scale;
use crate::page::plot::{Axis, Law, Plot, Points};
use crate::stats::Estimate;
use crate::units;

/// Linear axes end at this many times the workers of the bend, 1/s: farther on the bend would be lost at the left.
const BEYOND_THE_BEND: f64 = 4.0;

/// Most workers that are drawn on linear axes unasked: of doubling counts the most would crowd at the left.
const MOST_LINEAR: f64 = 64.0;

/// A law by its name.
type Line<'a> = (String, Box<dyn Fn(f64) -> f64 + 'a>);

/// Returns the plot, on the axes that were asked for or on those that show the bend; `None` with a single worker count.
pub(super) fn plot(jobs: &[Job], asked: Option<Scale>) -> Option<Plot> {
    let counts: Vec<f64> = jobs.first()?.rows.iter().map(|row| row.workers).collect();
    let (bend, most) = (bend(jobs), counts.iter().copied().fold(1.0, f64::max));
    let end = BEYOND_THE_BEND * bend;
    let usual = if most <= end.min(MOST_LINEAR) { Scale::Linear } else { Scale::Log };
    let scale = asked.unwrap_or(usual);
    let near: Vec<f64> = counts.iter().copied().filter(|count| scale == Scale::Log || *count <= end).collect();
    let counts = if near.len() < 2 { counts } else { near };
    let last = counts.iter().copied().filter(|_| counts.len() > 1).reduce(f64::max)?;
    let lines: Vec<Line<'_>> = jobs.iter().flat_map(|job| lines(job, jobs.len() == 1)).collect();
    let exact = |value| Estimate { value, low: value, high: value };
    let points = |law: &dyn Fn(f64) -> f64| counts.iter().map(|&count| (count, exact(law(count)))).collect();
    let series = lines.iter().map(|(name, law)| Points { name: name.clone(), points: points(law) });
    let highest = lines.iter().map(|(_, law)| law(last)).fold(1.0, f64::max);
    let curves = lines.iter().enumerate();
    let curves = curves.map(|(index, (_, law))| Law::of_series(index, "", Some((1.0, last)), from_one(law)));
    // What is there to compare lies under the laws.
    let laws = to_compare(jobs, highest).chain(curves).collect();
    let [x, y] = ["workers", "speedup"].map(|name| Axis::counts(name).divided(scale));
    Plot::of(x, y, series.collect(), laws)
}

/// Returns the workers at which the first job bends away from the ideal line: its ceiling; infinite without one.
fn bend(jobs: &[Job]) -> f64 {
    jobs.iter().filter_map(|job| job.ceiling).fold(f64::INFINITY, f64::min)
}

/// A law from one worker on.
fn from_one(law: &dyn Fn(f64) -> f64) -> impl Fn(f64) -> Option<f64> {
    |workers| (workers >= 1.0).then(|| law(workers))
}

/// Returns both laws of a job; if it stands alone also the curves of the mistakes that its tables show.
fn lines(job: &Job, alone: bool) -> Vec<Line<'_>> {
    let (one, share) = (job.serial_fraction, job.serial_share());
    let [s, there] =
        job.measured_on.as_ref().map_or(["s".to_owned(), "s".to_owned()], |on| ["s(1)".to_owned(), on.name()]);
    let mut lines: Vec<Line<'_>> = vec![
        (format!("Amdahl, {s} = {}", decimals(one)), Box::new(move |workers| amdahl(one, workers))),
        (format!("Gustafson, {there} = {}", decimals(share)), Box::new(move |workers| gustafson(share, workers))),
    ];
    if let (Some(fitted), true) = (&job.fitted, alone) {
        lines.push(("fitted law".to_owned(), Box::new(|workers| fitted.speedup(workers))));
    }
    if let (Some(pair), true) = (job.work_span, alone) {
        lines.push(("at most, by work and span".to_owned(), Box::new(move |workers| pair.most_speedup(workers))));
    }
    if job.effective.is_some() && alone {
        let step = step(&job.profile);
        lines.push(("effective curve".to_owned(), Box::new(move |workers| step.effective_speedup(workers))));
    }
    if let (Some(on), true) = (&job.measured_on, alone) {
        lines.push((format!("Amdahl with {}", on.name()), Box::new(move |workers| amdahl(share, workers))));
    }
    lines
}

/// Returns the ideal line, and the ceilings that are not above everything drawn.
fn to_compare<'a>(jobs: &[Job], highest: f64) -> impl Iterator<Item = Law<'a>> {
    let ceilings: Vec<f64> = jobs.iter().filter_map(|job| job.ceiling).filter(|ceiling| *ceiling <= highest).collect();
    let name = match ceilings.as_slice() {
        [ceiling] => format!("ceiling 1/s = {}", units::ratio(*ceiling)),
        _ => "ceilings 1/s".to_owned(),
    };
    let ideal = Law::to_compare("ideal: p times", |workers| (workers >= 1.0).then_some(workers));
    let ceilings = ceilings.into_iter().enumerate().map(move |(index, ceiling)| {
        let name = if index == 0 { name.as_str() } else { "" };
        Law::to_compare(name, move |_| Some(ceiling))
    });
    std::iter::once(ideal).chain(ceilings)
}
