//! The launch ladder: time per launch by rung and number of dispatches, and a line for each rung.

use super::law;
use crate::finding::launch::{line, part, swaps};
use crate::finding::series::{launches, of_rung, rungs};
use crate::law::line::LineFit;
use crate::page::block::{Block, Drawing, Table, Tone};
use crate::page::plot::{Axis, Curve, Plot, Series};
use crate::page::reason::reason;
use crate::page::words;
use crate::record::{Experiment, LaunchPart, Phase};
use crate::units::{self, ABSENT};

/// Rungs in the plot: as many as there are marks. The others are variations of these.
const PLOTTED: usize = 6;

pub(super) fn blocks(experiment: &Experiment) -> Vec<Block> {
    let mut blocks = vec![Block::Table(table(experiment)), Block::text(EXPLAINED)];
    blocks.extend(plot(experiment).map(Block::Drawing));
    blocks.extend(parts(experiment).into_iter().flat_map(|table| [Block::Table(table), Block::text(PARTS)]));
    let once = once(experiment);
    let cold = if once.heads.iter().any(|head| head == "cold") { COLD } else { "" };
    blocks.extend([Block::Table(once), Block::text(format!("{cold}{ONCE}"))]);
    blocks.extend(advice_table(experiment).into_iter().flat_map(|table| [Block::Table(table), Block::text(SWAPPED)]));
    let items = rungs(experiment).into_iter().map(|rung| format!("{rung}: {}", advice(rung)));
    blocks.push(law::list("The rungs, and what to do", items.collect()));
    blocks.push(Block::text(lines_words(experiment)));
    blocks
}

const EXPLAINED: &str = "Cells: the median time of K dispatches, divided by K, so that the first column is the time of \
    a single launch. Cost: what one more launch adds, by the line through all K.";

const PARTS: &str = "Where the cost of one more launch goes, each part by a line of its own. Encode: the host records \
    and finishes command buffers. Rest: the driver, the device and the wait. GPU's own: by its timestamps around the pass; \
    it runs beside the host, so it is no part of a sum.";

const COLD: &str = "Cold: the very first launch of a rung on a device handle of its own; some drivers finish compiling \
    only then. ";

const ONCE: &str = "Warm: the median of a single launch later on. Round trip: what is paid once, by the line.";

const SWAPPED: &str = "What to do, by the cost of one more launch; only where the intervals say that it is cheaper. Where \
    a line is refused, by the time of one launch of the most that were measured.";

/// What a rung is, and when to use it.
fn advice(rung: &str) -> &'static str {
    match rung {
        "one-pass" => "all dispatches in one pass: do this wherever kernels follow one another",
        "pass-each" => "a pass for each, one encoder: needed only where copies or other passes stand between",
        "command-buffer-each" => "a command buffer for each, one submit: join them where one thread records them",
        "submit-each" => "a submit for each, one wait: collect command buffers and submit them together",
        "wait-each" => "submit and wait for each: wait only when the host needs the result",
        "read-back-each" => "submit, wait and read back each: keep what only the next kernel needs on the device",
        "wait-each-spin" => "the same, but the host asks again and again instead of sleeping",
        "wait-each-block" => "the same, but the driver wakes the host, which does not ask",
        "one-pass-chained" => "one pass in which each dispatch needs what the one before it wrote",
        "pass-each-chained" => "a pass for each, and each needs what the one before it wrote",
        "submit-each-chained" => "a submit for each, and each needs what the one before it wrote",
        _ => "a rung that this version does not know",
    }
}

fn table(experiment: &Experiment) -> Table {
    let mut counts: Vec<u32> = experiment.cases.iter().map(|case| case.dispatches).collect();
    counts.sort_unstable();
    counts.dedup();
    let mut table = Table::new(&["rung"]).words(&[0]);
    table.heads.extend(counts.iter().map(|count| format!("K = {}", units::count(u64::from(*count)))));
    table.heads.push("cost of one more".to_owned());
    let absent = || ABSENT.to_owned();
    for rung in rungs(experiment) {
        let mut row = vec![rung.to_owned()];
        row.extend(counts.iter().map(|count| {
            let case = of_rung(experiment, rung).find(|case| case.dispatches == *count);
            let time = case.and_then(launches);
            time.map_or_else(absent, |time| units::seconds(time.median / f64::from(*count)))
        }));
        let fit = line(experiment, rung);
        row.push(fit.and_then(LineFit::slope).map_or_else(absent, words::cost));
        table.push(row);
    }
    table.without_empty_columns()
}

