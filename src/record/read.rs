//! Reads a saved run.

use super::{Run, SCHEMA, version_1};

/// Why a file cannot be read as a saved run.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file is not JSON, or damaged.
    #[error("this is not a saved run: {0}. The file may be damaged or cut short")]
    Damaged(#[from] serde_json::Error),
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

/// Returns a text with its control characters escaped, so that it is safe in a terminal.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() }).collect()
}

/// Escapes control characters in every text of a file, because anyone may have written it.
fn make_printable(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) if text.chars().any(char::is_control) => *text = printable(text),
        serde_json::Value::Array(items) => items.iter_mut().for_each(make_printable),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(make_printable),
        _ => {}
    }
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
            Some((_, Some(1))) => Ok(serde_json::from_value(version_1::raised(value))?),
            Some((_, Some(number))) if number > 0 => Ok(serde_json::from_value(value)?),
            _ => Err(ReadError::Foreign { found: found.to_string() }),
        }
    }
}
