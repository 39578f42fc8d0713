//! Reads a table of timings: text in, the times of each worker count out. Opens no file.
//!
//! The first line names the columns. `workers` and one column of values are needed: a time (`seconds`, `ms`,
//! `time_us` …), `throughput`, or `speedup`; `work` is the size of the job, where it varies. Rows with the same workers
//! and the same work are repetitions.

mod cell;
mod group;
mod header;
mod names;
mod records;
mod rows;
#[cfg(test)]
mod tests;

use records::Records;
use serde::Serialize;

use crate::stats::Summary;

pub use header::Mapping;

/// Why a table cannot be read: what is wrong, where, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ReadError(String);

fn error<T>(text: impl Into<String>) -> Result<T, ReadError> {
    Err(ReadError(text.into()))
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

/// Reads a table of comma-separated values; semicolons and tabs are recognised. Lines whose first letter is `#` are
/// comments; lines of blanks and rows of empty cells are passed over.
///
/// # Errors
/// Names what is wrong by line and column.
pub fn read(bytes: &[u8], mapping: &Mapping) -> Result<Timings, ReadError> {
    let text = decode(bytes)?;
    let mut records = Records::new(text);
    if records.next()?.is_none() {
        return error("is empty; its first line must name the columns: workers,seconds");
    }
    let columns = header::Columns::find(&records.record, mapping)?;
    let read = rows::read(&mut records, &columns)?;
    group::timings(columns, read)
}

/// The bytes as text, without a byte order mark.
fn decode(bytes: &[u8]) -> Result<&str, ReadError> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return error("is UTF-16, not UTF-8; save it as CSV in UTF-8");
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).or_else(|fault| {
        let (valid, rest) = bytes.split_at(fault.valid_up_to());
        let before = records::lines(&String::from_utf8_lossy(valid));
        let (line, byte) = (before.split('\n').count(), before.split('\n').next_back().unwrap_or_default().len() + 1);
        let value = rest.first().copied().unwrap_or_default();
        error(format!("line {line}, byte {byte} is 0x{value:02x}, which is not UTF-8; save it as CSV in UTF-8"))
    })
}
