//! Which columns set something. A name may mislead: what changes the times on every worker count is a setting, whatever
//! it is called.

use std::collections::{HashMap, HashSet};

use super::super::cell;
use super::super::names::{self, Meaning, numbered};
use super::super::record::Record;
use super::Look;
use crate::law::upper_tail_of_f;
use crate::units::Decimal;

/// Two values whose times differ at least so much on every count are no repetitions.
const FAR: f64 = 1.5;

/// Values that differ less than this may be runs on a warm and on a cold machine.
const NEAR: f64 = 1.2;

/// Chance gives a difference above the noise with this probability.
const CHANCE: f64 = 0.01;

/// Most values of which two may be compared alone: of many, two differ by chance.
const FEW: usize = 4;

/// Words that number repetitions.
const ORDINALS: &str = "first second third fourth fifth sixth seventh eighth ninth tenth";

/// The mean logarithm of the times of a place (a worker count, with the other settings) and a value.
struct Mean {
    place: usize,
    value: usize,
    log: f64,
}

impl Look<'_> {
    /// Whether a column sets something: its name is of no value, and of no result, unless the rows say otherwise.
    pub(super) fn sets_something(&self, workers: &[usize], values: &[usize], column: usize) -> bool {
        match self.meanings[column] {
            Meaning::Repetition | Meaning::Value { .. } => self.separates(workers, values, column),
            Meaning::Output => self.is_crossed(workers, column) || self.separates(workers, values, column),
            _ => true,
        }
    }

    /// Whether each value of a column was measured on most of the worker counts: no result is so, whatever its name.
    fn is_crossed(&self, workers: &[usize], column: usize) -> bool {
        let pairs: HashSet<(Vec<&str>, &str)> =
            self.rows.iter().map(|row| (key(row, workers), text(row, column))).collect();
        let counts: HashSet<&Vec<&str>> = pairs.iter().map(|(count, _)| count).collect();
        let values: HashSet<&str> = pairs.iter().map(|(_, value)| *value).collect();
        let are_words = || !values.iter().all(|value| cell::looks_like_value(value));
        let is_crossed = values.len() > 1 && counts.len() > 1 && 2 * pairs.len() > values.len() * counts.len();
        // A clock that ticks coarsely gives repetitions the same few times on every count.
        is_crossed && (are_words() || !names::is_of_processor(&self.name(column)))
    }

    /// Whether the values of a column come again on other worker counts, and are words or go with other times.
    fn separates(&self, workers: &[usize], times: &[usize], column: usize) -> bool {
        let places = [workers, &self.other_settings(workers, times, column)].concat();
        let means = self.means(&places, times, column);
        let means = only_common(means);
        let values = distinct(means.iter().map(|one| one.value));
        if values < 2 {
            return false;
        }
        self.are_words(column) || differ(&means)
    }

    /// Columns that set something by their names, and whose values come again.
    fn other_settings(&self, workers: &[usize], times: &[usize], column: usize) -> Vec<usize> {
        let sets = |other: &usize| {
            let by_name = !matches!(
                self.meanings[*other],
                Meaning::Repetition | Meaning::Value { .. } | Meaning::Output | Meaning::Workers(_)
            );
            by_name && *other != column && !workers.contains(other) && !times.contains(other)
        };
        (0..self.table.width).filter(|other| sets(other) && 2 * self.distinct(*other) <= self.rows.len()).collect()
    }

    /// Whether a column holds words, and not numbers of runs.
    fn are_words(&self, column: usize) -> bool {
        let is_word = |cell: &str| {
            let starts = cell.starts_with(char::is_alphabetic);
            starts && numbered(cell).is_none() && !names::holds(ORDINALS, &cell.to_lowercase())
        };
        self.cells(column).all(is_word)
    }

    /// The mean of each place and value.
    fn means(&self, places: &[usize], times: &[usize], column: usize) -> Vec<Mean> {
        let mut place_numbers: HashMap<Vec<&str>, usize> = HashMap::new();
        let mut value_numbers: HashMap<&str, usize> = HashMap::new();
        let mut sums: HashMap<(usize, usize), (f64, f64)> = HashMap::new();
        for row in self.rows.iter().filter(|row| !cell::is_missing(text(row, column))) {
            let next = (place_numbers.len(), value_numbers.len());
            let place = *place_numbers.entry(key(row, places)).or_insert(next.0);
            let value = *value_numbers.entry(text(row, column)).or_insert(next.1);
            for log in times.iter().filter_map(|&time| number(text(row, time))).map(f64::ln) {
                let sum = sums.entry((place, value)).or_default();
                *sum = (sum.0 + log, sum.1 + 1.0);
            }
        }
        let mean =
            |((place, value), (sum, count)): ((usize, usize), (f64, f64))| Mean { place, value, log: sum / count };
        let mut means: Vec<Mean> = sums.into_iter().map(mean).collect();
        means.sort_by_key(|one| (one.place, one.value));
        means
    }
}

