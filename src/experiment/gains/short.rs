//! Gains on one screen: who wins?

use super::read::{Gain, gains, problems};
use super::say::who;
use crate::experiment::View;
use crate::page::block::{Bar, Bars, Block};
use crate::page::words;
use crate::record::{Baseline, Problem, Quantity, Series};
use crate::units;

/// What a longer bar means.
const CAPTION: &str = "The longer the bar, the faster. Lengths are logarithms.";

/// The race that is shown: a workload, its problem, and everybody's time.
pub(in crate::experiment) struct Race {
    /// The workload and the size, in words.
    pub(in crate::experiment) what: String,
    /// A bar for each who ran.
    pub(in crate::experiment) blocks: Vec<Block>,
}

/// Returns the race of a matrix product if there is one, or else of the first workload; on the largest size that the
/// scalar loop finished.
pub(in crate::experiment) fn race(views: &[View<'_, Vec<Gain>>]) -> Option<Race> {
    let is_product = |view: &&View<'_, Vec<Gain>>| {
        view.measured.cases.first().is_some_and(|case| matches!(case.problem, Problem::Matrix { .. }))
    };
    let view = *views.iter().find(is_product).or(views.first())?;
    let scalar = Series::Baseline(Baseline::Scalar);
    let ran = |problem: &&Problem| {
        gains(view.reading, **problem, Quantity::WholeJob).iter().any(|gain| gain.series == scalar)
    };
    let all = problems(view.measured);
    let problem = *all.iter().rev().find(ran).or(all.last())?;
    let raced = gains(view.reading, problem, Quantity::WholeJob);
    let bars = raced.iter().enumerate().map(|(index, gain)| Bar {
        name: who(view.run, gain.series),
        cells: vec![
            units::seconds(gain.seconds.value),
            gain.over_scalar.map_or(String::new(), |ratio| format!("{} x", units::ratio(ratio.value))),
        ],
        // The faster, the longer.
        value: 1.0 / gain.seconds.value,
        series: usize::from(gain.series == Series::Device),
        remark: if is_fastest(&raced, index) { "<- fastest".to_owned() } else { String::new() },
    });
    Some(Race {
        what: format!("{}, {}, memory to memory with set-up", view.measured.workload, words::amount(problem)),
        blocks: vec![Block::Bars(Bars { bars: bars.collect(), log: true, caption: CAPTION })],
    })
}

fn is_fastest(raced: &[&Gain], index: usize) -> bool {
    raced.len() > 1 && raced.iter().all(|other| raced[index].seconds.value <= other.seconds.value)
}
