//! The column of worker counts.

use super::super::ReadError;
use super::super::cell;
use super::super::names::{Counts, Meaning};
use super::{Doubts, Look, missing};
use crate::units::Decimal;

/// Chooses the columns whose product is the worker count.
pub(super) fn choose(
    look: &Look<'_>,
    taken: &[usize],
    doubts: &mut Doubts,
    notes: &mut Vec<(String, String)>,
) -> Result<Vec<usize>, ReadError> {
    let named: Vec<(usize, Counts)> = (0..look.table.width)
        .filter(|column| !taken.contains(column))
        .filter_map(|column| match look.meanings[column] {
            Meaning::Workers(counts) if !is_index(look, column) => Some((column, counts)),
            _ => None,
        })
        .collect();
    let good: Vec<(usize, Counts)> =
        named.iter().copied().filter(|(column, _)| counts_workers(look, *column)).collect();
    // What is wrong with the only column of that name is said of its cells.
    let all = if good.is_empty() { named } else { good };
    let exact: Vec<usize> =
        all.iter().filter(|(_, counts)| *counts == Counts::Workers).map(|(column, _)| *column).collect();
    let mut left =
        if exact.is_empty() { all } else { exact.into_iter().map(|column| (column, Counts::Workers)).collect() };
    let varies = |column: usize| look.distinct(column) > 1;
    let is_one = |column: usize| look.cells(column).all(|cell| cell::workers(cell, Decimal::Point) == Ok(1.0));
    if left.iter().any(|(column, _)| varies(*column)) {
        left.retain(|(column, _)| !is_one(*column));
    } else {
        left.truncate(1);
    }
    left = without_containers(look, left, notes);
    match left.as_slice() {
        [] => guess(look, taken, doubts),
        [(column, _)] => Ok(vec![*column]),
        several => {
            let names: Vec<String> = several.iter().map(|(column, _)| format!("`{}`", look.name(*column))).collect();
            let columns: Vec<usize> = several.iter().map(|(column, _)| *column).collect();
            let theirs: Vec<String> = columns.iter().map(|&column| look.theirs(column)).collect();
            let is_same = several.iter().all(|(_, counts)| *counts == Counts::Workers);
            let columns = if is_same { columns[..1].to_vec() } else { columns };
            let product = theirs[..columns.len()].join("*");
            let how = if is_same { "the first is taken" } else { "their product is taken" };
            doubts.sentences.push(format!(
                "{} columns count workers: {}; {how} below, --columns workers=NAME takes one alone",
                several.len(),
                names.join(" and ")
            ));
            doubts.taken.columns.push(format!("workers={product}"));
            Ok(columns)
        }
    }
}

/// Whether a column numbers devices or ranks from 0, and counts none.
fn is_index(look: &Look<'_>, column: usize) -> bool {
    let name = look.name(column).to_lowercase();
    ["device", "gpu", "rank"].contains(&name.as_str()) && look.cells(column).any(|cell| cell == "0")
}

/// Whether most cells of a column are worker counts.
fn counts_workers(look: &Look<'_>, column: usize) -> bool {
    let (mut good, mut all) = (0, 0);
    for cell in look.cells(column) {
        all += 1;
        good += usize::from(cell::workers(cell, Decimal::Point).is_ok() || cell::is_sequential(cell));
    }
    all == 0 || 2 * good > all
}

/// Leaves out nodes if another column counts what runs on all of them: each of its counts has one number of nodes, and
/// is at least that.
fn without_containers(
    look: &Look<'_>,
    left: Vec<(usize, Counts)>,
    notes: &mut Vec<(String, String)>,
) -> Vec<(usize, Counts)> {
    let units: Vec<usize> =
        left.iter().filter(|(_, counts)| *counts == Counts::Units).map(|(column, _)| *column).collect();
    let containers = |counts: Counts| counts == Counts::Containers;
    let (&[unit], true) = (units.as_slice(), left.iter().all(|(_, counts)| *counts != Counts::InEach)) else {
        return left;
    };
    let holds = |container: usize| {
        let count = |cell: Option<&str>| cell::workers(cell?, Decimal::Point).ok();
        let pairs = look.rows.iter().filter_map(|row| Some((count(row.get(unit))?, count(row.get(container))?)));
        let mut pairs: Vec<(f64, f64)> = pairs.collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        pairs.dedup();
        let is_function = pairs.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1);
        is_function && pairs.len() > 1 && pairs.iter().all(|(units, nodes)| units >= nodes)
    };
    let gone: Vec<usize> =
        left.iter().filter(|(column, counts)| containers(*counts) && holds(*column)).map(|one| one.0).collect();
    for column in &gone {
        let text = format!("`{}`; `{}` grows with it", look.name(unit), look.name(*column));
        notes.push(("workers".to_owned(), text));
    }
    left.into_iter().filter(|(column, _)| !gone.contains(column)).collect()
}

/// The first column of whole numbers that may be worker counts.
fn guess(look: &Look<'_>, taken: &[usize], doubts: &mut Doubts) -> Result<Vec<usize>, ReadError> {
    let may_be = |column: &usize| {
        let kind = !matches!(
            look.meanings[*column],
            Meaning::Value { .. } | Meaning::Output | Meaning::Work | Meaning::Repetition
        );
        let free = kind && !taken.contains(column) && look.table.block != Some(*column);
        free && look.distinct(*column) > 1
            && look.cells(*column).all(|cell| cell::workers(cell, Decimal::Point).is_ok() || cell::is_sequential(cell))
    };
    let Some(column) = (0..look.table.width).find(may_be) else { return missing(look, "of worker counts", "workers") };
    let theirs = look.theirs(column);
    doubts.sentences.push(match look.table.names {
        None => format!("nothing names the columns; column {theirs} may count the workers"),
        Some(_) => format!("no column is called like worker counts; `{}` may be one", look.name(column)),
    });
    doubts.taken.columns.push(format!("workers={theirs}"));
    Ok(vec![column])
}
