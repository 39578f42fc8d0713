//! The cases of a run and its named numbers as rows of comma-separated values.

use std::borrow::Cow;

use serde::Serialize;

use super::csv::{Columns, inert, rows};
use super::named::{Named, Unit};
use super::stamp;
use crate::record::{Measured, Measurement, Run, Series, VariantName};
use crate::stats::{Estimate, Summary};

/// One quantity of one case, or one named number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseRow<'a> {
    experiment: &'a str,
    workload: Cow<'a, str>,
    variant: Option<&'a str>,
    series: Series,
    device: Cow<'a, str>,
    n: Option<u64>,
    m: Option<u64>,
    k: Option<u64>,
    workers: Option<u64>,
    workgroup_size: Option<u32>,
    dispatches: Option<u32>,
    slices: Option<u32>,
    /// What was timed, or the name of a number.
    quantity: String,
    unit: Unit,
    median: f64,
    /// The ends of the 95 % interval; empty for a number without one.
    low: Option<f64>,
    high: Option<f64>,
    /// Samples that the median is of.
    samples: Option<usize>,
    /// How many times faster than the base; empty if the report compares it with none.
    speedup: Option<f64>,
    speedup_low: Option<f64>,
    speedup_high: Option<f64>,
    /// The number of the base among the cases of its experiment, as in `samples.csv`.
    base: Option<usize>,
    /// What to know of the row and of the run, in words of their own.
    marks: String,
    /// Paths, of a workload that has several.
    branches: Option<u64>,
    /// Neighbours that take the same of these paths.
    branch_run: Option<u64>,
    /// The places of experiment and case, counted from 1 as in `samples.csv`.
    experiment_number: Option<usize>,
    case_number: Option<usize>,
}

/// The column heads, which stand there even if there is no row.
const HEADS: &str = "experiment,workload,variant,series,device,n,m,k,workers,workgroup_size,dispatches,slices,quantity,\
    unit,median,low,high,samples,speedup,speedup_low,speedup_high,base,marks,branches,branch_run,experiment_number,\
    case_number\n";

/// Where a row belongs: the experiment and its place in the run, counted from 1.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) run: &'a Run,
    pub(crate) measured: &'a Measured,
    pub(crate) number: usize,
}

/// One time of a case.
pub(crate) struct Timed {
    /// What was timed: `whole-job`.
    pub(crate) quantity: String,
    /// Its median and interval, in seconds.
    pub(crate) time: Summary,
    /// How many times faster than the base, and the number of that among the cases, counted from 1.
    pub(crate) speedup: Option<(Estimate, usize)>,
    /// What to know of this time.
    pub(crate) marks: Vec<&'static str>,
}

/// Returns the row of a time of a case; `number` is the case's among those of its experiment, counted from 1.
pub(crate) fn of_case<'a>(place: Place<'a>, number: usize, case: &'a Measurement, timed: Timed) -> CaseRow<'a> {
    let Timed { quantity, time, speedup, marks } = timed;
    let (speedup, base) = speedup.unzip();
    let Columns { n, m, k, branches, branch_run } = Columns::of(case.problem);
    let named = match time.count {
        // A single sample has no interval.
        1 => Named::plain(&quantity, Unit::Seconds, time.median),
        _ => Named::new(&quantity, Unit::Seconds, time.estimate()),
    };
    let number_of_it = named.of(case.series).on(case.workers).at(n);
    let row = of_experiment(place, number_of_it);
    CaseRow {
        variant: case.variant.as_ref().map(VariantName::as_str).or(row.variant),
        m,
        k,
        workgroup_size: Some(case.workgroup_size),
        dispatches: Some(case.dispatches),
        slices: Some(case.slices),
        samples: Some(time.count),
        speedup: speedup.map(|speedup| speedup.value),
        speedup_low: speedup.map(|speedup| speedup.low),
        speedup_high: speedup.map(|speedup| speedup.high),
        base,
        marks: [marks.join(" "), row.marks].join(" ").trim().to_owned(),
        branches,
        branch_run,
        case_number: Some(number),
        ..row
    }
}

/// Returns the row of a named number of an experiment.
pub(crate) fn of_experiment(Place { run, measured, number }: Place<'_>, named: Named) -> CaseRow<'_> {
    CaseRow {
        experiment: &measured.name,
        workload: inert(&measured.workload),
        variant: measured.variant.as_deref(),
        experiment_number: Some(number),
        ..of_run(run, named)
    }
}

/// Returns the row of a named number of the whole run.
pub(crate) fn of_run(run: &Run, named: Named) -> CaseRow<'_> {
    CaseRow {
        experiment: "calibration",
        workload: Cow::Borrowed(""),
        variant: None,
        series: named.series,
        device: inert(&run.device.name),
        n: named.n,
        m: None,
        k: None,
        workers: named.workers,
        workgroup_size: None,
        dispatches: None,
        slices: None,
        quantity: named.name,
        unit: named.unit,
        median: named.value,
        low: named.low,
        high: named.high,
        samples: None,
        speedup: None,
        speedup_low: None,
        speedup_high: None,
        base: None,
        marks: stamp::codes(run),
        branches: None,
        branch_run: None,
        experiment_number: None,
        case_number: None,
    }
}

/// Returns the rows as comma-separated values.
pub(crate) fn cases_csv(all: &[CaseRow<'_>]) -> String {
    if all.is_empty() { HEADS.to_owned() } else { rows(all) }
}
