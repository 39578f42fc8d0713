//! The records of a table that say something, each with its line.

use std::io::Cursor;

use super::{ReadError, error};

/// What a separator may be, the likeliest first.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// A line after the last one. If it comes inside a cell, a quote was never closed.
const END: &str = "\u{4}";

/// Returns a text whose lines end with line feeds alone.
pub(super) fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Reads on from record to record.
pub(super) struct Records {
    reader: csv::Reader<Cursor<String>>,
    /// The record that was read last.
    pub(super) record: csv::StringRecord,
}

impl Records {
    /// Begins with a table. What sets the cells of its first line apart sets all cells apart: a comma if there is one.
    pub(super) fn new(text: &str) -> Self {
        let text = format!("{}\n{END}\n", lines(text));
        let cells =
            |line: &&str| line.contains(|letter: char| !letter.is_whitespace() && !SEPARATORS.contains(&letter));
        let first = text.lines().filter(cells).find(|line| !line.trim_start().starts_with('#')).unwrap_or_default();
        let separator = SEPARATORS.into_iter().find(|letter| first.contains(*letter)).unwrap_or(',');
        let reader = csv::ReaderBuilder::new()
            .delimiter(separator as u8)
            .comment(Some(b'#'))
            .flexible(true)
            .has_headers(false)
            .from_reader(Cursor::new(text));
        Self { reader, record: csv::StringRecord::new() }
    }

    /// Reads the next record that is neither a comment nor empty, and returns the line on which it begins; `None` after
    /// the last.
    pub(super) fn next(&mut self) -> Result<Option<u64>, ReadError> {
        while self.reader.read_record(&mut self.record).map_err(|fault| ReadError(fault.to_string()))? {
            // The reader's own place of a record is before the comments and empty lines that it skips.
            let breaks: usize = self.record.iter().map(|cell| cell.matches('\n').count()).sum();
            let line = self.reader.position().line() - breaks as u64;
            let last = self.record.iter().next_back().unwrap_or_default();
            if last.trim_end_matches('\n').ends_with(END) && breaks > 0 {
                return error(format!(
                    "line {line}, column {} begins with a quote (\") that is never closed; remove or close it",
                    self.record.len()
                ));
            }
            let is_comment = self.record.get(0).is_some_and(|cell| cell.trim_start().starts_with('#'));
            if last == END || is_comment || self.record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            return Ok(Some(line - 1));
        }
        Ok(None)
    }
}
