//! What is shown: blocks in, text out. The formats are siblings.
//!
//! Here belong tables, plots, words, the wrapping of text, and the parts that every report has: header, stamps, clocks,
//! checks. What one experiment shows does not: it builds its own blocks in [`crate::experiment`]. The pages of the
//! reader's own numbers do not: they are made in [`crate::calculator`].

mod ascii;
pub(crate) mod audit;
pub mod block;
pub(crate) mod cases;
pub(crate) mod clocks;
pub(crate) mod csv;
pub(crate) mod format;
pub(crate) mod glossary;
pub(crate) mod header;
pub(crate) mod html;
pub(crate) mod json;
mod list;
pub(crate) mod markdown;
pub mod named;
pub(crate) mod plot;
pub(crate) mod progress;
pub(crate) mod reason;
pub(crate) mod sampling;
pub(crate) mod speedup;
pub(crate) mod stamp;
mod table;
pub(crate) mod text;
pub(crate) mod words;

pub(crate) use ascii::plain;
pub use csv::samples_csv;
pub(crate) use format::on_paper;
pub use format::{Format, Paper};
pub use glossary::glossary;
pub use json::json;
pub use list::{DeviceRow, WorkloadRow, devices, workloads};
pub use plot::Scale;
pub use text::Look;

// What comes from outside is made harmless in one way, whether a run or a reader's file brought it.
pub(crate) use crate::record::is_unprintable;

/// Marks the places of characters that would steer a terminal or turn the text around: a device, a file or a column may
/// have any name.
pub(crate) fn clean(page: &str) -> String {
    let is_allowed = |letter: char| letter == '\n' || letter == '\t' || !is_unprintable(letter);
    page.chars().map(|letter| if is_allowed(letter) { letter } else { char::REPLACEMENT_CHARACTER }).collect()
}
