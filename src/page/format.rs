//! The formats, and one way to write a document in any of them.

use serde::Serialize;

use super::block::Block;
use super::{Look, csv, html, json, markdown, text};

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
        Format::Text => text::render(&blocks(), look),
        Format::Markdown => markdown::render(&blocks()),
        Format::Html => html::render(&blocks()),
        Format::Json => json::pretty(data),
        Format::Csv => csv::rows(&rows()),
    }
}
