//! What divergence shows in sentences: what a branch costs, and what sorting saves.

use super::read::Reading;
use crate::experiment::View;
use crate::experiment::cases::timed;
use crate::law;
use crate::law::divergence::DivergenceFit;
use crate::page::words;
use crate::record::{Measured, Order, Problem, Quantity, Series};
use crate::stats::Estimate;
use crate::units;

/// From this share of the first one on, each further branch costs as much: they run one after the other.
const SERIAL: f64 = 0.9;

/// What each branch costs, and its test.
pub(super) fn price(fit: &DivergenceFit) -> Option<String> {
    let (per_path, per_condition) = fit.per_path().zip(fit.per_condition())?;
    let share = |estimate: Estimate| match estimate.low {
        low if low > 0.0 => words::percent(estimate),
        _ => format!("at most {}", units::percent(estimate.high)),
    };
    let costs = share(per_path);
    let branch = if per_path.low >= SERIAL || per_path.contains(1.0) {
        format!("Each further branch in a subgroup costs {costs} of the first: they run one after the other.")
    } else if per_path.low > 0.0 {
        format!("Each further branch in a subgroup costs {costs} of the first: they overlap in part.")
    } else {
        "Each further branch in a subgroup costs nothing measurable.".to_owned()
    };
    let test = share(per_condition);
    Some(format!("{branch} Each extra branch in the code costs {test} for its test, taken or not."))
}

/// The price of a branch, what happens beyond the lanes, and what sorting saves.
pub(super) fn sentence(found: &Reading) -> String {
    let lanes = units::count(found.lanes);
    let twice = units::count(2 * found.lanes);
    let price = price(&found.fit).unwrap_or_else(|| "The times follow no law of a price for each branch.".to_owned());
    let full = found.full.map(|full| format!("{lanes} branches take {} as long as one.", words::times(full)));
    let beyond = found.beyond.map(|beyond| {
        let why = beyond_the_lanes(found, beyond);
        format!("{twice} branches, two for each lane, take {} as long as {lanes}{why}.", words::times(beyond))
    });
    let sorted = found
        .sorted
        .map(|sorted| format!("Sorted by subgroup, {twice} branches take {} as long as one.", words::times(sorted)));
    [Some(price), among(found), full, beyond, sorted].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The line of the summary: as many branches as lanes, scattered and sorted. If no law was read, the most that ran.
pub(super) fn answer(View { measured, reading, .. }: View<'_, Option<Reading>>) -> Option<String> {
    let Some((found, full)) = reading.as_ref().and_then(|found| Some((found, found.full?))) else {
        return most(measured);
    };
    let sorted =
        found.sorted.map(|sorted| format!("; sorted, {} take {}", units::count(2 * found.lanes), words::times(sorted)));
    let (branches, sorted) = (counted(found.lanes), sorted.unwrap_or_default());
    Some(format!("{branches} inside a subgroup take {} as long as one{sorted}.", words::times(full)))
}

/// A number of branches in words.
fn counted(branches: u64) -> String {
    format!("{} branch{}", units::count(branches), if branches == 1 { "" } else { "es" })
}

/// The most branches that ran, against one.
fn most(measured: &Measured) -> Option<String> {
    let scattered = timed(measured, Series::Order(Order::Scattered), Quantity::Kernel);
    let (one, most) = (scattered.first()?, scattered.last()?);
    let Problem::Branches { branches, .. } = most.case.problem else {
        return None;
    };
    let ratio = law::ratio(&most.time, &one.time).filter(|_| branches > 1)?;
    Some(format!("{} inside a subgroup take {} as long as one.", counted(branches), words::times(ratio)))
}

/// Which of several sizes of subgroups was read.
fn among(found: &Reading) -> Option<String> {
    let [least, most] = found.lanes_among?.map(units::count);
    let lanes = units::count(found.lanes);
    Some(format!("A subgroup here has {least} to {most} lanes; {lanes} fit these times best."))
}

/// Whether more branches than lanes cost more than the tests before them: the end of a sentence.
fn beyond_the_lanes(found: &Reading, beyond: Estimate) -> &'static str {
    let lanes = found.lanes as f64;
    let law = found.fit.seconds(2.0 * lanes, lanes).zip(found.fit.seconds(lanes, lanes));
    let explained = law.map_or(1.0, |(twice, once)| twice / once);
    if beyond.low > explained {
        ", more than their tests explain"
    } else if beyond.low > 1.0 {
        ": the tests alone"
    } else {
        ""
    }
}
