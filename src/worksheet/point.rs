//! One point of the curve that the plain law has no place for: more than p times faster, or no faster than with fewer
//! workers.

use super::sum::{self, Number, Unit, Working};
use super::{Exercise, FEW, Missing, NEAR, Part, REFUSED, SOME, Source, unrounded};
use crate::experiment::lesson::{Gain, Row, SameJob};
use crate::experiment::names;
use crate::law::Reason;
use crate::law::speedup::SpeedupFit;
use crate::page::block::{Block, Table};
use crate::page::words;
use crate::units::{self, TimeUnit};

/// Among many counts one interval lies a little above p by chance. Above this multiple of p it does not.
const SURELY: f64 = 1.01;

/// A point, and what it is compared with.
struct Point<'a> {
    job: &'a SameJob,
    /// The kernel, or the whole job.
    of: &'static str,
    /// One worker, counts to compare with, and the count itself: workers, time and speedup.
    points: Vec<(u64, Gain)>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Surely more than p times faster on p workers.
    Superlinear,
    /// No faster than with fewer workers.
    Full,
    /// The most workers that were tried; they are faster than fewer.
    Last,
    /// One worker is as fast as any number.
    Never,
}

pub(super) fn exercise(source: &Source<'_>) -> Result<Exercise, Missing> {
    let jobs = || source.lesson.same.iter().filter(|job| job.rows[0].workers == 1);
    let found = jobs().find_map(superlinear).or_else(|| jobs().next().map(flat));
    let point = found.ok_or_else(|| source.no_profile())?;
    let unit = TimeUnit::of(point.points.iter().map(|(_, gain)| gain.seconds.value));
    let mut table = Table::new(&["workers p", point.head()]);
    for (workers, gain) in &point.points {
        table.push([units::count(*workers), unit.write(gain.seconds.value)]);
    }
    let (speedups, first) = speedups(&point, Unit::Time(unit));
    let (karp_flatt, second) = karp_flatt(&speedups);
    let third = why(&point, &speedups, &karp_flatt);
    Ok(Exercise {
        given: vec![
            Block::text(format!(
                "{} of the {} job ({}), with its own speedup S(p) = {}:",
                words::capital(point.of),
                point.job.name,
                point.job.job,
                if point.is_kernel() { "t(1)/t(p)" } else { "T(1)/T(p)" }
            )),
            Block::Table(table),
        ],
        parts: vec![first, second, third],
        check: vec![source.show(&[names::FIXED_SIZE])],
        reveals: vec![],
    })
}

impl Point<'_> {
    fn is_kernel(&self) -> bool {
        self.of == "the kernel"
    }

    /// The head of its times. T(p) is the time of the whole job.
    fn head(&self) -> &'static str {
        if self.is_kernel() { "kernel time t(p)" } else { "T(p)" }
    }
}

/// The count with the most speedup per worker, if it is surely more than one each.
fn superlinear(job: &SameJob) -> Option<Point<'_>> {
    let of = |name, gain: fn(&Row) -> Option<Gain>| {
        let alone = gain(&job.rows[0])?;
        let points = job.rows.iter().skip(1).filter_map(|row| Some((row.workers, gain(row)?)));
        let surely = points.filter(|(workers, gain)| gain.speedup.low > SURELY * *workers as f64);
        let per_worker = |(workers, gain): &(u64, Gain)| gain.speedup.value / *workers as f64;
        let most = surely.max_by(|one, other| per_worker(one).total_cmp(&per_worker(other)))?;
        Some(Point { job, of: name, points: vec![(1, alone), most], kind: Kind::Superlinear })
    };
    of("the whole job", |row| Some(row.whole_job)).or_else(|| of("the kernel", |row| row.kernel))
}

