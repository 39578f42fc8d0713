//! A comparison as blocks: the answer on one screen, everything, and a page.

use super::figures::{Key, Number};
use super::headline::HEADLINES;
use super::notes::{effort, notes};
use super::order::Order;
use super::pair::{Both, Judged, Pair};
use super::say::{self, COUNTS, answer, case, count, ratio, said, seconds, shown};
use super::{Subject, curves};
use crate::law::Comparison;
use crate::page::block::{Block, Table};
use crate::page::named::Unit;
use crate::page::words;
use crate::record::{DeviceKind, Series};
use crate::units::ABSENT;

/// Differences that the short answer shows, of each kind.
const LARGEST: usize = 4;

/// Numbers that a page has room for beside the name of a run.
const SIDE_BY_SIDE: usize = 6;

/// What the first run is called.
const BASE: &str = "base";

/// What heads the column of answers.
const VERDICT: &str = "verdict";

/// Several runs, compared.
pub(super) struct Shown<'a> {
    pub(super) subjects: &'a [Subject],
    pub(super) order: &'a Order,
    /// Each further run with the first.
    pub(super) pairs: &'a [Pair<'a>],
    /// Each of these by the number that sorts.
    pub(super) by_order: &'a [Option<Judged>],
}

/// Where a table stands.
#[derive(Clone, Copy)]
enum Room {
    Screen,
    Page,
    Details,
}

