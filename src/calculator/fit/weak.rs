//! A job that grows with its workers: weak efficiency, and Gustafson's law.

use serde::Serialize;

use super::FitReport;
use crate::calculator::timings::{Given, Group, Growth, Timings};
use crate::law::speedup::gustafson_share;
use crate::page::block::{Block, Table};
use crate::page::json::count;
use crate::page::speedup::workers;
use crate::page::words;
use crate::units::{self, ABSENT};

/// One worker count, with its share of the work for each worker.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Row {
    /// Size of the job.
    work: f64,
    #[serde(serialize_with = "count")]
    workers: f64,
    /// Its time, in the unit of the report.
    seconds: f64,
    /// The time of the fewest workers over this one's: 1 if the larger job takes no longer.
    pub(super) efficiency: f64,
    /// How many times the work of the fewest workers is done in the same time.
    pub(super) scaled_speedup: f64,
    /// The serial share for which Gustafson's law gives that speedup; `None` for the fewest workers, and if more is
    /// done than any share allows.
    serial_share: Option<f64>,
}

/// A row for each worker count, ascending.
pub(super) fn rows(timings: &Timings) -> Vec<Row> {
    let mut groups: Vec<&Group> = timings.groups.iter().collect();
    groups.sort_by(|a, b| a.workers.total_cmp(&b.workers));
    let Some(&first) = groups.first() else { return Vec::new() };
    let row = |group: &&Group| {
        let more = group.workers / first.workers;
        let faster = first.seconds.median / group.seconds.median;
        // A rate grows with the work that is done; a speedup was measured so already.
        let efficiency = match timings.given {
            Given::Seconds => faster,
            Given::Throughput => faster / more,
            Given::Speedup => 1.0 / (group.seconds.median * group.workers),
        };
        let scaled_speedup =
            if timings.given == Given::Speedup { 1.0 / group.seconds.median } else { efficiency * more };
        Row {
            work: group.work.unwrap_or_default(),
            workers: group.workers,
            seconds: group.seconds.median,
            efficiency,
            scaled_speedup,
            serial_share: gustafson_share(scaled_speedup, more).filter(|share| *share >= 0.0),
        }
    };
    groups.iter().map(row).collect()
}

/// What is shown of a growing job; nothing of any other.
pub(super) fn blocks(report: &FitReport) -> Vec<Block> {
    let Some(weak) = &report.timings.weak else { return Vec::new() };
    let rows = &report.weak;
    let section = Block::Section {
        title: "weak scaling".to_owned(),
        question: "How much more work do more workers do in the same time?".to_owned(),
    };
    let size = &weak.column;
    let grows = match weak.growth {
        Growth::SquareRoot => {
            format!("`{size}` grows as the square root of the workers: the side of a square of work.")
        }
        Growth::CubeRoot => format!("`{size}` grows as the cube root of the workers: the side of a cube of work."),
        Growth::SameForEach => format!("`{size}` is the same on any count, so the job grows with the workers."),
        Growth::Said => format!(
            "{} says weak scaling: each worker is taken to have the same work on any count. Work: in shares of one \
             worker.",
            if weak.is_title { "The title".to_owned() } else { format!("`{size}`") }
        ),
        _ => format!("`{size}` grows in proportion with the workers: each has the same work on any count."),
    };
    let first = rows.first().map_or(1.0, |row| row.workers);
    let text = format!(
        "{grows} No two counts ran the same job, so Amdahl's law is not fitted. Weak efficiency: the time on {} {} \
         over the time of the row. Scaled speedup: the work done in the same time, over that of {} {}. Serial: the \
         share for which Gustafson's law gives that speedup.",
        workers(first),
        words::noun(first),
        workers(first),
        words::noun(first),
    );
    vec![section, Block::Table(table(report, rows)), Block::text(text)]
}

fn table(report: &FitReport, rows: &[Row]) -> Table {
    let head = report.head();
    let mut table = Table::new(&["work", "workers", head, "weak\nefficiency", "scaled\nspeedup", "serial"]);
    for row in rows {
        table.push([
            super::scaled::amount(row.work),
            workers(row.workers),
            report.shown(row.seconds),
            units::percent(row.efficiency),
            units::ratio(row.scaled_speedup),
            row.serial_share.map_or(ABSENT.to_owned(), units::percent),
        ]);
    }
    table.without_empty_columns()
}

/// The closing sentences of a growing job.
pub(super) fn sentences(report: &FitReport) -> Vec<String> {
    let rows = &report.weak;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Vec::new() };
    let base = if first.workers > 1.0 { format!("{} workers", workers(first.workers)) } else { "one".to_owned() };
    let mut sentences = vec![format!(
        "measured, {} workers do {} times the work of {base} in the same time: a weak efficiency of {}",
        workers(last.workers),
        units::ratio(last.scaled_speedup),
        units::percent(last.efficiency)
    )];
    sentences.push(match last.serial_share {
        Some(share) => format!(
            "Gustafson's law says as much if the serial share is {}. The share tells only how the time grows; \
             a serial part that is there on every count does not show. Run one size on at least 3 worker counts to \
             see it",
            units::percent(share)
        ),
        None => "Gustafson's law allows less than that for any serial share: a larger job ran faster. A cache that \
                 holds the share of each worker, or a clock that ramps up, can cause it"
            .to_owned(),
    });
    sentences
}
