//! Names that nearly fit: what a slip of the finger may have meant.

/// A name this close to what was typed is suggested; 1 is the same.
const CLOSE: f64 = 0.6;

/// Returns the name that the text is most like, if it is like one.
pub(super) fn closest<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let names = names.into_iter().map(|name| (likeness(text, name), name));
    names.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(likeness, _)| *likeness >= CLOSE).map(|(_, name)| name)
}

/// Writes the name that may be meant, for the middle of a message; nothing if none is close.
pub(super) fn meant<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    closest(text, names).map_or(String::new(), |name| format!(" (did you mean {name:?}?)"))
}

/// How much a text is like a name, or like as many neighbouring words of it: 1 for the same, 0 for nothing in common.
fn likeness(text: &str, name: &str) -> f64 {
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    let words: Vec<&str> = name.split_whitespace().collect();
    let many = text.split_whitespace().count().clamp(1, words.len().max(1));
    let parts = words.windows(many).map(|part| part.join(" "));
    parts.map(|part| strsim::normalized_damerau_levenshtein(&text, &part)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_near_and_another_word_is_not() {
        let names = ["devices", "predict", "fixed-size"];
        for (typed, name) in [("device", "devices"), ("predic", "predict"), ("Fixd-size", "fixed-size")] {
            assert_eq!(closest(typed, names), Some(name), "{typed}");
        }
        assert_eq!(closest("frobnicate", names), None);
        assert_eq!(meant("predic", names), " (did you mean \"predict\"?)");
        assert_eq!(meant("frobnicate", names), "");
    }
}
