//! The job that grows with its workers: Gustafson's law, and what was measured.

use super::sum::{Number, Sum, Unit, Working, gustafson};
use super::{Exercise, FEW, Missing, NEAR, Part, SOME, Source, beside, unrounded};
use crate::experiment::lesson::{BiggerJob, Grown};
use crate::experiment::names;
use crate::page::block::{Block, Table};
use crate::page::words;
use crate::units::{self, TimeUnit};

pub(super) fn exercise(source: &Source<'_>) -> Result<Exercise, Missing> {
    let missing = || source.missing("job that grows with its workers", "scaled-size --workload fma");
    let job = source.lesson.bigger.as_ref().ok_or_else(missing)?;
    let row = chosen(job).filter(|_| job.rows[0].workers == 1).ok_or_else(missing)?;
    let own = &job.rows[0];
    let alone = row.measured.map(|measured| measured.value * row.seconds.value);
    let unit = TimeUnit::of([own.seconds.value, row.seconds.value, row.outside].into_iter().chain(alone));
    let time = Unit::Time(unit);
    let count = Number::count("p", row.workers);
    let grown = Number::new(&format!("T({})", count.shown), row.seconds.value, time);

    let kernels = own.kernel.zip(row.kernel).map(|(small, shared)| Kernels {
        small: small.seconds.value,
        alone: shared.speedup.value * shared.seconds.value,
    });
    let mut parts = vec![law(row, &count, &grown, unit, kernels)];
    let (done, part) = work(own, row, &count, &grown, time);
    parts.push(part);
    parts.extend(alone.map(|alone| against_one(row, &count, &done, &grown, alone, time)));
    let mut table = Table::new(&["", "workers", "elements", "time"]).words(&[0]);
    let cells = |what: &str, workers: u64, elements: u64, seconds: f64| {
        [what.to_owned(), units::count(workers), units::count(elements), unit.write(seconds)]
    };
    table.push(cells("T(small): the small job", 1, own.elements, own.seconds.value));
    if let Some(alone) = alone {
        table.push(cells("T(1): the bigger job", 1, row.elements, alone));
    }
    table.push(cells(&format!("T({}): the bigger job", count.shown), row.workers, row.elements, row.seconds.value));
    table.push(cells("M: outside its kernel", row.workers, row.elements, row.outside));
    Ok(Exercise {
        given: vec![
            Block::text(format!("The {} job grows with its workers. Each worker has the same share.", job.name)),
            Block::Table(table),
        ],
        parts,
        check: vec![source.show(&[names::SCALED_SIZE])],
        reveals: vec![format!(
            "amdahl predict --serial-fraction {} --workers {}",
            serial(row, &grown, time, &mut Working::default()).value,
            row.workers
        )],
    })
}

/// A larger serial share is rounded too coarsely for `p - s(p - 1)` on many workers.
const MOST_SERIAL: f64 = 0.9;

/// The most workers for which the kernel takes as long as Gustafson's law assumes; the second count if there are none.
fn chosen(job: &BiggerJob) -> Option<&Grown> {
    let more = || job.rows.iter().filter(|row| row.workers > 1);
    let is_good = |row: &&Grown| row.is_as_assumed && row.outside <= MOST_SERIAL * row.seconds.value;
    more().rfind(is_good).or_else(|| more().next())
}

/// The serial share on all workers.
fn serial(row: &Grown, grown: &Number, time: Unit, working: &mut Working) -> Number {
    let outside = Number::new("M", row.outside, time);
    working.step("s", &outside / grown, Unit::Plain)
}

/// Kernels on one worker, in seconds.
struct Kernels {
    small: f64,
    /// That of the bigger job.
    alone: f64,
}

impl Kernels {
    /// Says that the kernels of p small jobs take longer than one of the bigger job, if they do.
    fn fixed_part(&self, count: &Number, unit: TimeUnit) -> Option<Block> {
        let small = count.value * self.small;
        (small > NEAR * self.alone).then(|| {
            Block::text(format!(
                "The law also assumes that one worker needs as long for the bigger kernel as for {} small ones. Each \
                 of these takes {}, together {}; the bigger kernel takes only {}. So each kernel has a fixed \
                 part of its own, and the bigger job pays it once.",
                count.shown,
                unit.write(self.small),
                unit.write(small),
                unit.write(self.alone)
            ))
        })
    }
}

/// The speedup by the law.
fn law(row: &Grown, count: &Number, grown: &Number, unit: TimeUnit, kernels: Option<Kernels>) -> Part {
    let time = Unit::Time(unit);
    let mut working = Working::default();
    let share = serial(row, grown, time, &mut working);
    let by_law = working.step("G", gustafson(&share, count), Unit::Plain);
    let mut answer = vec![Block::Lines(working.lines)];
    answer.extend(row.measured.map(|measured| beside("The speedup", &by_law, measured, Unit::Plain)));
    answer.extend(row.stretch.map(|stretch| {
        Block::text(format!(
            "The law assumes that the kernel takes as long as that of one worker on its own share. Here it takes {} as \
             long.",
            words::times(stretch)
        ))
    }));
    let is_too_high = row.measured.is_some_and(|measured| by_law.value > measured.high);
    answer.extend(kernels.filter(|_| is_too_high).and_then(|kernels| kernels.fixed_part(count, unit)));
    Part::new(
        format!(
            "Gustafson's s (not the s of the list above) is M/T({0}), the share outside the kernel on all {0} workers. \
             Compute it, and G = p - s x (p - 1).",
            count.shown
        ),
        FEW,
        answer,
    )
}

/// How many small jobs are done in the time of one.
fn work(own: &Grown, row: &Grown, count: &Number, grown: &Number, time: Unit) -> (Number, Part) {
    let small = Number::new("T(small)", own.seconds.value, time);
    let mut working = Working::default();
    let done = working.step("W", count * &small / grown, Unit::Plain);
    let part = Part::new(
        format!(
            "{0} workers do {0} small jobs in T({0}). How many small jobs, W, do they do in T(small), the time in \
             which one worker does one?",
            count.shown
        ),
        FEW,
        vec![Block::Lines(working.lines), unrounded("W", row.work)],
    );
    (done, part)
}

/// The speedup of the same bigger job.
fn against_one(row: &Grown, count: &Number, done: &Number, grown: &Number, alone: f64, time: Unit) -> Part {
    let alone = Number::new("T(1)", alone, time);
    let mut working = Working::default();
    let speedup = working.step("S", Sum::from(&alone) / grown, Unit::Plain);
    let mut answer = vec![Block::Lines(working.lines)];
    answer.extend(row.measured.map(|measured| unrounded("S", measured)));
    let why = if done.value > NEAR * speedup.value {
        "W is larger: each small job pays the part outside its kernel, and the bigger job pays it once."
    } else {
        "Here both are nearly the same: hardly any time of a small job is outside its kernel."
    };
    let sure = if done.value > count.value && row.work.contains(count.value) {
        format!(" The interval of W includes p = {0}, so it is not certain that W is above {0}.", count.shown)
    } else {
        String::new()
    };
    answer.push(Block::text(format!(
        "W = {} compares with p separate small jobs, p x T(small). S = {} compares with one worker on the whole bigger \
         job. {why}{sure}",
        done.shown, speedup.shown
    )));
    Part::new(
        "Compute the speedup of the bigger job against one worker on the same bigger job. Is it the number of b)? Why?",
        SOME,
        answer,
    )
}
