//! Weak scaling for the script of the page.

use super::read::{Reading, Scaled, ScaledPoint};
use crate::experiment::View;
use crate::experiment::web::{Both, Row, row};
use crate::record::Quantity;
use crate::stats::Estimate;

/// Returns how many one-worker jobs are done in the time of one, with the time of the grown job.
pub(in crate::experiment) fn curves(view: View<'_, Reading>) -> Both<Vec<Row>> {
    rows(view, ScaledPoint::work)
}

/// Returns how much faster than one worker the grown job is, where one worker did it, too.
pub(in crate::experiment) fn over_one(view: View<'_, Reading>) -> Both<Vec<Row>> {
    rows(view, |point| point.measured)
}

/// Returns Gustafson's speedup on each number of workers for which the kernel takes as long as his law assumes.
pub(in crate::experiment) fn by_formula(view: View<'_, Reading>) -> Both<Vec<[f64; 2]>> {
    let points = |scaled: &Scaled| {
        let point = |point: &ScaledPoint| Some([point.workers as f64, point.gustafson?]);
        scaled.points.iter().filter_map(point).collect()
    };
    Both { kernel: points(&view.reading.kernel), whole_job: points(&view.reading.whole_job) }
}

/// A ratio on each number of workers, with the time of the grown job.
fn rows(view: View<'_, Reading>, ratio: impl Fn(&ScaledPoint) -> Option<Estimate>) -> Both<Vec<Row>> {
    let Reading { kernel, whole_job, .. } = view.reading;
    let of = |scaled: &Scaled, quantity| {
        let row = |point: &ScaledPoint| {
            let time = point.case(view.measured)?.summary(quantity)?;
            Some(row(point.workers as f64, ratio(point)?, time.estimate()))
        };
        scaled.points.iter().filter_map(row).collect()
    };
    Both { kernel: of(kernel, Quantity::Kernel), whole_job: of(whole_job, Quantity::WholeJob) }
}
