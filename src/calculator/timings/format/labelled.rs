//! Rows of labels and values, as programs print them: `Threads: 4, Time: 3.2 s`, or a line for each of them.

use std::collections::VecDeque;
use std::io::BufRead;

use super::super::lines::{Line, Lines};
use super::super::record::Record;
use super::super::table::{Rows, Table};
use super::super::{ReadError, error};
use super::{comment, contents, is_content};

/// The labels of a log: those above the first row, and those of each row.
pub(super) struct Labels {
    /// Their values hold for every row below, until a line states them anew.
    above: Vec<String>,
    row: Vec<String>,
}

/// The labels, if the first lines hold nothing but labels with values, and rows of them that repeat.
pub(super) fn labels(lines: &[Line]) -> Option<Labels> {
    let pairs: Vec<Vec<(String, String)>> = contents(lines).map(|line| pairs(&line.text)).collect::<Option<_>>()?;
    let all: Vec<&str> = pairs.iter().flatten().map(|(label, _)| label.as_str()).collect();
    (0..all.len()).find_map(|start| repeated(&all, start))
}

/// The labels, if the first row begins at that place.
fn repeated(all: &[&str], start: usize) -> Option<Labels> {
    let again = all[start + 1..].iter().position(|label| *label == all[start]);
    // A file of one row has its labels once.
    let end = again.map_or(all.len(), |at| start + 1 + at);
    let (above, row) = (&all[..start], &all[start..end]);
    let is_single = |list: &[&str]| list.iter().enumerate().all(|(at, label)| !list[..at].contains(label));
    let has_end = again.is_some() || start == 0;
    if !has_end || !is_single(&[above, row].concat()) || row.len() + above.len() < 2 {
        return None;
    }
    let mut at = 0;
    for label in &all[start..] {
        if at == 0 && above.contains(label) {
            continue;
        }
        if *label != row[at] {
            return None;
        }
        at = (at + 1) % row.len();
    }
    let owned = |list: &[&str]| list.iter().map(|&label| label.to_owned()).collect();
    Some(Labels { above: owned(above), row: owned(row) })
}

/// Begins to read such rows.
pub(super) fn open<'a>(lines: Lines<impl BufRead + 'a>, labels: Labels) -> Result<Table<'a>, ReadError> {
    let names = [labels.above.clone(), labels.row.clone()].concat();
    let above = labels.above.into_iter().map(|label| (label, String::new())).collect();
    Table::new(
        Some(names),
        Labelled { lines, line: Line::default(), above, names: labels.row, unread: VecDeque::new() },
    )
}

struct Labelled<R> {
    lines: Lines<R>,
    line: Line,
    /// The labels above the rows, with their latest values.
    above: Vec<(String, String)>,
    /// The labels of a row.
    names: Vec<String>,
    /// What the line at hand still holds.
    unread: VecDeque<(String, String)>,
}

impl<R: BufRead> Labelled<R> {
    /// Goes on to the next line that holds labels; `false` at the end of the file.
    fn read(&mut self) -> Result<bool, ReadError> {
        while self.unread.is_empty() {
            if !self.lines.next(&mut self.line)? {
                return Ok(false);
            }
            if comment(&self.line.text).is_none() && is_content(&self.line.text) {
                let Some(pairs) = pairs(&self.line.text) else {
                    let number = self.line.number;
                    return error(format!(
                        "line {number} holds no label with a number, such as `{}: 1`",
                        self.names[0]
                    ));
                };
                self.unread.extend(pairs);
            }
        }
        Ok(true)
    }
}

impl<R: BufRead> Labelled<R> {
    /// Takes the labels before the next row; `false` at the end of the file.
    fn read_above(&mut self) -> Result<bool, ReadError> {
        while self.read()? {
            let known = |(label, _): &(String, String)| self.above.iter().position(|(above, _)| above == label);
            let Some(at) = self.unread.front().and_then(known) else { return Ok(true) };
            self.above[at].1 = self.unread.pop_front().unwrap_or_default().1;
        }
        Ok(false)
    }
}

impl<R: BufRead> Rows for Labelled<R> {
    fn next(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        if !self.read_above()? {
            return Ok(false);
        }
        record.clear(self.line.number);
        self.above.iter().for_each(|(_, value)| record.push(value));
        for column in 0..self.names.len() {
            self.read()?;
            let name = &self.names[column];
            let pair = self.unread.pop_front().filter(|(label, _)| label == name);
            let Some((_, value)) = pair else {
                let number = self.line.number;
                return error(format!("line {number}, column {} (`{name}`) is missing", column + 1));
            };
            record.push(&value);
        }
        Ok(true)
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
