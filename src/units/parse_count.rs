//! Reads counts, and lists and ranges of counts.

use super::number::count;
use super::parse::{ParseError, error};

/// Largest accepted count. A larger size is surely a typing error.
const MOST: u64 = 1 << 40;

/// Most values in one list.
const MOST_VALUES: usize = 1000;

const COUNT_FORMS: &str = "write a whole number such as 1048576, 2^20, 64k (64 x 1024) or 1M (2^20)";

const LIST_FORMS: &str = "write a list such as 1,2,4 or a range such as 2^10..2^20, which doubles at each step";

/// Reads a count: `1048576`, `1_048_576`, `2^20`, `1M`. The letters are powers of two: k = 2^10, M = 2^20, G = 2^30.
///
/// # Errors
///
/// Fails for anything else, and for counts above 2^40. Zero is a count, but [`parse_counts`] refuses it.
pub fn parse_count(text: &str) -> Result<u64, ParseError> {
    let text = text.trim();
    if text.is_empty() {
        return error(format!("a number is missing: {COUNT_FORMS}"));
    }
    let value = match (text.split_once('^'), text.char_indices().last()) {
        (Some((base, exponent)), _) => power(text, base, exponent)?,
        (None, Some((end, letter))) if letter.is_alphabetic() => {
            let factor = match letter.to_ascii_lowercase() {
                'k' => 1 << 10,
                'm' => 1 << 20,
                'g' => 1 << 30,
                _ => return error(format!("`{text}` ends in `{letter}`, which is none of k, M, G: {COUNT_FORMS}")),
            };
            digits(text, &text[..end])?.checked_mul(factor)
        }
        _ => Some(digits(text, text)?),
    };
    match value {
        Some(value) if value <= MOST => Ok(value),
        _ => too_large(text),
    }
}

fn power(text: &str, base: &str, exponent: &str) -> Result<Option<u64>, ParseError> {
    let (base, exponent) = (digits(text, base)?, digits(text, exponent)?);
    Ok(u32::try_from(exponent).ok().and_then(|exponent| base.checked_pow(exponent)))
}

/// Reads digits, which may contain underscores. The error quotes `whole`.
fn digits(whole: &str, text: &str) -> Result<u64, ParseError> {
    let plain = text.replace('_', "");
    if plain.starts_with('-') {
        return error(format!("`{whole}` is negative: {COUNT_FORMS}"));
    }
    if plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return error(format!("`{whole}` is no whole number: {COUNT_FORMS}"));
    }
    plain.parse().or_else(|_| too_large(whole))
}

fn too_large<T>(text: &str) -> Result<T, ParseError> {
    error(format!("`{text}` is too large: the most that is accepted is {}", count(MOST)))
}

/// Reads counts as a list, as ranges, or both: `1,2,4..1024`. A range doubles at each step and includes both ends. The
/// counts are returned in ascending order without duplicates.
///
/// # Errors
///
/// Fails for an empty list or item, zero, a reversed range, and anything that [`parse_count`] refuses.
pub fn parse_counts(text: &str) -> Result<Vec<u64>, ParseError> {
    if text.trim().is_empty() {
        return error(format!("the list is empty: {LIST_FORMS}"));
    }
    let mut counts = Vec::new();
    for (index, item) in text.split(',').enumerate() {
        let item = item.trim();
        if item.is_empty() {
            return error(format!("item {} of `{text}` is empty: {LIST_FORMS}", index + 1));
        }
        match item.split_once("..") {
            Some((first, last)) => counts.extend(range(item, first, last)?),
            None => counts.push(positive(item)?),
        }
        if counts.len() > MOST_VALUES {
            return error(format!("`{text}` has more than {MOST_VALUES} values: {LIST_FORMS}"));
        }
    }
    counts.sort_unstable();
    counts.dedup();
    Ok(counts)
}

