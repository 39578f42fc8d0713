//! The answer in sentences.

use super::straggler::Straggler;
use super::{Kind, TraceReport};
use crate::page::words;
use crate::units;

/// Idle time from this share of a step on is told.
const MUCH_IDLE: f64 = 0.1;

/// Most steps that are named.
const MOST_STEPS: usize = 3;

/// Names s: `s(8)`, or `s` on an unknown number of workers.
pub(super) fn share(report: &TraceReport) -> String {
    report.measured_on.map_or("s".to_owned(), |workers| format!("s({})", words::whole(workers)))
}

/// Names what is divided: a step, or the whole time.
pub(super) fn a_step(report: &TraceReport) -> &'static str {
    if report.has_steps { "a step" } else { "the time" }
}

/// Names what a worker is, where a rank has several.
pub(super) fn place(report: &TraceReport) -> &'static str {
    if report.on_device { "device" } else { "process" }
}

/// Says where the times come from.
pub(super) fn source(report: &TraceReport) -> &'static str {
    if report.on_device {
        "kernels and copies of the device"
    } else {
        "operations of the host, because no event is of a device; of nested ones the innermost counts"
    }
}

/// Says which steps there are.
pub(super) fn steps(report: &TraceReport) -> String {
    let numbers = || report.workers.iter().flat_map(|row| row.steps.iter().map(|step| step.number));
    match (report.has_steps, numbers().min(), numbers().max()) {
        (true, Some(first), Some(last)) => {
            let counts = || report.workers.iter().map(|row| row.steps.len() as u64);
            let (least, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
            let each = if least == most { String::new() } else { format!("{} to ", units::count(least)) };
            format!("{each}{} on each rank, ProfilerStep#{first} to #{last}; numbers are means", units::count(most))
        }
        _ => "none marked (ProfilerStep#N) on every rank: the time is from the first event to the last".to_owned(),
    }
}

/// Returns the answer, the most important first.
pub(super) fn findings(report: &TraceReport) -> Vec<String> {
    let mut sentences = exposed(report);
    sentences.extend(hidden(report));
    sentences.extend(report.straggler.as_ref().map(|straggler| last(report, straggler)));
    sentences.extend(idle(report));
    sentences.extend(unusual(report));
    sentences
}

fn exposed(report: &TraceReport) -> Vec<String> {
    let (step, law, s) = (&report.step, &report.law.as_it_is, share(report));
    if !report.names.iter().any(|named| named.kind == Kind::Communication) {
        return vec![format!(
            "No event has a name of communication, so {s} is 0. --communication REGEX says which names are."
        )];
    }
    let mut sentences = vec![format!(
        "Exposed communication takes {} of {}: {} of {}. That is {s}.",
        units::percent(law.serial_share),
        a_step(report),
        units::seconds(step.exposed_seconds),
        units::seconds(step.seconds)
    )];
    match (law.ceiling_from_here, law.serial_fraction, law.ceiling) {
        (Some(here), Some(fraction), Some(ceiling)) => {
            sentences.push(format!(
                "On one worker it would be s(1) = {}: a ceiling of {} times. From here more workers are at most {} \
                 times faster.",
                units::percent(fraction),
                units::ratio(ceiling),
                units::hundredths(here)
            ));
        }
        (Some(here), ..) => sentences.push(format!(
            "From here more workers are at most {} times faster. Give --measured-on K for s(1) and the ceiling over \
             one worker.",
            units::hundredths(here)
        )),
        _ => {}
    }
    sentences
}

fn hidden(report: &TraceReport) -> Option<String> {
    let (step, law) = (&report.step, &report.law);
    if step.communication_seconds <= 0.0 {
        return None;
    }
    let hidden = units::percent(step.hidden_seconds / step.communication_seconds);
    let all = &law.all_hidden;
    let rest = if all.exposed_seconds > 0.0 {
        format!("; {} cannot hide, there is too little else", units::seconds(all.exposed_seconds))
    } else {
        String::new()
    };
    Some(format!(
        "{hidden} of the communication is hidden. With all of it hidden {} takes {}, {} times faster{rest}; with \
         nothing hidden {}.",
        a_step(report),
        units::seconds(all.seconds),
        units::hundredths(all.times_faster),
        units::seconds(law.none_hidden.seconds)
    ))
}

fn last(report: &TraceReport, straggler: &Straggler) -> String {
    let name = report.workers[straggler.index].name(place(report));
    let steps = match (report.has_steps, straggler.of_steps) {
        (true, of) => format!(" in {} of {}", straggler.last_in_steps, words::counted(of as u64, "step")),
        (false, _) => String::new(),
    };
    format!(
        "{} is the last to arrive{steps}: it waits least in communication, the others {} longer. Give it less work, or \
         find out what slows it down.",
        words::capital(&name),
        units::seconds(straggler.others_wait_seconds)
    )
}

fn idle(report: &TraceReport) -> Option<String> {
    let idle = report.step.idle_seconds / report.step.seconds;
    (idle >= MUCH_IDLE).then(|| {
        format!(
            "The {} is idle for {} of {}. If more workers do not shorten that either, {} is {}.",
            place(report),
            units::percent(idle),
            a_step(report),
            share(report),
            units::percent(report.law.serial_share_with_idle)
        )
    })
}

fn unusual(report: &TraceReport) -> Option<String> {
    let steps = &report.unusual_steps;
    let one = |step: &super::Unusual| {
        let (seconds, times) = (units::seconds(step.seconds), units::hundredths(step.times_the_median));
        format!("step {} takes {seconds}, {times} times the median", step.number)
    };
    let told: Vec<String> = steps.iter().take(MOST_STEPS).map(one).collect();
    let more = steps.len().saturating_sub(MOST_STEPS);
    let more = if more > 0 { format!("; {more} more differ") } else { String::new() };
    (!told.is_empty()).then(|| words::sentence(&format!("{}{more}", told.join("; "))))
}