/// The most workers, beside those that are enough: of the kernel, whose workers the hardware runs.
fn flat(job: &SameJob) -> Point<'_> {
    let last = job.rows.len() - 1;
    let timed = job.rows[0].kernel.and(job.rows[last].kernel).and(job.kernel_enough);
    let (of, enough) = timed.map_or(("the whole job", job.enough), |enough| ("the kernel", enough));
    let (between, kind) = match enough {
        0 => (1, Kind::Never),
        enough if enough < last => (enough, Kind::Full),
        _ => (last / 2, Kind::Last),
    };
    let mut indices = vec![0, between, last];
    indices.dedup();
    let gain = |row: &Row| row.kernel.filter(|_| timed.is_some()).unwrap_or(row.whole_job);
    let points = indices.into_iter().map(|index| (job.rows[index].workers, gain(&job.rows[index]))).collect();
    Point { job, of, points, kind }
}

/// Speedup and efficiency of each count but the first.
fn speedups(point: &Point<'_>, time: Unit) -> (Vec<(Number, Number)>, Part) {
    let letter = if point.is_kernel() { "t" } else { "T" };
    let name = |workers: u64| format!("{letter}({})", units::count(workers));
    let number = |workers: u64, gain: &Gain| Number::new(&name(workers), gain.seconds.value, time);
    let alone = number(1, &point.points[0].1);
    let mut working = Working::default();
    let mut digits = Vec::new();
    let mut speedups = Vec::new();
    for (workers, gain) in &point.points[1..] {
        let count = Number::count("p", *workers);
        let name = format!("S({})", count.shown);
        let speedup = working.step(&name, &alone / &number(*workers, gain), Unit::Plain);
        working.step("efficiency S/p", &speedup / &count, Unit::Plain);
        digits.push(unrounded(&name, gain.speedup));
        speedups.push((count, speedup));
    }
    let counts: Vec<&str> = speedups.iter().map(|(count, _)| count.shown.as_str()).collect();
    let asks = format!("Compute speedup and efficiency S/p on {} workers.", counts.join(" and on "));
    let answer = [vec![Block::Lines(working.lines)], digits].concat();
    (speedups, Part::new(asks, SOME, answer))
}

/// The serial fraction that each speedup alone implies.
fn karp_flatt(speedups: &[(Number, Number)]) -> (Vec<Number>, Part) {
    let mut working = Working::default();
    let fraction = |(count, speedup): &(Number, Number)| {
        working.step(&format!("e({})", count.shown), sum::karp_flatt(speedup, count), Unit::Plain)
    };
    let fractions: Vec<Number> = speedups.iter().map(fraction).collect();
    let asks = "Karp and Flatt turn Amdahl's law around: e = (1/S - 1/p)/(1 - 1/p) is the serial fraction that one \
                speedup alone implies. Compute it.";
    (fractions, Part::new(asks, FEW, vec![Block::Lines(working.lines)]))
}

/// What the point means.
fn why(point: &Point<'_>, speedups: &[(Number, Number)], karp_flatt: &[Number]) -> Part {
    let (count, speedup) = &speedups[speedups.len() - 1];
    match point.kind {
        Kind::Superlinear => Part::new(
            "Can a serial fraction be negative? Name two causes that make p workers more than p times faster.",
            SOME,
            vec![Block::text(format!(
                "No. S is {} on {} workers, and no serial fraction gives more than p. Possible causes: more cache per \
                 worker; a clock that rose. The curve alone cannot tell which.",
                speedup.shown, count.shown
            ))],
        ),
        Kind::Full => full(point, speedups, karp_flatt),
        Kind::Never => never(speedups, karp_flatt),
        Kind::Last => Part::new(
            "Is the hardware full? What would you measure next?",
            SOME,
            vec![Block::text(format!(
                "Not yet: the most workers that were tried, {}, are still faster than fewer. Measure more, until the \
                 time stays the same.",
                count.shown
            ))],
        ),
    }
}

