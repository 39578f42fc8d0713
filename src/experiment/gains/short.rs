//! Gains on one screen: who wins?

use super::read::{Gain, gains, problems};
use super::say::{who, winner};
use crate::experiment::View;
use crate::page::block::{Bar, Bars, Block};
use crate::page::words;
use crate::record::{Baseline, Problem, Quantity, Series};
use crate::units;

/// What a longer bar means, and what its parts are.
const CAPTION: &str =
    "The longer the bar, the faster: lengths are logarithms. The parts of a bar are shares of its time.";
const HALVES: [&str; 2] = ["computing", "transfers, buffers, launch"];

/// The race that is shown: a workload, its problem, and everybody's time.
pub(in crate::experiment) struct Race {
    /// The workload and the size, in words.
    pub(in crate::experiment) what: String,
    /// A bar for each who ran.
    pub(in crate::experiment) bars: Bars,
}

/// Returns the race of a matrix product if there is one, or else of the first workload; on the largest size that the
/// scalar loop finished.
pub(in crate::experiment) fn race(views: &[View<'_, Vec<Gain>>]) -> Option<Race> {
    let (view, problem) = shown(views)?;
    Some(Race {
        what: format!("{}, {}, whole job; bars grow by the log", view.measured.workload, words::amount(problem)),
        bars: Bars { caption: CAPTION, ..bars(view, problem) },
    })
}

/// Returns the same workload on its other sizes: a heading and bars for each, the largest first.
pub(in crate::experiment) fn other_sizes(views: &[View<'_, Vec<Gain>>]) -> Vec<Block> {
    let Some((view, raced)) = shown(views) else { return Vec::new() };
    let others = problems(view.measured).into_iter().rev().filter(|problem| *problem != raced);
    let blocks = |problem| {
        let title = format!("On {}", words::amount(problem));
        [Block::Section { title, question: String::new() }, Block::Bars(bars(view, problem))]
    };
    others.flat_map(blocks).collect()
}

/// The workload and the problem of the race.
fn shown<'a>(views: &[View<'a, Vec<Gain>>]) -> Option<(View<'a, Vec<Gain>>, Problem)> {
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
    Some((view, problem))
}

/// The whole job of everybody on a problem, divided into computing and the rest.
fn bars(view: View<'_, Vec<Gain>>, problem: Problem) -> Bars {
    let raced = gains(view.reading, problem, Quantity::WholeJob);
    let computed = gains(view.reading, problem, Quantity::Kernel);
    let fastest = winner(view.reading, problem).filter(|_| raced.len() > 1);
    let remark = |series| match &fastest {
        Some((fastest, _)) if fastest.series == series => "<- fastest",
        Some((_, tied)) if tied.iter().any(|gain| gain.series == series) => "<- or this",
        _ => "",
    };
    let bar = |gain: &&Gain| {
        let kernel = computed.iter().find(|kernel| kernel.series == gain.series);
        Bar {
            name: who(view.run, gain.series),
            cells: vec![
                units::seconds(gain.seconds.value),
                gain.over_scalar.map_or(String::new(), |ratio| format!("{} x", units::ratio(ratio.value))),
            ],
            // The faster, the longer.
            value: 1.0 / gain.seconds.value,
            series: usize::from(gain.series == Series::Device),
            solid: kernel.map(|kernel| (kernel.seconds.value / gain.seconds.value).clamp(0.0, 1.0)),
            remark: remark(gain.series).to_owned(),
        }
    };
    Bars { bars: raced.iter().map(bar).collect(), log: true, caption: "", halves: Some(HALVES) }
}
