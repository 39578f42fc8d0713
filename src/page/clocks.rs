//! The clock of each phase, and what was done about impossible timestamps.

use crate::page::block::Block;
use crate::page::words;
use crate::record::{Clock, Measured, Measurement, Phase, Run, Series};
use crate::units;

/// Returns what was done about impossible timestamps of an experiment; nothing if there were none.
pub(crate) fn blocks(run: &Run, measured: &Measured) -> Vec<Block> {
    rejected(run, measured).into_iter().chain(clamped(measured)).map(Block::Text).collect()
}

/// Names the clock of every phase of a run: `Clocks: host for upload, read-back; GPU timestamps for kernel.`
pub(crate) fn named(run: &Run) -> Option<String> {
    let cases = || run.experiments.iter().flat_map(|experiment| &experiment.cases);
    let mut clocks: Vec<(Clock, Vec<String>)> = Vec::new();
    for phase in Phase::ALL {
        let mut of_phase: Vec<(Clock, usize)> = Vec::new();
        for clock in cases().filter_map(|case| case.clock(phase)) {
            match of_phase.iter_mut().find(|(known, _)| *known == clock) {
                Some((_, cases)) => *cases += 1,
                None => of_phase.push((clock, 1)),
            }
        }
        for (clock, cases) in &of_phase {
            // A phase with one clock has it in every case.
            let some = if of_phase.len() > 1 { format!(" ({})", number(*cases)) } else { String::new() };
            let name = format!("{}{some}", phase.name());
            match clocks.iter_mut().find(|(known, _)| known == clock) {
                Some((_, phases)) => phases.push(name),
                None => clocks.push((*clock, vec![name])),
            }
        }
    }
    let parts: Vec<String> =
        clocks.iter().map(|(clock, phases)| format!("{} for {}", words::clock(*clock), phases.join(", "))).collect();
    (!parts.is_empty()).then(|| format!("Clocks: {}.", parts.join("; ")))
}

/// Counts the impossible pairs of timestamps, and names the cases that the host's clock timed instead.
fn rejected(run: &Run, measured: &Measured) -> Option<String> {
    let pairs: u64 = measured.cases.iter().map(|case| u64::from(case.rejected_timestamps)).sum();
    if pairs == 0 {
        return None;
    }
    let fallen: Vec<&Measurement> =
        measured.cases.iter().filter(|case| case.clock(Phase::Kernel) == Some(Clock::HostLessEmpty)).collect();
    let start = format!(
        "{} of GPU timestamps {} impossible (zero, equal, reversed or absurd)",
        if pairs == 1 { "1 pair".to_owned() } else { format!("{} pairs", units::count(pairs)) },
        if pairs == 1 { "was" } else { "were" },
    );
    Some(match fallen.as_slice() {
        [] => format!("{start}; these were measured again."),
        all if all.len() == measured.cases.len() => {
            format!("{start}: the host's clock, less an empty launch, timed all {}.", number(all.len()))
        }
        some => {
            let names: Vec<String> = some.iter().map(|case| name(run, measured, case)).collect();
            format!("{start}. The host's clock, less an empty launch, timed: {}.", names.join("; "))
        }
    })
}

/// Counts the launches that were set to zero, because the GPU's clock ran ahead of the host's.
fn clamped(measured: &Measured) -> Option<String> {
    let count: u64 = measured.cases.iter().map(|case| u64::from(case.clamped_launches)).sum();
    (count > 0).then(|| {
        format!(
            "{} set to zero: by the GPU's clock the kernel took longer than the host waited.",
            if count == 1 { "1 launch was".to_owned() } else { format!("{} launches were", units::count(count)) }
        )
    })
}

fn number(cases: usize) -> String {
    format!("{cases} {}", if cases == 1 { "case" } else { "cases" })
}

/// Names a case.
fn name(run: &Run, measured: &Measured, case: &Measurement) -> String {
    let series = if case.series == Series::Device { String::new() } else { format!(", {}", case.series) };
    let workers = words::workers(run, measured, measured.workers(case));
    format!("{}, on {workers}{series}", words::problem(case.problem))
}
