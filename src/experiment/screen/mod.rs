//! The short answer: what a person reads after a minute's wait, on one screen. The page shows the same parts.

use super::fixed_size::{FixedSize, short as fixed_size};
use super::gains::{Gains, short as gains};
use super::launch_overhead::{LaunchOverhead, short as launch_overhead};
use super::problem_size::{ProblemSize, short as problem_size};
use super::registry::chapters;
use super::scaled_size::{ScaledSize, short as scaled_size};
use super::split_work::{SplitWork, short as split_work};
use super::{Experiment, View};
use crate::page::block::Block;
use crate::page::plot::{Axis, Law, Plot};
use crate::page::{header, words};
use crate::record::{Measured, Run};

/// A part of the short answer: one of the questions that every reader has.
pub(super) struct Part {
    /// Its name for links: a fragment of the page's address.
    pub(super) id: &'static str,
    /// The question.
    pub(super) title: &'static str,
    /// What it is asked of.
    pub(super) subtitle: String,
    /// The answer.
    pub(super) blocks: Vec<Block>,
}

/// Returns the short answer as blocks.
pub(super) fn blocks(run: &Run) -> Vec<Block> {
    let parts = parts(run).into_iter().enumerate().flat_map(|(index, part)| {
        let title = format!("{}  {}", index + 1, part.title);
        std::iter::once(Block::Section { title, question: part.subtitle }).chain(part.blocks)
    });
    header::short(run).into_iter().chain(parts).collect()
}

/// Returns the parts that a run can answer.
pub(super) fn parts(run: &Run) -> Vec<Part> {
    let mut parts = vec![laws(run), stops(run), batch(run), wins(run), also(run)];
    parts.retain(|part| !part.blocks.is_empty());
    parts
}

/// An experiment's workloads that were measured, read.
fn read<'a, E: Experiment>(run: &'a Run, experiment: &E) -> Vec<(&'a Measured, E::Reading)> {
    let own = run.experiments.iter().filter(|measured| measured.name == experiment.about().name);
    own.filter(|measured| !measured.cases.is_empty())
        .map(|measured| (measured, experiment.read(run, measured)))
        .collect()
}

fn views<'a, R>(run: &'a Run, read: &'a [(&'a Measured, R)]) -> Vec<View<'a, R>> {
    read.iter().map(|(measured, reading)| View { run, measured, reading }).collect()
}

/// Both laws, measured, on one pair of axes.
fn laws(run: &Run) -> Part {
    let (fixed, scaled) = (read(run, &FixedSize), read(run, &ScaledSize));
    let same = views(run, &fixed).first().and_then(|view| fixed_size::same_job(*view));
    let bigger = views(run, &scaled).first().and_then(|view| scaled_size::bigger_job(*view));
    let mut sentences: Vec<String> = same.iter().map(|same| same.sentence.clone()).collect();
    sentences.extend(bigger.iter().flat_map(|bigger| bigger.sentences.clone()));
    let workload = fixed.first().or(None).map(|(measured, _)| words::workload(measured));
    let (mut series, mut curves) = (Vec::new(), vec![Law::to_compare("ideal", Some)]);
    if let Some(same) = same {
        series.push(same.points);
        curves.splice(0..0, same.law);
    }
    series.extend(bigger.map(|bigger| bigger.points));
    let plot = Plot::of(Axis::counts("workers"), Axis::counts("times"), series, curves);
    Part {
        id: "laws",
        title: "Same job or bigger job?",
        subtitle: format!("Amdahl and Gustafson, measured{}", workload.map_or(String::new(), |it| format!(" ({it})"))),
        blocks: plot.map(Block::Plot).into_iter().chain(sentences.into_iter().map(Block::Text)).collect(),
    }
}

fn stops(run: &Run) -> Part {
    let fixed = read(run, &FixedSize);
    let view = views(run, &fixed).first().copied();
    Part {
        id: "stops",
        title: "How far, and what stops it?",
        subtitle: "The same job (A)".to_owned(),
        blocks: view.map(fixed_size::stops).unwrap_or_default(),
    }
}

fn batch(run: &Run) -> Part {
    let (launches, splits) = (read(run, &LaunchOverhead), read(run, &SplitWork));
    let mut blocks: Vec<Block> =
        views(run, &launches).first().map(|view| launch_overhead::batch(*view)).unwrap_or_default();
    blocks.extend(views(run, &splits).first().map(|view| split_work::cut(*view)).unwrap_or_default());
    Part { id: "batch", title: "Should I batch?", subtitle: "Cost of one more launch".to_owned(), blocks }
}

fn wins(run: &Run) -> Part {
    let (raced, sizes) = (read(run, &Gains), read(run, &ProblemSize));
    let race = gains::race(&views(run, &raced));
    let (what, mut blocks) = race.map_or_else(Default::default, |race| (race.what, race.blocks));
    blocks.extend(problem_size::ahead(&views(run, &sizes)).map(Block::Text));
    Part { id: "wins", title: "Who wins?", subtitle: what, blocks }
}

/// A line for each further question.
fn also(run: &Run) -> Part {
    let lines: Vec<(String, String)> =
        chapters(run).iter().filter_map(|chapter| chapter.line()).map(|(word, text)| (word.to_owned(), text)).collect();
    let blocks = if lines.is_empty() { Vec::new() } else { vec![Block::Facts(lines)] };
    Part { id: "also", title: "Also measured", subtitle: String::new(), blocks }
}
