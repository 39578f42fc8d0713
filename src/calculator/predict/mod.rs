//! Predictions by both laws, without measuring.

mod advice;
mod effective;
mod page;
mod parts;
mod plot;
mod profile;
mod tables;

use serde::Serialize;

use crate::law::predict::{Advice, Step, predict};
use crate::law::profile::{Halving, Part, Profile};
use crate::page::Format;
use crate::page::format::written;
use crate::page::json::{Absent, count};
use effective::Effective;

/// The jobs and what to predict, as the command line gives them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Question<'a> {
    /// Parts that more workers cannot shorten: `load=100ms` or `100ms`.
    pub serial: &'a [String],
    /// Parts that workers share, in the same form.
    pub parallel: &'a [String],
    /// Time of the compute part of a step.
    pub compute: Option<&'a str>,
    /// Time of its communication.
    pub communication: Option<&'a str>,
    /// Serial fractions of jobs without known times.
    pub serial_fraction: &'a [String],
    /// Worker counts.
    pub workers: &'a [u64],
    /// Whether to show the effective curve.
    pub effective: bool,
}

/// One worker count of a job.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Row {
    #[serde(serialize_with = "count")]
    workers: f64,
    amdahl: f64,
    gustafson: f64,
    efficiency: f64,
    share_of_ceiling: Option<f64>,
    seconds: Option<f64>,
    /// The serial share on this count, and the speedup if Amdahl's formula is given that share.
    serial_share: Option<f64>,
    effective_speedup: Option<f64>,
}

/// One job and what the laws say of it. What is null in a part has its reason in `absent`, under the name of the part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Job {
    serial_fraction: f64,
    parallel_fraction: f64,
    ceiling: Option<f64>,
    #[serde(serialize_with = "count")]
    workers_at_90_percent: Option<f64>,
    rows: Vec<Row>,
    parts: Option<Vec<Part>>,
    /// The largest worker count asked for.
    #[serde(serialize_with = "count")]
    halved_on_workers: f64,
    halvings: Vec<Halving>,
    effective: Option<Effective>,
    advice: Advice,
    advice_text: Vec<String>,
    absent: Absent,
    /// Its parts; their times are shares of the whole, if only its serial fraction is known.
    #[serde(skip)]
    profile: Profile,
}

impl Job {
    /// Predicts a job; `timed` tells whether the times of its parts are known.
    fn new(profile: Profile, timed: bool, question: &Question<'_>) -> Result<Self, String> {
        let workers: Vec<f64> = question.workers.iter().map(|&count| count as f64).collect();
        let prediction = predict(profile.serial_fraction(), &workers).map_err(|fault| fault.to_string())?;
        let most = workers.iter().copied().fold(1.0, f64::max);
        // The job as a step of shared compute and of communication, which more workers cannot shorten.
        let step =
            Step { compute_seconds: profile.parallel_seconds(), communication_seconds: profile.serial_seconds() };
        let row = |row: &crate::law::predict::Row| Row {
            workers: row.workers,
            amdahl: row.amdahl,
            gustafson: row.gustafson,
            efficiency: row.efficiency,
            share_of_ceiling: prediction.ceiling.map(|_| row.share_of_ceiling),
            seconds: timed.then(|| profile.seconds(row.workers)),
            serial_share: question.effective.then(|| step.communication_share(row.workers)),
            effective_speedup: question.effective.then(|| step.effective_speedup(row.workers)),
        };
        // Of a job whose times are not known, the parts' seconds would be shares.
        let halvings = if timed { profile.halvings(most) } else { Vec::new() };
        let effective = question.effective.then(|| Effective::of(step));
        let mut absent = Absent::default();
        let limited = "nothing is serial, so the speedup has no ceiling".to_owned();
        let only = "only the serial fraction was given, no times".to_owned();
        let unasked = "--effective was not given".to_owned();
        let missing = [(prediction.ceiling.is_none(), &limited), (!timed, &only), (effective.is_none(), &unasked)];
        let missing: Vec<&str> = missing.iter().filter(|(is, _)| *is).map(|(_, why)| why.as_str()).collect();
        if !missing.is_empty() {
            absent.note("rows", missing.join("; "));
        }
        if halvings.iter().any(|one| one.ceiling.is_none()) {
            absent.note("halvings", "with this part halved nothing is serial");
        }
        if effective.is_some_and(|effective| effective.peak_workers.is_none()) {
            absent.note("effective", "the curve has a top only with compute and communication");
        }
        Ok(Self {
            serial_fraction: prediction.serial_fraction,
            parallel_fraction: 1.0 - prediction.serial_fraction,
            ceiling: absent.or_reason("ceiling", prediction.ceiling.ok_or_else(|| limited.clone())),
            workers_at_90_percent: absent
                .or_reason("workers_at_90_percent", prediction.workers_at_90_percent.ok_or(limited)),
            rows: prediction.rows.iter().map(row).collect(),
            parts: absent.or_reason("parts", timed.then(|| profile.parts.clone()).ok_or(only)),
            halved_on_workers: most,
            halvings,
            effective: if question.effective { effective } else { absent.or_reason("effective", Err(unasked)) },
            advice: prediction.advice,
            advice_text: advice::advice(&prediction, question.compute.map(|_| step), most),
            absent,
            profile,
        })
    }
}

/// Everything that `amdahl predict` was asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PredictReport {
    schema: &'static str,
    version: &'static str,
    /// The jobs, in the order given.
    profiles: Vec<Job>,
}

/// The job of a row of comma-separated values.
#[derive(Serialize)]
struct Of {
    serial_fraction: f64,
}

impl PredictReport {
    /// Predicts what was asked.
    ///
    /// # Errors
    /// Names the option that is wrong, and says what would be right.
    pub fn new(question: &Question<'_>) -> Result<Self, String> {
        let (profiles, timed) = profile::profiles(question)?;
        let jobs = profiles.into_iter().map(|profile| Job::new(profile, timed, question));
        Ok(Self {
            schema: "amdahl-predict/2",
            version: env!("CARGO_PKG_VERSION"),
            profiles: jobs.collect::<Result<_, _>>()?,
        })
    }

    /// Returns the report in a format; as comma-separated values one row for each job and worker count.
    pub fn write(&self, format: Format) -> String {
        let of = |job: &Job| Of { serial_fraction: job.serial_fraction };
        let rows = || self.profiles.iter().flat_map(|job| job.rows.iter().map(move |row| (of(job), row))).collect();
        written(format, || page::blocks(&self.profiles), self, rows)
    }
}
