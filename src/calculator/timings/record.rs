//! One row of a table: its cells as text, and where it stands.

use std::ops::Range;

/// A row. It is used again for the next one, so that reading allocates nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    /// The line that it begins on, counted from 1.
    pub(super) line: u64,
    text: String,
    cells: Vec<Range<usize>>,
}

impl Record {
    pub(super) fn clear(&mut self, line: u64) {
        self.line = line;
        self.text.clear();
        self.cells.clear();
    }

    /// Adds a cell without the blanks around it.
    pub(super) fn push(&mut self, cell: &str) {
        let start = self.text.len();
        self.text.push_str(cell.trim());
        self.cells.push(start..self.text.len());
    }

    /// Removes the cells from there on.
    pub(super) fn truncate(&mut self, length: usize) {
        self.cells.truncate(length);
    }

    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(super) fn get(&self, index: usize) -> Option<&str> {
        self.cells.get(index).map(|cell| &self.text[cell.clone()])
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.cells.iter().map(|cell| &self.text[cell.clone()])
    }

    pub(super) fn is_empty(&self) -> bool {
        self.iter().all(str::is_empty)
    }
}
