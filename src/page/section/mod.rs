//! One section of the report for each experiment: table, plot, fit in words, findings.

pub(super) mod audit;
mod clocks;
mod divergence;
mod fixed_size;
mod gains;
mod generic;
mod intensity;
mod launch_overhead;
mod law;
mod problem_size;
mod safety_cost;
mod scaled_size;
mod split_work;
mod transfers;
mod workgroup_size;

use super::block::Block;
use crate::finding;
use crate::page::words;
use crate::record::{Case, Experiment, Run, Skipped, Stop};
use crate::units;

/// The blocks of one experiment. Experiments that this version does not know are shown from their cases.
pub(super) fn blocks(run: &Run, experiment: &Experiment) -> Vec<Block> {
    let title = format!("{} · {}", experiment.name, words::workload(experiment));
    let mut blocks = vec![Block::Section { title, question: question(run, experiment) }];
    if experiment.cases.is_empty() {
        blocks.push(Block::text("No case of this experiment was measured."));
    } else {
        blocks.extend(match experiment.name.as_str() {
            "fixed-size" => fixed_size::blocks(run, experiment),
            "scaled-size" => scaled_size::blocks(run, experiment),
            "problem-size" => problem_size::blocks(run, experiment),
            "workgroup-size" => workgroup_size::blocks(run, experiment),
            "launch-overhead" => launch_overhead::blocks(experiment),
            "gains" => gains::blocks(run, experiment),
            "transfers" => transfers::blocks(experiment),
            "divergence" => divergence::blocks(experiment),
            "intensity" => intensity::blocks(run, experiment),
            "safety-cost" => safety_cost::blocks(experiment),
            "split-work" => split_work::blocks(run, experiment),
            _ => generic::blocks(run, experiment),
        });
    }
    blocks.extend(clocks::blocks(run, experiment));
    blocks.extend(skipped(experiment));
    blocks.push(Block::text(sampling(experiment)));
    let findings = finding::sentences(run, experiment);
    if !findings.is_empty() {
        blocks.push(Block::Findings(findings));
    }
    blocks
}

/// The question that the experiment answers, what varies, and what is held fixed.
fn question(run: &Run, experiment: &Experiment) -> String {
    let fixed = experiment.cases.first().map_or("the problem".to_owned(), |case| words::problem(case.problem));
    let worker = words::worker(run, experiment);
    match experiment.name.as_str() {
        "fixed-size" => format!(
            "How far can more workers speed up this job? Strong scaling: {fixed} is held fixed, the {worker}s vary."
        ),
        "scaled-size" => {
            format!("How much more work fits in the same time? Weak scaling: the problem grows with the {worker}s.")
        }
        "problem-size" => {
            "From which size does the device pay? The size varies; every item of work has a worker of its own."
                .to_owned()
        }
        "workgroup-size" => format!(
            "Which workgroup size, and what do idle lanes cost? {fixed} is held fixed, the workgroup size varies."
        ),
        "divergence" => {
            let n = experiment.cases.first().map_or("the problem".to_owned(), |case| words::amount(case.problem));
            format!("What do branches inside a subgroup cost? {n} and the work of each are held fixed, the paths vary.")
        }
        "intensity" => {
            let bytes = experiment.cases.first().map_or("the bytes moved".to_owned(), |case| units::bytes(case.bytes));
            format!("Memory-bound or compute-bound? {bytes} to be moved is held fixed, the flop for each of them vary.")
        }
        "safety-cost" => format!(
            "What do bounds checks, loop bounds and zero-initialisation cost? {fixed} is held fixed, the checks vary."
        ),
        "split-work" => format!(
            "One job cut into K launches: what is lost? {fixed} is held fixed in all, each launch does one K-th of it."
        ),
        "launch-overhead" => {
            "What does one launch cost, by how it is launched? K dispatches of an empty kernel; no work at all."
                .to_owned()
        }
        "gains" => {
            "Who wins, where? The same job as a scalar loop, with vector instructions, on all threads, and on the device."
                .to_owned()
        }
        "transfers" => "What does moving data cost? The bytes, the direction and the path vary.".to_owned(),
        _ => String::new(),
    }
}

/// The cases that could not run. Those whose reasons differ by their numbers alone are told by the first of them.
fn skipped(experiment: &Experiment) -> Option<Block> {
    let mut kinds: Vec<(Vec<&str>, Vec<&Skipped>)> = Vec::new();
    for skipped in &experiment.skipped {
        let kind = words_of(&skipped.reason);
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, cases)) => cases.push(skipped),
            None => kinds.push((kind, vec![skipped])),
        }
    }
    let item = |cases: &[&Skipped]| {
        let more = match cases {
            [] | [_] => String::new(),
            [_, second] => format!("; likewise {}", second.case),
            [_, .., last] => format!("; likewise {} more, up to {}", cases.len() - 1, last.case),
        };
        format!("{}: {}{more}", cases[0].case, cases[0].reason)
    };
    let items: Vec<String> = kinds.iter().map(|(_, cases)| item(cases)).collect();
    (!items.is_empty()).then(|| Block::List { lead: format!("Skipped ({})", experiment.skipped.len()), items })
}

/// The words of a text that are neither numbers nor units.
fn words_of(text: &str) -> Vec<&str> {
    let bare = text.split_whitespace().map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()));
    bare.filter(|word| word.len() > 2 && !word.contains(|letter: char| letter.is_ascii_digit())).collect()
}

fn sampling(experiment: &Experiment) -> String {
    let blocks = experiment.order.len();
    let cases = experiment.cases.len();
    let reasons: Vec<String> = Stop::ALL.into_iter().filter_map(|stop| stopped(experiment, stop)).collect();
    let reasons = if reasons.is_empty() { String::new() } else { format!(" {}.", reasons.join("; ")) };
    let warm_up = experiment.warm_up.map_or(String::new(), |warm_up| {
        let rounds = if warm_up.rounds == 1 { "round" } else { "rounds" };
        let end = if warm_up.settled {
            "until the canary kept its time"
        } else {
            "which was too short to see the canary keep its time"
        };
        format!(" Warm-up: {} {rounds} in {}, {end}.", warm_up.rounds, units::seconds(warm_up.seconds))
    });
    format!(
        "{cases} cases, {blocks} repetition blocks in shuffled order; stopped by: {}.{reasons}{warm_up}",
        experiment.stopped
    )
}

/// How many cases stopped for that reason, and which, where they are few.
fn stopped(experiment: &Experiment, stop: Stop) -> Option<String> {
    let precise = format!("known within {}", units::whole_percent(Stop::NARROW));
    let reason = match stop {
        Stop::Precise => &precise,
        Stop::Plateau => "whose interval shrinks no more",
        Stop::Budget => "at the end of their time",
        Stop::Interrupted => "interrupted",
    };
    let cases: Vec<&Case> = experiment.cases.iter().filter(|case| case.stopped == Some(stop)).collect();
    let samples = |case: &&Case| case.repetitions();
    let (least, most) = (cases.iter().map(samples).min()?, cases.iter().map(samples).max()?);
    let samples = if least == most { format!("{least} samples") } else { format!("{least} to {most} samples") };
    Some(format!("{} {reason} ({samples})", cases.len()))
}
