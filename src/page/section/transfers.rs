//! Transfers: times by bytes, direction and path, with a line for each path.

use super::law;
use crate::finding::transfers::{DIRECTIONS, USUAL, bytes, line, paths, times};
use crate::law::hockney::HockneyFit;
use crate::page::block::{Block, Drawing, Table, Tone};
use crate::page::plot::{Axis, Curve, Plot, Series};
use crate::page::reason::reason;
use crate::page::words;
use crate::record::{Case, Experiment, Phase};
use crate::stats::Summary;
use crate::units::{self, ABSENT};

pub(super) fn blocks(experiment: &Experiment) -> Vec<Block> {
    let mut blocks = Vec::new();
    for phase in DIRECTIONS {
        blocks.extend(table(experiment, phase).map(Block::Table));
    }
    blocks.push(Block::text(EXPLAINED));
    let items = paths(experiment, Phase::Upload).into_iter().map(|path| format!("{path}: {}", what(path)));
    blocks.push(law::list("The paths", items.collect()));
    for phase in DIRECTIONS {
        blocks.extend(plot(experiment, phase).map(Block::Drawing));
    }
    for phase in DIRECTIONS {
        let lead = format!("{}, read by Hockney's law, time = start-up + bytes/rate", phase.name());
        blocks.push(law::list(&words::capital(&lead), fits(experiment, phase)));
    }
    blocks
}

const EXPLAINED: &str = "Each transfer is waited for. The rate is that of the usual path, reused staging. First: the \
    very first transfer of a job through it, into buffers that nothing has touched before.";

/// What a path is.
fn what(path: &str) -> &'static str {
    match path {
        "staged" => "copied into a staging buffer that is made once and kept, and from there by the GPU",
        "fresh" => "the same with a new staging buffer for each transfer: its memory is touched for the first time",
        "write-buffer" => "by the queue's own write_buffer, which stages by itself; it leads to the device only",
        "mapped" => "straight into the device's buffers, where host and device share their memory",
        _ => "a path that this version does not know",
    }
}

fn table(experiment: &Experiment, phase: Phase) -> Option<Table> {
    let paths = paths(experiment, phase);
    let mut sizes: Vec<u64> = experiment.cases.iter().map(|case| bytes(case, phase)).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let mut table = Table::new(&[phase.name()]);
    table.heads.extend(paths.iter().map(|path| (*path).to_owned()));
    table.heads.extend(["rate".to_owned(), "first".to_owned()]);
    for size in sizes {
        let at = |path: &str| times(experiment, path, phase).into_iter().find(|(case, _)| bytes(case, phase) == size);
        let usual = at(USUAL);
        let mut row = vec![units::bytes(size as f64)];
        row.extend(paths.iter().map(|path| {
            // The intervals of all would make the table too wide.
            let written = |time: Summary| {
                if *path == USUAL { words::seconds(time.estimate()) } else { units::seconds(time.median) }
            };
            at(path).map_or(ABSENT.to_owned(), |(_, time)| written(time))
        }));
        row.push(usual.map_or(ABSENT.to_owned(), |(_, time)| units::bandwidth(size as f64 / time.median)));
        row.push(usual.and_then(|(case, _)| first(case, phase)).map_or(ABSENT.to_owned(), units::seconds));
        table.push(row);
    }
    (!table.rows.is_empty()).then(|| table.without_empty_columns())
}

/// The very first transfer of a job, in seconds.
fn first(case: &Case, phase: Phase) -> Option<f64> {
    let first = if phase == Phase::Upload { Phase::FirstUpload } else { Phase::FirstReadBack };
    case.seconds(first).first().copied()
}

fn plot(experiment: &Experiment, phase: Phase) -> Option<Drawing> {
    let paths = paths(experiment, phase);
    let series = paths.iter().map(|path| Series {
        name: (*path).to_owned(),
        points: times(experiment, path, phase)
            .into_iter()
            .map(|(case, time)| (bytes(case, phase) as f64, time.estimate()))
            .collect(),
    });
    let curves = paths.iter().enumerate().filter_map(|(number, path)| {
        let fit = line(experiment, path, phase)?;
        fit.seconds(1.0)?;
        Some(Curve {
            name: String::new(),
            tone: Tone::Series(number),
            fitted: fit.from.zip(fit.to),
            y: Box::new(move |bytes| fit.seconds(bytes)),
        })
    });
    let plot = Plot {
        x: Axis::counts(&format!("bytes, {}", phase.name())),
        y: Axis::seconds("time"),
        series: series.collect(),
        curves: curves.collect(),
    };
    plot.draw()
}

fn fits(experiment: &Experiment, phase: Phase) -> Vec<String> {
    let of = |path: &str| Some(format!("{path}: {}", hockney_words(line(experiment, path, phase)?)));
    paths(experiment, phase).into_iter().filter_map(of).collect()
}

/// Start-up time, rate and the size at half of it.
fn hockney_words(fit: &HockneyFit) -> String {
    let mut parts = Vec::new();
    if fit.latency().is_none() && fit.rate().is_none() {
        parts.push("nothing is quoted".to_owned());
    }
    parts.extend(fit.latency().map(|latency| format!("start-up {}", words::cost(latency))));
    parts.extend(fit.rate().map(|rate| format!("rate {}", units::bandwidth_interval(rate.value, rate.low, rate.high))));
    parts.extend(fit.half_size().map(|half| format!("half of it at {}", units::bytes(half.value))));
    parts.extend(fit.from.zip(fit.to).map(|(from, to)| format!("over {} to {}", units::bytes(from), units::bytes(to))));
    format!("{}. Verdict {}: {}.", parts.join(", "), fit.verdict, reason(&fit.reason).trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::fixture::transfers;

    #[test]
    fn both_directions_are_shown_with_the_paths_that_lead_there() {
        let experiment = transfers();
        let [up, back] = DIRECTIONS.map(|phase| table(&experiment, phase).unwrap());
        assert_eq!(up.heads, ["upload", "staged", "fresh", "write-buffer", "mapped", "rate", "first"]);
        assert_eq!(back.heads, ["read-back", "staged", "fresh", "mapped", "rate", "first"]);
        assert_eq!(up.rows.len(), 10);
        assert_eq!((up.rows[9][0].as_str(), back.rows[9][0].as_str()), ("32 MiB", "16 MiB"));
        assert_eq!(fits(&experiment, Phase::ReadBack).len(), 3);
        assert!(fits(&experiment, Phase::Upload)[3].starts_with("mapped: start-up 5.0"));
    }
}
