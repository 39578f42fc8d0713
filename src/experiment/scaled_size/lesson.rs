//! Weak scaling for a worksheet.

use super::read::{Reading, ScaledPoint};
use crate::experiment::View;
use crate::experiment::lesson::{BiggerJob, Gain, Grown};
use crate::page::words;
use crate::record::Quantity;

/// Returns the whole job that grows with its workers.
pub(in crate::experiment) fn bigger_job(view: View<'_, Reading>) -> BiggerJob {
    let kernel = |workers| view.reading.kernel.points.iter().find(|point| point.workers == workers);
    let gain = |point: &ScaledPoint| {
        let seconds = point.case(view.measured)?.summary(Quantity::Kernel)?.estimate();
        Some(Gain { seconds, speedup: point.measured? })
    };
    let grown = |point: &ScaledPoint| {
        let seconds = point.case(view.measured)?.summary(Quantity::WholeJob)?.estimate();
        Some(Grown {
            workers: point.workers,
            elements: point.n,
            seconds,
            outside: point.serial_share?.value * seconds.value,
            is_as_assumed: point.gustafson.is_some(),
            stretch: kernel(point.workers).and_then(|kernel| kernel.stretch),
            kernel: kernel(point.workers).and_then(gain),
            measured: point.measured.filter(|_| point.workers > 1),
            work: point.work()?,
        })
    };
    let mut rows: Vec<Grown> = view.reading.whole_job.points.iter().filter_map(grown).collect();
    rows.sort_by_key(|row| row.workers);
    BiggerJob { name: words::workload(view.measured), rows }
}
