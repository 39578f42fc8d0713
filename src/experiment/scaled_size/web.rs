//! Weak scaling for the script of the page.

use super::read::{Reading, Scaled, ScaledPoint};
use crate::experiment::View;
use crate::experiment::web::{Both, Row, row};
use crate::record::Quantity;

/// Returns how many one-worker jobs are done in the time of one, with the time of the grown job.
pub(in crate::experiment) fn curves(view: View<'_, Reading>) -> Both<Vec<Row>> {
    let Reading { kernel, whole_job, .. } = view.reading;
    let rows = |scaled: &Scaled, quantity| scaled.points.iter().filter_map(|point| of(view, point, quantity)).collect();
    Both { kernel: rows(kernel, Quantity::Kernel), whole_job: rows(whole_job, Quantity::WholeJob) }
}

/// Returns Gustafson's speedup on each number of workers for which the kernel takes as long as his law assumes.
pub(in crate::experiment) fn by_formula(view: View<'_, Reading>) -> Both<Vec<[f64; 2]>> {
    let points = |scaled: &Scaled| {
        let point = |point: &ScaledPoint| Some([point.workers as f64, point.gustafson?]);
        scaled.points.iter().filter_map(point).collect()
    };
    Both { kernel: points(&view.reading.kernel), whole_job: points(&view.reading.whole_job) }
}

fn of(view: View<'_, Reading>, point: &ScaledPoint, quantity: Quantity) -> Option<Row> {
    let time = point.case(view.measured)?.summary(quantity)?;
    Some(row(point.workers as f64, point.work()?, time.estimate()))
}
