//! The report of a run: header, a section for each experiment, the checks, the summary. Every format shows the same.

use std::path::Path;

use serde_json::{Value, json};

use super::chapter::Chapter;
use super::figures;
use super::registry::chapters;
use super::screen;
use crate::page::block::Block;
use crate::page::named::Named;
use crate::page::{self, Format, Look, audit, header, stamp};
use crate::record::Run;

/// Returns the details for a terminal: every section, with ANSI codes for the few colours that mean something.
pub fn text(run: &Run, look: Look) -> String {
    page::text::render(&blocks(run), look)
}

/// Returns the short answer for a terminal, at most 80 lines. It ends with where the page was saved, if it was, and how
/// to see more.
pub fn short(run: &Run, look: Look, page: Option<&Path>) -> String {
    page::text::dense(&screen::blocks(run), &page.map(screen::foot).unwrap_or_default(), look)
}

/// Returns the report as Markdown.
pub fn markdown(run: &Run) -> String {
    page::markdown::render(&blocks(run))
}

/// The section of the checks, and the name of all sections together.
const AUDIT: &str = "audit";
const ALL: &str = "all";

/// Returns the names of the sections of a report.
pub fn section_names() -> impl Iterator<Item = &'static str> {
    super::all().iter().map(|question| question.name()).chain([AUDIT, ALL, figures::NUMBERS])
}

/// Whether a report has a section of that name.
pub fn is_section(name: &str) -> bool {
    section_names().any(|section| section == name)
}

/// Returns sections of the details by their names.
///
/// # Errors
/// There is no section of a name: which there are.
pub fn sections(run: &Run, names: &[String], look: Look) -> Result<String, String> {
    if names.iter().any(|name| name == ALL) {
        return Ok(text(run, look));
    }
    let mut shown = header::stamps(run);
    let chapters = chapters(run);
    for name in names {
        let found = chapters.iter().find(|chapter| chapter.name() == name);
        match (name.as_str(), found) {
            (AUDIT, _) => shown.extend(audit::blocks(run)),
            (figures::NUMBERS, _) => shown.extend(figures::blocks(run, &chapters)),
            (_, Some(chapter)) => shown.extend(chapter.sections().into_iter().flatten()),
            (_, None) => {
                let mut measured: Vec<&str> = chapters.iter().map(|chapter| chapter.name()).collect();
                measured.extend([AUDIT, figures::NUMBERS, ALL]);
                return Err(format!("this run has no section {name:?}; it has: {}", measured.join(", ")));
            }
        }
    }
    Ok(page::text::render(&shown, look))
}

/// Returns the sections of the experiments that a run holds, after its stamps.
pub fn measured(run: &Run, look: Look) -> String {
    let mut shown = header::stamps(run);
    shown.extend(chapters(run).iter().flat_map(|chapter| chapter.sections()).flatten());
    page::text::render(&shown, look)
}

/// Returns a run in a format; as comma-separated values, every sample.
pub fn report(run: &Run, format: Format, look: Look) -> String {
    match format {
        Format::Text => text(run, look),
        Format::Markdown => markdown(run),
        Format::Html => super::report_page(run),
        Format::Json => json(run),
        Format::Csv => page::samples_csv(run),
    }
}

/// Returns the run with its readings, numbers and findings as the text of `run.json`. These are written for other
/// programs, and never read back: they follow from the samples.
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
    for (index, numbers) in chapters.iter().flat_map(|chapter| chapter.numbers()) {
        value["experiments"][index]["numbers"] = json!(numbers);
    }
    value["numbers"] = json!(figures::of_run(run));
    page::json(&value)
}

/// Returns every named number of a run, with the index of its experiment; those of the whole run have none.
pub fn numbers(run: &Run) -> Vec<(Option<usize>, Named)> {
    let whole = figures::of_run(run).into_iter().map(|named| (None, named));
    let chapters = chapters(run);
    let own = chapters.iter().flat_map(|chapter| chapter.numbers());
    whole.chain(own.flat_map(|(index, numbers)| numbers.into_iter().map(move |named| (Some(index), named)))).collect()
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
        sentences.push(match run.experiments.iter().map(|measured| measured.cases.len()).sum() {
            0 => "Nothing was measured.".to_owned(),
            1 => "1 case was measured, too few for an answer.".to_owned(),
            cases => format!("{} were measured, too few for an answer.", page::words::counted(cases as u64, "case")),
        });
    }
    let section = Block::Section { title: "summary".to_owned(), question: String::new() };
    let stamps = stamp::sentence(run).map(Block::Banner);
    std::iter::once(section).chain(stamps).chain(sentences.into_iter().map(Block::Text)).collect()
}

fn summary(chapters: &[Box<dyn Chapter + '_>]) -> Vec<String> {
    chapters.iter().flat_map(|chapter| chapter.summary()).collect()
}
