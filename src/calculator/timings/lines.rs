//! The lines of a file, one after the other, each with its number.

use std::collections::VecDeque;
use std::io::BufRead;

use super::{ReadError, error};

/// Most bytes of one line: more is no table, and would not fit into memory.
const LONGEST: usize = 1 << 20;

/// Most lines, and most bytes of them, that are looked at before anything is decided.
const AHEAD: (usize, usize) = (1000, 1 << 20);

/// What files begin with that hold a table in another form, and what to do.
const NO_TEXT: [(&[u8], &str); 5] = [
    (b"\x1f\x8b", "is compressed with gzip; unpack it with `gunzip`, and run again"),
    (b"BZh", "is compressed with bzip2; unpack it with `bunzip2`, and run again"),
    (b"\xfd7zXZ", "is compressed with xz; unpack it with `unxz`, and run again"),
    (b"PK\x03\x04", "is a spreadsheet (.xlsx, .ods) or another zip file; save its table as CSV, or unpack it"),
    (b"\xd0\xcf\x11\xe0", "is a spreadsheet (.xls); save its table as CSV"),
];

/// A line without its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Counted from 1.
    pub(super) number: u64,
    pub(super) text: String,
}

/// Reads on from line to line. A line ends with a line feed, a carriage return, or both.
pub(super) struct Lines<R> {
    input: R,
    ahead: VecDeque<Line>,
    /// Lines that were read.
    count: u64,
    after_return: bool,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, ahead: VecDeque::new(), count: 0, after_return: false }
    }

    /// Reads the next line; returns whether there is one.
    pub(super) fn next(&mut self, line: &mut Line) -> Result<bool, ReadError> {
        match self.ahead.pop_front() {
            Some(first) => {
                *line = first;
                Ok(true)
            }
            None => self.read(line),
        }
    }

    /// Returns the first lines, and leaves them to be read.
    pub(super) fn ahead(&mut self) -> Result<&[Line], ReadError> {
        let mut bytes: usize = self.ahead.iter().map(|line| line.text.len()).sum();
        while self.ahead.len() < AHEAD.0 && bytes < AHEAD.1 {
            let mut line = Line::default();
            if !self.read(&mut line)? {
                break;
            }
            bytes += line.text.len();
            self.ahead.push_back(line);
        }
        Ok(self.ahead.make_contiguous())
    }

    /// Leaves out the first of the lines that were looked at.
    pub(super) fn skip(&mut self, count: usize) {
        self.ahead.drain(..count.min(self.ahead.len()));
    }

    /// Returns the rest of the file as one text, which has a largest size in bytes.
    pub(super) fn rest(&mut self, most: usize) -> Result<String, ReadError> {
        let mut text = String::new();
        let mut line = Line::default();
        while self.next(&mut line)? {
            text.push_str(&line.text);
            text.push('\n');
            if text.len() > most {
                return error(format!(
                    "is one JSON document of more than {} MiB; write one object per line, which is read of any length",
                    most >> 20
                ));
            }
        }
        Ok(text)
    }

    fn read(&mut self, line: &mut Line) -> Result<bool, ReadError> {
        let mut bytes = std::mem::take(&mut line.text).into_bytes();
        bytes.clear();
        let mut any = false;
        loop {
            let buffer = self
                .input
                .fill_buf()
                .map_err(|fault| ReadError::said(format!("cannot read line {}: {fault}", self.count + 1)))?;
            if buffer.is_empty() {
                break;
            }
            if std::mem::take(&mut self.after_return) && buffer[0] == b'\n' {
                self.input.consume(1);
                continue;
            }
            any = true;
            let end = buffer.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            bytes.extend_from_slice(&buffer[..end.unwrap_or(buffer.len())]);
            self.after_return = end.is_some_and(|end| buffer[end] == b'\r');
            let used = end.map_or(buffer.len(), |end| end + 1);
            self.input.consume(used);
            if bytes.len() > LONGEST {
                return error(format!("line {} is longer than a mebibyte; this is no table", self.count + 1));
            }
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(false);
        }
        self.count += 1;
        line.number = self.count;
        line.text = self.decode(bytes)?;
        Ok(true)
    }

    /// The bytes of a line as text; those of the first without a byte order mark.
    fn decode(&self, mut bytes: Vec<u8>) -> Result<String, ReadError> {
        if self.count == 1 {
            if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
                return error("is UTF-16, not UTF-8; save it as CSV in UTF-8");
            }
            if let Some((_, what)) = NO_TEXT.into_iter().find(|(magic, _)| bytes.starts_with(magic)) {
                return error(what);
            }
            if bytes.starts_with(b"\xef\xbb\xbf") {
                bytes.drain(..3);
            }
        }
        String::from_utf8(bytes).or_else(|fault| {
            let (line, at, bytes) = (self.count, fault.utf8_error().valid_up_to(), fault.into_bytes());
            // Older programs write one byte for each letter. Digits are the same bytes in all their code pages; a file
            // with control characters is no text at all.
            if bytes.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
                let value = bytes[at];
                return error(format!(
                    "line {line}, byte {} is 0x{value:02x}, which is not text; save it as CSV",
                    at + 1
                ));
            }
            Ok(bytes.into_iter().map(char::from).collect())
        })
    }
}
