//! What divergence shows in sentences: what a path costs, and what sorting saves.

use super::read::Reading;
use crate::experiment::View;
use crate::experiment::cases::timed;
use crate::law;
use crate::law::divergence::DivergenceFit;
use crate::page::words;
use crate::record::{Measured, Order, Problem, Quantity, Series};
use crate::stats::Estimate;
use crate::units;

/// A path costs as much as this share of the first one, or more: they run one after the other.
const SERIAL: f64 = 0.9;

/// What each path costs in words.
pub(super) fn price(fit: &DivergenceFit) -> String {
    let (Some(per_path), Some(per_condition)) = (fit.per_path(), fit.per_condition()) else {
        return format!("no price of a path can be read ({}): {}", fit.verdict, fit.reason);
    };
    let share = |estimate: Estimate| match estimate.low {
        low if low > 0.0 => words::percent(estimate),
        _ => format!("at most {}", units::percent(estimate.high)),
    };
    let says = if per_path.low >= SERIAL || per_path.contains(1.0) {
        "the paths run one after the other"
    } else if per_path.low > 0.0 {
        "the paths run one after the other in part"
    } else {
        "that diverging costs anything cannot be told from noise"
    };
    format!(
        "each further path that the lanes of a subgroup take adds {} of the time of {}, so {says}; asking for it adds \
         {}, wherever the lanes go",
        share(per_path),
        if fit.law.is_some_and(|law| law.chain.is_some()) { "its chain" } else { "one" },
        share(per_condition)
    )
}

/// The price of a path, what happens beyond the lanes, and what sorting saves.
pub(super) fn sentence(found: &Reading) -> String {
    let lanes = units::count(found.lanes);
    let full = found.full.map(|full| format!("{lanes} paths take {} as long as one", words::times(full)));
    let beyond = found.beyond.map(|beyond| {
        format!("{} as long as {lanes}: {}", twice(found.lanes, beyond), beyond_the_lanes(found, beyond))
    });
    let sorted = found.sorted.map(|sorted| {
        format!(
            "sorted, so that whole subgroups go the same way, {} paths take {} as long as one",
            units::count(2 * found.lanes),
            words::times(sorted)
        )
    });
    let parts = [Some(price(&found.fit)), among(found), full, beyond, sorted].into_iter().flatten();
    parts.map(|text| words::sentence(&text)).collect::<Vec<_>>().join(" ")
}

/// The line of the summary: as many paths as lanes, scattered and sorted. If no law was read, the most paths that ran.
pub(super) fn answer(View { measured, reading, .. }: View<'_, Option<Reading>>) -> Option<String> {
    let Some((found, full)) = reading.as_ref().and_then(|found| Some((found, found.full?))) else {
        return most(measured);
    };
    let lanes = words::counted(found.lanes, "path");
    let sorted =
        found.sorted.map(|sorted| format!("; sorted, {} take {}", units::count(2 * found.lanes), words::times(sorted)));
    let sorted = sorted.unwrap_or_default();
    Some(format!("Branches: {lanes} inside a subgroup take {} as long as one{sorted}.", words::times(full)))
}

/// The most paths that ran, against one.
fn most(measured: &Measured) -> Option<String> {
    let scattered = timed(measured, Series::Order(Order::Scattered), Quantity::Kernel);
    let (one, most) = (scattered.first()?, scattered.last()?);
    let Problem::Branches { branches, .. } = most.case.problem else {
        return None;
    };
    let ratio = law::ratio(&most.time, &one.time).filter(|_| branches > 1)?;
    let paths = words::counted(branches, "path");
    Some(format!("Branches: {paths} inside a subgroup take {} as long as one.", words::times(ratio)))
}

/// Which of several sizes of subgroups was read.
fn among(found: &Reading) -> Option<String> {
    let [least, most] = found.lanes_among?.map(units::count);
    let lanes = units::count(found.lanes);
    Some(format!("of the {least} to {most} lanes that a subgroup may have here, {lanes} describe the times best"))
}

fn twice(lanes: u64, beyond: Estimate) -> String {
    format!("{} paths, twice as many as a subgroup has lanes, take {}", units::count(2 * lanes), words::times(beyond))
}

/// Whether more paths than lanes cost more than the conditions before them.
fn beyond_the_lanes(found: &Reading, beyond: Estimate) -> &'static str {
    let lanes = found.lanes as f64;
    let law = found.fit.seconds(2.0 * lanes, lanes).zip(found.fit.seconds(lanes, lanes));
    let explained = law.map_or(1.0, |(twice, once)| twice / once);
    if beyond.low > explained {
        "more paths than lanes cost still more"
    } else if beyond.low > 1.0 {
        "no more than the asking"
    } else {
        "no more than that"
    }
}
