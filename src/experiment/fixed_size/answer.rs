//! The answer in the summary, to be read aloud: what limits this job on this device.

use super::read::Reading;
use super::say::Gain;
use crate::experiment::View;
use crate::experiment::cases::phase;
use crate::law::speedup::SpeedupFit;
use crate::page::speedup::limit;
use crate::page::words;
use crate::record::{Phase, Quantity};
use crate::units;

/// Further workloads that the summary names.
const FEW: usize = 3;

/// Answers at length for the first workload, and in one sentence for each of the next few.
pub(super) fn sentences(views: &[View<'_, Reading>]) -> Vec<String> {
    let Some((first, others)) = views.split_first() else {
        return Vec::new();
    };
    let first = [kernel(*first), waiting(*first)].into_iter().flatten();
    first.chain(others.iter().filter_map(|view| other(*view)).take(FEW)).collect()
}

/// The kernel's speedup, and what the hardware allows.
fn kernel(view: View<'_, Reading>) -> Option<String> {
    let gain = Gain::of(view.measured, Quantity::Kernel)?;
    let start = format!(
        "On {} the {} kernel, on {}, {}.",
        words::device(view.run.device.kind),
        words::workload(view.measured),
        words::amount(gain.base.case.problem),
        gain.faster(view, false)
    );
    let fit = &view.reading.kernel.fit;
    let Some(ceiling) = fit.attainable_ceiling else {
        return Some(format!("{start} {}", words::sentence(&limit(fit, ""))));
    };
    let full = fit.knee.map(|knee| format!("the hardware is full at {} of them; ", units::ratio(knee.value)));
    let most = format!("{}the most that it attains is {}", full.unwrap_or_default(), words::ceiling(ceiling));
    Some(format!("{start} {}", words::sentence(&most)))
}

/// The whole job's speedup, its serial fraction, its ceilings, and the phase that sets them.
fn waiting(view: View<'_, Reading>) -> Option<String> {
    let gain = Gain::of(view.measured, Quantity::WholeJob)?;
    let kernel = Gain::of(view.measured, Quantity::Kernel)?;
    let only = gain.speedup.high < kernel.speedup.low;
    let faster = gain.faster(view, false);
    let faster =
        faster.strip_prefix("runs ").filter(|_| only).map_or(faster.clone(), |rest| format!("runs only {rest}"));
    let law = law(&view.reading.whole_job.fit);
    let because = if gain.speedup.low > 1.0 { because(&gain) } else { String::new() };
    let text = format!("For whoever waits for the result, the job {faster}{because}{law}");
    let (phase, seconds) = gain.longest_phase()?;
    Some(text + &ends_it(phase, seconds / gain.best.time.median))
}

/// What the time of the fastest job consists of: the end of a sentence about its speedup.
fn because(gain: &Gain<'_>) -> String {
    let Some(kernel) = phase(gain.best.case, Phase::Kernel) else {
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
        return format!(". {}", words::sentence(&limit(fit, "")));
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
fn other(view: View<'_, Reading>) -> Option<String> {
    let gain = Gain::of(view.measured, Quantity::WholeJob)?;
    let (phase, seconds) = gain.longest_phase()?;
    Some(format!(
        "The whole {} job, on {}, {}; {} is {} of that.",
        words::workload(view.measured),
        words::amount(gain.base.case.problem),
        gain.faster(view, false),
        words::phase(phase),
        units::percent(seconds / gain.best.time.median),
    ))
}
