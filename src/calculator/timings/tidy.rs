//! A table made ready for the reader of comma-separated values, byte for byte in its place.

use super::{ReadError, error};

/// What a separator may be.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// The table with every line ended by a line feed, and with every line that says nothing a plain comment: comments that
/// are indented, lines of blanks, rows of empty cells. Nothing moves, so that places stay what they were.
///
/// # Errors
/// Where a quote is opened and never closed.
pub(super) fn tidy(text: &str) -> Result<String, ReadError> {
    let mut bytes = text.as_bytes().to_vec();
    for at in 0..bytes.len() {
        if bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n') {
            bytes[at] = b'\n';
        }
    }
    // A comment at the very end needs its line feed, too.
    if bytes.last().is_some_and(|last| *last != b'\n') {
        bytes.push(b'\n');
    }
    let Ok(text) = String::from_utf8(bytes) else { return error("is no UTF-8") };
    let mut tidied = String::with_capacity(text.len());
    let mut quotes = Quotes::default();
    let mut separator = None;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let content = line.trim_end_matches(['\n', '\r']);
        if quotes.open.is_none() && says_nothing(content) {
            tidied.extend(std::iter::repeat_n('#', content.len()));
            tidied.push_str(&line[content.len()..]);
            continue;
        }
        quotes.read(index + 1, content, *separator.get_or_insert_with(|| super::place::separator(content)));
        tidied.push_str(line);
    }
    match quotes.open {
        Some((line, column)) => error(format!(
            "line {line}, column {column} begins with a quote (\") that is never closed; take it out, or close it"
        )),
        None => Ok(tidied),
    }
}

/// Comments, blanks, and rows without anything in their cells.
fn says_nothing(line: &str) -> bool {
    line.trim_start().starts_with('#')
        || line.chars().all(|letter| letter.is_whitespace() || SEPARATORS.contains(&letter))
}

/// Which quote is open.
#[derive(Default)]
struct Quotes {
    /// Line and column, from 1, of the cell that began with it.
    open: Option<(usize, usize)>,
}

impl Quotes {
    /// Reads on by a line. A quote opens a cell only at its very beginning; inside, two of them are one that is meant.
    fn read(&mut self, number: usize, line: &str, separator: u8) {
        let (mut column, mut at_start) = (1, self.open.is_none());
        // The quote that the byte before closed, which a second one opens again.
        let mut closed = None;
        for byte in line.bytes() {
            let before = closed.take();
            match (byte, self.open) {
                (b'"', Some(_)) => closed = self.open.take(),
                (b'"', None) if at_start => self.open = Some((number, column)),
                (b'"', None) => self.open = before,
                _ => {}
            }
            at_start = self.open.is_none() && byte == separator;
            column += usize::from(at_start);
        }
    }
}
