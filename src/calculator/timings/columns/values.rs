//! The column of values: a time, else a rate, else a speedup, else an efficiency.

use super::super::ReadError;
use super::super::cell;
use super::super::names::{Kind, Meaning, Statistic, Unit, base, numbered};
use super::{Doubts, Look, missing};
use crate::units::{self, Decimal};

/// The columns that are read, and what they hold.
pub(super) struct Chosen {
    pub(super) columns: Vec<usize>,
    pub(super) kind: Kind,
}

/// A column of values, or several that repeat one.
#[derive(Debug, Clone)]
struct Candidate {
    columns: Vec<usize>,
    kind: Kind,
    statistic: Statistic,
    /// Whether it is of the whole job.
    whole: bool,
    /// Its name without what it sums up and without its unit.
    base: String,
}

/// Chooses the columns of values.
pub(super) fn choose(
    look: &Look<'_>,
    workers: &[usize],
    doubts: &mut Doubts,
    notes: &mut Vec<(String, String)>,
) -> Result<Chosen, ReadError> {
    let all = candidates(look, workers);
    let rank = |kind: Kind| match kind {
        Kind::Time(_) => 0,
        Kind::Throughput => 1,
        Kind::Speedup => 2,
        Kind::Efficiency => 3,
    };
    let Some(best) = all.iter().map(|one| rank(one.kind)).min() else { return guess(look, workers, doubts) };
    let mut left: Vec<&Candidate> = all.iter().filter(|one| rank(one.kind) == best).collect();
    if left.iter().any(|one| one.whole) {
        left.retain(|one| one.whole);
    }
    if left.iter().any(|one| !one.base.is_empty()) {
        // `mean` beside `time`: nothing says whose mean.
        left.retain(|one| !one.base.is_empty());
    }
    let statistic = left.iter().map(|one| one.statistic).min().unwrap_or(Statistic::Plain);
    let same_base = left.iter().all(|one| one.base == left[0].base);
    let before: Vec<String> = left.iter().map(|one| look.name(one.columns[0])).collect();
    if same_base {
        left.retain(|one| one.statistic == statistic);
    }
    let chosen = left.iter().enumerate().max_by_key(|(index, one)| (look.distinct(one.columns[0]), usize::MAX - index));
    let Some((_, chosen)) = chosen else { return guess(look, workers, doubts) };
    let said = doubts.taken.columns.len();
    if left.len() > 1 {
        doubt(look, &left, chosen, workers, doubts);
    } else if before.len() > 1 {
        let others: Vec<String> =
            before.iter().filter(|name| **name != look.name(chosen.columns[0])).cloned().collect();
        notes.push(("taken".to_owned(), format!("`{}` before {}", look.name(chosen.columns[0]), others.join(", "))));
    } else {
        alone(look, chosen, doubts);
    }
    if let Kind::Time(_) = chosen.kind {
        let is_said = doubts.taken.columns.len() > said;
        rate(look, &all, chosen, workers, is_said, doubts);
    }
    Ok(Chosen { columns: chosen.columns.clone(), kind: chosen.kind })
}

/// Asks which of several columns is meant.
fn doubt(look: &Look<'_>, left: &[&Candidate], chosen: &Candidate, workers: &[usize], doubts: &mut Doubts) {
    let what = match chosen.kind {
        Kind::Time(_) => "times",
        Kind::Throughput => "rates",
        Kind::Speedup => "speedups",
        Kind::Efficiency => "efficiencies",
    };
    let names: Vec<String> = left.iter().map(|one| format!("`{}`", look.name(one.columns[0]))).collect();
    let name = look.name(chosen.columns[0]);
    doubts.sentences.push(format!("{} columns hold {what}: {}; `{name}` is taken below", left.len(), names.join(", ")));
    say(look, chosen, workers, doubts);
}

/// Asks whether the time counts or a rate, if both are not of one job. `is_said` of a time that is taken already.
fn rate(look: &Look<'_>, all: &[Candidate], time: &Candidate, workers: &[usize], is_said: bool, doubts: &mut Doubts) {
    let rates = all.iter().filter(|one| one.kind == Kind::Throughput).map(|one| one.columns[0]);
    let has_work = doubts.taken.work.is_some() || doubts.taken.columns.iter().any(|pair| pair.starts_with("work="));
    let found = super::rates::of_other_jobs(look, workers, time.columns[0], &rates.collect::<Vec<_>>());
    let Some((rate, change)) = found.filter(|_| !has_work) else { return };
    doubts.sentences.push(format!(
        "`{}` times `{}` is the work of a row, and it differs up to {} times between the worker counts: the rows are \
         not one job",
        look.name(rate),
        look.name(time.columns[0]),
        units::ratio(change)
    ));
    if !is_said {
        say(look, time, workers, doubts);
    }
    doubts.rate = Some(format!("throughput={}", look.theirs(rate)));
}

/// Takes a candidate as if the reader had named it.
fn say(look: &Look<'_>, chosen: &Candidate, workers: &[usize], doubts: &mut Doubts) {
    let ours = match chosen.kind {
        Kind::Time(Some(unit)) if unit.name == "µs" => "us",
        Kind::Time(Some(unit)) if unit.name != "s" => unit.name,
        Kind::Time(_) => "seconds",
        Kind::Throughput => "throughput",
        Kind::Speedup => "speedup",
        Kind::Efficiency => "efficiency",
    };
    let theirs = |columns: &[usize]| columns.iter().map(|&column| look.theirs(column)).collect::<Vec<_>>().join("*");
    let columns = &mut doubts.taken.columns;
    if !columns.iter().any(|pair| pair.starts_with("workers=")) {
        columns.push(format!("workers={}", theirs(workers)));
    }
    columns.push(format!("{ours}={}", theirs(&chosen.columns[..1])));
}

