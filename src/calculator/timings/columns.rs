//! What each column of a table is, and what is in doubt about it.

mod find;
mod rates;
mod settings;
mod values;
mod workers;

use super::cell;
use super::mapping::Mapping;
use super::names::{self, Kind, Meaning, NAMES, Unit};
use super::record::Record;
use super::style::{Style, style};
use super::table::Table;
use super::{ReadError, error};
use crate::units::Decimal;
pub(super) use find::{find, is_of_a_run, quoted, theirs};

/// Readings of a table that are taken until the reader says otherwise, and the options that would say so.
#[derive(Debug, Clone, Default)]
pub(super) struct Doubts {
    /// What is in doubt, in sentences without their full stops.
    pub(super) sentences: Vec<String>,
    /// Everything that the reader said, and what was taken in doubt.
    pub(super) taken: Mapping,
    /// A comma or a point that may as well set thousands apart.
    pub(super) unsure_mark: Option<Decimal>,
    /// What `--columns` says if a rate counts instead of the time.
    pub(super) rate: Option<String>,
}

/// A row that is wanted: a column, and its value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Only {
    pub(super) column: usize,
    pub(super) value: String,
}

/// How each row is read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns {
    /// What the columns are called in sentences.
    pub(super) names: Vec<String>,
    /// Columns whose product is the worker count; mostly one.
    pub(super) workers: Vec<usize>,
    /// Columns of values: one, or one for each repetition.
    pub(super) values: Vec<usize>,
    pub(super) kind: Kind,
    /// What one of the values is of its unit: seconds, or 0.01 for percentages.
    pub(super) factor: f64,
    pub(super) unit: Option<Unit>,
    pub(super) work: Option<usize>,
    pub(super) by: Vec<usize>,
    pub(super) only: Vec<Only>,
    /// Columns in which repetitions agree, beside those above.
    pub(super) settings: Vec<usize>,
    /// Those of them that are called like a size of the job.
    pub(super) sizes: Vec<usize>,
    /// Columns that are called like what each worker has of the job.
    pub(super) shares: Vec<usize>,
    /// Settings of which nothing is known.
    pub(super) unknown: Vec<usize>,
    /// A column whose name says that the job grows with the workers.
    pub(super) weak: Option<usize>,
    pub(super) mark: Decimal,
    /// What a reader should know of the choice: names with their values.
    pub(super) notes: Vec<(String, String)>,
}

impl Columns {
    /// Finds out what the columns are, by what the reader says, by their names, and by the first rows.
    pub(super) fn of(table: &Table<'_>, doubts: &mut Doubts) -> Result<Self, ReadError> {
        let asked = doubts.taken.clone();
        let stated = find::stated(table, &asked)?;
        let only = find::only(table, &asked)?;
        let by = find::all(table, &asked.by, "--by")?;
        let ignore = find::all(table, &asked.ignore, "--ignore")?;
        let meanings = find::meanings(table);
        let rows: Vec<&Record> = table.sample.iter().filter(|row| only.iter().all(|only| only.wants(row))).collect();
        let look = Look { table, rows: &rows, meanings: &meanings };
        let mut notes = Vec::new();
        let taken: Vec<usize> =
            stated.value.iter().map(|(column, _)| *column).chain(stated.work).chain(by.iter().copied()).collect();
        let workers = match stated.workers {
            Some(workers) => workers,
            None => workers::choose(&look, &taken, doubts, &mut notes)?,
        };
        let read = match stated.value {
            Some((column, kind)) => values::Chosen { columns: vec![column], kind },
            None => values::choose(&look, &workers, doubts, &mut notes)?,
        };
        let named_work = || meanings.iter().position(|meaning| *meaning == Meaning::Work);
        let work = stated.work.or_else(named_work).filter(|work| !by.contains(work) && !ignore.contains(work));
        // 2 × 4 and 4 × 2 workers are no repetitions.
        let alone = Some(&workers).filter(|workers| workers.len() == 1);
        let used: Vec<usize> =
            alone.into_iter().flatten().chain(&read.columns).chain(&work).chain(&by).copied().collect();
        let is_setting = |column: &usize| {
            !used.contains(column) && !ignore.contains(column) && look.sets_something(&workers, &read.columns, *column)
        };
        let settings: Vec<usize> = (0..table.width).filter(is_setting).collect();
        let sizes = settings.iter().copied().filter(|column| meanings[*column] == Meaning::Size).collect();
        let shares = (0..table.width).filter(|column| meanings[*column] == Meaning::Share).collect();
        let is_unknown = |column: &usize| meanings[*column].may_be_any() && table.block != Some(*column);
        let unknown = settings.iter().copied().filter(is_unknown).collect();
        let weak = look.weak(&read, &ignore);
        let numbers: Vec<usize> = read.columns.iter().chain(&work).copied().collect();
        let mark = mark(table, &numbers, doubts);
        let unit = unit(&look, &read, &asked, mark)?;
        let factor = values::factor(&look, &read, unit, mark);
        let names = (0..table.width).map(|column| table.name(column)).collect();
        let (values, kind) = (read.columns, read.kind);
        Ok(Self {
            names,
            workers,
            values,
            kind,
            factor,
            unit,
            work,
            by,
            only,
            settings,
            sizes,
            shares,
            unknown,
            weak,
            mark,
            notes,
        })
    }

    /// Writes where a cell is, for the beginning of a message.
    pub(super) fn place(&self, line: u64, column: usize) -> String {
        let (number, name) = (column + 1, cell::short(&self.names[column]));
        let name = if name == format!("column {number}") { String::new() } else { format!(" (`{name}`)") };
        format!("line {line}, column {number}{name}")
    }

