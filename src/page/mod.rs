//! What is shown: a record in, text out.
//!
//! Here belong: what a page is made of, how it is written in each format, and the words that pages share. The formats
//! are siblings; none of them knows a device. Elsewhere belong: the laws (`law`), and the pages of the reader's own numbers
//! (`calculator`).

pub(crate) mod block;
pub(crate) mod csv;
pub(crate) mod format;
mod header;
pub(crate) mod json;
mod list;
mod markdown;
pub(crate) mod plot;
mod section;
pub(crate) mod speedup;
mod stamp;
mod table;
#[cfg(test)]
mod tests;
mod text;
pub(crate) mod words;

use block::Block;

use crate::finding;
use crate::record::Run;

pub use csv::samples_csv;
pub use format::Format;
pub use json::json;
pub use list::{WorkloadRow, devices, workloads};

/// The run as a report for a terminal, with ANSI codes for the few colours that mean something; about 96 columns wide.
pub fn text(run: &Run) -> String {
    text::render(&page(run))
}

/// Returns a run in a format: of the comma-separated values, every sample.
pub fn report(run: &Run, format: Format) -> String {
    match format {
        Format::Text => text(run),
        Format::Markdown => markdown(run),
        Format::Json => json(run),
        Format::Csv => samples_csv(run),
    }
}

/// The run's checks of itself that failed, in one line; `None` where none did.
pub fn failed_checks(run: &Run) -> Option<String> {
    let audit = run.audit.as_ref()?;
    audit.checks.iter().any(|check| !check.passed).then(|| section::audit::line(audit))
}

/// The run as Markdown.
pub fn markdown(run: &Run) -> String {
    markdown::render(&page(run))
}

/// The report of a run: header, one section for each experiment, the summary.
fn page(run: &Run) -> Vec<Block> {
    let mut blocks = header::blocks(run);
    for experiment in &run.experiments {
        blocks.extend(section::blocks(run, experiment));
    }
    blocks.extend(section::audit::blocks(run));
    blocks.extend(summary(run));
    blocks
}

/// The closing summary, to be read aloud. What was stamped on the first page is stamped on it, too.
fn summary(run: &Run) -> Vec<Block> {
    let sentences = finding::summary(run);
    let sentences = if sentences.is_empty() {
        vec!["Nothing was measured that a summary could be made of.".to_owned()]
    } else {
        sentences
    };
    let section = Block::Section { title: "summary".to_owned(), question: String::new() };
    let stamps = stamp::sentence(run).map(Block::Banner);
    std::iter::once(section).chain(stamps).chain(sentences.into_iter().map(Block::Text)).collect()
}
