//! Jobs of several sizes: one law over work and workers, and Gustafson's speedup by that law.

use serde::Serialize;

use super::FitReport;
use super::measured::thinned;
use crate::calculator::timings::{Group, Timings};
use crate::law::joint::{FEWEST_FOR_A_KNEE, JointFit};
use crate::law::{Axis, Reason};
use crate::page::block::{Block, Table};
use crate::page::json::count;
use crate::page::speedup::workers;
use crate::page::words;
use crate::units::{self, ABSENT};

/// Most rows that a table for people has.
const MOST_ROWS: usize = 60;

/// One pair of work and workers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Row {
    work: f64,
    #[serde(serialize_with = "count")]
    workers: f64,
    seconds: f64,
    /// The time by the law over work and workers.
    pub(super) fitted_seconds: Option<f64>,
    /// Speedup over the fewest workers on the same work, if there are other counts.
    pub(super) speedup: Option<f64>,
    /// Those fewest workers.
    #[serde(serialize_with = "count")]
    pub(super) speedup_base_workers: Option<f64>,
    /// Work per second, over that of the first row of the fewest workers.
    work_rate: Option<f64>,
    /// Gustafson's s of this run, by that law.
    serial_share: Option<f64>,
    /// Gustafson's speedup of this run.
    gustafson: Option<f64>,
}

/// Every pair, in the order of the groups.
pub(super) fn rows(timings: &Timings, joint: &JointFit) -> Vec<Row> {
    let groups = &timings.groups;
    let rate = |group: &Group| Some(group.work? / group.seconds.median);
    let first = groups.iter().min_by(|a, b| a.workers.total_cmp(&b.workers)).and_then(rate);
    let row = |base: Option<&Group>, group: &Group| {
        let work = group.work?;
        let alone = base.filter(|base| base.workers < group.workers);
        Some(Row {
            work,
            workers: group.workers,
            seconds: group.seconds.median,
            fitted_seconds: joint.seconds(work, group.workers),
            speedup: alone.map(|base| base.seconds.median / group.seconds.median),
            speedup_base_workers: alone.map(|base| base.workers),
            work_rate: rate(group).zip(first).map(|(rate, first)| rate / first),
            serial_share: joint.serial_share(work, group.workers),
            gustafson: joint.scaled_speedup(work, group.workers),
        })
    };
    let jobs = groups.chunk_by(|a, b| a.work == b.work);
    jobs.flat_map(|job| job.iter().filter_map(move |group| row(job.first(), group))).collect()
}

pub(super) fn blocks(report: &FitReport) -> Vec<Block> {
    let Some(joint) = &report.joint else { return Vec::new() };
    let section = Block::Section {
        title: "work and workers".to_owned(),
        question: "How much more work do more workers do in the same time?".to_owned(),
    };
    let rows = &report.scaled_points;
    vec![section, Block::Table(table(rows)), Block::text(explained(rows)), Block::Facts(facts(joint))]
}

/// Explains the columns that are shown.
fn explained(rows: &[Row]) -> String {
    let shown = |has: fn(&Row) -> bool| rows.iter().any(has);
    let mut sentences = Vec::new();
    if shown(|row| row.speedup.is_some()) {
        sentences.push("Speedup: over the fewest workers on the same work.");
    }
    if shown(|row| row.work_rate.is_some()) {
        sentences.push("Work rate: work per second, over the first run on the fewest workers.");
    }
    if shown(|row| row.serial_share.is_some()) {
        sentences.push("Serial: the share of the run's time that more workers cannot shorten, by the law.");
    }
    if shown(|row| row.gustafson.is_some()) {
        sentences.push("Gustafson: p − s (p − 1), with that share as s.");
    }
    if rows.iter().all(|row| row.speedup.is_none()) {
        sentences.push(ONE_COUNT_EACH);
    }
    sentences.join(" ")
}

/// The remedy, after the reason of a refused fit.
const HINT: &str = "; run one size on at least 3 worker counts";

/// Explains a table of jobs that only grow with their workers.
const ONE_COUNT_EACH: &str = "Each size was run on one worker count only, so the serial part cannot be told from the \
    shared part. Run one size on at least 3 worker counts.";

fn table(rows: &[Row]) -> Table {
    let heads = ["work", "workers", "time", "fitted\ntime", "speedup", "work\nrate", "serial", "Gustafson"];
    let mut table = Table::new(&heads);
    let ratio = |value: Option<f64>| value.map_or(ABSENT.to_owned(), units::ratio);
    for row in thinned(rows, MOST_ROWS) {
        table.push([
            amount(row.work),
            workers(row.workers),
            units::seconds(row.seconds),
            row.fitted_seconds.map_or(ABSENT.to_owned(), units::seconds),
            ratio(row.speedup),
            ratio(row.work_rate),
            row.serial_share.map_or(ABSENT.to_owned(), units::percent),
            ratio(row.gustafson),
        ]);
    }
    table.without_empty_columns()
}

