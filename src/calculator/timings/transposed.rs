//! Tables whose rows are what others have as columns: `threads,1,2,4` above `time,10,5.2,2.8`.

use std::vec::IntoIter;

use super::ReadError;
use super::cell::looks_like_value;
use super::names::{Meaning, is_plain_number, meaning};
use super::record::Record;
use super::table::{Rows, Table};

/// Most rows of such a table.
const MOST: usize = 100;

/// Turns a table if each of its rows begins with a name, one of workers and one of values, and holds values.
pub(super) fn upright(table: Table<'_>) -> Result<Table<'_>, ReadError> {
    let width = table.block.unwrap_or(table.width);
    if table.names.is_some() || width < 3 || table.sample.len() > MOST || !is_transposed(&table, width) {
        return Ok(table);
    }
    let cell = |row: &Record, column: usize| row.get(column).unwrap_or_default().to_owned();
    let names: Vec<String> = table.sample.iter().map(|row| cell(row, 0)).collect();
    let turned = |column: usize| {
        let mut record = Record::default();
        record.clear(table.sample.front().map_or(1, |first| first.line));
        table.sample.iter().for_each(|row| record.push(row.get(column).unwrap_or_default()));
        record
    };
    let rows: Vec<Record> = (1..width).map(turned).collect();
    Table::new(Some(names), Turned { rows: rows.into_iter() })
}

fn is_transposed(table: &Table<'_>, width: usize) -> bool {
    let mut heads = table.cells(0);
    let has = |wanted: fn(&Meaning) -> bool| table.cells(0).any(|head| wanted(&meaning(head)));
    let is_word = |head: &str| head.starts_with(char::is_alphabetic) && !is_plain_number(head);
    let are_values = |row: &Record| (1..width).all(|column| row.get(column).is_some_and(looks_like_value));
    heads.all(is_word)
        && has(|of| matches!(of, Meaning::Workers(_)))
        && has(|of| matches!(of, Meaning::Value { .. }))
        && table.sample.iter().all(are_values)
}

struct Turned {
    rows: IntoIter<Record>,
}

impl Rows for Turned {
    fn next(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        let next = self.rows.next();
        let is_there = next.is_some();
        *record = next.unwrap_or_default();
        Ok(is_there)
    }
}
