//! Reads a table of timings: text in, the times of each worker count out. Opens no file.
//!
//! Three layers. A file of any [`format`] becomes a `table`: text cells, each with its line and column. Its
//! `columns` are told by their names, by what the reader says, and by the first rows. Its `rows` become numbers,
//! in groups that agree in every setting. Then `parts` says what belongs together, and what must be asked.

mod cell;
mod changing;
mod choices;
mod columns;
mod format;
mod group;
mod growth;
mod left_out;
mod lines;
mod mapping;
mod names;
mod parts;
mod product;
mod question;
mod record;
mod reservoir;
mod rows;
mod settle;
mod style;
mod table;
#[cfg(test)]
mod tests;
mod transposed;
mod wide;

use std::io::BufRead;

use serde::Serialize;

use crate::stats::Summary;

pub use growth::Growth;
pub use left_out::{LeftOut, Why};
pub use mapping::Mapping;
pub use question::Question;

/// The name of the note on a setting that changes with the worker count.
pub const NOT_ONE_SETTING: &str = "not one setting";

/// Why a table cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ReadError {
    /// What is wrong, where, and what would be right.
    #[error("{0}")]
    Said(String),
    /// The table may be read in several ways.
    #[error("{}", .0.text)]
    Ask(Box<Question>),
}

impl ReadError {
    fn said(text: impl Into<String>) -> Self {
        Self::Said(text.into())
    }
}

fn error<T>(text: impl Into<String>) -> Result<T, ReadError> {
    Err(ReadError::said(text))
}

/// What the column of values holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Given {
    /// Times; the number is how many seconds their unit is.
    Seconds,
    /// Speedups over one worker. Times are then relative: `1/speedup`, in units of the time on one worker.
    Speedup,
    /// Work per time, in any unit. Times are then relative: `1/throughput`.
    Throughput,
}

impl Given {
    /// The unit of the times that come of it.
    pub fn time_unit(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Speedup => "1/speedup",
            Self::Throughput => "1/throughput",
        }
    }
}

/// The repetitions of one worker count, on one size of work; or of neighbouring worker counts, if there are too many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// Size of the work; `None` without such a column.
    pub work: Option<f64>,
    /// Workers p; the median where counts were pooled.
    pub workers: f64,
    /// Their times, in [`Given::time_unit`].
    pub seconds: Summary,
}

/// Timings as read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Timings {
    /// What the column of values held.
    pub given: Given,
    /// The name of that column in the table.
    pub column: String,
    /// What one of its numbers was taken for: `ms`; `None` if it is no time.
    pub unit: Option<&'static str>,
    /// Whether the unit was stated, in the header or by an option; seconds otherwise.
    pub unit_stated: bool,
    /// Whether there is a column of work.
    pub has_work: bool,
    /// Its name.
    #[serde(skip)]
    pub work: String,
    /// Columns that were not used.
    pub unread: Vec<String>,
    /// Rows read.
    pub rows: usize,
    /// Different worker counts read, before any pooling.
    pub worker_counts: usize,
    /// By work, then by workers.
    #[serde(skip)]
    pub groups: Vec<Group>,
    /// Whether neighbouring worker counts were pooled.
    pub pooled: bool,
    /// The column of sizes that grow with the workers, if they do: then no two counts ran the same job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weak: Option<Weak>,
    /// Rows that hold no timing.
    pub left_out: LeftOut,
    /// What else to know of the reading: names with their values.
    pub notes: Vec<(String, String)>,
}

/// A job that grows with its workers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Weak {
    /// The column of its size.
    pub column: String,
    /// How the size follows the workers.
    pub growth: Growth,
    /// Whether the column holds the titles above the rows.
    #[serde(skip)]
    pub is_title: bool,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The columns each of whose values is a part; mostly none.
    pub by: Vec<String>,
    /// The parts, each with the values of those columns.
    pub parts: Vec<(String, Timings)>,
    /// Values that were measured on one worker count only.
    pub skipped: Vec<String>,
}

impl Timings {
    /// The sizes of work, ascending; empty without such a column.
    pub fn sizes(&self) -> Vec<f64> {
        let mut sizes: Vec<f64> = self.groups.iter().filter_map(|group| group.work).collect();
        sizes.dedup();
        sizes
    }

    /// The groups of one job of fixed size: the size with the most worker counts, the largest of equals. Everything
    /// where the size does not vary.
    pub fn fixed_size(&self) -> &[Group] {
        let chunks = self.groups.chunk_by(|one, other| one.work == other.work);
        chunks.max_by_key(|chunk| chunk.len()).unwrap_or_default()
    }
}

/// Reads a table of timings in any of the formats, in bounded memory.
///
/// # Errors
/// Names what is wrong by line and column, or asks if the table may be read in several ways.
pub fn read(input: impl BufRead, mapping: &Mapping) -> Result<Reading, ReadError> {
    let mut doubts = columns::Doubts { taken: mapping.clone(), ..columns::Doubts::default() };
    let table = transposed::upright(table::Table::open(input)?)?;
    if columns::is_of_a_run(table.names.as_deref().unwrap_or_default()) {
        return error(
            "holds the samples of a whole run; `amdahl report` shows it. Or keep the rows of one experiment, workload \
             and phase, with the columns workers and seconds",
        );
    }
    let table = wide::long(table, &mut doubts)?;
    let mut table = product::with_product(table, mapping.work.as_deref())?;
    if table.sample.is_empty() {
        return error("has a header and no rows; add rows of at least two worker counts");
    }
    let view = question::View::of(&table);
    let columns = columns::Columns::of(&table, &mut doubts)?;
    let entries = rows::read(&mut table, &columns).map_err(|fault| {
        // What was taken for granted may be what is wrong.
        let before = doubts.sentences.join("; ");
        if before.is_empty() { fault } else { ReadError::said(format!("{before}; then {fault}")) }
    })?;
    settle::Read { view: &view, columns: &columns, entries: &entries, doubts: &doubts }.settle()
}
