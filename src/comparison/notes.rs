//! What a reader must know before any number: how the runs differ beside their speed. Each is said once.

use serde::Serialize;

use super::Subject;
use super::pair::Pair;
use crate::law::Comparison;
use crate::page::stamp::{kernel_clocks, stamps};
use crate::page::words;
use crate::record::{Clock, DeviceKind, Effort};
use crate::stats::median;
use crate::units;

/// A remark on the runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Note {
    /// In one word, for programs.
    pub(super) code: &'static str,
    pub(super) text: String,
}

/// Returns the remarks: what the runs differ in, then the warnings of each.
pub(super) fn notes(subjects: &[Subject], pairs: &[Pair<'_>]) -> Vec<Note> {
    let several = |values: &[String]| values.iter().any(|value| *value != values[0]);
    let of = |value: fn(&Subject) -> String| subjects.iter().map(value).collect::<Vec<_>>();
    let mut notes = Vec::new();
    let models = of(|subject| (subject.run.device.kind == DeviceKind::Simulated).to_string());
    if several(&models) {
        let text = "Models and measured devices: a model's times follow from a data sheet.";
        notes.push(Note { code: "models-and-measured", text: text.to_owned() });
    }
    let versions = of(version);
    if several(&versions) {
        let text = format!("Different versions of the program measured them: {}.", distinct(versions).join(", "));
        notes.push(Note { code: "different-versions", text });
    }
    let efforts = of(|subject| effort(subject.run.effort).to_owned());
    if several(&efforts) {
        let text = format!("The runs are {}: the longer one knows its times better.", distinct(efforts).join(" and "));
        notes.push(Note { code: "different-efforts", text });
    }
    // What a model says is of no clock: it is compared with any.
    let clocks = distinct(of(clock));
    if clocks.len() > 1 {
        let text =
            format!("Different clocks timed the kernels ({}): kernels across them stay undecided.", clocks.join("; "));
        notes.push(Note { code: "different-clocks", text });
    }
    notes.extend(warnings(subjects));
    notes.extend(undecided(subjects, pairs));
    notes
}

/// Says why most times of most runs stay undecided, if they do, and how far two times must differ to be told apart.
fn undecided(subjects: &[Subject], pairs: &[Pair<'_>]) -> Option<Note> {
    let is_so = |pair: &&Pair<'_>| 2 * pair.count(Comparison::Undecided) > pair.times.len();
    let found: Vec<&Pair<'_>> = pairs.iter().filter(is_so).collect();
    (2 * found.len() > pairs.len()).then_some(())?;
    let reaches: Vec<f64> = found.iter().filter_map(|pair| pair.reach()).collect();
    let noises: Vec<f64> = found.iter().map(|pair| pair.noise()).collect();
    let [reach, noise] = [median(&reaches)?, median(&noises)?].map(units::percent);
    let disturbance = found.iter().find_map(|pair| pair.disturbance());
    let is_quick = subjects.iter().any(|subject| subject.run.effort == Effort::Quick);
    let advice = match disturbance {
        Some(why) => format!(" Nothing is proven, for {}. Measure again on a quiet machine.", words::why(why)),
        None if is_quick => " A run without --quick knows its times better.".to_owned(),
        None => String::new(),
    };
    let text = format!(
        "Most times are UNDECIDED: from one run to the next they differ by {noise}, so a difference below \
         {reach} cannot be told.{advice}"
    );
    Some(Note { code: "mostly-undecided", text })
}

/// The warnings of the runs, each with the runs that have it.
fn warnings(subjects: &[Subject]) -> Vec<Note> {
    let mut all: Vec<(&'static str, &'static str, Vec<&str>)> = Vec::new();
    for subject in subjects {
        for stamp in stamps(&subject.run) {
            match all.iter_mut().find(|(code, ..)| *code == stamp.code) {
                // A run may have a warning several times.
                Some((.., who)) if who.last() == Some(&subject.label.as_str()) => {}
                Some((.., who)) => who.push(&subject.label),
                None => all.push((stamp.code, stamp.short, vec![&subject.label])),
            }
        }
    }
    let note = |(code, short, who): (&'static str, &'static str, Vec<&str>)| {
        let who = match who.len() {
            all if all == subjects.len() => "all runs".to_owned(),
            1 | 2 => who.join(", "),
            some => format!("{some} of {} runs", subjects.len()),
        };
        Note { code, text: words::sentence(&format!("{short} ({who})")) }
    };
    all.into_iter().map(note).collect()
}

/// The program that measured a run.
pub(super) fn version(subject: &Subject) -> String {
    let (version, commit) = subject.version();
    commit.map_or_else(
        || version.to_owned(),
        |commit| format!("{version} ({})", commit.chars().take(12).collect::<String>()),
    )
}

/// How long a run was.
pub(super) fn effort(effort: Effort) -> &'static str {
    match effort {
        Effort::Quick => "quick",
        Effort::Default => "default",
        Effort::Thorough => "thorough",
    }
}

/// The clocks of the kernels of a measured device.
fn clock(subject: &Subject) -> String {
    let clocks = kernel_clocks(&subject.run).into_iter().filter(|clock| *clock != Clock::Simulated);
    clocks.map(words::clock).collect::<Vec<_>>().join(" and ")
}

fn distinct(values: Vec<String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for value in values {
        if !value.is_empty() && !all.contains(&value) {
            all.push(value);
        }
    }
    all
}
