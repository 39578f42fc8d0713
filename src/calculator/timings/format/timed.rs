//! What `time` prints after each run, under a line that says how many workers ran: `threads=4`, `mpirun -np 4`.

use std::io::BufRead;

use super::super::cell::looks_like_value;
use super::super::lines::{Line, Lines};
use super::super::names::{Meaning, meaning};
use super::super::record::Record;
use super::super::table::{Rows, Table};
use super::super::{ReadError, error};
use super::commands::parts;

/// What stands before the time on the wall: in bash and POSIX, and in GNU time's long form.
const BEFORE: [&str; 2] = ["real", "Elapsed (wall clock) time (h:mm:ss or m:ss):"];

/// What stands behind it in GNU time's short form.
const BEHIND: &str = "elapsed";

/// What stands before the command in GNU time's long form.
const COMMAND: &str = "Command being timed:";

/// The column of the times.
const TIME: &str = "real";

/// The names of the counts above the first time; `None` if no line is a time of `time`. A table may have a line of that
/// kind, so there must be a second one, and other lines between.
pub(super) fn names(lines: &[Line]) -> Option<Vec<String>> {
    let mut times = lines.iter().enumerate().filter(|(_, line)| elapsed(&line.text).is_some()).map(|(at, _)| at);
    let (first, second) = (times.next()?, times.next()?);
    let mut names: Vec<String> = Vec::new();
    for (name, _) in lines[..=first].iter().flat_map(|line| counts(&line.text)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let has_commands = of_zsh(&lines[first].text).is_some() && !names.is_empty();
    (second > first + 1 || has_commands).then_some(names)
}

/// Begins to read such a log.
pub(super) fn open<'a>(lines: Lines<impl BufRead + 'a>, counts: Vec<String>) -> Result<Table<'a>, ReadError> {
    if counts.is_empty() {
        return error(
            "holds what `time` prints, but not on how many workers; print a line such as threads=4 before each run",
        );
    }
    let names = [counts.clone(), vec![TIME.to_owned()]].concat();
    let values = vec![String::new(); counts.len()];
    Table::new(Some(names), Timed { lines, line: Line::default(), counts, values })
}

struct Timed<R> {
    lines: Lines<R>,
    line: Line,
    /// The names of the counts.
    counts: Vec<String>,
    /// The latest value of each: it holds until the next one.
    values: Vec<String>,
}

impl<R: BufRead> Rows for Timed<R> {
    fn next(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        while self.lines.next(&mut self.line)? {
            for (name, count) in counts(&self.line.text) {
                if let Some(at) = self.counts.iter().position(|known| *known == name) {
                    self.values[at] = count;
                }
            }
            if let Some(time) = elapsed(&self.line.text) {
                record.clear(self.line.number);
                self.values.iter().for_each(|value| record.push(value));
                record.push(time);
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The time on the wall in a line that `time` printed.
fn elapsed(text: &str) -> Option<&str> {
    let text = text.trim();
    let after = |label: &&str| text.strip_prefix(*label).filter(|rest| rest.starts_with([' ', '\t'])).map(str::trim);
    let behind = || text.split_whitespace().find_map(|word| word.strip_suffix(BEHIND));
    let time = BEFORE.iter().find_map(after).or_else(behind).or_else(|| of_zsh(text))?;
    (time.starts_with(|first: char| first.is_ascii_digit()) && looks_like_value(time)).then_some(time)
}

/// The time in a line of zsh: `./solve -t 4  10.00s user 0.01s system 99% cpu 10.000 total`.
fn of_zsh(text: &str) -> Option<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words[..] {
        [.., _, "user", _, "system", _, "cpu", time, "total"] => Some(time),
        _ => None,
    }
}

/// The command that a line of a log names: in zsh it stands before the times, in GNU time's long form in a line of its
/// own.
fn command(text: &str) -> Option<&str> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix(COMMAND) {
        return Some(rest.trim().trim_matches('"'));
    }
    of_zsh(text)?;
    let before = text.rsplit_once(" user ")?.0.trim_end();
    before.rsplit_once(' ').map(|(command, _)| command.trim())
}

/// The counts that a line names: `threads=4`, `-np 4`, `N: 1000`, `4 threads`.
fn counts(text: &str) -> Vec<(String, String)> {
    if let Some(command) = command(text) {
        return parts(command).1;
    }
    if elapsed(text).is_some() {
        return Vec::new();
    }
    let words = text.split(|letter: char| letter.is_whitespace() || "=:,;()[]".contains(letter));
    let words = words.map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let is_count = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let is_workers = |word: &str| matches!(meaning(word), Meaning::Workers(_));
    let names = |word: &str| is_workers(word) || matches!(meaning(word), Meaning::Work | Meaning::Size);
    let mut found = Vec::new();
    let mut at = 0;
    while let [one, other, ..] = words[at..] {
        let pair = match (is_count(one), is_count(other)) {
            (true, false) if is_workers(other) => Some((other, one)),
            (false, true) if names(one) => Some((one, other)),
            _ => None,
        };
        at += 1 + usize::from(pair.is_some());
        found.extend(pair.map(|(name, count)| (name.to_lowercase(), count.to_owned())));
    }
    found
}
