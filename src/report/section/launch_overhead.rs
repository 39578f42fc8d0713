//! The launch ladder: time per launch by rung and number of dispatches, and a line for each rung.

use super::law;
use crate::finding::series::launches;
use crate::finding::words;
use crate::law::line::LineFit;
use crate::record::{Case, Experiment, Fit};
use crate::report::block::{Block, Drawing, Table, Tone};
use crate::report::plot::{Axis, Curve, Plot, Series};
use crate::units::{self, ABSENT};

pub(super) fn blocks(experiment: &Experiment) -> Vec<Block> {
    let mut blocks = vec![Block::Table(table(experiment)), Block::text(EXPLAINED)];
    blocks.extend(plot(experiment).map(Block::Drawing));
    let items = rungs(experiment).into_iter().map(|rung| format!("{rung}: {}", advice(rung)));
    blocks.push(law::list("The rungs, and what to do", items.collect()));
    blocks.push(Block::text(lines_words(experiment)));
    blocks
}

const EXPLAINED: &str = "Cells: the median time of K dispatches, divided by K, so that the first column is the time of \
    a single launch. Cost: what one more launch adds, by the line through all K; round trip: what is paid once.";

/// What a rung is, and when to use it.
fn advice(rung: &str) -> &'static str {
    match rung {
        "one-pass" => "all dispatches in one pass: do this wherever kernels follow one another",
        "pass-each" => "a pass for each, one encoder: needed only where copies or other passes stand between",
        "command-buffer-each" => "a command buffer for each, one submit: join them where one thread records them",
        "submit-each" => "a submit for each, one wait: collect command buffers and submit them together",
        "wait-each" => "submit and wait for each: wait only when the host needs the result",
        "read-back-each" => "submit, wait and read back each: keep what only the next kernel needs on the device",
        _ => "a rung that this version does not know",
    }
}

/// The rungs in the order of the record.
fn rungs(experiment: &Experiment) -> Vec<&str> {
    let mut rungs: Vec<&str> = Vec::new();
    for rung in experiment.cases.iter().filter_map(|case| case.rung.as_deref()) {
        if !rungs.contains(&rung) {
            rungs.push(rung);
        }
    }
    rungs
}

fn line<'a>(experiment: &'a Experiment, wanted: &str) -> Option<&'a LineFit> {
    experiment.fits.iter().find_map(|fit| match fit {
        Fit::Launch { rung, fit } if rung == wanted => Some(fit),
        _ => None,
    })
}

fn on_rung<'a>(experiment: &'a Experiment, rung: &'a str) -> impl Iterator<Item = &'a Case> {
    experiment.cases.iter().filter(move |case| case.rung.as_deref() == Some(rung))
}

fn table(experiment: &Experiment) -> Table {
    let mut counts: Vec<u32> = experiment.cases.iter().map(|case| case.dispatches).collect();
    counts.sort_unstable();
    counts.dedup();
    let mut table = Table::new(&["rung"]).words(&[0]);
    table.heads.extend(counts.iter().map(|count| format!("K = {}", units::count(u64::from(*count)))));
    table.heads.extend(["cost of one more".to_owned(), "round trip".to_owned()]);
    let absent = || ABSENT.to_owned();
    for rung in rungs(experiment) {
        let mut row = vec![rung.to_owned()];
        row.extend(counts.iter().map(|count| {
            let case = on_rung(experiment, rung).find(|case| case.dispatches == *count);
            let time = case.and_then(launches);
            time.map_or_else(absent, |time| units::seconds(time.median / f64::from(*count)))
        }));
        let fit = line(experiment, rung);
        row.push(fit.and_then(|fit| fit.slope).map_or_else(absent, words::cost));
        row.push(fit.and_then(|fit| fit.intercept).map_or_else(absent, words::about));
        table.push(row);
    }
    table.without_empty_columns()
}

fn plot(experiment: &Experiment) -> Option<Drawing> {
    let rungs = rungs(experiment);
    let series = rungs.iter().map(|rung| Series {
        name: (*rung).to_owned(),
        points: on_rung(experiment, rung)
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
        refused.map(|(rung, fit)| format!("No cost is quoted for {rung} ({}): {}", fit.verdict, fit.verdict_reason)),
    );
    sentences.iter().map(|sentence| words::stopped(sentence)).collect::<Vec<_>>().join(" ")
}
