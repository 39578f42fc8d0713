//! Predictions as JSON and as comma-separated values. What is absent is null, with its reason under `absent`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Job, PredictReport, effective};
use crate::law::predict::Advice;
use crate::law::profile::{Halving, Part};
use crate::page::json::laid_out;
use crate::page::list::ListError;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    version: &'static str,
    profiles: Vec<Profile<'a>>,
}

#[derive(Serialize)]
struct Profile<'a> {
    serial_fraction: f64,
    parallel_fraction: f64,
    ceiling: Option<f64>,
    workers_at_90_percent: Option<f64>,
    rows: Vec<Row>,
    parts: Option<&'a [Part]>,
    halved_on_workers: f64,
    halvings: Vec<Halving>,
    effective: Option<Effective>,
    advice: Advice,
    advice_text: Vec<String>,
    absent: BTreeMap<&'static str, &'static str>,
}

#[derive(Serialize)]
struct Row {
    #[serde(serialize_with = "crate::page::json::workers")]
    workers: f64,
    amdahl: f64,
    gustafson: f64,
    efficiency: f64,
    share_of_ceiling: Option<f64>,
    seconds: Option<f64>,
}

#[derive(Serialize)]
struct Effective {
    peak_workers: Option<f64>,
    peak_speedup: Option<f64>,
    rows: Vec<EffectiveRow>,
    why: &'static str,
}

#[derive(Serialize)]
struct EffectiveRow {
    #[serde(serialize_with = "crate::page::json::workers")]
    workers: f64,
    serial_share: f64,
    effective_speedup: f64,
    clock_speedup: f64,
}

pub(super) fn json(report: &PredictReport) -> Result<String, ListError> {
    let profiles = report.jobs.iter().map(|job| profile(job, report.effective)).collect();
    let document = Document { schema: "amdahl-predict/1", version: env!("CARGO_PKG_VERSION"), profiles };
    Ok(laid_out(&document)?)
}

fn profile(job: &Job, effective: bool) -> Profile<'_> {
    let prediction = &job.prediction;
    // Of a job whose times are not known, the parts' seconds would be shares.
    let halvings = if job.timed { job.profile.halvings(job.most_workers()) } else { Vec::new() };
    Profile {
        serial_fraction: prediction.serial_fraction,
        parallel_fraction: 1.0 - prediction.serial_fraction,
        ceiling: prediction.ceiling,
        workers_at_90_percent: prediction.workers_at_90_percent,
        rows: rows(job),
        parts: job.timed.then_some(job.profile.parts.as_slice()),
        halved_on_workers: job.most_workers(),
        halvings,
        effective: effective.then(|| self::effective(job)),
        advice: prediction.advice,
        advice_text: job.advice(),
        absent: absent(job, effective),
    }
}

fn rows(job: &Job) -> Vec<Row> {
    let row = |row: &crate::law::predict::Row| Row {
        workers: row.workers,
        amdahl: row.amdahl,
        gustafson: row.gustafson,
        efficiency: row.efficiency,
        share_of_ceiling: job.prediction.ceiling.map(|_| row.share_of_ceiling),
        seconds: job.timed.then(|| job.profile.seconds(row.workers)),
    };
    job.prediction.rows.iter().map(row).collect()
}

fn effective(job: &Job) -> Effective {
    let step = job.step();
    let row = |row: &crate::law::predict::Row| EffectiveRow {
        workers: row.workers,
        serial_share: step.communication_share(row.workers),
        effective_speedup: step.effective_speedup(row.workers),
        clock_speedup: step.speedup(row.workers),
    };
    let peak = step.effective_peak();
    Effective {
        peak_workers: peak,
        peak_speedup: peak.map(|workers| step.effective_speedup(workers)),
        rows: job.prediction.rows.iter().map(row).collect(),
        why: effective::WHY,
    }
}

/// Why each null is one.
fn absent(job: &Job, effective: bool) -> BTreeMap<&'static str, &'static str> {
    let mut absent = BTreeMap::new();
    if job.prediction.ceiling.is_none() {
        for field in ["ceiling", "workers_at_90_percent", "rows.share_of_ceiling"] {
            absent.insert(field, "nothing is serial: the speedup has no ceiling");
        }
    }
    if !job.timed {
        for field in ["parts", "rows.seconds"] {
            absent.insert(field, "only the serial fraction was given, no times");
        }
    }
    if !effective {
        absent.insert("effective", "it was not asked for with --effective");
    } else if job.step().effective_peak().is_none() {
        for field in ["effective.peak_workers", "effective.peak_speedup"] {
            absent.insert(field, "without both compute and communication the curve has no top");
        }
    }
    absent
}

/// One row for each job and worker count.
#[derive(Serialize)]
struct CsvRow {
    serial_fraction: f64,
    #[serde(serialize_with = "crate::page::json::workers")]
    workers: f64,
    amdahl: f64,
    gustafson: f64,
    efficiency: f64,
    share_of_ceiling: Option<f64>,
    seconds: Option<f64>,
    effective_speedup: Option<f64>,
}

pub(super) fn csv(report: &PredictReport) -> Result<String, ListError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for job in &report.jobs {
        for row in rows(job) {
            writer.serialize(CsvRow {
                serial_fraction: job.prediction.serial_fraction,
                workers: row.workers,
                amdahl: row.amdahl,
                gustafson: row.gustafson,
                efficiency: row.efficiency,
                share_of_ceiling: row.share_of_ceiling,
                seconds: row.seconds,
                effective_speedup: report.effective.then(|| job.step().effective_speedup(row.workers)),
            })?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8(bytes)?)
}
