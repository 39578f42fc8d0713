//! What is shown: a record in, text out. The formats are siblings; none of them knows a device.

mod block;
mod csv;
mod fit;
mod header;
mod json;
mod list;
mod markdown;
mod plot;
mod predict;
pub(crate) mod reason;
mod section;
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
pub use fit::{FitReport, points};
pub use json::json;
pub use list::{Format, ListError, WorkloadRow, devices, workloads};
pub use predict::{Job, PredictReport};

/// The run as a report for a terminal, with ANSI codes for the few colours that mean something; about 96 columns wide.
pub fn text(run: &Run) -> String {
    text::render(&page(run))
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
