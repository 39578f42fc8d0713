//! A new serial fraction at every worker count, put into Amdahl's law: a common mistake, and what the clock says.

use super::decide::most_serial;
use super::profile::Profile;
use super::sum::{Number, Unit, Working, amdahl};
use super::{Exercise, Missing, Part, SOME, Source, beside};
use crate::experiment::lesson::SameJob;
use crate::law::predict::Step;
use crate::page::block::{Block, Table};
use crate::stats::Estimate;
use crate::units;

/// A prediction that is off by this factor is near to nothing.
const FAR: f64 = 5.0;

/// How many times more workers the second count has than the first.
const FURTHER: f64 = 16.0;

pub(super) fn exercise(source: &Source<'_>) -> Result<Exercise, Missing> {
    let (job, profile) = most_serial(source).ok_or_else(|| source.no_profile())?;
    let outside = profile.sum(&mut Working::default());
    let counts = counts(job, &profile, &outside);

    let (clocked, by_clock) = clock(job, &profile, &outside, &counts);
    let (effective, by_mistake) = mistake(&outside, &counts, &clocked);
    let [few, many] = [&counts[0].shown, &counts[1].shown];
    let parts = vec![
        Part::new(
            format!("Predict the time T(p) = M + C/p and the speedup S(p) = T(1)/T(p) on {few} and on {many} workers."),
            SOME,
            by_clock,
        ),
        Part::new(
            format!(
                "Take the serial share anew on every count, s(p) = M/T(p), and put it into Amdahl's law: \
                 E(p) = 1/(s(p) + (1 - s(p))/p). Compute E({few}) and E({many})."
            ),
            SOME,
            vec![by_mistake],
        ),
        Part::new(
            "Which speedup do you believe, S or E? What does the other one count twice?",
            SOME,
            vec![verdict(&counts, &clocked, &effective, measured(job, &counts[1]))],
        ),
    ];
    let mut table = Table::new(&["part", "time on 1 worker"]).words(&[0]);
    table.push(["outside the kernel, M".to_owned(), outside.shown.clone()]);
    table.push(["the kernel, C".to_owned(), profile.kernel.shown.clone()]);
    let option = |time: &Number| profile.unit.option(time.value);
    Ok(Exercise {
        given: vec![
            Block::text(format!(
                "The {} job ({}). The clock shows the time of the whole job, T(p), and S(p) = T(1)/T(p) is made of it. \
                 The effective curve E(p) puts a new serial share into Amdahl's law on every count.",
                job.name, job.job
            )),
            Block::Table(table),
        ],
        parts,
        check: vec![format!(
            "amdahl predict --compute {} --communication {} --workers 1,{},{} --effective",
            option(&profile.kernel),
            option(&outside),
            counts[0].value,
            counts[1].value
        )],
        reveals: vec![],
    })
}

/// Time and speedup on both counts by the clock, and what was measured beside them.
fn clock(
    job: &SameJob,
    profile: &Profile,
    outside: &Number,
    counts: &[Number; 2],
) -> (Vec<(Number, Number)>, Vec<Block>) {
    let mut working = Working::default();
    let alone = working.step("T(1)", outside + &profile.kernel, profile.time());
    let predict = |count: &Number| {
        let time = profile.predict(outside, count, &mut working);
        let speedup = working.step(&format!("S({})", count.shown), &alone / &time, Unit::Plain);
        (time, speedup)
    };
    let clocked: Vec<(Number, Number)> = counts.iter().map(predict).collect();
    let mut blocks = vec![Block::Lines(working.lines)];
    for (count, (_, speedup)) in counts.iter().zip(&clocked) {
        let what = format!("The speedup on {} workers", count.shown);
        blocks.extend(measured(job, count).map(|measured| beside(&what, speedup, measured, Unit::Plain)));
    }
    (clocked, blocks)
}

/// The measured speedup on a count; `None` if it was not measured.
fn measured(job: &SameJob, count: &Number) -> Option<Estimate> {
    let row = job.rows.iter().find(|row| row.workers == count.value as u64)?;
    Some(row.whole_job.speedup)
}

/// The speedup on both counts if each has a serial fraction of its own.
fn mistake(outside: &Number, counts: &[Number; 2], clocked: &[(Number, Number)]) -> (Vec<Number>, Block) {
    let mut working = Working::default();
    let effective = |(count, (time, _)): (&Number, &(Number, Number))| {
        let share = working.step(&format!("s({})", count.shown), outside / time, Unit::Plain);
        working.step(&format!("E({})", count.shown), amdahl(&share, count), Unit::Plain)
    };
    let effective = counts.iter().zip(clocked).map(effective).collect();
    (effective, Block::Lines(working.lines))
}

/// Two worker counts: near the top of the effective curve, and far beyond; measured ones if there are any.
fn counts(job: &SameJob, profile: &Profile, outside: &Number) -> [Number; 2] {
    let step = Step { compute_seconds: profile.kernel.value, communication_seconds: outside.value };
    let far = |workers: u64, from: f64| (workers as f64 / from).ln().abs();
    let nearest = |to: f64, above: u64| {
        let counts = job.rows.iter().map(|row| row.workers).filter(|workers| *workers > above);
        counts.min_by(|one, other| far(*one, to).total_cmp(&far(*other, to)))
    };
    let first = nearest(step.effective_peak().unwrap_or(FURTHER), 1).unwrap_or(2);
    let further = FURTHER * first as f64;
    let second = nearest(further, first).unwrap_or(further as u64);
    [first, second].map(|count| Number::count("p", count))
}

/// Says which of the two to believe; what was measured on the second count decides.
fn verdict(
    counts: &[Number; 2],
    clocked: &[(Number, Number)],
    effective: &[Number],
    measured: Option<Estimate>,
) -> Block {
    let [few, many] = [&counts[0].shown, &counts[1].shown];
    let (first, second) = (&clocked[0].1, &clocked[1].1);
    let falls = if effective[1].value < effective[0].value { "falls" } else { "goes" };
    let off = |value: f64, measured: f64| (value / measured).max(measured / value);
    let decided = measured.map_or_else(String::new, |measured| {
        let measured = units::rounded(measured.value);
        let [clock, formula] = [second.value, effective[1].value].map(|value| off(value, measured));
        let nearer = match () {
            () if clock.min(formula) > FAR => "neither is near: the hardware is full, or added workers cost time",
            () if clock <= formula => "S is nearer",
            () => "here E happens to be nearer",
        };
        format!(
            " Measured on {many}: {}. S is off by a factor of {}, E by {}: {nearer}.",
            units::plain(measured),
            units::plain(clock),
            units::plain(formula)
        )
    });
    Block::text(format!(
        "S: it is made of whole times, as a clock would show them. E {falls} from {} on {few} workers to {} on {many}; \
         S goes from {} to {}.{decided} s(p) is larger than s because C is already divided by p; the formula divides \
         it again. So E counts M, the part outside the kernel, twice. Amdahl's s is the share on one worker.",
        effective[0].shown, effective[1].shown, first.shown, second.shown
    ))
}
