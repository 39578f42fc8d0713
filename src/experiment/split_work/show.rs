//! One job cut into K launches: measured times beside those that empty launches predict.

use super::read::{Reading, Split};
use crate::experiment::cases::of_series;
use crate::law::split::{launch_share, predict};
use crate::page::block::{Block, Table};
use crate::page::plot::{Axis, Law, Plot, Points};
use crate::page::words;
use crate::record::{Measured, Measurement, Quantity};
use crate::stats::Estimate;
use crate::units::{self, ABSENT};

pub(super) fn blocks(measured: &Measured, Reading(splits): &Reading) -> Vec<Block> {
    let mut blocks = vec![Block::Table(table(measured, splits)), Block::text(explained(splits))];
    blocks.extend(plot(measured, splits).map(Block::Plot));
    blocks.push(Block::laws(
        "A line for each launch style, T(K) = work + cost x K",
        splits.iter().map(in_words).collect(),
    ));
    blocks
}

fn explained(splits: &[Split]) -> String {
    let text = "Kernels: all slices together; in one pass with the gaps between them. Launching: cost x K over the \
                whole time, Amdahl's serial fraction.";
    if splits.iter().all(|split| split.empty.is_none()) {
        return format!("{text} This run has no cost of an empty launch; launch-overhead measures it.");
    }
    let text = format!("{text} Predicted: the uncut kernel and K empty launches of launch-overhead.");
    if splits.iter().any(is_unchained) {
        format!("{text} * Empty launches that do not wait for one another. Slices do.")
    } else {
        text
    }
}

/// Whether the slices wait for one another, and the empty launches that they are compared with do not.
fn is_unchained(split: &Split) -> bool {
    split.empty.as_ref().is_some_and(|ladder| !ladder.waits)
}

/// What empty launches predict for K launches of a style: the kernel in one piece, and K of them.
pub(super) fn predicted(measured: &Measured, split: &Split, launches: u32) -> Option<Estimate> {
    let whole = of_series(measured, split.series).find(|case| case.slices == 1)?;
    predict(whole.summary(Quantity::Kernel)?.median, launches, &split.empty.as_ref()?.line)
}

fn table(measured: &Measured, splits: &[Split]) -> Table {
    let heads = [
        "launch style",
        "K",
        "workers\neach",
        "kernels",
        "kernels and\nlaunching",
        "predicted",
        "measured/\npredicted",
        "launch-\ning",
    ];
    let mut table = Table::new(&heads).words(&[0]);
    let absent = || ABSENT.to_owned();
    for split in splits {
        let mark = if is_unchained(split) { " *" } else { "" };
        for case in of_series(measured, split.series) {
            let launches = f64::from(case.slices);
            let all = case.summary(Quantity::Launched);
            let predicted = predicted(measured, split, case.slices);
            let over = all.zip(predicted).map(|(all, predicted)| units::ratio(all.median / predicted.value));
            let costs = split.fit.slope().zip(split.fit.intercept());
            let share = costs.map(|(cost, work)| launch_share(cost.value, work.value, launches));
            table.push([
                split.series.to_string(),
                units::count(u64::from(case.slices)),
                units::count(case.workers.div_ceil(u64::from(case.slices))),
                case.summary(Quantity::Kernel).map_or_else(absent, |kernel| units::seconds(kernel.median)),
                all.map_or_else(absent, |all| words::seconds(all.estimate())),
                predicted.map_or_else(absent, |predicted| format!("{}{mark}", words::seconds(predicted))),
                over.unwrap_or_else(absent),
                share.map_or_else(absent, units::percent),
            ]);
        }
    }
    table.without_empty_columns()
}

fn plot(measured: &Measured, splits: &[Split]) -> Option<Plot> {
    let points = |split: &Split| {
        let point = |case: &Measurement| Some((f64::from(case.slices), case.summary(Quantity::Launched)?.estimate()));
        let points = of_series(measured, split.series).filter_map(point).collect();
        Points { name: split.series.to_string(), points }
    };
    let series = splits.iter().map(points).collect();
    let fitted = splits.iter().enumerate().filter(|(_, split)| split.fit.verdict.is_accepted());
    let mut curves: Vec<Law<'_>> = fitted
        .map(|(number, Split { fit, .. })| Law::of_series(number, "", fit.from.zip(fit.to), |k| fit.seconds(k)))
        .collect();
    for split in splits.iter().filter(|split| predicted(measured, split, 1).is_some()) {
        let name = format!("predicted{}, {}", if is_unchained(split) { " *" } else { "" }, split.series);
        // A plot has points between whole launches, the law has not: the nearest one is drawn.
        let y = |launches: f64| Some(predicted(measured, split, launches.round().max(1.0) as u32)?.value);
        curves.push(Law::to_compare(&name, y));
    }
    let (x, y) = (Axis::counts("launches K"), Axis::seconds("time in all"));
    Plot::of(x, y, series, curves)
}

/// The line of a launch style in words.
fn in_words(split: &Split) -> String {
    let fit = &split.fit;
    let values = fit.intercept().zip(fit.slope());
    let values = values.map_or_else(
        || "no values".to_owned(),
        |(work, cost)| format!("work {}, cost {}", words::cost(work), words::cost(cost)),
    );
    format!("{}: {values}. Verdict {}: {}.", split.series, fit.verdict, fit.reason)
}
