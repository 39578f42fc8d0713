//! What stands under every section: the cases that were left out, and how the others were timed.

use super::block::Block;
use super::words;
use crate::record::{Measured, Measurement, Skipped, Stop};
use crate::units;

/// Returns the cases that were left out, and how the others were timed.
pub(crate) fn blocks(measured: &Measured) -> Vec<Block> {
    let sampling = (!measured.cases.is_empty()).then(|| Block::text(sampling(measured)));
    skipped(measured).into_iter().chain(sampling).collect()
}

/// Lists the cases that did not run. Cases whose reasons differ by their numbers alone share one item.
fn skipped(measured: &Measured) -> Option<Block> {
    let mut kinds: Vec<(Vec<&str>, Vec<&Skipped>)> = Vec::new();
    for skipped in &measured.skipped {
        let kind = words_of(&skipped.reason);
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, cases)) => cases.push(skipped),
            None => kinds.push((kind, vec![skipped])),
        }
    }
    let item = |cases: &[&Skipped]| {
        let more = match cases {
            [] | [_] => String::new(),
            [_, second] => format!("; likewise {}", second.case),
            [_, .., last] => format!("; likewise {} more, up to {}", cases.len() - 1, last.case),
        };
        format!("{}: {}{more}", cases[0].case, cases[0].reason)
    };
    let items: Vec<String> = kinds.iter().map(|(_, cases)| item(cases)).collect();
    (!items.is_empty()).then(|| Block::List { lead: format!("Left out ({})", measured.skipped.len()), items })
}

/// Returns the words of a text that are neither numbers nor units.
fn words_of(text: &str) -> Vec<&str> {
    let bare = text.split_whitespace().map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()));
    bare.filter(|word| word.len() > 2 && !word.contains(|letter: char| letter.is_ascii_digit())).collect()
}

/// Writes how often the cases were timed: `16 cases, 18 to 64 timings each; 4 of them known within 2 %.`
fn sampling(measured: &Measured) -> String {
    let counts: Vec<usize> = measured.cases.iter().map(Measurement::repetitions).collect();
    let (least, most) = (counts.iter().min().copied().unwrap_or(0), counts.iter().max().copied().unwrap_or(0));
    let timings = if least == most { least.to_string() } else { format!("{least} to {most}") };
    let cases = words::counted(measured.cases.len() as u64, "case");
    if most == 0 {
        return format!("{cases}.");
    }
    let plural = if most == 1 { "" } else { "s" };
    let each = if measured.cases.len() == 1 { "" } else { " each" };
    // Of one timing nothing tells how precise it is.
    let repeated = || measured.cases.iter().filter(|case| case.repetitions() > 1);
    let stopped = |stop: Stop| repeated().filter(|case| case.stopped == Some(stop)).count();
    let within = units::whole_percent(Stop::NARROW);
    let precise = match stopped(Stop::Precise) {
        0 => String::new(),
        all if all == measured.cases.len() => format!("; all known within {within}"),
        some => format!("; {some} of them known within {within}"),
    };
    let alone = match counts.iter().filter(|count| **count == 1).count() {
        0 => String::new(),
        all if all == counts.len() => "; no interval".to_owned(),
        some => format!("; {some} with 1 timing, so without an interval"),
    };
    let interrupted = if stopped(Stop::Interrupted) > 0 { "; interrupted" } else { "" };
    let warm_up = measured.warm_up.filter(|warm_up| !warm_up.settled).map_or(String::new(), |warm_up| {
        let seconds = units::seconds(warm_up.seconds);
        format!(" Warm-up {seconds}: too short to tell whether the speed had settled.")
    });
    format!("{cases}, {timings} timing{plural}{each}{precise}{alone}{interrupted}.{warm_up}")
}
