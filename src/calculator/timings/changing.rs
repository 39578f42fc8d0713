//! Settings in words that change from some worker counts to others: the rows may be of two jobs.

use std::collections::HashMap;

use super::cell;
use super::settle::Read;

/// Values that a sentence names.
const NAMED: usize = 4;

/// A sentence on each such setting, without its full stop.
pub(super) fn sentences(read: &Read<'_>) -> Vec<String> {
    let settings = 0..read.entries.columns.len();
    settings.filter(|&at| !read.columns.by.contains(&read.entries.columns[at])).filter_map(|at| one(read, at)).collect()
}

fn one(read: &Read<'_>, at: usize) -> Option<String> {
    let mut of_count: HashMap<u64, &str> = HashMap::new();
    for entry in &read.entries.list {
        let value = &*entry.settings[at];
        if *of_count.entry(entry.workers.to_bits()).or_insert(value) != value {
            return None;
        }
    }
    let values = read.values(at);
    let are_words = values.iter().all(|value| value.starts_with(char::is_alphabetic) && !cell::is_missing(value));
    // A word of its own on every count is a remark.
    let come_again = values.len() < of_count.len() || of_count.len() == 2;
    if values.len() < 2 || !are_words || !come_again {
        return None;
    }
    let on = |value: &&str| {
        let mut counts: Vec<f64> =
            of_count.iter().filter(|(_, own)| *own == value).map(|(count, _)| f64::from_bits(*count)).collect();
        counts.sort_by(f64::total_cmp);
        let counts = cell::first(NAMED, counts.iter().map(f64::to_string));
        format!("{} on {counts}", cell::short(value))
    };
    let (name, option) = (read.name(at), read.theirs(at));
    let values_on = cell::first(NAMED, values.iter().map(on));
    Some(format!(
        "`{name}` changes with the worker count: {values_on}. Keep one with --where \"{option}={}\", or say with \
         --ignore \"{option}\" that it makes no difference",
        values[0]
    ))
}
