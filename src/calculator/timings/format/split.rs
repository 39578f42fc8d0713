//! Lines into cells.

use super::super::record::Record;

/// What sets cells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    Letter(char),
    /// Any run of blanks.
    Blanks,
    /// Two blanks or more: a name may hold one.
    Gaps,
}

/// A line after the last one. If it comes inside a cell, a quote was never closed.
const END: &str = "\u{4}";

impl Separator {
    /// Adds the cells of a line to a record. Returns whether every quote is closed.
    pub(super) fn split(self, text: &str, record: &mut Record) -> bool {
        // A bar at both ends is the frame of a table.
        let text = match self {
            Self::Letter('|') => text.trim().trim_start_matches('|').trim_end_matches('|'),
            _ => text.trim_end_matches('\n'),
        };
        if text.contains('"') {
            return self.quoted(text, record);
        }
        match self {
            Self::Letter(letter) => text.split(letter).for_each(|cell| record.push(cell)),
            Self::Blanks => text.split_whitespace().for_each(|cell| record.push(cell)),
            Self::Gaps => {
                let cells = text.split("  ").flat_map(|part| part.split('\t')).filter(|cell| !cell.trim().is_empty());
                cells.for_each(|cell| record.push(cell));
            }
        }
        true
    }

    /// A line with quotes, as tables of comma-separated values have them.
    fn quoted(self, text: &str, record: &mut Record) -> bool {
        let (letter, text) = match self {
            Self::Letter(letter) => (letter as u8, format!("{text}\n{END}\n")),
            _ => (b' ', format!("{}\n{END}\n", text.split_whitespace().collect::<Vec<_>>().join(" "))),
        };
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader.delimiter(letter).flexible(true).has_headers(false).from_reader(text.as_bytes());
        let mut cells = csv::StringRecord::new();
        if reader.read_record(&mut cells).is_ok() {
            // A cell with blanks before its quote: `1, "8"`.
            let bare = |cell: &str| -> String {
                let cell = cell.trim();
                cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')).unwrap_or(cell).to_owned()
            };
            cells.iter().for_each(|cell| record.push(&bare(cell)));
        }
        !cells.iter().next_back().is_some_and(|last| last.trim_end().ends_with(END))
    }

    /// The cells of a line.
    pub(super) fn cells(self, text: &str) -> Vec<String> {
        let mut record = Record::default();
        self.split(text, &mut record);
        record.iter().map(str::to_owned).collect()
    }
}
