//! What gains shows: what each idea is worth, who wins at which size, and what the device loses its time to.

use super::agree;
use super::read::{Gain, gains, problems};
use crate::experiment::View;
use crate::experiment::cases::{self, on_problem};
use crate::law::{self, Comparison};
use crate::page::words;
use crate::record::{Baseline, Measured, Measurement, Phase, Problem, Quantity, Run, Series};
use crate::stats::{Estimate, Summary};
use crate::units;

/// Differences that nobody would call a win.
const NO_WIN: f64 = 0.05;

/// Says what each idea is worth, who wins at which size, what the device loses its time to, and which of two times to
/// believe.
pub(super) fn sentences(view: View<'_, Vec<Gain>>) -> Vec<String> {
    let problems = problems(view.measured);
    let ideas = compared(view.measured, &problems).and_then(|largest| ideas(view.run, view.measured, largest));
    let mut sentences: Vec<String> = ideas.into_iter().collect();
    sentences.extend(winners(view, &problems));
    let device = |problem: &Problem| device(view, *problem);
    sentences.extend(problems.first().and_then(device));
    sentences.extend(problems.last().filter(|last| problems.first() != Some(last)).and_then(device));
    sentences.extend(agree::sentence(view.run, view.measured));
    sentences
}

/// The largest problem that the scalar loop ran on, since it is skipped if it would take too long; the largest at all
/// if it never ran.
fn compared(measured: &Measured, problems: &[Problem]) -> Option<Problem> {
    let scalar = |problem: &&Problem| on_baseline(measured, **problem, Baseline::Scalar).is_some();
    problems.iter().rev().find(scalar).or(problems.last()).copied()
}

fn on_baseline(measured: &Measured, problem: Problem, baseline: Baseline) -> Option<&Measurement> {
    on_problem(measured, problem, Series::Baseline(baseline))
}

/// Returns the size of a tiny task in words. Runs of versions that did not count it give no number.
fn task(measured: &Measured, problem: Problem) -> String {
    let elements = on_baseline(measured, problem, Baseline::TinyTasks).and_then(|case| case.task_elements);
    elements.map_or_else(|| "few elements".to_owned(), |count| format!("{} elements", units::count(count)))
}

/// What vectors, threads and tiny tasks are worth on a problem: each against the baseline before it, tiny tasks against
/// large chunks.
fn ideas(run: &Run, measured: &Measured, problem: Problem) -> Option<String> {
    let summary = |baseline| on_baseline(measured, problem, baseline)?.summary(Quantity::Kernel);
    let gain = |before, after| law::ratio(&summary(before)?, &summary(after)?);
    let threads = words::baseline(run, Baseline::Threads);
    let are = if threads.ends_with('s') { "are" } else { "is" };
    let parts: Vec<String> = [
        gain(Baseline::Scalar, Baseline::Simd)
            .map(|gain| format!("the vector unit is {}", said(gain, "the scalar loop"))),
        gain(Baseline::Simd, Baseline::Threads).map(|gain| format!("{threads} {are} {}", said(gain, "one of them"))),
        gain(Baseline::Threads, Baseline::TinyTasks)
            .map(|gain| format!("tiny tasks of {} are {}", task(measured, problem), said(gain, "large chunks"))),
    ]
    .into_iter()
    .flatten()
    .enumerate()
    .map(|(index, text)| if index == 0 { words::stopped(&text) } else { words::sentence(&text) })
    .collect();
    (!parts.is_empty()).then(|| format!("On {} {}", words::amount(problem), parts.join(" ")))
}

/// A gain over something in words.
fn said(gain: Estimate, over: &str) -> String {
    match law::compare(&gain, NO_WIN) {
        Comparison::Faster | Comparison::Slower => format!("{} than {over}", words::faster(gain)),
        Comparison::Same => format!("as fast as {over}"),
        Comparison::Undecided => format!("as fast as {over} within the noise"),
    }
}

/// Returns who finishes the whole job of a problem first, and all that may have been as fast.
pub(super) fn winner(reading: &[Gain], problem: Problem) -> Option<(&Gain, Vec<&Gain>)> {
    let gains = gains(reading, problem, Quantity::WholeJob);
    let fastest = *gains.iter().min_by(|one, other| one.seconds.value.total_cmp(&other.seconds.value))?;
    let as_fast = |other: &&Gain| other.series != fastest.series && other.seconds.low <= fastest.seconds.high;
    Some((fastest, gains.into_iter().filter(as_fast).collect()))
}

