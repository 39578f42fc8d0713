//! Transfers: times by bytes, direction and method, with a line for each method.

use super::read::{DIRECTIONS, Reading, bytes, methods, times};
use crate::law::hockney::HockneyFit;
use crate::page::block::{Block, Table};
use crate::page::plot::{Axis, Law, Plot, Points};
use crate::page::words;
use crate::record::{DeviceInfo, DeviceKind, Measured, Measurement, Phase, TransferMethod};
use crate::stats::Summary;
use crate::units::{self, ABSENT};

pub(super) fn blocks(device: &DeviceInfo, measured: &Measured, reading: &Reading) -> Vec<Block> {
    let tables: Vec<Table> = DIRECTIONS.into_iter().filter_map(|phase| table(measured, reading.usual, phase)).collect();
    let has_first = tables.iter().any(|table| table.heads.iter().any(|head| head == FIRST));
    let mut blocks: Vec<Block> = tables.into_iter().map(Block::Table).collect();
    blocks.push(Block::text(explained(reading.usual, has_first)));
    let methods = methods(measured, Phase::Upload).into_iter();
    blocks.push(Block::laws(
        "The transfer methods",
        methods.map(|method| format!("{}: {}", method.name(), what(method))).collect(),
    ));
    blocks.extend(staged_here(device, measured, reading.usual).map(Block::text));
    for phase in DIRECTIONS {
        blocks.extend(plot(measured, reading, phase).map(Block::Plot));
    }
    for phase in DIRECTIONS {
        let lead = format!("{}, by Hockney's law, time = start-up + bytes/rate", phase.name());
        blocks.push(Block::laws(&words::capital(&lead), fits(reading, phase)));
    }
    blocks
}

/// The column of the very first transfers.
const FIRST: &str = "first";

fn explained(usual: TransferMethod, has_first: bool) -> String {
    let rate = format!("Each transfer is waited for. Rate: by the usual method, {}.", usual.name());
    let first = "First: the very first transfer, into memory not touched before.";
    if has_first { format!("{rate} {first}") } else { rate }
}

/// What a transfer method is.
fn what(method: TransferMethod) -> &'static str {
    match method {
        TransferMethod::Staged => "through a staging buffer that is kept; the GPU copies from there",
        TransferMethod::Fresh => "the same with a new staging buffer each time",
        TransferMethod::WriteBuffer => "by the queue's own write_buffer; to the device only",
        TransferMethod::Mapped => "straight into the device's buffers, if host and device share memory",
    }
}

/// What staging comes to on a kind of device; `None` for a device of which that is not known.
fn staged_here(device: &DeviceInfo, measured: &Measured, usual: TransferMethod) -> Option<&'static str> {
    let mapped = methods(measured, Phase::Upload).contains(&TransferMethod::Mapped);
    Some(match device.planned_as() {
        DeviceKind::Integrated if mapped && usual == TransferMethod::Mapped => {
            "Host and GPU share one memory: staged moves the data twice, mapped once. The other sections use mapped."
        }
        DeviceKind::Integrated if mapped => "Host and GPU share one memory: staged moves the data twice, mapped once.",
        DeviceKind::Integrated => "Host and GPU share one memory: staged moves the data twice.",
        DeviceKind::Software => "The GPU is the CPU here: staged moves the data twice, mapped once.",
        DeviceKind::Discrete if device.backend.as_deref() == Some("vulkan") => {
            "Either the GPU's copy or the CPU's crosses the bus: the driver decides in whose memory the staging buffer \
             lies."
        }
        DeviceKind::Discrete => "The staging buffer lies in the host's memory: the GPU's copy crosses the bus.",
        _ => return None,
    })
}

