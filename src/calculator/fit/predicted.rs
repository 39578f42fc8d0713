//! The curve on worker counts that were asked for.

use super::FitReport;
use crate::calculator::timings::Given;
use crate::law::speedup::Predicted;
use crate::page::block::{Block, Table};
use crate::page::speedup::workers;
use crate::page::words;
use crate::units::ABSENT;

pub(super) fn blocks(report: &FitReport) -> Vec<Block> {
    if !report.asked {
        return Vec::new();
    }
    let section = Block::Section {
        title: "predicted".to_owned(),
        question: "What does the law say of other worker counts?".to_owned(),
    };
    let Some(predictions) = &report.predictions else {
        let (verdict, reason) = (report.fit.verdict, &report.fit.reason);
        return vec![section, Block::text(format!("Nothing is predicted ({verdict}): {reason}."))];
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

/// What the intervals hold, as far as it concerns these rows.
fn note(report: &FitReport, predictions: &[Predicted]) -> String {
    let beyond = predictions.iter().any(|one| one.extrapolated);
    let mut sentences =
        vec!["By the fitted curve, relative to its own time on one worker; a new measurement scatters around it."];
    if report.forced {
        sentences.push("The intervals take the model that was asked for to be true.");
    }
    let has_cost = report.fit.model.is_some_and(crate::law::Model::has_kappa);
    match (beyond, report.forced) {
        (true, true) => sentences.push("Beyond the data nothing but that model stands behind them."),
        (true, false) if has_cost => sentences.push("A limit that begins only beyond the data no interval can hold."),
        (true, false) => sentences.push(
            "Beyond the data the intervals also hold a cost per worker too small to show in them; a limit that begins \
             only there no interval can hold.",
        ),
        (false, _) => {}
    }
    if predictions.iter().any(|one| one.seconds.is_none() || one.speedup.is_none()) {
        sentences.push("– stands where the data bound a value on one side only.");
    }
    sentences.join(" ")
}
