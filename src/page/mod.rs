//! What is shown: blocks in, text out. The formats are siblings.
//!
//! Here belong tables, plots, words and units of text, and the parts that every report has: header, stamps, clocks,
//! checks. What one experiment shows does not: it builds its own blocks in [`crate::experiment`].

pub(crate) mod audit;
pub mod block;
pub(crate) mod clocks;
mod csv;
mod fit;
pub(crate) mod header;
mod json;
mod list;
pub(crate) mod markdown;
pub(crate) mod plot;
mod predict;
pub(crate) mod sampling;
pub(crate) mod stamp;
mod table;
pub(crate) mod text;
pub(crate) mod words;

pub use csv::samples_csv;
pub use fit::{FitReport, points};
pub use json::json;
pub use list::{Format, ListError, WorkloadRow, devices, workloads};
pub use predict::{Job, PredictReport};
