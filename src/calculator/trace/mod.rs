//! Serial fraction from a profiler's trace: communication that no computation hides.
//!
//! Communication that runs beside computation costs nothing. What remains, the **exposed** communication, is the part
//! of a step that more workers do not shorten, and s is its share. A file is read event by event by
//! [`Recording::read`]; only unions of busy times are kept.

mod event;
mod gather;
mod guard;
mod host;
mod kind;
mod law;
mod names;
mod page;
mod ranks;
mod read;
mod rows;
mod say;
mod spans;
mod straggler;
#[cfg(test)]
mod tests;
mod worker;

use std::io::Read;

use serde::Serialize;

use crate::page::format::written;
use crate::page::json::{Absent, count};
use crate::page::{Format, Look};
use kind::Kind;
pub use kind::Naming;
use law::Law;
use names::Named;
use read::Distributed;
use rows::{Row, Unusual};
use straggler::Straggler;
use worker::{Times, Worker};

/// What was read of one file.
#[derive(Debug)]
pub struct Recording {
    source: String,
    distributed: Distributed,
    file: File,
    /// Whether its times are those of devices.
    on_device: bool,
    workers: Vec<Worker>,
    names: gather::Names,
}

/// What the report says of a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct File {
    source: String,
    events: u64,
    /// Events without a begin or a length.
    untimed_events: u64,
    /// Begins without an end, and ends without a begin.
    unpaired_events: u64,
    /// Idle gaps that were too many to be kept, and are taken for busy.
    joined_seconds: f64,
    /// Whether it ends before its list of events does.
    cut: bool,
}

impl Recording {
    /// Reads a trace from its bytes, gzip or not. `source` is what a reader calls it.
    ///
    /// # Errors
    /// Says what is wrong, and in which line and column; or that there is nothing to tell.
    pub fn read(source: String, input: impl Read, naming: &Naming) -> Result<Self, String> {
        let contents = read::read(input, naming)?;
        let mut gathered = contents.gathered;
        if let Some(fault) = gathered.fault() {
            return Err(fault);
        }
        let on_device = !gathered.devices.is_empty();
        let workers = worker::workers(&mut gathered, contents.distributed.rank.is_some());
        if workers.is_empty() {
            return Err(match gathered.events {
                0 => "its list of events is empty; profile at least one step".to_owned(),
                _ => {
                    "no event is work with a begin and a length (ph X, or B and E); profile with activities=[CPU, CUDA]"
                        .to_owned()
                }
            });
        }
        let file = File {
            source: source.clone(),
            events: gathered.events,
            untimed_events: gathered.untimed,
            unpaired_events: gathered.unpaired,
            joined_seconds: workers.iter().map(|worker| worker.joined_seconds).sum(),
            cut: contents.cut,
        };
        Ok(Self { source, distributed: contents.distributed, file, on_device, workers, names: gathered.names })
    }
}

/// Where the number of workers comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Counted {
    /// The reader said it.
    Asked,
    /// The files say it.
    WorldSize,
    /// It is the number of ranks and devices in the files.
    Files,
}

/// Everything that `amdahl trace` found. What is null has its reason in `absent`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TraceReport {
    schema: &'static str,
    version: &'static str,
    files: Vec<File>,
    ranks_by: ranks::Source,
    /// Whether times are those of devices, not of operations of the host.
    on_device: bool,
    /// Whether `step` is the mean of marked steps, not the whole time.
    has_steps: bool,
    /// K: the workers that the step was shared by.
    #[serde(serialize_with = "count")]
    measured_on: Option<f64>,
    measured_on_by: Option<Counted>,
    /// The mean of all workers.
    step: Times,
    whole: Times,
    law: Law,
    workers: Vec<Row>,
    straggler: Option<Straggler>,
    unusual_steps: Vec<Unusual>,
    /// The names with the longest sums, over all workers.
    names: Vec<Named>,
    absent: Absent,
}

