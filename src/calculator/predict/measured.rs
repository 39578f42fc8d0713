//! A profile that was taken on several workers: the share that each law takes, and what the wrong one would predict.

use serde::Serialize;

use super::page::decimals;
use super::{Job, effective};
use crate::law::profile::Profile;
use crate::law::speedup::{amdahl, ceiling, gustafson};
use crate::page::block::{Block, Table};
use crate::page::json::count;
use crate::page::words;
use crate::units::{self, ABSENT};

/// What holds for a job that is all serial or all shared.
const ALIKE: &str = "This job is all serial or all shared, so both shares are the same on any number of workers.";

/// The two shares of a profile that was taken on K workers, and what they say of these workers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct MeasuredOn {
    /// K.
    #[serde(serialize_with = "count")]
    pub(super) workers: f64,
    /// s(K), the serial share of the time on K workers.
    pub(super) serial_share: f64,
    /// The speedup on K workers by the clock, and if Amdahl's formula is given s(K).
    speedup: f64,
    misread_speedup: f64,
    /// The ceiling if Amdahl's formula is given s(K); `null` if nothing is serial.
    misread_ceiling: Option<f64>,
    /// Both shares in words, by their names.
    #[serde(skip)]
    shares: [(String, String); 2],
    why: String,
}

impl MeasuredOn {
    /// Reads the profile on one worker. The job was measured on `workers`, where `share` of its time was serial.
    pub(super) fn of(profile: &Profile, timed: bool, workers: f64, share: f64) -> Self {
        let mut on = Self {
            workers,
            serial_share: share,
            speedup: profile.speedup(workers),
            misread_speedup: amdahl(share, workers),
            misread_ceiling: ceiling(share),
            shares: Default::default(),
            why: String::new(),
        };
        // Times, or shares of the time on K workers.
        let shown = if timed { units::seconds } else { units::ratio };
        let [serial, shared] = [profile.serial_seconds(), profile.parallel_seconds() / workers].map(shown);
        let (name, k) = (on.name(), words::whole(workers));
        let (many, one) = (format!("({serial} + {shared})"), format!("({serial} + {k} x {shared})"));
        let s = decimals(profile.serial_fraction());
        on.shares = [
            (name.clone(), format!("{} = {serial}/{many}, on {k} workers. Gustafson's law takes it", decimals(share))),
            ("s(1)".to_owned(), format!("{s} = {serial}/{one}, on 1 worker. Amdahl's law takes it")),
        ];
        if on.speedup == on.misread_speedup {
            ALIKE.clone_into(&mut on.why);
            return on;
        }
        let [misread, clock, bigger] =
            [on.misread_speedup, on.speedup, gustafson(share, workers)].map(units::hundredths);
        on.why = format!(
            "The {shared} that workers share were measured on {k} workers, so they are divided by {k} already. \
             Amdahl's formula divides by the workers itself: given {name}, it divides twice. It then says {misread} \
             times on {k} workers. The clock says {clock} times, {one}/{many}. Gustafson's law with {name} agrees with \
             the clock there: {k} - {share} x ({k} - 1) = {bigger}.",
            share = decimals(share)
        );
        on
    }

    /// `s(8)`.
    pub(super) fn name(&self) -> String {
        format!("s({})", words::whole(self.workers))
    }
}

/// Returns the section of both readings; nothing if the profile was taken on one worker.
pub(super) fn blocks(job: &Job) -> Option<Vec<Block>> {
    let on = job.measured_on.as_ref()?;
    let section = Block::Section {
        title: format!("measured on {} workers", words::whole(on.workers)),
        question: "Which share does each law take, and what does the wrong one predict?".to_owned(),
    };
    let mistake = "The effective curve divides twice on every number of workers p, with s(p).";
    let effective = effective::peak(job).map(|peak| Block::text(format!("{mistake} {peak}")));
    let why = Block::text(on.why.clone());
    let blocks = [section, Block::Facts(on.shares.to_vec()), Block::Table(table(job, on)), why];
    Some(blocks.into_iter().chain(effective).collect())
}

fn table(job: &Job, on: &MeasuredOn) -> Table {
    let misread = format!("wrong:\nwith {}", on.name());
    let heads =
        ["workers p", "time", "by the clock:\nwith s(1)", &misread, "s(p)", "wrong: effective\ncurve, with s(p)"];
    let mut table = Table::new(&heads);
    let cell = |value: Option<f64>, show: fn(f64) -> String| value.map_or(ABSENT.to_owned(), show);
    for row in &job.rows {
        table.push([
            words::whole(row.workers),
            cell(row.seconds, units::seconds),
            units::hundredths(row.amdahl),
            cell(row.misread_speedup, units::hundredths),
            cell(row.serial_share, units::share),
            cell(row.effective_speedup, units::hundredths),
        ]);
    }
    table.without_empty_columns()
}

/// Returns what the wrong reading would promise.
pub(super) fn finding(job: &Job) -> Option<String> {
    let on = job.measured_on.as_ref()?;
    let most = job.halved_on_workers;
    let [wrong, right] = [amdahl(on.serial_share, most), amdahl(job.serial_fraction, most)].map(units::hundredths);
    (wrong != right).then(|| {
        format!(
            "{} {} make the job {right} times faster; Amdahl's formula with {} in place of s(1) would say {wrong}",
            words::whole(most),
            words::noun(most),
            on.name()
        )
    })
}
