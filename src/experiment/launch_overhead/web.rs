//! The cost of a launch for the script of the page.

use super::read::Reading;
use super::short::{STYLES, one_more};
use crate::experiment::View;
use crate::experiment::web::{Launch, triple};
use crate::record::Series;

/// Returns what one more launch costs in each style.
pub(in crate::experiment) fn costs(view: View<'_, Reading>) -> Vec<Launch> {
    let cost = |(series, name): (Series, _)| {
        Some(Launch { style: series.to_string(), name, one_more: triple(one_more(view, series)?) })
    };
    STYLES.into_iter().filter_map(cost).collect()
}