/// Where a row of comma-separated values belongs.
#[derive(Serialize)]
struct Of<'a> {
    rank: u64,
    device: Option<&'a str>,
    /// Empty for the whole time.
    step: Option<u64>,
}

impl TraceReport {
    /// Reads the law from recordings, one or more for each rank. `measured_on` is the number of workers that shared the
    /// work, if the reader knows it.
    ///
    /// # Errors
    /// Names two files that do not go together.
    pub fn new(mut recordings: Vec<Recording>, measured_on: Option<u64>) -> Result<Self, String> {
        let on_device = recordings.iter().all(|file| file.on_device);
        if let Some(mixed) = recordings.iter().find(|file| file.on_device != on_device) {
            let host = recordings.iter().find(|file| !file.on_device).map_or("", |file| file.source.as_str());
            return Err(format!("{} has events of a device, {host} has none; give files of one kind", mixed.source));
        }
        let (ranks_by, mut workers) = rows::rows(&mut recordings)?;
        let waiting = straggler::waiting(&workers).unwrap_or_default();
        for (row, seconds) in workers.iter_mut().zip(&waiting.seconds) {
            row.waits_seconds = Some(*seconds);
        }
        let world = recordings.iter().filter_map(|file| file.distributed.world_size).max();
        let known = measured_on.map(|count| (count, Counted::Asked));
        let known = known.or(world.filter(|&size| size >= workers.len() as u64).map(|size| (size, Counted::WorldSize)));
        let several = (workers.len() > 1).then_some((workers.len() as u64, Counted::Files));
        let (measured_on, measured_on_by) = known.or(several).map(|(count, by)| (count as f64, by)).unzip();
        let step = Times::mean(workers.iter().map(|row| &row.step));
        let mut report = Self {
            schema: "amdahl-trace/1",
            version: env!("CARGO_PKG_VERSION"),
            ranks_by,
            on_device,
            has_steps: workers.iter().all(|row| !row.steps.is_empty()),
            measured_on,
            measured_on_by,
            step,
            whole: Times::mean(workers.iter().map(|row| &row.whole)),
            law: Law::new(&step, measured_on),
            straggler: waiting.straggler,
            unusual_steps: rows::unusual(&workers),
            names: names::longest(recordings.iter().map(|file| &file.names)),
            files: recordings.into_iter().map(|file| file.file).collect(),
            workers,
            absent: Absent::default(),
        };
        report.note_absent();
        Ok(report)
    }

    fn note_absent(&mut self) {
        const ONE: &str = "there is one worker only: give the files of all ranks";
        if self.measured_on.is_none() {
            let why = "one file that does not tell how many workers there were; give --measured-on K";
            for part in ["measured_on", "law"] {
                self.absent.note(part, why);
            }
        } else if self.law.cases().iter().any(|case| case.ceiling.is_none()) {
            self.absent.note("law", "nothing is exposed, so there is no ceiling");
        }
        if self.workers.len() == 1 {
            for part in ["straggler", "workers"] {
                self.absent.note(part, ONE);
            }
        } else if self.straggler.is_none() {
            self.absent.note("straggler", "no rank is the last in most steps and costs the others 5 % of a step");
        }
        if self.workers.iter().any(|row| row.device.is_none()) {
            self.absent.note("workers", "a file has one device only, which needs no name; or there is one worker only");
        }
    }

    /// Returns the report in a format; as comma-separated values one row for each worker and step, and one for its
    /// whole time.
    pub fn write(&self, format: Format, look: Look) -> String {
        written(format, look, || page::blocks(self), self, || self.rows().collect())
    }

    fn rows(&self) -> impl Iterator<Item = (Of<'_>, Times)> {
        self.workers.iter().flat_map(|row| {
            let of = |step| Of { rank: row.rank, device: row.device.as_deref(), step };
            let steps = row.steps.iter().map(move |step| (of(Some(step.number)), step.times));
            steps.chain(std::iter::once((of(None), row.whole)))
        })
    }
}
