//! What a split job shows: the cost of cutting it, as Amdahl's serial part, held against the launch ladder.

use super::launch;
use crate::law::line::LineFit;
use crate::law::split::launches_of_share;
use crate::page::reason::reason;
use crate::page::words;
use crate::record::{Experiment, Fit, Run};
use crate::stats::Estimate;
use crate::units;

/// The reading of one rung.
pub(crate) struct Split<'a> {
    pub(crate) rung: &'a str,
    pub(crate) fit: &'a LineFit,
    pub(crate) most: u32,
    pub(crate) share: Option<Estimate>,
    pub(crate) kernel_growth: Option<Estimate>,
    pub(crate) filled_up_to: Option<u32>,
    pub(crate) filled_slope: Option<Estimate>,
}

/// The readings of the experiment, in the order of the record.
pub(crate) fn splits(experiment: &Experiment) -> Vec<Split<'_>> {
    let split = |fit| match fit {
        &Fit::Split { ref rung, ref fit, most, share, kernel_growth, filled_up_to, filled_slope } => {
            Some(Split { rung: rung.as_str(), fit, most, share, kernel_growth, filled_up_to, filled_slope })
        }
        _ => None,
    };
    experiment.fits.iter().filter_map(split).collect()
}

/// The line of the same rung on the launch ladder, where the run holds one.
pub(crate) fn ladder<'a>(run: &'a Run, rung: &str) -> Option<&'a LineFit> {
    let ladders = run.experiments.iter().filter(|experiment| experiment.name == "launch-overhead");
    ladders.into_iter().find_map(|experiment| launch::line(experiment, rung))
}

/// How the cost of a launch that works compares with that of an empty one.
pub(crate) fn against_ladder(run: &Run, split: &Split<'_>) -> Option<String> {
    let empty = ladder(run, split.rung)?.slope()?;
    let cost = split.fit.slope()?;
    let beside = format!("an empty launch costs {} on the ladder", words::cost(empty));
    Some(if cost.low > empty.high {
        let why = growth(split).unwrap_or_else(|| {
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

/// That the kernels of the slices take longer together than in one piece, and why they may; `None` where they do not.
fn growth(split: &Split<'_>) -> Option<String> {
    let growth = split.kernel_growth.filter(|growth| growth.low > 1.0)?;
    Some(format!(
        "the kernels of {} slices take {} as long together as the whole one, because a slice is too small to fill the \
         device or waits for the one before it",
        units::count(u64::from(split.most)),
        words::times(growth)
    ))
}

/// Up to where the slices fill the device, and what a launch costs by these alone; `None` where all of them do.
pub(crate) fn filled(split: &Split<'_>) -> Option<String> {
    let last = split.filled_up_to.filter(|last| *last < split.most)?;
    let slope = split.filled_slope.map_or_else(
        || "too few of them for a line of their own".to_owned(),
        |slope| format!("by these alone each launch adds {}", words::cost(slope)),
    );
    let last = units::count(u64::from(last));
    Some(format!("only up to {last} launches the kernels take no longer together than in one piece: {slope}"))
}

/// A sentence or two for each rung.
pub(super) fn sentences(run: &Run, experiment: &Experiment) -> Vec<String> {
    splits(experiment).iter().map(|split| sentence(run, experiment, split)).collect()
}

fn sentence(run: &Run, experiment: &Experiment, split: &Split<'_>) -> String {
    let name = format!("{}, {}", words::workload(experiment), split.rung);
    let (cost, beside) = match split.fit.slope().zip(split.fit.intercept()) {
        Some((cost, work)) => (adds(split, cost, work), against_ladder(run, split)),
        None => (
            format!("no cost per launch can be read ({}): {}", split.fit.verdict, reason(&split.fit.reason)),
            growth(split),
        ),
    };
    let first = words::stopped(&format!("{name}: {cost}"));
    let others = [beside, filled(split)].into_iter().flatten().map(|text| words::sentence(&text));
    std::iter::once(first).chain(others).collect::<Vec<_>>().join(" ")
}

/// What a launch adds, the share of the most that were tried, and the number from which on they outweigh the work.
fn adds(split: &Split<'_>, cost: Estimate, work: Estimate) -> String {
    let mut parts = vec![format!("each launch that the job is cut into adds {}", words::cost(cost))];
    parts.extend(split.share.filter(|share| share.low > 0.0).map(|share| {
        format!(
            "{} of them are {} of the time, a serial fraction that holds the job to {} times its speed on however large \
             a device",
            units::count(u64::from(split.most)),
            words::percent(share),
            units::ratio(1.0 / share.value)
        )
    }));
    let half = launches_of_share(cost.value, work.value, 0.5).filter(|_| cost.low > 0.0);
    parts.extend(half.map(|half| format!("from {} launches on they take longer than the work", words::whole(half))));
    parts.join("; ")
}