fn table(measured: &Measured, usual: TransferMethod, phase: Phase) -> Option<Table> {
    let methods = methods(measured, phase);
    let mut sizes: Vec<u64> = measured.cases.iter().map(|case| bytes(case, phase)).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let mut table = Table::new(&[phase.name()]);
    table.heads.extend(methods.iter().map(|method| method.name().to_owned()));
    table.heads.extend(["rate", FIRST].map(str::to_owned));
    for size in sizes {
        let at = |method: TransferMethod| {
            times(measured, method, phase).into_iter().find(|(case, _)| bytes(case, phase) == size)
        };
        let own = at(usual);
        let mut row = vec![units::bytes(size as f64)];
        row.extend(methods.iter().map(|&method| {
            // The intervals of all would make the table too wide.
            let written = |time: Summary| {
                if method == usual { words::seconds(time.estimate()) } else { units::seconds(time.median) }
            };
            at(method).map_or(ABSENT.to_owned(), |(_, time)| written(time))
        }));
        row.push(own.map_or(ABSENT.to_owned(), |(_, time)| units::bandwidth(size as f64 / time.median)));
        row.push(own.and_then(|(case, _)| first(case, phase)).map_or(ABSENT.to_owned(), units::seconds));
        table.push(row);
    }
    (!table.rows.is_empty()).then(|| table.without_empty_columns())
}

/// The very first transfer of a job, in seconds.
fn first(case: &Measurement, phase: Phase) -> Option<f64> {
    let first = if phase == Phase::Upload { Phase::FirstUpload } else { Phase::FirstReadBack };
    case.seconds(first).first().copied()
}

fn plot(measured: &Measured, reading: &Reading, phase: Phase) -> Option<Plot> {
    let methods = methods(measured, phase);
    let series = methods.iter().map(|&method| Points {
        name: method.name().to_owned(),
        points: times(measured, method, phase)
            .into_iter()
            .map(|(case, time)| (bytes(case, phase) as f64, time.estimate()))
            .collect(),
    });
    let curves = methods.iter().enumerate().filter_map(|(number, &method)| {
        let fit = reading.line(method, phase)?;
        fit.seconds(1.0)?;
        Some(Law::of_series(number, "", fit.from.zip(fit.to), move |bytes| fit.seconds(bytes)))
    });
    Plot::of(
        Axis::counts(&format!("bytes, {}", phase.name())),
        Axis::seconds("time"),
        series.collect(),
        curves.collect(),
    )
}

fn fits(reading: &Reading, phase: Phase) -> Vec<String> {
    let lines = reading.lines.iter().filter(|line| line.phase == phase);
    lines.map(|line| format!("{}: {}", line.series, in_words(&line.fit))).collect()
}

/// Start-up time, rate and the size at half of it.
fn in_words(fit: &HockneyFit) -> String {
    let mut parts = Vec::new();
    if fit.latency().is_none() && fit.rate().is_none() {
        parts.push("no values".to_owned());
    }
    parts.extend(fit.latency().map(|latency| format!("start-up {}", words::cost(latency))));
    parts.extend(fit.rate().map(|rate| format!("rate {}", units::bandwidth_interval(rate.value, rate.low, rate.high))));
    parts.extend(fit.half_size().map(|half| format!("half that rate at {}", units::bytes(half.value))));
    parts.extend(fit.from.zip(fit.to).map(|(from, to)| format!("over {} to {}", units::bytes(from), units::bytes(to))));
    format!("{}. Verdict {}: {}.", parts.join(", "), fit.verdict, fit.reason)
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::*;
    use crate::experiment::fixture::transfers;

    #[test]
    fn both_directions_are_shown_with_the_methods_that_lead_there() {
        let measured = transfers();
        let usual = TransferMethod::Staged;
        let reading = read(&measured, usual);
        let [up, back] = DIRECTIONS.map(|phase| table(&measured, usual, phase).unwrap());
        assert_eq!(up.heads, ["upload", "staged", "fresh", "write-buffer", "mapped", "rate", "first"]);
        assert_eq!(back.heads, ["read-back", "staged", "fresh", "mapped", "rate", "first"]);
        assert_eq!(up.rows.len(), 10);
        assert_eq!((up.rows[9][0].as_str(), back.rows[9][0].as_str()), ("32 MiB", "16 MiB"));
        assert_eq!(fits(&reading, Phase::ReadBack).len(), 3);
        assert!(fits(&reading, Phase::Upload)[3].starts_with("mapped: start-up 5.0"));
    }
}
