//! Groups rows into repetitions.

use super::header::Columns;
use super::rows::Row;
use super::{Group, ReadError, Timings, error};
use crate::stats::{Summary, median};

/// Most worker counts of one job that are fitted one by one; more are pooled with their neighbours.
const MOST_COUNTS: usize = 100;

/// Most pairs of work and workers, pooled: what a joint fit takes in a second.
const MOST_PAIRS: usize = 2_000;

/// Groups the rows by work and workers, and summarises each group.
pub(super) fn timings(columns: Columns, mut rows: Vec<Row>) -> Result<Timings, ReadError> {
    if rows.is_empty() {
        return error("has a header and no rows; add rows of at least two worker counts");
    }
    rows.sort_unstable_by(|a, b| a.work.total_cmp(&b.work).then(a.workers.total_cmp(&b.workers)));
    let worker_counts = distinct_workers(&rows);
    if worker_counts < 2 {
        return error(format!(
            "every row has the worker count {}; a speedup needs at least two counts, a fit six",
            rows[0].workers
        ));
    }
    let mut groups = Vec::new();
    let mut pooled = false;
    for job in rows.chunk_by(|a, b| a.work == b.work) {
        let counts: Vec<&[Row]> = job.chunk_by(|a, b| a.workers == b.workers).collect();
        pooled |= counts.len() > MOST_COUNTS;
        let pools = if counts.len() > MOST_COUNTS { pools(job) } else { counts };
        let slopes = slopes(&pools);
        let pools = pools.into_iter().zip(slopes);
        groups.extend(pools.filter_map(|(pool, slope)| group(pool, slope, columns.work.is_some())));
        if groups.len() > MOST_PAIRS {
            return error(format!(
                "has more than {MOST_PAIRS} pairs of work and workers, the limit of this fit; leave out some sizes \
                 of work"
            ));
        }
    }
    let unread = columns.unread();
    Ok(Timings {
        given: columns.given,
        column: columns.value.name,
        unit: columns.unit,
        unit_stated: columns.unit_stated,
        has_work: columns.work.is_some(),
        unread,
        rows: rows.len(),
        worker_counts,
        groups,
        pooled,
    })
}

fn distinct_workers(rows: &[Row]) -> usize {
    let mut workers: Vec<f64> = rows.iter().map(|row| row.workers).collect();
    workers.sort_unstable_by(f64::total_cmp);
    workers.dedup();
    workers.len()
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
