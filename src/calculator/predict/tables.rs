//! The tables of both laws.

use super::Job;
use super::page::{decimals, rest};
use crate::page::block::Table;
use crate::page::words;
use crate::units::{self, ABSENT};

/// One job in full.
pub(super) fn one(job: &Job) -> Table {
    let amdahl = if job.work_span.is_some() { "at least\n(Brent, Amdahl)" } else { "Amdahl:\nspeedup" };
    let heads = [
        "workers",
        "time",
        amdahl,
        "95 %",
        "at most",
        "fitted\nlaw",
        "efficiency",
        "share of\nthe ceiling",
        "Gustafson:\nscaled speedup",
    ];
    let mut table = Table::new(&heads).spare(&[7, 6]);
    let cell = |value: Option<f64>| value.map_or(ABSENT.to_owned(), units::hundredths);
    for row in &job.rows {
        table.push([
            words::whole(row.workers),
            row.seconds.map_or(ABSENT.to_owned(), units::seconds),
            units::hundredths(row.amdahl),
            row.amdahl_low.zip(row.amdahl_high).map_or(ABSENT.to_owned(), |(low, high)| {
                format!("{}–{}", units::hundredths(low), units::hundredths(high))
            }),
            cell(row.most_speedup),
            cell(row.fitted_speedup),
            units::share(row.efficiency),
            row.share_of_ceiling.map_or(ABSENT.to_owned(), units::share),
            units::hundredths(row.gustafson),
        ]);
    }
    table.without_empty_columns()
}

/// Both laws for a few jobs, side by side.
pub(super) fn abreast(jobs: &[Job]) -> Table {
    let mut table = Table::new(&["workers"]);
    let amdahl = jobs.iter().map(|job| ("Amdahl", job.serial_fraction));
    let gustafson = jobs.iter().map(|job| ("Gustafson", job.serial_share()));
    let heads = amdahl.chain(gustafson).map(|(law, share)| format!("{law}\ns = {}", decimals(share)));
    table.heads.extend(heads);
    let counts = jobs.first().map(|job| job.rows.as_slice()).unwrap_or_default();
    for (index, count) in counts.iter().enumerate() {
        let rows = || jobs.iter().filter_map(|job| job.rows.get(index));
        let amdahl = rows().map(|row| units::hundredths(row.amdahl));
        let gustafson = rows().map(|row| units::hundredths(row.gustafson));
        table.push(std::iter::once(words::whole(count.workers)).chain(amdahl).chain(gustafson));
    }
    table
}

/// Ceilings, and how near the largest count comes to them.
pub(super) fn ceilings(jobs: &[Job]) -> Table {
    let most = jobs.first().map_or(1.0, |job| job.halved_on_workers);
    let share = format!("share of it\non {} {}", words::whole(most), words::noun(most));
    let mut table =
        Table::new(&["serial\nfraction s", "parallel\nfraction P", "ceiling\n1/s", &share, "90 % of it\ntakes"]);
    for job in jobs {
        let reached = job.rows.iter().find(|row| row.workers == most).and_then(|row| row.share_of_ceiling);
        table.push([
            decimals(job.serial_fraction),
            rest(job.serial_fraction),
            job.ceiling.map_or(ABSENT.to_owned(), units::hundredths),
            reached.map_or(ABSENT.to_owned(), units::share),
            job.workers_at_90_percent.map_or(ABSENT.to_owned(), words::whole),
        ]);
    }
    table
}
