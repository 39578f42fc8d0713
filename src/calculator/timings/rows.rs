//! The rows of a table as numbers.

use super::cell;
use super::header::{Column, Columns};
use super::records::Records;
use super::{Given, ReadError, error};

/// One row. Times are in seconds, or relative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    /// Size of the work; 0 without such a column.
    pub(super) work: f64,
    pub(super) workers: f64,
    pub(super) seconds: f64,
}

/// Reads every row; the first that is wrong is named by its line and column.
pub(super) fn read(records: &mut Records, columns: &Columns) -> Result<Vec<Row>, ReadError> {
    let mut rows = Vec::new();
    while let Some(line) = records.next()? {
        rows.push(row(&records.record, columns).or_else(|fault| error(format!("line {line}{fault}")))?);
    }
    Ok(rows)
}

/// One row; what is wrong with it otherwise, beginning after the line's number.
fn row(record: &csv::StringRecord, columns: &Columns) -> Result<Row, String> {
    let width = columns.names.len();
    if record.len() > width {
        return Err(format!(
            " has {} cells, the header {width}; remove some, or put \" around a cell that contains a separator",
            record.len()
        ));
    }
    let cell = |column: &Column| {
        record.get(column.index).ok_or_else(|| {
            let (place, name, cells) = (column.index + 1, cell::short(&column.name), record.len());
            format!(", column {place} (`{name}`) is missing; the row has {cells} of {width} cells")
        })
    };
    let place = |column: &Column, fault: String| {
        format!(", column {} (`{}`) {fault}", column.index + 1, cell::short(&column.name))
    };
    let (workers, value) = (&columns.workers, &columns.value);
    let count = cell::workers(cell(workers)?).map_err(|fault| place(workers, fault))?;
    let text = cell(value)?;
    let seconds = match columns.given {
        Given::Seconds => cell::seconds(text, columns.factor),
        Given::Throughput => cell::positive(text, "a throughput").map(|value| 1.0 / value),
        Given::Speedup => cell::positive(text, "a speedup").map(|value| 1.0 / value),
    };
    let work = match &columns.work {
        Some(column) => cell::positive(cell(column)?, "a size of work").map_err(|fault| place(column, fault))?,
        None => 0.0,
    };
    if record.len() < width {
        return Err(format!(" has {} cells, the header {width}; add the missing ones", record.len()));
    }
    Ok(Row { work, workers: count, seconds: seconds.map_err(|fault| place(value, fault))? })
}
