//! What belongs together: rows of one job, on several worker counts. Rows of one count that differ in a setting are no
//! repetitions; a job that grows with its workers shows weak scaling.

use std::collections::HashMap;

use super::cell;
use super::growth::{Growth, growth};
use super::names::says_weak;
use super::rows::Entry;
use crate::units::Decimal;

/// How the entries are put together. Columns are places in the entries' settings.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    /// Settings each of whose values is a part of its own.
    pub(super) by: Vec<usize>,
    /// The settings whose product is the size of the job; mostly none, or one.
    pub(super) work: Vec<usize>,
    /// Whether the entries have a size already.
    pub(super) has_work: bool,
    /// The settings that must have these values.
    pub(super) only: Vec<(usize, Box<str>)>,
    /// Settings that are called like a size.
    pub(super) sizes: Vec<usize>,
    /// Settings that are called like what each worker has of the job.
    pub(super) shares: Vec<usize>,
    /// Settings of unknown meaning.
    pub(super) unknown: Vec<usize>,
    /// Settings whose rows are repetitions whatever they hold.
    pub(super) ignore: Vec<usize>,
    /// Whether the name of a column says that the job grows with the workers.
    pub(super) says_weak: bool,
    /// Whether the values are times, which jobs of several sizes need.
    pub(super) are_times: bool,
    pub(super) mark: Decimal,
}

/// The entries of one value of the settings in `by`.
#[derive(Debug, Clone, Default)]
pub(super) struct Part<'a> {
    /// The values of `by`.
    pub(super) values: Vec<&'a str>,
    /// The size of each entry's job, and the entry.
    pub(super) entries: Vec<(f64, &'a Entry)>,
    /// Which setting grows with the workers, and how; `None` of the setting if it was named as the work, or
    /// if the name of a column says so.
    pub(super) weak: Option<(Option<usize>, Growth)>,
}

impl Part<'_> {
    /// How many different worker counts there are.
    pub(super) fn counts(&self) -> usize {
        let mut counts: Vec<u64> = self.entries.iter().map(|(_, entry)| entry.workers.to_bits()).collect();
        counts.sort_unstable();
        counts.dedup();
        counts.len()
    }
}

/// Why entries cannot be put together so.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Trouble {
    /// Rows of one worker count differ in these settings.
    Differ(Vec<usize>),
    /// A size changes with the workers, but neither in proportion nor as a side does.
    Changes(usize),
    /// A setting of unknown meaning, or the product of several, grows with the workers as a size does.
    MayGrow(Vec<usize>),
    /// No part has two worker counts.
    OneCount,
    /// Jobs of several sizes, and no times.
    NoTimes,
    /// A size cannot be read.
    NoSize(usize, String),
}

/// Puts entries together.
pub(super) fn parts<'a>(entries: &'a [Entry], plan: &Plan) -> Result<Vec<Part<'a>>, Trouble> {
    let mut parts: Vec<Part<'a>> = Vec::new();
    let mut places: HashMap<Vec<&str>, usize> = HashMap::new();
    for entry in entries.iter().filter(|entry| plan.only.iter().all(|(at, value)| entry.settings[*at] == *value)) {
        let size = |at: usize| cell::size(&entry.settings[at], plan.mark).map_err(|fault| Trouble::NoSize(at, fault));
        let work = match plan.work.as_slice() {
            [] => entry.work,
            several => several.iter().try_fold(1.0, |product, &at| Ok(product * size(at)?))?,
        };
        let values: Vec<&str> = plan.by.iter().map(|&at| &*entry.settings[at]).collect();
        let place = *places.entry(values.clone()).or_insert(parts.len());
        if place == parts.len() {
            parts.push(Part { values, ..Part::default() });
        }
        parts[place].entries.push((work, entry));
    }
    let mut differ: Vec<usize> = parts.iter().flat_map(|part| differing(part, plan)).collect();
    differ.sort_unstable();
    differ.dedup();
    if !differ.is_empty() {
        let tells_runs_apart = results(entries);
        differ.retain(|at| !tells_runs_apart.contains(at) || plan.sizes.contains(at));
    }
    if !differ.is_empty() {
        return Err(Trouble::Differ(differ));
    }
    for part in parts.iter_mut().filter(|part| part.counts() > 1) {
        scaling(part, plan)?;
    }
    if parts.iter().all(|part| part.counts() < 2) {
        return Err(Trouble::OneCount);
    }
    Ok(parts)
}

/// The settings in which rows of one worker count and one size differ.
fn differing(part: &Part<'_>, plan: &Plan) -> Vec<usize> {
    let mut first: HashMap<(u64, u64), &Entry> = HashMap::new();
    let mut differ: Vec<usize> = Vec::new();
    for (work, entry) in &part.entries {
        let other = *first.entry((entry.workers.to_bits(), work.to_bits())).or_insert(entry);
        for (at, cell) in entry.settings.iter().enumerate() {
            if *cell != other.settings[at] && !differ.contains(&at) {
                differ.push(at);
            }
        }
    }
    differ.retain(|at| !plan.by.contains(at) && !plan.work.contains(at) && !plan.ignore.contains(at));
    differ
}

