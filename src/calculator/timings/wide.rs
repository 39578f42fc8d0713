//! Wide tables: each worker count has a column of its own. They become long ones, with a row for each cell.

use super::columns::{Doubts, ours};
use super::names::{Kind, Meaning, numbered};
use super::record::Record;
use super::table::Table;
use super::{ReadError, error};

/// Makes a wide table long if the reader says that it is wide, or if nothing else in it counts workers.
pub(super) fn long<'a>(table: Table<'a>, doubts: &mut Doubts) -> Result<Table<'a>, ReadError> {
    let names = table.names.clone().unwrap_or_default();
    let counts = counts(&names);
    let stated = doubts.taken.wide.clone();
    if stated.is_none() {
        let says_workers = doubts.taken.columns.iter().any(|pair| pair.starts_with("workers"));
        let has_workers = names.iter().any(|name| matches!(super::names::meaning(name), Meaning::Workers(_)));
        if says_workers || has_workers || counts.len() < 2 {
            return Ok(table);
        }
        let heads: Vec<&str> = counts.iter().take(3).map(|(column, _)| names[*column].as_str()).collect();
        doubts.taken.wide = Some(if begins_at_one(&table, &counts) { "speedup" } else { "seconds" }.to_owned());
        let what = doubts.taken.wide.as_deref().unwrap_or_default();
        doubts.sentences.push(format!(
            "each worker count may have a column of its own ({} …), with {what} below; --wide says what the cells hold",
            heads.join(", ")
        ));
    }
    let what = doubts.taken.wide.clone().unwrap_or_default();
    let head = match ours(&what) {
        Some(Meaning::Value { kind: Kind::Time(Some(unit)), .. }) if unit.name == "min" => "minutes",
        Some(Meaning::Value { kind: Kind::Time(Some(unit)), .. }) if unit.name == "h" => "hours",
        Some(Meaning::Value { kind: Kind::Time(Some(unit)), .. }) if unit.name == "s" => "seconds",
        Some(Meaning::Value { kind: Kind::Time(Some(unit)), .. }) => unit.name,
        Some(Meaning::Value { kind, .. }) => kind.name(),
        _ => {
            return error(format!(
                "--wide: `{what}` is not known; write what the cells hold: seconds, ms, throughput, speedup"
            ));
        }
    };
    if counts.len() < 2 {
        return error("--wide: the names of the columns hold no worker counts, as in core1, core2, core4 or 1, 2, 4");
    }
    let kept: Vec<usize> = (0..names.len()).filter(|column| counts.iter().all(|(count, _)| count != column)).collect();
    let block = table.block.and_then(|block| kept.iter().position(|column| *column == block));
    let mut heads: Vec<String> = kept.iter().map(|&column| names[column].clone()).collect();
    heads.extend(["workers".to_owned(), head.to_owned()]);
    let mut long = table.mapped(heads, move |row| {
        let make = |(column, count): &(usize, f64)| {
            let mut made = Record::default();
            made.clear(row.line);
            for &column in &kept {
                made.push(row.get(column).unwrap_or_default());
            }
            made.push(&count.to_string());
            made.push(row.get(*column).unwrap_or_default());
            made
        };
        counts.iter().map(make).collect()
    })?;
    long.block = block;
    Ok(long)
}

/// The columns whose names are worker counts: numbers, or one word before or after a number.
fn counts(names: &[String]) -> Vec<(usize, f64)> {
    let found: Vec<(usize, String, f64)> = names
        .iter()
        .enumerate()
        .filter_map(|(column, name)| numbered(name).map(|(stem, number)| (column, stem, number)))
        .filter(|(_, _, number)| *number >= 1.0)
        .collect();
    let mut best: Vec<(usize, f64)> = Vec::new();
    for (_, stem, _) in &found {
        let mut same: Vec<(usize, f64)> =
            found.iter().filter(|(_, other, _)| other == stem).map(|(column, _, number)| (*column, *number)).collect();
        same.dedup_by(|a, b| a.1 == b.1);
        if same.len() > best.len() {
            best = same;
        }
    }
    best
}

/// Whether the column of the fewest workers holds ones only, as speedups do.
fn begins_at_one(table: &Table<'_>, counts: &[(usize, f64)]) -> bool {
    let fewest = counts.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    fewest.is_some_and(|(column, _)| table.cells(*column).all(|cell| cell.parse() == Ok(1.0)))
}
