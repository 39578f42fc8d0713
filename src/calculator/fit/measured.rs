//! What was measured, beside the fitted curve.

use serde::Serialize;

use super::FitReport;
use crate::calculator::timings::{Given, Group};
use crate::law::speedup::{Predicted, SpeedupFit};
use crate::page::block::{Block, Table, Tone};
use crate::page::json::count;
use crate::page::plot::{Plot, Points};
use crate::page::speedup::{self, KARP_FLATT, Ratios, workers};
use crate::page::words;
use crate::stats::Estimate;
use crate::units::{self, ABSENT};

/// Most rows that a table for people has.
const MOST_ROWS: usize = 40;

/// One worker count, measured or predicted, as the JSON and the comma-separated values have it. Times are in seconds,
/// or relative if none were given.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct Row {
    kind: &'static str,
    /// The value of the column that each fit is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "count")]
    work: Option<f64>,
    #[serde(serialize_with = "count")]
    workers: f64,
    seconds: Option<f64>,
    seconds_low: Option<f64>,
    seconds_high: Option<f64>,
    repetitions: Option<usize>,
    speedup: Option<f64>,
    speedup_low: Option<f64>,
    speedup_high: Option<f64>,
    efficiency: Option<f64>,
    karp_flatt: Option<f64>,
    fitted_seconds: Option<f64>,
    fitted_low: Option<f64>,
    fitted_high: Option<f64>,
    /// Where the base of the speedup comes from.
    speedup_base: Option<Source>,
    /// Workers that the speedup is relative to.
    #[serde(serialize_with = "count")]
    speedup_base_workers: Option<f64>,
}

impl Row {
    /// What was measured of a worker count, and nothing read from it.
    fn measured(group: &Group) -> Self {
        Self {
            kind: "measured",
            work: group.work,
            workers: group.workers,
            seconds: Some(group.seconds.median),
            seconds_low: Some(group.seconds.low),
            seconds_high: Some(group.seconds.high),
            repetitions: Some(group.seconds.count),
            ..Self::default()
        }
    }

    /// A pair of work and workers, with the times of the joint law.
    pub(super) fn paired(group: &Group, pair: &super::scaled::Row) -> Self {
        let base = pair.speedup_base_workers;
        Self {
            speedup: pair.speedup,
            efficiency: pair.speedup.zip(base).map(|(speedup, base)| speedup * base / group.workers),
            fitted_seconds: pair.fitted_seconds,
            speedup_base: base.map(|_| Source::Measured),
            speedup_base_workers: base,
            ..Self::measured(group)
        }
    }

    /// What the curve says of a worker count.
    pub(super) fn predicted(one: &Predicted, work: Option<f64>) -> Self {
        Self {
            kind: if one.extrapolated { "extrapolated" } else { "interpolated" },
            work,
            workers: one.workers,
            fitted_seconds: one.seconds.map(|seconds| seconds.value),
            fitted_low: one.seconds.map(|seconds| seconds.low),
            fitted_high: one.seconds.map(|seconds| seconds.high),
            speedup_base: one.speedup.map(|_| Source::Curve),
            speedup_base_workers: one.speedup.map(|_| 1.0),
            ..Self::default()
        }
        .with_speedup(one.speedup)
    }

    /// The same row, of the fit for a value.
    pub(super) fn of(self, value: &str) -> Self {
        Self { by: Some(value.to_owned()), ..self }
    }

    /// Returns the workers over those of the base, and Karp–Flatt's fraction.
    pub(super) fn share(&self, base_workers: f64) -> Option<(f64, f64)> {
        Some((self.workers / base_workers, self.karp_flatt?))
    }

    fn with_speedup(self, speedup: Option<Estimate>) -> Self {
        Self {
            speedup: speedup.map(|speedup| speedup.value),
            speedup_low: speedup.map(|speedup| speedup.low),
            speedup_high: speedup.map(|speedup| speedup.high),
            ..self
        }
    }

