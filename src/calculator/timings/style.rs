//! How a file writes its numbers: the mark before the fraction, and what sets thousands apart.

use super::cell::looks_like_value;
use super::record::Record;
use crate::units::Decimal;

/// What the cells of the first rows say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Sure(Decimal),
    /// This mark before three digits, everywhere: thousands or fractions.
    Unsure(Decimal),
}

/// Finds the style in the cells of some columns.
pub(super) fn style<'a>(rows: &(impl Iterator<Item = &'a Record> + Clone), columns: &[usize]) -> Style {
    let mut has_comma = false;
    for record in rows.clone() {
        let cells = columns.iter().filter_map(|&column| record.get(column));
        for cell in cells.filter(|cell| cell.contains(',') && looks_like_value(cell)) {
            let (before, after) = cell.rsplit_once(',').unwrap_or_default();
            let fraction = after.bytes().take_while(u8::is_ascii_digit).count();
            let after_fraction = after[fraction..].trim_start();
            let first = before.bytes().take_while(u8::is_ascii_digit).count();
            if before.contains(',') || after_fraction.starts_with('.') {
                return Style::Sure(Decimal::Point);
            }
            let zero = before.trim_start_matches(['+', '-']).starts_with('0');
            if before.contains('.') || fraction != 3 || zero || first > 3 || before.is_empty() {
                return Style::Sure(Decimal::Comma);
            }
            has_comma = true;
        }
    }
    let cells = |column: usize| rows.clone().filter_map(move |record| record.get(column));
    if has_comma && columns.iter().any(|&column| cells(column).any(has_point_of_a_fraction)) {
        return Style::Sure(Decimal::Point);
    }
    let unsure = if has_comma {
        Some(Decimal::Comma)
    } else {
        columns.iter().any(|&column| may_be_thousands(cells(column))).then_some(Decimal::Point)
    };
    unsure.map_or(Style::Sure(Decimal::Point), Style::Unsure)
}

/// Whether a point in a cell surely begins a fraction: `10.5`, so that commas set thousands apart.
fn has_point_of_a_fraction(cell: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = cell.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let parts = number.split_once('.').filter(|(before, after)| is_digits(before) && is_digits(after));
    parts.is_some_and(|(before, after)| after.len() != 3 || before.len() > 3 || before.starts_with('0'))
}

/// Whether the points of a column may set thousands apart: each stands before three digits, and a number without one
/// has three digits, or is more than any with one. `1` beside `1.905` is a speedup.
fn may_be_thousands<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (mut whole, mut pointed) = (0.0_f64, 0.0_f64);
    for cell in cells.filter(|cell| looks_like_value(cell)) {
        let number = cell.trim_end_matches(|letter: char| !letter.is_ascii_digit());
        let Ok(value) = number.parse::<f64>() else { continue };
        match number.split_once('.') {
            None if is_digits(number) => whole = whole.max(value),
            Some((before, after))
                if after.len() == 3 && is_digits(after) && (1..=3).contains(&before.len()) && value >= 1.0 =>
            {
                pointed = pointed.max(value);
            }
            _ => return false,
        }
    }
    pointed > 0.0 && whole > pointed.min(99.0)
}

/// Writes a number as a programming language does: without thousands, and with a point. `None` if marks stand where
/// neither a fraction nor thousands begin.
pub(super) fn plain(number: &str, mark: Decimal) -> Option<String> {
    let fraction = if mark == Decimal::Comma { ',' } else { '.' };
    let is_group =
        |letter: char| letter != fraction && (matches!(letter, ',' | '.' | '\'' | '’' | '_') || letter.is_whitespace());
    let (whole, rest) = number.split_at(number.find([fraction, 'e', 'E']).unwrap_or(number.len()));
    if rest.contains(is_group) {
        return None;
    }
    let mut groups = whole.trim_start_matches(['+', '-']).split(is_group);
    let first = groups.next().unwrap_or_default();
    let is_split = whole.contains(is_group);
    let good = !is_split || (1..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_digit());
    let three = |group: &str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    let rest = rest.replacen(fraction, ".", 1);
    (good && groups.all(three)).then(|| format!("{}{rest}", whole.replace(is_group, "")))
}