/// Where the cost of a launch goes.
fn parts(experiment: &Experiment) -> Option<Table> {
    let mut table = Table::new(&["rung", "encode", "rest", "GPU's own"]).words(&[0]);
    for rung in rungs(experiment) {
        let cost = |of: LaunchPart| {
            let slope = part(experiment, rung, of).and_then(LineFit::slope);
            slope.map_or(ABSENT.to_owned(), words::cost)
        };
        let row = [LaunchPart::Encode, LaunchPart::Rest, LaunchPart::Pass].map(cost);
        if row.iter().any(|cell| cell != ABSENT) {
            table.push([vec![rung.to_owned()], row.to_vec()].concat());
        }
    }
    (!table.rows.is_empty()).then(|| table.without_empty_columns())
}

/// What is paid once: the first launch of each rung beside a later one, and the round trip by the line.
fn once(experiment: &Experiment) -> Table {
    let mut table = Table::new(&["rung", "cold", "warm", "cold/warm", "round trip"]).words(&[0]);
    let absent = || ABSENT.to_owned();
    for rung in rungs(experiment) {
        let single = of_rung(experiment, rung).find(|case| case.dispatches == 1).and_then(launches);
        // A rung has one handle, and its first case is the one that finds it unused.
        let cold = of_rung(experiment, rung).next().and_then(|case| case.seconds(Phase::FirstLaunch).first().copied());
        let ratio = cold.zip(single).map(|(cold, warm)| cold / warm.median);
        table.push([
            rung.to_owned(),
            cold.map_or_else(absent, units::seconds),
            single.map_or_else(absent, |warm| words::seconds(warm.estimate())),
            ratio.map_or_else(absent, units::ratio),
            line(experiment, rung).and_then(LineFit::intercept).map_or_else(absent, words::cost),
        ]);
    }
    table.without_empty_columns()
}

/// What to do instead of what, with the gain.
fn advice_table(experiment: &Experiment) -> Option<Table> {
    let mut table = Table::new(&["instead of", "do", "a launch\ncosts", "and not", "times\nless"]).words(&[0, 1]);
    for swap in swaps(experiment) {
        let (before, after) = (words::cost(swap.before), words::cost(swap.after));
        let ratio = swap.ratio().map_or(ABSENT.to_owned(), |ratio| units::ratio(ratio.value));
        table.push([swap.instead_of.to_owned(), swap.take.to_owned(), after, before, ratio]);
    }
    (!table.rows.is_empty()).then_some(table)
}

fn plot(experiment: &Experiment) -> Option<Drawing> {
    let mut rungs = rungs(experiment);
    rungs.truncate(PLOTTED);
    let series = rungs.iter().map(|rung| Series {
        name: (*rung).to_owned(),
        points: of_rung(experiment, rung)
            .filter_map(|case| Some((f64::from(case.dispatches), launches(case)?.estimate())))
            .collect(),
    });
    let curves = rungs.iter().enumerate().filter_map(|(number, rung)| {
        let fit = line(experiment, rung)?;
        fit.seconds(1.0)?;
        Some(Curve {
            name: String::new(),
            tone: Tone::Series(number),
            fitted: fit.from.zip(fit.to),
            y: Box::new(move |k| fit.seconds(k)),
        })
    });
    let plot = Plot {
        x: Axis::counts("dispatches K"),
        y: Axis::seconds("time of K"),
        series: series.collect(),
        curves: curves.collect(),
    };
    plot.draw()
}

/// The lines behind the costs, in words: those that are refused each with its reason.
fn lines_words(experiment: &Experiment) -> String {
    let fits: Vec<(&str, &LineFit)> =
        rungs(experiment).into_iter().filter_map(|rung| Some((rung, line(experiment, rung)?))).collect();
    let accepted: Vec<&LineFit> = fits.iter().map(|(_, fit)| *fit).filter(|fit| fit.verdict.is_accepted()).collect();
    let mut sentences = vec!["Costs come from a line for each rung, time = round trip + cost x K".to_owned()];
    if let Some((from, to)) = accepted.iter().find_map(|fit| fit.from.zip(fit.to)) {
        let spread = accepted.iter().filter_map(|fit| Some(fit.goodness?.residual_sd)).fold(0.0, f64::max);
        let (accepted, all) = (accepted.len(), fits.len());
        sentences.push(format!(
            "It is accepted for {accepted} of {all} rungs, over K = {from} to {to}, where the points lie within {} of it",
            units::percent(spread)
        ));
    }
    let refused = fits.iter().filter(|(_, fit)| !fit.verdict.is_accepted());
    sentences.extend(
        refused.map(|(rung, fit)| format!("No cost is quoted for {rung} ({}): {}", fit.verdict, reason(&fit.reason))),
    );
    sentences.iter().map(|sentence| words::stopped(sentence)).collect::<Vec<_>>().join(" ")
}