    fn speedup(&self) -> Option<Estimate> {
        Estimate::finite(self.speedup?, self.speedup_low?, self.speedup_high?)
    }
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

/// The base of the speedups.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Base {
    pub(super) source: Source,
    #[serde(serialize_with = "count")]
    pub(super) workers: f64,
    pub(super) seconds: f64,
}

/// Returns the base of the speedups: one measured worker, else one worker on a curve that fits, as for ceilings and
/// predictions, else the fewest workers. Given speedups are relative to one worker.
pub(super) fn base(given: Given, groups: &[Group], fit: &SpeedupFit) -> Option<Base> {
    let first = groups.first().filter(|_| groups.len() > 1)?;
    if given == Given::Speedup {
        return Some(Base { source: Source::Given, workers: 1.0, seconds: 1.0 });
    }
    let one = fit.seconds_at_one.and(fit.curve).map(|curve| curve.seconds_at_one);
    Some(match one.filter(|_| first.workers > 1.0) {
        Some(seconds) => Base { source: Source::Curve, workers: 1.0, seconds },
        None => Base { source: Source::Measured, workers: first.workers, seconds: first.seconds.median },
    })
}

/// Returns a row for each worker count of the job of fixed size.
pub(super) fn rows(groups: &[Group], base: Base, fit: &SpeedupFit) -> Vec<Row> {
    let row = |group: &Group| {
        let speedup = speedup(base, &groups[0], group);
        let ratios = speedup.map(|speedup| Ratios::of(speedup, group.workers / base.workers));
        let fitted = fit.curve.map(|curve| curve.seconds(group.workers));
        Row {
            efficiency: ratios.map(|ratios| ratios.efficiency),
            karp_flatt: ratios.and_then(|ratios| ratios.karp_flatt),
            fitted_seconds: fitted.filter(|seconds| seconds.is_finite()),
            speedup_base: Some(base.source),
            speedup_base_workers: Some(base.workers),
            ..Row::measured(group)
        }
        .with_speedup(speedup)
    };
    groups.iter().map(row).collect()
}

fn speedup(base: Base, first: &Group, group: &Group) -> Option<Estimate> {
    let time = group.seconds.estimate();
    match base.source {
        Source::Given => time.reciprocal(),
        Source::Curve => Estimate::finite(base.seconds / time.value, base.seconds / time.high, base.seconds / time.low),
        Source::Measured if group.workers == first.workers => Estimate::finite(1.0, 1.0, 1.0),
        Source::Measured => crate::law::ratio(&first.seconds, &group.seconds),
    }
}

pub(super) fn blocks(report: &FitReport) -> Vec<Block> {
    let Some(base) = report.speedup_base else { return Vec::new() };
    let title = "measured".to_owned();
    let job = match report.groups().first().and_then(|group| group.work) {
        Some(work) => format!(" (work {}, the size with the most worker counts)", units::ratio(work)),
        None => String::new(),
    };
    let question = format!("How much faster do more workers make the same job?{job}");
    let mut blocks = vec![Block::Section { title, question }, Block::Table(table(report, base))];
    blocks.push(Block::text(note(report, base)));
    blocks.extend(plot(report, base).map(Block::Plot));
    blocks
}

