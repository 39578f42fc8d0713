//! One cell as a number.

mod clock;

use std::borrow::Cow;

use super::names;
use super::style::plain;
use crate::page::is_unprintable;
use crate::units::{self, Decimal};

/// Values outside are refused: their ratios and squares would leave what a double can hold.
const RANGE: std::ops::RangeInclusive<f64> = 1e-60..=1e60;

/// The largest worker count: above it a double no longer holds every whole number.
const MOST_WORKERS: f64 = 9_007_199_254_740_992.0;

/// What stands for a value that is not there.
const MISSING: &str =
    "na n/a #n/a nan null none nil - -- --- – — ? dnf dns oom timeout timedout failed fail error crash";

/// The first word of rows that sum a table up.
const FOOTERS: &str = "total sum average avg mean median min max gesamt summe mittelwert promedio suma std";

/// Words of the program that has no workers.
const SEQUENTIAL: &str = "seq sequential serial serie secuencial seriell sequentiell baseline ideal";

/// A cell as a message shows it: short, and on one line.
pub(super) fn short(cell: &str) -> String {
    const MOST: usize = 40;
    let line: String =
        cell.chars().take(MOST).map(|letter| if is_unprintable(letter) { ' ' } else { letter }).collect();
    if cell.chars().nth(MOST).is_some() { format!("{line}…") } else { line }
}

/// Names the first of some things, and how many more there are.
pub(super) fn first(most: usize, things: impl ExactSizeIterator<Item = String>) -> String {
    let more = things.len().saturating_sub(most);
    let more = (more > 0).then(|| format!("and {more} more"));
    things.take(most).chain(more).collect::<Vec<_>>().join(", ")
}

/// Whether a cell says that there is no value.
pub(super) fn is_missing(cell: &str) -> bool {
    // Most cells are numbers, and are known by their first letter.
    let is_word = |cell: &str| cell.is_empty() || names::holds(MISSING, &cell.to_lowercase().replace(' ', ""));
    !cell.starts_with(|first: char| first.is_ascii_digit()) && is_word(cell.trim())
}

/// Whether a row that begins so sums the others up.
pub(super) fn is_footer(cell: &str) -> bool {
    let cell = cell.trim().trim_end_matches([':', '.']).to_lowercase();
    names::holds(FOOTERS, cell.split([' ', '_']).next().unwrap_or_default())
}

/// Whether a worker count is that of the program without workers: `0`, `seq`, `1_seq`.
pub(super) fn is_sequential(cell: &str) -> bool {
    let cell = cell.trim().to_lowercase();
    let mut words = cell.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    cell.parse() == Ok(0.0) || words.any(|word| names::holds(SEQUENTIAL, word))
}

/// Whether a cell may be a value: a number, with a unit or without, or nothing in words.
pub(super) fn looks_like_value(cell: &str) -> bool {
    let cell = cell.trim();
    if is_missing(cell) {
        return true;
    }
    let (cell, _) = without_error(cell);
    let is_number = |letter: char| letter.is_ascii_digit() || "+-.,:'’_^eE".contains(letter);
    let (number, tail) = cell.split_at(cell.find(|letter| !is_number(letter)).unwrap_or(cell.len()));
    let groups =
        || tail.split_whitespace().all(|group| group.len() >= 3 && group.starts_with(|d: char| d.is_ascii_digit()));
    let is_unit = |letter: char| letter.is_alphanumeric() || matches!(letter, '%' | '.' | ',' | '/' | ' ');
    let tail_is_good = match tail.trim_start().chars().next() {
        Some(first) if first.is_ascii_digit() => groups(),
        _ => tail.chars().all(is_unit) && tail.len() <= 24,
    };
    number.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first))
        && number.contains(|letter: char| letter.is_ascii_digit())
        && !number.ends_with([',', ':', '\'', '_'])
        && tail_is_good
}

/// What stands between a value and its error.
const ERRORS: [&str; 3] = ["±", "+/-", "+-"];

/// Whether a value has an error behind it.
pub(super) fn has_error(cell: &str) -> bool {
    without_error(cell).0.len() < cell.len()
}

/// A value without its error, and the unit behind that: of `3.21 ± 0.05 s` it is `3.21` and `s`.
fn without_error(cell: &str) -> (&str, &str) {
    let Some((value, error)) = ERRORS.iter().find_map(|mark| cell.split_once(mark)) else { return (cell, "") };
    let is_number = |letter: char| letter.is_ascii_digit() || letter.is_whitespace() || ".,eE+-)".contains(letter);
    (value.trim().trim_start_matches('(').trim_start(), error.trim_start_matches(is_number).trim_end())
}

/// The number that a cell begins with, as a programming language writes it, and the unit after it.
fn parts(cell: &str, mark: Decimal) -> Result<(Cow<'_, str>, &str), String> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Err("is empty; every row needs a number here".to_owned());
    }
    let is_plain = cell.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'e' | b'+'));
    if is_plain && mark == Decimal::Point {
        return Ok((Cow::Borrowed(cell), ""));
    }
    let (cell, unit_of_error) = without_error(cell);
    // Letters at the end are the unit, so `1e-3s` is read rightly.
    let number = cell.trim_end_matches(|letter: char| letter.is_alphabetic() || matches!(letter, '%' | '/' | '_'));
    let unit = Some(cell[number.len()..].trim()).filter(|unit| !unit.is_empty()).unwrap_or(unit_of_error);
    let wrong = || format!("is `{}`, not a number", short(cell));
    let number = number.trim();
    if !number.contains(|letter: char| letter.is_ascii_digit()) {
        return Err(match cell.parse::<f64>() {
            Ok(value) if value.is_infinite() => format!("is `{}`, not a finite number", short(cell)),
            _ => wrong(),
        });
    }
    plain(number, mark)
        .map(|number| (Cow::Owned(number), unit))
        .ok_or_else(|| format!("{}; with --decimal comma or --decimal point say what its marks mean", wrong()))
}

