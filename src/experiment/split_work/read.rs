//! What cutting a job into launches costs, read from the samples beside the cost of an empty launch.

use serde::Serialize;

use super::STYLES;
use crate::experiment::cases::{floor, of_series};
use crate::experiment::launch_overhead::{self, Ladder};
use crate::law;
use crate::law::line::{self, LineFit};
use crate::record::{LaunchStyle, Measured, Measurement, Quantity, Run, Series};
use crate::stats::{Estimate, Summary};

/// The kernels of a cut job count as grown if they surely take this many times as long together as in one piece.
pub(super) const GROWN: f64 = 1.05;

/// What cutting costs in each launch style that was measured.
#[derive(Serialize)]
pub(in crate::experiment) struct Reading(pub(super) Vec<Split>);

/// Time of one job cut into K launches: what each launch adds.
#[derive(Serialize)]
pub(super) struct Split {
    /// The launch style.
    pub(super) series: Series,
    /// The line; K on its x axis. Its intercept is the work with its round trip.
    #[serde(flatten)]
    pub(super) fit: LineFit,
    /// The most launches tried.
    pub(super) most: u32,
    /// The share of the time that the most launches take: Amdahl's serial fraction of the job cut like that. `None` if
    /// the line is refused.
    pub(super) share: Option<Estimate>,
    /// Time of the kernels of the most launches together, over that of the fewest. It is above 1 if slices are too
    /// small to fill the device.
    pub(super) kernel_growth: Option<Estimate>,
    /// The most launches up to which the kernels take no longer together than the fewest do; `None` if that was not to
    /// be seen.
    pub(super) filled_up_to: Option<u32>,
    /// Seconds of one more launch by the line over these alone; `None` if it is refused.
    pub(super) filled_slope: Option<Estimate>,
    /// Empty launches in the same style, whose line stands in the reading of that experiment: those that each wait for
    /// the one before, if their cost was read, because slices write one buffer and wait, too. `None` if this run read
    /// no cost of any.
    #[serde(skip)]
    pub(super) empty: Option<Ladder>,
}

/// Reads what cutting the job costs in each launch style.
pub(super) fn read(run: &Run, measured: &Measured) -> Reading {
    Reading(STYLES.into_iter().filter_map(|style| split(run, measured, style.series())).collect())
}

fn split(run: &Run, measured: &Measured, series: Series) -> Option<Split> {
    let cases = || of_series(measured, series);
    let point = |case: &Measurement| Some((f64::from(case.slices), case.summary(Quantity::Launched)?));
    let fit = line::fit(&cases().filter_map(point).collect::<Vec<_>>());
    let (fewest, most) = (cases().min_by_key(|case| case.slices)?, cases().max_by_key(|case| case.slices)?);
    let floor = floor(run, measured).map_or(0.0, |floor| floor.value);
    let kernel = |case: &Measurement| without_floors(case, floor).filter(|_| most.slices > fewest.slices);
    let growth = |case: &Measurement| law::ratio(&kernel(case)?, &kernel(fewest)?);
    // Slices too small to fill the device take longer together, which is no cost of a launch.
    let grown = cases().filter(|case| growth(case).is_some_and(|growth| growth.low > GROWN)).map(|case| case.slices);
    let first_grown = grown.min();
    let filled = || cases().filter(|case| first_grown.is_none_or(|first| case.slices < first));
    Some(Split {
        series,
        share: law::split::share_of_line(&fit, f64::from(most.slices)),
        kernel_growth: growth(most),
        filled_up_to: filled().map(|case| case.slices).max().filter(|_| growth(most).is_some()),
        filled_slope: line::fit(&filled().filter_map(point).collect::<Vec<_>>()).slope(),
        fit,
        most: most.slices,
        empty: launch_overhead::ladder(run, series.launch()),
    })
}

