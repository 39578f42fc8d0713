//! The cost of a launch for the script of the page.

use super::read::{Reading, each};
use crate::experiment::View;
use crate::experiment::web::{Launch, triple};
use crate::record::LaunchStyle;

/// Returns what one more launch costs in each style: by its line, or of many launches if that is refused.
pub(in crate::experiment) fn costs(view: View<'_, Reading>) -> Vec<Launch> {
    let cost = |style: LaunchStyle| {
        let series = style.series();
        let cost = view.reading.cost(series).or_else(|| each(view.measured, series))?;
        Some(Launch { style: style.name().to_owned(), name: in_words(style), one_more: triple(cost) })
    };
    LaunchStyle::ALL.into_iter().filter_map(cost).collect()
}

/// A launch style as a reader would say it.
fn in_words(style: LaunchStyle) -> &'static str {
    match style {
        LaunchStyle::OnePass => "all in one pass",
        LaunchStyle::PassEach => "a pass each",
        LaunchStyle::CommandBufferEach => "a command buffer each",
        LaunchStyle::SubmitEach => "a submit each",
        LaunchStyle::WaitEach => "submit and wait each",
        LaunchStyle::ReadBackEach => "read back each",
    }
}
