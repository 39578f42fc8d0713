//! The closing summary, to be read aloud: what limits this job on this device.

use super::launch::{BATCH, WAITED, line};
use super::series::{self, speedup_fit};
use super::speedup::{Gain, limit};
use super::{size, transfers};
use crate::law::speedup::SpeedupFit;
use crate::page::words;
use crate::record::{Experiment, Phase, Quantity, Run};
use crate::units;

/// More workloads than this are summed up together, or left to their own sections.
const FEW: usize = 3;

/// The sentences, in the order of reading.
pub(super) fn sentences(run: &Run) -> Vec<String> {
    let named = |name: &'static str| run.experiments.iter().filter(move |experiment| experiment.name == name);
    let mut fixed = named("fixed-size");
    let first = fixed.next();
    let mut sentences: Vec<String> = Vec::new();
    sentences.extend(first.and_then(|experiment| kernel(run, experiment)));
    sentences.extend(first.and_then(|experiment| waiting(run, experiment)));
    sentences.extend(fixed.filter_map(|experiment| other(run, experiment)).take(FEW));
    sentences.extend(named("launch-overhead").next().and_then(launches));
    sentences.extend(named("transfers").next().and_then(|experiment| transfers::aloud(run, experiment)));
    let sizes: Vec<&Experiment> = named("problem-size").collect();
    if sizes.len() > FEW {
        sentences.extend(size::digest(run, &sizes));
    } else {
        sentences.extend(sizes.into_iter().filter_map(|experiment| {
            let text = size::crossover(run, experiment)?;
            Some(words::sentence(&format!("for {}, {text}", words::workload(experiment))))
        }));
    }
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
    let full = fit.knee.map(|knee| format!("the hardware is full at {} of them; ", units::ratio(knee.value)));
    let most = format!("{}the most that it attains is {}", full.unwrap_or_default(), words::ceiling(ceiling));
    Some(format!("{start} {}", words::sentence(&most)))
}

/// The whole job's speedup, its serial fraction, its ceilings, and the phase that sets them.
fn waiting(run: &Run, experiment: &Experiment) -> Option<String> {
    let gain = Gain::of(experiment, Quantity::WholeJob)?;
    let kernel = Gain::of(experiment, Quantity::Kernel)?;
    let only = if gain.speedup.high < kernel.speedup.low { "only " } else { "" };
    let faster = gain.faster(run, experiment, false).replacen("runs ", &format!("runs {only}"), 1);
    let law = speedup_fit(experiment, Quantity::WholeJob).map_or(".".to_owned(), |(fit, _)| law(fit));
    let because = if gain.speedup.low > 1.0 { because(&gain) } else { String::new() };
    let text = format!("For whoever waits for the result, the job {faster}{because}{law}");
    let (phase, seconds) = gain.longest_phase()?;
    Some(text + &ends_it(phase, seconds / gain.best.time.median))
}

/// What the time of the fastest job consists of: the end of a sentence about its speedup.
fn because(gain: &Gain<'_>) -> String {
    let Some(kernel) = series::phase(gain.best.case, Phase::Kernel) else {
        return String::new();
    };
    // Not the sum of the phases' medians, which need not add up to the median of the whole.
    let around = gain.best.time.median - kernel;
    match around {
        around if around <= 0.0 => String::new(),
        around if around < kernel => format!(
            ", because the kernel still takes {} of that and no worker shortens the {} around it",
            units::seconds(kernel),
            units::seconds(around)
        ),
        around => format!(", because no worker shortens the {} around the kernel", units::seconds(around)),
    }
}

/// What the law says of a whole job: the end of a sentence about its speedup.
fn law(fit: &SpeedupFit) -> String {
    let Some((serial, ceiling)) = fit.serial_fraction.zip(fit.attainable_ceiling) else {
        return format!(". {}", words::sentence(&limit(fit)));
    };
    let unlimited = fit.asymptotic_ceiling.map(|ceiling| units::ratio(ceiling.value));
    // Where the hardware does not limit the job, both ceilings are one.
    let unlimited = unlimited
        .filter(|unlimited| *unlimited != units::ratio(ceiling.value))
        .map(|unlimited| format!(" (Unlimited hardware would end at {unlimited}: an extrapolation.)"));
    format!(
        ": a serial fraction of {}, and a ceiling of {}.{}",
        words::percent(serial),
        words::ceiling(ceiling),
        unlimited.unwrap_or_default()
    )
}

/// Which part of the fastest job is the longest. That the kernel can be is said before.
fn ends_it(phase: Phase, share: f64) -> String {
    if phase == Phase::Kernel {
        return String::new();
    }
    let share = units::percent(share);
    format!(" {} sets that ceiling: {share} of what is left.", words::capital(words::phase(phase)))
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
    let cost = |rung: &str| line(experiment, rung)?.slope().map(words::about);
    match (cost(WAITED), cost(BATCH)) {
        (Some(waited), Some(batch)) => {
            Some(format!("One launch costs {waited} when it is waited for, {batch} in a batch."))
        }
        (Some(waited), None) => Some(format!("One launch costs {waited} when it is waited for.")),
        _ => None,
    }
}
