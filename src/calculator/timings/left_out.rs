//! Rows that hold no timing: how many, why, and where.

use serde::Serialize;

/// Why a row is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The value is missing.
    NoValue,
    /// The row is of the program without workers.
    Sequential,
    /// The row sums others up.
    Footer,
}

/// Rows of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Group {
    why: Why,
    rows: u64,
    /// The first lines.
    lines: Vec<u64>,
    /// The cell of the first.
    cell: String,
}

/// All rows that are left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct LeftOut(Vec<Group>);

/// Lines that are named.
const MOST: usize = 5;

impl LeftOut {
    pub(super) fn add(&mut self, why: Why, line: u64, cell: &str) {
        let at = self.0.iter().position(|group| group.why == why).unwrap_or_else(|| {
            self.0.push(Group { why, rows: 0, lines: Vec::new(), cell: super::cell::short(cell) });
            self.0.len() - 1
        });
        let group = &mut self.0[at];
        group.rows += 1;
        if group.lines.len() < MOST && group.lines.last() != Some(&line) {
            group.lines.push(line);
        }
    }

    /// Says what was left out, in phrases.
    pub(super) fn phrases(&self) -> Vec<String> {
        self.0.iter().map(Group::phrase).collect()
    }
}

impl Group {
    fn phrase(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(u64::to_string).collect();
        let more = if self.rows as usize > self.lines.len() { " …" } else { "" };
        let lines = format!("line{} {}{more}", if self.rows == 1 { "" } else { "s" }, lines.join(", "));
        let rows = if self.rows == 1 { "1 row".to_owned() } else { format!("{} rows", self.rows) };
        match self.why {
            Why::NoValue => format!("{rows} without a value ({lines})"),
            Why::Sequential => {
                format!("{rows} of the sequential program, `{}` ({lines}); speedups are over one worker", self.cell)
            }
            Why::Footer => format!("{rows} with a sum or a mean, `{}` ({lines})", self.cell),
        }
    }
}
