//! From a profile to a decision: more workers, or a shorter serial part.

use super::profile::{Profile, share};
use super::sum::{Number, Sum, Unit, Working};
use super::{Exercise, Missing, Part, SOME, Source, beside, is_inside};
use crate::experiment::lesson::SameJob;
use crate::experiment::names;
use crate::page::block::Block;
use crate::page::words;
use crate::stats::Estimate;

pub(super) fn exercise(source: &Source<'_>) -> Result<Exercise, Missing> {
    let (job, profile) = most_serial(source).ok_or_else(|| source.no_profile())?;
    let row = &job.rows[job.enough.max(1)];
    let (p, twice) = (Number::count("p", row.workers), Number::count("p", 2 * row.workers));

    let mut limit = Working::default();
    let outside = profile.sum(&mut limit);
    let serial = profile.serial(&outside, &mut limit);
    limit.step("1/s", Sum::from(1) / &serial, Unit::Plain);

    let mut predicted = Working::default();
    let alone = predicted.step("T(1)", &outside + &profile.kernel, profile.time());
    let together = profile.predict(&outside, &p, &mut predicted);
    let speedup = predicted.step(&format!("S({})", p.shown), &alone / &together, Unit::Plain);

    let parts = vec![
        Part::new(
            "Compute M and s. Which speedup, 1/s, can no number of workers exceed?",
            SOME,
            vec![Block::Lines(limit.lines)],
        ),
        Part::new(
            format!("Predict the time and the speedup on {} workers.", p.shown),
            SOME,
            [
                vec![
                    Block::Lines(predicted.lines),
                    beside("The time", &together, row.whole_job.seconds, profile.time()),
                    beside("The speedup", &speedup, row.whole_job.speedup, Unit::Plain),
                ],
                first_time(job, &profile, &alone),
                full(job, row.workers).into_iter().collect(),
            ]
            .concat(),
        ),
        choice(job, &profile, &outside, [&p, &twice]),
    ];
    Ok(Exercise {
        given: vec![Block::text(format!("The {} job on one worker ({}):", job.name, job.job)), profile.table()],
        parts,
        // The program halves parts on the largest count only: so twice the workers have a command of their own.
        check: [format!("1,{}", p.value), twice.value.to_string()]
            .map(|counts| format!("amdahl predict {} --workers {counts}", profile.options()))
            .into_iter()
            .chain([source.show(&[names::FIXED_SIZE])])
            .collect(),
        reveals: vec![],
    })
}

/// Says that the time on one worker is not the sum of its parts, if that is so.
fn first_time(job: &SameJob, profile: &Profile, alone: &Number) -> Vec<Block> {
    let (measured, time) = (job.rows[0].whole_job.seconds, profile.time());
    let off = (!is_inside(alone, measured, time)).then(|| beside("The time on one worker", alone, measured, time));
    off.into_iter().chain(profile.not_the_sum(measured.value).map(Block::text)).collect()
}

/// Returns the job with the largest share outside the kernel: there the decision is worth the most.
pub(super) fn most_serial<'a>(source: &'a Source<'_>) -> Option<(&'a SameJob, Profile)> {
    source.profiled().max_by(|(_, one), (_, other)| share(one).total_cmp(&share(other)))
}

/// Says that the hardware was full before, if the fit tells.
pub(super) fn full(job: &SameJob, workers: u64) -> Option<Block> {
    let knee = job.whole_job.knee.filter(|knee| knee.value < workers as f64)?;
    Some(Block::text(format!(
        "The law does not know that the hardware can be full. By the fit it runs {} workers at a time.",
        words::full_at(knee)
    )))
}

/// Says which of the two wins by the clock, if it is surely not the one that the law prefers. Both are given as twice
/// the workers, and half of a part.
fn against([doubled, halved]: [&Number; 2], [more, shorter]: [Estimate; 2]) -> Option<&'static str> {
    if doubled.value < halved.value && more.low > shorter.high {
        Some("Here the shorter part wins: added workers gain less than the law promises.")
    } else if halved.value < doubled.value && shorter.low > more.high {
        Some("Here more workers win: they gain more than the law promises.")
    } else {
        None
    }
}

/// Twice the workers, or half of the longest part outside the kernel.
fn choice(job: &SameJob, profile: &Profile, outside: &Number, [p, twice]: [&Number; 2]) -> Part {
    let (name, longest) = profile.longest();
    let mut working = Working::default();
    let doubled = profile.predict(outside, twice, &mut working);
    let halved = working.step("T(half)", outside - &longest.named(name) / 2 + &profile.kernel / p, profile.time());
    let verdict = if halved.value < doubled.value {
        format!("By the law half of {name} wins: {} instead of {} with twice the workers.", halved.shown, doubled.shown)
    } else if halved.value > doubled.value {
        format!("By the law twice the workers win: {} instead of {} with half of {name}.", doubled.shown, halved.shown)
    } else {
        format!("By the law both give {}.", halved.shown)
    };
    let mut answer = vec![Block::Lines(working.lines), Block::text(verdict)];
    let measured = |workers: f64| job.rows.iter().find(|row| row.workers == workers as u64);
    if let Some(row) = measured(twice.value) {
        let what = format!("The time on {} workers", twice.shown);
        answer.push(beside(&what, &doubled, row.whole_job.seconds, profile.time()));
        answer.extend(measured(p.value).and_then(|now| {
            let Estimate { value, low, high } = now.whole_job.seconds;
            let [value, low, high] = [value, low, high].map(|end| end - longest.value / 2.0);
            let shorter = Estimate { value, low, high };
            let said = against([&doubled, &halved], [row.whole_job.seconds, shorter])?;
            let time = |seconds: f64| profile.unit.write(seconds);
            let times = [now.whole_job.seconds.value, shorter.value].map(time);
            Some(Block::text(format!(
                "The clock says otherwise. Measured on {} workers: {}; with half of {name} that would be about {}. \
                 {said}",
                p.shown, times[0], times[1]
            )))
        }));
    }
    Part::new(
        format!(
            "The longest part outside the kernel is {name}. Which is faster: {} workers, or the present {} with {name} \
             halved?",
            twice.shown, p.shown
        ),
        SOME,
        answer,
    )
}
