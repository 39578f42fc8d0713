//! How a file writes its numbers: the mark before the fraction, and what sets thousands apart.

use super::cell::looks_like_value;
use super::record::Record;
use crate::units::Decimal;

/// What the cells of the first rows say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Sure(Decimal),
    /// Commas before three digits, everywhere: thousands or fractions.
    Unsure,
}

/// Finds the style in the cells of some columns.
pub(super) fn style<'a>(rows: impl Iterator<Item = &'a Record>, columns: &[usize]) -> Style {
    let mut has_comma = false;
    for record in rows {
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
    if has_comma { Style::Unsure } else { Style::Sure(Decimal::Point) }
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
