//! The launch styles: time per launch by style and number of dispatches, and a line for each style.

use super::read::{Part, Reading};
use crate::experiment::cases::{all_series, launches, of_series};
use crate::law::line::LineFit;
use crate::page::block::{Block, Table};
use crate::page::plot::{Axis, Law, Plot, Points};
use crate::page::words;
use crate::record::{LaunchStyle, Launching, Measured, Phase, Series, Wait};
use crate::units::{self, ABSENT};

/// Series in the plot: as many as there are marks. The others are variations of these.
const PLOTTED: usize = 6;

pub(super) fn blocks(measured: &Measured, reading: &Reading) -> Vec<Block> {
    let mut blocks = vec![Block::Table(table(measured, reading)), Block::text(EXPLAINED)];
    blocks.extend(plot(measured, reading).map(Block::Plot));
    blocks.extend(parts(measured, reading).into_iter().flat_map(|table| [Block::Table(table), Block::text(PARTS)]));
    let once = once(measured, reading);
    let cold = if once.heads.iter().any(|head| head == "cold") { COLD } else { "" };
    blocks.extend([Block::Table(once), Block::text(format!("{cold}{ONCE}"))]);
    let swaps = swaps(measured, reading);
    blocks.extend(swaps.into_iter().flat_map(|table| [Block::Table(table), Block::text(SWAPPED)]));
    let items = all_series(measured).into_iter().map(|series| format!("{series}: {}", advice(series)));
    blocks.push(Block::laws("The launch styles, and what to do", items.collect()));
    blocks.push(Block::text(lines(measured, reading)));
    blocks
}

const EXPLAINED: &str = "Cells: the median time of K dispatches, divided by K, so that the first column is the time of \
    a single launch. Cost: what one more launch adds, by the line through all K.";

const PARTS: &str = "Where the cost of one more launch goes, each part by a line of its own. Encode: the host records \
    and finishes command buffers. Rest: the driver, the device and the wait. GPU's own: by its timestamps around the \
    pass; it runs beside the host, so it is no part of a sum.";

const COLD: &str = "Cold: the very first launch of a style on a device handle of its own; some drivers finish \
    compiling only then. ";

const ONCE: &str = "Warm: the median of a single launch later on. Round trip: what is paid once, by the line.";

const SWAPPED: &str = "What to do, by the cost of one more launch; only where the intervals say that it is cheaper. \
    Where a line is refused, by the time of one launch of the most that were measured.";

/// What a launch style is, and when to use it.
fn advice(series: Series) -> &'static str {
    let Series::Launch(Launching { style, chained, arguments, wait }) = series else {
        return "no way to launch";
    };
    if arguments {
        return "each dispatch has a buffer of its own, and parameters that are written for it, as in real programs";
    }
    match (style, chained, wait) {
        (_, _, Some(Wait::Spin)) => "the same, but the host asks again and again instead of sleeping",
        (_, _, Some(Wait::Block)) => "the same, but the driver wakes the host, which does not ask",
        (LaunchStyle::OnePass, true, _) => "one pass in which each dispatch needs what the one before it wrote",
        (LaunchStyle::PassEach, true, _) => "a pass for each, and each needs what the one before it wrote",
        (LaunchStyle::SubmitEach, true, _) => "a submit for each, and each needs what the one before it wrote",
        (_, true, _) => "the same, but each needs what the one before it wrote",
        (LaunchStyle::OnePass, ..) => "all dispatches in one pass: do this wherever kernels follow one another",
        (LaunchStyle::PassEach, ..) => {
            "a pass for each, one encoder: needed only where copies or other passes stand between"
        }
        (LaunchStyle::CommandBufferEach, ..) => {
            "a command buffer for each, one submit: join them where one thread records them"
        }
        (LaunchStyle::SubmitEach, ..) => {
            "a submit for each, one wait: collect command buffers and submit them together"
        }
        (LaunchStyle::WaitEach, ..) => "submit and wait for each: wait only when the host needs the result",
        (LaunchStyle::ReadBackEach, ..) => {
            "submit, wait and read back each: keep what only the next kernel needs on the device"
        }
    }
}

fn table(measured: &Measured, reading: &Reading) -> Table {
    let mut counts: Vec<u32> = measured.cases.iter().map(|case| case.dispatches).collect();
    counts.sort_unstable();
    counts.dedup();
    let mut table = Table::new(&["launch style"]).words(&[0]);
    table.heads.extend(counts.iter().map(|count| format!("K = {}", units::count(u64::from(*count)))));
    table.heads.push("cost of one more".to_owned());
    let absent = || ABSENT.to_owned();
    for series in all_series(measured) {
        let mut row = vec![series.to_string()];
        row.extend(counts.iter().map(|count| {
            let case = of_series(measured, series).find(|case| case.dispatches == *count);
            let time = case.and_then(launches);
            time.map_or_else(absent, |time| units::seconds(time.median / f64::from(*count)))
        }));
        row.push(reading.cost(series).map_or_else(absent, words::cost));
        table.push(row);
    }
    table.without_empty_columns()
}

