//! What a strong-scaling experiment shows: how much faster, and what ends it.

use super::series::{Speedups, serial_phases, speedup_fit};
use super::words;
use crate::law::speedup::SpeedupFit;
use crate::record::{Experiment, Quantity, Run};
use crate::units;

/// Two sentences: the kernel, and the job as a user waits for it.
pub(super) fn sentences(run: &Run, experiment: &Experiment) -> Vec<String> {
    [kernel(run, experiment), whole_job(run, experiment)].into_iter().flatten().collect()
}

fn kernel(run: &Run, experiment: &Experiment) -> Option<String> {
    let gain = gain(run, experiment, Quantity::Kernel)?;
    let problem = words::problem(experiment.cases.first()?.problem);
    let start = format!("{} ({problem}): the kernel is {gain}", words::workload(experiment));
    let limit = speedup_fit(experiment, Quantity::Kernel).map(|(fit, _)| limit(fit));
    Some(join(&start, limit))
}

/// The speedup of the whole job, and the phase that is longest where the job is fastest.
pub(super) fn whole_job(run: &Run, experiment: &Experiment) -> Option<String> {
    let gain = gain(run, experiment, Quantity::WholeJob)?;
    let speedups = Speedups::of(experiment, Quantity::WholeJob)?;
    let (best, _) = speedups.best()?;
    let longest = serial_phases(best.case).first().map(|(phase, seconds)| {
        let share = seconds / best.time.median;
        format!(
            ", and {} {} of what is left ({})",
            words::phase(*phase),
            if share > 0.5 { "is most" } else { "takes the most time outside the kernel" },
            units::seconds(*seconds)
        )
        .replace("outside the kernel of what is left", "outside the kernel")
    });
    let start = format!("The whole job, as one waits for it, is {gain}{}", longest.unwrap_or_default());
    let limit = speedup_fit(experiment, Quantity::WholeJob).map(|(fit, _)| limit(fit));
    Some(join(&start, limit))
}

/// A sentence, and after it what limits the speedup.
fn join(start: &str, limit: Option<String>) -> String {
    match limit {
        Some(limit) => format!("{} {}", words::sentence(start), words::sentence(&limit)),
        None => words::sentence(start),
    }
}

/// The speedup with its absolutes and its base: `14.1 times (13.9–14.3) faster on 64 invocations than on 1 invocation:
/// 212 ms becomes 15.1 ms`.
pub(super) fn gain(run: &Run, experiment: &Experiment, quantity: Quantity) -> Option<String> {
    let speedups = Speedups::of(experiment, quantity)?;
    let (best, speedup) = speedups.best()?;
    let base = speedups.base;
    let (before, after) = (units::seconds(base.time.median), units::seconds(best.time.median));
    let few = words::workers(run, experiment, experiment.workers(base.case));
    if std::ptr::eq(best.case, base.case) {
        return Some(format!("fastest on {few}, with {before}; more workers only add to it"));
    }
    let many = words::workers(run, experiment, experiment.workers(best.case));
    Some(format!("{} faster on {many} than on {few}: {before} becomes {after}", words::times(*speedup)))
}

/// What a speedup fit says about the limit; of a refused fit, why it is refused.
pub(super) fn limit(fit: &SpeedupFit) -> String {
    let ceiling = fit.attainable_ceiling.map(|ceiling| format!("the attainable ceiling is {}", words::ratio(ceiling)));
    match (fit.serial_fraction, fit.serial_fraction_upper, ceiling) {
        (Some(serial), _, Some(ceiling)) => format!("The serial fraction is {}, and {ceiling}", words::percent(serial)),
        (Some(serial), _, None) => format!("The serial fraction is {}", words::percent(serial)),
        (None, Some(upper), ceiling) => {
            let bound = format!("The serial fraction is at most {} (95 %)", units::percent(upper));
            ceiling.map_or(bound.clone(), |ceiling| format!("{bound}, too small to tell from none; {ceiling}"))
        }
        (None, None, _) => {
            format!("No serial fraction can be read from this curve ({}): {}", fit.verdict, fit.verdict_reason)
        }
    }
}