impl Room {
    /// Returns for how many further columns there is room.
    fn columns(self) -> usize {
        match self {
            Self::Screen | Self::Details => 0,
            Self::Page => 1,
        }
    }
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
            blocks.extend(self.which_is_faster(Room::Screen));
            blocks.push(Block::text("`--full` shows the numbers and times of each; `--format html` draws them."));
        }
        blocks.extend(how_to_read_it());
        blocks
    }

    /// Returns everything: each time and each number.
    pub(super) fn full(&self) -> Vec<Block> {
        let mut blocks = self.answers(Room::Details);
        for pair in self.sorted_pairs() {
            blocks.extend(self.of_pair(pair));
            blocks.push(Block::Table(further(pair)));
            blocks.push(Block::Table(times(&pair.times)));
        }
        blocks.extend(how_to_read_it());
        blocks
    }

    /// Returns the page: the answers, the curves, and the headlines of each run.
    pub(super) fn page(&self) -> Vec<Block> {
        let mut blocks = self.answers(Room::Page);
        blocks.push(section("Side by side", "The headline numbers of each run, in the same order."));
        blocks.extend(self.side_by_side());
        blocks.extend(self.sorted_pairs().flat_map(|pair| self.of_pair(pair)));
        blocks.extend(how_to_read_it());
        blocks
    }

    /// Who is compared, what is faster, and the curves.
    fn answers(&self, room: Room) -> Vec<Block> {
        let mut blocks = self.head();
        blocks.push(section("Which is faster?", &self.sorted_by()));
        if let [pair] = self.pairs {
            blocks.push(Block::text(answer(pair)));
        }
        blocks.extend(self.which_is_faster(room));
        blocks.extend(curves::blocks(&self.in_order()));
        blocks
    }

    /// The answer of each run; and of runs of one device, in which folder each is.
    fn which_is_faster(&self, room: Room) -> Vec<Block> {
        let first = say::first(self.subjects, self.order, self.by_order).map(Block::Text);
        let mut blocks: Vec<Block> = first.into_iter().collect();
        blocks.push(Block::Table(self.sorted(room)));
        if matches!(room, Room::Details) {
            blocks.push(Block::Table(self.averages()));
        }
        let mut folders = Table::new(&["run", "folder"]).words(&[0, 1]);
        let named = self.in_order().into_iter().filter(|subject| subject.is_numbered());
        for (subject, folder) in named.filter_map(|subject| Some((subject, subject.folder.clone()?))) {
            folders.push([subject.label.clone(), folder]);
        }
        if !folders.rows.is_empty() {
            blocks.push(Block::Table(folders));
        }
        blocks
    }

    /// The answer and the headlines of one pair, under its names. Of a single pair the answer stands at the top.
    fn of_pair(&self, pair: &Pair<'_>) -> Vec<Block> {
        let mut blocks = vec![section(&pair.other.label, &format!("compared with {}", pair.base.label))];
        if self.pairs.len() > 1 {
            blocks.push(Block::text(answer(pair)));
        }
        blocks.extend(headlines(pair));
        blocks.extend(largest(pair, "Largest proven differences"));
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
        blocks.extend(notes(self.subjects, self.pairs).into_iter().map(|note| Block::Banner(note.text)));
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

    /// The average of each run, and how many of its times have which answer.
    fn averages(&self) -> Table {
        let mut table = Table::new(&["run", "ratio on average", "faster", "slower", "same", "undecided"]).words(&[0]);
        for pair in self.sorted_pairs() {
            let counts = COUNTS.map(|answer| count(pair, answer));
            table.push([pair.other.label.clone(), say::average(pair)].into_iter().chain(counts));
        }
        table
    }

    /// The runs, sorted by a number, each with the answer of that number and that of the average; if there is room,
    /// with the average itself.
    fn sorted(&self, room: Room) -> Table {
        let title = self.order.title();
        let first = ["", "run", VERDICT, title, "over the base", "on average"];
        let heads = [&first[..], &["ratio on average"]].concat();
        let columns = first.len() + room.columns();
        let mut table = Table::new(&heads[..columns]).words(&[1, 2, 5]);
        let numbers = self.order.of_each(self.subjects);
        for (place, index) in (1..).zip(self.order.sorted(self.subjects)) {
            let subject = &self.subjects[index];
            let number = numbers[index].map(|number| &number.named);
            let value = number.map_or_else(|| ABSENT.to_owned(), shown);
            let pair = index.checked_sub(1).map(|index| &self.pairs[index]);
            let judged = index.checked_sub(1).and_then(|index| self.by_order[index].as_ref());
            let word = match (pair, number.filter(|_| judged.is_some())) {
                (None, _) => BASE.to_owned(),
                (Some(_), None) => ABSENT.to_owned(),
                (Some(_), Some(number)) => said(judged, number.unit)[0].clone(),
            };
            let average = [say::overall, say::average].map(|say| pair.map_or_else(|| ABSENT.to_owned(), say));
            let cells = [place.to_string(), subject.label.clone(), word, value, ratio(judged)];
            table.push(cells.into_iter().chain(average).take(columns));
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
            let titles = kept.iter().map(|&at| HEADLINES[at].title_of(rows[at].iter().flatten().next().copied()));
            let titles: Vec<String> = titles.collect();
            let heads: Vec<&str> = std::iter::once("run").chain(titles.iter().map(String::as_str)).collect();
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

fn how_to_read_it() -> [Block; 2] {
    [section("How to read it", ""), Block::text(say::method())]
}

/// Who was measured, when, and for how long.
fn who(subject: &Subject) -> String {
    let run = &subject.run;
    let started = run.started.replace('T', " ").replace('Z', " UTC");
    let driver = run.device.driver.as_deref().filter(|_| run.device.kind != DeviceKind::Simulated);
    let device = [Some(subject.label.as_str()), run.device.backend.as_deref(), driver];
    let device = device.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let folder = subject.folder.as_ref().map_or(String::new(), |folder| format!("; {folder}"));
    format!("{device}; {started}, {}{folder}", effort(run.effort))
}

/// The headline numbers of both runs, with what to know of them below.
fn headlines(pair: &Pair<'_>) -> Vec<Block> {
    let mut table = Table::new(&["", VERDICT, BASE, "other", "ratio"]).words(&[0, 1]);
    let mut told: Vec<(String, Vec<&str>)> = Vec::new();
    for head in &pair.headlines {
        let cell = |number: Option<&Number>| number.map_or_else(|| ABSENT.to_owned(), |one| shown(&one.named));
        let unit = head.base.or(head.other).map(|number| number.named.unit);
        let (Some(unit), (base, other)) = (unit, (cell(head.base), cell(head.other))) else { continue };
        let [word, why] = said(head.judged.as_ref(), unit);
        let title = head.headline.title_of(head.base.or(head.other));
        table.push([title, word, base, other, ratio(head.judged.as_ref())]);
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
    let mut table = Table::new(&["number", VERDICT, BASE, "other", "ratio", "but"]).words(&[0, 1, 5]);
    for both in &pair.numbers {
        let named = &both.what.named;
        let place = [both.what.experiment.as_deref(), both.what.workload.as_deref()];
        let place = place.into_iter().flatten().collect::<Vec<_>>().join("/");
        let series = if named.series == Series::Device { String::new() } else { format!(", {}", named.series) };
        let [word, why] = said(Some(&both.judged), named.unit);
        table.push([
            format!("{place} {}{series}", named.name).trim().to_owned(),
            word,
            named.unit.shown(both.base.value),
            named.unit.shown(both.other.value),
            ratio(Some(&both.judged)),
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
    let mut table = Table::new(&["", VERDICT, BASE, "other", "ratio"]).words(&[0, 1]);
    for time in rows {
        let [word, _] = said(Some(&time.judged), Unit::Seconds);
        table.push([case(time.what), word, seconds(time.base), seconds(time.other), ratio(Some(&time.judged))]);
    }
    vec![section(title, ""), Block::Table(table)]
}

/// Every time of both runs.
fn times(all: &[Both<'_, &Key>]) -> Table {
    let mut table = Table::new(&["case", VERDICT, BASE, "other", "ratio", "but"]).words(&[0, 1, 5]);
    for time in all {
        let [word, why] = said(Some(&time.judged), Unit::Seconds);
        table.push([case(time.what), word, seconds(time.base), seconds(time.other), ratio(Some(&time.judged)), why]);
    }
    table
}