    /// The name of the columns that make the worker count.
    pub(super) fn workers_name(&self) -> String {
        self.workers.iter().map(|&column| self.names[column].clone()).collect::<Vec<_>>().join(" × ")
    }
}

impl Only {
    /// Whether a row is wanted. Numbers are compared as such.
    pub(super) fn wants(&self, row: &Record) -> bool {
        let cell = row.get(self.column).unwrap_or_default();
        let numbers = || cell.parse::<f64>().ok().zip(self.value.parse::<f64>().ok());
        cell.eq_ignore_ascii_case(&self.value) || numbers().is_some_and(|(a, b)| a == b)
    }
}

/// What is looked at to choose columns: the first rows that are wanted.
pub(super) struct Look<'a> {
    table: &'a Table<'a>,
    rows: &'a [&'a Record],
    meanings: &'a [Meaning],
}

impl<'a> Look<'a> {
    /// The cells of a column that hold something.
    fn cells(&self, column: usize) -> impl Iterator<Item = &'a str> {
        let cells = self.rows.iter().filter_map(move |row| row.get(column));
        cells.filter(|cell| !cell::is_missing(cell))
    }

    /// How many different cells a column has.
    fn distinct(&self, column: usize) -> usize {
        let mut cells: Vec<&str> = self.cells(column).collect();
        cells.sort_unstable();
        cells.dedup();
        cells.len()
    }

    /// The column whose name says that the job grows with the workers: that of the values, or what was reckoned of
    /// them if every such column says so.
    fn weak(&self, read: &values::Chosen, ignore: &[usize]) -> Option<usize> {
        let is_ratio = |column: &usize| {
            let kind = |kind| matches!(kind, Kind::Speedup | Kind::Efficiency);
            matches!(self.meanings[*column], Meaning::Value { kind: of, .. } if kind(of)) && !ignore.contains(column)
        };
        let says_weak = |column: &usize| names::says_weak(&self.table.name(*column));
        let mut ratios = (0..self.table.width).filter(is_ratio);
        let own = read.columns.iter().copied().find(says_weak);
        own.or_else(|| ratios.clone().next().filter(|_| ratios.all(|column| says_weak(&column))))
    }

    fn name(&self, column: usize) -> String {
        cell::short(&self.table.name(column))
    }

    /// How an option names a column.
    fn theirs(&self, column: usize) -> String {
        theirs(self.table.names.as_deref(), self.table.block, column)
    }
}

/// The mark before fractions, by the file or by the option.
fn mark(table: &Table<'_>, columns: &[usize], doubts: &mut Doubts) -> Decimal {
    if let Some(stated) = doubts.taken.decimal {
        return stated;
    }
    match style(&table.sample.iter(), columns) {
        Style::Sure(mark) => mark,
        Style::Unsure(mark) => {
            (doubts.taken.decimal, doubts.unsure_mark) = (Some(mark), Some(mark));
            doubts.sentences.push(format!(
                "every {} stands before three digits, so it may begin a fraction or set thousands apart",
                mark.name()
            ));
            mark
        }
    }
}

/// The unit of a time, by its column's name or by the option.
fn unit(look: &Look<'_>, read: &values::Chosen, asked: &Mapping, mark: Decimal) -> Result<Option<Unit>, ReadError> {
    let option = match &asked.unit {
        None => None,
        Some(text) => match names::unit(text.trim().to_lowercase().as_str()) {
            Some(unit) => Some(unit),
            None => {
                return error(format!("--unit: `{text}` is not a unit of time; there are s, ms, us, ns, min and h"));
            }
        },
    };
    let name = read.columns.first().map_or(String::new(), |&column| look.name(column));
    match (read.kind, option) {
        (Kind::Time(Some(header)), Some(asked)) if header != asked => error(format!(
            "the column `{name}` is in {} by its name, but --unit says {asked}; leave out --unit, or give --columns \
             {asked}={name}",
            header.name,
            asked = asked.name
        )),
        (Kind::Time(of_header), asked) => {
            // `1:23.45` and `8ms` are the same in any unit.
            let own =
                |cell: &str| cell::seconds(cell, mark, 1.0).is_ok_and(|own| cell::seconds(cell, mark, 2.0) == Ok(own));
            let all_own = read.columns.iter().all(|&column| look.cells(column).all(own));
            Ok(of_header.or(asked).or_else(|| names::unit("s").filter(|_| all_own)))
        }
        (_, Some(unit)) => {
            error(format!("`{name}` holds no times, so --unit {} means nothing; leave it out", unit.name))
        }
        (_, None) => Ok(None),
    }
}

/// What `ours` of `--columns` may be.
pub(super) fn ours(name: &str) -> Option<Meaning> {
    let value = |kind| Some(Meaning::Value { kind, statistic: names::Statistic::Plain, whole: true });
    match name.trim().to_lowercase().as_str() {
        "workers" => Some(Meaning::Workers(names::Counts::Workers)),
        "work" => Some(Meaning::Work),
        "time" => value(Kind::Time(None)),
        "throughput" => value(Kind::Throughput),
        "speedup" => value(Kind::Speedup),
        "efficiency" => value(Kind::Efficiency),
        unit => names::unit(unit).and_then(|unit| value(Kind::Time(Some(unit)))),
    }
}

/// Says that nothing is known to hold what is needed.
fn missing<T>(look: &Look<'_>, what: &str, ours: &str) -> Result<T, ReadError> {
    let names: Vec<String> = (0..look.table.width)
        .filter(|column| look.table.block != Some(*column))
        .map(|column| look.table.name(column))
        .collect();
    error(format!(
        "no column {what}; its columns are {}. Say which it is with --columns {ours}=NAME; left of the = may stand \
         {NAMES}",
        quoted(&names)
    ))
}
