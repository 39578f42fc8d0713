//! From which size on the device is faster than the processor.

use super::sum::{Number, Sum, Unit, Working};
use super::{Exercise, Missing, Part, SOME, Source};
use crate::experiment::lesson::Race;
use crate::experiment::names;
use crate::law::Crossover;
use crate::page::block::{Block, Table};
use crate::page::words;
use crate::record::Problem;
use crate::stats::Estimate;
use crate::units::{self, TimeUnit};

/// Sizes that a table shows.
const SIZES: usize = 4;

/// A size with the rounded times of both sides.
struct Size {
    problem: Problem,
    device: Number,
    processor: Number,
}

pub(super) fn exercise(source: &Source<'_>) -> Result<Exercise, Missing> {
    let missing = || source.missing("job of two sizes on the device and on the processor", names::PROBLEM_SIZE);
    let races = source.lesson.races.iter().filter(|race| race.rows.len() > 1);
    let crosses = |race: &&&Race| matches!(race.crossover, Crossover::From { slower_at: Some(_), .. });
    let race = races.clone().find(|race| crosses(&race)).or_else(|| races.clone().next()).ok_or_else(missing)?;
    let rows = shown(race);
    let unit = TimeUnit::of(rows.iter().flat_map(|(_, device, processor)| [device.value, processor.value]));
    let number = |name: &str, time: &Estimate| Number::new(name, time.value, Unit::Time(unit));
    let sizes: Vec<Size> = rows
        .iter()
        .map(|(problem, device, processor)| Size {
            problem: *problem,
            device: number("D", device),
            processor: number("P", processor),
        })
        .collect();
    let mut parts = vec![who(race, &sizes)];
    // The times cross where the device is ahead for the first time. At one end, but not at both, they may be the same.
    let turn = sizes.windows(2).position(|pair| {
        let [late, early] = [&pair[0], &pair[1]].map(|size| size.device.value - size.processor.value);
        late >= 0.0 && early <= 0.0 && late > early
    });
    parts.push(match turn {
        Some(at) => crossing(race, &sizes[at], &sizes[at + 1], unit),
        None => growth(race, &sizes[sizes.len() - 2], &sizes[sizes.len() - 1], unit),
    });
    let mut table = Table::new(&["n", "D: device", "P: processor"]);
    for size in &sizes {
        table.push([units::count(size.problem.n()), size.device.shown.clone(), size.processor.shown.clone()]);
    }
    Ok(Exercise {
        given: vec![
            Block::text(format!(
                "The {} job, {}: {} with its transfers (D) against {} (P).",
                race.name,
                size_is(race),
                race.device,
                race.baseline
            )),
            Block::Table(table),
        ],
        parts,
        check: vec![source.show(&[names::PROBLEM_SIZE])],
        reveals: vec![],
    })
}

/// Says what n is.
fn size_is(race: &Race) -> &'static str {
    match race.rows[0].0 {
        Problem::Matrix { .. } => "on n x n matrices",
        Problem::Batch { .. } => "on a batch of n rows",
        _ => "on n elements",
    }
}

/// The sizes around the crossover, or else the largest.
fn shown(race: &Race) -> &[(Problem, Estimate, Estimate)] {
    let rows = &race.rows;
    let ahead = |(_, device, processor): &(Problem, Estimate, Estimate)| device.value < processor.value;
    let turn = rows.windows(2).rposition(|pair| !ahead(&pair[0]) && ahead(&pair[1]));
    let end = turn.map_or(rows.len(), |at| (at + 1 + SIZES / 2).min(rows.len()));
    &rows[end.saturating_sub(SIZES)..end]
}

/// Who is faster at each size.
fn who(race: &Race, sizes: &[Size]) -> Part {
    let mut working = Working::default();
    let mut wins = Vec::new();
    for Size { problem, device, processor } in sizes {
        let n = units::count(problem.n());
        if device.value == processor.value {
            wins.push(format!("at n = {n}, nobody, as far as three digits show"));
            continue;
        }
        let device_wins = device.value < processor.value;
        let (name, ratio) = if device_wins {
            ("P/D", &processor.unnamed() / &device.unnamed())
        } else {
            ("D/P", &device.unnamed() / &processor.unnamed())
        };
        let factor = working.step(&format!("{name} at {n}"), ratio, Unit::Plain);
        let who = if device_wins { race.device } else { &race.baseline };
        wins.push(format!("at n = {n}, {who}, {} times", factor.shown));
    }
    let said = words::sentence(&wins.join("; "));
    let answer = vec![Block::Lines(working.lines), Block::Text(said)];
    Part::new("Who is faster at each size, and how many times?", SOME, answer)
}

