//! What a launch costs, read from the samples: a line for each launch style, and for each part of a launch.

use serde::Serialize;

use crate::experiment::cases::{all_series, launches, of_series};
use crate::law::line::{self, LineFit};
use crate::record::{LaunchStyle, Measured, Measurement, Phase, Series, Wait};
use crate::stats::{Estimate, Summary};

/// The style in which every launch is waited for.
pub(super) const WAITED: Series = LaunchStyle::WaitEach.series();

/// The style in which launches are cheapest.
pub(super) const BATCH: Series = LaunchStyle::OnePass.series();

/// Ways to launch, each beside one that may be cheaper: instead of the first, do the second.
const SWAPS: [(Series, Series); 8] = [
    (LaunchStyle::ReadBackEach.series(), WAITED),
    (WAITED, LaunchStyle::WaitEach.waited_for_by(Wait::Spin)),
    (LaunchStyle::WaitEach.waited_for_by(Wait::Block), WAITED),
    (WAITED, LaunchStyle::SubmitEach.series()),
    (LaunchStyle::SubmitEach.series(), LaunchStyle::CommandBufferEach.series()),
    (LaunchStyle::SubmitEach.series(), LaunchStyle::PassEach.series()),
    (LaunchStyle::PassEach.series(), BATCH),
    (WAITED, BATCH),
];

/// The lines of all launch styles: those of whole launches first.
#[derive(Serialize)]
pub(in crate::experiment) struct Reading(pub(super) Vec<Line>);

/// Time of K dispatches: what one more launch costs, and what the round trip costs.
#[derive(Serialize)]
pub(super) struct Line {
    /// The launch style.
    pub(super) series: Series,
    /// Which part of the launch it is.
    pub(super) part: Part,
    /// The line; K on its x axis.
    #[serde(flatten)]
    pub(super) fit: LineFit,
}

/// A part of a launch.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Part {
    /// All of it, as the host waits for it.
    Whole,
    /// What the host does itself: recording and finishing the command buffers.
    Encode,
    /// What is left: the driver, the device, and the wait for it.
    Rest,
    /// The GPU's own time of the pass.
    Pass,
}

impl Part {
    const ALL: [Self; 4] = [Self::Whole, Self::Encode, Self::Rest, Self::Pass];

    /// Returns its samples in a case of K dispatches, in seconds for all K; empty if there are none.
    fn seconds(self, case: &Measurement) -> Vec<f64> {
        match self {
            Self::Whole => case.seconds(Phase::Launch).to_vec(),
            Self::Encode => case.seconds(Phase::Encode).to_vec(),
            Self::Rest => {
                let pairs = case.seconds(Phase::Launch).iter().zip(case.seconds(Phase::Encode));
                pairs.map(|(whole, encoding)| whole - encoding).collect()
            }
            Self::Pass => case.seconds(Phase::Pass).to_vec(),
        }
    }
}

/// Reads a line for each part of each launch style that was measured.
pub(super) fn read(measured: &Measured) -> Reading {
    let styles = all_series(measured);
    let all = Part::ALL.into_iter().flat_map(|part| styles.iter().map(move |&series| (series, part)));
    let line = |(series, part)| Some(Line { series, part, fit: line(measured, series, part)? });
    Reading(all.filter_map(line).collect())
}

/// Fits the line of a part of a launch style over its numbers of dispatches; `None` if it was not measured.
pub(super) fn line(measured: &Measured, series: Series, part: Part) -> Option<LineFit> {
    let point = |case: &Measurement| Some((f64::from(case.dispatches), Summary::of(&part.seconds(case))?));
    let points: Vec<(f64, Summary)> = of_series(measured, series).filter_map(point).collect();
    (!points.is_empty()).then(|| line::fit(&points))
}

impl Reading {
    /// Returns the line of a launch style.
    pub(super) fn line(&self, series: Series) -> Option<&LineFit> {
        self.part(series, Part::Whole)
    }

    /// Returns the line of a part of a launch style.
    pub(super) fn part(&self, series: Series, part: Part) -> Option<&LineFit> {
        self.0.iter().find(|line| line.series == series && line.part == part).map(|line| &line.fit)
    }

    /// Returns the cost of one more launch, in seconds.
    pub(super) fn cost(&self, series: Series) -> Option<Estimate> {
        self.line(series)?.slope()
    }

    /// Returns the swaps whose intervals do not meet: each a way to launch and a cheaper one.
    pub(super) fn swaps(&self, measured: &Measured) -> Vec<Swap> {
        let swap = |(instead_of, take)| {
            self.line(instead_of).zip(self.line(take))?;
            let costs = self.cost(instead_of).zip(self.cost(take));
            let (before, after) = costs.or_else(|| each(measured, instead_of).zip(each(measured, take)))?;
            let is_line = costs.is_some();
            (after.high < before.low).then_some(Swap { instead_of, take, before, after, is_line })
        };
        SWAPS.into_iter().filter_map(swap).collect()
    }
}

/// A way to launch that is cheaper than another, beyond the noise.
#[derive(Debug)]
pub(super) struct Swap {
    pub(super) instead_of: Series,
    pub(super) take: Series,
    /// Cost of a launch, in seconds, before and after.
    pub(super) before: Estimate,
    pub(super) after: Estimate,
    /// Whether both costs come from a line, and not from the most launches that were measured.
    pub(super) is_line: bool,
}

impl Swap {
    /// Returns the cost before over that after, with opposite ends of the intervals. `None` if the cost afterwards may
    /// be nothing.
    pub(super) fn ratio(&self) -> Option<Estimate> {
        let Self { before, after, .. } = self;
        let ratio = Estimate::finite(before.value / after.value, before.low / after.high, before.high / after.low);
        ratio.filter(|_| after.low > 0.0)
    }
}

/// Returns the time of one launch of many: the case with the most dispatches, divided by them. It serves if the line is
/// refused. It is a little more than the slope of the line, since the round trip is in it.
pub(super) fn each(measured: &Measured, series: Series) -> Option<Estimate> {
    let most = of_series(measured, series).max_by_key(|case| case.dispatches)?;
    let time = launches(most)?.estimate();
    let launches = f64::from(most.dispatches);
    Estimate::finite(time.value / launches, time.low / launches, time.high / launches)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture::launch_overhead;

    #[test]
    fn a_swap_is_told_only_where_the_intervals_part() {
        let measured = launch_overhead();
        let mut reading = read(&measured);
        let all = reading.swaps(&measured);
        let found = all.iter().find(|swap| (swap.instead_of, swap.take) == (WAITED, BATCH)).unwrap();
        let ratio = found.ratio().unwrap();
        assert!(ratio.low < 41.0 / 1.1 && 41.0 / 1.1 < ratio.high, "{ratio:?}");
        let cheapest = reading.0.iter_mut().find(|line| line.series == BATCH).unwrap();
        cheapest.fit.law.as_mut().unwrap().slope = Estimate::finite(41e-6, 40e-6, 42e-6).unwrap();
        let same = reading.swaps(&measured);
        assert!(!same.iter().any(|swap| swap.take == BATCH), "{same:?}");
    }
}
