//! Both laws as a plot.

use super::page::decimals;
use super::{Job, Row};
use crate::law::speedup::{amdahl, gustafson};
use crate::page::plot::{Axis, Law, Plot, Points};
use crate::stats::Estimate;

/// The plot; `None` with a single worker count.
pub(super) fn plot(jobs: &[Job]) -> Option<Plot> {
    if jobs.first()?.rows.len() < 2 {
        return None;
    }
    let series = jobs.iter().flat_map(|job| {
        let s = decimals(job.serial_fraction);
        let points = |of: fn(&Row) -> f64| {
            let exact = |value| Estimate { value, low: value, high: value };
            job.rows.iter().map(|row| (row.workers, exact(of(row)))).collect()
        };
        [
            Points { name: format!("Amdahl, s = {s}"), points: points(|row| row.amdahl) },
            Points { name: format!("Gustafson, s = {s}"), points: points(|row| row.gustafson) },
        ]
    });
    let curves = jobs.iter().enumerate().flat_map(|(number, job)| {
        let (s, most) = (job.serial_fraction, job.halved_on_workers);
        let curve = |index: usize, law: fn(f64, f64) -> f64| {
            let speedup = move |workers| Some(law(s, workers)).filter(|_| workers >= 1.0);
            Law::of_series(2 * number + index, "", Some((1.0, most)), speedup)
        };
        [curve(0, amdahl), curve(1, gustafson)]
    });
    Plot::of(Axis::counts("workers"), Axis::counts("speedup"), series.collect(), curves.collect())
}
