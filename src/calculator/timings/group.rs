//! Groups rows into repetitions.

use super::columns::Columns;
use super::names::Kind;
use super::parts::Part;
use super::{Given, Group, LeftOut, ReadError, Timings, error};
use crate::stats::{Summary, median};

/// Most worker counts of one job that are fitted one by one; more are pooled with their neighbours.
const MOST_COUNTS: usize = 100;

/// Most pairs of work and workers, pooled: what a joint fit takes in a second.
const MOST_PAIRS: usize = 2_000;

/// One timing. Times are in seconds, or relative.
#[derive(Debug, Clone, Copy)]
struct Row {
    /// Size of the work; 0 without such a column.
    work: f64,
    workers: f64,
    seconds: f64,
}

/// Groups the timings by work and workers, and summarises each group.
pub(super) fn timings(part: &Part<'_>, columns: &Columns) -> Result<Timings, ReadError> {
    let row = |work: f64, workers: f64| move |&seconds: &f64| Row { work, workers, seconds };
    let timings = part.entries.iter().flat_map(|(work, entry)| entry.times.kept.iter().map(row(*work, entry.workers)));
    let mut rows: Vec<Row> = timings.collect();
    rows.sort_unstable_by(|a, b| a.work.total_cmp(&b.work).then(a.workers.total_cmp(&b.workers)));
    let has_work = columns.work.is_some() || part.weak.is_some() || rows.iter().any(|row| row.work != 0.0);
    let mut groups = Vec::new();
    let mut pooled = false;
    for job in rows.chunk_by(|a, b| a.work == b.work) {
        let counts: Vec<&[Row]> = job.chunk_by(|a, b| a.workers == b.workers).collect();
        pooled |= counts.len() > MOST_COUNTS;
        let pools = if counts.len() > MOST_COUNTS { pools(job) } else { counts };
        let slopes = slopes(&pools);
        let pools = pools.into_iter().zip(slopes);
        groups.extend(pools.filter_map(|(pool, slope)| group(pool, slope, has_work)));
        if groups.len() > MOST_PAIRS {
            return error(format!(
                "has more than {MOST_PAIRS} pairs of work and workers, the limit of this fit; leave out some sizes \
                 of work"
            ));
        }
    }
    let given = match columns.kind {
        Kind::Time(_) => Given::Seconds,
        Kind::Throughput => Given::Throughput,
        Kind::Speedup | Kind::Efficiency => Given::Speedup,
    };
    let unit = (given == Given::Seconds).then(|| columns.unit.map_or("s", |unit| unit.name));
    Ok(Timings {
        given,
        column: columns.values.iter().map(|&value| columns.names[value].as_str()).collect::<Vec<_>>().join(", "),
        unit,
        unit_stated: columns.unit.is_some(),
        has_work,
        work: columns.work.map_or("work", |work| &columns.names[work]).to_owned(),
        unread: Vec::new(),
        rows: part.entries.iter().map(|(_, entry)| entry.times.given as usize).sum(),
        worker_counts: part.counts(),
        groups,
        pooled,
        weak: None,
        left_out: LeftOut::default(),
        notes: Vec::new(),
    })
}

/// The rows of one job, sorted by workers, as runs that are equally long on the logarithmic scale.
fn pools(job: &[Row]) -> Vec<&[Row]> {
    let (first, last) = (job[0].workers.ln(), job[job.len() - 1].workers.ln());
    let step = (last - first) / MOST_COUNTS as f64;
    let pool = |row: &Row| (((row.workers.ln() - first) / step) as usize).min(MOST_COUNTS - 1);
    job.chunk_by(|a, b| pool(a) == pool(b)).collect()
}

/// For each pool `d ln t / d ln p` between the medians of its neighbours; at an end between the end and its neighbour.
fn slopes(pools: &[&[Row]]) -> Vec<f64> {
    let middle = |rows: &[Row], value: fn(&Row) -> f64| median(&rows.iter().map(value).collect::<Vec<f64>>());
    let medians: Vec<(f64, f64)> = pools
        .iter()
        .map(|rows| middle(rows, |row| row.workers).zip(middle(rows, |row| row.seconds)).unwrap_or((1.0, 1.0)))
        .collect();
    let last = medians.len().saturating_sub(1);
    (0..medians.len())
        .map(|i| {
            let (before, after) = (medians[i.saturating_sub(1)], medians[(i + 1).min(last)]);
            let slope = (after.1 / before.1).ln() / (after.0 / before.0).ln();
            if slope.is_finite() { slope } else { 0.0 }
        })
        .collect()
}

/// One group. Pooled counts are told at the median count: each time is first carried there along the slope, so that the
/// trend inside a pool is not taken for the scatter of its times.
fn group(rows: &[Row], slope: f64, has_work: bool) -> Option<Group> {
    let counts: Vec<f64> = rows.iter().map(|row| row.workers).collect();
    let alone = counts[0] == counts[counts.len() - 1];
    let workers = if alone { counts[0] } else { median(&counts)? };
    let carried = |row: &Row| if alone { row.seconds } else { row.seconds * (workers / row.workers).powf(slope) };
    let seconds: Vec<f64> = rows.iter().map(carried).collect();
    Some(Group { work: has_work.then_some(rows[0].work), workers, seconds: Summary::of(&seconds)? })
}
