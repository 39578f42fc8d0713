//! Predictions by both laws, without measuring.

mod advice;
mod effective;
mod from;
mod measured;
mod page;
mod parts;
mod plot;
mod profile;
mod tables;

use serde::Serialize;

use crate::law::WorkSpan;
use crate::law::predict::{self as law, Advice, Step, predict};
use crate::law::profile::{Halving, Part, Profile};
use crate::law::speedup::{amdahl, gustafson};
use crate::page::format::written;
use crate::page::json::{Absent, count};
use crate::page::{Format, Look, Scale};
use effective::Effective;
use from::Fitted;
pub use from::{Found, read};
use measured::MeasuredOn;
use profile::Asked;

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
    /// Parallel fractions, if no serial ones are given.
    pub parallel_fraction: &'a [String],
    /// Times of the work and of the span.
    pub work_span: Option<(&'a str, &'a str)>,
    /// What another command found.
    pub from: Option<&'a Found>,
    /// The workers on which times and fractions were measured; one if it is not given.
    pub measured_on: Option<u64>,
    /// Worker counts.
    pub workers: &'a [u64],
    /// Whether to show the effective curve.
    pub effective: bool,
    /// How to divide the axes of the plot; chosen by the jobs if it is not given.
    pub axes: Option<Scale>,
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
    /// The speedup if Amdahl's formula is given the share on the workers that the profile was taken on.
    misread_speedup: Option<f64>,
    /// The speedup by the law that was fitted, and Amdahl's at both ends of the interval of its serial fraction.
    fitted_speedup: Option<f64>,
    amdahl_low: Option<f64>,
    amdahl_high: Option<f64>,
    /// With work and span: no schedule is more times faster.
    most_speedup: Option<f64>,
}

/// One job and what the laws say of it. What is null in a part has its reason in `absent`, under the name of the part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Job {
    /// Amdahl's s: the share on one worker.
    serial_fraction: f64,
    parallel_fraction: f64,
    ceiling: Option<f64>,
    #[serde(serialize_with = "count")]
    workers_at_90_percent: Option<f64>,
    rows: Vec<Row>,
    /// With the times on one worker.
    parts: Option<Vec<Part>>,
    measured_on: Option<MeasuredOn>,
    /// The largest worker count asked for.
    #[serde(serialize_with = "count")]
    halved_on_workers: f64,
    halvings: Vec<Halving>,
    effective: Option<Effective>,
    /// The law that was fitted.
    fitted: Option<Fitted>,
    work_span: Option<WorkSpan>,
    advice: Advice,
    advice_text: Vec<String>,
    absent: Absent,
    /// Its parts on one worker; their times are shares of the whole, if only its serial fraction is known.
    #[serde(skip)]
    profile: Profile,
}

impl Job {
    /// Predicts a job from its profile as it was taken.
    fn new(taken: Profile, asked: &Asked, question: &Question<'_>) -> Result<Self, String> {
        let &Asked { timed, measured_on, is_step, ref fitted, work_span, .. } = asked;
        let workers: Vec<f64> = question.workers.iter().map(|&count| count as f64).collect();
        let most = workers.iter().copied().fold(1.0, f64::max);
        let on = measured_on.filter(|&count| count > 1).map(|count| count as f64);
        // The share on the workers of the profile, which Gustafson's law takes, and the profile on one worker.
        let share = taken.serial_fraction();
        let profile = taken.measured_on(on.unwrap_or(1.0)).map_err(|fault| fault.to_string())?;
        let prediction = predict(profile.serial_fraction(), &workers).map_err(|fault| fault.to_string())?;
        let step = step(&profile);
        let effective = (question.effective || on.is_some()).then(|| Effective::of(step));
        let row = |row: &law::Row| {
            let ends = fitted.as_ref().and_then(|fitted| fitted.amdahl(row.workers));
            let (amdahl_low, amdahl_high) = ends.unzip();
            Row {
                workers: row.workers,
                amdahl: row.amdahl,
                gustafson: gustafson(share, row.workers),
                efficiency: row.efficiency,
                share_of_ceiling: prediction.ceiling.map(|_| row.share_of_ceiling),
                seconds: timed.then(|| profile.seconds(row.workers)),
                serial_share: effective.map(|_| step.communication_share(row.workers)),
                effective_speedup: effective.map(|_| step.effective_speedup(row.workers)),
                misread_speedup: on.map(|_| amdahl(share, row.workers)),
                fitted_speedup: fitted.as_ref().map(|fitted| fitted.speedup(row.workers)),
                amdahl_low,
                amdahl_high,
                most_speedup: work_span.map(|pair| pair.most_speedup(row.workers)),
            }
        };
        let mut job = Self {
            serial_fraction: prediction.serial_fraction,
            parallel_fraction: 1.0 - prediction.serial_fraction,
            ceiling: prediction.ceiling,
            workers_at_90_percent: prediction.workers_at_90_percent,
            rows: prediction.rows.iter().map(row).collect(),
            parts: timed.then(|| profile.parts.clone()),
            measured_on: on.map(|on| MeasuredOn::of(&profile, timed, on, share)),
            halved_on_workers: most,
            // Of a job whose times are not known, the parts' seconds would be shares.
            halvings: if timed { profile.halvings(most) } else { Vec::new() },
            effective,
            fitted: fitted.clone(),
            work_span,
            advice: prediction.advice,
            advice_text: advice::advice(&prediction, share, is_step.then_some(step), most),
            absent: Absent::default(),
            profile,
        };
        let first = job.fitted.as_ref().and_then(|fitted| fitted.finding(most)).or_else(|| measured::finding(&job));
        job.advice_text.splice(0..0, first);
        job.absent = absent(&job);
        Ok(job)
    }

