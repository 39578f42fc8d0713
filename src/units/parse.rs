//! Reads durations, and says what is wrong with a text.

/// What is wrong with a text, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError(String);

impl std::fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ParseError {}

/// Longest accepted duration, in seconds: a year of 365 days.
const LONGEST: f64 = 365.0 * 86_400.0;

const DURATION_FORMS: &str = "write a number with its unit, such as 500ns, 20us, 1.5ms, 2s, 5min, 1h";

pub(super) fn error<T>(message: String) -> Result<T, ParseError> {
    Err(ParseError(message))
}

/// Reads a duration in seconds: `500ns`, `20us` or `20µs`, `1.5ms`, `2s`, `1min`, `1.5h`.
///
/// # Errors
///
/// Fails without a number or a known unit, for negative durations, and for more than a year.
pub fn parse_duration(text: &str) -> Result<f64, ParseError> {
    let text = text.trim();
    // Only letters at the end form the unit, so `1e-3s` is read correctly.
    let number = text.trim_end_matches(|letter: char| letter.is_alphabetic());
    let factor = match text[number.len()..].to_lowercase().as_str() {
        "ns" => 1e-9,
        // On some keyboards the Greek letter U+03BC replaces the micro sign U+00B5.
        "us" | "µs" | "μs" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "min" => 60.0,
        "h" => 3600.0,
        "" => return error(format!("`{text}` has no unit: {DURATION_FORMS}")),
        unit => return error(format!("`{text}` has an unknown unit `{unit}`: {DURATION_FORMS}")),
    };
    let Some(value) = number.trim().parse::<f64>().ok().filter(|value| value.is_finite()) else {
        return error(format!("`{text}` does not begin with a number: {DURATION_FORMS}"));
    };
    let seconds = value * factor;
    if seconds < 0.0 {
        return error(format!("`{text}` is negative: {DURATION_FORMS}"));
    }
    if seconds > LONGEST {
        return error(format!("`{text}` is more than a year: {DURATION_FORMS}"));
    }
    Ok(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let cases = [
            ("20us", 20e-6),
            ("20µs", 20e-6),
            ("20μs", 20e-6),
            ("1.5ms", 1.5e-3),
            ("1.5 ms", 1.5e-3),
            ("2s", 2.0),
            ("2S", 2.0),
            ("500ns", 500e-9),
            ("1e-3s", 1e-3),
            ("0s", 0.0),
            ("1min", 60.0),
            ("1.5h", 5400.0),
        ];
        for (text, seconds) in cases {
            let parsed = parse_duration(text).unwrap();
            assert!((parsed - seconds).abs() <= 1e-12 * seconds, "{text}: {parsed}");
        }
    }

    #[test]
    fn durations_that_are_none_say_why() {
        let cases = [
            ("", "no unit"),
            ("20", "no unit"),
            ("ms", "does not begin with a number"),
            ("xms", "unknown unit"),
            ("20 parsecs", "unknown unit `parsecs`"),
            ("-1s", "negative"),
            ("infs", "unknown unit"),
            ("NaNs", "unknown unit"),
            ("1,5ms", "does not begin with a number"),
            ("8761h", "more than a year"),
            ("1e999s", "does not begin with a number"),
        ];
        for (text, words) in cases {
            let message = parse_duration(text).unwrap_err().to_string();
            assert!(message.contains(words), "{text}: {message}");
        }
    }
}
