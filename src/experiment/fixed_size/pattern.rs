//! Patterns of a curve in sentences: their causes, or that the curve alone cannot tell these apart.

use super::limit;
use crate::experiment::cases::{Speedups, workers};
use crate::law::speedup::{FIRST_DIFFERS, Growth, Pattern, SpeedupFit, karp_flatt};
use crate::page::words;
use crate::record::{Measured, Quantity};
use crate::units;

/// Karp–Flatt's fraction rises or falls if it changes by this factor.
const CHANGES: f64 = 1.2;

/// Says what the points show beside their law, and what can cause it.
pub(super) fn sentences(measured: &Measured, quantity: Quantity, fit: &SpeedupFit) -> Option<String> {
    let said = match fit.pattern? {
        Pattern::EachGains { before, from, factor, at_once } => gains(measured, [before, from], factor, at_once),
        Pattern::Drops { before, from, factor } => drops(measured, [before, from], factor),
        Pattern::FirstAlone { factor, may_be_fixed } => alone(factor, may_be_fixed, fit.fewest_workers?),
        Pattern::Turns { at } => turns(at),
        Pattern::Grows { by } => grows(by).to_owned(),
    };
    let trend = trend(&Speedups::of(measured, quantity)?, measured, fit.pattern?);
    Some([Some(said), trend].into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// Says the same in a line or two, without what the whole section says beside it.
pub(super) fn short(fit: &SpeedupFit) -> Option<String> {
    Some(match fit.pattern? {
        Pattern::EachGains { before, from, factor, .. } => format!(
            "each of {} workers does {} times the work of each of {}. A cache, or a clock that rises?",
            words::whole(from),
            units::ratio(factor),
            words::whole(before)
        ),
        Pattern::Drops { before, from, factor } => format!(
            "{} workers are {} times faster than {} and further sharing allow. A cache, or a clock that rises?",
            words::whole(from),
            units::ratio(factor),
            words::whole(before)
        ),
        Pattern::FirstAlone { factor, may_be_fixed } => format!(
            "{} {} times the work of each in a team. {}?",
            match fit.fewest_workers? {
                1.0 => "one worker alone does".to_owned(),
                more => format!("each of {} workers does", words::whole(more)),
            },
            units::ratio(factor),
            if may_be_fixed { "A fixed cost, or a slow worker" } else { "A slow worker, or a clock that falls" }
        ),
        Pattern::Turns { at } => format!(
            "its time falls up to {} workers and rises beyond. A growing cost hid behind the work?",
            words::whole(at)
        ),
        Pattern::Grows { by: Growth::Unknown } => "a cost grows with the workers, by p or by log p.".to_owned(),
        Pattern::Grows { .. } => format!("{}.", limit::growth(fit)?),
    })
}

/// Says that a sharp knee has two causes; nothing if there is none.
pub(super) fn knee(fit: &SpeedupFit) -> Option<String> {
    let knee = fit.knee.filter(|_| fit.knee_shape.is_none() && fit.kappa.or(fit.per_doubling).is_none())?;
    Some(format!(
        "The time stops falling at about {} workers. Full hardware does that, and so does a fixed cost that hides \
         behind the work until then: the curve alone cannot tell them apart.",
        words::whole(knee.value)
    ))
}

/// Most of a serial fraction that a fixed cost of every team may be without standing out on one worker.
const HIDDEN: f64 = FIRST_DIFFERS - 1.0;

/// A serial fraction up to this may be a fixed cost of every team for its larger part.
const SMALL: f64 = 2.0 * HIDDEN;

/// A serial part matters if it is this share of the time on the most workers.
const MATTERS: f64 = 0.5;

/// Says that a small serial part may be a cost that every team pays; nothing if it is large, or hardly counts.
pub(super) fn hidden(fit: &SpeedupFit) -> Option<String> {
    let serial = fit.serial_fraction.filter(|serial| serial.value <= SMALL && fit.pattern.is_none())?;
    let relative = fit.curve?.relative_time(fit.most_workers?);
    (fit.fewest_workers == Some(1.0) && serial.value > MATTERS * relative).then(|| {
        format!(
            "A serial part and a fixed cost of every team, as for communication, look the same here: below {} of T(1) \
             the curve alone cannot tell them apart.",
            units::whole_percent(HIDDEN)
        )
    })
}

/// Some workers do more than the law allows.
fn drops(measured: &Measured, [before, from]: [f64; 2], factor: f64) -> String {
    format!(
        "On {} workers the time is {} times shorter than the times up to {} and further sharing allow. {}",
        words::whole(from),
        units::ratio(factor),
        words::whole(before),
        shrinks(measured, [before, from])
            .unwrap_or_else(|| "More cache per worker does that, and so does a clock that rises with the load.".into())
    ) + CANNOT_TELL
}

/// The end of what is said of several causes.
const CANNOT_TELL: &str = " The curve alone cannot tell which.";

/// Names the causes of a gain at once: what happens to the data of each worker; `None` if there are none.
fn shrinks(measured: &Measured, [before, from]: [f64; 2]) -> Option<String> {
    let bytes = measured.cases.first().map(|case| case.bytes).filter(|bytes| *bytes > 0.0)?;
    let share = |workers: f64| units::bytes(bytes / workers);
    Some(format!(
        "Each share of the data shrinks there from {} to {}: it fits into a cache, or the clock rises with the load.",
        share(before),
        share(from)
    ))
}

/// Each worker does more than before.
fn gains(measured: &Measured, [before, from]: [f64; 2], factor: f64, at_once: bool) -> String {
    let (fewer, more) = (words::whole(before), words::whole(from));
    let gain = format!("Each of {more} workers does {} times the work of each of {fewer}.", units::ratio(factor));
    let at_once = at_once.then(|| shrinks(measured, [before, from])).flatten();
    let cause = at_once.unwrap_or_else(|| {
        "The gain comes little by little: caches hold more of each share, or the clock rises with the load.".to_owned()
    });
    format!("{gain} {cause}{CANNOT_TELL}")
}

/// The fewest workers are unlike all others.
fn alone(factor: f64, may_be_fixed: bool, fewest: f64) -> String {
    let subject = match fewest {
        1.0 => "One worker alone does".to_owned(),
        more => format!("Each of {} workers does", words::whole(more)),
    };
    let causes = if may_be_fixed {
        "Such a team pays a fixed cost, as for communication, or waits for one slow worker."
    } else {
        "Such a team waits for one slow worker, or the clock falls as soon as more workers are busy."
    };
    format!(
        "{subject} {} times the work of each worker in a larger team. {causes} The curve alone cannot tell which.",
        units::ratio(factor)
    )
}

/// The time falls and rises.
fn turns(at: f64) -> String {
    format!(
        "The time falls up to {} workers and rises beyond. A cost that grows with the workers and hides behind the \
         work until then does that, and so does a memory that more workers overrun. The curve alone cannot tell which.",
        words::whole(at)
    )
}

/// A cost grows with the workers.
fn grows(by: Growth) -> &'static str {
    match by {
        Growth::PerWorker => {
            "The cost grows by the worker (p), as for messages to one place, and not by the doubling (log p)."
        }
        Growth::PerDoubling => {
            "The cost grows by the doubling (log p), as for messages along a tree, and not by the worker (p)."
        }
        Growth::Both => {
            "One cost grows by the worker (p), as for messages to one place, and another by the doubling (log p), as \
             for messages along a tree."
        }
        Growth::Unknown => {
            "A cost grows with the workers. From these counts it cannot be told whether it grows by log p or by p."
        }
    }
}

/// What Karp–Flatt's fraction does that belongs to the pattern.
fn trend(speedups: &Speedups<'_>, measured: &Measured, pattern: Pattern) -> Option<String> {
    let base = measured.workers(speedups.base.case) as f64;
    let at = |index: usize| {
        let (timed, speedup) = speedups.points.get(index)?;
        let workers = measured.workers(timed.case);
        Some((workers, karp_flatt(speedup.value, workers as f64 / base)?))
    };
    // A speedup below one implies more than the whole job, which no reader can picture.
    let last = (0..speedups.points.len()).rev().find(|&index| at(index).is_some_and(|(_, share)| share < 1.0))?;
    let (first, verb, means) = match pattern {
        Pattern::EachGains { .. } | Pattern::Drops { .. } => return None,
        Pattern::FirstAlone { .. } => (1, "falls", "a serial part alone would keep it the same"),
        Pattern::Turns { .. } | Pattern::Grows { .. } => (speedups.enough_at()?, "rises", "the overhead grows"),
    };
    let ((fewer, from), (more, to)) = (at(first)?, at(last)?);
    let changes = if verb == "falls" { from > CHANGES * to } else { to > CHANGES * from };
    (changes && fewer < more).then(|| {
        format!(
            "Karp–Flatt's fraction {verb} from {} on {} to {} on {}: {means}.",
            units::percent(from),
            workers(fewer),
            units::percent(to),
            units::count(more)
        )
    })
}
