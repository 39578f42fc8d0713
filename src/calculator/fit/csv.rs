//! Points and predictions as comma-separated values, for a spreadsheet. The law itself is in the JSON.
//!
//! With a column of work every pair of work and workers has its row. The job of fixed size that is fitted has its law's
//! times; the other jobs have those of the joint law, and speedups over the fewest workers on the same work.

use serde::Serialize;

use super::{FitReport, measured, scaled};
use crate::calculator::timings::Group;
use crate::page::list::ListError;

/// One measured or predicted worker count. Times are in seconds, or relative where none were given.
#[derive(Serialize, Default)]
struct Row {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "crate::page::json::some_workers")]
    work: Option<f64>,
    #[serde(serialize_with = "crate::page::json::workers")]
    workers: f64,
    seconds: Option<f64>,
    seconds_low: Option<f64>,
    seconds_high: Option<f64>,
    repetitions: Option<usize>,
    speedup: Option<f64>,
    efficiency: Option<f64>,
    karp_flatt: Option<f64>,
    fitted_seconds: Option<f64>,
    fitted_low: Option<f64>,
    fitted_high: Option<f64>,
    /// Where the base of the speedup comes from.
    speedup_base: Option<measured::Source>,
    /// Workers that the speedup is relative to.
    #[serde(serialize_with = "crate::page::json::some_workers")]
    speedup_base_workers: Option<f64>,
}

impl Row {
    fn measured(group: &Group) -> Self {
        Self {
            kind: "measured",
            work: group.work,
            workers: group.workers,
            seconds: Some(group.seconds.median),
            seconds_low: Some(group.seconds.low),
            seconds_high: Some(group.seconds.high),
            repetitions: Some(group.seconds.count),
            ..Self::default()
        }
    }
}

/// Every worker count of every job.
fn measured(report: &FitReport) -> Vec<Row> {
    let fixed = report.groups();
    let fitted = measured::rows(report);
    let base = measured::base(report).filter(|_| !fitted.is_empty());
    let mut rows: Vec<Row> = scaled::rows(report)
        .iter()
        .filter(|row| fitted.is_empty() || fixed.first().is_none_or(|first| first.work != row.group.work))
        .map(|row| Row {
            speedup: row.speedup,
            efficiency: row.speedup.zip(row.base_workers).map(|(speedup, base)| speedup * base / row.group.workers),
            fitted_seconds: row.fitted_seconds,
            speedup_base: row.base_workers.map(|_| measured::Source::Measured),
            speedup_base_workers: row.base_workers,
            ..Row::measured(&row.group)
        })
        .collect();
    rows.extend(fixed.iter().zip(&fitted).map(|(group, row)| Row {
        speedup: row.speedup.map(|speedup| speedup.value),
        efficiency: row.efficiency,
        karp_flatt: row.karp_flatt,
        fitted_seconds: row.fitted_seconds,
        speedup_base: base.map(|base| base.source),
        speedup_base_workers: base.map(|base| base.workers),
        ..Row::measured(group)
    }));
    let key = |row: &Row| row.work.unwrap_or(0.0);
    rows.sort_by(|a, b| key(a).total_cmp(&key(b)).then(a.workers.total_cmp(&b.workers)));
    rows
}

pub(super) fn csv(report: &FitReport) -> Result<String, ListError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in measured(report) {
        writer.serialize(row)?;
    }
    let work = report.groups().first().and_then(|group| group.work);
    let predictions = report.predictions.as_ref().and_then(|predictions| predictions.as_ref().ok());
    for one in predictions.into_iter().flatten() {
        writer.serialize(Row {
            kind: if one.extrapolated { "extrapolated" } else { "interpolated" },
            work,
            workers: one.workers,
            speedup: one.speedup.map(|speedup| speedup.value),
            speedup_base: one.speedup.map(|_| measured::Source::Curve),
            speedup_base_workers: one.speedup.map(|_| 1.0),
            fitted_seconds: one.seconds.map(|seconds| seconds.value),
            fitted_low: one.seconds.map(|seconds| seconds.low),
            fitted_high: one.seconds.map(|seconds| seconds.high),
            ..Row::default()
        })?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8(bytes)?)
}