/// Both times as straight lines over the work, and where they cross.
fn crossing(race: &Race, before: &Size, after: &Size, unit: TimeUnit) -> Part {
    let mut working = Working::default();
    let [from, to] = [("w1", before), ("w2", after)].map(|(name, size)| work(name, size, race.power, &mut working));
    let late = working.step("d1", &before.device - &before.processor, Unit::Time(unit));
    let early = working.step("d2", &after.processor - &after.device, Unit::Time(unit));
    let at = working.step("w", &from + &late / (&late + &early) * (&to - &from), Unit::Plain);
    let n = if race.power == 1 { at } else { working.root("n", &at, race.power) };
    let mut answer = vec![Block::Lines(working.lines)];
    if let Crossover::From { between: Some(between), .. } = race.crossover {
        answer.push(Block::text(format!(
            "The times cross near n = {}. From the unrounded times it is {}. Only {} and {} were measured.",
            n.shown,
            words::whole(between),
            units::count(before.problem.n()),
            units::count(after.problem.n())
        )));
    }
    let work = if race.power == 1 { "w = n".to_owned() } else { "w = n x n x n".to_owned() };
    Part::new(
        format!(
            "Between n = {} and {} the two times cross. Take both as straight lines over the work {work}. With \
             d1 = D - P at w1 and d2 = P - D at w2 they cross at the share d1/(d1 + d2) of the way from w1 to w2. At \
             which n is that?{}",
            units::count(before.problem.n()),
            units::count(after.problem.n()),
            by_trial(race.power)
        ),
        SOME + 2,
        answer,
    )
}

/// How to take a root that a pocket calculator has no key for.
fn by_trial(power: u32) -> &'static str {
    if power > 1 { " (Without a key for the root, try some n: which n x n x n comes near to w?)" } else { "" }
}

/// The work of a size: n, or n multiplied by itself.
fn work(name: &str, size: &Size, power: u32, working: &mut Working) -> Number {
    let n = Number::count("n", size.problem.n());
    if power == 1 {
        return n.named(name);
    }
    let product = (1..power).fold(Sum::from(&n.unnamed()), |product, _| product * &n.unnamed());
    working.step(name, product, Unit::Plain)
}

/// What more work costs on both sides, and whether the slower one ever catches up.
fn growth(race: &Race, before: &Size, after: &Size, unit: TimeUnit) -> Part {
    let mut working = Working::default();
    let [from, to] = [("w1", before), ("w2", after)].map(|(name, size)| work(name, size, race.power, &mut working));
    let [early, late] = [&before.device, &after.device];
    let per_work = |early: &Number, late: &Number| (late.value - early.value) / (to.value - from.value);
    let each = [per_work(early, late), per_work(&before.processor, &after.processor)];
    let small_unit = TimeUnit::of(each);
    let small = Unit::Time(small_unit);
    let device = working.step("d", (&late.named("D2") - &early.named("D1")) / (&to - &from), small);
    let [early, late] = [before.processor.named("P1"), after.processor.named("P2")];
    let processor = working.step("q", (&late - &early) / (&to - &from), small);
    let device_is_ahead = after.device.value < after.processor.value;
    let (slower, behind, ahead) = if device_is_ahead {
        (race.baseline.as_str(), &processor, &device)
    } else {
        (race.device, &device, &processor)
    };
    let mut answer = vec![];
    let is_tie = after.device.value == after.processor.value;
    let more = if race.power == 1 { "one more element" } else { "one more unit of the work w = n x n x n" };
    let said = if is_tie {
        format!("It has: at n = {} both take {}.", units::count(after.problem.n()), after.device.shown)
    } else if behind.value >= ahead.value {
        format!("No: {more} costs {slower} {}, the other side {}. The gap only grows.", behind.shown, ahead.shown)
    } else {
        let (last, first) =
            if device_is_ahead { (&after.processor, &after.device) } else { (&after.device, &after.processor) };
        let gap = working.step("gap", last - first, Unit::Time(unit));
        let more = working.step("w", &to + &gap / (ahead - behind), Unit::Plain);
        let n = if race.power == 1 { more } else { working.root("n", &more, race.power) };
        format!("If both go on in straight lines, it catches up at n = {}. No size that large was measured.", n.shown)
    };
    answer.push(Block::Lines(working.lines));
    answer.push(Block::Text(said));
    Part::new(
        format!(
            "Take the two largest sizes. What does {more} cost the device (d) and the processor (q), in {}? Will \
             {slower}, {} slower, ever catch up? If so, at which n?{}",
            small_unit.name(),
            if is_tie { "before" } else { "now" },
            by_trial(race.power)
        ),
        SOME + 2,
        answer,
    )
}
