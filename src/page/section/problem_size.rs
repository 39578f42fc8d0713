//! Problem sizes: times of the device and of the CPU beside it, rates, and the crossover.

use super::law;
use crate::finding::series::{Timed, rungs, timed};
use crate::finding::size;
use crate::law as laws;
use crate::law::hockney::HockneyFit;
use crate::page::block::{Block, Drawing, Table, Tone};
use crate::page::plot::{Axis, Curve, Plot, Series};
use crate::page::reason::reason;
use crate::page::words;
use crate::record::{Case, Experiment, Fit, Quantity, Run, WorkUnit};
use crate::stats::Summary;
use crate::units::{self, ABSENT};

pub(super) fn blocks(run: &Run, experiment: &Experiment) -> Vec<Block> {
    let mut blocks = vec![Block::Table(table(experiment))];
    blocks.extend(beside(run, experiment).map(Block::Table));
    blocks.push(Block::text(explained(run, experiment)));
    blocks.extend(plot(run, experiment).map(Block::Drawing));
    blocks.push(law::list("Hockney's law, time = start-up + work/rate", fits(run, experiment)));
    blocks
}

/// What the work of this workload is counted in.
fn unit(experiment: &Experiment) -> WorkUnit {
    let of_fit = experiment.fits.iter().find_map(|fit| match fit {
        Fit::Size { unit, .. } => Some(*unit),
        _ => None,
    });
    of_fit.unwrap_or(WorkUnit::Bytes)
}

fn work(case: &Case, unit: WorkUnit) -> f64 {
    match unit {
        WorkUnit::Flop => case.flop,
        WorkUnit::Bytes => case.bytes,
    }
}

fn table(experiment: &Experiment) -> Table {
    let unit = unit(experiment);
    let mut table = Table::new(&["n", "kernel", "kernel's\nrate", "round trip"]);
    for case in experiment.cases.iter().filter(|case| case.rung.is_none()) {
        let kernel = case.summary(Quantity::Kernel);
        let rate = kernel.filter(|kernel| kernel.median > 0.0);
        table.push([
            units::size(case.problem.n()),
            interval(kernel),
            rate.map_or_else(absent, |kernel| size::work_rate(unit, work(case, unit) / kernel.median)),
            interval(case.summary(Quantity::RoundTrip)),
        ]);
    }
    table.without_empty_columns()
}

/// The device beside the processor's rungs; `None` where there are none.
fn beside(run: &Run, experiment: &Experiment) -> Option<Table> {
    let rungs = rungs(experiment);
    let mut table = Table::new(&["n"]);
    table.heads.push(format!("{},\nround trip", words::device(run.device.kind)));
    table.heads.extend(rungs.iter().map(|rung| format!("CPU,\n{rung}")));
    table.heads.extend(rungs.first().map(|rung| format!("over the\nCPU's {rung}")));
    table.heads.push("over the\nCPU's best".to_owned());
    let baselines: Vec<Vec<Timed<'_>>> =
        rungs.iter().map(|rung| timed(experiment, Some(rung), Quantity::RoundTrip)).collect();
    for case in experiment.cases.iter().filter(|case| case.rung.is_none()) {
        let trip = case.summary(Quantity::RoundTrip);
        let times: Vec<Option<Summary>> = baselines
            .iter()
            .map(|cases| cases.iter().find(|other| other.case.problem == case.problem).map(|other| other.time))
            .collect();
        let best = times.iter().flatten().min_by(|one, other| one.median.total_cmp(&other.median));
        let over = |cpu: Option<&Summary>| cpu.zip(trip.as_ref()).and_then(|(cpu, trip)| laws::ratio(cpu, trip));
        let median = |time: &Option<Summary>| time.map_or_else(absent, |time| units::seconds(time.median));
        let mut row = vec![units::size(case.problem.n()), median(&trip)];
        row.extend(times.iter().map(median));
        let scalar = times.first().map(|first| over(first.as_ref()));
        row.extend(scalar.map(|over| over.map_or_else(absent, |over| units::ratio(over.value))));
        row.push(over(best).map_or_else(absent, words::ratio));
        table.push(row);
    }
    (!rungs.is_empty()).then(|| table.without_empty_columns())
}

fn absent() -> String {
    ABSENT.to_owned()
}