fn text(row: &Record, column: usize) -> &str {
    row.get(column).unwrap_or_default()
}

fn key<'a>(row: &'a Record, columns: &[usize]) -> Vec<&'a str> {
    columns.iter().map(|&column| text(row, column)).collect()
}

/// A time, a rate or a ratio as a number, in any unit.
fn number(cell: &str) -> Option<f64> {
    let number = |mark| cell::seconds(cell, mark, 1.0).or_else(|_| cell::ratio(cell, mark, "a throughput")).ok();
    number(Decimal::Point).or_else(|| number(Decimal::Comma))
}

fn distinct(numbers: impl Iterator<Item = usize>) -> usize {
    numbers.collect::<HashSet<usize>>().len()
}

/// The means of values that come at several places; nothing if most means are of other values.
fn only_common(means: Vec<Mean>) -> Vec<Mean> {
    let mut places: HashMap<usize, usize> = HashMap::new();
    for one in &means {
        *places.entry(one.value).or_default() += 1;
    }
    let all = means.len();
    let common: Vec<Mean> = means.into_iter().filter(|one| places[&one.value] > 1).collect();
    if 2 * common.len() < all { Vec::new() } else { common }
}

/// Whether the values go with other times at every place, by more than the noise.
fn differ(means: &[Mean]) -> bool {
    let (of_place, of_value) = effects(means);
    let mean = |value: usize| of_value.get(value).copied().unwrap_or_default();
    let values: Vec<usize> = means.iter().map(|one| one.value).collect();
    let slowest = values.iter().copied().max_by(|a, b| mean(*a).total_cmp(&mean(*b)));
    let fastest = values.iter().copied().min_by(|a, b| mean(*a).total_cmp(&mean(*b)));
    let (Some(slowest), Some(fastest)) = (slowest, fastest) else { return false };
    if mean(slowest) - mean(fastest) < NEAR.ln() {
        return false;
    }
    let many = distinct(values.into_iter());
    many <= FEW && are_far(means, slowest, fastest) || is_no_chance(means, &of_place, &of_value, many)
}

/// Whether one value takes much longer than the other at nearly every place that has both.
fn are_far(means: &[Mean], slow: usize, fast: usize) -> bool {
    let of = |value: usize| means.iter().filter(move |one| one.value == value);
    let ratios: Vec<f64> = of(slow)
        .filter_map(|slow| of(fast).find(|fast| fast.place == slow.place).map(|fast| slow.log - fast.log))
        .collect();
    let far = ratios.iter().filter(|ratio| **ratio >= FAR.ln()).count();
    ratios.len() > 1 && 5 * (ratios.len() - far) <= ratios.len()
}

/// What each place and each value adds to the logarithm of a time: means of what the others leave, again and again.
fn effects(means: &[Mean]) -> (Vec<f64>, Vec<f64>) {
    let size = |number: fn(&Mean) -> usize| means.iter().map(number).max().map_or(0, |most| most + 1);
    let (mut of_place, mut of_value) = (vec![0.0; size(|one| one.place)], vec![0.0; size(|one| one.value)]);
    for _ in 0..20 {
        let left = |one: &Mean| one.log - of_value[one.value];
        of_place = averages(means, of_place.len(), |one| one.place, left);
        let left = |one: &Mean| one.log - of_place[one.place];
        of_value = averages(means, of_value.len(), |one| one.value, left);
    }
    (of_place, of_value)
}

/// The average of what is left, for each number.
fn averages(means: &[Mean], size: usize, number: fn(&Mean) -> usize, left: impl Fn(&Mean) -> f64) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); size];
    for one in means {
        let sum = &mut sums[number(one)];
        *sum = (sum.0 + left(one), sum.1 + 1.0);
    }
    sums.into_iter().map(|(sum, count): (f64, f64)| if count > 0.0 { sum / count } else { 0.0 }).collect()
}

/// Whether the values explain so much of the times that chance hardly does: an F test of the additive model.
fn is_no_chance(means: &[Mean], of_place: &[f64], of_value: &[f64], values: usize) -> bool {
    let places = distinct(means.iter().map(|one| one.place));
    let alone = averages(means, of_place.len(), |one| one.place, |one| one.log);
    let sum = |left: &dyn Fn(&Mean) -> f64| means.iter().map(|one| left(one).powi(2)).sum::<f64>();
    let with = sum(&|one| one.log - of_place[one.place] - of_value[one.value]);
    let without = sum(&|one| one.log - alone[one.place]);
    let (explained, free) = (values as f64 - 1.0, means.len() as f64 + 1.0 - (values + places) as f64);
    if free < 1.0 {
        return false;
    }
    let f = (without - with).max(0.0) / explained / (with / free).max(1e-12);
    upper_tail_of_f(f, explained, free) < CHANCE
}