fn range(item: &str, first: &str, last: &str) -> Result<Vec<u64>, ParseError> {
    if first.trim().is_empty() || last.trim_start_matches('=').trim().is_empty() {
        return error(format!("the range `{item}` needs both its ends, as in 1..1024"));
    }
    let (start, end) = (positive(first)?, positive(last)?);
    if start > end {
        let (first, last) = (first.trim(), last.trim());
        return error(format!("the range `{item}` is reversed: write {last}..{first}"));
    }
    let doubled = std::iter::successors(Some(start), |value| value.checked_mul(2));
    Ok(doubled.take_while(|value| *value < end).chain([end]).collect())
}

fn positive(text: &str) -> Result<u64, ParseError> {
    match parse_count(text)? {
        0 => error(format!("`{}` is zero: the smallest value is 1", text.trim())),
        value => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_in_all_its_forms() {
        for text in ["1048576", "1_048_576", "2^20", "1M", "1m", "1024k", " 2^20 ", "1024^2"] {
            assert_eq!(parse_count(text), Ok(1 << 20), "{text}");
        }
        assert_eq!(parse_count("1G"), Ok(1 << 30));
        assert_eq!(parse_count("0"), Ok(0));
        assert_eq!(parse_count("2^0"), Ok(1));
        assert_eq!(parse_count("2^40"), Ok(1 << 40));
    }

    #[test]
    fn counts_that_are_none_say_why() {
        let cases = [
            ("", "missing"),
            ("abc", "none of k, M, G"),
            ("12x", "none of k, M, G"),
            ("1.5M", "no whole number"),
            ("-4", "negative"),
            ("+4", "no whole number"),
            ("2^", "no whole number"),
            ("^20", "no whole number"),
            ("2^2^2", "no whole number"),
            ("k", "no whole number"),
            ("1e6", "no whole number"),
            ("２", "no whole number"),
            ("2^41", "too large"),
            ("2^64", "too large"),
            ("2^99999999999999999999", "too large"),
            ("99999999999999999999", "too large"),
            ("1048577M", "too large"),
            ("17179869184G", "too large"),
        ];
        for (text, words) in cases {
            let message = parse_count(text).unwrap_err().to_string();
            assert!(message.contains(words), "{text}: {message}");
            assert!(message.contains(text), "{text} is not quoted in: {message}");
        }
    }

    #[test]
    fn lists_and_ranges() {
        assert_eq!(parse_counts("5").unwrap(), [5]);
        assert_eq!(parse_counts("1,2,4..16").unwrap(), [1, 2, 4, 8, 16]);
        assert_eq!(parse_counts("3..20").unwrap(), [3, 6, 12, 20]);
        assert_eq!(parse_counts("7..7").unwrap(), [7]);
        assert_eq!(parse_counts("8, 2 ,8,1").unwrap(), [1, 2, 8]);
        assert_eq!(parse_counts("2^10..2^12").unwrap(), [1024, 2048, 4096]);
        assert_eq!(parse_counts("1..2^40").unwrap().len(), 41);
    }

    #[test]
    fn lists_that_are_none_say_why() {
        let cases = [
            ("", "empty"),
            ("  ", "empty"),
            ("1,,2", "item 2 of `1,,2` is empty"),
            ("1,2,", "item 3"),
            ("8..2", "reversed: write 2..8"),
            ("0", "zero"),
            ("0..8", "zero"),
            ("..8", "both its ends"),
            ("8..", "both its ends"),
            ("1..x", "none of k, M, G"),
            ("1..2..3", "no whole number"),
            ("1..2^60", "too large"),
        ];
        for (text, words) in cases {
            let message = parse_counts(text).unwrap_err().to_string();
            assert!(message.contains(words), "{text}: {message}");
        }
        let long: Vec<_> = (1..=1001).map(|value: u64| value.to_string()).collect();
        assert!(parse_counts(&long.join(",")).unwrap_err().to_string().contains("more than 1000 values"));
    }
}
