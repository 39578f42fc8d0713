//! The short answer: what a person reads after a minute's wait, on one screen. The page shows the same parts.

use super::registry::chapters;
use crate::page::block::Block;
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

/// Returns the parts that a run can answer.
pub(super) fn parts(run: &Run) -> Vec<Part> {
    let lines = chapters(run).iter().flat_map(|chapter| chapter.summary()).collect();
    vec![Part { id: "also", title: "Also measured", subtitle: String::new(), blocks: vec![Block::Findings(lines)] }]
}

/// Returns the short answer as blocks.
pub(super) fn blocks(run: &Run) -> Vec<Block> {
    let parts = parts(run).into_iter().enumerate().flat_map(|(index, part)| {
        let title = format!("{}  {}", index + 1, part.title);
        std::iter::once(Block::Section { title, question: part.subtitle }).chain(part.blocks)
    });
    parts.collect()
}
