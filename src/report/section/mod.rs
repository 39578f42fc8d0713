//! One section of the report for each experiment: table, plot, fit in words, findings.

mod fixed_size;
mod generic;
mod launch_overhead;
mod law;
mod problem_size;
mod scaled_size;
mod workgroup_size;

use super::block::Block;
use crate::finding::{self, words};
use crate::record::{Experiment, Run};

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
            _ => generic::blocks(run, experiment),
        });
    }
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
    let fixed = experiment.cases.first().map_or(String::new(), |case| words::problem(case.problem));
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
        "launch-overhead" => {
            "What does one launch cost, by how it is launched? K dispatches of an empty kernel; no work at all."
                .to_owned()
        }
        _ => String::new(),
    }
}

/// The cases that could not run; those with the same reason are told together.
fn skipped(experiment: &Experiment) -> Option<Block> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for skipped in &experiment.skipped {
        match reasons.iter_mut().find(|(reason, _)| *reason == skipped.reason) {
            Some((_, cases)) => cases.push(&skipped.case),
            None => reasons.push((&skipped.reason, vec![&skipped.case])),
        }
    }
    let item = |(reason, cases): (&str, Vec<&str>)| format!("{}: {reason}", cases.join("; "));
    let items: Vec<String> = reasons.into_iter().map(item).collect();
    (!items.is_empty()).then(|| Block::List { lead: "Skipped".to_owned(), items })
}

fn sampling(experiment: &Experiment) -> String {
    let blocks = experiment.order.len();
    let cases = experiment.cases.len();
    format!("{cases} cases, {blocks} repetition blocks in shuffled order; stopped by: {}.", experiment.stopped)
}
