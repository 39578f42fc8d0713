//! Every edge at which something from outside comes in, each as one function of its bytes. It panics where a promise is
//! broken: the property tests and the fuzzer call the same functions.

use amdahl::calculator::fit::{self, Asked};
use amdahl::calculator::predict;
use amdahl::calculator::timings::{self, Mapping};
use amdahl::calculator::trace::{Naming, Recording, TraceReport};
use amdahl::cli::Cli;
use amdahl::experiment;
use amdahl::page::{Format, Look};
use amdahl::record::Run;
use amdahl::units;
use amdahl::workload::{Own, expected};
use clap::Parser as _;

const FORMATS: [Format; 5] = [Format::Text, Format::Markdown, Format::Html, Format::Csv, Format::Json];

/// Most bytes of a message. It may quote a line of a file, but not the file.
const LONGEST: usize = 20_000;

/// A report that anybody may read: but for its own styles nothing in it steers a terminal, and no number is missing
/// without a word.
fn is_readable(page: &str) {
    let steers = |letter: &char| letter.is_control() && *letter != '\n' && *letter != '\t';
    let mut plain = page.split("\u{1b}[");
    let first = plain.next().unwrap_or_default();
    let rest = plain.map(|part| part.split_once('m').filter(|(style, _)| style.len() < 8).unwrap_or(("", "\u{1b}")).1);
    for part in std::iter::once(first).chain(rest) {
        assert_eq!(part.chars().find(steers), None, "{page}");
    }
    // The script of a page may name what is no number.
    let words = if page.starts_with("<!") { "" } else { page };
    let numbers = words.split(|letter: char| !letter.is_alphanumeric());
    assert_eq!(numbers.filter(|word| ["NaN", "inf"].contains(word)).count(), 0, "{page}");
}

fn is_short(message: &str) {
    assert!(!message.is_empty() && message.len() < LONGEST, "{} bytes", message.len());
}

/// `amdahl show`, and every other command that reads a saved run.
pub(crate) fn saved_run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Run::from_json(text) {
        Ok(run) => {
            for format in FORMATS {
                is_readable(&experiment::report(&run, format, Look::default()));
            }
            is_readable(&experiment::short(&run, Look::default(), None));
        }
        Err(error) => is_short(&error.to_string()),
    }
}

/// `amdahl fit`.
pub(crate) fn table(bytes: &[u8]) {
    match timings::read(bytes, &Mapping::default()) {
        Ok(reading) => is_readable(&fit::write("a table", reading, Asked::default(), Format::Text, Look::default())),
        Err(error) => is_short(&error.to_string()),
    }
}

/// `amdahl trace`, and `amdahl predict --from`.
pub(crate) fn trace(bytes: &[u8]) {
    let Ok(naming) = Naming::new(None) else { return };
    let report = Recording::read("a trace".to_owned(), bytes, &naming)
        .and_then(|recording| TraceReport::new(vec![recording], None));
    match report {
        Ok(report) => is_readable(&report.write(Format::Text, Look::default())),
        Err(error) => is_short(&error),
    }
    if let Err(error) = predict::read("an answer", bytes) {
        is_short(&error);
    }
}

/// `amdahl run --wgsl` and `--expect`.
pub(crate) fn kernel(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Err(error) = Own::new("kernel.wgsl", &text) {
        is_short(&error);
    }
    if let Err(error) = expected(&text) {
        is_short(&error);
    }
}

/// The command line: words, counts, ranges, shapes, times.
pub(crate) fn command_line(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(counts) = units::parse_counts(&text) {
        assert!(!counts.is_empty() && counts.len() < 1 << 20, "{} counts", counts.len());
    }
    if let Ok(seconds) = units::parse_duration(&text) {
        assert!(seconds.is_finite() && seconds >= 0.0, "{seconds}");
    }
    let _ = (units::parse_count(&text), units::parse_shapes(&text));
    let words = std::iter::once("amdahl").chain(text.split_whitespace());
    if let Err(error) = Cli::try_parse_from(words) {
        assert!([0, 2].contains(&error.exit_code()), "{error}");
    }
}