    /// The serial share of the time on the workers of the profile: Gustafson's s.
    fn serial_share(&self) -> f64 {
        self.measured_on.as_ref().map_or(self.serial_fraction, |on| on.serial_share)
    }
}

/// The job as a step of shared compute and of communication, which more workers cannot shorten.
fn step(profile: &Profile) -> Step {
    Step { compute_seconds: profile.parallel_seconds(), communication_seconds: profile.serial_seconds() }
}

/// Says why what is null is null.
fn absent(job: &Job) -> Absent {
    const LIMITED: &str = "nothing is serial, so the speedup has no ceiling";
    const ONLY: &str = "only the serial fraction was given, no times";
    const UNASKED: &str = "--effective was not given";
    const ON_ONE: &str = "the profile was taken on one worker (--measured-on)";
    const NO_FIT: &str = "no fit was given (--from)";
    const NO_PAIR: &str = "no work and span were given (--work, --span)";
    let mut absent = Absent::default();
    let missing = [
        (job.ceiling.is_none(), "ceiling", LIMITED),
        (job.parts.is_none(), "parts", ONLY),
        (job.effective.is_none(), "effective", UNASKED),
        (job.measured_on.is_none(), "measured_on", ON_ONE),
        (job.fitted.is_none(), "fitted", NO_FIT),
        (job.work_span.is_none(), "work_span", NO_PAIR),
    ];
    let missing: Vec<(&str, &str)> =
        missing.iter().filter(|(is, ..)| *is).map(|(_, part, why)| (*part, *why)).collect();
    for (part, why) in &missing {
        absent.note(part, *why);
    }
    if job.workers_at_90_percent.is_none() {
        absent.note("workers_at_90_percent", LIMITED);
    }
    if !missing.is_empty() {
        absent.note("rows", missing.iter().map(|(_, why)| *why).collect::<Vec<_>>().join("; "));
    }
    if job.halvings.iter().any(|one| one.ceiling.is_none()) {
        absent.note("halvings", "with this part halved nothing is serial");
    }
    if job.effective.is_some_and(|effective| effective.peak_workers.is_none()) {
        absent.note("effective", "the curve has a top only with compute and communication");
    }
    absent
}

/// Everything that `amdahl predict` was asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PredictReport {
    schema: &'static str,
    version: &'static str,
    /// The jobs, in the order given.
    profiles: Vec<Job>,
    #[serde(skip)]
    axes: Option<Scale>,
}

/// The job of a row of comma-separated values.
#[derive(Serialize)]
struct Of {
    serial_fraction: f64,
    #[serde(serialize_with = "count")]
    measured_on: f64,
}

impl PredictReport {
    /// Predicts what was asked.
    ///
    /// # Errors
    /// Names the option that is wrong, and says what would be right.
    pub fn new(question: &Question<'_>) -> Result<Self, String> {
        let asked = profile::asked(question)?;
        let jobs = asked.profiles.iter().map(|profile| Job::new(profile.clone(), &asked, question));
        Ok(Self {
            schema: "amdahl-predict/2",
            version: env!("CARGO_PKG_VERSION"),
            profiles: jobs.collect::<Result<_, _>>()?,
            axes: question.axes,
        })
    }

    /// Returns the report in a format; as comma-separated values one row for each job and worker count.
    pub fn write(&self, format: Format, look: Look) -> String {
        let of = |job: &Job| Of {
            serial_fraction: job.serial_fraction,
            measured_on: job.measured_on.as_ref().map_or(1.0, |on| on.workers),
        };
        let rows = || self.profiles.iter().flat_map(|job| job.rows.iter().map(move |row| (of(job), row))).collect();
        written(format, look, || page::blocks(&self.profiles, self.axes), self, rows)
    }
}
