//! Reads a saved run.

use super::{Run, SCHEMA, damage, version_1};

/// Why a file cannot be read as a saved run.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file is not JSON, or damaged.
    #[error("this is not a saved run: {0}. The file may be damaged or cut short")]
    Damaged(#[from] serde_json::Error),
    /// A number in it cannot have been measured.
    #[error("this is not a saved run: {place} cannot have been measured. The file may be damaged")]
    Impossible {
        /// The place and the number.
        place: String,
    },
    /// The JSON is not a saved run.
    #[error("this is not a saved run: its `schema` is {found}, not \"{SCHEMA}\"")]
    Foreign {
        /// The schema in the file.
        found: String,
    },
    /// The run was written by a newer version.
    #[error(
        "this run was saved by a newer version (schema \"{found}\"; this one reads up to \"{SCHEMA}\"): update amdahl"
    )]
    Newer {
        /// The schema in the file.
        found: String,
    },
}

/// Returns a text with its control characters escaped, so that it is safe in a terminal. Those that change the
/// direction of writing are among them: with them a text can show something else than it says.
pub fn printable(text: &str) -> String {
    let escaped = |c: char| if is_unprintable(c) { c.escape_unicode().to_string() } else { c.to_string() };
    text.chars().map(escaped).collect()
}

/// The same for a text of several lines.
pub fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

/// Control characters, line separators, and marks that change the direction of writing (UAX #9).
pub fn is_unprintable(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Escapes control characters in every text of a file, because anyone may have written it.
fn make_printable(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) if text.chars().any(is_unprintable) => *text = printable(text),
        serde_json::Value::Array(items) => items.iter_mut().for_each(make_printable),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(make_printable),
        _ => {}
    }
}

/// Refuses a run with numbers that cannot have been measured.
fn possible(run: Run) -> Result<Run, ReadError> {
    damage::found(&run).map_or(Ok(run), |place| Err(ReadError::Impossible { place }))
}

impl Run {
    /// Reads a saved run. The schema is checked first, so newer and foreign files get their own errors.
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        let mut value: serde_json::Value = serde_json::from_str(text)?;
        make_printable(&mut value);
        let found = value.get("schema").unwrap_or(&serde_json::Value::Null);
        let version = |text: &str| text.strip_prefix("amdahl-run/").and_then(|number| number.parse::<u32>().ok());
        let known = version(SCHEMA).unwrap_or_default();
        match found.as_str().map(|text| (text, version(text))) {
            Some((text, Some(number))) if number > known => Err(ReadError::Newer { found: text.to_owned() }),
            Some((_, Some(1))) => possible(serde_json::from_value(version_1::raised(value))?),
            Some((_, Some(number))) if number > 0 => possible(serde_json::from_value(value)?),
            _ => Err(ReadError::Foreign { found: found.to_string() }),
        }
    }
}
