//! `amdahl predict`: both laws from a profile or a serial fraction, without measuring.

use super::{Failure, list_format, print};
use crate::cli::PredictArgs;
use crate::law::predict::predict as predict_by_laws;
use crate::law::profile::{Part, PartKind, Profile};
use crate::page::reason::reason;
use crate::page::{Job, PredictReport};
use crate::units;

/// What can be predicted from, as error messages show it.
const EXAMPLES: &str = "give a profile (--serial load=100ms --parallel 900ms), or --compute 180ms --communication 20ms, \
    or --serial-fraction 0.5,0.1,0.02";

/// Predicts and prints.
pub(super) fn predict(args: &PredictArgs) -> Result<(), Failure> {
    let workers: Vec<f64> = args.workers.0.iter().map(|&count| count as f64).collect();
    let (profiles, timed) = if args.serial_fraction.is_empty() {
        (vec![profile(args)?], true)
    } else {
        (args.serial_fraction.iter().map(|text| fraction(text)).collect::<Result<_, _>>()?, false)
    };
    let jobs = profiles.into_iter().map(|profile| job(profile, timed, args.compute.is_some(), &workers));
    let report = PredictReport { jobs: jobs.collect::<Result<_, _>>()?, effective: args.effective };
    print(&report.write(list_format(args.format)).map_err(|error| Failure::usage(error.to_string()))?)
}

fn job(profile: Profile, timed: bool, communicates: bool, workers: &[f64]) -> Result<Job, Failure> {
    let prediction =
        predict_by_laws(profile.serial_fraction(), workers).map_err(|fault| Failure::usage(reason(&fault)))?;
    Ok(Job { profile, timed, communicates, prediction })
}

/// The profile that the options describe.
fn profile(args: &PredictArgs) -> Result<Profile, Failure> {
    let mut parts = Vec::new();
    for text in &args.serial {
        parts.push(part("--serial", "serial", text, PartKind::Serial)?);
    }
    for text in &args.parallel {
        parts.push(part("--parallel", "parallel", text, PartKind::Parallel)?);
    }
    for (option, name, text, kind) in [
        ("--compute", "compute", &args.compute, PartKind::Parallel),
        ("--communication", "communication", &args.communication, PartKind::Serial),
    ] {
        if let Some(text) = text {
            parts.push(Part { name: name.to_owned(), seconds: duration(option, text, text)?, kind });
        }
    }
    if parts.is_empty() {
        return Err(Failure::usage(format!("there is nothing to predict from: {EXAMPLES}")));
    }
    distinct(&mut parts)?;
    Profile::new(parts).map_err(|fault| Failure::usage(format!("{}: {EXAMPLES}", reason(&fault))))
}

/// `load=100ms` or `100ms`.
fn part(option: &str, unnamed: &str, text: &str, kind: PartKind) -> Result<Part, Failure> {
    let (name, time) = text.split_once('=').unwrap_or((unnamed, text));
    let name = name.trim();
    if name.is_empty() {
        return Err(Failure::usage(format!("{option}: the name is empty in {text:?}; write {option} load=100ms")));
    }
    Ok(Part { name: name.to_owned(), seconds: duration(option, time, text)?, kind })
}

fn duration(option: &str, time: &str, whole: &str) -> Result<f64, Failure> {
    let seconds = units::parse_duration(time).map_err(|error| Failure::usage(format!("{option} {whole}: {error}")))?;
    // Shorter times would underflow where they are divided by each other.
    match seconds {
        s if s > 0.0 && s < 1e-60 => Err(Failure::usage(format!("{option} {whole}: shorter than anything that runs"))),
        s => Ok(s),
    }
}

/// Numbers parts without a name, and refuses two of one name.
fn distinct(parts: &mut [Part]) -> Result<(), Failure> {
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
            return Err(Failure::usage(format!("two parts are called {:?}; give each a name of its own", part.name)));
        }
    }
    Ok(())
}

/// A job of which only the serial fraction is known: its parts are shares of one.
fn fraction(text: &str) -> Result<Profile, Failure> {
    let wrong = |what: &str| {
        Failure::usage(format!("--serial-fraction: {text:?} {what}; write numbers from 0 to 1, such as 0.5,0.1,0.02"))
    };
    let (number, unit) = match text.trim().strip_suffix('%') {
        Some(percent) => (percent.trim(), 0.01),
        None => (text.trim(), 1.0),
    };
    let value = number.parse::<f64>().map_err(|_| wrong("is no number"))? * unit;
    if !(0.0..=1.0).contains(&value) {
        return Err(wrong("is not between 0 and 1"));
    }
    if value > 0.0 && value < 1e-60 {
        return Err(wrong("is too small to tell from 0"));
    }
    let part = |name: &str, seconds, kind| Part { name: name.to_owned(), seconds, kind };
    let parts =
        vec![part("serial part", value, PartKind::Serial), part("parallel part", 1.0 - value, PartKind::Parallel)];
    Profile::new(parts).map_err(|fault| Failure::usage(reason(&fault)))
}
