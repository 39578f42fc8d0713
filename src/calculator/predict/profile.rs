//! Reads profiles from the command line.

use super::Question;
use crate::law::profile::{Part, PartKind, Profile};
use crate::units;

/// What to give, as error messages show it.
const EXAMPLES: &str = "give a profile (--serial load=100ms --parallel 900ms), or --compute 180ms --communication \
    20ms, or --serial-fraction 0.5,0.1,0.02";

/// The shortest time in seconds, and the smallest fraction. Ratios of smaller ones would underflow.
const LEAST: f64 = 1e-60;

/// Returns the jobs that are asked about, and whether the times of their parts are known.
pub(super) fn profiles(question: &Question<'_>) -> Result<(Vec<Profile>, bool), String> {
    if question.serial_fraction.is_empty() {
        return Ok((vec![profile(question)?], true));
    }
    Ok((question.serial_fraction.iter().map(|text| fraction(text)).collect::<Result<_, _>>()?, false))
}

/// The profile that the options describe.
fn profile(question: &Question<'_>) -> Result<Profile, String> {
    let mut parts = Vec::new();
    for text in question.serial {
        parts.push(part("--serial", "serial", text, PartKind::Serial)?);
    }
    for text in question.parallel {
        parts.push(part("--parallel", "parallel", text, PartKind::Parallel)?);
    }
    for (option, name, text, kind) in [
        ("--compute", "compute", question.compute, PartKind::Parallel),
        ("--communication", "communication", question.communication, PartKind::Serial),
    ] {
        if let Some(text) = text {
            parts.push(Part { name: name.to_owned(), seconds: duration(option, text, text)?, kind });
        }
    }
    if parts.is_empty() {
        return Err(format!("nothing to predict from; {EXAMPLES}"));
    }
    distinct(&mut parts)?;
    Profile::new(parts).map_err(|fault| format!("{fault}; {EXAMPLES}"))
}

/// `load=100ms` or `100ms`.
fn part(option: &str, unnamed: &str, text: &str, kind: PartKind) -> Result<Part, String> {
    let (name, time) = text.split_once('=').unwrap_or((unnamed, text));
    let name = name.trim();
    if name.is_empty() {
        return Err(format!("{option}: no name before `=` in {text:?}; write {option} load=100ms"));
    }
    Ok(Part { name: name.to_owned(), seconds: duration(option, time, text)?, kind })
}

fn duration(option: &str, time: &str, whole: &str) -> Result<f64, String> {
    match units::parse_duration(time).map_err(|error| format!("{option} {whole}: {error}"))? {
        s if s > 0.0 && s < LEAST => Err(format!("{option} {whole}: too short; give a time of at least {LEAST:e} s")),
        s => Ok(s),
    }
}

/// Numbers parts without a name, and refuses two of one name.
fn distinct(parts: &mut [Part]) -> Result<(), String> {
    for unnamed in ["serial", "parallel"] {
        if parts.iter().filter(|part| part.name == unnamed).count() > 1 {
            let same = parts.iter_mut().filter(|part| part.name == unnamed);
            for (index, part) in same.enumerate() {
                part.name = format!("{unnamed} {}", index + 1);
            }
        }
    }
    for (index, part) in parts.iter().enumerate() {
        if parts[..index].iter().any(|other| other.name == part.name) {
            return Err(format!("two parts are called {:?}; give each its own name", part.name));
        }
    }
    Ok(())
}

/// Reads a job with a known serial fraction only: its parts are shares of one.
fn fraction(text: &str) -> Result<Profile, String> {
    let wrong =
        |what: &str| format!("--serial-fraction: {text:?} {what}; write numbers from 0 to 1, such as 0.5,0.1,0.02");
    let (number, unit) = match text.trim().strip_suffix('%') {
        Some(percent) => (percent.trim(), 0.01),
        None => (text.trim(), 1.0),
    };
    let value = number.parse::<f64>().map_err(|_| wrong("is not a number"))? * unit;
    if !(0.0..=1.0).contains(&value) {
        return Err(wrong("is not between 0 and 1"));
    }
    if value > 0.0 && value < LEAST {
        return Err(wrong("is too small"));
    }
    let part = |name: &str, seconds, kind| Part { name: name.to_owned(), seconds, kind };
    Profile::new(vec![
        part("serial part", value, PartKind::Serial),
        part("parallel part", 1.0 - value, PartKind::Parallel),
    ])
    .map_err(|fault| fault.to_string())
}
