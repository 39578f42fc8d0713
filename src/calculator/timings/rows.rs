//! The rows of a table as numbers, in groups: rows of one worker count that agree in every setting.

use std::collections::{HashMap, HashSet};

use super::cell;
use super::columns::Columns;
use super::left_out::{LeftOut, Why};
use super::names::Kind;
use super::record::Record;
use super::reservoir::{Draw, Reservoir};
use super::table::Table;
use super::{ReadError, error};
use crate::units::Decimal;

/// Most groups: more than any law needs.
const MOST_GROUPS: usize = 200_000;

/// Most different values of a setting. A column with more is a result, or tells every run apart.
const MOST_VALUES: usize = 1_000;

/// Most different sizes of a job.
const MOST_SIZES: usize = 20_000;

/// Rows of one worker count that agree in every setting. Times are in seconds, or relative.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) workers: f64,
    /// Size of the work; 0 without such a column.
    pub(super) work: f64,
    /// The cells of the key's columns, in their order.
    pub(super) settings: Vec<Box<str>>,
    pub(super) times: Reservoir,
}

/// Everything that was read.
pub(super) struct Entries {
    pub(super) list: Vec<Entry>,
    /// The columns whose cells the entries keep: `by`, then settings.
    pub(super) columns: Vec<usize>,
    /// Columns that have too many values to be settings.
    pub(super) dropped: Vec<usize>,
    /// Rows that were not wanted.
    pub(super) unwanted: u64,
    pub(super) left_out: LeftOut,
}

/// Reads every row; the first that is wrong is named by its line and column.
pub(super) fn read(table: &mut Table<'_>, columns: &Columns) -> Result<Entries, ReadError> {
    let mut reader = Reader::new(columns);
    let mut record = Record::default();
    while table.next(&mut record)? {
        reader.row(&record)?;
    }
    let mut entries = joined(reader.entries);
    entries.retain(|entry| !entry.times.kept.is_empty());
    Ok(Entries {
        list: entries,
        columns: reader.keys,
        dropped: reader.dropped,
        unwanted: reader.unwanted,
        left_out: reader.left_out,
    })
}

struct Reader<'a> {
    columns: &'a Columns,
    keys: Vec<usize>,
    /// Different cells of each of them.
    values: Vec<HashSet<Box<str>>>,
    dropped: Vec<usize>,
    /// Entries by the text of their cells.
    known: HashMap<Box<[u8]>, usize>,
    key: Vec<u8>,
    entries: Vec<Entry>,
    draw: Draw,
    unwanted: u64,
    left_out: LeftOut,
}

impl<'a> Reader<'a> {
    fn new(columns: &'a Columns) -> Self {
        let keys: Vec<usize> = columns.by.iter().chain(&columns.settings).copied().collect();
        Self {
            columns,
            values: vec![HashSet::new(); keys.len()],
            keys,
            dropped: Vec::new(),
            known: HashMap::new(),
            key: Vec::new(),
            entries: Vec::new(),
            draw: Draw::new(),
            unwanted: 0,
            left_out: LeftOut::default(),
        }
    }

    fn row(&mut self, record: &Record) -> Result<(), ReadError> {
        let columns = self.columns;
        if !columns.only.iter().all(|only| only.wants(record)) {
            self.unwanted += 1;
            return Ok(());
        }
        self.key(record);
        let entry = match self.known.get(self.key.as_slice()) {
            Some(&entry) => entry,
            None => match self.entry(record)? {
                Some(entry) => entry,
                None => return Ok(()),
            },
        };
        self.times(entry, record)
    }

    /// Writes the cells by which entries are found.
    fn key(&mut self, record: &Record) {
        self.key.clear();
        for &column in self.columns.workers.iter().chain(&self.columns.work).chain(&self.keys) {
            self.key.extend_from_slice(record.get(column).unwrap_or_default().as_bytes());
            self.key.push(0);
        }
    }

    /// Adds the times of a row to its entry.
    fn times(&mut self, entry: usize, record: &Record) -> Result<(), ReadError> {
        let columns = self.columns;
        let mut any = false;
        for &column in &columns.values {
            let text = record.get(column).unwrap_or_default();
            if cell::is_missing(text) {
                continue;
            }
            let workers = self.entries[entry].workers;
            let seconds = seconds(text, columns, workers)
                .or_else(|fault| error(format!("{} {fault}", columns.place(record.line, column))))?;
            self.entries[entry].times.add(seconds, &mut self.draw);
            any = true;
        }
        if !any {
            self.left_out.add(Why::NoValue, record.line, "");
        }
        if self.draw.is_full() {
            self.draw.halve(self.entries.iter_mut().map(|entry| &mut entry.times));
        }
        Ok(())
    }

