//! A saved run, read again.

use super::{Run, SCHEMA, version_1};

/// Why a file is no run that can be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Not JSON, or damaged.
    #[error("this is not a saved run: {0}. The file may be damaged or cut short")]
    Damaged(#[from] serde_json::Error),
    /// JSON of something else.
    #[error("this is not a saved run: its `schema` is {found}, not \"{SCHEMA}\"")]
    Foreign {
        /// What stands there.
        found: String,
    },
    /// Written by a newer version.
    #[error(
        "this run was saved by a newer version (schema \"{found}\"; this one reads up to \"{SCHEMA}\"): update amdahl"
    )]
    Newer {
        /// What stands there.
        found: String,
    },
}

/// Returns a text with its control characters written out, such as a name that goes to a terminal.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() }).collect()
}

/// Does the same to every text of a file, which anyone may have written.
fn make_printable(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) if text.chars().any(char::is_control) => *text = printable(text),
        serde_json::Value::Array(items) => items.iter_mut().for_each(make_printable),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(make_printable),
        _ => {}
    }
}

impl Run {
    /// Reads a saved run. The schema is looked at first, so that a newer or a foreign file gets a message of its own.
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
