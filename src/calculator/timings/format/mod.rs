//! The formats of files: each becomes a [`Table`].

mod benchmarks;
mod commands;
mod extra_p;
mod json;
mod labelled;
mod layout;
mod separated;
mod split;
mod timed;

use std::io::BufRead;

use super::lines::{Line, Lines};
use super::table::Table;
use super::{ReadError, error};

/// Recognises the format by the first lines.
pub(super) fn open<'a>(mut lines: Lines<impl BufRead + 'a>) -> Result<Table<'a>, ReadError> {
    let ahead = lines.ahead()?;
    let Some(first) = ahead.iter().find(|line| is_content(&line.text)) else {
        return error("is empty; its first line must name the columns: workers,seconds");
    };
    let start = first.text.trim_start();
    if start.starts_with("version https://git-lfs.github.com/") {
        return error("is a pointer of Git LFS, not the file itself; get the file with `git lfs pull`, and run again");
    }
    if start.starts_with('{') || start.starts_with("[{") || start.starts_with("[[") || start == "[" {
        return commands::read(json::open(lines)?);
    }
    if extra_p::is_like(ahead) {
        return extra_p::open(lines);
    }
    if let Some(labels) = labelled::labels(ahead) {
        return labelled::open(lines, labels);
    }
    if let Some(counts) = timed::names(ahead) {
        return timed::open(lines, counts);
    }
    let table = separated::open(lines)?;
    if benchmarks::is_google(&table) { benchmarks::google(table) } else { commands::read(table) }
}

/// What comments begin with.
const MARKS: [&str; 3] = ["#", "%", "//"];

/// The text of a comment without its mark and ornaments; `None` if the line is no comment.
fn comment(text: &str) -> Option<&str> {
    let text = text.trim();
    let rest = MARKS.iter().find_map(|mark| text.strip_prefix(mark))?;
    Some(rest.trim_matches(|letter: char| letter.is_whitespace() || "#%/-=*~".contains(letter)))
}

/// Whether a line only draws a rule: `|---|---|`, `+----+`, `=====`.
fn is_rule(text: &str) -> bool {
    let mut letters = text.chars().filter(|letter| !letter.is_whitespace());
    letters.clone().count() > 2 && letters.all(|letter| "|-:+=─┼".contains(letter))
}

/// Whether a line may hold names or values.
fn is_content(text: &str) -> bool {
    let is_empty = text.chars().all(|letter| letter.is_whitespace() || ",;\"".contains(letter));
    !is_empty && comment(text).is_none() && !is_rule(text)
}

/// The lines that may hold names or values.
fn contents(lines: &[Line]) -> impl Iterator<Item = &Line> {
    lines.iter().filter(|line| is_content(&line.text))
}