    /// A new entry for a row whose cells were not seen before; `None` if the row is left out.
    fn entry(&mut self, record: &Record) -> Result<Option<usize>, ReadError> {
        let columns = self.columns;
        let first = record.get(0).unwrap_or_default();
        let mut workers = 1.0;
        for &column in &columns.workers {
            let text = record.get(column).unwrap_or_default();
            if cell::is_footer(first) || cell::is_footer(text) {
                self.left_out.add(Why::Footer, record.line, text);
                return Ok(None);
            }
            if cell::is_sequential(text) {
                self.left_out.add(Why::Sequential, record.line, text);
                return Ok(None);
            }
            workers *= cell::workers(text, columns.mark)
                .or_else(|fault| error(format!("{} {fault}", columns.place(record.line, column))))?;
        }
        let work = match columns.work {
            None => 0.0,
            Some(column) => cell::size(record.get(column).unwrap_or_default(), columns.mark)
                .map(|size| if columns.shares.contains(&column) { size * workers } else { size })
                .or_else(|fault| error(format!("{} {fault}", columns.place(record.line, column))))?,
        };
        self.count_values(record)?;
        let settings: Vec<Box<str>> =
            self.keys.iter().map(|&column| record.get(column).unwrap_or_default().into()).collect();
        if self.entries.len() >= MOST_GROUPS {
            return error(format!(
                "line {}, column {}: more than {MOST_GROUPS} different worker counts and settings, the limit of this \
                 fit; keep some rows with --where",
                record.line,
                columns.workers[0] + 1
            ));
        }
        self.key(record);
        self.entries.push(Entry { workers, work, settings, times: Reservoir::default() });
        self.known.insert(self.key.as_slice().into(), self.entries.len() - 1);
        Ok(Some(self.entries.len() - 1))
    }

    /// Counts the different values of each setting, and drops a column that has too many.
    fn count_values(&mut self, record: &Record) -> Result<(), ReadError> {
        for at in (0..self.keys.len()).rev() {
            let column = self.keys[at];
            let cell = record.get(column).unwrap_or_default();
            if !self.values[at].contains(cell) {
                self.values[at].insert(cell.into());
            }
            let is_size = self.columns.sizes.contains(&column) || self.columns.by.contains(&column);
            if is_size && self.values[at].len() > MOST_SIZES {
                return error(format!(
                    "{}: more than {MOST_SIZES} different values, the limit of this fit; keep some with --where",
                    self.columns.place(record.line, column)
                ));
            }
            if !is_size && self.values[at].len() > MOST_VALUES {
                self.drop_column(at);
            }
        }
        Ok(())
    }

    /// Joins the entries that only differ in a column which is no setting. They are found by their cells anew.
    fn drop_column(&mut self, at: usize) {
        self.dropped.push(self.keys.remove(at));
        self.values.remove(at);
        self.entries.iter_mut().for_each(|entry| drop(entry.settings.remove(at)));
        self.entries = joined(std::mem::take(&mut self.entries));
        self.known.clear();
    }
}

/// Joins the entries that agree in everything: cells may write one number in several ways.
fn joined(entries: Vec<Entry>) -> Vec<Entry> {
    let canonical = |cell: &str| cell.parse::<f64>().map_or_else(|_| cell.to_owned(), |number| number.to_string());
    let mut places: HashMap<(u64, u64, Vec<String>), usize> = HashMap::new();
    let mut joined: Vec<Entry> = Vec::new();
    for entry in entries {
        let settings = entry.settings.iter().map(|cell| canonical(cell)).collect();
        let place = *places.entry((entry.workers.to_bits(), entry.work.to_bits(), settings)).or_insert(joined.len());
        match joined.get_mut(place) {
            Some(same) => same.times.join(&entry.times),
            None => joined.push(entry),
        }
    }
    joined
}

/// A value as a time: in seconds, or relative to one worker.
fn seconds(text: &str, columns: &Columns, workers: f64) -> Result<f64, String> {
    let mark: Decimal = columns.mark;
    match columns.kind {
        Kind::Time(_) => cell::seconds(text, mark, columns.factor),
        Kind::Throughput => cell::ratio(text, mark, "a throughput").map(|value| 1.0 / value),
        Kind::Speedup => cell::ratio(text, mark, "a speedup").map(|value| 1.0 / value),
        Kind::Efficiency => {
            cell::ratio(text, mark, "an efficiency").map(|value| 1.0 / (value * columns.factor * workers))
        }
    }
}
