//! What a reader may answer when rows do not belong together. Every answer is tried before it is offered.

use super::cell;
use super::mapping::Mapping;
use super::parts::{Plan, Trouble, parts};
use super::settle::Read;

/// The answers that lead to a reading: what each means, and the options that give it.
pub(super) fn answers(read: &Read<'_>, plan: &Plan, trouble: &Trouble) -> Vec<(String, Mapping)> {
    let settings = match trouble {
        Trouble::Differ(_) => telling(read, plan),
        Trouble::Changes(at) => vec![*at],
        Trouble::MayGrow(settings) => settings.clone(),
        Trouble::OneCount | Trouble::NoTimes | Trouble::NoSize(..) => Vec::new(),
    };
    if settings.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(String, Plan)> = Vec::new();
    let is_free = plan.work.is_empty() && !plan.has_work;
    let is_product = matches!(trouble, Trouble::MayGrow(sides) if sides.len() > 1);
    if let (Trouble::MayGrow(sides), true) = (trouble, is_free && is_product) {
        let what = format!("The product of {} is the size of the job", names(read, sides));
        found.push((what, Plan { work: sides.clone(), ..plan.clone() }));
    }
    let sizes = settings.iter().copied().filter(|at| is_size(read, plan, *at));
    let work: Vec<usize> = sizes.collect();
    let named_size = work.iter().copied().find(|at| plan.sizes.contains(at));
    if let Some(at) = named_size.or(work.first().copied()).filter(|_| is_free && !is_product) {
        let by: Vec<usize> = settings.iter().copied().filter(|other| *other != at).collect();
        let rest = if by.is_empty() { String::new() } else { format!(", and each {} has its fit", names(read, &by)) };
        let with = Plan { work: vec![at], by: [plan.by.clone(), by].concat(), ..plan.clone() };
        found.push((format!("`{}` is the size of the job{rest}", read.name(at)), with));
    }
    let by = Plan { by: [plan.by.clone(), settings.clone()].concat(), ..plan.clone() };
    let by = (format!("One fit for each {}, side by side", names(read, &settings)), by);
    // A size that nobody called so comes last.
    found.insert(if named_size.is_some() || is_product { found.len() } else { 0 }, by);
    if let Some(only) = most_counts(read, &settings) {
        found.push(("Only some of the rows".to_owned(), Plan { only, ..plan.clone() }));
    }
    if settings.iter().all(|at| is_number(read, *at) && !plan.sizes.contains(at)) {
        let what = idle(&names(read, &settings), settings.len(), trouble);
        found.push((what, Plan { ignore: settings.clone(), ..plan.clone() }));
    }
    let good = found.into_iter().filter(|(_, plan)| parts(&read.entries.list, plan).is_ok());
    good.map(|(what, new)| (what, mapping(read, plan, &new))).collect()
}

/// The fewest settings that tell rows of one count apart: words first, then sizes, then the one with the fewest values.
fn telling(read: &Read<'_>, plan: &Plan) -> Vec<usize> {
    let mut plan = plan.clone();
    let mut chosen: Vec<usize> = Vec::new();
    while let Err(Trouble::Differ(settings)) = parts(&read.entries.list, &plan) {
        let is_number = |at: usize| is_number(read, at);
        let order = |at: &usize| (is_number(*at), !plan.sizes.contains(at), read.values(*at).len());
        let Some(next) = settings.into_iter().min_by_key(order) else { break };
        plan.by.push(next);
        chosen.push(next);
    }
    without_idle(read, &plan, chosen)
}

/// Leaves out settings that tell nothing apart when the others are known.
fn without_idle(read: &Read<'_>, plan: &Plan, chosen: Vec<usize>) -> Vec<usize> {
    let before = plan.by.len() - chosen.len();
    let mut left = chosen.clone();
    for at in chosen {
        let fewer: Vec<usize> = left.iter().copied().filter(|other| *other != at).collect();
        let by = [&plan.by[..before], &fewer].concat();
        let differs = matches!(parts(&read.entries.list, &Plan { by, ..plan.clone() }), Err(Trouble::Differ(_)));
        if !differs && !fewer.is_empty() {
            left = fewer;
        }
    }
    left
}

fn is_number(read: &Read<'_>, at: usize) -> bool {
    read.values(at).iter().all(|value| value.parse::<f64>().is_ok())
}

/// Whether a setting may be a size, by its name and by every value.
fn is_size(read: &Read<'_>, plan: &Plan, at: usize) -> bool {
    let by_name = plan.sizes.contains(&at) || plan.unknown.contains(&at);
    by_name && read.values(at).iter().all(|value| cell::size(value, read.columns.mark).is_ok())
}

/// The values of settings that were measured on the most worker counts; of equals those of the largest size, the last.
fn most_counts(read: &Read<'_>, settings: &[usize]) -> Option<Vec<(usize, Box<str>)>> {
    let mut counts: Vec<(Vec<&str>, Vec<u64>)> = Vec::new();
    for entry in &read.entries.list {
        let values: Vec<&str> = settings.iter().map(|&at| &*entry.settings[at]).collect();
        let at = counts.iter().position(|(other, _)| *other == values).unwrap_or_else(|| {
            counts.push((values, Vec::new()));
            counts.len() - 1
        });
        if counts.len() > 1000 {
            return None;
        }
        let workers = entry.workers.to_bits();
        if !counts[at].1.contains(&workers) {
            counts[at].1.push(workers);
        }
    }
    let best = counts.into_iter().max_by_key(|(_, workers)| workers.len())?;
    let is_plain = best.0.iter().all(|value| !value.is_empty());
    is_plain.then(|| settings.iter().zip(best.0).map(|(&at, value)| (at, value.into())).collect())
}

/// Says that settings set nothing.
fn idle(names: &str, count: usize, trouble: &Trouble) -> String {
    match (trouble, count) {
        (Trouble::Differ(_), 1) => format!("{names} sets nothing: it is a result, and the rows are repetitions"),
        (Trouble::Differ(_), _) => format!("{names} set nothing: they are results, and the rows are repetitions"),
        _ => format!("The job is the same on any count, whatever {names} may be"),
    }
}

fn names(read: &Read<'_>, settings: &[usize]) -> String {
    settings.iter().map(|&at| format!("`{}`", read.name(at))).collect::<Vec<_>>().join(" and ")
}

/// The options of a plan, beside what the reader said.
fn mapping(read: &Read<'_>, old: &Plan, new: &Plan) -> Mapping {
    let mut mapping = read.doubts.taken.clone();
    if !new.work.is_empty() {
        mapping.work = Some(new.work.iter().map(|&at| read.theirs(at)).collect::<Vec<_>>().join("*"));
    }
    mapping.by.extend(new.by[old.by.len()..].iter().map(|&at| read.theirs(at)));
    mapping.ignore.extend(new.ignore.iter().map(|&at| read.theirs(at)));
    mapping.only.extend(new.only.iter().map(|(at, value)| format!("{}={value}", read.theirs(*at))));
    mapping
}
