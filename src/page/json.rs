//! JSON, for programs: what is small is laid out for people, too.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

/// Returns the run as the text of `run.json`: on one line, because it holds every sample.
pub fn json(run: &impl Serialize) -> String {
    line(serde_json::to_string(run))
}

/// Returns small data with one member a line.
pub(crate) fn pretty(data: &impl Serialize) -> String {
    line(serde_json::to_string_pretty(data))
}

fn line(text: serde_json::Result<String>) -> String {
    text.expect("the data have names for keys, and nothing that JSON has no form for") + "\n"
}

/// The parts of a document in which something is null, each with the reason.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Absent(BTreeMap<&'static str, String>);

impl Absent {
    /// Returns a part that is there; of any other, notes the reason.
    pub(crate) fn or_reason<T>(&mut self, name: &'static str, part: Result<T, String>) -> Option<T> {
        part.map_err(|reason| self.note(name, reason)).ok()
    }

    /// Notes why something in a part is null.
    pub(crate) fn note(&mut self, name: &'static str, reason: impl Into<String>) {
        self.0.insert(name, reason.into());
    }
}

/// Writes a count that may be absent; a whole one without the `.0` of a double.
pub(crate) fn count<S: Serializer>(count: &(impl Into<Option<f64>> + Copy), serializer: S) -> Result<S::Ok, S::Error> {
    match (*count).into() {
        Some(count) if count.fract() == 0.0 && (0.0..9e15).contains(&count) => serializer.serialize_u64(count as u64),
        other => other.serialize(serializer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Counts(
        #[serde(serialize_with = "count")] f64,
        #[serde(serialize_with = "count")] Option<f64>,
        #[serde(serialize_with = "count")] Option<f64>,
        f64,
    );

    #[test]
    fn whole_counts_are_integers() {
        assert_eq!(serde_json::to_string(&Counts(4.0, Some(2.5), None, 3.0)).unwrap(), "[4,2.5,null,3.0]");
    }

    #[test]
    fn what_is_absent_has_its_reason() {
        let mut absent = Absent::default();
        assert_eq!(absent.or_reason("there", Ok(1)), Some(1));
        assert_eq!(absent.or_reason::<i32>("missing", Err("nobody asked".to_owned())), None);
        assert_eq!(serde_json::to_string(&absent).unwrap(), r#"{"missing":"nobody asked"}"#);
    }
}
