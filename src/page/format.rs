//! The formats, and one way to write a document in any of them.

use serde::Serialize;

use super::block::Block;
use super::{Look, clean, csv, html, json, markdown, text};

/// What goes to standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Tables, plots and sentences for a terminal.
    Text,
    /// The same for a document.
    Markdown,
    /// The same for a browser.
    Html,
    /// Everything, for programs.
    Json,
    /// Comma-separated rows, for a spreadsheet.
    Csv,
}

/// The formats of what only people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Paper {
    /// For a terminal.
    Text,
    /// For a document.
    Markdown,
    /// For a browser, and to print.
    Html,
}

/// Writes a document for people.
pub(crate) fn on_paper(paper: Paper, blocks: &[Block], look: Look) -> String {
    match paper {
        Paper::Text => text::render(blocks, look),
        Paper::Markdown => clean(&markdown::render(blocks)),
        Paper::Html => html::render(blocks),
    }
}

/// Writes a document: its blocks for people, which look so on a terminal, its data for programs, its rows for a
/// spreadsheet.
pub(crate) fn written<R: Serialize>(
    format: Format,
    look: Look,
    blocks: impl FnOnce() -> Vec<Block>,
    data: &impl Serialize,
    rows: impl FnOnce() -> Vec<R>,
) -> String {
    match format {
        Format::Text => on_paper(Paper::Text, &blocks(), look),
        Format::Markdown => on_paper(Paper::Markdown, &blocks(), look),
        Format::Html => on_paper(Paper::Html, &blocks(), look),
        Format::Json => json::pretty(data),
        Format::Csv => csv::rows(&rows()),
    }
}
