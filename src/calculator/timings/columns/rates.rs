//! A rate beside a time: their product is the work of a row. If it changes with the workers, the rows are not one job.

use super::super::cell;
use super::super::names::{Meaning, says_weak};
use super::Look;
use crate::stats::median;
use crate::units::Decimal;

/// The product may change by this factor: a job that is split does some work twice.
const MOST: f64 = 1.5;

/// Returns the rate that differs most from that of one job, and by which factor its product with the time changes over
/// the worker counts. `None` if one rate is that of one job, or if the table says in another way that the job grows.
pub(super) fn of_other_jobs(look: &Look<'_>, workers: &[usize], time: usize, rates: &[usize]) -> Option<(usize, f64)> {
    let has_size = look.meanings.iter().any(|of| matches!(of, Meaning::Work | Meaning::Size | Meaning::Share));
    let is_weak = |column: usize| {
        says_weak(&look.table.name(column)) || look.distinct(column) > 0 && look.cells(column).all(says_weak)
    };
    if has_size || (0..look.table.width).any(is_weak) {
        return None;
    }
    let changes: Vec<(usize, f64)> =
        rates.iter().filter_map(|&rate| Some((rate, change(look, workers, time, rate)?))).collect();
    let is_one_job = changes.iter().any(|(_, change)| *change <= MOST);
    changes.into_iter().filter(|_| !is_one_job).max_by(|a, b| a.1.total_cmp(&b.1))
}

/// The largest product of time and rate over the smallest, each the median of a worker count.
fn change(look: &Look<'_>, workers: &[usize], time: usize, rate: usize) -> Option<f64> {
    let marks = [Decimal::Point, Decimal::Comma];
    let seconds_of = |cell: &str| marks.iter().find_map(|mark| cell::seconds(cell, *mark, 1.0).ok());
    let rate_of = |cell: &str| marks.iter().find_map(|mark| cell::ratio(cell, *mark, "a throughput").ok());
    let mut products: Vec<(Vec<&str>, f64)> = Vec::new();
    for row in look.rows {
        let count = workers.iter().filter_map(|&column| row.get(column)).collect();
        let product = row.get(time).and_then(seconds_of).zip(row.get(rate).and_then(rate_of));
        products.extend(product.map(|(time, rate)| (count, time * rate)));
    }
    products.sort_by(|a, b| a.0.cmp(&b.0));
    let middle = |same: &[(Vec<&str>, f64)]| median(&same.iter().map(|one| one.1).collect::<Vec<_>>());
    let medians: Vec<f64> = products.chunk_by(|a, b| a.0 == b.0).filter_map(middle).collect();
    let least = medians.iter().copied().min_by(f64::total_cmp)?;
    Some(medians.into_iter().max_by(f64::total_cmp)? / least)
}
