//! A comparison as blocks: the answer on one screen, everything, and a page.

use super::figures::{Figure, Key};
use super::headline::HEADLINES;
use super::notes::{effort, notes};
use super::order::Order;
use super::pair::{Both, Judged, Pair};
use super::{Subject, curves, method};
use crate::law::Comparison;
use crate::page::block::{Block, Table};
use crate::page::named::{Named, Unit};
use crate::page::words;
use crate::record::{DeviceKind, Problem, Series};
use crate::stats::Estimate;
use crate::units::{self, ABSENT};

/// Differences that the short answer shows, of each kind.
const LARGEST: usize = 4;

/// Numbers that a page has room for beside the name of a run.
const SIDE_BY_SIDE: usize = 6;

/// An interval whose ends differ by more than this factor says nothing.
const WIDEST: f64 = 100.0;

/// The answers, in the order in which they are counted.
const COUNTS: [Comparison; 4] = [Comparison::Faster, Comparison::Slower, Comparison::Same, Comparison::Undecided];

/// What the first run is called.
const BASE: &str = "base";

/// Several runs, compared.
pub(super) struct Shown<'a> {
    pub(super) subjects: &'a [Subject],
    pub(super) order: &'a Order,
    /// Each further run with the first.
    pub(super) pairs: &'a [Pair<'a>],
    /// Each of these by the number that sorts.
    pub(super) by_order: &'a [Option<Judged>],
}

impl Shown<'_> {
    /// Returns the answer on one screen.
    pub(super) fn short(&self) -> Vec<Block> {
        let mut blocks = self.head();
        if let [pair] = self.pairs {
            blocks.push(section("1  Which is faster?", ""));
            blocks.push(Block::text(answer(pair)));
            blocks.push(section("2  Headline numbers", "ratio: times as fast, or as much"));
            blocks.extend(headlines(pair));
            blocks.extend(largest(pair, "3  Largest proven differences"));
        } else {
            blocks.push(section("1  Which is faster?", &self.sorted_by()));
            blocks.push(Block::Table(self.sorted(false)));
            blocks.push(Block::text("`--full` shows the numbers and times of each; `--format html` draws them."));
        }
        blocks.push(section("How to read it", ""));
        blocks.push(Block::text(method()));
        blocks
    }

    /// Returns everything: each time and each number.
    pub(super) fn full(&self) -> Vec<Block> {
        let mut blocks = self.head();
        blocks.push(section("Which is faster?", &self.sorted_by()));
        blocks.push(Block::Table(self.sorted(true)));
        blocks.push(Block::text(method()));
        blocks.extend(curves::blocks(&self.in_order()));
        for pair in self.sorted_pairs() {
            blocks.extend(of_pair(pair));
            blocks.push(Block::Table(further(pair)));
            blocks.push(Block::Table(times(&pair.times)));
        }
        blocks
    }

    /// Returns the page: who is where, the curves, and the headlines of each run.
    pub(super) fn page(&self) -> Vec<Block> {
        let mut blocks = self.head();
        blocks.push(section("Which is faster?", &self.sorted_by()));
        blocks.push(Block::Table(self.sorted(false)));
        blocks.extend(curves::blocks(&self.in_order()));
        blocks.push(section("Side by side", "The headline numbers of each run, in the same order."));
        blocks.extend(self.side_by_side());
        blocks.extend(self.sorted_pairs().flat_map(of_pair));
        blocks.push(section("How to read it", ""));
        blocks.push(Block::text(method()));
        blocks
    }

    /// Who is compared, and what to beware of.
    fn head(&self) -> Vec<Block> {
        let base = &self.subjects[0];
        let title = match self.subjects {
            [base, other] => format!("amdahl compare   {} with {}", other.label, base.label),
            all => format!("amdahl compare   {} runs with {}", all.len() - 1, base.label),
        };
        let mut blocks = vec![Block::Title(title)];
        blocks.extend(notes(self.subjects).into_iter().map(|note| Block::Banner(note.text)));
        let mut facts = vec![(BASE.to_owned(), who(base))];
        if let [_, other] = self.subjects {
            facts.push(("other".to_owned(), who(other)));
        }
        blocks.push(Block::Facts(facts));
        blocks
    }

    fn sorted_by(&self) -> String {
        format!("sorted by {}", self.order.title())
    }

    /// The runs, sorted by a number, each compared with the base; with how many of its times have which answer.
    fn sorted(&self, with_counts: bool) -> Table {
        let title = self.order.title();
        let heads = ["", "run", title, "over the base", "all times", "faster", "slower", "same", "undecided"];
        let columns = if with_counts { heads.len() } else { heads.len() - COUNTS.len() };
        let mut table = Table::new(&heads[..columns]).words(&[1]);
        let numbers = self.order.of_each(self.subjects);
        for (place, index) in (1..).zip(self.order.sorted(self.subjects)) {
            let subject = &self.subjects[index];
            let value = numbers[index].map_or_else(|| ABSENT.to_owned(), |number| shown(&number.named));
            let pair = index.checked_sub(1).map(|index| &self.pairs[index]);
            let ratio = ratio(index.checked_sub(1).and_then(|index| self.by_order[index].as_ref()));
            let word = pair.map_or(BASE, overall).to_owned();
            let counts = COUNTS.map(|answer| pair.map_or_else(|| ABSENT.to_owned(), |pair| count(pair, answer)));
            let cells = [place.to_string(), subject.label.clone(), value, ratio, word];
            table.push(cells.into_iter().chain(counts).take(columns));
        }
        table
    }

    /// The further runs with the first, as the table sorts them.
    fn sorted_pairs(&self) -> impl Iterator<Item = &Pair<'_>> {
        self.order.sorted(self.subjects).into_iter().filter_map(|at| self.pairs.get(at.checked_sub(1)?))
    }

    /// The base, and the others as the table sorts them.
    fn in_order(&self) -> Vec<&Subject> {
        std::iter::once(&self.subjects[0]).chain(self.sorted_pairs().map(|pair| pair.other)).collect()
    }

    /// The headline numbers of all runs, in tables that fit a page.
    fn side_by_side(&self) -> Vec<Block> {
        let sorted = self.order.sorted(self.subjects);
        let rows: Vec<_> = HEADLINES.iter().map(|one| one.of_each(self.subjects)).collect();
        let kept: Vec<usize> = (0..rows.len()).filter(|&at| rows[at].iter().any(Option::is_some)).collect();
        let table = |kept: &[usize]| {
            let heads: Vec<&str> = std::iter::once("run").chain(kept.iter().map(|&at| HEADLINES[at].title)).collect();
            let mut table = Table::new(&heads).words(&[0]);
            for &index in &sorted {
                let value = |at: &usize| rows[*at][index].map_or_else(|| ABSENT.to_owned(), |one| shown(&one.named));
                let cells = kept.iter().map(value);
                table.push(std::iter::once(self.subjects[index].label.clone()).chain(cells));
            }
            Block::Table(table)
        };
        kept.chunks(SIDE_BY_SIDE).map(table).collect()
    }
}

