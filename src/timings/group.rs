//! Rows into repetitions.

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
        return error("has a header and no rows; give at least two worker counts");
    }
    rows.sort_unstable_by(|a, b| a.work.total_cmp(&b.work).then(a.workers.total_cmp(&b.workers)));
    let worker_counts = distinct_workers(&rows);
    if worker_counts < 2 {
        return error(format!(
            "every row has the same worker count, {}; a speedup needs at least two (and a fit six)",
            rows[0].workers
        ));
    }
    let mut groups = Vec::new();
    let mut pooled = false;
    for job in rows.chunk_by(|a, b| a.work == b.work) {
        let counts: Vec<&[Row]> = job.chunk_by(|a, b| a.workers == b.workers).collect();
        pooled |= counts.len() > MOST_COUNTS;
        let pools = if counts.len() > MOST_COUNTS { pools(job) } else { counts };
        groups.extend(pools.into_iter().filter_map(|pool| group(pool, columns.work.is_some())));
        if groups.len() > MOST_PAIRS {
            return error(format!(
                "has more than {MOST_PAIRS} pairs of work and workers; a joint fit takes that many: leave out sizes of work"
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

/// One group. Of pooled counts the median time belongs to the median count, as long as time only falls or only rises
/// within the pool.
fn group(rows: &[Row], has_work: bool) -> Option<Group> {
    let workers: Vec<f64> = rows.iter().map(|row| row.workers).collect();
    let seconds: Vec<f64> = rows.iter().map(|row| row.seconds).collect();
    let alone = workers[0] == workers[workers.len() - 1];
    Some(Group {
        work: has_work.then_some(rows[0].work),
        workers: if alone { workers[0] } else { median(&workers)? },
        seconds: Summary::of(&seconds)?,
    })
}
