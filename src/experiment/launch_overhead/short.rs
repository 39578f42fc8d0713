//! Launch overhead on one screen: should I batch?

use super::ladder;
use super::read::{BATCH, Reading, WAITED, each};
use crate::experiment::View;
use crate::experiment::lesson::Launches;
use crate::page::block::{Bar, Bars, Block};
use crate::record::{LaunchStyle, Series};
use crate::stats::Estimate;
use crate::units;

/// Launch styles from the cheapest to the dearest, as a reader would say them.
pub(in crate::experiment) const STYLES: [(Series, &str); 5] = [
    (BATCH, "all in one pass"),
    (LaunchStyle::PassEach.series(), "a pass each"),
    (LaunchStyle::SubmitEach.series(), "a submit each"),
    (WAITED, "submit and wait each"),
    (LaunchStyle::ReadBackEach.series(), "read back each"),
];

/// Returns the cost of one more launch of a style in seconds: by its line, or of many launches if that is refused.
pub(in crate::experiment) fn one_more(view: View<'_, Reading>, series: Series) -> Option<Estimate> {
    view.reading.cost(series).or_else(|| each(view.measured, series))
}

/// Says what one more launch costs by its style, and whether to batch.
pub(in crate::experiment) fn batch(view: View<'_, Reading>) -> Vec<Block> {
    let bars = STYLES.into_iter().filter_map(|(series, name)| {
        let cost = one_more(view, series)?;
        let interval = format!("{}–{}", units::seconds(cost.low.max(0.0)), units::seconds(cost.high));
        Some(Bar {
            name: name.to_owned(),
            cells: vec![units::seconds(cost.value), interval],
            value: cost.value,
            series: 0,
            remark: String::new(),
        })
    });
    let bars: Vec<Bar> = bars.collect();
    let mut blocks = Vec::new();
    if !bars.is_empty() {
        blocks.push(Block::Bars(Bars { bars, log: false }));
    }
    blocks.extend(answer(view).map(Block::Text));
    blocks
}

fn answer(view: View<'_, Reading>) -> Option<String> {
    let (waited, batched) = (one_more(view, WAITED)?, one_more(view, BATCH)?);
    let [slow, fast] = [waited, batched].map(|cost| units::seconds(cost.value));
    if batched.high >= waited.low {
        return Some(format!("NO: {slow} waited for and {fast} in one pass cannot be told apart."));
    }
    Some(format!(
        "YES: {} times cheaper. Batch kernels shorter than {slow}: they cost more to launch and wait for than to run. \
         Inside one pass that limit is {fast}.",
        units::ratio(waited.value / batched.value)
    ))
}

/// Returns what one more launch costs, waited for and in one pass; `None` if one of them is unknown. In one pass each
/// needs the one before it, if such launches were measured: so do the pieces of a job.
pub(in crate::experiment) fn launches(view: View<'_, Reading>) -> Option<Launches> {
    let ladder = ladder(view.run, LaunchStyle::OnePass).and_then(|ladder| Some((ladder.line.slope()?, ladder.waits)));
    let (batched, waits) = ladder.or_else(|| Some((one_more(view, BATCH)?, false)))?;
    Some(Launches { waited: one_more(view, WAITED)?, batched, waits })
}
