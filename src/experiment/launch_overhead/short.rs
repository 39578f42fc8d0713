//! Launch overhead on one screen: should I batch?

use super::ladder;
use super::read::{BATCH, Reading, WAITED, each};
use crate::experiment::lesson::Launches;
use crate::experiment::{View, names};
use crate::page::block::{Bar, Bars, Block};
use crate::page::named::{Named, Unit};
use crate::page::words;
use crate::record::{LaunchStyle, Measured, Series};
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
    cost(view.measured, view.reading, series)
}

fn cost(measured: &Measured, reading: &Reading, series: Series) -> Option<Estimate> {
    reading.cost(series).or_else(|| each(measured, series))
}

/// Returns what batching gains, if it does: how many times cheaper a launch becomes, and below which length of a kernel
/// waiting for it costs more than running it.
pub(super) fn batching(measured: &Measured, reading: &Reading) -> Vec<Named> {
    let [waited, batched] = [WAITED, BATCH].map(|series| cost(measured, reading, series));
    let Some((waited, batched)) = waited.zip(batched).filter(|(waited, batched)| batched.high < waited.low) else {
        return Vec::new();
    };
    let ratio = waited.value / batched.value;
    let cheaper = if batched.low > 0.0 {
        let (low, high) = (waited.low / batched.high, waited.high / batched.low);
        Some(Named::new(CHEAPER, Unit::Times, Estimate { value: ratio, low, high }))
    } else {
        // A launch that costs nothing that can be told is cheaper by no known factor.
        (batched.value > 0.0).then(|| Named::plain(CHEAPER, Unit::Times, ratio))
    };
    cheaper.into_iter().chain([Named::new("batch kernels shorter than", Unit::Seconds, waited)]).collect()
}

/// The name of the ratio of a launch that is waited for to one in a batch.
const CHEAPER: &str = "times cheaper in one pass";

/// Says what one more launch costs by its style, and whether to batch; `proof` is what a cut job shows of that.
pub(in crate::experiment) fn batch(view: View<'_, Reading>, proof: Option<&str>) -> Vec<Block> {
    let bars = STYLES.into_iter().filter_map(|(series, name)| {
        let cost = one_more(view, series)?;
        // A single sample has no interval.
        let known = cost.low < cost.high;
        let interval = known.then(|| format!("{}–{}", units::seconds(cost.low.max(0.0)), units::seconds(cost.high)));
        Some(Bar {
            name: name.to_owned(),
            // A cost of zero is one below what can be told.
            cells: if known && cost.value <= 0.0 {
                vec![format!("below {}", units::seconds(cost.high)), String::new()]
            } else {
                vec![units::seconds(cost.value), interval.unwrap_or_default()]
            },
            value: cost.value,
            remark: if view.reading.cost(series).is_some() { "" } else { "(on average)" }.to_owned(),
            ..Bar::default()
        })
    });
    let bars: Vec<Bar> = bars.collect();
    let mut blocks = Vec::new();
    if !bars.is_empty() {
        blocks.push(Block::Bars(Bars {
            bars,
            caption: "The longer the bar, the dearer the launch.",
            ..Bars::default()
        }));
    }
    blocks.extend(answer(view, proof).map(Block::Text));
    blocks
}

fn answer(view: View<'_, Reading>, proof: Option<&str>) -> Option<String> {
    let (waited, batched) = (one_more(view, WAITED)?, one_more(view, BATCH)?);
    let [slow, fast] = [waited, batched].map(|cost| units::seconds(cost.value));
    Some(if batched.high < waited.low && batched.value <= 0.0 {
        format!(
            "YES: in one pass another launch costs {}, and waiting each time {slow}. Batch kernels shorter than that: \
             they wait longer than they run.",
            words::cost(batched)
        )
    } else if batched.high < waited.low {
        format!(
            "YES: one pass is {} times cheaper than waiting each time. Batch kernels shorter than {slow}: they wait \
             longer than they run. Below {fast} one pass is not enough: make each kernel longer.",
            units::ratio(waited.value / batched.value)
        )
    } else if batched.low > waited.high {
        format!("NO: a launch costs {fast} in one pass and only {slow} if you wait after each.")
    } else {
        let unsure = format!("the intervals of {slow} (waited for) and {fast} (in one pass) overlap");
        proof.map_or_else(
            || {
                format!(
                    "UNSURE: {unsure}, so these launches cannot tell. `amdahl run {} {}` asks again, for longer.",
                    names::LAUNCH_OVERHEAD,
                    names::SPLIT_WORK
                )
            },
            |proof| format!("YES: {proof} The empty launches alone cannot tell: {unsure}."),
        )
    })
}

/// Returns what one more launch costs, waited for and in one pass; `None` if one of them is unknown. In one pass each
/// needs the one before it, if such launches were measured: so do the pieces of a job.
pub(in crate::experiment) fn launches(view: View<'_, Reading>) -> Option<Launches> {
    let ladder = ladder(view.run, LaunchStyle::OnePass).and_then(|ladder| Some((ladder.line.slope()?, ladder.waits)));
    let (batched, waits) = ladder.or_else(|| Some((one_more(view, BATCH)?, false)))?;
    Some(Launches { waited: one_more(view, WAITED)?, batched, waits })
}
