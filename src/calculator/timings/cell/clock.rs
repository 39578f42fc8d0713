//! Times as clocks and shells write them: `8m58.078s`, `1:23.45`, `00:09:07.743`, `2-01:00:00`.

use super::super::style::plain;
use crate::units::Decimal;

/// Seconds of such a time; `None` if it has another form.
pub(super) fn seconds(text: &str, mark: Decimal) -> Option<f64> {
    with_colons(text, mark).or_else(|| with_letters(text, mark))
}

/// Minutes and seconds, hours before them, and days before those.
fn with_colons(text: &str, mark: Decimal) -> Option<f64> {
    let (days, rest) = match text.split_once('-') {
        Some((days, rest)) if rest.contains(':') => (whole(days)?, rest),
        _ => (0.0, text),
    };
    let parts: Vec<&str> = rest.split(':').collect();
    let (last, before) = parts.split_last()?;
    if !(1..=2).contains(&before.len()) {
        return None;
    }
    let minutes = before.iter().try_fold(0.0, |sum, part| Some(60.0 * sum + whole(part)?))?;
    Some(86_400.0 * days + 60.0 * minutes + part(last, mark)?)
}

/// `1h2m3.4s`, `8m58s`: at least two of them.
fn with_letters(text: &str, mark: Decimal) -> Option<f64> {
    let mut rest = text.trim();
    let mut seconds = 0.0;
    let mut found = 0;
    for (letter, factor) in [('h', 3600.0), ('m', 60.0), ('s', 1.0)] {
        let Some((before, after)) = rest.split_once(letter) else { continue };
        let number = if letter == 's' { part(before.trim(), mark)? } else { whole(before.trim())? };
        seconds += number * factor;
        rest = after;
        found += 1;
    }
    (found > 1 && rest.trim().is_empty()).then_some(seconds)
}

fn whole(digits: &str) -> Option<f64> {
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
}

fn part(text: &str, mark: Decimal) -> Option<f64> {
    let starts = text.starts_with(|first: char| first.is_ascii_digit());
    plain(text, mark).filter(|_| starts)?.parse().ok().filter(|value: &f64| value.is_finite())
}
