//! Rows of labels and values, as programs print them: `Threads: 4, Time: 3.2 s` or `threads=4 time=3.2`.

use std::io::BufRead;

use super::super::lines::{Line, Lines};
use super::super::record::Record;
use super::super::table::{Rows, Table};
use super::super::{ReadError, error};
use super::{comment, contents, is_content};

/// The labels of the first lines, if every line has the same ones, and at least two.
pub(super) fn names(lines: &[Line]) -> Option<Vec<String>> {
    let mut rows = contents(lines).map(|line| pairs(&line.text));
    let first: Vec<String> = rows.next()??.into_iter().map(|(label, _)| label).collect();
    let same = |pairs: Option<Vec<(String, String)>>| {
        pairs.is_some_and(|pairs| pairs.iter().map(|(label, _)| label).eq(first.iter()))
    };
    (first.len() > 1 && rows.all(same)).then_some(first)
}

/// Begins to read such rows.
pub(super) fn open<'a>(lines: Lines<impl BufRead + 'a>, names: Vec<String>) -> Result<Table<'a>, ReadError> {
    Table::new(Some(names.clone()), Labelled { lines, line: Line::default(), names })
}

struct Labelled<R> {
    lines: Lines<R>,
    line: Line,
    names: Vec<String>,
}

impl<R: BufRead> Rows for Labelled<R> {
    fn next(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        while self.lines.next(&mut self.line)? {
            if comment(&self.line.text).is_some() || !is_content(&self.line.text) {
                continue;
            }
            let pairs = pairs(&self.line.text).unwrap_or_default();
            let number = self.line.number;
            record.clear(number);
            for (column, name) in self.names.iter().enumerate() {
                let Some((_, value)) = pairs.iter().find(|(label, _)| label == name) else {
                    return error(format!("line {number}, column {} (`{name}`) is missing", column + 1));
                };
                record.push(value);
            }
            return Ok(true);
        }
        Ok(false)
    }
}

/// The labels of a line with their values. A label begins with a letter and ends with `:` or `=`; its value begins with
/// a digit, and goes on to the next label.
fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let mark = |letter: char| matches!(letter, ':' | '=');
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (label, after) = rest.split_once(mark)?;
        let label = label.trim().trim_matches('"');
        let is_label = |letter: char| letter.is_alphanumeric() || " _-#()[]/%.".contains(letter);
        if !label.starts_with(char::is_alphabetic) || !label.chars().all(is_label) {
            return None;
        }
        let after = after.trim_start();
        let end = next_label(after);
        let value = after[..end].trim().trim_end_matches([',', ';', '|']).trim();
        if !value.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
            return None;
        }
        pairs.push((label.to_owned(), value.to_owned()));
        rest = after[end..].trim_start_matches([',', ';', '|', ' ', '\t']);
    }
    Some(pairs)
}

/// Where the next label begins: at the first letter of the words before the next mark, after a separator.
fn next_label(text: &str) -> usize {
    let between = |letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '|');
    let starts = text.char_indices().zip(text.chars().skip(1));
    for ((at, letter), next) in starts {
        let after = at + letter.len_utf8();
        if between(letter) && next.is_alphabetic() && text[after..].contains([':', '=']) {
            let label = text[after..].split([':', '=']).next().unwrap_or_default();
            if !label.contains([',', ';', '|']) && !label.contains(|letter: char| letter.is_ascii_digit()) {
                return at;
            }
        }
    }
    text.len()
}