/// Settings that differ in every row: results, or what tells the runs apart.
pub(super) fn results(entries: &[Entry]) -> Vec<usize> {
    let settings = entries.first().map_or(0, |entry| entry.settings.len());
    if entries.iter().any(|entry| entry.times.given != 1) {
        return Vec::new();
    }
    let all_differ = |at: &usize| {
        let mut cells: Vec<&str> = entries.iter().map(|entry| &*entry.settings[*at]).collect();
        cells.sort_unstable();
        cells.windows(2).all(|pair| pair[0] != pair[1])
    };
    (0..settings).filter(all_differ).collect()
}

/// Finds out whether the job of a part grows with its workers.
fn scaling(part: &mut Part<'_>, plan: &Plan) -> Result<(), Trouble> {
    if plan.has_work || !plan.work.is_empty() {
        let points: Vec<(f64, f64)> = part.entries.iter().map(|(work, entry)| (entry.workers, *work)).collect();
        part.weak = growth(&points).filter(|growth| growth.is_weak()).map(|growth| (None, growth));
        if points.iter().any(|point| point.1 != points[0].1) {
            let good = plan.are_times || part.weak.is_some();
            return if good { Ok(()) } else { Err(Trouble::NoTimes) };
        }
    }
    let settings = part.entries.first().map_or(0, |(_, entry)| entry.settings.len());
    let free = |at: &usize| !plan.by.contains(at) && !plan.ignore.contains(at);
    let is_size = |at: &usize| plan.sizes.contains(at) || plan.shares.contains(at);
    let sized: Vec<usize> = (0..settings).filter(|at| free(at) && is_size(at)).collect();
    let mut changes = None;
    for at in sized {
        let Some(points) = sizes(part, at, plan) else { continue };
        match growth(&points) {
            Some(growth) if growth.is_weak() => {
                part.entries.iter_mut().zip(&points).for_each(|((work, _), point)| *work = point.1);
                let is_same = plan.shares.contains(&at) && growth == Growth::Proportional;
                part.weak = Some((Some(at), if is_same { Growth::SameForEach } else { growth }));
                return Ok(());
            }
            Some(Growth::Other) => changes = changes.or(Some(at)),
            _ => {}
        }
    }
    if let Some(sides) = product(part, plan) {
        return Err(Trouble::MayGrow(sides));
    }
    if let Some(at) = changes {
        return Err(Trouble::Changes(at));
    }
    let says =
        |at: &usize| !plan.ignore.contains(at) && part.entries.iter().all(|(_, entry)| says_weak(&entry.settings[*at]));
    let said = (0..settings).find(says);
    if plan.says_weak || said.is_some() {
        // Each worker has one piece of the job.
        part.entries.iter_mut().for_each(|(work, entry)| *work = entry.workers);
        part.weak = Some((said, Growth::Said));
        return Ok(());
    }
    let grows = |at: &usize| {
        let unknown = plan.unknown.contains(at) && free(at) && part.counts() > 2;
        unknown && sizes(part, *at, plan).and_then(|points| growth(&points)).is_some_and(Growth::is_weak)
    };
    (0..settings).find(grows).map_or(Ok(()), |at| Err(Trouble::MayGrow(vec![at])))
}

/// Two or three settings whose product grows with the workers: the sides of a grid.
fn product(part: &Part<'_>, plan: &Plan) -> Option<Vec<usize>> {
    /// Most settings that are tried.
    const MOST: usize = 8;
    if part.counts() < 3 {
        return None;
    }
    let may_be = |at: &&usize| !plan.by.contains(at) && !plan.ignore.contains(at);
    let all = plan.sizes.iter().chain(&plan.unknown).filter(may_be);
    let read: Vec<(usize, Vec<(f64, f64)>)> =
        all.filter_map(|&at| Some((at, sizes(part, at, plan)?))).take(MOST).collect();
    let sides: Vec<&(usize, Vec<(f64, f64)>)> =
        read.iter().filter(|(_, points)| points.iter().any(|point| point.1 != points[0].1)).collect();
    let is_size = |chosen: &[usize]| {
        let of = |row: usize| chosen.iter().map(|&side| sides[side].1[row].1).product::<f64>();
        let points: Vec<(f64, f64)> =
            part.entries.iter().enumerate().map(|(row, (_, entry))| (entry.workers, of(row))).collect();
        // The sides of a grid of workers are no size of the job.
        let counts_workers = points.iter().all(|(workers, size)| workers == size);
        !counts_workers && growth(&points) == Some(Growth::Proportional)
    };
    let count = sides.len();
    let pairs = || (0..count).flat_map(move |a| (a + 1..count).map(move |b| [a, b]));
    let triples = pairs().flat_map(|[a, b]| (b + 1..count).map(move |c| vec![a, b, c]));
    let found = pairs().map(Vec::from).chain(triples).find(|chosen| is_size(chosen))?;
    Some(found.into_iter().map(|side| sides[side].0).collect())
}

/// The workers and the sizes of a part by one setting; `None` if a cell is no size.
fn sizes(part: &Part<'_>, at: usize, plan: &Plan) -> Option<Vec<(f64, f64)>> {
    let times = |entry: &Entry| if plan.shares.contains(&at) { entry.workers } else { 1.0 };
    let size = |entry: &Entry| Some(cell::size(&entry.settings[at], plan.mark).ok()? * times(entry));
    part.entries.iter().map(|(_, entry)| Some((entry.workers, size(entry)?))).collect()
}
