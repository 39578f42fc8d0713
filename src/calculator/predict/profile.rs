//! Reads profiles from the command line.

use super::Question;
use super::from::{Fitted, Found};
use crate::law::WorkSpan;
use crate::law::profile::{Part, PartKind, Profile};
use crate::units;

/// What to give, as error messages show it.
const EXAMPLES: &str = "give a profile (--serial load=100ms --parallel 900ms), or --compute 180ms --communication \
    20ms, or --serial-fraction 0.5,0.1,0.02, or --work 10s --span 1s, or --from FILE";

/// The shortest time in seconds, and the smallest fraction. Ratios of smaller ones would underflow.
const LEAST: f64 = 1e-60;

/// The jobs that are asked about.
pub(super) struct Asked {
    pub(super) profiles: Vec<Profile>,
    /// Whether the times of their parts are known.
    pub(super) timed: bool,
    /// The workers that they were measured on; `None` is one.
    pub(super) measured_on: Option<u64>,
    /// Whether the parts are the compute and the communication of a step.
    pub(super) is_step: bool,
    pub(super) fitted: Option<Fitted>,
    pub(super) work_span: Option<WorkSpan>,
}

/// Returns the jobs that are asked about.
pub(super) fn asked(question: &Question<'_>) -> Result<Asked, String> {
    let of = |profiles, timed| Asked {
        profiles,
        timed,
        measured_on: question.measured_on,
        is_step: question.compute.is_some(),
        fitted: None,
        work_span: None,
    };
    if let Some(found) = question.from {
        return from(found, of(vec![found.profile.clone()], found.timed));
    }
    if let Some((work, span)) = question.work_span {
        let [work, span] = [duration("--work", work, work)?, duration("--span", span, span)?];
        let pair = WorkSpan::new(work, span).map_err(|_| {
            let [work, span] = [work, span].map(units::seconds);
            format!("--work {work} --span {span}: the span is a part of the work, so it is above 0 and no longer")
        })?;
        let profile = Profile::of_two(("span", span), ("rest of the work", work - span));
        let profile = profile.map_err(|fault| fault.to_string())?;
        return Ok(Asked { work_span: Some(pair), ..of(vec![profile], true) });
    }
    let fractions = |option, texts: &[String], serial: fn(f64) -> f64| {
        texts.iter().map(|text| fraction(option, text, serial)).collect::<Result<Vec<_>, _>>()
    };
    let profiles = fractions("--serial-fraction", question.serial_fraction, |share| share)?;
    let profiles = if profiles.is_empty() {
        fractions("--parallel-fraction", question.parallel_fraction, |share| 1.0 - share)?
    } else {
        profiles
    };
    if profiles.is_empty() { Ok(of(vec![profile(question)?], true)) } else { Ok(of(profiles, false)) }
}

/// A job that another command found.
fn from(found: &Found, asked: Asked) -> Result<Asked, String> {
    if found.fitted.is_some() && asked.measured_on.is_some() {
        return Err("--measured-on is for profiles: a fit is about one worker already; leave it out".to_owned());
    }
    let measured_on = asked.measured_on.or(found.measured_on);
    if found.fitted.is_none() && measured_on.is_none() {
        return Err("--from: the trace does not say how many workers shared the step; add --measured-on K".to_owned());
    }
    Ok(Asked { measured_on, is_step: found.fitted.is_none(), fitted: found.fitted.clone(), ..asked })
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

/// Reads a job of which only a fraction is known: its parts are shares of one. `serial` makes it the serial one.
fn fraction(option: &str, text: &str, serial: fn(f64) -> f64) -> Result<Profile, String> {
    let wrong = |what: &str| format!("{option}: {text:?} {what}; write numbers from 0 to 1, such as 0.5,0.1,0.02");
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
    let value = serial(value);
    Profile::of_two(("serial part", value), ("parallel part", 1.0 - value)).map_err(|fault| fault.to_string())
}
