//! A curve without a law becomes an exercise: which rule refused it, and with which numbers?

use super::sum::{Number, Unit, Working, karp_flatt};
use super::{Exercise, Part, SOME, Source};
use crate::experiment::lesson::{Row, SameJob};
use crate::law::Reason;
use crate::law::speedup::SpeedupFit;
use crate::page::block::{Block, Table};
use crate::page::{speedup, words};
use crate::units::{self, TimeUnit};

/// Times that a table shows.
const ROWS: usize = 6;

/// A refused fit with its times.
struct Refused<'a> {
    job: &'a SameJob,
    of: &'static str,
    fit: &'a SpeedupFit,
    /// Workers and seconds.
    points: Vec<(u64, f64)>,
}

/// Returns the exercise on the first curve that has no law; `None` if all have one.
pub(super) fn exercise(source: &Source<'_>) -> Option<Exercise> {
    let refused = source.lesson.same.iter().find_map(refused)?;
    let unit = TimeUnit::of(refused.points.iter().map(|(_, seconds)| *seconds));
    let numbers: Vec<(u64, Number)> = refused
        .points
        .iter()
        .map(|&(workers, seconds)| {
            (workers, Number::new(&format!("T({})", units::count(workers)), seconds, Unit::Time(unit)))
        })
        .collect();
    let mut table = Table::new(&["workers p", "T(p)"]);
    for (workers, time) in &numbers {
        table.push([units::count(*workers), time.shown.clone()]);
    }
    let mut answer = evidence(refused.fit, &numbers);
    let rule = words::sentence(&format!("the rule: {}", speedup::verdict(refused.fit)));
    answer.push(Block::Text(rule));
    Some(Exercise {
        given: vec![
            Block::text(format!(
                "{} of the {} job ({}). The program fits no law to these times:",
                words::capital(refused.of),
                refused.job.name,
                refused.job.job
            )),
            Block::Table(table),
        ],
        parts: vec![Part::new(asks(refused.fit), SOME, answer)],
        check: vec![source.show(&["fixed-size"])],
    })
}

/// The whole job if its fit is refused, or else the kernel.
fn refused(job: &SameJob) -> Option<Refused<'_>> {
    let of = |of, fit, time: &dyn Fn(&Row) -> Option<f64>| {
        let points: Vec<(u64, f64)> = job.rows.iter().filter_map(|row| Some((row.workers, time(row)?))).collect();
        (!speedup::may_quote(fit)).then(|| Refused { job, of, fit, points: around(fit, &points) })
    };
    let whole = of("the whole job", &job.whole_job, &|row| Some(row.whole_job.seconds.value));
    whole.or_else(|| of("the kernel", &job.kernel, &|row| Some(row.kernel?.seconds.value)))
}

/// A few points around those that the rule names, or around the step at which the time rises the most.
fn around(fit: &SpeedupFit, points: &[(u64, f64)]) -> Vec<(u64, f64)> {
    let place = |workers: f64| points.iter().position(|(count, _)| *count == workers.round() as u64);
    let named = match &fit.reason {
        Reason::MoreThanLinear { from, to, .. } | Reason::Rises { from, to, .. } => place(*from).zip(place(*to)),
        _ => None,
    };
    let rise = |index: &usize| points[index + 1].1 / points[*index].1;
    let steepest = || (0..points.len().saturating_sub(1)).max_by(|one, other| rise(one).total_cmp(&rise(other)));
    let (first, last) = named.or_else(|| steepest().map(|index| (index, index + 1))).unwrap_or((0, 0));
    let beyond = ROWS.saturating_sub(last - first + 1) / 2;
    points[first.saturating_sub(beyond)..points.len().min(last + beyond + 1)].to_vec()
}

fn asks(fit: &SpeedupFit) -> String {
    match &fit.reason {
        Reason::MoreThanLinear { from, to, .. } => format!(
            "Work per worker is 1/(p x T(p)). Compare {} workers with {}: which law of speedup allows that?",
            words::whole(*to),
            words::whole(*from)
        ),
        Reason::Rises { from, to, .. } => format!(
            "Compare the times on {} and on {} workers with those around them. What does no law of speedup follow?",
            words::whole(*from),
            words::whole(*to)
        ),
        Reason::FewWorkerCounts { .. } => {
            "Compute s from the first and the last count by Karp and Flatt, e = (1/S - 1/p)/(1 - 1/p). What is left to \
             check the law with?"
                .to_owned()
        }
        _ => {
            "By Amdahl's law each time is shorter than the one before, and the steps get smaller. Divide each time by \
              the one before. Where is that not so?"
                .to_owned()
        }
    }
}

/// The numbers that the rule looked at.
fn evidence(fit: &SpeedupFit, numbers: &[(u64, Number)]) -> Vec<Block> {
    let find = |workers: f64| numbers.iter().find(|(count, _)| *count == workers.round() as u64);
    let mut working = Working::default();
    match &fit.reason {
        Reason::MoreThanLinear { from, to, .. } => {
            let Some(((few, slow), (many, fast))) = find(*from).zip(find(*to)) else { return Vec::new() };
            let [few, many] = [Number::count("p1", *few), Number::count("p2", *many)];
            working.step("p1 x T(p1)/(p2 x T(p2))", (&few * &slow.unnamed()) / (&many * &fast.unnamed()), Unit::Plain);
            vec![Block::Lines(working.lines), Block::text("None: each worker would do more in company than alone.")]
        }
        Reason::Rises { from, to, .. } => {
            let Some(((_, low), (_, high))) = find(*from).zip(find(*to)) else { return Vec::new() };
            working.step("ratio", high / low, Unit::Plain);
            vec![Block::Lines(working.lines), Block::text("The time rises as workers are added, and then falls again.")]
        }
        Reason::FewWorkerCounts { .. } => few_counts(numbers),
        _ => steps(numbers),
    }
}

fn few_counts(numbers: &[(u64, Number)]) -> Vec<Block> {
    let (Some((1, first)), Some((workers, last))) = (numbers.first(), numbers.last()) else { return Vec::new() };
    let mut working = Working::default();
    let count = Number::count("p", *workers);
    let speedup = working.step("S", first / last, Unit::Plain);
    working.step("e", karp_flatt(&speedup, &count), Unit::Plain);
    let few = "Little: two times give one speedup, and any speedup gives some s. A law needs counts that could \
               contradict it.";
    vec![Block::Lines(working.lines), Block::text(few)]
}

/// Each time over the one before.
fn steps(numbers: &[(u64, Number)]) -> Vec<Block> {
    let mut working = Working::default();
    let mut longer = Vec::new();
    for pair in numbers.windows(2) {
        let ratio = working.step(&format!("step to {}", units::count(pair[1].0)), &pair[1].1 / &pair[0].1, Unit::Plain);
        if ratio.value > 1.0 {
            longer.push(units::count(pair[1].0));
        }
    }
    let said = if longer.is_empty() {
        "No step goes up. The steps are uneven: no smooth curve goes through all of them.".to_owned()
    } else {
        format!("The time goes up at {} workers.", longer.join(", "))
    };
    vec![Block::Lines(working.lines), Block::Text(said)]
}
