//! Why both laws agree on one worker, and part beyond.

use super::sum::{Number, Unit, Working, amdahl, gustafson};
use super::{Exercise, FEW, Missing, Part, SOME, Source, beside, interval};
use crate::experiment::lesson::SameJob;
use crate::page::block::Block;

/// Both laws, as the sheet gives them.
const LAWS: [&str; 2] = ["Amdahl:     A = 1/(s + (1 - s)/p)", "Gustafson:  G = p - s x (p - 1)"];

pub(super) fn exercise(source: &Source<'_>) -> Result<Exercise, Missing> {
    let (job, profile) = source.profiled().next().ok_or_else(|| source.no_profile())?;
    let mut share = Working::default();
    let outside = profile.sum(&mut share);
    let serial = profile.serial(&outside, &mut share);

    let mut alone = Working::default();
    let one = Number::count("p", 1);
    alone.step("A", amdahl(&serial, &one), Unit::Plain);
    alone.step("G", gustafson(&serial, &one), Unit::Plain);

    let row = &job.rows[job.enough.max(1)];
    let many = Number::count("p", row.workers);
    let mut together = Working::default();
    let by_amdahl = together.step("A", amdahl(&serial, &many), Unit::Plain);
    together.step("G", gustafson(&serial, &many), Unit::Plain);
    let mut parts = vec![
        Part::new(
            "Add up the parts outside the kernel: M. Which share s of the time M + C is that?",
            FEW,
            vec![Block::Lines(share.lines)],
        ),
        Part::new(
            "Put p = 1 into both laws. Why do they give the same, whatever s is?",
            SOME,
            vec![
                Block::Lines(alone.lines),
                Block::text(
                    "For any s: s + (1 - s)/1 = 1, and 1 - s x (1 - 1) = 1. One worker has nobody to share with, and \
                     a job that grows with its workers has not grown yet.",
                ),
            ],
        ),
    ];
    let mut answer = vec![
        Block::Lines(together.lines),
        Block::text(
            "Amdahl keeps the job: the shared part gets short, and the serial part stays. Gustafson lets the shared \
             part grow with the workers. Gustafson's s is the share on p workers, so its number belongs to a much \
             bigger job.",
        ),
        beside("The same job, Amdahl's question", &by_amdahl, row.whole_job.speedup, Unit::Plain),
    ];
    answer.extend(bigger(source, job, row.workers));
    parts.push(Part::new(
        format!("Put p = {} and the same s into both. Which law gives more, and why?", many.shown),
        SOME,
        answer,
    ));
    Ok(Exercise {
        given: vec![
            Block::text(format!("The {} job on one worker ({}), in its parts, and both laws:", job.name, job.job)),
            profile.table(),
            Block::Lines(LAWS.map(str::to_owned).into()),
        ],
        parts,
        check: vec![format!("amdahl predict {} --workers 1,{}", profile.options(), row.workers)],
        reveals: vec![],
    })
}

/// Says what the bigger job did on as many workers, if it was measured.
fn bigger(source: &Source<'_>, job: &SameJob, workers: u64) -> Option<Block> {
    let bigger = source.lesson.bigger.as_ref().filter(|bigger| bigger.name == job.name)?;
    let measured = bigger.rows.iter().find(|row| row.workers == workers)?.measured?;
    Some(Block::text(format!(
        "The bigger job, Gustafson's question: measured {}. It is another job with another s, so G cannot be \
         compared: see the exercise on the bigger job.",
        interval(measured, Unit::Plain)
    )))
}
