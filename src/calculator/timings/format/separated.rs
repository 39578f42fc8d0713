//! Separated text: commas, semicolons, tabs, bars or blanks between cells; comments; blocks with titles.

use std::io::BufRead;

use super::super::lines::{Line, Lines};
use super::super::names::says_scaling;
use super::super::record::Record;
use super::super::table::{BLOCK, Rows, Table};
use super::super::{ReadError, error};
use super::layout::Layout;
use super::{comment, is_content};

/// Most lines of one row: a quote that is closed later than this was forgotten.
const MOST_LINES: usize = 100;

/// Begins to read separated text. Its last column is the comment that each row stands under.
pub(super) fn open<'a>(mut lines: Lines<impl BufRead + 'a>) -> Result<Table<'a>, ReadError> {
    let stated = lines.ahead()?.first().and_then(|line| stated(&line.text));
    if stated.is_some() {
        lines.skip(1);
    }
    let layout = Layout::of(lines.ahead()?, stated);
    let mut names = layout.names.clone();
    let block = names.as_ref().map_or(layout.width, Vec::len);
    if let Some(names) = &mut names {
        names.push(BLOCK.to_owned());
    }
    let separated =
        Separated { lines, line: Line::default(), layout, width: block, title: String::new(), has_rows: false };
    let mut table = Table::new(names, separated)?;
    table.width = block + 1;
    table.block = Some(block);
    Ok(table)
}

/// The separator that a spreadsheet states in the first line: `sep=;`.
fn stated(text: &str) -> Option<char> {
    let mut rest = text.trim_matches(['"', '\u{feff}']).strip_prefix("sep=")?.chars();
    rest.next().filter(|letter| letter.is_ascii() && rest.next().is_none())
}

struct Separated<R> {
    lines: Lines<R>,
    line: Line,
    layout: Layout,
    /// Columns of the file.
    width: usize,
    /// The last comment, or the one beside it that says weak scaling.
    title: String,
    /// Whether rows stand under it.
    has_rows: bool,
}

impl<R: BufRead> Rows for Separated<R> {
    fn next(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        while self.lines.next(&mut self.line)? {
            let number = self.line.number;
            if let Some(text) = comment(&self.line.text) {
                if !text.is_empty() && self.layout.names_line != Some(number) {
                    let text = text.to_owned();
                    self.entitle(text);
                }
                continue;
            }
            if !is_content(&self.line.text) || self.layout.names_line >= Some(number) {
                continue;
            }
            self.cells(record)?;
            if record.is_empty() || self.names_again(record) {
                continue;
            }
            self.fit(record)?;
            record.push(&self.title);
            self.has_rows = true;
            return Ok(true);
        }
        Ok(false)
    }
}

impl<R: BufRead> Separated<R> {
    /// Takes a comment for the title, unless one above it says how the job grows and this one does not.
    fn entitle(&mut self, text: String) {
        let is_beside = !std::mem::take(&mut self.has_rows);
        if !(is_beside && says_scaling(&self.title)) || says_scaling(&text) {
            self.title = text;
        }
    }

    /// The cells of a row; a quoted cell may hold line ends.
    fn cells(&mut self, record: &mut Record) -> Result<(), ReadError> {
        let number = self.line.number;
        record.clear(number);
        if self.layout.separator.split(&self.line.text, record) {
            return Ok(());
        }
        let column = record.len();
        let mut text = self.line.text.clone();
        for _ in 1..MOST_LINES {
            if !self.lines.next(&mut self.line)? {
                break;
            }
            text.push('\n');
            text.push_str(&self.line.text);
            record.clear(number);
            if self.layout.separator.split(&text, record) {
                return Ok(());
            }
        }
        error(format!(
            "line {number}, column {column} begins with a quote (\") that is never closed; remove or close it"
        ))
    }

    /// Whether a row repeats the names, as in files that were put together.
    fn names_again(&self, record: &Record) -> bool {
        let names = self.layout.names.as_deref().unwrap_or_default();
        !names.is_empty() && record.len() >= names.len() && names.iter().zip(record.iter()).all(|(a, b)| a == b)
    }

    /// Makes a row as wide as the table: empty cells at its end are left out.
    fn fit(&self, record: &mut Record) -> Result<(), ReadError> {
        let width = self.width;
        if record.iter().skip(width).all(str::is_empty) {
            record.truncate(width);
        }
        if record.len() > width {
            let (line, cells) = (record.line, record.len());
            return error(format!(
                "line {line} has {cells} cells, {} {width}; remove some, or put \" around a cell that contains \
                 a separator",
                if self.layout.names.is_some() { "the header" } else { "most rows" }
            ));
        }
        if record.len() < width && !super::super::cell::is_footer(record.get(0).unwrap_or_default()) {
            let (line, cells) = (record.line, record.len());
            let name = |names: &Vec<String>| format!(" (`{}`)", super::super::cell::short(&names[cells]));
            let name = self.layout.names.as_ref().map_or(String::new(), name);
            return error(format!(
                "line {line}, column {}{name} is missing; the row has {cells} of {width} cells",
                cells + 1
            ));
        }
        (record.len()..width).for_each(|_| record.push(""));
        Ok(())
    }
}
