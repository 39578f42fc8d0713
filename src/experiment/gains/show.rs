//! Every baseline and the device, on a small, a middling and a large job.

use super::read::{Gain, gains, problems};
use super::say::shares;
use crate::experiment::View;
use crate::experiment::cases::on_problem;
use crate::experiment::contest;
use crate::page::block::{Block, Table};
use crate::page::words;
use crate::record::{Baseline, Measured, Problem, Quantity, Run, Series};
use crate::units::{self, ABSENT};

const EXPLAINED: &str = "Compute: the loop or the kernel alone. Whole job: from inputs in the host's memory to the \
    result there. On the CPU it includes allocating the result and waking threads; on the device buffers, upload, \
    launch, kernel, read-back. Work done once is left out on both. Above 1: the row is faster.";

pub(super) fn blocks(View { run, measured, reading }: View<'_, Vec<Gain>>) -> Vec<Block> {
    let problems = problems(measured);
    let mut blocks = vec![Block::Table(table(run, &problems, reading)), Block::text(EXPLAINED)];
    blocks.extend(contest::blocks(measured));
    let spent: Vec<String> = problems.into_iter().filter_map(|problem| spent(measured, problem)).collect();
    if !spent.is_empty() {
        let lead = format!("Where {} spends the whole job", words::device(run.device.kind));
        blocks.push(Block::List { lead, items: spent });
    }
    blocks
}

fn table(run: &Run, problems: &[Problem], reading: &[Gain]) -> Table {
    let heads = ["n", "who", "compute", "over\nscalar", "whole job", "over\nscalar", "over the\nCPU's best"];
    let mut table = Table::new(&heads).words(&[1]);
    for &problem in problems {
        let computed = gains(reading, problem, Quantity::Kernel);
        for (index, whole) in gains(reading, problem, Quantity::WholeJob).into_iter().enumerate() {
            let kernel = computed.iter().find(|gain| gain.series == whole.series).copied();
            table.push(row(run, index == 0, kernel, whole));
        }
    }
    table.without_empty_columns()
}

fn row(run: &Run, first: bool, kernel: Option<&Gain>, whole: &Gain) -> [String; 7] {
    let absent = || ABSENT.to_owned();
    [
        if first { units::count(whole.problem.n()) } else { String::new() },
        whole.series.baseline().map_or_else(|| words::kind(run.device.kind), Baseline::name).to_owned(),
        kernel.map_or_else(absent, |gain| units::seconds(gain.seconds.value)),
        kernel.and_then(|gain| gain.over_scalar).map_or_else(absent, |gain| units::ratio(gain.value)),
        words::seconds(whole.seconds),
        whole.over_scalar.map_or_else(absent, |gain| units::ratio(gain.value)),
        whole.over_best_cpu.map_or_else(absent, words::ratio),
    ]
}

/// The phases of the device's whole job on a problem.
fn spent(measured: &Measured, problem: Problem) -> Option<String> {
    let shares = shares(on_problem(measured, problem, Series::Device)?);
    let parts = shares.iter().map(|(phase, share)| format!("{} {}", words::phase(*phase), units::percent(*share)));
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| format!("{}: {}", words::amount(problem), parts.join(", ")))
}
