//! The names that took the longest.

use std::collections::HashMap;

use serde::Serialize;

use super::gather::{Names, Sum};
use super::kind::Kind;

/// Most names of each kind in the report.
const MOST: usize = 10;

/// All events of one name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) count: u64,
    /// Their lengths together. Events that run at the same time count each.
    pub(super) seconds: f64,
}

/// Returns the names with the longest sums of each kind, the longest first.
pub(super) fn longest<'a>(files: impl Iterator<Item = &'a Names>) -> Vec<Named> {
    let mut all: HashMap<&str, Sum> = HashMap::new();
    for (name, sum) in files.flat_map(|names| &names.0) {
        let known = all.entry(name).or_insert(Sum { count: 0, nanoseconds: 0, ..*sum });
        known.count += sum.count;
        known.nanoseconds = known.nanoseconds.saturating_add(sum.nanoseconds);
    }
    let mut sorted: Vec<(&str, Sum)> = all.into_iter().collect();
    sorted.sort_by_key(|&(name, sum)| (std::cmp::Reverse(sum.nanoseconds), name));
    let mut told: HashMap<Kind, usize> = HashMap::new();
    sorted.retain(|(_, sum)| {
        let count = told.entry(sum.kind).or_default();
        *count += 1;
        *count <= MOST
    });
    let named = |(name, sum): (&str, Sum)| Named {
        name: name.to_owned(),
        kind: sum.kind,
        count: sum.count,
        seconds: sum.nanoseconds as f64 * 1e-9,
    };
    sorted.into_iter().map(named).collect()
}
