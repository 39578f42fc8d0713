//! What a launch costs, and what that does to a job of K small kernels.

use super::sum::{Number, Sum, Unit, Working};
use super::{Exercise, FEW, Missing, NEAR, Part, SOME, Source, beside};
use crate::experiment::lesson::{Cut, Launches};
use crate::experiment::names;
use crate::page::block::{Block, Table};
use crate::page::words;
use crate::stats::Estimate;
use crate::units::{self, TimeUnit};

/// Most workers of the prediction that the program checks.
const MANY: u32 = 1 << 20;

/// The share of a kernel's time that its launch may take, as a number of launches that it is long.
const LONG: u32 = 9;

pub(super) fn exercise(source: &Source<'_>) -> Result<Exercise, Missing> {
    let known = |launches: &&Launches| launches.batched.value > 0.0 && launches.waited.value > 0.0;
    let launches = source.lesson.launches.as_ref().filter(known);
    let launches = launches.ok_or_else(|| source.missing("cost of a launch", names::LAUNCH_OVERHEAD))?;
    let cut = |is_waited_for: bool| {
        let cuts = source.lesson.cuts.iter().filter(|cut| cut.rows.len() > 1 && cut.rows[0].0 == 1);
        cuts.into_iter().find(|cut| cut.is_waited_for == is_waited_for)
    };
    let cuts = [(cut(true), &launches.waited), (cut(false), &launches.batched)];
    let times = cuts.iter().flat_map(|(cut, cost)| {
        cut.iter().flat_map(|cut| cut.rows.iter().map(|(_, time)| time.value)).chain([cost.value])
    });
    let unit = TimeUnit::of(times.collect::<Vec<_>>());
    let time = Unit::Time(unit);
    let mut table = Table::new(&["", "time"]).words(&[0]);
    let [waited, batched] =
        [("w", launches.waited), ("q", launches.batched)].map(|(name, cost)| Number::new(name, cost.value, time));
    table.push(["w: one more launch, waited for".to_owned(), waited.shown.clone()]);
    let waits = if launches.waits { ", each needs the one before it" } else { "" };
    table.push([format!("q: one more launch in one pass{waits}"), batched.shown.clone()]);

    let mut given = vec![Block::Table(table)];
    let mut parts = Vec::new();
    let mut reveals = Vec::new();
    if let (Some(apart), Some(together)) = (cut(true), cut(false)) {
        given.insert(
            0,
            Block::text(format!("The {} was cut into K launches. The uncut job already holds one of them.", apart.job)),
        );
        parts.push(pieces(apart, &waited, time, ["", "if the host waits for each of them"]));
        parts.push(pieces(together, &batched, time, [", timed again for this question", "in one pass"]));
        let (share, command) = share(apart, &waited, unit);
        parts.push(share);
        reveals.push(command);
    } else {
        let Missing { what, command } = source.missing("job that was cut into launches", names::SPLIT_WORK);
        given.push(Block::text(format!("More questions need a {what}. This measures it:")));
        given.push(Block::Lines(vec![command]));
    }
    parts.push(longest(&waited, time));
    let check = vec![source.show(&[names::LAUNCH_OVERHEAD, names::SPLIT_WORK])];
    Ok(Exercise { given, parts, check, reveals })
}

/// The most launches that were tried, and the time of the uncut job.
fn ends(cut: &Cut, time: Unit) -> (Number, Number) {
    let most = cut.rows.last().map_or(1, |(launches, _)| *launches);
    (Number::count("K", most.into()), Number::new("T(1 launch)", cut.rows[0].1.value, time))
}

/// The time of the job in the most pieces.
fn pieces(cut: &Cut, cost: &Number, time: Unit, [again, how]: [&str; 2]) -> Part {
    let (most, whole) = ends(cut, time);
    let mut working = Working::default();
    let name = format!("T({} launches)", most.shown);
    let predicted = working.step(&name, &whole + (&most - 1) * cost, time);
    let measured = cut.rows[cut.rows.len() - 1].1;
    let mut answer = vec![Block::Lines(working.lines), beside("The time", &predicted, measured, time)];
    if measured.low > predicted.value {
        answer.push(Block::Text(cut.kernel_growth.filter(|growth| growth.low > 1.0).map_or_else(
            || "Going from piece to piece costs more than an empty launch.".to_owned(),
            |growth| idle(cut, growth, [&whole, &most, cost], measured, time),
        )));
    }
    if let Some(growth) = cut.kernel_growth.filter(|growth| growth.high < 1.0 && measured.high < predicted.value) {
        answer.push(Block::text(format!(
            "The uncut kernel takes {} times as long as those of the pieces together. A piece has fewer workers, and \
             here added workers cost time.",
            units::plain(1.0 / growth.value)
        )));
    }
    let asks = format!(
        "In one launch the job takes {}{again}. Cut into {} launches, it has {} more. Predict its time {how}.",
        whole.shown,
        most.shown,
        units::count(most.value as u64 - 1)
    );
    Part::new(asks, FEW, answer)
}

