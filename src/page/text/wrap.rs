//! Lines that are no wider than a terminal.

use textwrap::{Options, WordSeparator, WordSplitter};

use crate::page::clean;

/// Breaks a text between words into lines of at most `width` columns. A value is not parted from its unit.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    let words = joined_to_units(&clean(text).split_whitespace().collect::<Vec<_>>());
    textwrap::wrap(&words, options).into_iter().map(|line| line.replace(NO_BREAK, " ")).collect()
}

/// A space at which no line is broken.
const NO_BREAK: char = '\u{a0}';

/// Units that stay with the number before them.
const UNITS: [&str; 24] = [
    "ps", "ns", "µs", "ms", "s", "%", "x", "B", "KiB", "MiB", "GiB", "B/s", "kB/s", "MB/s", "GB/s", "TB/s", "kFLOP/s",
    "MFLOP/s", "GFLOP/s", "TFLOP/s", "flop", "kflop", "Mflop", "Gflop",
];

/// Joins words by spaces, a number and its unit by a space at which no line is broken.
fn joined_to_units(words: &[&str]) -> String {
    let mut text = String::new();
    for word in words {
        let bare = word.trim_end_matches([',', '.', ';', ':', ')']);
        let after_number = text.ends_with(|letter: char| letter.is_ascii_digit());
        if !text.is_empty() {
            text.push(if after_number && UNITS.contains(&bare) { NO_BREAK } else { ' ' });
        }
        text.push_str(word);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_but_not_before_a_unit() {
        assert_eq!(wrap("it takes 5.5 µs in all", 12), ["it takes", "5.5 µs in", "all"]);
        assert_eq!(wrap("", 10), [""]);
        assert_eq!(wrap("a-word-that-is-too-long b", 5), ["a-word-that-is-too-long", "b"]);
    }
}
