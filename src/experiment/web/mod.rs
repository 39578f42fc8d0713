//! The page of a run: strip, the parts of the short answer, the explorer, a picture of every further experiment, and
//! all tables folded away. Without a run, the explorer alone.

mod data;
mod explorer;
mod pictures;

pub(super) use data::{Both, Cut, Fit, Launch, Phases, Row, row, triple};
pub use pictures::{Picture, pictures};

use super::chapter::Chapter;
use super::climb::{self, Climb};
use super::fixed_size::{FixedSize, web as fixed_size};
use super::gains::{Gains, short as gains};
use super::launch_overhead::LaunchOverhead;
use super::registry::{chapters, find};
use super::scaled_size::ScaledSize;
use super::screen::{self, Part};
use super::split_work::SplitWork;
use super::views::{all, first};
use super::{Experiment, View, figures};
use crate::page::block::Block;
use crate::page::html::{self, Badge, Page, Section};
use crate::page::{audit, glossary, header, stamp, words};
use crate::record::Run;

/// Files beside a saved page.
const FILES: [(&str, &str); 3] =
    [("cases.csv", "a row for each case"), ("samples.csv", "every sample"), ("run.json", "everything")];

/// Returns the page of a run.
pub fn report_page(run: &Run) -> String {
    let chapters = chapters(run);
    html::page(&Page {
        title: format!("Parallel speedup inside {}", run.device.name),
        facts: facts(run),
        badges: badges(run),
        parts: sections(run, &chapters),
        small: chapters.iter().filter_map(|chapter| small(chapter.as_ref())).collect(),
        explorer: explorer::laws(),
        fold: fold(run, &chapters),
        files: FILES.into(),
        data: data::written(run),
    })
}

/// Returns the page without a run.
pub fn explorer_page() -> String {
    html::page(&Page {
        title: "Amdahl's and Gustafson's law".to_owned(),
        explorer: explorer::laws(),
        data: serde_json::json!({}),
        ..Page::default()
    })
}

/// Who was measured, when, and for how long.
fn facts(run: &Run) -> Vec<(String, String)> {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let driver = [run.device.backend.clone(), run.device.driver.clone()].into_iter().flatten();
    vec![
        fact("device", words::kind(run.device.kind).to_owned()),
        fact("driver", driver.collect::<Vec<_>>().join(", ")),
        fact("measured", format!("{}, {}", run.started.replace('T', " ").replace('Z', " UTC"), header::took(run))),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .collect()
}

/// The stamps of the run, and how many results were checked.
fn badges(run: &Run) -> Vec<Badge> {
    let mut badges: Vec<Badge> = Vec::new();
    for stamp in stamp::stamps(run) {
        let short = words::capital(stamp.short);
        match badges.iter_mut().find(|badge| badge.short == short) {
            Some(badge) => badge.text = format!("{} {}", badge.text, stamp.text),
            None => badges.push(Badge { short, text: stamp.text, good: false }),
        }
    }
    let right = header::right_results(run);
    if right > 0 {
        badges.push(Badge {
            short: format!("{} checked, 0 wrong", words::counted(right as u64, "result")),
            text: "Every result was compared with a reference computed in 64 bits before it was timed.".to_owned(),
            good: true,
        });
    }
    badges
}

/// The parts of the page with the race on more sizes, and the climb. The lines of all further questions stand under
/// their pictures.
fn sections(run: &Run, chapters: &[Box<dyn Chapter + '_>]) -> Vec<Section> {
    let section = |part: Part| {
        let sizes = if part.id == "wins" { all(run, &Gains, gains::other_sizes) } else { Vec::new() };
        Section {
            id: part.id.to_owned(),
            title: part.title.to_owned(),
            subtitle: part.subtitle,
            blocks: part.blocks.into_iter().chain(sizes).collect(),
        }
    };
    let shown = parts(run, chapters).filter(|part| part.id != "also").map(section);
    shown.chain(climb(run)).collect()
}

/// The parts of the short answer, with the bars of more worker counts.
fn parts<'a>(run: &'a Run, chapters: &'a [Box<dyn Chapter + 'a>]) -> impl Iterator<Item = Part> {
    screen::parts(run, chapters).into_iter().map(|mut part| {
        if let Some(at) = part.blocks.iter().position(|block| matches!(block, Block::Stack(_))) {
            first(run, &FixedSize, |view| {
                part.blocks.splice(at..=at, fixed_size::stacks(view).into_iter().map(Block::Stack));
            });
        }
        part
    })
}

