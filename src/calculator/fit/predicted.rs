//! Predictions for the worker counts that were asked for.

use super::FitReport;
use crate::calculator::timings::Given;
use crate::law::speedup::Predicted;
use crate::page::block::{Block, Table};
use crate::page::speedup::{refusal, workers};
use crate::page::words;
use crate::units::ABSENT;

pub(super) fn blocks(report: &FitReport) -> Vec<Block> {
    if !report.asked {
        return Vec::new();
    }
    let section = Block::Section {
        title: "predicted".to_owned(),
        question: "What does the law predict for other worker counts?".to_owned(),
    };
    let Some(predictions) = &report.predictions else {
        return vec![section, Block::text(format!("No prediction: {}.", refusal(&report.fit)))];
    };
    let own = format!("{} (95 %)", report.head());
    let mut table = Table::new(&["workers", &own, "speedup (95 %)", ""]).words(&[3]);
    let absent = || ABSENT.to_owned();
    for one in predictions {
        let time = one.seconds.map(|time| report.shown_interval(time.value, time.low, time.high));
        let speedup = one.speedup.filter(|_| report.timings.given != Given::Speedup);
        table.push([
            workers(one.workers),
            time.unwrap_or_else(absent),
            speedup.map_or_else(absent, words::ratio),
            if one.extrapolated { "extrapolated".to_owned() } else { "within the data".to_owned() },
        ]);
    }
    let table = table.without_empty_columns();
    vec![section, Block::Table(table), Block::text(note(report, predictions))]
}

/// Says what the intervals of these rows mean.
fn note(report: &FitReport, predictions: &[Predicted]) -> String {
    let beyond = predictions.iter().any(|one| one.extrapolated);
    let mut sentences =
        vec!["Speedups are relative to one worker on the curve. A new measurement scatters around the curve."];
    if report.forced {
        sentences.push("The intervals assume that the model you gave is true.");
    }
    let has_cost = report.fit.model.is_some_and(|model| model.has_kappa() || model.has_log());
    match (beyond, report.forced) {
        (true, true) => sentences.push("Beyond the data only that model supports them."),
        (true, false) if has_cost => sentences.push("A limit that begins beyond the data is in no interval."),
        (true, false) => sentences.push(
            "Beyond the data the intervals allow for a cost per worker too small to see in the data. A limit that \
             begins there is in no interval.",
        ),
        (false, _) => {}
    }
    if predictions.iter().any(|one| one.seconds.is_none() || one.speedup.is_none()) {
        sentences.push("– means that the data limit a value on one side only.");
    }
    sentences.join(" ")
}
