//! Rows of comma-separated values; those of a run are its samples: tidy, for any statistics program.

use std::borrow::Cow;

use serde::Serialize;

use super::{is_unprintable, stamp};
use crate::record::{
    Clock, Measured, Measurement, Phase, Problem, Quantity, Run, Series, Stop, Timing, TransferMethod, VariantName,
    Wait,
};

/// One sample.
#[derive(Serialize)]
struct Row<'a> {
    experiment: &'a str,
    workload: Cow<'a, str>,
    variant: Option<&'a str>,
    series: Series,
    n: u64,
    m: Option<u64>,
    k: Option<u64>,
    workers: u64,
    workgroup_size: u32,
    workgroups: u64,
    dispatches: u32,
    slices: u32,
    /// A phase of the job, or [`WHOLE_JOB`].
    phase: &'static str,
    clock: Clock,
    /// Counted from 1.
    repetition: usize,
    /// The repetition block that the sample was taken in, counted from 1; none for what is timed once.
    block: Option<usize>,
    seconds: f64,
    /// Paths, of a workload that has several.
    branches: Option<u64>,
    /// Neighbours that take the same of these paths.
    branch_run: Option<u64>,
    /// How the data got to the device and back.
    transfer: Option<TransferMethod>,
    /// The checks that the kernels were compiled with.
    checks: Option<&'static str>,
    /// How the device was waited for.
    wait: Option<Wait>,
    /// The experiment's place in the run, counted from 1.
    experiment_number: usize,
    /// The case's place in the experiment, counted from 1. A twin has that of the case whose second measurement it is.
    case_number: usize,
    twin: bool,
    /// Equal parts of the job of which each sample ran one.
    parts: u32,
    /// Why no more samples of the case were taken.
    stopped: Option<Stop>,
    /// What to know of the run: one word for each stamp of its report.
    stamps: &'a str,
}

/// What a sample of the whole job is called among those of its phases.
const WHOLE_JOB: &str = "whole-job";

/// The column heads, which stand there even where there is no sample.
const HEADS: [&str; 28] = [
    "experiment",
    "workload",
    "variant",
    "series",
    "n",
    "m",
    "k",
    "workers",
    "workgroup_size",
    "workgroups",
    "dispatches",
    "slices",
    "phase",
    "clock",
    "repetition",
    "block",
    "seconds",
    "branches",
    "branch_run",
    "transfer",
    "checks",
    "wait",
    "experiment_number",
    "case_number",
    "twin",
    "parts",
    "stopped",
    "stamps",
];

/// Returns every sample of the run as comma-separated values, one row for each, in seconds. Phases that were not
/// measured have no rows. Kernel samples are already divided by `dispatches`. Rows of the whole job are the sums that
/// the report takes.
pub fn samples_csv(run: &Run) -> String {
    let mut all = Vec::new();
    let stamps = stamp::codes(run);
    for (number, experiment) in (1..).zip(&run.experiments) {
        for (case_number, twin, index, case) in cases(experiment) {
            let blocks = blocks(experiment, index);
            for Samples { phase, clock, seconds, every, is_repeated } in samples(case) {
                let sampled = is_repeated && seconds.len() == blocks.len().div_ceil(every);
                for (index, seconds) in (0..).step_by(every).zip(seconds.iter()) {
                    let row = Row {
                        experiment_number: number,
                        case_number,
                        twin,
                        repetition: index + 1,
                        block: sampled.then(|| blocks[index]),
                        seconds: *seconds,
                        stamps: &stamps,
                        ..blank(experiment, case, phase, clock)
                    };
                    all.push(row);
                }
            }
        }
    }
    if all.is_empty() { HEADS.join(",") + "\n" } else { rows(&all) }
}

/// The samples of a phase, or of the whole job.
struct Samples<'a> {
    phase: &'static str,
    clock: Clock,
    seconds: Cow<'a, [f64]>,
    /// They were taken in every so many-th repetition.
    every: usize,
    /// Whether they were taken in repetition blocks.
    is_repeated: bool,
}