/// Asks about `time_min` on its own: the shortest, or in minutes?
fn alone(look: &Look<'_>, chosen: &Candidate, doubts: &mut Doubts) {
    let (column, name) = (chosen.columns[0], look.name(chosen.columns[0]));
    if chosen.kind == Kind::Time(None) && chosen.statistic == Statistic::Least && name.to_lowercase().ends_with("min") {
        let theirs = look.theirs(column);
        doubts.sentences.push(format!(
            "`{name}` may be the least time (--columns seconds={theirs}) or a time in minutes (--columns min={theirs})"
        ));
        doubts.taken.columns.push(format!("min={theirs}"));
    }
}

/// Every column of values by its name; those that repeat one as one.
fn candidates(look: &Look<'_>, workers: &[usize]) -> Vec<Candidate> {
    let names = look.table.names.as_deref().unwrap_or_default();
    let mut found: Vec<Candidate> = Vec::new();
    let mut stems: Vec<(String, usize)> = Vec::new();
    for column in (0..names.len()).filter(|column| !workers.contains(column)) {
        let stem = numbered(&names[column]).map(|(stem, _)| stem);
        let (kind, statistic, whole) = match look.meanings[column] {
            Meaning::Value { kind, statistic, whole } => (kind, statistic, whole),
            // `run1`, `run2`: repetitions of a time.
            Meaning::Repetition if stem.is_some() => (Kind::Time(None), Statistic::Plain, true),
            _ => continue,
        };
        let number = found.len();
        let stem = stem.unwrap_or_else(|| names[column].trim().to_lowercase());
        if let Some((_, at)) = stems.iter().find(|(other, _)| *other == stem) {
            found[*at].columns.push(column);
            continue;
        }
        let base = if look.meanings[column] == Meaning::Repetition { stem.clone() } else { base(&stem) };
        stems.push((stem, number));
        found.push(Candidate { columns: vec![column], kind, statistic, whole, base });
    }
    found
}

/// The first column of numbers that may be times, or speedups that begin at 1 and rise.
fn guess(look: &Look<'_>, workers: &[usize], doubts: &mut Doubts) -> Result<Chosen, ReadError> {
    let number =
        |cell: &str| cell::seconds(cell, Decimal::Point, 1.0).or_else(|_| cell::seconds(cell, Decimal::Comma, 1.0));
    let may_be = |column: &usize| {
        let free = !workers.contains(column) && look.table.block != Some(*column);
        let kind = look.meanings[*column] == Meaning::Other || look.name(*column).len() == 1;
        let cells = || look.cells(*column);
        free && kind && look.distinct(*column) > 1 && cells().all(|cell| number(cell).is_ok())
    };
    let fraction = |column: &usize| look.cells(*column).any(|cell| cell.contains(['.', ',', ':', 'e']));
    let all: Vec<usize> = (0..look.table.width).filter(may_be).collect();
    let Some(&column) = all.iter().find(|column| fraction(column)).or(all.last()) else {
        return missing(look, "of values (a time, throughput or speedup)", "seconds");
    };
    let mut points: Vec<(f64, f64)> = look
        .rows
        .iter()
        .filter_map(|row| {
            Some((cell::workers(row.get(workers[0])?, Decimal::Point).ok()?, number(row.get(column)?).ok()?))
        })
        .collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let is_speedup = points.first().is_some_and(|first| (first.1 - 1.0).abs() < 1e-9)
        && points.iter().all(|point| point.1 >= 1.0)
        && points.last().is_some_and(|last| last.1 > 1.0);
    let (kind, what) = if is_speedup { (Kind::Speedup, "speedups") } else { (Kind::Time(None), "times") };
    doubts.sentences.push(match look.table.names {
        None => format!("column {} may hold {what}", look.theirs(column)),
        Some(_) => {
            format!("no column is called like a time, a rate or a speedup; `{}` may hold {what}", look.name(column))
        }
    });
    let chosen =
        Candidate { columns: vec![column], kind, statistic: Statistic::Plain, whole: true, base: String::new() };
    say(look, &chosen, workers, doubts);
    Ok(Chosen { columns: vec![column], kind })
}

/// What a value of 1 stands for: its unit in seconds, or 0.01 for an efficiency in percent.
pub(super) fn factor(look: &Look<'_>, read: &Chosen, unit: Option<Unit>, mark: Decimal) -> f64 {
    match read.kind {
        Kind::Time(_) => unit.map_or(1.0, |unit| unit.seconds),
        Kind::Efficiency => percent(look, &read.columns, mark),
        _ => 1.0,
    }
}

/// What one of an efficiency's numbers is: 0.01 if they are percentages.
fn percent(look: &Look<'_>, columns: &[usize], mark: Decimal) -> f64 {
    /// Nobody is more than twice as fast as the workers allow.
    const MOST: f64 = 2.0;
    let name = look.name(columns[0]);
    let cells = || look.cells(columns[0]);
    let own = cells().any(|cell| cell.contains('%'));
    let large = cells().any(|cell| cell::ratio(cell, mark, "an efficiency").is_ok_and(|value| value > MOST));
    if !own && (large || name.contains('%')) { 0.01 } else { 1.0 }
}
