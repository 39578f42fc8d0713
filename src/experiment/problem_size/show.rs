//! Problem sizes: times of the device and of the CPU beside it, rates, and the crossover.

use super::read::{Reading, SizeFit, WorkUnit};
use super::say;
use crate::experiment::View;
use crate::experiment::cases::{Timed, all_series, kernel_cell, near_floor, of_series, share_cell, timed};
use crate::experiment::contest;
use crate::law;
use crate::law::hockney::HockneyFit;
use crate::page::block::{Block, Table, Tone};
use crate::page::plot::{Axis, Law, Plot, Points};
use crate::page::words;
use crate::record::{Measured, Quantity, Run, Series};
use crate::stats::Summary;
use crate::units::{self, ABSENT};

pub(super) fn blocks(View { run, measured, reading }: View<'_, Reading>) -> Vec<Block> {
    let mut blocks = vec![Block::Table(table(run, measured, reading.unit))];
    blocks.extend(near_floor(run, measured));
    blocks.extend(beside(run, measured).map(Block::Table));
    blocks.push(Block::text(explained(run, measured, reading.unit)));
    blocks.extend(contest::blocks(measured));
    blocks.extend(plot(run, measured, reading).map(Block::Plot));
    let fits = reading.sizes.iter().map(|size| hockney_words(run, size, reading.unit)).collect();
    blocks.push(Block::laws("Hockney's law, time = start-up + work/rate", fits));
    blocks
}

fn table(run: &Run, measured: &Measured, unit: WorkUnit) -> Table {
    let mut table = Table::new(&["n", "variant", "kernel", "kernel's\nrate", "of its\nlimit", "round trip"]);
    for case in of_series(measured, Series::Device) {
        let kernel = case.summary(Quantity::Kernel);
        let rate = kernel.filter(|kernel| kernel.median > 0.0);
        table.push([
            units::count(case.problem.n()),
            contest::variant(case),
            kernel_cell(run, measured, case, interval(kernel)),
            rate.map_or_else(absent, |kernel| say::work_rate(unit, unit.of(case) / kernel.median)),
            share_cell(run, measured, case),
            interval(case.summary(Quantity::RoundTrip)),
        ]);
    }
    table.without_empty_columns()
}

/// The device beside the baselines; `None` where there are none.
fn beside(run: &Run, measured: &Measured) -> Option<Table> {
    let baselines = all_series(measured);
    let mut table = Table::new(&["n"]);
    table.heads.push(format!("{},\nround trip", words::device(run.device.kind)));
    table.heads.extend(baselines.iter().map(|baseline| format!("CPU,\n{baseline}")));
    table.heads.extend(baselines.first().map(|baseline| format!("times faster\nthan {baseline}")));
    table.heads.push("times faster than\nthe CPU's best".to_owned());
    let beside: Vec<Vec<Timed<'_>>> =
        baselines.iter().map(|baseline| timed(measured, *baseline, Quantity::RoundTrip)).collect();
    for case in of_series(measured, Series::Device) {
        let trip = case.summary(Quantity::RoundTrip);
        let times: Vec<Option<Summary>> = beside
            .iter()
            .map(|cases| cases.iter().find(|other| other.case.problem == case.problem).map(|other| other.time))
            .collect();
        let best = times.iter().flatten().min_by(|one, other| one.median.total_cmp(&other.median));
        let over = |cpu: Option<&Summary>| cpu.zip(trip.as_ref()).and_then(|(cpu, trip)| law::ratio(cpu, trip));
        let median = |time: &Option<Summary>| time.map_or_else(absent, |time| units::seconds(time.median));
        let mut row = vec![units::count(case.problem.n()), median(&trip)];
        row.extend(times.iter().map(median));
        let scalar = times.first().map(|first| over(first.as_ref()));
        row.extend(scalar.map(|over| over.map_or_else(absent, |over| units::ratio(over.value))));
        row.push(over(best).map_or_else(absent, words::ratio));
        table.push(row);
    }
    (!baselines.is_empty()).then(|| table.without_empty_columns())
}

fn absent() -> String {
    ABSENT.to_owned()
}