/// What a better kernel gives, as bars.
fn climb(run: &Run) -> Option<Section> {
    let workload = |view: &View<'_, _>| {
        let bars = climb::bars(*view)?;
        let question = Climb.setting(view.run, view.measured);
        let said = Climb.say(*view).into_iter().map(Block::Text);
        let title = view.measured.workload.clone();
        Some([Block::Section { title, question }, bars].into_iter().chain(said).collect::<Vec<_>>())
    };
    let blocks: Vec<Block> = all(run, &Climb, |views| views.iter().filter_map(workload).flatten().collect());
    let title = Climb.about().question.to_owned();
    (!blocks.is_empty()).then(|| Section { id: "climb".to_owned(), title, blocks, subtitle: String::new() })
}

/// An experiment that the parts do not show: its question, its first picture, and its line of the short answer or else
/// the first thing that it says.
fn small(chapter: &dyn Chapter) -> Option<Section> {
    let (same, bigger, launches) = (FixedSize.about(), ScaledSize.about(), LaunchOverhead.about());
    let shown_above = [same, bigger, launches, SplitWork.about(), Gains.about(), Climb.about()];
    if shown_above.iter().any(|about| about.name == chapter.name()) {
        return None;
    }
    let sections = chapter.sections();
    let blocks = || sections.iter().flatten();
    let picture = blocks().find(|block| matches!(block, Block::Plot(_) | Block::Bars(_)));
    let first = blocks().find_map(|block| match block {
        Block::Findings(sentences) => sentences.first().cloned(),
        _ => None,
    });
    let line = chapter.line().map(|(word, line)| format!("{}: {line}", words::capital(word))).or(first);
    let blocks: Vec<Block> = picture.cloned().into_iter().chain(line.map(Block::Text)).collect();
    let title = find(chapter.name()).map_or(chapter.name(), |question| question.described().question);
    (!blocks.is_empty()).then(|| Section { title: title.to_owned(), blocks, ..Section::default() })
}

/// Every table: of the run itself, of each experiment, of the checks.
fn fold(run: &Run, chapters: &[Box<dyn Chapter + '_>]) -> Vec<Section> {
    let titled = |title: &str, blocks| Section { title: title.to_owned(), blocks, ..Section::default() };
    let about = header::blocks(run).into_iter().filter(|block| matches!(block, Block::Facts(_)));
    let command = Block::text(format!("Made by: {}", run.command.join(" ")));
    let mut fold = vec![titled("this run", about.chain([command]).collect())];
    let sections = chapters.iter().flat_map(|chapter| chapter.sections());
    fold.extend(sections.chain([audit::blocks(run), figures::blocks(run, chapters)]).filter_map(folded));
    let explained = glossary::WORDS.iter().map(|&(word, text)| (word.to_owned(), text.to_owned()));
    fold.push(titled("words", vec![Block::Facts(explained.collect())]));
    fold
}

/// A section under its own heading.
fn folded(mut blocks: Vec<Block>) -> Option<Section> {
    if blocks.is_empty() {
        return None;
    }
    match blocks.remove(0) {
        Block::Section { title, question } => Some(Section { title, subtitle: question, blocks, id: String::new() }),
        first => {
            blocks.insert(0, first);
            Some(Section { blocks, ..Section::default() })
        }
    }
}
