//! Where in a table something is: lines counted as an editor counts them.

use std::ops::Range;

/// Line and byte within it, both from 1, of a byte offset. Lines end with `\n`, `\r\n` or `\r`.
pub(super) fn of(bytes: &[u8], offset: usize) -> (usize, usize) {
    let before = &bytes[..offset.min(bytes.len())];
    let (mut line, mut start) = (1, 0);
    for (at, byte) in before.iter().enumerate() {
        // The `\n` of `\r\n` ends the line, not its `\r`.
        if *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
            line += 1;
            start = at + 1;
        }
    }
    (line, offset - start + 1)
}

/// What sets the cells of a header apart: a comma where there is one, else a semicolon or a tab.
pub(super) fn separator(header: &str) -> u8 {
    [',', ';', '\t'].into_iter().find(|letter| header.contains(*letter)).map_or(b',', |letter| letter as u8)
}

/// The text of a table and its lines.
pub(super) struct Lines<'a> {
    text: &'a str,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text }
    }

    /// The first line that is neither empty nor a comment: the header.
    pub(super) fn first(&self) -> Option<&'a str> {
        self.text.split(['\n', '\r']).find(|line| !line.is_empty() && !line.starts_with('#'))
    }

    /// What sets the cells of the header apart.
    pub(super) fn delimiter(&self) -> u8 {
        separator(self.first().unwrap_or_default())
    }

    /// The line, from 1, on which the record stands that the reader began to look for at this byte: it skips empty
    /// lines and comments on its way.
    pub(super) fn of_record(&self, from: u64) -> usize {
        let mut at = usize::try_from(from).unwrap_or(usize::MAX).min(self.text.len());
        while let Some(line) = self.skipped(at) {
            at = line.end;
        }
        of(self.text.as_bytes(), at).0
    }

    /// The empty line or comment at a byte, its end included; `None` where a record begins.
    fn skipped(&self, at: usize) -> Option<Range<usize>> {
        let rest = &self.text.as_bytes()[at..];
        let length = match rest.first()? {
            b'\n' | b'\r' => 1,
            b'#' => rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1),
            _ => return None,
        };
        Some(at..at + length)
    }
}
