//! One cell as a number.

use crate::units;

/// Values outside are refused: their ratios and squares would leave what a double can hold.
const RANGE: std::ops::RangeInclusive<f64> = 1e-60..=1e60;

/// The largest worker count: above it a double no longer holds every whole number.
const MOST_WORKERS: f64 = 9_007_199_254_740_992.0;

/// A cell as a message shows it: short, and on one line.
pub(super) fn short(cell: &str) -> String {
    const MOST: usize = 40;
    let line: String = cell.chars().take(MOST).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if cell.chars().nth(MOST).is_some() { format!("{line}…") } else { line }
}

/// A number, or what is wrong with the cell.
fn number(cell: &str) -> Result<f64, String> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Err("is empty; every row needs a number here".to_owned());
    }
    match cell.parse::<f64>() {
        Ok(value) if value.is_nan() => Err(format!("is `{}`, not a number", short(cell))),
        Ok(value) if value.is_infinite() => Err(format!("is `{}`, not a finite number", short(cell))),
        Ok(value) => Ok(value),
        Err(_) if cell.contains(',') => Err(format!("is `{}`, not a number; write 1.5 with a point", short(cell))),
        Err(_) => Err(format!("is `{}`, not a number", short(cell))),
    }
}

/// What to say of a count whose thousands are set apart: `1,024`, `1'024`, `1 024`.
fn thousands(cell: &str) -> Option<String> {
    let cell = cell.trim();
    let is_mark = |letter: char| matches!(letter, ',' | '.' | '\'' | '’' | '_') || letter.is_whitespace();
    let mut groups = cell.split(is_mark);
    let are_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && are_digits(first));
    let thousands = cell.contains(is_mark) && first && groups.all(|group| group.len() == 3 && are_digits(group));
    thousands.then(|| {
        let plain: String = cell.chars().filter(char::is_ascii_digit).collect();
        format!("is `{}`, with separators between thousands; write {plain} or a power such as 2^10", short(cell))
    })
}

/// A positive value; `what` names it in the message.
pub(super) fn positive(cell: &str, what: &str) -> Result<f64, String> {
    let value = number(cell)?;
    if value == 0.0 {
        return Err(format!("is zero; {what} must be positive"));
    }
    if value < 0.0 {
        return Err(format!("is `{}`, negative; {what} must be positive", short(cell.trim())));
    }
    in_range(value, cell)
}

fn in_range(value: f64, cell: &str) -> Result<f64, String> {
    if RANGE.contains(&value) {
        return Ok(value);
    }
    Err(format!("is `{}`; numbers must be between 1e-60 and 1e60", short(cell.trim())))
}

/// A positive time in seconds: a number of `factor` seconds each, or a number with a unit of its own, as `1.5ms`.
pub(super) fn seconds(cell: &str, factor: f64) -> Result<f64, String> {
    let fault = match positive(cell, "a time") {
        Ok(value) => return in_range(value * factor, cell),
        Err(fault) => fault,
    };
    let cell = cell.trim();
    let negative = cell.strip_prefix('-').is_some_and(|rest| units::parse_duration(rest).is_ok());
    match units::parse_duration(cell) {
        Ok(0.0) => Err(format!("is `{}`, zero; a time must be positive", short(cell))),
        Ok(seconds) => in_range(seconds, cell),
        Err(_) if negative => Err(format!("is `{}`, negative; a time must be positive", short(cell))),
        Err(_) => Err(fault),
    }
}

/// A worker count: a whole number of at least 1, or a power such as `2^10`.
pub(super) fn workers(cell: &str) -> Result<f64, String> {
    let value = if cell.contains('^') {
        units::parse_count(cell).map_err(|fault| format!("is not a worker count: {fault}"))? as f64
    } else {
        number(cell).map_err(|fault| thousands(cell).unwrap_or(fault))?
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