fn section(title: &str, question: &str) -> Block {
    Block::Section { title: title.to_owned(), question: question.to_owned() }
}

/// The answer and the headlines of one pair, under its names.
fn of_pair(pair: &Pair<'_>) -> Vec<Block> {
    let mut blocks = vec![section(&pair.other.label, &format!("compared with {}", pair.base.label))];
    blocks.push(Block::text(answer(pair)));
    blocks.extend(headlines(pair));
    blocks.extend(largest(pair, "Largest proven differences").into_iter().skip(1));
    blocks
}

/// Who was measured, when, and for how long.
fn who(subject: &Subject) -> String {
    let run = &subject.run;
    let started = run.started.replace('T', " ").replace('Z', " UTC");
    let driver = run.device.driver.as_deref().filter(|_| run.device.kind != DeviceKind::Simulated);
    let device = [Some(subject.label.as_str()), run.device.backend.as_deref(), driver];
    let device = device.into_iter().flatten().collect::<Vec<_>>().join(", ");
    format!("{device}; {started}, {}", effort(run.effort))
}

/// Writes a number: a time, a rate, a ratio, a count.
fn shown(named: &Named) -> String {
    let value = named.unit.shown(named.value);
    if named.unit == Unit::Elements { format!("{value} elements") } else { value }
}

