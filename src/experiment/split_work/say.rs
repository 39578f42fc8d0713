//! What a split job shows: the cost of cutting it, as Amdahl's serial part, held against empty launches.

use super::read::{Reading, Split};
use crate::experiment::agreement::Agreement;
use crate::experiment::launch_overhead::Ladder;
use crate::law::split::launches_of_share;
use crate::page::words;
use crate::record::{LaunchStyle, Measured};
use crate::stats::Estimate;
use crate::units;

/// How the cost of a launch that works compares with that of an empty one.
pub(super) fn against_ladder(split: &Split) -> Option<String> {
    let Ladder { line, waits } = split.empty.as_ref()?;
    let empty = line.slope()?;
    let cost = split.fit.slope()?;
    let beside = format!("{} costs {} on the ladder", empty_launch(*waits), words::cost(empty));
    Some(if cost.low > empty.high {
        let why = growth(split).unwrap_or_else(|| {
            if !waits {
                return UNCHAINED.to_owned();
            }
            "the kernels themselves do not get longer, so it is the change from one slice to the next that costs more \
             than between empty kernels"
                .to_owned()
        });
        format!("{beside}, less than that: {why}")
    } else if cost.high < empty.low {
        format!("{beside}, more than that: part of a launch is hidden behind the slice that still runs")
    } else {
        format!("{beside}: the intervals agree")
    })
}

/// Why slices may cost more than the empty launches that they are held against.
const UNCHAINED: &str =
    "slices write one buffer, so each waits for the one before it, and this run read no cost of empty launches that do";

/// What an empty launch on the ladder is.
pub(super) fn empty_launch(waits: bool) -> &'static str {
    if waits { "an empty launch that waits for the one before it" } else { "an empty launch that waits for no other" }
}

/// That the kernels of the slices take longer together than in one piece, and why they may; `None` if they do not.
fn growth(split: &Split) -> Option<String> {
    let growth = split.kernel_growth.filter(|growth| growth.low > 1.0)?;
    Some(format!(
        "the kernels of {} slices take {} as long together as the whole one, because a slice is too small to fill the \
         device or waits for the one before it",
        units::count(u64::from(split.most)),
        words::times(growth)
    ))
}

/// Up to where the slices fill the device, and what a launch costs by these alone; `None` if all of them do.
pub(super) fn filled(split: &Split) -> Option<String> {
    let last = split.filled_up_to.filter(|last| *last < split.most)?;
    let slope = split.filled_slope.map_or_else(
        || "too few of them for a line of their own".to_owned(),
        |slope| format!("by these alone each launch adds {}", words::cost(slope)),
    );
    let last = units::count(u64::from(last));
    Some(format!("only up to {last} launches the kernels take no longer together than in one piece: {slope}"))
}

/// The line of the summary: what each launch adds, by launch style.
pub(super) fn answer(measured: &Measured, reading: &Reading) -> Option<String> {
    let cost = |style: LaunchStyle| {
        let split = reading.0.iter().find(|split| split.series == style.series())?;
        split.fit.slope().map(words::about)
    };
    let in_one_pass = cost(LaunchStyle::OnePass).map(|cost| format!("{cost} in one pass"));
    let waited_for = cost(LaunchStyle::WaitEach).map(|cost| format!("{cost} if it is waited for"));
    let costs: Vec<String> = [in_one_pass, waited_for].into_iter().flatten().collect();
    let job = format!("{}, {}", words::workload(measured), words::amount(measured.cases.first()?.problem));
    Some(match costs.as_slice() {
        [] => format!("No cost can be read for the launches that a job is cut into ({job})."),
        costs => format!("Each launch that a job is cut into adds {} ({job}).", costs.join(", ")),
    })
}

/// A sentence or two for one launch style.
pub(super) fn sentence(measured: &Measured, split: &Split) -> String {
    let name = format!("{}, {}", words::workload(measured), split.series);
    let (cost, beside) = match split.fit.slope().zip(split.fit.intercept()) {
        Some((cost, work)) => (adds(split, cost, work), against_ladder(split)),
        None => {
            (format!("no cost per launch can be read ({}): {}", split.fit.verdict, split.fit.reason), growth(split))
        }
    };
    let first = words::stopped(&format!("{name}: {cost}"));
    let others = [beside, filled(split)].into_iter().flatten().map(|text| words::sentence(&text));
    std::iter::once(first).chain(others).collect::<Vec<_>>().join(" ")
}

/// What a launch adds, the share of the most that were tried, and the number from which on they outweigh the work.
fn adds(split: &Split, cost: Estimate, work: Estimate) -> String {
    let mut parts = vec![format!("each launch that the job is cut into adds {}", words::cost(cost))];
    parts.extend(split.share.filter(|share| share.low > 0.0).map(|share| {
        format!(
            "{} of them are {} of the time, a serial fraction that holds the job to {} times its speed on however \
             large a device",
            units::count(u64::from(split.most)),
            words::percent(share),
            units::ratio(1.0 / share.value)
        )
    }));
    let half = launches_of_share(cost.value, work.value, 0.5).filter(|_| cost.low > 0.0);
    parts.extend(half.map(|half| format!("from {} launches on they take longer than the work", words::whole(half))));
    parts.join("; ")
}

/// Launches with bindings and without may differ by this factor beside their intervals.
const LAUNCH: f64 = 1.5;

/// A launch of a slice costs what an empty one does, as far as slices fill the device.
pub(super) fn agreement(measured: &Measured, split: &Split) -> Option<Agreement> {
    let Ladder { line, waits } = split.empty.as_ref()?;
    let (here, empty) = (split.filled_slope?, line.slope()?);
    let small = (split.filled_up_to < Some(split.most)).then_some("smaller slices no longer fill the device");
    Some(Agreement {
        name: "a launch of a slice costs what an empty launch costs",
        place: format!("{}, {}", words::workload(measured), split.series),
        first: ("a slice", here),
        second: (empty_launch(*waits), empty),
        factor: LAUNCH,
        unit: units::seconds,
        cause: small.or((!waits && here.low > empty.high).then_some(UNCHAINED)).map(str::to_owned),
    })
}
