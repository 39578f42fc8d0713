//! The cut job for a worksheet.

use super::read::{Reading, Split};
use crate::experiment::View;
use crate::experiment::cases::{job, of_series};
use crate::experiment::lesson::Cut;
use crate::page::words;
use crate::record::{Measurement, Quantity};

/// Returns the time of the cut job in each launch style that was measured.
pub(in crate::experiment) fn cuts(view: View<'_, Reading>) -> Vec<Cut> {
    let View { measured, reading: Reading(splits), .. } = view;
    let problem = measured.cases.first().map(|case| job(case.problem)).unwrap_or_default();
    let time = |case: &Measurement| Some((case.slices, case.summary(Quantity::Launched)?.estimate()));
    let cut = |split: &Split| {
        let mut rows: Vec<_> = of_series(measured, split.series).filter_map(time).collect();
        rows.sort_by_key(|(launches, _)| *launches);
        Cut {
            job: format!("{} job ({problem})", words::workload(measured)),
            is_waited_for: split.series.launch().is_waited_for(),
            rows,
            kernel_growth: split.kernel_growth,
        }
    };
    splits.iter().map(cut).collect()
}
