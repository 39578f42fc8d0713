//! The closing summary, to be read aloud: what limits this job on this device.

use super::launch::{BATCH, WAITED, line};
use super::series::{Speedups, serial_phases, speedup_fit};
use super::speedup::{gain, limit};
use super::{size, words};
use crate::record::{Experiment, Phase, Quantity, Run};
use crate::units;

/// The sentences, in the order of reading.
pub(super) fn sentences(run: &Run) -> Vec<String> {
    let named = |name: &'static str| run.experiments.iter().filter(move |experiment| experiment.name == name);
    let mut fixed = named("fixed-size");
    let first = fixed.next();
    let mut sentences: Vec<String> = Vec::new();
    sentences.extend(first.and_then(|experiment| kernel(run, experiment)));
    sentences.extend(first.and_then(|experiment| waiting(run, experiment)));
    sentences.extend(fixed.filter_map(|experiment| other(run, experiment)));
    sentences.extend(named("launch-overhead").next().and_then(launches));
    sentences.extend(named("problem-size").filter_map(|experiment| {
        let text = size::crossover(run, experiment)?;
        Some(words::sentence(&format!("for {}, {text}", words::workload(experiment))))
    }));
    sentences
}

/// The kernel's speedup, and what the hardware allows.
fn kernel(run: &Run, experiment: &Experiment) -> Option<String> {
    let gain = gain(run, experiment, Quantity::Kernel)?;
    let job = words::amount(experiment.cases.first()?.problem);
    let device = words::device(run.device.kind);
    let start = format!("On {device} the {} kernel on {job} is {gain}.", words::workload(experiment));
    let Some((fit, _)) = speedup_fit(experiment, Quantity::Kernel) else {
        return Some(start);
    };
    let ceiling = fit.attainable_ceiling.map(|ceiling| {
        let full = fit.knee.map_or(String::new(), |knee| format!(", and it is full at {} workers", words::ratio(knee)));
        format!(" The most that this hardware attains on it is {}{full}.", words::ratio(ceiling))
    });
    Some(start + &ceiling.unwrap_or_else(|| format!(" {}", words::sentence(&limit(fit)))))
}

/// The whole job's speedup, its serial fraction, its ceilings, and the phase that sets them.
fn waiting(run: &Run, experiment: &Experiment) -> Option<String> {
    let speedups = Speedups::of(experiment, Quantity::WholeJob)?;
    let gain = gain(run, experiment, Quantity::WholeJob)?;
    let (best, _) = speedups.best()?;
    let phases = serial_phases(best.case);
    let serial: f64 = phases.iter().map(|(_, seconds)| seconds).sum();
    let mut text = format!("For whoever waits for the result the job is {gain}");
    if serial > 0.0 {
        let rest = units::seconds(serial);
        text.push_str(&format!(", of which {rest} outside the kernel is what no worker can shorten"));
    }
    text.push('.');
    if let Some((fit, by_timers)) = speedup_fit(experiment, Quantity::WholeJob) {
        text.push_str(&format!(" {}.", limit(fit).trim_end_matches('.')));
        if let Some(share) = by_timers {
            text.push_str(&format!(" The phase timers say {} serial.", words::percent(share)));
        }
        if let Some(ceiling) = fit.asymptotic_ceiling {
            text.push_str(&format!(
                " Unlimited hardware would end at {} by the law: an extrapolation.",
                words::ratio(ceiling)
            ));
        }
    }
    Some(text + &sets_the_ceiling(best.time.median, best.case, &phases).unwrap_or_default())
}

/// Which part of the fastest job is the longest.
fn sets_the_ceiling(total: f64, case: &crate::record::Case, phases: &[(Phase, f64)]) -> Option<String> {
    let kernel = super::series::phase(case, Phase::Kernel)?;
    let (phase, seconds) =
        phases.first().copied().filter(|(_, seconds)| *seconds > kernel).unwrap_or((Phase::Kernel, kernel));
    let name = words::capital(words::phase(phase));
    Some(format!(
        " {name} sets that ceiling: {} of the {} that are left ({}).",
        units::seconds(seconds),
        units::seconds(total),
        units::percent(seconds / total)
    ))
}

/// A further workload, in one sentence.
fn other(run: &Run, experiment: &Experiment) -> Option<String> {
    let gain = gain(run, experiment, Quantity::WholeJob)?;
    let speedups = Speedups::of(experiment, Quantity::WholeJob)?;
    let (best, _) = speedups.best()?;
    let (phase, seconds) = serial_phases(best.case).first().copied()?;
    Some(format!(
        "{} on {} as a whole is {gain}, {} of it {}.",
        words::capital(&words::workload(experiment)),
        words::amount(best.case.problem),
        units::percent(seconds / best.time.median),
        words::phase(phase),
    ))
}

/// What one launch costs, waited for and in a batch.
fn launches(experiment: &Experiment) -> Option<String> {
    let cost = |rung: &str| line(experiment, rung)?.slope;
    match (cost(WAITED), cost(BATCH)) {
        (Some(waited), Some(batch)) => Some(format!(
            "One launch costs {} when it is waited for, {} in a batch.",
            words::seconds(waited),
            words::seconds(batch)
        )),
        (Some(waited), None) => Some(format!("One launch costs {} when it is waited for.", words::seconds(waited))),
        (None, Some(batch)) => Some(format!("One launch costs {} in a batch.", words::seconds(batch))),
        (None, None) => None,
    }
}
