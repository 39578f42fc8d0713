//! The cut job for the script of the page.

use super::read::{Reading, Split};
use super::show::predicted;
use crate::experiment::View;
use crate::experiment::cases::of_series;
use crate::experiment::web::{Cut, triple};
use crate::record::{Measurement, Quantity};

/// Returns the time of the cut job in each launch style, beside what empty launches predict.
pub(in crate::experiment) fn cuts(view: View<'_, Reading>) -> Vec<Cut> {
    let Reading(splits) = view.reading;
    let cut = |split: &Split| {
        let time = |case: &Measurement| Some((case.slices, triple(case.summary(Quantity::Launched)?.estimate())));
        let (launches, seconds): (Vec<u32>, _) = of_series(view.measured, split.series).filter_map(time).unzip();
        let predict = |&count: &u32| Some(predicted(view.measured, split, count)?.value);
        let predicted = launches.iter().map(predict).collect();
        Cut { style: split.series.to_string(), launches, seconds, predicted }
    };
    splits.iter().map(cut).collect()
}
