//! What was measured, beside the fitted curve.

use serde::Serialize;

use super::{FitReport, workers};
use crate::calculator::timings::Given;
use crate::law::speedup::{efficiency, karp_flatt};
use crate::page::block::{Block, Drawing, Table, Tone};
use crate::page::plot::{Axis, Curve, Plot, Series};
use crate::page::words;
use crate::stats::{Estimate, Summary};
use crate::units::{self, ABSENT};

/// Most rows that a table for people has.
const MOST_ROWS: usize = 40;

/// One worker count.
pub(super) struct Row {
    pub(super) workers: f64,
    pub(super) seconds: Summary,
    pub(super) speedup: Option<Estimate>,
    pub(super) efficiency: Option<f64>,
    pub(super) karp_flatt: Option<f64>,
    pub(super) fitted_seconds: Option<f64>,
}

/// Where the base of the speedups comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Source {
    /// The speedups were given.
    Given,
    /// The median of the fewest workers measured.
    Measured,
    /// The fitted curve.
    Curve,
}

/// What speedups are relative to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Base {
    pub(super) workers: f64,
    pub(super) seconds: f64,
    pub(super) source: Source,
}

/// What speedups are relative to: the one worker that was measured, else the one of a curve that may be quoted, so that
/// they have the base of the ceilings and predictions; else the fewest workers. Given speedups are relative to one.
pub(super) fn base(report: &FitReport) -> Option<Base> {
    let groups = report.groups();
    let first = groups.first().filter(|_| groups.len() > 1)?;
    if report.timings.given == Given::Speedup {
        return Some(Base { workers: 1.0, seconds: 1.0, source: Source::Given });
    }
    let one = report.fit.seconds_at_one.and_then(|_| report.curve()).map(|curve| curve.seconds_at_one);
    Some(match one.filter(|_| first.workers > 1.0) {
        Some(seconds) => Base { workers: 1.0, seconds, source: Source::Curve },
        None => Base { workers: first.workers, seconds: first.seconds.median, source: Source::Measured },
    })
}

/// Every worker count of the job of fixed size.
pub(super) fn rows(report: &FitReport) -> Vec<Row> {
    let Some(base) = base(report) else { return Vec::new() };
    let curve = report.curve();
    let row = |(index, group): (usize, &crate::calculator::timings::Group)| {
        let seconds = group.seconds;
        let speedup = speedup(report, base, index, &seconds);
        let relative = group.workers / base.workers;
        Row {
            workers: group.workers,
            seconds,
            speedup,
            efficiency: speedup.map(|speedup| efficiency(speedup.value, relative)),
            karp_flatt: speedup.and_then(|speedup| karp_flatt(speedup.value, relative)),
            fitted_seconds: curve.map(|curve| curve.seconds(group.workers)).filter(|seconds| seconds.is_finite()),
        }
    };
    report.groups().iter().enumerate().map(row).collect()
}

fn speedup(report: &FitReport, base: Base, index: usize, seconds: &Summary) -> Option<Estimate> {
    match (base.source, index) {
        (Source::Given, _) => seconds.estimate().reciprocal(),
        (Source::Curve, _) => {
            let time = seconds.estimate();
            Estimate::finite(base.seconds / time.value, base.seconds / time.high, base.seconds / time.low)
        }
        (Source::Measured, 0) => Estimate::finite(1.0, 1.0, 1.0),
        (Source::Measured, _) => crate::law::ratio(&report.groups().first()?.seconds, seconds),
    }
}

pub(super) fn blocks(report: &FitReport) -> Vec<Block> {
    let rows = rows(report);
    if rows.len() < 2 {
        return Vec::new();
    }
    let title = "measured".to_owned();
    let job = match report.groups().first().and_then(|group| group.work) {
        Some(work) => format!(" (work {}, the size with the most worker counts)", units::ratio(work)),
        None => String::new(),
    };
    let question = format!("How much faster do more workers make the same job?{job}");
    let mut blocks = vec![Block::Section { title, question }, Block::Table(table(report, &rows))];
    blocks.push(Block::text(note(report, &rows)));
    blocks.extend(plot(report, &rows).map(Block::Drawing));
    blocks
}

