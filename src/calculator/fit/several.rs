//! What a file holds as one report, or as several side by side: one for each value of a column.

use serde::Serialize;

use super::measured::Row;
use super::{Asked, FitReport};
use crate::calculator::timings::{Given, Reading};
use crate::page::block::{Block, Table};
use crate::page::format::written;
use crate::page::speedup::{may_quote, refusal, workers};
use crate::page::words;
use crate::page::{Format, Look};
use crate::units::{self, ABSENT};

/// One fit for each value.
#[derive(Serialize)]
struct Several {
    schema: &'static str,
    version: &'static str,
    source: String,
    /// The columns whose values have a fit each.
    by: Vec<String>,
    /// Values that were measured on one worker count only, and have none.
    skipped: Vec<String>,
    fits: Vec<One>,
}

#[derive(Serialize)]
struct One {
    /// The values of the columns.
    value: String,
    report: FitReport,
}

/// Fits the laws to what a file holds, and writes what they say.
pub fn write(source: &str, reading: Reading, asked: Asked<'_>, format: Format, look: Look) -> String {
    let report = |timings| FitReport::new(source.to_owned(), timings, asked.model, asked.predict);
    if reading.by.is_empty() {
        let reports: Vec<String> =
            reading.parts.into_iter().map(|(_, timings)| report(timings).write(format, look)).collect();
        return reports.concat();
    }
    let fits = reading.parts.into_iter().map(|(value, timings)| One { value, report: report(timings) }).collect();
    let several = Several {
        schema: "amdahl-fits/1",
        version: env!("CARGO_PKG_VERSION"),
        by: reading.by,
        skipped: reading.skipped,
        fits,
        source: source.to_owned(),
    };
    written(format, look, || several.page(), &several, || several.rows())
}

impl Several {
    fn page(&self) -> Vec<Block> {
        let by = self.by.join(", ");
        let title = format!("amdahl {}: speedup in {}, by {by}", self.version, self.source);
        let question = format!("How do the values of {by} differ?");
        let section = Block::Section { title: "side by side".to_owned(), question };
        let mut blocks = vec![Block::Title(title), section, Block::Table(self.table(&by))];
        blocks.push(Block::text(
            "Speedup: the largest measured, over the fewest workers. Each row has its report below.",
        ));
        if !self.skipped.is_empty() {
            let skipped = self.skipped.join("; ");
            blocks.push(Block::text(format!("Measured on one worker count only, so without a fit: {skipped}.")));
        }
        blocks.extend(self.fits.iter().flat_map(|one| one.report.page_of(&format!("{by}: {}", one.value))));
        blocks
    }

    fn table(&self, by: &str) -> Table {
        let heads = [by, "rows", "workers", "speedup", "serial\nfraction", "ceiling", "verdict"];
        let mut table = Table::new(&heads).words(&[0, 6]);
        for one in &self.fits {
            table.push([vec![one.value.clone()], one.report.cells()].concat());
        }
        table.without_empty_columns()
    }

    fn rows(&self) -> Vec<Row> {
        let rows = |one: &One| one.report.rows().into_iter().map(|row| row.of(&one.value)).collect::<Vec<Row>>();
        self.fits.iter().flat_map(rows).collect()
    }
}

impl FitReport {
    /// The cells of a row beside other fits: rows, workers, speedup, serial fraction, ceiling, verdict.
    fn cells(&self) -> Vec<String> {
        let groups = &self.timings.groups;
        let counts = || groups.iter().map(|group| group.workers);
        let (least, most) = (counts().fold(f64::INFINITY, f64::min), counts().fold(0.0, f64::max));
        let fit = Some(&self.fit).filter(|fit| may_quote(fit) && self.timings.weak.is_none());
        let absent = || ABSENT.to_owned();
        let verdict = match (&self.timings.weak, fit) {
            (Some(_), _) => "weak scaling: Gustafson's law".to_owned(),
            (None, Some(fit)) => fit.verdict.to_string(),
            (None, None) => refusal(&self.fit),
        };
        vec![
            units::count(self.timings.rows as u64),
            format!("{}–{}", workers(least), workers(most)),
            self.largest_speedup().map_or_else(absent, units::ratio),
            fit.and_then(|fit| fit.serial_fraction).map_or_else(absent, words::percent),
            fit.and_then(|fit| fit.attainable_ceiling).map_or_else(absent, words::ratio),
            verdict,
        ]
    }

    /// The largest speedup that was measured over the fewest workers on one job; of a growing job the work in the same
    /// time.
    fn largest_speedup(&self) -> Option<f64> {
        if self.timings.weak.is_some() {
            return super::weak::rows(&self.timings).iter().map(|row| row.scaled_speedup).reduce(f64::max);
        }
        let groups = self.groups();
        let first = groups.first()?;
        let base = if self.timings.given == Given::Speedup { 1.0 } else { first.seconds.median };
        groups.iter().map(|group| base / group.seconds.median).reduce(f64::max)
    }
}
