//! The short answer: what a person reads after a minute's wait, on one screen. The page shows the same parts.

use std::path::Path;

use super::View;
use super::chapter::Chapter;
use super::fixed_size::FixedSize;
use super::fixed_size::short::{self as fixed_size, SameJob};
use super::gains::{Gains, short as gains};
use super::launch_overhead::{LaunchOverhead, short as launch_overhead};
use super::problem_size::{ProblemSize, short as problem_size};
use super::registry::chapters;
use super::scaled_size::{ScaledSize, short as scaled_size};
use super::split_work::{SplitWork, short as split_work};
use super::views::{all, first};
use crate::page::block::Block;
use crate::page::plot::{Axis, Law, Plot};
use crate::page::{header, words};
use crate::record::Run;

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

/// How to see more of a saved run.
const MORE: &str = "More  amdahl show fixed-size | launch-overhead | gains | numbers | all";

/// Returns the last lines of the short answer of a saved run: where its page is, and how to see more.
pub(super) fn foot(page: &Path) -> Vec<String> {
    vec![format!("Page  {}", page.display()), MORE.to_owned()]
}

/// Returns the short answer as blocks.
pub(super) fn blocks(run: &Run) -> Vec<Block> {
    let parts = parts(run, &chapters(run)).into_iter().enumerate().flat_map(|(index, part)| {
        let title = format!("{}  {}", index + 1, part.title);
        std::iter::once(Block::Section { title, question: part.subtitle }).chain(part.blocks)
    });
    header::short(run).into_iter().chain(parts).collect()
}

/// Returns the parts that a run, read in these chapters, can answer.
pub(super) fn parts(run: &Run, chapters: &[Box<dyn Chapter + '_>]) -> Vec<Part> {
    let same = first(run, &FixedSize, |view| {
        (words::workload(view.measured), fixed_size::same_job(view), fixed_size::stops(view))
    });
    let (workload, same, stops) =
        same.map_or_else(Default::default, |(workload, same, stops)| (Some(workload), same, stops));
    let stops = Part {
        id: "stops",
        title: "How far, and what stops it?",
        subtitle: "The same job (A)".to_owned(),
        blocks: stops,
    };
    let mut parts = vec![laws(run, workload, same), stops, batch(run), wins(run), also(chapters)];
    parts.retain(|part| !part.blocks.is_empty());
    parts
}

/// Both laws, measured, on one pair of axes.
fn laws(run: &Run, workload: Option<String>, same: Option<SameJob<'_>>) -> Part {
    let bigger = first(run, &ScaledSize, scaled_size::bigger_job).flatten();
    let mut sentences = Vec::new();
    let (mut series, mut curves) = (Vec::new(), Vec::new());
    let base = same.as_ref().map_or(1, |same| same.fewest) as f64;
    if let Some(same) = same {
        sentences.push(same.sentence);
        series.push(same.points);
        curves.extend(same.law);
    }
    if let Some(bigger) = bigger {
        sentences.extend(bigger.sentences);
        series.push(bigger.points);
    }
    curves.push(Law::to_compare("ideal", move |workers| Some(workers / base)));
    let plot = Plot::of(Axis::counts("workers"), Axis::counts("times"), series, curves);
    Part {
        id: "laws",
        title: "Same job or bigger job?",
        subtitle: format!("Amdahl and Gustafson, measured{}", workload.map_or(String::new(), |it| format!(" ({it})"))),
        blocks: plot.map(Block::Plot).into_iter().chain(sentences.into_iter().map(Block::Text)).collect(),
    }
}

fn batch(run: &Run) -> Part {
    let proof = first(run, &SplitWork, split_work::proof).flatten();
    let batch = |view: View<'_, _>| launch_overhead::batch(view, proof.as_deref());
    let mut blocks = first(run, &LaunchOverhead, batch).unwrap_or_default();
    blocks.extend(first(run, &SplitWork, split_work::cut).unwrap_or_default());
    Part { id: "batch", title: "Should I batch?", subtitle: "Cost of one more launch".to_owned(), blocks }
}

fn wins(run: &Run) -> Part {
    let race = all(run, &Gains, gains::race);
    let (what, bars) = race.map(|race| (race.what, Block::Bars(race.bars))).unzip();
    let mut blocks: Vec<Block> = bars.into_iter().collect();
    blocks.extend(all(run, &ProblemSize, problem_size::ahead).map(Block::Text));
    Part { id: "wins", title: "Who wins?", subtitle: what.unwrap_or_default(), blocks }
}

/// A line for each further question.
fn also(chapters: &[Box<dyn Chapter + '_>]) -> Part {
    let lines: Vec<(String, String)> =
        chapters.iter().filter_map(|chapter| chapter.line()).map(|(word, text)| (word.to_owned(), text)).collect();
    let blocks = if lines.is_empty() { Vec::new() } else { vec![Block::Facts(lines)] };
    Part { id: "also", title: "Also measured", subtitle: String::new(), blocks }
}