/// One worker is as fast as any number.
fn never(speedups: &[(Number, Number)], karp_flatt: &[Number]) -> Part {
    let above = speedups.iter().zip(karp_flatt).filter(|(_, fraction)| fraction.value > 1.0);
    let above: Vec<&str> = above.map(|((count, _), _)| count.shown.as_str()).collect();
    let said = if above.is_empty() {
        "On no count, but no count is clearly faster than one worker: nearly all of the time is serial.".to_owned()
    } else {
        format!(
            "On {} workers. A share cannot exceed 1, so this is no serial part: added workers cost time.",
            above.join(" and on ")
        )
    };
    Part::new(
        "On which counts, if any, is e above 1? What does that mean? How many workers would you give to this job?",
        SOME,
        vec![Block::text(format!("{said} Give it one worker."))],
    )
}

/// More workers than the hardware runs.
fn full(point: &Point<'_>, speedups: &[(Number, Number)], karp_flatt: &[Number]) -> Part {
    let [first, last] = [&karp_flatt[0], &karp_flatt[karp_flatt.len() - 1]];
    let gains = gains_too_much(point.job);
    let asks = format!("Is e the same on both counts, within {}?", units::whole_percent(NEAR - 1.0));
    let trend = if last.value > NEAR * first.value {
        let beyond = if last.value > 1.0 { " A share cannot exceed 1: added workers cost time." } else { "" };
        format!(
            "No: e rises from {} to {}. One serial fraction cannot explain both counts.{beyond}",
            first.shown, last.shown
        )
    } else {
        let but = if gains {
            "But no serial fraction explains the whole curve."
        } else {
            "One serial fraction may explain both counts."
        };
        format!("Yes: {} and {}. {but}", first.shown, last.shown)
    };
    let more = if speedup_falls(speedups) {
        "More workers make it slower; these times cannot tell why."
    } else {
        "More workers do not make it faster; these times cannot tell why."
    };
    let (question, bound) = if gains {
        let asks = "Does S tell how many workers the hardware runs at a time, at the least?";
        let said = format!(
            "No: the whole curve gains more than sharing the work allows (see the exercise \"{REFUSED}\"). A cache can \
             make each of many workers faster than one alone, so fewer workers than S may be enough."
        );
        (asks, said)
    } else {
        let asks = "How many workers does the hardware run at a time, at the least? Take the largest S.";
        (asks, at_least(point, speedups))
    };
    let asks = format!("{asks} {question} What do more workers change?");
    Part::new(asks, SOME, vec![Block::text(format!("{trend} {bound} {more}"))])
}

/// How many workers run at a time at the least, and about how many by the program's fit.
fn at_least(point: &Point<'_>, speedups: &[(Number, Number)]) -> String {
    let most = speedups.iter().max_by(|(_, one), (_, other)| one.value.total_cmp(&other.value));
    let (count, speedup) = most.unwrap_or(&speedups[0]);
    let fit = if point.is_kernel() { &point.job.kernel } else { &point.job.whole_job };
    let knee = fit.knee.map_or_else(String::new, |knee| {
        format!(" The program's fit of the whole curve (not on this sheet) says {}.", words::full_at(knee))
    });
    format!(
        "{} times faster needs at least {} workers that run at a time, of the {}.{knee}",
        speedup.shown,
        words::whole(speedup.value.ceil()),
        count.shown
    )
}

/// Returns whether the curve gains more than a serial part and a shared part allow.
fn gains_too_much(job: &SameJob) -> bool {
    let gains = |fit: &SpeedupFit| matches!(fit.reason, Reason::MoreThanLinear { .. } | Reason::FallsTooFar { .. });
    gains(&job.kernel) || gains(&job.whole_job)
}

/// Returns whether the most workers are clearly slower than fewer.
fn speedup_falls(speedups: &[(Number, Number)]) -> bool {
    let [(_, few), .., (_, many)] = speedups else { return false };
    few.value > NEAR * many.value
}
