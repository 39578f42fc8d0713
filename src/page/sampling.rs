//! What stands under every section: the cases that were left out, and how the others were sampled.

use super::block::Block;
use super::words;
use crate::record::{Measured, Measurement, Skipped, Stop};
use crate::units;

/// Returns the cases that were left out, and why sampling ended.
pub(crate) fn blocks(measured: &Measured) -> Vec<Block> {
    skipped(measured).into_iter().chain([Block::text(sampling(measured))]).collect()
}

/// The cases that could not run. Those whose reasons differ by their numbers alone are told by the first of them.
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
    (!items.is_empty()).then(|| Block::List { lead: format!("Skipped ({})", measured.skipped.len()), items })
}

/// The words of a text that are neither numbers nor units.
fn words_of(text: &str) -> Vec<&str> {
    let bare = text.split_whitespace().map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()));
    bare.filter(|word| word.len() > 2 && !word.contains(|letter: char| letter.is_ascii_digit())).collect()
}

fn sampling(measured: &Measured) -> String {
    let blocks = measured.order.len();
    let cases = words::counted(measured.cases.len() as u64, "case");
    let reasons: Vec<String> = Stop::ALL.into_iter().filter_map(|stop| stopped(measured, stop)).collect();
    let reasons = if reasons.is_empty() { String::new() } else { format!(" {}.", reasons.join("; ")) };
    let warm_up = measured.warm_up.map_or(String::new(), |warm_up| {
        let rounds = if warm_up.rounds == 1 { "round" } else { "rounds" };
        let end = if warm_up.settled {
            "until the canary kept its time"
        } else {
            "which was too short to see the canary keep its time"
        };
        format!(" Warm-up: {} {rounds} in {}, {end}.", warm_up.rounds, units::seconds(warm_up.seconds))
    });
    format!(
        "{cases}, {blocks} repetition blocks in shuffled order; stopped by: {}.{reasons}{warm_up}",
        measured.stopped
    )
}

/// How many cases stopped for that reason, and which, where they are few.
fn stopped(measured: &Measured, stop: Stop) -> Option<String> {
    let precise = format!("known within {}", units::whole_percent(Stop::NARROW));
    let reason = match stop {
        Stop::Precise => &precise,
        Stop::Plateau => "whose interval shrinks no more",
        Stop::Budget => "at the end of their time",
        Stop::Interrupted => "interrupted",
    };
    let cases: Vec<&Measurement> = measured.cases.iter().filter(|case| case.stopped == Some(stop)).collect();
    let samples = |case: &&Measurement| case.repetitions();
    let (least, most) = (cases.iter().map(samples).min()?, cases.iter().map(samples).max()?);
    let samples = if least == most { format!("{least} samples") } else { format!("{least} to {most} samples") };
    Some(format!("{} {reason} ({samples})", cases.len()))
}
