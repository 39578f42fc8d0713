//! What the ladder of gains shows: what each idea is worth, who wins at which size, and what the device loses its time to.

use super::series;
use crate::law::{self, Comparison};
use crate::page::words;
use crate::record::{Case, Experiment, Fit, Phase, Problem, Quantity, Run};
use crate::stats::{Estimate, Summary};
use crate::units;

/// Differences that nobody would call a win.
const NO_WIN: f64 = 0.05;

/// The scalar loop, by which gains are counted.
const SCALAR: &str = "scalar";

/// The rung whose tasks are too small.
const TINY_TASKS: &str = "tiny-tasks";

/// One rung, or the device, on one problem.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gain<'a> {
    /// The CPU rung; `None` for the device.
    pub(crate) rung: Option<&'a str>,
    pub(crate) seconds: Estimate,
    pub(crate) over_scalar: Option<Estimate>,
    pub(crate) over_best_cpu: Option<Estimate>,
}

/// The problems in the order of the record, each once.
pub(crate) fn problems(experiment: &Experiment) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for case in &experiment.cases {
        if !problems.contains(&case.problem) {
            problems.push(case.problem);
        }
    }
    problems
}

/// The gains on a problem, in the order of the record.
pub(crate) fn gains(experiment: &Experiment, wanted: Problem, of: Quantity) -> Vec<Gain<'_>> {
    let gain = |fit| match fit {
        &Fit::Gain { problem, ref rung, quantity, seconds, over_scalar, over_best_cpu } => (problem == wanted
            && quantity == of)
            .then_some(Gain { rung: rung.as_deref(), seconds, over_scalar, over_best_cpu }),
        _ => None,
    };
    experiment.fits.iter().filter_map(gain).collect()
}

/// Sentences for one workload.
pub(super) fn sentences(run: &Run, experiment: &Experiment) -> Vec<String> {
    let problems = problems(experiment);
    let mut sentences: Vec<String> =
        compared(experiment, &problems).and_then(|largest| ideas(run, experiment, largest)).into_iter().collect();
    sentences.extend(winners(run, experiment, &problems));
    let device = |problem: &Problem| device(run, experiment, *problem);
    sentences.extend(problems.first().and_then(device));
    sentences.extend(problems.last().filter(|last| problems.first() != Some(last)).and_then(device));
    sentences
}

/// The largest problem that the scalar loop ran on, since it is skipped where it would take too long; the largest at all
/// where it never ran.
fn compared(experiment: &Experiment, problems: &[Problem]) -> Option<Problem> {
    let scalar = |problem: &&Problem| series::on_rung(experiment, **problem, Some(SCALAR)).is_some();
    problems.iter().rev().find(scalar).or(problems.last()).copied()
}