fn number(text: &str, cell: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(format!("is `{}`, not a finite number", short(cell.trim()))),
        Err(_) => Err(format!("is `{}`, not a number", short(cell.trim()))),
    }
}

fn in_range(value: f64, cell: &str) -> Result<f64, String> {
    if RANGE.contains(&value) {
        return Ok(value);
    }
    Err(format!("is `{}`; numbers must be between 1e-60 and 1e60", short(cell.trim())))
}

fn positive(value: f64, cell: &str, what: &str) -> Result<f64, String> {
    if value == 0.0 {
        return Err(format!("is `{}`, zero; {what} must be positive", short(cell.trim())));
    }
    if value < 0.0 {
        return Err(format!("is `{}`, negative; {what} must be positive", short(cell.trim())));
    }
    in_range(value, cell)
}

/// A positive ratio or rate; `what` names it in the message. A unit after it says nothing about its size, but `%` does.
pub(super) fn ratio(cell: &str, mark: Decimal, what: &str) -> Result<f64, String> {
    let (text, unit) = parts(cell, mark)?;
    let value = number(&text, cell)?;
    let factor = match unit {
        "" | "x" | "X" | "×" => 1.0,
        "%" => 0.01,
        _ if what == "a throughput" => 1.0,
        _ => return Err(format!("is `{}`, not a number", short(cell.trim()))),
    };
    positive(value * factor, cell, what)
}

/// A positive size of work.
pub(super) fn size(cell: &str, mark: Decimal) -> Result<f64, String> {
    if cell.contains('^') {
        let count = units::parse_count(cell).map_err(|fault| format!("is not a size: {fault}"))?;
        return positive(count as f64, cell, "a size of work");
    }
    // The sides of a grid: `2000x1000`.
    let sides: Vec<&str> = cell.split(['x', 'X', '×', '*']).map(str::trim).collect();
    if sides.len() > 1 && sides.iter().all(|side| side.ends_with(|last: char| last.is_ascii_digit())) {
        return sides.iter().try_fold(1.0, |product, side| in_range(product * size(side, mark)?, cell));
    }
    let (text, unit) = parts(cell, mark)?;
    positive(number(&text, cell)? * multiple(unit), cell, "a size of work")
}

/// What a unit stands for: 1,000 for `k`, 1024² for `MiB`, 1 for a word.
fn multiple(unit: &str) -> f64 {
    let mut letters = unit.chars();
    let power = match letters.next() {
        Some('k' | 'K') => 1,
        Some('M') => 2,
        Some('G') => 3,
        Some('T') => 4,
        _ => 0,
    };
    match letters.as_str() {
        "" | "B" | "b" => 1000_f64.powi(power),
        "i" | "iB" => 1024_f64.powi(power),
        _ => 1.0,
    }
}

/// A positive time in seconds: a number of `factor` seconds each, a number with a unit of its own, as `1.5ms`, or
/// hours, minutes and seconds.
pub(super) fn seconds(cell: &str, mark: Decimal, factor: f64) -> Result<f64, String> {
    let cell = cell.trim();
    let cell = cell.strip_prefix("real").map_or(cell, str::trim_start);
    if let Some(seconds) = clock::seconds(without_error(cell).0, mark) {
        return positive(seconds, cell, "a time");
    }
    let (text, unit) = parts(cell, mark)?;
    let value = number(&text, cell)?;
    let factor = match unit {
        "" => factor,
        own => match names::unit(&own.to_lowercase()) {
            Some(own) => own.seconds,
            None => return Err(format!("is `{}`, which has an unknown unit, `{}`", short(cell), short(own))),
        },
    };
    positive(value, cell, "a time")?;
    in_range(value * factor, cell)
}

/// A worker count: a whole number of at least 1, a power such as `2^10`, or `4 cores`.
pub(super) fn workers(cell: &str, mark: Decimal) -> Result<f64, String> {
    let value = if cell.contains('^') {
        units::parse_count(cell).map_err(|fault| format!("is not a worker count: {fault}"))? as f64
    } else {
        let (text, unit) = parts(cell, mark)?;
        let is_noun = unit.is_empty() || matches!(names::meaning(unit), names::Meaning::Workers(_));
        if !is_noun {
            return Err(format!("is `{}`, not a worker count", short(cell.trim())));
        }
        number(&text, cell)?
    };
    if (1.0..=MOST_WORKERS).contains(&value) && value.fract() == 0.0 {
        return Ok(value);
    }
    let cell = short(cell.trim());
    Err(match value {
        0.0 => "is zero; a job runs on at least one worker".to_owned(),
        v if v < 0.0 => format!("is `{cell}`, negative; a worker count is at least 1"),
        v if v > MOST_WORKERS => format!("is `{cell}`, more than the largest exact count, 2^53"),
        _ => format!("is `{cell}`, not a whole number; workers are counted 1, 2, 3 …"),
    })
}