/// Returns the samples of a case: phase by phase, and the whole job.
fn samples(case: &Measurement) -> impl Iterator<Item = Samples<'_>> {
    let phases = case.phases.iter().filter_map(|(phase, timing)| {
        let Timing::Samples { clock, seconds } = timing else { return None };
        let moves = matches!(phase, Phase::Upload | Phase::ReadBack);
        let every = if moves { case.transfers_every as usize } else { 1 };
        let (phase, is_repeated) = (phase.name(), phase.is_repeated());
        Some(Samples { phase, clock: *clock, seconds: Cow::Borrowed(seconds), every, is_repeated })
    });
    // Launch and kernel add up to a time of the host's clock, whatever timed the kernel.
    let whole = case.clock(Phase::Kernel).filter(|_| case.is_one_job()).map(|clock| Samples {
        phase: WHOLE_JOB,
        clock: if clock == Clock::Simulated { clock } else { Clock::Host },
        seconds: Cow::Owned(case.samples(Quantity::WholeJob)),
        every: 1,
        is_repeated: true,
    });
    phases.chain(whole)
}

/// Returns rows as comma-separated values under the names of their fields.
pub(crate) fn rows(rows: &[impl Serialize]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row).expect("a row holds text, numbers and names");
    }
    let bytes = writer.into_inner().expect("memory takes every byte");
    String::from_utf8(bytes).expect("cells and separators are UTF-8")
}

/// Returns a name from outside as a cell that no spreadsheet takes for a formula, and no terminal for an order.
pub(crate) fn inert(name: &str) -> Cow<'_, str> {
    if name.starts_with(['=', '+', '-', '@']) || name.contains(is_unprintable) {
        return Cow::Owned(format!("'{}", name.replace(is_unprintable, " ")));
    }
    Cow::Borrowed(name)
}

/// The blocks in which a case was measured, counted from 1.
fn blocks(measured: &Measured, index: usize) -> Vec<usize> {
    let with = (1..).zip(&measured.order).filter(|(_, block)| block.contains(&index));
    with.map(|(number, _)| number).collect()
}

/// The cases with their numbers and their places in the order of the blocks, and at the end the second measurements of
/// two of them.
fn cases(measured: &Measured) -> impl Iterator<Item = (usize, bool, usize, &Measurement)> {
    let cases = measured.cases.iter().enumerate().map(|(index, case)| (index + 1, false, index, case));
    let again = (measured.cases.len()..).zip(measured.control.iter().chain(&measured.halved));
    cases.chain(again.map(|(index, control)| (control.of + 1, true, index, &control.twin)))
}

/// The columns of a problem.
pub(super) struct Columns {
    pub(super) n: u64,
    pub(super) m: Option<u64>,
    pub(super) k: Option<u64>,
    pub(super) branches: Option<u64>,
    pub(super) branch_run: Option<u64>,
}

impl Columns {
    pub(super) fn of(problem: Problem) -> Self {
        let of_n = |n| Self { n, m: None, k: None, branches: None, branch_run: None };
        match problem {
            Problem::Vector { n } | Problem::Batch { n } => of_n(n),
            Problem::Chain { n, k } => Self { k: Some(k), ..of_n(n) },
            Problem::Branches { n, branches, k, run } => {
                Self { k: Some(k), branches: Some(branches), branch_run: Some(run), ..of_n(n) }
            }
            Problem::Matrix { m, k, n } => Self { m: Some(m), k: Some(k), ..of_n(n) },
        }
    }
}

fn blank<'a>(measured: &'a Measured, case: &'a Measurement, phase: &'static str, clock: Clock) -> Row<'a> {
    let Columns { n, m, k, branches, branch_run } = Columns::of(case.problem);
    Row {
        experiment: &measured.name,
        workload: inert(&measured.workload),
        variant: case.variant.as_ref().map(VariantName::as_str).or(measured.variant.as_deref()),
        series: case.series,
        n,
        m,
        k,
        workers: case.workers,
        workgroup_size: case.workgroup_size,
        workgroups: case.workgroups(),
        dispatches: case.dispatches,
        slices: case.slices,
        phase,
        clock,
        repetition: 0,
        block: None,
        seconds: 0.0,
        branches,
        branch_run,
        transfer: case.transfer,
        checks: (!case.is_baseline()).then(|| case.series.checks().name()),
        wait: case.wait,
        experiment_number: 0,
        case_number: 0,
        twin: false,
        stopped: case.stopped,
        stamps: "",
        parts: case.parts,
    }
}
