//! By which clock each phase of an experiment was timed, and which of the GPU's timestamps were not to be trusted.

use crate::page::block::Block;
use crate::page::words;
use crate::record::{Case, Clock, Experiment, Phase, Run};
use crate::units;

/// A line that names the clock of every phase, and a warning if timestamps were rejected or launches set to zero.
pub(super) fn blocks(run: &Run, experiment: &Experiment) -> Vec<Block> {
    named(experiment).into_iter().chain(rejected(run, experiment)).chain(clamped(experiment)).map(Block::Text).collect()
}

/// The clock of every phase that was timed: `Clocks: host for upload, read-back; GPU timestamps for kernel.`
fn named(experiment: &Experiment) -> Option<String> {
    let mut clocks: Vec<(Clock, Vec<String>)> = Vec::new();
    for phase in Phase::ALL {
        let mut of_phase: Vec<(Clock, usize)> = Vec::new();
        for clock in experiment.cases.iter().filter_map(|case| case.clock(phase)) {
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

/// How many pairs of timestamps were rejected, and which cases the fallback timed.
fn rejected(run: &Run, experiment: &Experiment) -> Option<String> {
    let pairs: u64 = experiment.cases.iter().map(|case| u64::from(case.rejected_timestamps)).sum();
    if pairs == 0 {
        return None;
    }
    let fallen: Vec<&Case> =
        experiment.cases.iter().filter(|case| case.clock(Phase::Kernel) == Some(Clock::HostLessEmpty)).collect();
    let start = format!(
        "{} of GPU timestamps could not be true (zero, equal, reversed or absurd) and {} rejected",
        if pairs == 1 { "1 pair".to_owned() } else { format!("{} pairs", units::count(pairs)) },
        if pairs == 1 { "was" } else { "were" },
    );
    Some(match fallen.as_slice() {
        [] => format!("{start}; no kernel's time comes from them."),
        all if all.len() == experiment.cases.len() => {
            format!("{start}: all {} are timed by the host's clock less an empty dispatch.", number(all.len()))
        }
        some => {
            let names: Vec<String> = some.iter().map(|case| name(run, experiment, case)).collect();
            format!("{start}. Timed by the host's clock less an empty dispatch: {}.", names.join("; "))
        }
    })
}

/// How many launches were set to zero, because the GPU's clock ran ahead of the host's.
fn clamped(experiment: &Experiment) -> Option<String> {
    let count: u64 = experiment.cases.iter().map(|case| u64::from(case.clamped_launches)).sum();
    (count > 0).then(|| {
        format!(
            "{} set to zero, because the GPU's clock showed a kernel a little longer than the host waited for it.",
            if count == 1 { "1 launch was".to_owned() } else { format!("{} launches were", units::count(count)) }
        )
    })
}

fn number(cases: usize) -> String {
    format!("{cases} {}", if cases == 1 { "case" } else { "cases" })
}

/// A case in words.
fn name(run: &Run, experiment: &Experiment, case: &Case) -> String {
    let rung = case.rung.as_ref().map_or(String::new(), |rung| format!(", {rung}"));
    let workers = words::workers(run, experiment, experiment.workers(case));
    format!("{} on {workers}{rung}", words::problem(case.problem))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::fixture::{fixed_size, launch_overhead, problem_size, run, samples};

    fn lines(experiment: Experiment) -> Vec<String> {
        let run = run(vec![experiment]);
        blocks(&run, &run.experiments[0])
            .into_iter()
            .map(|block| if let Block::Text(text) = block { text } else { panic!("{block:?}") })
            .collect()
    }

    #[test]
    fn every_phase_has_its_clock_named() {
        let text = &lines(fixed_size(14.0))[0];
        for words in ["GPU timestamps for kernel", "host − GPU for launch", "upload, read-back"] {
            assert!(text.contains(words), "{text}");
        }
        assert!(lines(launch_overhead())[0].contains("launch"));
        let text = &lines(problem_size())[0];
        assert!(text.contains("kernel (8 cases)") && text.contains("kernel (16 cases)"), "{text}");
    }

    #[test]
    fn launches_set_to_zero_are_counted() {
        let mut experiment = fixed_size(14.0);
        experiment.cases[3].clamped_launches = 2;
        assert!(lines(experiment)[1].starts_with("2 launches were set to zero"));
    }

    #[test]
    fn rejected_timestamps_are_counted_and_their_cases_named() {
        let mut experiment = fixed_size(14.0);
        assert_eq!(lines(experiment.clone()).len(), 1, "nothing was rejected");
        let case = &mut experiment.cases[3];
        case.rejected_timestamps = 20;
        case.phases.insert(Phase::Kernel, samples(Clock::HostLessEmpty, 1e-3, 1));
        let text = &lines(experiment.clone())[1];
        assert!(text.starts_with("20 pairs of GPU timestamps could not be true"), "{text}");
        assert!(text.ends_with("n = 2^20 with 64 multiply-adds each on 8 invocations."), "{text}");
        for case in &mut experiment.cases {
            case.phases.insert(Phase::Kernel, samples(Clock::HostLessEmpty, 1e-3, 1));
        }
        assert!(lines(experiment)[1].contains("all 21 cases are timed by the host's clock"));
    }
}