/// Who finishes the whole job first, at each size.
fn winners(view: View<'_, Vec<Gain>>, problems: &[Problem]) -> Option<String> {
    let said = |&problem: &Problem| {
        let (fastest, tied) = winner(view.reading, problem)?;
        let tied: Vec<String> = tied.iter().map(|gain| who(view.run, gain.series)).collect();
        let tied = if tied.is_empty() { String::new() } else { format!(", tied with {}", tied.join(" and ")) };
        Some(format!(
            "{} on {} ({}{tied})",
            who(view.run, fastest.series),
            words::amount(problem),
            units::seconds(fastest.seconds.value),
        ))
    };
    let winners: Vec<String> = problems.iter().filter_map(said).collect();
    (!winners.is_empty()).then(|| format!("Fastest for the whole job: {}.", winners.join("; ")))
}

/// A baseline, or the device, in words.
pub(super) fn who(run: &Run, series: Series) -> String {
    series
        .baseline()
        .map_or_else(|| words::device(run.device.kind).to_owned(), |baseline| words::baseline(run, baseline))
}

/// Returns the line of the summary: who finishes the largest whole job first, and for which workloads.
pub(super) fn answer(run: &Run, views: &[View<'_, Vec<Gain>>]) -> String {
    let mut winners: Vec<(String, Vec<String>)> = Vec::new();
    for view in views {
        let Some(largest) = problems(view.measured).last().copied() else { continue };
        // One that ran alone wins nothing.
        let raced = gains(view.reading, largest, Quantity::WholeJob).len() > 1;
        let Some((fastest, tied)) = winner(view.reading, largest).filter(|_| raced) else { continue };
        let who = if tied.is_empty() { who(run, fastest.series) } else { "a tie".to_owned() };
        let workload = words::workload(view.measured);
        match winners.iter_mut().find(|(known, _)| *known == who) {
            Some((_, workloads)) => workloads.push(workload),
            None => winners.push((who, vec![workload])),
        }
    }
    if winners.is_empty() {
        return format!("Only {} ran: there is nothing to compare it with.", words::device(run.device.kind));
    }
    let winners: Vec<String> =
        winners.into_iter().map(|(who, workloads)| format!("{who} ({})", workloads.join(", "))).collect();
    format!("Fastest on the largest jobs: {}.", winners.join("; "))
}

/// The device against the fastest baseline on one problem: its kernel alone, the whole job, and the phase that costs
/// most.
fn device(View { run, measured, reading }: View<'_, Vec<Gain>>, problem: Problem) -> Option<String> {
    let gain = |quantity| gains(reading, problem, quantity).into_iter().find(|gain| gain.series == Series::Device);
    let (kernel, whole) = (gain(Quantity::Kernel)?, gain(Quantity::WholeJob)?);
    let device = words::device(run.device.kind);
    let (Some(alone), Some(over)) = (kernel.over_best_cpu, whole.over_best_cpu) else {
        return Some(format!(
            "On {} the kernel takes {} on {device}, the whole job {}.",
            words::amount(problem),
            words::seconds(kernel.seconds),
            words::seconds(whole.seconds)
        ));
    };
    let case = on_problem(measured, problem, Series::Device)?;
    let longest = shares(case).first().map_or(String::new(), |(phase, share)| {
        format!(" {} is {} of it.", words::capital(words::phase(*phase)), units::percent(*share))
    });
    Some(format!(
        "On {} the kernel of {device} is {}; its whole job is {}.{longest}",
        words::amount(problem),
        said(alone, "the CPU's best"),
        match law::compare(&over, NO_WIN) {
            Comparison::Faster | Comparison::Slower => words::faster(over),
            Comparison::Same | Comparison::Undecided => "as fast".to_owned(),
        }
    ))
}

/// The phases of a job from memory to memory with their shares of it, the longest first.
pub(super) fn shares(case: &Measurement) -> Vec<(Phase, f64)> {
    let Some(whole) = Summary::of(&case.from_memory()) else {
        return Vec::new();
    };
    let phases = [Phase::Upload, Phase::Launch, Phase::Kernel, Phase::ReadBack];
    let median = |phase| cases::phase(case, phase).map(|seconds| (phase, seconds));
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