fn table(report: &FitReport, base: Base) -> Table {
    let head = report.head();
    let fitted = format!("fitted\n{head}");
    let own = format!("{head}{}", report.interval_head());
    let over =
        if base.workers > 1.0 { format!("speedup\nover {}", workers(base.workers)) } else { "speedup".to_owned() };
    let mut table = Table::new(&["workers", &own, &over, "efficiency", "Karp–\nFlatt", &fitted]);
    let all: Vec<(&Group, &Row)> = report.groups().iter().zip(&report.points).collect();
    for (group, row) in thinned(&all, MOST_ROWS) {
        let time = group.seconds.estimate();
        let ratios = row.speedup().map(|speedup| Ratios::of(speedup, group.workers / base.workers));
        let [speedup, efficiency, karp_flatt] = Ratios::cells(ratios);
        table.push([
            workers(group.workers),
            match group.seconds.count {
                1 => report.shown(time.value),
                _ => report.shown_interval(time.value, time.low, time.high),
            },
            // Given speedups stand in the column before.
            if base.source == Source::Given { ABSENT.to_owned() } else { speedup },
            efficiency,
            karp_flatt,
            row.fitted_seconds.map_or(ABSENT.to_owned(), |seconds| report.shown(seconds)),
        ]);
    }
    table.without_empty_columns()
}

/// Picks rows, evenly spread and with both ends, up to a number of them.
pub(super) fn thinned<T>(rows: &[T], most: usize) -> impl Iterator<Item = &T> {
    let shown = rows.len().min(most);
    (0..shown).map(move |index| &rows[index * (rows.len() - 1) / (shown - 1).max(1)])
}

fn note(report: &FitReport, base: Base) -> String {
    let what = if report.timings.given == Given::Throughput { "throughput" } else { "time" };
    let time = report.shown(base.seconds);
    let relative = match base.source {
        Source::Given => given(report),
        Source::Curve => format!("Speedups are over the {what} on 1 worker, which the curve puts at {time}."),
        Source::Measured => {
            let noun = words::noun(base.workers);
            format!("Speedups are over the {what} on {} {noun}, {time}.", workers(base.workers))
        }
    };
    let thinned = match report.points.len() {
        count if count > MOST_ROWS => {
            format!(" The table shows {MOST_ROWS} of {count} worker counts; --format csv has all.")
        }
        _ => String::new(),
    };
    format!("{relative} {KARP_FLATT}{thinned}")
}

/// Speedups within this factor of one are those of the base itself.
const IS_BASE: f64 = 1.05;

/// Says what given speedups are relative to.
fn given(report: &FitReport) -> String {
    let one = report.groups().first().filter(|first| first.workers == 1.0);
    if let Some(one) = one {
        let speedup = 1.0 / one.seconds.median;
        return if (1.0 / IS_BASE..IS_BASE).contains(&speedup) {
            "Speedups are as given, over 1 worker.".to_owned()
        } else {
            format!(
                "Speedups are as given. Their base is not 1 worker, which has {} here; perhaps it is a sequential \
                 program.",
                units::ratio(speedup)
            )
        };
    }
    let as_given = "Speedups are as given, and no row has 1 worker; they are taken to be over one";
    match report.fit.seconds_at_one.and_then(|one| one.reciprocal()) {
        Some(one) if one.contains(1.0) => format!("{as_given}, where the curve begins at {}.", words::ratio(one)),
        Some(one) => {
            format!("{as_given}. The curve begins at {} there, so their base may be something else.", words::ratio(one))
        }
        None => format!("{as_given}."),
    }
}

fn plot(report: &FitReport, base: Base) -> Option<Plot> {
    let measured = report.points.iter().filter_map(|row| Some((row.workers, row.speedup()?))).collect();
    let inverse =
        |time: Estimate| Estimate::finite(base.seconds / time.value, base.seconds / time.high, base.seconds / time.low);
    let predicted = report.predictions.iter().flatten().filter(|one| one.extrapolated);
    let predicted = predicted.filter_map(|one| Some((one.workers, inverse(one.seconds?)?))).collect();
    let series = |name: &str, points| Points { name: name.to_owned(), points };
    let model = report.fit.model.map_or("", words::model);
    let name = format!("{model}, dashed beyond the data");
    let law = speedup::curve(&report.fit, name, Tone::Series(0), base.seconds);
    let series = vec![series("measured", measured), series("predicted", predicted)];
    speedup::plot("worker", series, law.into_iter().collect(), base.workers)
}
