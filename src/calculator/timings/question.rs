//! What is asked when a table may be read in two ways: its first rows, and commands that say which is meant.

use super::cell;
use super::columns::Columns;
use super::mapping::Mapping;
use super::record::Record;
use super::table::Table;
use crate::page::block::{Block, Table as Shown};

/// Rows that are shown.
const ROWS: usize = 5;

/// Columns that are shown.
const COLUMNS: usize = 10;

/// A question, with its possible answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What is in doubt, in one line.
    pub text: String,
    /// The first rows as they are understood.
    table: Shown,
    /// Answers: what each means, and the options that give it.
    pub answers: Vec<(String, Mapping)>,
}

impl Question {
    /// Returns the table and the answers; a function writes the whole command with other options.
    pub fn blocks(&self, command: impl Fn(&Mapping) -> String) -> Vec<Block> {
        let answers =
            self.answers.iter().flat_map(|(what, mapping)| [format!("{what}:"), format!("  {}", command(mapping))]);
        vec![Block::Table(self.table.clone()), Block::Lines(answers.collect())]
    }
}

/// The first rows of a table, kept until a question needs them.
pub(super) struct View {
    pub(super) rows: Vec<Record>,
    width: usize,
    pub(super) names: Option<Vec<String>>,
    /// The column of titles.
    pub(super) titles: Option<usize>,
    /// The same, if there are none.
    pub(super) block: Option<usize>,
}

impl View {
    pub(super) fn of(table: &Table<'_>) -> Self {
        let rows = table.sample.iter().take(ROWS).cloned().collect();
        let is_titled =
            |block: usize| table.sample.iter().any(|row| row.get(block).is_some_and(|title| !title.is_empty()));
        let block = table.block.filter(|&block| !is_titled(block));
        Self { rows, width: table.width, names: table.names.clone(), titles: table.block, block }
    }

    /// A question about the table. `columns` say under each head what the column is taken for.
    pub(super) fn ask(&self, text: String, columns: &Columns, answers: Vec<(String, Mapping)>) -> Question {
        let role = |column: usize| match column {
            _ if columns.workers.contains(&column) => "workers",
            _ if columns.values.contains(&column) => columns.kind.name(),
            _ if columns.work == Some(column) => "work",
            _ if columns.by.contains(&column) => "by",
            _ => "",
        };
        let mut shown: Vec<usize> = (0..self.width).filter(|column| self.block != Some(*column)).collect();
        shown.sort_by_key(|column| (role(*column).is_empty(), !columns.settings.contains(column)));
        shown.truncate(COLUMNS);
        shown.sort_unstable();
        let head = |column: usize| {
            let name = if self.names.is_none() && self.titles != Some(column) {
                (column + 1).to_string()
            } else {
                cell::short(&columns.names[column])
            };
            format!("{name}\n{}", role(column))
        };
        let heads: Vec<String> = shown.iter().map(|&column| head(column)).collect();
        let mut table = Shown { heads, ..Shown::default() };
        for row in &self.rows {
            table.push(shown.iter().map(|&column| cell::short(row.get(column).unwrap_or_default())));
        }
        Question { text, table, answers }
    }
}
