//! The run as it is saved: JSON that a person can read, too.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter};

use crate::record::Run;

/// Objects with one member a line, arrays of numbers on one line, whole worker counts as integers.
#[derive(Default)]
struct Layout {
    depth: usize,
    /// The key that was written last.
    key: String,
    in_key: bool,
}

impl Layout {
    fn new_line<W: ?Sized + Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        writer.write_all("  ".repeat(self.depth).as_bytes())
    }
}

impl Formatter for Layout {
    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        writer.write_all(b"{")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        self.key.clear();
        self.in_key = true;
        self.new_line(writer)
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.in_key = false;
        Ok(())
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if self.in_key {
            self.key.push_str(fragment);
        }
        writer.write_all(fragment.as_bytes())
    }

    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        if self.key.contains("workers") && is_count(value) {
            return write!(writer, "{}", value as u64);
        }
        CompactFormatter.write_f64(writer, value)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        self.new_line(writer)?;
        writer.write_all(b"}")
    }
}

/// The run as the text of `run.json`, with a line break at its end.
///
/// # Errors
/// None that are known: a run holds nothing that JSON has no form for.
pub fn json(run: &Run) -> Result<String, serde_json::Error> {
    laid_out(run)
}

/// Anything as JSON in that layout.
pub(crate) fn laid_out(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut bytes = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut bytes, Layout::default()))?;
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(|error| serde_json::Error::io(io::Error::other(error)))
}

/// A worker count without the `.0` that a whole number needs not.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
pub(crate) fn workers<S: serde::Serializer>(count: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if is_count(*count) { serializer.serialize_u64(*count as u64) } else { serializer.serialize_f64(*count) }
}

/// The same of a count that may be absent.
#[expect(clippy::ref_option, reason = "serde hands out references")]
pub(crate) fn some_workers<S: serde::Serializer>(count: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    match count {
        Some(count) => workers(count, serializer),
        None => serializer.serialize_none(),
    }
}

fn is_count(value: f64) -> bool {
    value.fract() == 0.0 && (0.0..9e15).contains(&value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_workers_are_integers() {
        let value = serde_json::json!({ "workers": 4.0, "peak_workers": 2.5, "seconds": 3.0, "a_workers_b": [8.0] });
        let text = laid_out(&value).unwrap();
        for member in ["\"workers\": 4\n", "\"peak_workers\": 2.5", "\"seconds\": 3.0", "\"a_workers_b\": [8]"] {
            assert!(text.contains(member), "{member} in {text}");
        }
    }

    #[test]
    fn samples_stay_on_one_line() {
        let value = serde_json::json!({ "a": { "seconds": [1.5, 2.5e-7] }, "b": [{ "c": null }, { "c": 1 }], "d": {} });
        let text = laid_out(&value).unwrap();
        assert!(text.contains("\n    \"seconds\": [1.5, 2.5e-7]\n  },"), "{text}");
        assert!(text.contains("\"b\": [{\n    \"c\": null\n  }, {\n    \"c\": 1\n  }]"), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
