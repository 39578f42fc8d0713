//! What a split job shows: the cost of cutting it, as Amdahl's serial part, held against the launch ladder.

use super::{launch, words};
use crate::law::line::LineFit;
use crate::law::split::launches_of_share;
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
}

/// The readings of the experiment, in the order of the record.
pub(crate) fn splits(experiment: &Experiment) -> Vec<Split<'_>> {
    let split = |fit| match fit {
        &Fit::Split { ref rung, ref fit, most, share, kernel_growth } => {
            Some(Split { rung: rung.as_str(), fit, most, share, kernel_growth })
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
    let empty = ladder(run, split.rung)?.slope?;
    let cost = split.fit.slope?;
    let beside = format!("an empty launch costs {} on the ladder", words::cost(empty));
    let grows = split.kernel_growth.filter(|growth| growth.low > 1.0);
    Some(if cost.low > empty.high {
        let why = match grows {
            Some(growth) => format!(
                "the kernels of {} slices also take {} as long together as the whole one, because a slice is too small to \
                 fill the device or because it waits for the one before it",
                units::count(u64::from(split.most)),
                words::times(growth)
            ),
            None => {
                "the kernels themselves do not get longer, so it is the change from one slice to the next that costs \
                     more than between empty kernels"
                    .to_owned()
            }
        };
        format!("{beside}, less than that: {why}")
    } else if cost.high < empty.low {
        format!("{beside}, more than that: part of a launch is hidden behind the slice that still runs")
    } else {
        format!("{beside}: the intervals agree")
    })
}

/// A sentence for each rung.
pub(super) fn sentences(run: &Run, experiment: &Experiment) -> Vec<String> {
    splits(experiment).iter().map(|split| sentence(run, experiment, split)).collect()
}

fn sentence(run: &Run, experiment: &Experiment, split: &Split<'_>) -> String {
    let name = words::workload(experiment);
    let (Some(cost), Some(work)) = (split.fit.slope, split.fit.intercept) else {
        let (verdict, reason) = (split.fit.verdict, &split.fit.verdict_reason);
        return words::stopped(&format!(
            "{name}, {}: no cost per launch can be read ({verdict}): {reason}",
            split.rung
        ));
    };
    let most = units::count(u64::from(split.most));
    let mut text = format!("{name}, {}: each launch that the job is cut into adds {}", split.rung, words::cost(cost));
    if let Some(share) = split.share.filter(|share| share.low > 0.0) {
        text += &format!(
            "; {most} of them are {} of the time, a serial fraction that holds the job to {} times its speed on however \
             large a device",
            words::percent(share),
            units::ratio(1.0 / share.value)
        );
    }
    if let Some(half) = launches_of_share(cost.value, work.value, 0.5).filter(|_| cost.low > 0.0) {
        text += &format!("; from {} launches on they take longer than the work", words::whole(half));
    }
    let beside = against_ladder(run, split).map(|text| words::sentence(&text)).unwrap_or_default();
    format!("{}{}{beside}", words::stopped(&text), if beside.is_empty() { "" } else { " " })
}