/// Says how much longer the kernels of the pieces take, and how far that explains the measured time. A pass may hold
/// the gaps between its launches: then its time is all there is.
fn idle(cut: &Cut, growth: Estimate, [whole, most, cost]: [&Number; 3], measured: Estimate, time: Unit) -> String {
    let kernels = (whole.value - cost.value) * growth.value;
    let off = |longer: f64| (longer / measured.value).ln().abs();
    let (apart, together) = (kernels + most.value * cost.value, kernels + cost.value);
    let is_in_pass = !cut.is_waited_for && off(together) < off(apart);
    let longer = Number::new("", if is_in_pass { together } else { apart }, time);
    let rest = if measured.value > NEAR * longer.value {
        "; the rest is not explained"
    } else if longer.value > NEAR * measured.value {
        ". That is more than was measured: this sum is too simple"
    } else {
        ", close to the measured time"
    };
    let growth = words::times(growth);
    let longer = longer.shown;
    if is_in_pass {
        format!(
            "The pass with all pieces, the gaps between them included, takes {growth} as long as the uncut kernel. \
             That makes about {longer}{rest}."
        )
    } else {
        format!(
            "The kernels of the pieces together take {growth} as long as the uncut one: small pieces leave workers \
             idle. With that the prediction is about {longer}{rest}."
        )
    }
}

/// The launches as Amdahl's serial part, and the command that computes the same.
fn share(cut: &Cut, cost: &Number, unit: TimeUnit) -> (Part, String) {
    let time = Unit::Time(unit);
    let (most, whole) = ends(cut, time);
    let mut working = Working::default();
    let launching = working.step("M", (&most - 1) * cost, time);
    let serial = working.step("s", &launching / (&launching + &whole.named("C")), Unit::Plain);
    working.step("1/s", Sum::from(1) / &serial, Unit::Plain);
    let asks = format!(
        "Take the {} extra waited launches as Amdahl's serial part M, and the uncut job of {} as C. How many times \
         faster, at most, could even an infinitely fast GPU make the job cut into {} launches?",
        units::count(most.value as u64 - 1),
        whole.shown,
        most.shown
    );
    let command = format!(
        "amdahl predict --serial launches={} --parallel job={} --workers 1,{MANY}",
        unit.option(launching.value),
        unit.option(whole.value)
    );
    let said = "At most 1/s times. The program says less if a slice of the job costs more than w: it counts what a \
                slice costs, and w is the cost of an empty launch.";
    (Part::new(asks, FEW, vec![Block::Lines(working.lines), Block::text(said)]), command)
}

/// How long a kernel must be so that its launch takes a tenth.
fn longest(cost: &Number, time: Unit) -> Part {
    let mut working = Working::default();
    let length = working.step("t", Sum::from(LONG) * cost, time);
    let share = 1.0 / f64::from(LONG + 1);
    let percent = units::whole_percent(share);
    let answer = vec![
        Block::text(format!(
            "w = {0} x (w + t), so {1} w = {0} t, and t = {LONG} x w:",
            units::ratio(share),
            units::ratio(1.0 - share)
        )),
        Block::Lines(working.lines),
        Block::text(format!(
            "In kernels of {} and more, w is at most {percent} of w + t. Batch shorter ones.",
            length.shown
        )),
    ];
    let asks = format!("How long must a kernel t be so that a launch with its wait, w, is {percent} of w + t?");
    Part::new(asks, SOME, answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 256 pieces of a job of 10 ms, whose kernels take 1.6 times as long in all: with gaps of 0.0246 ms beside them
    /// that makes 22.3 ms, with the gaps among them 16.0 ms.
    #[test]
    fn gaps_inside_a_pass_count_once() {
        let time = Unit::Time(TimeUnit::of([10e-3]));
        let number = |value| Number::new("", value, time);
        let said = |is_waited_for, measured: f64| {
            let cut = Cut { job: String::new(), is_waited_for, rows: Vec::new(), kernel_growth: None };
            let exactly = |value| Estimate { value, low: value, high: value };
            let [whole, most, cost] = [number(10e-3), Number::count("K", 256), number(24.6e-6)];
            idle(&cut, exactly(1.6), [&whole, &most, &cost], exactly(measured), time)
        };
        let inside = said(false, 16.1e-3);
        assert!(inside.contains("gaps between them included") && inside.contains("about 16.0 ms, close"), "{inside}");
        let beside = said(false, 22.0e-3);
        assert!(beside.contains("leave workers idle") && beside.contains("about 22.3 ms, close"), "{beside}");
        let waited = said(true, 16.1e-3);
        assert!(waited.contains("about 22.3 ms. That is more than was measured"), "{waited}");
    }
}