fn interval(summary: Option<Summary>) -> String {
    summary.map_or_else(absent, |summary| words::seconds(summary.estimate()))
}

fn explained(run: &Run, experiment: &Experiment) -> String {
    let unit = match unit(experiment) {
        WorkUnit::Bytes => "bytes that must cross between kernel and memory",
        WorkUnit::Flop => "multiplications and additions",
    };
    let ratio = if rungs(experiment).is_empty() {
        String::new()
    } else {
        format!(" The last columns are above 1 where {} with its transfers is faster.", words::device(run.device.kind))
    };
    format!("Round trip: upload, launch, kernel and read-back, the set-up left out. The rate counts {unit}.{ratio}")
}

fn plot(run: &Run, experiment: &Experiment) -> Option<Drawing> {
    let points = |rung: Option<&str>, quantity| {
        let cases = timed(experiment, rung, quantity).into_iter();
        cases.map(|timed| (timed.case.problem.n() as f64, timed.time.estimate())).collect()
    };
    let mut series = vec![
        Series { name: "kernel".to_owned(), points: points(None, Quantity::Kernel) },
        Series { name: "round trip".to_owned(), points: points(None, Quantity::RoundTrip) },
    ];
    for rung in rungs(experiment) {
        let points = points(Some(rung), Quantity::RoundTrip);
        series.push(Series { name: words::cpu_rung(run, rung), points });
    }
    let curves = [(Quantity::Kernel, 0), (Quantity::RoundTrip, 1)].into_iter().filter_map(|(quantity, number)| {
        let fit = hockney(experiment, quantity)?;
        hockney_curve(experiment, fit, quantity, Tone::Series(number))
    });
    let plot = Plot { x: Axis::counts("n"), y: Axis::seconds("time"), series, curves: curves.collect() };
    plot.draw()
}

fn hockney(experiment: &Experiment, wanted: Quantity) -> Option<&HockneyFit> {
    experiment.fits.iter().find_map(|fit| match fit {
        Fit::Size { quantity, rung: None, fit, .. } if *quantity == wanted => Some(fit),
        _ => None,
    })
}

/// Hockney's line over n. It is a line over the work, which need not be proportional to n: the work between two
/// measured sizes is interpolated on the logarithm.
fn hockney_curve<'a>(
    experiment: &'a Experiment,
    fit: &'a HockneyFit,
    quantity: Quantity,
    tone: Tone,
) -> Option<Curve<'a>> {
    fit.seconds(1.0)?;
    let unit = unit(experiment);
    let own = experiment.cases.iter().filter(|case| case.rung.is_none());
    let mut sizes: Vec<(f64, f64)> = own.map(|case| ((case.problem.n() as f64).ln(), work(case, unit).ln())).collect();
    sizes.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (first, last) = (sizes.first()?.0.exp(), sizes.last()?.0.exp());
    Some(Curve {
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

fn fits(run: &Run, experiment: &Experiment) -> Vec<String> {
    experiment
        .fits
        .iter()
        .filter_map(|fit| match fit {
            Fit::Size { quantity, rung, fit, unit } => {
                let who = rung.as_ref().map_or(quantity.name().to_owned(), |rung| words::cpu_rung(run, rung));
                Some(format!("{who}: {}", hockney_words(fit, *unit)))
            }
            _ => None,
        })
        .collect()
}

fn hockney_words(fit: &HockneyFit, unit: WorkUnit) -> String {
    let work = |value: f64| match unit {
        WorkUnit::Bytes => units::bytes(value),
        WorkUnit::Flop => units::flop(value),
    };
    let mut parts = Vec::new();
    if fit.latency().is_none() && fit.rate().is_none() {
        parts.push("nothing is quoted".to_owned());
    }
    parts.extend(fit.latency().map(|latency| format!("start-up {}", words::seconds(latency))));
    parts.extend(fit.rate().map(|r| format!("rate {}", size::rate_interval(unit, r))));
    parts.extend(fit.half_size().map(|half| format!("half of it at {}", work(half.value))));
    parts.extend(fit.from.zip(fit.to).map(|(from, to)| format!("over {} to {}", work(from), work(to))));
    format!("{}. Verdict {}: {}.", parts.join(", "), fit.verdict, reason(&fit.reason))
}
