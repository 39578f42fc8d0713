//! The report of a run: header, a section for each experiment, the checks, the summary. Every format shows the same.

use serde_json::{Value, json};

use super::chapter::Chapter;
use super::registry::chapters;
use crate::page::block::Block;
use crate::page::{self, Format, audit, header, stamp};
use crate::record::Run;

/// Returns the report for a terminal, with ANSI codes for the few colours that mean something; about 96 columns wide.
pub fn text(run: &Run) -> String {
    page::text::render(&blocks(run))
}

/// Returns the report as Markdown.
pub fn markdown(run: &Run) -> String {
    page::markdown::render(&blocks(run))
}

/// Returns a run in a format; as comma-separated values, every sample.
pub fn report(run: &Run, format: Format) -> String {
    match format {
        Format::Text => text(run),
        Format::Markdown => markdown(run),
        Format::Json => json(run),
        Format::Csv => page::samples_csv(run),
    }
}

/// Returns the run with its readings and findings as the text of `run.json`. These are written for other programs, and
/// never read back: they follow from the samples.
///
/// # Panics
/// Never: a run has names for keys, and holds nothing that JSON has no form for.
pub fn json(run: &Run) -> String {
    let chapters = chapters(run);
    let mut value = serde_json::to_value(run).expect("a run has names for keys");
    let mut findings = Vec::new();
    for chapter in &chapters {
        for (index, reading, sentences) in chapter.readings() {
            let measured = &run.experiments[index];
            value["experiments"][index]["reading"] = reading;
            findings.extend(sentences.into_iter().map(|text| {
                json!({ "experiment": measured.name, "workload": page::words::workload(measured), "text": text })
            }));
        }
    }
    findings.extend(
        summary(&chapters).into_iter().map(|text| json!({ "experiment": null, "workload": null, "text": text })),
    );
    value["findings"] = Value::Array(findings);
    page::json(&value)
}

/// Returns in one line which of its own checks a run failed; `None` if it failed none.
pub fn failed_checks(run: &Run) -> Option<String> {
    let audit = run.audit.as_ref()?;
    audit.checks.iter().any(|check| !check.passed).then(|| audit::line(audit))
}

pub(super) fn blocks(run: &Run) -> Vec<Block> {
    let chapters = chapters(run);
    let mut blocks = header::blocks(run);
    blocks.extend(once(chapters.iter().flat_map(|chapter| chapter.sections()).flatten()));
    blocks.extend(audit::blocks(run));
    blocks.extend(closing(run, summary(&chapters)));
    blocks
}

/// Leaves out every explanation that was given before. A text that begins with a mark or a number, or names clocks, is
/// about its own section, and stays.
fn once(blocks: impl Iterator<Item = Block>) -> Vec<Block> {
    let mut told: Vec<String> = Vec::new();
    let mut is_new = |block: &Block| {
        let Block::Text(text) = block else { return true };
        if text.starts_with(|first: char| first == '*' || first.is_ascii_digit()) || text.starts_with("Clocks") {
            return true;
        }
        let is_new = !told.contains(text);
        told.push(text.clone());
        is_new
    };
    blocks.filter(|block| is_new(block)).collect()
}

/// The closing summary, to be read aloud. The stamps of the first page stand on it, too.
fn closing(run: &Run, mut sentences: Vec<String>) -> Vec<Block> {
    if sentences.is_empty() {
        sentences.push("Nothing was measured.".to_owned());
    }
    let section = Block::Section { title: "summary".to_owned(), question: String::new() };
    let stamps = stamp::sentence(run).map(Block::Banner);
    std::iter::once(section).chain(stamps).chain(sentences.into_iter().map(Block::Text)).collect()
}

fn summary(chapters: &[Box<dyn Chapter + '_>]) -> Vec<String> {
    chapters.iter().flat_map(|chapter| chapter.summary()).collect()
}
