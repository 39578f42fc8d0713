//! A comparison in words: the answer of a pair, of a number and of a time, and how they come about.

use super::Subject;
use super::figures::{Figure, Key};
use super::order::Order;
use super::overall::{OTHER_WAY, SOME};
use super::pair::{Judged, Pair};
use crate::experiment::names;
use crate::law::between::{FALSE_ALARMS, SAME};
use crate::law::{Comparison, INDIFFERENT};
use crate::page::named::{Named, Unit};
use crate::page::words;
use crate::record::{Problem, Series};
use crate::stats::Estimate;
use crate::units::{self, ABSENT};

/// An interval whose ends differ by more than this factor says nothing.
const WIDEST: f64 = 100.0;

/// The answers, in the order in which they are counted.
pub(super) const COUNTS: [Comparison; 4] =
    [Comparison::Faster, Comparison::Slower, Comparison::Same, Comparison::Undecided];

/// Names the answer of a pair as a whole.
pub(super) fn overall(pair: &Pair<'_>) -> String {
    pair.overall.answer.map_or("MIXED", |answer| words::comparison(answer, true)).to_owned()
}

/// Writes the average of a pair with its interval.
pub(super) fn average(pair: &Pair<'_>) -> String {
    written(pair.overall.ratio)
}

/// Writes how many times have an answer.
pub(super) fn count(pair: &Pair<'_>, answer: Comparison) -> String {
    units::count(pair.count(answer) as u64)
}