/// What vectors, threads and tiny tasks are worth on a problem: each against the rung before it, tiny tasks against equal
/// shares.
fn ideas(run: &Run, experiment: &Experiment, problem: Problem) -> Option<String> {
    let summary = |rung: &str| series::on_rung(experiment, problem, Some(rung))?.summary(Quantity::Kernel);
    let gain = |before: &str, after: &str| law::ratio(&summary(before)?, &summary(after)?);
    let threads = words::cpu_rung(run, "threads");
    let parts: Vec<String> = [
        gain(SCALAR, "simd").map(|gain| format!("a loop with vector instructions is {}", said(gain, "the scalar one"))),
        gain("simd", "threads").map(|gain| format!("{threads} are {}", said(gain, "one of them"))),
        gain("threads", TINY_TASKS).map(|gain| {
            let than = "with equal shares";
            format!("the same threads with a task for every {} are {}", task(experiment, problem), said(gain, than))
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    let amount = words::amount(problem);
    (!parts.is_empty())
        .then(|| words::stopped(&format!("{}, {amount}: {}", words::workload(experiment), parts.join("; "))))
}

/// The size of a tiny task in words; runs of versions that did not count it say no number.
fn task(experiment: &Experiment, problem: Problem) -> String {
    let elements = series::on_rung(experiment, problem, Some(TINY_TASKS)).and_then(|case| case.task_elements);
    elements.map_or_else(|| "few elements".to_owned(), |count| format!("{} elements", units::count(count)))
}

/// A gain over something in words; where nothing can be told, that.
fn said(gain: Estimate, over: &str) -> String {
    match law::compare(&gain, NO_WIN) {
        Comparison::Faster | Comparison::Slower => format!("{} than {over}", words::faster(gain)),
        Comparison::Same => format!("as fast as {over}"),
        Comparison::Undecided => format!("not to be told from {over} (ratio {})", words::ratio(gain)),
    }
}

/// Who finishes the whole job first, at each size.
fn winners(run: &Run, experiment: &Experiment, problems: &[Problem]) -> Option<String> {
    let winner = |&problem: &Problem| {
        let gains = gains(experiment, problem, Quantity::WholeJob);
        let fastest = gains.iter().min_by(|one, other| one.seconds.value.total_cmp(&other.seconds.value))?;
        let equal = gains.iter().any(|other| other.rung != fastest.rung && other.seconds.low <= fastest.seconds.high);
        Some(format!(
            "{}: {}, in {}{}",
            words::amount(problem),
            who(run, fastest.rung),
            units::seconds(fastest.seconds.value),
            if equal { ", though not alone" } else { "" }
        ))
    };
    let winners: Vec<String> = problems.iter().filter_map(winner).collect();
    (!winners.is_empty()).then(|| words::stopped(&format!("The whole job is done first by: {}", winners.join("; "))))
}

/// A rung of the processor, or the device, in words.
pub(crate) fn who(run: &Run, rung: Option<&str>) -> String {
    rung.map_or_else(|| words::device(run.device.kind).to_owned(), |rung| words::cpu_rung(run, rung))
}

/// The device against the best CPU rung on one problem: its kernel alone, the whole job, and the phase that costs most.
fn device(run: &Run, experiment: &Experiment, problem: Problem) -> Option<String> {
    let gain = |quantity| gains(experiment, problem, quantity).into_iter().find(|gain| gain.rung.is_none());
    let (kernel, whole) = (gain(Quantity::Kernel)?, gain(Quantity::WholeJob)?);
    let device = words::device(run.device.kind);
    let (Some(alone), Some(over)) = (kernel.over_best_cpu, whole.over_best_cpu) else {
        return Some(words::sentence(&format!(
            "on {}, {device} takes {} for the kernel and {} for the whole job",
            words::amount(problem),
            words::seconds(kernel.seconds),
            words::seconds(whole.seconds)
        )));
    };
    let case = series::on_rung(experiment, problem, None)?;
    let costs = longest(case).map_or(String::new(), |(phase, share)| {
        format!("; {} takes {} of it", words::phase(phase), units::percent(share))
    });
    Some(words::sentence(&format!(
        "on {}, {device}'s kernel alone is {}; the whole job is {}{costs}",
        words::amount(problem),
        said(alone, "the CPU's best"),
        said(over, "the CPU's best"),
    )))
}

/// The phases of a job from memory to memory with their shares of it, the longest first.
pub(crate) fn shares(case: &Case) -> Vec<(Phase, f64)> {
    let Some(whole) = Summary::of(&case.from_memory()) else {
        return Vec::new();
    };
    let phases = [Phase::Upload, Phase::Launch, Phase::Kernel, Phase::ReadBack];
    let median = |phase| series::phase(case, phase).map(|seconds| (phase, seconds));
    let mut shares: Vec<(Phase, f64)> = case
        .own_set_up
        .map(|seconds| (Phase::SetUp, seconds))
        .into_iter()
        .chain(phases.into_iter().filter_map(median))
        .collect();
    for (_, seconds) in &mut shares {
        *seconds /= whole.median;
    }
    shares.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    shares
}

fn longest(case: &Case) -> Option<(Phase, f64)> {
    shares(case).into_iter().next()
}
