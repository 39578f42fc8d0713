//! The tables of both laws.

use super::Job;
use super::page::{decimals, rest};
use crate::page::block::Table;
use crate::page::words;
use crate::units::{self, ABSENT};

/// One job in full.
pub(super) fn one(job: &Job) -> Table {
    let heads =
        ["workers", "time", "Amdahl:\nspeedup", "efficiency", "share of\nthe ceiling", "Gustafson:\nscaled speedup"];
    let mut table = Table::new(&heads);
    for row in &job.prediction.rows {
        table.push([
            words::whole(row.workers),
            if job.timed { units::seconds(job.profile.seconds(row.workers)) } else { ABSENT.to_owned() },
            units::hundredths(row.amdahl),
            units::share(row.efficiency),
            job.prediction.ceiling.map_or(ABSENT.to_owned(), |_| units::share(row.share_of_ceiling)),
            units::hundredths(row.gustafson),
        ]);
    }
    table.without_empty_columns()
}

/// Both laws for a few jobs, side by side.
pub(super) fn abreast(jobs: &[Job]) -> Table {
    let mut table = Table::new(&["workers"]);
    for law in ["Amdahl", "Gustafson"] {
        let heads = jobs.iter().map(|job| format!("{law}\ns = {}", decimals(job.prediction.serial_fraction)));
        table.heads.extend(heads);
    }
    let counts = jobs.first().map(|job| job.prediction.rows.as_slice()).unwrap_or_default();
    for (index, count) in counts.iter().enumerate() {
        let rows = || jobs.iter().filter_map(|job| job.prediction.rows.get(index));
        let amdahl = rows().map(|row| units::hundredths(row.amdahl));
        let gustafson = rows().map(|row| units::hundredths(row.gustafson));
        table.push(std::iter::once(words::whole(count.workers)).chain(amdahl).chain(gustafson));
    }
    table
}

/// Ceilings, and how near the largest count comes to them.
pub(super) fn ceilings(jobs: &[Job]) -> Table {
    let most = jobs.first().map_or(1.0, Job::most_workers);
    let share = format!("share of it\non {} {}", words::whole(most), words::noun(most));
    let mut table =
        Table::new(&["serial\nfraction s", "parallel\nfraction P", "ceiling\n1/s", &share, "90 % of it\ntakes"]);
    for job in jobs {
        let prediction = &job.prediction;
        let reached = prediction.rows.iter().find(|row| row.workers == most).filter(|_| prediction.ceiling.is_some());
        table.push([
            decimals(prediction.serial_fraction),
            rest(prediction.serial_fraction),
            prediction.ceiling.map_or(ABSENT.to_owned(), units::hundredths),
            reached.map_or(ABSENT.to_owned(), |row| units::share(row.share_of_ceiling)),
            prediction.workers_at_90_percent.map_or(ABSENT.to_owned(), words::whole),
        ]);
    }
    table
}
