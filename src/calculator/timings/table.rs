//! What every format becomes: a table of text cells, each with its line and its column.

use std::collections::VecDeque;
use std::io::BufRead;

use super::ReadError;
use super::format;
use super::lines::Lines;
use super::record::Record;

/// Rows that are looked at before anything is decided.
const SAMPLE: usize = 1000;

/// The name of the column that holds the titles of blocks.
pub(super) const BLOCK: &str = "block";

/// Rows, one after the other.
pub(super) trait Rows {
    /// Reads the next row; returns whether there is one.
    fn next(&mut self, record: &mut Record) -> Result<bool, ReadError>;
}

/// A table.
pub(super) struct Table<'a> {
    /// The names of the columns; `None` if nothing in the file names them.
    pub(super) names: Option<Vec<String>>,
    /// A column that was made from comments between the rows, by its place: the title of the block that a row is in.
    pub(super) block: Option<usize>,
    /// Columns of cells.
    pub(super) width: usize,
    /// The first rows.
    pub(super) sample: VecDeque<Record>,
    rows: Box<dyn Rows + 'a>,
}

impl<'a> Table<'a> {
    /// Recognises the format of a file, and begins to read it.
    pub(super) fn open(input: impl BufRead + 'a) -> Result<Self, ReadError> {
        format::open(Lines::new(input))
    }

    /// A table of rows that are yet to be read. Without names its width is that of its first rows.
    pub(super) fn new(names: Option<Vec<String>>, rows: impl Rows + 'a) -> Result<Self, ReadError> {
        let mut table = Self {
            width: names.as_ref().map_or(0, Vec::len),
            names,
            block: None,
            sample: VecDeque::new(),
            rows: Box::new(rows),
        };
        let mut record = Record::default();
        while table.sample.len() < SAMPLE && table.rows.next(&mut record)? {
            table.sample.push_back(record.clone());
        }
        if table.names.is_none() {
            table.width = table.sample.iter().map(Record::len).max().unwrap_or(0);
        }
        Ok(table)
    }

    /// Reads the next row; returns whether there is one.
    pub(super) fn next(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        match self.sample.pop_front() {
            Some(first) => {
                *record = first;
                Ok(true)
            }
            None => self.rows.next(record),
        }
    }

    /// The name of a column: the one in the file, or one made of its number.
    pub(super) fn name(&self, index: usize) -> String {
        match self.names.as_ref().and_then(|names| names.get(index)) {
            Some(name) => name.clone(),
            None if self.block == Some(index) => BLOCK.to_owned(),
            None => format!("column {}", index + 1),
        }
    }

    /// The cells of a column in the first rows.
    pub(super) fn cells(&self, index: usize) -> impl Iterator<Item = &str> {
        self.sample.iter().filter_map(move |record| record.get(index))
    }

    /// The same table, each of whose rows became the rows that a function makes of it.
    pub(super) fn mapped(
        self,
        names: Vec<String>,
        make: impl FnMut(&Record) -> Vec<Record> + 'a,
    ) -> Result<Self, ReadError> {
        Self::new(Some(names), Mapped { rows: self, made: VecDeque::new(), make, record: Record::default() })
    }
}

struct Mapped<'a, F> {
    rows: Table<'a>,
    made: VecDeque<Record>,
    make: F,
    record: Record,
}

impl<F: FnMut(&Record) -> Vec<Record>> Rows for Mapped<'_, F> {
    fn next(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        while self.made.is_empty() {
            if !self.rows.next(&mut self.record)? {
                return Ok(false);
            }
            self.made.extend((self.make)(&self.record));
        }
        *record = self.made.pop_front().unwrap_or_default();
        Ok(true)
    }
}
