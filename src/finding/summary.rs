//! The closing summary, to be read aloud: what limits this job on this device.

use super::launch::{BATCH, WAITED, line};
use super::series::{around_kernel, speedup_fit};
use super::speedup::{Gain, limit};
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
    let gain = Gain::of(experiment, Quantity::Kernel)?;
    let start = format!(
        "On {} the {} kernel, on {}, {}.",
        words::device(run.device.kind),
        words::workload(experiment),
        words::amount(gain.base.case.problem),
        gain.faster(run, experiment, false)
    );
    let Some((fit, _)) = speedup_fit(experiment, Quantity::Kernel) else {
        return Some(start);
    };
    let Some(ceiling) = fit.attainable_ceiling else {
        return Some(format!("{start} {}", words::sentence(&limit(fit))));
    };
    let full = fit.knee.map(|knee| format!("the hardware is full at {} of them, and ", units::ratio(knee.value)));
    let most = format!("{}{} is the most that it attains", full.unwrap_or_default(), words::ceiling(ceiling));
    Some(format!("{start} {}", words::sentence(&most)))
}

/// The whole job's speedup, its serial fraction, its ceilings, and the phase that sets them.
fn waiting(run: &Run, experiment: &Experiment) -> Option<String> {
    let gain = Gain::of(experiment, Quantity::WholeJob)?;
    let kernel = Gain::of(experiment, Quantity::Kernel)?;
    let only = if gain.speedup.high < kernel.speedup.low { "only " } else { "" };
    let faster = gain.faster(run, experiment, false).replacen("runs ", &format!("runs {only}"), 1);
    let mut text = format!("For whoever waits for the result, the job {faster}");
    let around = around_kernel(gain.best.case).filter(|around| *around > 0.0);
    if let Some(around) = around {
        let around = units::seconds(around);
        text.push_str(&format!(", because no worker shortens the {around} around the kernel"));
    }
    let Some((fit, _)) = speedup_fit(experiment, Quantity::WholeJob) else {
        return Some(text + ".");
    };
    let (serial, ceiling) = (fit.serial_fraction.map(words::percent), fit.attainable_ceiling.map(words::ceiling));
    match serial.zip(ceiling) {
        Some((serial, ceiling)) => {
            text.push_str(&format!(": a serial fraction of {serial}, and a ceiling of {ceiling}."));
            if let Some(unlimited) = fit.asymptotic_ceiling {
                let unlimited = units::ratio(unlimited.value);
                text.push_str(&format!(" (Unlimited hardware would end at {unlimited}: an extrapolation.)"));
            }
        }
        None => text.push_str(&format!(". {}", words::sentence(&limit(fit)))),
    }
    let end = gain.longest_phase().map(|(phase, seconds)| ends_it(phase, seconds / gain.best.time.median));
    Some(text + &end.unwrap_or_default())
}

/// Which part of the fastest job is the longest.
fn ends_it(phase: Phase, share: f64) -> String {
    let share = units::percent(share);
    match phase {
        Phase::Kernel => format!(" What is left is mostly the kernel itself, on full hardware: {share}."),
        _ => format!(" {} sets that ceiling: {share} of what is left.", words::capital(words::phase(phase))),
    }
}

/// A further workload, in one sentence.
fn other(run: &Run, experiment: &Experiment) -> Option<String> {
    let gain = Gain::of(experiment, Quantity::WholeJob)?;
    let (phase, seconds) = gain.longest_phase()?;
    Some(format!(
        "The whole {} job, on {}, {}; {} is {} of that.",
        words::workload(experiment),
        words::amount(gain.base.case.problem),
        gain.faster(run, experiment, false),
        words::phase(phase),
        units::percent(seconds / gain.best.time.median),
    ))
}

/// What one launch costs, waited for and in a batch.
fn launches(experiment: &Experiment) -> Option<String> {
    let cost = |rung: &str| line(experiment, rung)?.slope.map(|slope| units::seconds(slope.value));
    match (cost(WAITED), cost(BATCH)) {
        (Some(waited), Some(batch)) => {
            Some(format!("One launch costs {waited} when it is waited for, {batch} in a batch."))
        }
        (Some(waited), None) => Some(format!("One launch costs {waited} when it is waited for.")),
        (None, Some(batch)) => Some(format!("One launch costs {batch} in a batch.")),
        (None, None) => None,
    }
}