/// Names the answer of a pair as a whole.
fn overall(pair: &Pair<'_>) -> &'static str {
    pair.overall.answer.map_or("MIXED", |answer| words::comparison(answer, true))
}

/// Writes how many times have an answer.
fn count(pair: &Pair<'_>, answer: Comparison) -> String {
    units::count(pair.count(answer) as u64)
}

/// Writes the answer of a pair as a whole, and how many times have which.
fn answer(pair: &Pair<'_>) -> String {
    let [faster, slower, same, undecided] = COUNTS.map(|answer| count(pair, answer));
    let all = words::counted(pair.times.len() as u64, "time");
    let mean = pair
        .overall
        .ratio
        .filter(is_known)
        .map(|ratio| match pair.overall.answer {
            // What is the same is not told as faster.
            Some(Comparison::Same) => format!("ratio {}", words::ratio(ratio)),
            _ => words::faster(ratio),
        })
        .map(|ratio| format!("{} on average: {ratio}.", pair.averaged()));
    let why = pair.overall.why.filter(|_| !pair.times.is_empty()).map(|why| format!("Why: {}.", words::why(why)));
    let counted = if pair.times.is_empty() {
        "No time is in both runs.".to_owned()
    } else {
        format!("Of {all}: {faster} FASTER, {slower} SLOWER, {same} SAME, {undecided} UNDECIDED.")
    };
    let alone = match pair.unmatched {
        [0, 0] => None,
        [base, other] => Some(format!(
            "Not compared: {} only in the base, {} only in the other (other sizes, or kernels of another variant).",
            units::count(base as u64),
            units::count(other as u64)
        )),
    };
    let parts = [Some(format!("{}.", overall(pair))), mean, why, Some(counted), alone];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The headline numbers of both runs, with what to know of them below.
fn headlines(pair: &Pair<'_>) -> Vec<Block> {
    let mut table = Table::new(&["", "base", "other", "ratio", ""]).words(&[0]);
    let mut told: Vec<(String, Vec<&str>)> = Vec::new();
    for head in &pair.headlines {
        let cell =
            |number: Option<&super::figures::Number>| number.map_or_else(|| ABSENT.to_owned(), |one| shown(&one.named));
        let unit = head.base.or(head.other).map(|number| number.named.unit);
        let (Some(unit), (base, other)) = (unit, (cell(head.base), cell(head.other))) else { continue };
        let [word, why] = said(head.judged.as_ref(), unit);
        table.push([head.headline.title.to_owned(), base, other, ratio(head.judged.as_ref()), word]);
        match told.iter_mut().find(|(known, _)| *known == why) {
            Some((_, titles)) => titles.push(head.headline.title),
            None if why.is_empty() => {}
            None => told.push((why, vec![head.headline.title])),
        }
    }
    let told =
        told.into_iter().map(|(why, titles)| Block::text(format!("{}: {}.", words::capital(&why), titles.join("; "))));
    std::iter::once(Block::Table(table)).chain(told).collect()
}

/// All further numbers of both runs.
fn further(pair: &Pair<'_>) -> Table {
    let mut table = Table::new(&["number", "base", "other", "ratio", "", "but"]).words(&[0, 5]);
    for both in &pair.numbers {
        let named = &both.what.named;
        let place = [both.what.experiment.as_deref(), both.what.workload.as_deref()];
        let place = place.into_iter().flatten().collect::<Vec<_>>().join("/");
        let series = if named.series == Series::Device { String::new() } else { format!(", {}", named.series) };
        let [word, why] = said(Some(&both.judged), named.unit);
        table.push([
            format!("{place} {}{series}", named.name).trim().to_owned(),
            named.unit.shown(both.base.value),
            named.unit.shown(both.other.value),
            ratio(Some(&both.judged)),
            word,
            why,
        ]);
    }
    table
}

/// The largest proven differences, the slower ones first.
fn largest(pair: &Pair<'_>, title: &str) -> Vec<Block> {
    let size = |time: &Both<'_, &Key>| time.judged.ratio.map_or(0.0, |ratio| ratio.value.ln().abs());
    let mut rows: Vec<&Both<'_, &Key>> = Vec::new();
    for answer in [Comparison::Slower, Comparison::Faster] {
        let mut proven: Vec<_> = pair.times.iter().filter(|time| time.judged.answer == answer).collect();
        proven.sort_by(|one, other| size(other).total_cmp(&size(one)));
        rows.extend(proven.into_iter().take(LARGEST));
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let mut table = Table::new(&["", "base", "other", "ratio", ""]).words(&[0]);
    for time in rows {
        let [word, _] = said(Some(&time.judged), Unit::Seconds);
        table.push([case(time.what), seconds(time.base), seconds(time.other), ratio(Some(&time.judged)), word]);
    }
    vec![section(title, ""), Block::Table(table)]
}

/// Every time of both runs.
fn times(all: &[Both<'_, &Key>]) -> Table {
    let mut table = Table::new(&["case", "base", "other", "ratio", "", "but"]).words(&[0, 5]);
    for time in all {
        let [word, why] = said(Some(&time.judged), Unit::Seconds);
        table.push([case(time.what), seconds(time.base), seconds(time.other), ratio(Some(&time.judged)), word, why]);
    }
    table
}

/// Whether an interval says anything.
fn is_known(ratio: &Estimate) -> bool {
    ratio.high < WIDEST * ratio.low
}

fn seconds(figure: &Figure) -> String {
    units::seconds(figure.value)
}

fn ratio(judged: Option<&Judged>) -> String {
    match judged.and_then(|judged| judged.ratio) {
        None => ABSENT.to_owned(),
        Some(ratio) if is_known(&ratio) => words::ratio(ratio),
        Some(ratio) => format!("{} (anything)", units::ratio(ratio.value)),
    }
}

/// The answer, and what to know of it.
fn said(judged: Option<&Judged>, unit: Unit) -> [String; 2] {
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
    let job = match key.problem {
        Problem::Branches { branches, .. } => words::counted(branches, "path"),
        problem => format!("n = {}", units::count(problem.n())),
    };
    format!(
        "{}/{}{variant}, {job}, {}{launches}{series}: {}",
        key.experiment,
        key.workload,
        words::counted(key.workers, "worker"),
        key.quantity
    )
}
