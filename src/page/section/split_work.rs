//! One job cut into K launches: measured times beside those that the launch ladder predicts.

use super::law;
use crate::finding::series::{of_rung, rungs};
use crate::finding::split::{Split, against_ladder, filled, ladder, splits};
use crate::law::split::launch_share;
use crate::law::split::predict;
use crate::page::block::{Block, Drawing, Table, Tone};
use crate::page::plot::{Axis, Curve, Plot, Series};
use crate::page::reason::reason;
use crate::page::words;
use crate::record::{Case, Experiment, Quantity, Run};
use crate::stats::Estimate;
use crate::units::{self, ABSENT};

pub(super) fn blocks(run: &Run, experiment: &Experiment) -> Vec<Block> {
    let mut blocks = vec![Block::Table(table(run, experiment)), Block::text(explained(run, experiment))];
    blocks.extend(plot(run, experiment).map(Block::Drawing));
    let items = splits(experiment).iter().map(|split| reading(run, split)).collect();
    blocks.push(law::list("The line T(K) = work + cost x K, and the ladder", items));
    blocks
}

fn explained(run: &Run, experiment: &Experiment) -> String {
    let text = "Kernel: all slices together, by the clock named below; in one pass with the gaps between them. Launch and kernel: from recording the first \
                launch to the end of the last one. Share: cost x K over the whole, by the line: Amdahl's serial fraction.";
    let predicted = splits(experiment).iter().any(|split| ladder(run, split.rung).is_some());
    if predicted {
        format!(
            "{text} Predicted: the kernel in one piece, and K empty launches from the ladder of this run, with the \
                 ends of the ladder's intervals."
        )
    } else {
        format!("{text} Run launch-overhead with it to see what its ladder predicts.")
    }
}

/// What the ladder predicts for K launches of a rung: the kernel in one piece, and K empty launches.
fn predicted(run: &Run, experiment: &Experiment, rung: &str, launches: u32) -> Option<Estimate> {
    let whole = of_rung(experiment, rung).find(|case| case.slices == 1)?.summary(Quantity::Kernel)?.median;
    predict(whole, launches, ladder(run, rung)?)
}

fn table(run: &Run, experiment: &Experiment) -> Table {
    let heads =
        ["rung", "K", "workers\neach", "kernel", "launch\nand kernel", "predicted", "measured/\npredicted", "share"];
    let mut table = Table::new(&heads).words(&[0]);
    let absent = || ABSENT.to_owned();
    for rung in rungs(experiment) {
        let fit = splits(experiment).into_iter().find(|split| split.rung == rung).map(|split| split.fit);
        for case in of_rung(experiment, rung) {
            let launches = f64::from(case.slices);
            let all = case.summary(Quantity::Launched);
            let predicted = predicted(run, experiment, rung, case.slices);
            let over = all.zip(predicted).map(|(all, predicted)| units::ratio(all.median / predicted.value));
            let share = fit.and_then(|fit| Some(launch_share(fit.slope()?.value, fit.intercept()?.value, launches)));
            table.push([
                rung.to_owned(),
                units::count(u64::from(case.slices)),
                units::size(case.workers.div_ceil(u64::from(case.slices))),
                case.summary(Quantity::Kernel).map_or_else(absent, |kernel| units::seconds(kernel.median)),
                all.map_or_else(absent, |all| words::seconds(all.estimate())),
                predicted.map_or_else(absent, words::seconds),
                over.unwrap_or_else(absent),
                share.map_or_else(absent, units::percent),
            ]);
        }
    }
    table.without_empty_columns()
}

fn plot(run: &Run, experiment: &Experiment) -> Option<Drawing> {
    let rungs = rungs(experiment);
    let points = |rung| {
        let point = |case: &Case| Some((f64::from(case.slices), case.summary(Quantity::Launched)?.estimate()));
        of_rung(experiment, rung).filter_map(point).collect()
    };
    let series = rungs.iter().map(|rung| Series { name: (*rung).to_owned(), points: points(rung) }).collect();
    let splits = splits(experiment);
    let fitted = splits.iter().enumerate().filter(|(_, split)| split.fit.verdict.is_accepted());
    let mut curves: Vec<Curve<'_>> = fitted
        .map(|(number, split)| Curve {
            name: String::new(),
            tone: Tone::Series(number),
            fitted: split.fit.from.zip(split.fit.to),
            y: Box::new(|launches| split.fit.seconds(launches)),
        })
        .collect();
    for rung in &rungs {
        if predicted(run, experiment, rung, 1).is_some() {
            let name = format!("by the ladder, {rung}");
            // A plot has points between whole launches, the law has not: the nearest one is drawn.
            let y = |launches: f64| Some(predicted(run, experiment, rung, launches.round().max(1.0) as u32)?.value);
            curves.push(Curve { name, tone: Tone::Faint, fitted: None, y: Box::new(y) });
        }
    }
    let (x, y) = (Axis::counts("launches K"), Axis::seconds("time in all"));
    Plot { x, y, series, curves }.draw()
}

/// The line of a rung in words, with the ladder beside it.
fn reading(run: &Run, split: &Split<'_>) -> String {
    let fit = split.fit;
    let mut sentences = Vec::new();
    if let (Some(cost), Some(work)) = (fit.slope(), fit.intercept()) {
        sentences.push(format!("work {}, each launch {}", words::cost(work), words::cost(cost)));
    }
    if let Some(growth) = split.kernel_growth {
        let most = units::count(u64::from(split.most));
        sentences.push(format!("the kernels of {most} launches take {} as long as one", words::times(growth)));
    }
    sentences.extend(filled(split));
    sentences.extend(against_ladder(run, split));
    sentences.push(format!("verdict {}: {}", fit.verdict, reason(&fit.reason)));
    let sentences: Vec<String> = sentences.iter().map(|text| words::sentence(text)).collect();
    format!("{}: {}", split.rung, sentences.join(" "))
}
