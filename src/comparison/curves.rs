//! The speedups of several runs on one pair of axes.

use super::Subject;
use super::figures::{Figure, Key};
use crate::experiment::names;
use crate::page::block::{Block, Table, Tone};
use crate::page::plot::{Axis, Law, Line, Plot, Points};
use crate::record::Series;
use crate::stats::Estimate;
use crate::units;

/// With more runs than this only the base has marks; the name of each other line tells it apart.
const MOST_MARKED: usize = 6;

/// Workers, and the speedup there.
type Curve = Vec<(f64, Estimate)>;

/// Returns the pictures of both laws.
pub(super) fn blocks(subjects: &[&Subject]) -> Vec<Block> {
    let pictures = [
        (
            "Same job",
            "How many times faster each run gets than on its own one worker. The highest need not be the fastest.",
            same_job as fn(&Subject) -> Curve,
        ),
        ("Bigger job", "How many jobs of its own one worker each run does in the time of one.", bigger_job),
    ];
    let picture = |(title, question, curve): (&str, &str, fn(&Subject) -> Curve)| {
        let plot = plot(subjects, curve)?;
        let has_grey = subjects.len() > MOST_MARKED;
        let hint = if has_grey { " A grey line tells its name when you point at it; the table names all." } else { "" };
        let question = format!("{question}{hint}");
        let table = has_grey.then(|| Block::Table(highest(subjects, curve)));
        Some([Block::Section { title: title.to_owned(), question }, Block::Plot(plot)].into_iter().chain(table))
    };
    pictures.into_iter().filter_map(picture).flatten().collect()
}

fn plot(subjects: &[&Subject], curve: fn(&Subject) -> Curve) -> Option<Plot> {
    let is_marked = |index: usize| subjects.len() <= MOST_MARKED || index == 0;
    let (mut series, mut lines) = (Vec::new(), Vec::new());
    for (index, subject) in subjects.iter().enumerate() {
        let points = curve(subject);
        let tone = if is_marked(index) { Tone::Series(index) } else { Tone::Faint };
        let line = points.iter().map(|(at, speedup)| (*at, speedup.value)).collect();
        lines.push(Line { name: subject.label.clone(), tone, points: line });
        if is_marked(index) {
            series.push(Points { name: subject.label.clone(), points });
        }
    }
    // The base is drawn last, over the others.
    lines.reverse();
    Plot::overlaid(Axis::counts("workers"), Axis::counts("times"), series, lines, vec![Law::to_compare("ideal", Some)])
}

/// Names the lines by their highest points, from the top down.
fn highest(subjects: &[&Subject], curve: fn(&Subject) -> Curve) -> Table {
    let top =
        |subject: &Subject| curve(subject).into_iter().max_by(|(_, one), (_, other)| one.value.total_cmp(&other.value));
    let mut tops: Vec<_> = subjects.iter().filter_map(|subject| Some((subject, top(subject)?))).collect();
    tops.sort_by(|(_, (_, one)), (_, (_, other))| other.value.total_cmp(&one.value));
    let mut table = Table::new(&["line, from the top down", "times", "on workers"]).words(&[0]);
    for (subject, (workers, speedup)) in tops {
        table.push([subject.label.clone(), units::ratio(speedup.value), units::count(workers as u64)]);
    }
    table
}

/// The whole jobs of an experiment's first workload on the device itself.
fn jobs<'a>(subject: &'a Subject, experiment: &'a str) -> impl Iterator<Item = &'a (Key, Figure)> {
    let all = subject
        .times
        .iter()
        .filter(move |(key, _)| key.experiment == experiment && key.series == Series::Device && key.is_whole_job());
    let first = all.clone().next().map(|(key, _)| &key.workload);
    all.filter(move |(key, _)| Some(&key.workload) == first)
}

/// The speedups of the same job over the fewest workers.
fn same_job(subject: &Subject) -> Curve {
    let Some((_, base)) = jobs(subject, names::FIXED_SIZE).min_by_key(|(key, _)| key.workers) else {
        return Vec::new();
    };
    let mut curve: Curve = jobs(subject, names::FIXED_SIZE)
        .map(|(key, figure)| (key.workers as f64, over(base.value, figure, 1.0)))
        .collect();
    curve.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    curve
}

/// The work of a job that grows with its workers, in the time of one.
fn bigger_job(subject: &Subject) -> Curve {
    let ones = jobs(subject, names::SCALED_SIZE).filter(|(key, _)| key.workers == 1);
    let Some((one, base)) = ones.min_by_key(|(key, _)| key.problem.n()) else { return Vec::new() };
    let grown = jobs(subject, names::SCALED_SIZE)
        .filter(|(key, _)| Some(key.problem.n()) == one.problem.n().checked_mul(key.workers));
    let mut curve: Curve =
        grown.map(|(key, figure)| (key.workers as f64, over(base.value, figure, key.workers as f64))).collect();
    curve.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    curve
}

/// How many times more work is done in a time than in that of the base; the interval is the time's own.
fn over(base: f64, figure: &Figure, work: f64) -> Estimate {
    let Estimate { value, low, high } = figure.estimate();
    Estimate { value: work * base / value, low: work * base / high, high: work * base / low }
}
