//! What the reader says about a table.

use crate::units::Decimal;

/// How a table is to be read: which column is what, which rows count, and how they belong together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// Pairs `ours=theirs`: `workers=processors`, `throughput=tps`, `ms=elapsed`, `workers=nodes*tasks`. Theirs may be
    /// the number of a column, counted from 1.
    pub columns: Vec<String>,
    /// Unit of a time column whose name states none.
    pub unit: Option<String>,
    /// The column that holds the size of the job.
    pub work: Option<String>,
    /// Columns each of whose values has a fit of its own.
    pub by: Vec<String>,
    /// Pairs `column=value`: only these rows are read.
    pub only: Vec<String>,
    /// Columns that tell nothing apart: rows that differ in them are repetitions.
    pub ignore: Vec<String>,
    /// What the cells hold if each worker count has its own column: `seconds`, `ms`, `speedup` …
    pub wide: Option<String>,
    /// The mark before a fraction.
    pub decimal: Option<Decimal>,
}

impl Mapping {
    /// The options that say the same, as words of a command line.
    pub fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut say = |option: &str, value: String| words.extend([option.to_owned(), value]);
        if !self.columns.is_empty() {
            say("--columns", self.columns.join(","));
        }
        let single = [("--wide", self.wide.as_ref()), ("--unit", self.unit.as_ref()), ("--work", self.work.as_ref())];
        for (option, value) in single {
            if let Some(value) = value {
                say(option, value.clone());
            }
        }
        self.decimal.into_iter().for_each(|decimal| say("--decimal", decimal.name().to_owned()));
        self.only.iter().for_each(|pair| say("--where", pair.clone()));
        for (option, columns) in [("--ignore", &self.ignore), ("--by", &self.by)] {
            for column in columns {
                say(option, column.clone());
            }
        }
        words
    }
}