/// Writes the answer of a pair as a whole, and how many times have which.
pub(super) fn answer(pair: &Pair<'_>) -> String {
    if pair.times.is_empty() {
        return [format!("{}: no time is in both runs.", overall(pair))]
            .into_iter()
            .chain(alone(pair))
            .collect::<Vec<_>>()
            .join(" ");
    }
    let mean = pair.overall.ratio.filter(is_known).map_or_else(
        || "nothing is known of the average".to_owned(),
        |ratio| format!("on average {} are {}", pair.averaged(), apart(ratio)),
    );
    let lead = match pair.overall.answer {
        None => ": proven times go both ways;",
        Some(Comparison::Faster | Comparison::Slower) => " than the base:",
        Some(Comparison::Same | Comparison::Undecided) => ":",
    };
    let mean = format!("{}{lead} {mean}.", overall(pair));
    let why = pair.overall.why.map(|why| format!("Why: {}.", words::why(why)));
    let counts = COUNTS.map(|answer| {
        let of = of_quantities(pair, answer);
        format!("{} {}{of}", count(pair, answer), words::comparison(answer, true))
    });
    let counted = format!("Of {}: {}.", words::counted(pair.times.len() as u64, "time"), counts.join(", "));
    [Some(mean), why, Some(counted), alone(pair)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Says which of several runs is the first by a number, and how many are faster than the base on average.
pub(super) fn first(subjects: &[Subject], order: &Order, by_order: &[Option<Judged>]) -> Option<String> {
    let at = *order.sorted(subjects).first()?;
    let number = &order.of_each(subjects)[at]?.named;
    let is = format!("First by {}: {}, {}", order.title(), subjects[at].label, shown(number));
    let Some(judged) = at.checked_sub(1).and_then(|at| by_order[at]) else { return Some(format!("{is} (the base).")) };
    let ratio = judged.ratio.filter(is_known);
    let than = match ratio {
        Some(ratio) if number.unit.is_speed() => format!(", {} than the base", apart(ratio)),
        _ => String::new(),
    };
    Some(format!("{is}{than}: {}.", said(Some(&judged), number.unit)[0]))
}

/// Says which way two runs differ; by both ends if the interval holds both ways.
fn apart(ratio: Estimate) -> String {
    if !ratio.contains(1.0) {
        return words::faster(ratio);
    }
    format!("between {} times slower and {} times faster", units::ratio(1.0 / ratio.low), units::ratio(ratio.high))
}

/// Writes how many times of each kind have an answer, if it is a difference: ` (kernel 12, launch 30)`.
fn of_quantities(pair: &Pair<'_>, answer: Comparison) -> String {
    if !matches!(answer, Comparison::Faster | Comparison::Slower) {
        return String::new();
    }
    let mut counts: Vec<(&str, u64)> = Vec::new();
    for time in pair.times.iter().filter(|time| time.judged.answer == answer) {
        match counts.iter_mut().find(|(known, _)| *known == time.what.quantity) {
            Some((_, count)) => *count += 1,
            None => counts.push((&time.what.quantity, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let all: Vec<String> =
        counts.into_iter().map(|(quantity, count)| format!("{quantity} {}", units::count(count))).collect();
    if all.is_empty() { String::new() } else { format!(" ({})", all.join(", ")) }
}

/// Says what is in one of the runs only.
fn alone(pair: &Pair<'_>) -> Option<String> {
    let [base, other] = pair.unmatched.map(|count| units::count(count as u64));
    (pair.unmatched != [0, 0]).then(|| {
        format!(
            "Not compared: {base} only in the base, {other} only in the other (other sizes, or kernels of another \
             variant)."
        )
    })
}

/// Says how the answers come about, in plain sentences.
pub(super) fn method() -> String {
    let [some, other_way, chance, matters] = [SOME, OTHER_WAY, FALSE_ALARMS, INDIFFERENT].map(units::whole_percent);
    format!(
        "FASTER, SLOWER (of what is no speed: MORE, LESS): a proven difference of more than {matters}; of all that are \
         told, at most {chance} are chance (Benjamini-Hochberg). SAME: not proven, and the whole 95 % interval lies \
         from {:.2} to {:.2}. UNDECIDED: neither of these, or a machine was busy or changed its speed. On average: the \
         answer of the average itself, which is proven only if more than {some} of the times are. MIXED: more than \
         {some} of the times are proven, and more than {other_way} of these go against the average; if that is SAME or \
         UNDECIDED, more than {other_way} each way. The intervals hold the noise between runs.",
        1.0 / (1.0 + SAME),
        1.0 + SAME,
    )
}

/// Writes a number: a time, a rate, a ratio, a count.
pub(super) fn shown(named: &Named) -> String {
    let value = named.unit.shown(named.value);
    if named.unit == Unit::Elements { format!("n = {value}") } else { value }
}

/// Whether an interval says anything.
fn is_known(ratio: &Estimate) -> bool {
    ratio.high < WIDEST * ratio.low
}

pub(super) fn seconds(figure: &Figure) -> String {
    units::seconds(figure.value)
}

pub(super) fn ratio(judged: Option<&Judged>) -> String {
    written(judged.and_then(|judged| judged.ratio))
}

fn written(ratio: Option<Estimate>) -> String {
    match ratio {
        None => ABSENT.to_owned(),
        Some(ratio) if is_known(&ratio) => words::ratio(ratio),
        Some(ratio) => format!("{} (anything)", units::ratio(ratio.value)),
    }
}

/// The answer, and what to know of it.
pub(super) fn said(judged: Option<&Judged>, unit: Unit) -> [String; 2] {
    let Some(judged) = judged else { return [String::new(), "not in both runs".to_owned()] };
    let why = judged.why.map_or("", words::why);
    [words::comparison(judged.answer, unit.is_speed()).to_owned(), why.to_owned()]
}

/// Names a time of a case: `fixed-size/fma, 16,384 elements, 64 workers: kernel`.
pub(super) fn case(key: &Key) -> String {
    let variant = key.variant.as_ref().map_or(String::new(), |variant| format!("/{variant}"));
    let series = if key.series == Series::Device { String::new() } else { format!(", {}", key.series) };
    let launches = if key.dispatches.max(key.slices) > 1 {
        format!(", {}", words::counted(u64::from(key.dispatches.max(key.slices)), "launch"))
    } else {
        String::new()
    };
    let size = if key.experiment == names::WORKGROUP_SIZE {
        format!(", workgroup size {}", units::count(key.workgroup_size.into()))
    } else {
        String::new()
    };
    let job = match key.problem {
        Problem::Branches { branches, .. } => words::counted(branches, "path"),
        problem => format!("n = {}", units::count(problem.n())),
    };
    format!(
        "{}/{}{variant}, {job}, {}{size}{launches}{series}: {}",
        key.experiment,
        key.workload,
        words::counted(key.workers, "worker"),
        key.quantity
    )
}