/// Where the cost of a launch goes.
fn parts(measured: &Measured, reading: &Reading) -> Option<Table> {
    let mut table = Table::new(&["launch style", "encode", "rest", "GPU's own"]).words(&[0]);
    for series in all_series(measured) {
        let cost = |of: Part| {
            let slope = reading.part(series, of).and_then(LineFit::slope);
            slope.map_or(ABSENT.to_owned(), words::cost)
        };
        let row = [Part::Encode, Part::Rest, Part::Pass].map(cost);
        if row.iter().any(|cell| cell != ABSENT) {
            table.push([vec![series.to_string()], row.to_vec()].concat());
        }
    }
    (!table.rows.is_empty()).then(|| table.without_empty_columns())
}

/// What is paid once: the first launch of each style beside a later one, and the round trip by the line.
fn once(measured: &Measured, reading: &Reading) -> Table {
    let mut table = Table::new(&["launch style", "cold", "warm", "cold/warm", "round trip"]).words(&[0]);
    let absent = || ABSENT.to_owned();
    for series in all_series(measured) {
        let single = of_series(measured, series).find(|case| case.dispatches == 1).and_then(launches);
        // A series has one handle, and its first case is the one that finds it unused.
        let cold =
            of_series(measured, series).next().and_then(|case| case.seconds(Phase::FirstLaunch).first().copied());
        let ratio = cold.zip(single).map(|(cold, warm)| cold / warm.median);
        table.push([
            series.to_string(),
            cold.map_or_else(absent, units::seconds),
            single.map_or_else(absent, |warm| words::seconds(warm.estimate())),
            ratio.map_or_else(absent, units::ratio),
            reading.line(series).and_then(LineFit::intercept).map_or_else(absent, words::cost),
        ]);
    }
    table.without_empty_columns()
}

/// What to do instead of what, with the gain.
fn swaps(measured: &Measured, reading: &Reading) -> Option<Table> {
    let mut table = Table::new(&["instead of", "do", "a launch\ncosts", "and not", "times\nless"]).words(&[0, 1]);
    for swap in reading.swaps(measured) {
        let (before, after) = (words::cost(swap.before), words::cost(swap.after));
        let ratio = swap.ratio().map_or(ABSENT.to_owned(), |ratio| units::ratio(ratio.value));
        table.push([swap.instead_of.to_string(), swap.take.to_string(), after, before, ratio]);
    }
    (!table.rows.is_empty()).then_some(table)
}

fn plot(measured: &Measured, reading: &Reading) -> Option<Plot> {
    let mut styles = all_series(measured);
    styles.truncate(PLOTTED);
    let points = styles.iter().map(|&series| Points {
        name: series.to_string(),
        points: of_series(measured, series)
            .filter_map(|case| Some((f64::from(case.dispatches), launches(case)?.estimate())))
            .collect(),
    });
    let curves = styles.iter().enumerate().filter_map(|(number, &series)| {
        let fit = reading.line(series)?;
        fit.seconds(1.0)?;
        Some(Law::of_series(number, "", fit.from.zip(fit.to), move |k| fit.seconds(k)))
    });
    Plot::of(Axis::counts("dispatches K"), Axis::seconds("time of K"), points.collect(), curves.collect())
}

/// The lines behind the costs, in words: those that are refused each with its reason.
fn lines(measured: &Measured, reading: &Reading) -> String {
    let all = all_series(measured).into_iter();
    let fits: Vec<(Series, &LineFit)> = all.filter_map(|series| Some((series, reading.line(series)?))).collect();
    let accepted: Vec<&LineFit> = fits.iter().map(|(_, fit)| *fit).filter(|fit| fit.verdict.is_accepted()).collect();
    let mut sentences = vec!["Costs come from a line for each launch style, time = round trip + cost x K".to_owned()];
    if let Some((from, to)) = accepted.iter().find_map(|fit| fit.from.zip(fit.to)) {
        let spread = accepted.iter().filter_map(|fit| Some(fit.goodness?.residual_sd)).fold(0.0, f64::max);
        let (accepted, all) = (accepted.len(), fits.len());
        sentences.push(format!(
            "It is accepted for {accepted} of {all} launch styles, over K = {from} to {to}, where the points lie \
             within {} of it",
            units::percent(spread)
        ));
    }
    let refused = fits.iter().filter(|(_, fit)| !fit.verdict.is_accepted());
    sentences.extend(
        refused.map(|(series, fit)| format!("No cost is quoted for {series} ({}): {}", fit.verdict, fit.reason)),
    );
    sentences.iter().map(|sentence| words::stopped(sentence)).collect::<Vec<_>>().join(" ")
}