/// Returns the time of the kernels together without their launch floors, in seconds: a slice that is waited for is a
/// pass of its own, and has one. `None` if nothing is left of it.
fn without_floors(case: &Measurement, floor: f64) -> Option<Summary> {
    let passes = if case.series.launch() == LaunchStyle::WaitEach { case.slices } else { 1 };
    let work = |seconds: f64| seconds - f64::from(passes) * floor;
    let kernels: Vec<f64> = case.samples(Quantity::Kernel).into_iter().map(work).collect();
    Summary::of(&kernels).filter(|summary| summary.low > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture::{self, launch_overhead, split_work};
    use crate::record::{Clock, Phase};

    #[test]
    fn a_planted_cost_is_read_beside_that_of_an_empty_launch() {
        let run = fixture::run(vec![launch_overhead(), split_work(LaunchStyle::WaitEach, 1e-6, 41e-6)]);
        let Reading(splits) = read(&run, &run.experiments[1]);
        let [split] = splits.as_slice() else { panic!("{} series", splits.len()) };
        assert_eq!((split.series, split.most, split.filled_up_to), (LaunchStyle::WaitEach.series(), 256, Some(256)));
        let Ladder { line, waits } = split.empty.as_ref().unwrap();
        let [cost, empty] = [split.fit.slope(), line.slope()].map(Option::unwrap);
        assert!((cost.value / 41e-6 - 1.0).abs() < 0.02 && (empty.value / 41e-6 - 1.0).abs() < 0.02, "{cost:?}");
        assert!(waits, "the host waits for each");
        let share = split.share.unwrap();
        assert!((share.value - 10.496 / 11.497).abs() < 0.01, "{share:?}");
    }

    /// 256 passes with a floor of 3 µs beside 10 ms of work are 7.5 % longer, and no slice is too small.
    #[test]
    fn the_floors_of_waited_slices_are_no_small_slices() {
        let mut split = split_work(LaunchStyle::WaitEach, 1e-6, 41e-6);
        for case in &mut split.cases {
            let kernel = fixture::samples(Clock::Gpu, 10e-3 + 3e-6 * f64::from(case.slices), 7);
            case.phases.insert(Phase::Kernel, kernel);
        }
        let mut run = fixture::run(vec![split]);
        let filled = |run: &Run| {
            let Reading(splits) = read(run, &run.experiments[0]);
            (splits[0].filled_up_to, splits[0].kernel_growth.unwrap())
        };
        run.calibration.launch_floor = None;
        assert_eq!(filled(&run).0, Some(64), "without the floor they seem too small");
        run.calibration.launch_floor = Some(Estimate { value: 3e-6, low: 2.9e-6, high: 3.1e-6 });
        let (up_to, growth) = filled(&run);
        assert!(up_to == Some(256) && growth.contains(1.0), "{up_to:?} {growth:?}");
    }

    /// Slices in one pass wait for one another: 4 µs each, as the chained launches of the fixture; plain ones take 1.1.
    #[test]
    fn slices_in_one_pass_are_held_against_launches_that_wait_for_one_another() {
        let mut run = fixture::run(vec![launch_overhead(), split_work(LaunchStyle::OnePass, 40e-6, 4e-6)]);
        let empty = |run: &Run| {
            let Ladder { line, waits } = read(run, &run.experiments[1]).0.remove(0).empty.unwrap();
            (line.slope().unwrap().value, waits)
        };
        let (cost, waits) = empty(&run);
        assert!((cost / 4e-6 - 1.0).abs() < 0.05 && waits, "{cost}");
        run.experiments[0].cases.retain(|case| !case.series.is_chained());
        let (cost, waits) = empty(&run);
        assert!((cost / 1.1e-6 - 1.0).abs() < 0.05 && !waits, "the plain ones, if there are no others: {cost}");
        run.experiments[0].variant = Some("dependent".to_owned());
        assert!(empty(&run).1, "each needs the one before it, whatever the series");
    }
}
