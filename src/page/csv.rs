//! Rows of comma-separated values; those of a run are its samples: tidy, for any statistics program.

use serde::Serialize;

use super::stamp;
use crate::record::{Clock, Measured, Measurement, Phase, Problem, Run, Series, Stop, Timing};

/// One sample.
#[derive(Serialize)]
struct Row<'a> {
    experiment: &'a str,
    workload: &'a str,
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
    phase: Phase,
    clock: Clock,
    /// Counted from 1.
    repetition: usize,
    seconds: f64,
    /// Paths, of a workload that has several.
    branches: Option<u64>,
    /// Why no more samples of the case were taken.
    stopped: Option<Stop>,
    /// What to know of the run: one word for each stamp of its report.
    stamps: &'a str,
}

/// The column heads, which stand there even where there is no sample.
const HEADS: [&str; 19] = [
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
    "seconds",
    "branches",
    "stopped",
    "stamps",
];

/// Every sample of the run as comma-separated values, one row for each, in seconds. Phases that were not measured have
/// no rows. Kernel samples are already divided by `dispatches`.
pub fn samples_csv(run: &Run) -> String {
    let mut all = Vec::new();
    let stamps = stamp::codes(run);
    for experiment in &run.experiments {
        for case in &experiment.cases {
            for (phase, timing) in &case.phases {
                let Timing::Samples { clock, seconds } = timing else { continue };
                for (index, seconds) in seconds.iter().enumerate() {
                    let row = Row {
                        repetition: index + 1,
                        seconds: *seconds,
                        stamps: &stamps,
                        ..blank(experiment, case, *phase, *clock)
                    };
                    all.push(row);
                }
            }
        }
    }
    if all.is_empty() { HEADS.join(",") + "\n" } else { rows(&all) }
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

fn blank<'a>(experiment: &'a Measured, case: &'a Measurement, phase: Phase, clock: Clock) -> Row<'a> {
    let (m, k, n) = match case.problem {
        Problem::Vector { n } | Problem::Batch { n } => (None, None, n),
        Problem::Chain { n, k } | Problem::Branches { n, k, .. } => (None, Some(k), n),
        Problem::Matrix { m, k, n } => (Some(m), Some(k), n),
    };
    let branches = match case.problem {
        Problem::Branches { branches, .. } => Some(branches),
        _ => None,
    };
    Row {
        experiment: &experiment.name,
        workload: &experiment.workload,
        variant: experiment.variant.as_deref(),
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
        seconds: 0.0,
        branches,
        stopped: case.stopped,
        stamps: "",
    }
}