fn interval(summary: Option<Summary>) -> String {
    summary.map_or_else(absent, |summary| words::seconds(summary.estimate()))
}

fn explained(run: &Run, measured: &Measured, unit: WorkUnit) -> String {
    let unit = match unit {
        WorkUnit::Bytes => "bytes between kernel and memory",
        WorkUnit::Flop => "multiplications and additions",
    };
    let ratio = if all_series(measured).is_empty() {
        String::new()
    } else {
        format!(" Above 1: {} wins.", words::device(run.device.kind))
    };
    format!(
        "Round trip: upload, launch, kernel and read-back, without set-up; the whole job in gains has set-up, too. \
         Rate: {unit} per second.{ratio}"
    )
}

fn plot(run: &Run, measured: &Measured, reading: &Reading) -> Option<Plot> {
    let points = |series: Series, quantity| {
        let cases = timed(measured, series, quantity).into_iter();
        cases.map(|timed| (timed.case.problem.n() as f64, timed.time.estimate())).collect()
    };
    let mut series = vec![
        Points { name: "kernel".to_owned(), points: points(Series::Device, Quantity::Kernel) },
        Points { name: "round trip".to_owned(), points: points(Series::Device, Quantity::RoundTrip) },
    ];
    for against in &reading.crossovers {
        let points = points(against.against, Quantity::RoundTrip);
        series.push(Points { name: words::baseline(run, against.baseline()), points });
    }
    let curves = [(Quantity::Kernel, 0), (Quantity::RoundTrip, 1)]
        .into_iter()
        .filter_map(|(quantity, number)| hockney_curve(measured, reading, quantity, Tone::Series(number)));
    Plot::of(Axis::counts("n"), Axis::seconds("time"), series, curves.collect())
}

/// Hockney's line over n. It is a line over the work, which need not be proportional to n: the work between two
/// measured sizes is interpolated on the logarithm.
fn hockney_curve<'a>(measured: &'a Measured, reading: &'a Reading, quantity: Quantity, tone: Tone) -> Option<Law<'a>> {
    let fit = reading.of_device(quantity)?;
    fit.seconds(1.0)?;
    let own = of_series(measured, Series::Device);
    let mut sizes: Vec<(f64, f64)> =
        own.map(|case| ((case.problem.n() as f64).ln(), reading.unit.of(case).ln())).collect();
    sizes.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (first, last) = (sizes.first()?.0.exp(), sizes.last()?.0.exp());
    Some(Law {
        name: format!("Hockney, {}", quantity.name()),
        tone,
        fitted: Some((first, last)),
        y: Box::new(move |n| fit.seconds(interpolated(&sizes, n.ln())?.exp())),
    })
}

/// The line through the two points nearest to x.
fn interpolated(points: &[(f64, f64)], x: f64) -> Option<f64> {
    let after = points.iter().position(|(at, _)| *at > x).unwrap_or(points.len()).clamp(1, points.len().max(2) - 1);
    let ((x0, y0), (x1, y1)) = (points.get(after - 1)?, points.get(after)?);
    Some(y0 + (x - x0) / (x1 - x0) * (y1 - y0))
}

fn hockney_words(run: &Run, size: &SizeFit, unit: WorkUnit) -> String {
    let fit: &HockneyFit = &size.fit;
    let who = size.series.baseline().map_or(size.quantity.name().to_owned(), |baseline| words::baseline(run, baseline));
    let work = |value: f64| match unit {
        WorkUnit::Bytes => units::bytes(value),
        WorkUnit::Flop => units::flop(value),
    };
    let mut parts = Vec::new();
    if fit.latency().is_none() && fit.rate().is_none() {
        parts.push("no values".to_owned());
    }
    parts.extend(fit.latency().map(|latency| format!("start-up {}", words::seconds(latency))));
    parts.extend(fit.rate().map(|r| format!("rate {}", say::rate_interval(unit, r))));
    parts.extend(fit.half_size().map(|half| format!("half that rate at {}", work(half.value))));
    parts.extend(fit.from.zip(fit.to).map(|(from, to)| format!("over {} to {}", work(from), work(to))));
    format!("{who}: {}. Verdict {}: {}.", parts.join(", "), fit.verdict, fit.reason)
}
