//! One job cut into K launches, on one screen.

use super::read::{GROWN, Reading, Split};
use crate::experiment::View;
use crate::experiment::cases::of_series;
use crate::page::block::{Block, Table};
use crate::page::words;
use crate::record::{LaunchStyle, Quantity};
use crate::units::{self, ABSENT};

/// Numbers of launches that are shown.
const SHOWN: [u32; 4] = [1, 16, 64, 256];

/// Returns the time of the cut job in each launch style.
pub(in crate::experiment) fn cut(view: View<'_, Reading>) -> Vec<Block> {
    let View { measured, reading: Reading(splits), .. } = view;
    let shown: Vec<u32> =
        SHOWN.into_iter().filter(|&count| measured.cases.iter().any(|case| case.slices == count)).collect();
    let whole = measured.cases.iter().find(|case| case.slices == 1).and_then(|case| case.summary(Quantity::Launched));
    let Some(whole) = whole.filter(|_| shown.len() > 1 && !splits.is_empty()) else { return Vec::new() };
    let first = format!("one {} {} job cut into K", units::seconds(whole.median), words::workload(measured));
    let heads: Vec<String> = shown.iter().map(|count| format!("K = {}", units::count(u64::from(*count)))).collect();
    let heads: Vec<&str> = std::iter::once(first.as_str()).chain(heads.iter().map(String::as_str)).collect();
    let mut table = Table::new(&heads).words(&[0]);
    for split in splits {
        let time = |count: &u32| {
            let case = of_series(measured, split.series).find(|case| case.slices == *count);
            let time = case.and_then(|case| case.summary(Quantity::Launched));
            time.map_or_else(|| ABSENT.to_owned(), |time| units::seconds(time.median))
        };
        let waits = split.series == LaunchStyle::WaitEach.series();
        let name = if waits { "waiting each time" } else { "in one pass" };
        table.push(std::iter::once(name.to_owned()).chain(shown.iter().map(time)));
    }
    std::iter::once(Block::Table(table)).chain(grown(splits).map(Block::Text)).collect()
}

/// Says what batching gains the cut job, if that is proven: with the most launches that both styles have.
pub(in crate::experiment) fn proof(view: View<'_, Reading>) -> Option<String> {
    let measured = view.measured;
    let of = |style: LaunchStyle| of_series(measured, style.series());
    let in_pass = of(LaunchStyle::OnePass).max_by_key(|case| case.slices)?;
    let waited = of(LaunchStyle::WaitEach).find(|case| case.slices == in_pass.slices)?;
    let [slow, fast] = [waited, in_pass].map(|case| case.summary(Quantity::Launched));
    let (slow, fast) = slow.zip(fast).filter(|(slow, fast)| fast.high < slow.low)?;
    Some(format!(
        "the {} job cut into {} takes {} if you wait after each, and only {} in one pass.",
        words::workload(measured),
        words::counted(u64::from(in_pass.slices), "piece"),
        units::seconds(slow.median),
        units::seconds(fast.median)
    ))
}

/// Says how much longer small slices compute, if they do. A single pass may hold the gaps between its launches.
fn grown(splits: &[Split]) -> Option<String> {
    let apart = splits.iter().find(|split| split.series.launch().is_waited_for())?;
    let growth = apart.kernel_growth.filter(|growth| growth.low > GROWN)?;
    Some(format!(
        "{} waited-for pieces compute {} times as long in all: each is too small.",
        units::count(u64::from(apart.most)),
        units::ratio(growth.value)
    ))
}
