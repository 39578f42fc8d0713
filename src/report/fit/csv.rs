//! Points and predictions as comma-separated values, for a spreadsheet. The law itself is in the JSON.

use serde::Serialize;

use super::{FitReport, measured};
use crate::report::list::ListError;

/// One measured or predicted worker count. Times are in seconds, or relative where none were given.
#[derive(Serialize, Default)]
struct Row {
    kind: &'static str,
    #[serde(serialize_with = "crate::report::json::workers")]
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
}

pub(super) fn csv(report: &FitReport) -> Result<String, ListError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in measured::rows(report) {
        writer.serialize(Row {
            kind: "measured",
            workers: row.workers,
            seconds: Some(row.seconds.median),
            seconds_low: Some(row.seconds.low),
            seconds_high: Some(row.seconds.high),
            repetitions: Some(row.seconds.count),
            speedup: row.speedup.map(|speedup| speedup.value),
            efficiency: row.efficiency,
            karp_flatt: row.karp_flatt,
            fitted_seconds: row.fitted_seconds,
            ..Row::default()
        })?;
    }
    let predictions = report.predictions.as_ref().and_then(|predictions| predictions.as_ref().ok());
    for one in predictions.into_iter().flatten() {
        writer.serialize(Row {
            kind: if one.extrapolated { "extrapolated" } else { "interpolated" },
            workers: one.workers,
            speedup: one.speedup.map(|speedup| speedup.value),
            fitted_seconds: one.seconds.map(|seconds| seconds.value),
            fitted_low: one.seconds.map(|seconds| seconds.low),
            fitted_high: one.seconds.map(|seconds| seconds.high),
            ..Row::default()
        })?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8(bytes)?)
}