/// A size of work: a whole one like a count, any other with three digits.
pub(super) fn amount(work: f64) -> String {
    if work.fract() == 0.0 { workers(work) } else { units::ratio(work) }
}

fn facts(joint: &JointFit) -> Vec<(String, String)> {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let costs = [
        ("fixed", joint.law.map(|law| law.fixed_seconds)),
        ("serial per work", joint.law.map(|law| law.serial_seconds_per_size)),
        ("shared per work", joint.law.map(|law| law.parallel_seconds_per_size)),
        ("per worker", joint.law.map(|law| law.seconds_per_worker)),
    ];
    let power = joint.law.and_then(|law| law.exponent).map_or(String::new(), |e| format!("^{}", units::ratio(e.value)));
    let mut facts = vec![fact("law", format!("T = fixed + (serial + shared/p) work{power} + cost (p − 1)"))];
    let exponent = joint.law.and_then(|law| law.exponent);
    facts.extend(exponent.map(|e| fact("exponent of work", words::ratio(e))));
    facts.extend(costs.into_iter().filter_map(|(name, cost)| {
        let cost = cost?;
        let bound = format!("at most {}", units::seconds(cost.high));
        let text = if cost.low > 0.0 { words::seconds(cost) } else { bound };
        Some(fact(name, text))
    }));
    facts.extend(
        joint
            .law
            .and_then(|law| law.knee)
            .map(|knee| fact("hardware full", format!("at {} workers", units::ratio(knee)))),
    );
    facts.push(fact("verdict", format!("{} ({})", joint.reason, joint.verdict)));
    facts
}

/// Powers of a length that count things: the points of a square, of a cube.
const POWERS: [(f64, &str); 2] = [(2.0, "N²"), (3.0, "N³")];

/// An exponent as near as this to a power is that power.
const NEAR_A_POWER: f64 = 0.1;

/// Says by which power of the work the time grows, and what that makes of it; `None` if by the first.
pub(super) fn exponent(report: &FitReport) -> Option<String> {
    let found = report.joint.as_ref()?.law?.exponent?;
    let near = |power: f64| found.contains(power) || (found.value - power).abs() < NEAR_A_POWER;
    let power = POWERS.into_iter().find(|(power, _)| near(*power));
    let so = match power {
        Some((_, words)) => format!("so it counts a length N, and the job grows as {words}"),
        None => "so it is no count of equal pieces".to_owned(),
    };
    let work = &report.timings.work;
    Some(format!("the time grows as the column `{work}` to the power {}, {so}", words::ratio(found)))
}

/// Writes the work rate of the run on the most workers, and apart from it what Gustafson's law says of that run.
pub(super) fn sentence(report: &FitReport) -> Option<String> {
    let joint = report.joint.as_ref()?;
    let rows = &report.scaled_points;
    let most = rows.iter().max_by(|a, b| a.workers.total_cmp(&b.workers))?;
    if let Some((share, gustafson)) = most.serial_share.zip(most.gustafson) {
        let who = format!("{} {}", workers(most.workers), words::noun(most.workers));
        let rate = most.work_rate.map(|rate| {
            let first = rows.iter().map(|row| row.workers).fold(f64::INFINITY, f64::min);
            let base = if first > 1.0 { format!("the first run on {}", workers(first)) } else { "one".to_owned() };
            format!("measured, {who} do {} times the work of {base} in a second. ", units::ratio(rate))
        });
        let faster = most.speedup.zip(most.speedup_base_workers).map(|(speedup, base)| {
            let one = format!("{} {}", workers(base), words::noun(base));
            format!("; measured, it is {} times faster than on {one}", units::ratio(speedup))
        });
        return Some(format!(
            "{}Gustafson's law says how much faster they do the run with work {} than one would: {} times, for {} of \
             it is serial{}",
            rate.unwrap_or_default(),
            units::ratio(most.work),
            units::ratio(gustafson),
            units::percent(share),
            faster.unwrap_or_default()
        ));
    }
    let counts = || {
        let mut counts: Vec<f64> = rows.iter().map(|row| row.workers).collect();
        counts.sort_by(f64::total_cmp);
        counts.dedup();
        counts.len()
    };
    if let Reason::Structured { axis: Axis::Workers, .. } = joint.reason
        && counts() < FEWEST_FOR_A_KNEE
    {
        let bend = format!("{FEWEST_FOR_A_KNEE} or more worker counts can show hardware that is full");
        return Some(format!("no serial share for Gustafson's law: {}; {bend}", joint.reason));
    }
    let hint = if rows.iter().all(|row| row.speedup.is_none()) { HINT } else { "" };
    Some(format!("no serial share for Gustafson's law: {}{hint}", joint.reason))
}