fn table(report: &FitReport, rows: &[Row]) -> Table {
    let (head, speedups) = (report.head(), report.timings.given == Given::Speedup);
    let fitted = format!("fitted\n{head}");
    let own = format!("{head}{}", report.interval_head());
    let over = match base(report) {
        Some(base) if base.workers > 1.0 => format!("speedup\nover {}", workers(base.workers)),
        _ => "speedup".to_owned(),
    };
    let mut table = Table::new(&["workers", &own, &over, "efficiency", "Karp–\nFlatt", &fitted]);
    for row in thinned(rows) {
        let time = row.seconds.estimate();
        table.push([
            workers(row.workers),
            match row.seconds.count {
                1 => report.shown(time.value),
                _ => report.shown_interval(time.value, time.low, time.high),
            },
            row.speedup.filter(|_| !speedups).map_or(ABSENT.to_owned(), |speedup| units::ratio(speedup.value)),
            row.efficiency.map_or(ABSENT.to_owned(), units::percent),
            row.karp_flatt.map_or(ABSENT.to_owned(), units::percent),
            row.fitted_seconds.map_or(ABSENT.to_owned(), |seconds| report.shown(seconds)),
        ]);
    }
    table.without_empty_columns()
}

/// Rows for people: of very many, some that are evenly spread, both ends included.
fn thinned(rows: &[Row]) -> impl Iterator<Item = &Row> {
    let shown = rows.len().min(MOST_ROWS);
    (0..shown).map(move |index| &rows[index * (rows.len() - 1) / (shown - 1).max(1)])
}

fn note(report: &FitReport, rows: &[Row]) -> String {
    let what = if report.timings.given == Given::Throughput { "a throughput of " } else { "" };
    let base = match base(report) {
        None | Some(Base { source: Source::Given, .. }) => "Speedups are as given.".to_owned(),
        Some(Base { source: Source::Curve, seconds, .. }) => {
            format!("Speedups are relative to one worker by the curve: {what}{}.", report.shown(seconds))
        }
        Some(Base { workers: count, seconds, .. }) => {
            let noun = words::noun(count);
            format!("Speedups are relative to {} {noun}: {what}{}.", workers(count), report.shown(seconds))
        }
    };
    let thinned = match rows.len() {
        count if count > MOST_ROWS => format!(" {MOST_ROWS} of {count} worker counts are shown; --format csv has all."),
        _ => String::new(),
    };
    format!(
        "{base} Karp–Flatt: the serial fraction that would explain one speedup alone; flat is truly serial, rising is \
         overhead.{thinned}"
    )
}

fn plot(report: &FitReport, rows: &[Row]) -> Option<Drawing> {
    let Base { workers: base_workers, seconds: base_seconds, .. } = base(report)?;
    let measured = rows.iter().filter_map(|row| Some((row.workers, row.speedup?))).collect();
    let predicted = match &report.predictions {
        Some(Ok(predicted)) => predicted.as_slice(),
        _ => &[],
    };
    let inverse = |seconds: Estimate| {
        Estimate::finite(base_seconds / seconds.value, base_seconds / seconds.high, base_seconds / seconds.low)
    };
    let predicted = predicted.iter().filter(|one| one.extrapolated);
    let predicted = predicted.filter_map(|one| Some((one.workers, inverse(one.seconds?)?))).collect();
    let series = |name: &str, points| Series { name: name.to_owned(), points };
    let ideal = Curve {
        name: "ideal: p times faster".to_owned(),
        tone: Tone::Faint,
        fitted: None,
        y: Box::new(move |workers| Some(workers / base_workers)),
    };
    let law = report.curve().map(|curve| Curve {
        name: report
            .fit
            .model
            .map_or(String::new(), |model| format!("{}, dashed beyond the data", words::model(model))),
        tone: Tone::Series(0),
        fitted: report.fit.fewest_workers.zip(report.fit.most_workers),
        y: Box::new(move |workers| Some(base_seconds / curve.seconds(workers))),
    });
    Plot {
        x: Axis::counts("workers"),
        y: Axis::ratios("speedup"),
        series: vec![series("measured", measured), series("predicted", predicted)],
        curves: law.into_iter().chain([ideal]).collect(),
    }
    .draw()
}
