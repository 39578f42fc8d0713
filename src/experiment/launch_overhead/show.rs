//! The launch styles: time per launch by style and number of launches, and a line for each style.

use super::read::{Part, Reading};
use crate::experiment::cases::{all_series, launches, of_series};
use crate::law::line::LineFit;
use crate::page::block::{Block, Table};
use crate::page::plot::{Axis, Law, Plot, Points};
use crate::page::words;
use crate::record::{LaunchStyle, Launching, Measured, Phase, Series, Wait};
use crate::units::{self, ABSENT};

/// Most series in the plot: as many as there are marks. The others are variations of these.
const PLOTTED: usize = 6;

pub(super) fn blocks(measured: &Measured, reading: &Reading) -> Vec<Block> {
    let mut blocks = vec![Block::Table(table(measured, reading)), Block::text(EXPLAINED)];
    blocks.extend(plot(measured, reading).map(Block::Plot));
    blocks.extend(parts(measured, reading).into_iter().flat_map(|table| [Block::Table(table), Block::text(PARTS)]));
    blocks.extend([Block::Table(once(measured, reading)), Block::text(ONCE)]);
    blocks.extend(swaps(measured, reading));
    blocks.push(Block::laws("The launch styles", styles(measured)));
    blocks.push(Block::text(lines(measured, reading)));
    blocks
}

const EXPLAINED: &str = "Each cell: time per launch when K are sent; K = 1 is a single launch. Last column: the cost \
    of each extra launch.";

const PARTS: &str = "Where one more launch spends its time. Encode: the host records commands. Rest: driver, GPU and \
    waiting. GPU time overlaps with the host's, so do not add it.";

const ONCE: &str = "First: the very first launch of a style; some drivers finish compiling only then. Paid once: the \
    fixed time of a batch, by the line.";

/// The column of the very first launches.
const FIRST: &str = "first";

/// The mark of costs that are not read from a line.
const NO_LINE: &str = " *";

/// What a launch style is, and when to use it. Variations of one kind share a name.
fn advice(series: Series) -> (String, &'static str) {
    let Series::Launch(Launching { style, chained, arguments, wait }) = series else {
        return (series.to_string(), "no way to launch");
    };
    let varied = |name: &str, words| (name.to_owned(), words);
    if arguments {
        return varied("…-arguments", "each launch has its own buffer and parameters, as in real programs");
    }
    match wait {
        Some(Wait::Spin) => return varied("…-spin", "the host asks again and again instead of sleeping"),
        Some(Wait::Block) => return varied("…-block", "the host sleeps until the driver wakes it"),
        None => {}
    }
    if chained {
        return varied("…-chained", "each launch needs the result of the one before");
    }
    let words = match style {
        LaunchStyle::OnePass => "all launches in one pass. Use it when kernels follow one another",
        LaunchStyle::PassEach => "a pass for each launch. Use it when copies or other passes stand between",
        LaunchStyle::CommandBufferEach => "a command buffer for each launch, one submit. Use it when threads record",
        LaunchStyle::SubmitEach => "a submit for each launch, one wait. Better submit all command buffers together",
        LaunchStyle::WaitEach => "submit and wait for each launch. Wait only when the host needs the result",
        LaunchStyle::ReadBackEach => "submit, wait and read back. Leave on the GPU what only the next kernel needs",
    };
    (series.to_string(), words)
}

/// The launch styles with when to use each, every variation once.
fn styles(measured: &Measured) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for (name, words) in all_series(measured).into_iter().map(advice) {
        let item = format!("{name}: {words}");
        if !items.contains(&item) {
            items.push(item);
        }
    }
    items
}

fn table(measured: &Measured, reading: &Reading) -> Table {
    let mut counts: Vec<u32> = measured.cases.iter().map(|case| case.dispatches).collect();
    counts.sort_unstable();
    counts.dedup();
    let mut table = Table::new(&["launch style"]).words(&[0]);
    table.heads.extend(counts.iter().map(|count| format!("K = {}", units::count(u64::from(*count)))));
    table.heads.push("one more launch".to_owned());
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
    let mut table = Table::new(&["launch style", "encode", "rest", "GPU time"]).words(&[0]);
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

/// The first launch of each style beside a later single one, and what a batch pays once.
fn once(measured: &Measured, reading: &Reading) -> Table {
    let heads = ["launch style", FIRST, "single launch", "first over\nsingle", "paid once"];
    let mut table = Table::new(&heads).words(&[0]);
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

/// Cheaper ways to launch, each with what it saves; nothing if none is proven.
fn swaps(measured: &Measured, reading: &Reading) -> Vec<Block> {
    let mut table = Table::new(&["now", "better", "cost now", "cost then", "saves"]).words(&[0, 1]);
    let swaps = reading.swaps(measured);
    for swap in &swaps {
        let mark = if swap.is_line { "" } else { NO_LINE };
        let [now, then] = [swap.before, swap.after].map(|cost| format!("{}{mark}", words::cost(cost)));
        let saves = swap.ratio().map(|ratio| units::percent(1.0 - 1.0 / ratio.value));
        let saves = saves.unwrap_or_else(|| ABSENT.to_owned());
        table.push([swap.instead_of.to_string(), swap.take.to_string(), now, then, saves]);
    }
    if swaps.is_empty() {
        return Vec::new();
    }
    let most = measured.cases.iter().map(|case| case.dispatches).max().unwrap_or(1);
    let text = if swaps.iter().all(|swap| swap.is_line) {
        String::new()
    } else {
        format!("* no straight line: time per launch at K = {}.", units::count(most.into()))
    };
    let text = Some(Block::text(text)).filter(|block| *block != Block::text(""));
    std::iter::once(Block::Table(table)).chain(text).collect()
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
    let mut sentences = vec!["One more launch is the slope of a line, time = paid once + cost x K".to_owned()];
    if let Some((from, to)) = accepted.iter().find_map(|fit| fit.from.zip(fit.to)) {
        let spread = accepted.iter().filter_map(|fit| Some(fit.goodness?.residual_sd)).fold(0.0, f64::max);
        let (accepted, all) = (accepted.len(), fits.len());
        sentences.push(format!(
            "It fits {accepted} of {all} launch styles within {}, over K = {from} to {to}",
            units::percent(spread)
        ));
    }
    let refused = fits.iter().filter(|(_, fit)| !fit.verdict.is_accepted());
    sentences.extend(refused.map(|(series, fit)| format!("No line fits {series} ({}): {}", fit.verdict, fit.reason)));
    sentences.iter().map(|sentence| words::stopped(sentence)).collect::<Vec<_>>().join(" ")
}
