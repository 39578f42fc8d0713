//! The fit as JSON. What is absent is null, with its reason under `absent`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{FitReport, absent, measured, scaled};
use crate::law::joint::JointFit;
use crate::law::speedup::{Candidate, Goodness, Predicted, SpeedupFit};
use crate::law::{Model, Verdict};
use crate::page::json::laid_out;
use crate::page::list::ListError;
use crate::page::reason::reason;
use crate::stats::Estimate;

/// The fit. Times are in `time_unit`.
#[derive(Serialize)]
struct Fit<'a> {
    schema: &'static str,
    version: &'static str,
    source: &'a str,
    column: &'a str,
    column_unit: Option<&'static str>,
    time_unit: &'static str,
    rows: usize,
    worker_counts: usize,
    pooled: bool,
    model: Option<Model>,
    forced: bool,
    verdict: Verdict,
    verdict_reason: String,
    serial_fraction: Option<Estimate>,
    serial_fraction_upper: Option<f64>,
    kappa: Option<Estimate>,
    knee: Option<Estimate>,
    knee_shape: Option<f64>,
    seconds_at_one: Option<Estimate>,
    attainable_ceiling: Option<Estimate>,
    asymptotic_ceiling: Option<Estimate>,
    peak_workers: Option<f64>,
    workers_at_90_percent: Option<f64>,
    recommended_workers: Option<f64>,
    recommended_reason: Option<String>,
    residual_sd: Option<f64>,
    goodness: Option<&'a Goodness>,
    runner_up: Option<Candidate>,
    rebased: Option<&'a SpeedupFit>,
    speedup_base: Option<measured::Source>,
    speedup_base_workers: Option<f64>,
    speedup_base_time: Option<f64>,
    points: Vec<Point>,
    predictions: Option<&'a [Predicted]>,
    joint: Option<&'a JointFit>,
    scaled_points: Vec<ScaledPoint>,
    absent: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct Point {
    #[serde(serialize_with = "crate::page::json::workers")]
    workers: f64,
    seconds: f64,
    seconds_low: f64,
    seconds_high: f64,
    repetitions: usize,
    speedup: Option<f64>,
    efficiency: Option<f64>,
    karp_flatt: Option<f64>,
    fitted_seconds: Option<f64>,
}

#[derive(Serialize)]
struct ScaledPoint {
    work: f64,
    #[serde(serialize_with = "crate::page::json::workers")]
    workers: f64,
    seconds: f64,
    fitted_seconds: Option<f64>,
    speedup: Option<f64>,
    work_rate: Option<f64>,
    serial_share: Option<f64>,
    gustafson: Option<f64>,
}

pub(super) fn json(report: &FitReport) -> Result<String, ListError> {
    let (timings, fit) = (&report.timings, &report.fit);
    let recommended = report.recommendation();
    let base = measured::base(report);
    let document = Fit {
        schema: "amdahl-fit/1",
        version: env!("CARGO_PKG_VERSION"),
        source: &report.source,
        column: &timings.column,
        column_unit: timings.unit,
        time_unit: timings.given.time_unit(),
        rows: timings.rows,
        worker_counts: timings.worker_counts,
        pooled: timings.pooled,
        model: fit.model,
        forced: report.forced,
        verdict: fit.verdict,
        verdict_reason: reason(&fit.reason),
        serial_fraction: fit.serial_fraction,
        serial_fraction_upper: fit.serial_fraction_upper,
        kappa: fit.kappa,
        knee: fit.knee,
        knee_shape: fit.knee_shape,
        seconds_at_one: fit.seconds_at_one,
        attainable_ceiling: fit.attainable_ceiling,
        asymptotic_ceiling: fit.asymptotic_ceiling,
        peak_workers: fit.peak_workers,
        workers_at_90_percent: fit.workers_at_90_percent,
        recommended_workers: recommended.as_ref().map(|found| found.workers),
        recommended_reason: recommended.map(|found| found.reason),
        residual_sd: fit.residual_sd,
        goodness: fit.goodness.as_ref(),
        runner_up: fit.runner_up,
        rebased: fit.rebased.as_deref(),
        speedup_base: base.map(|base| base.source),
        speedup_base_workers: base.map(|base| base.workers),
        speedup_base_time: base.map(|base| base.seconds),
        points: measured::rows(report).iter().map(point).collect(),
        predictions: report.predictions.as_ref().and_then(|found| found.as_deref().ok()),
        joint: report.joint.as_ref(),
        scaled_points: scaled::rows(report).iter().map(scaled_point).collect(),
        absent: absent::absent(report),
    };
    Ok(laid_out(&document)?)
}

fn point(row: &measured::Row) -> Point {
    Point {
        workers: row.workers,
        seconds: row.seconds.median,
        seconds_low: row.seconds.low,
        seconds_high: row.seconds.high,
        repetitions: row.seconds.count,
        speedup: row.speedup.map(|speedup| speedup.value),
        efficiency: row.efficiency,
        karp_flatt: row.karp_flatt,
        fitted_seconds: row.fitted_seconds,
    }
}

fn scaled_point(row: &scaled::Row) -> ScaledPoint {
    ScaledPoint {
        work: row.work,
        workers: row.group.workers,
        seconds: row.group.seconds.median,
        fitted_seconds: row.fitted_seconds,
        speedup: row.speedup,
        work_rate: row.rate,
        serial_share: row.serial_share,
        gustafson: row.gustafson,
    }
}
