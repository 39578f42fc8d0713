//! Weak scaling: how much more work fits in the same time.

use super::law;
use crate::finding::waves::waves;
use crate::law as laws;
use crate::law::joint::JointFit;
use crate::page::block::{Block, Drawing, Table, Tone};
use crate::page::plot::{Axis, Curve, Plot, Series};
use crate::page::reason::reason;
use crate::page::words;
use crate::record::{Case, Experiment, Fit, Quantity, Run, ScaledPoint};
use crate::stats::{Estimate, Summary};
use crate::units::{self, ABSENT};

pub(super) fn blocks(run: &Run, experiment: &Experiment) -> Vec<Block> {
    let mut blocks = vec![Block::Table(table(experiment)), Block::text(EXPLAINED)];
    blocks.extend(waves(experiment).map(|_| Block::text(IN_WAVES)));
    blocks.extend(plot(run, experiment).map(Block::Drawing));
    let fits = experiment.fits.iter().filter_map(|fit| match fit {
        Fit::Scaled { quantity, joint, .. } => Some(joint_words(*quantity, joint)),
        _ => None,
    });
    blocks.push(law::list(
        "Weak scaling, read by the joint law T = fixed + (serial + shared/p) n + cost p",
        fits.collect(),
    ));
    blocks
}

const EXPLAINED: &str = "On 1 and on p: the same grown problem, really run on one worker and on all p; the speedup is \
    their ratio. Serial: the share s of the whole job's time on p workers outside the kernel, by the phase timers; \
    Gustafson's scaled speedup p − s (p − 1) follows from it, where the kernel takes no longer than one worker takes for \
    its own share, as the law assumes. Work in the time: p times the whole job of one worker on its own share over the \
    whole job of all p, measured.";

const IN_WAVES: &str = "Waves: workgroups over those that run at once, rounded up. The kernel's time goes up by steps, one \
    for each wave, and not with every workgroup. The joint law, which knows no steps, is fitted only to counts whose last \
    wave is full, or nearly.";

/// The times of one grown problem.
struct Grown<'a> {
    point: &'a ScaledPoint,
    alone: Option<Summary>,
    together: Option<Summary>,
}

fn grown(experiment: &Experiment, wanted: Quantity) -> Vec<Grown<'_>> {
    let points = experiment.fits.iter().find_map(|fit| match fit {
        Fit::Scaled { quantity, points, .. } if *quantity == wanted => Some(points.as_slice()),
        _ => None,
    });
    let time = |n: u64, workers: u64| {
        let same = |case: &&Case| case.problem.n() == n && experiment.workers(case) == workers;
        experiment.cases.iter().find(same)?.summary(wanted)
    };
    let points = points.unwrap_or_default().iter();
    points.map(|point| Grown { point, alone: time(point.n, 1), together: time(point.n, point.workers) }).collect()
}

fn table(experiment: &Experiment) -> Table {
    let heads = [
        "workers",
        "n",
        "kernel\non 1",
        "on p",
        "speed-\nup",
        "whole job\non p",
        "serial",
        "Gustaf-\nson",
        "work in\nthe time",
        "waves",
    ];
    let mut table = Table::new(&heads);
    let waves = waves(experiment);
    let whole = grown(experiment, Quantity::WholeJob);
    for kernel in grown(experiment, Quantity::Kernel) {
        let whole = whole.iter().find(|whole| whole.point.workers == kernel.point.workers);
        let [kernel_alone, kernel_together, kernel_speedup] = times(Some(&kernel));
        let [_, whole_together, _] = times(whole);
        let share = whole.and_then(|whole| whole.point.serial_share);
        let gustafson = whole.and_then(|whole| whole.point.gustafson);
        table.push([
            units::size(kernel.point.workers),
            units::size(kernel.point.n),
            kernel_alone,
            kernel_together,
            interval(kernel.point).unwrap_or(kernel_speedup),
            whole_together,
            share.map_or(ABSENT.to_owned(), |share| units::percent(share.value)),
            gustafson.map_or(ABSENT.to_owned(), units::ratio),
            whole.and_then(|whole| work_rate(whole.point)).map_or(ABSENT.to_owned(), units::ratio),
            waves.map_or(ABSENT.to_owned(), |waves| units::count(kernel.point.workers.div_ceil(waves.slots))),
        ]);
    }
    table.without_empty_columns()
}

/// How many times the work of one worker on its own share is done in the same time: workers over stretch.
fn work_rate(point: &ScaledPoint) -> Option<f64> {
    Some(point.workers as f64 / point.stretch?.value)
}

/// The measured speedup with its interval; one worker is compared with itself, which has none.
fn interval(point: &ScaledPoint) -> Option<String> {
    point.measured.filter(|_| point.workers > 1).map(words::ratio)
}

fn times(grown: Option<&Grown<'_>>) -> [String; 3] {
    let time = |summary: Option<Summary>| summary.map_or(ABSENT.to_owned(), |summary| units::seconds(summary.median));
    let Some(grown) = grown else {
        return std::array::from_fn(|_| ABSENT.to_owned());
    };
    let speedup = grown.point.measured.map_or(ABSENT.to_owned(), |speedup| units::ratio(speedup.value));
    [time(grown.alone), time(grown.together), speedup]
}

fn plot(run: &Run, experiment: &Experiment) -> Option<Drawing> {
    let measured = |quantity| {
        let points = grown(experiment, quantity).into_iter();
        points.filter_map(|grown| Some((grown.point.workers as f64, grown.point.measured?))).collect()
    };
    let gustafson = grown(experiment, Quantity::WholeJob).into_iter().filter_map(|grown| {
        let by = |share: f64| laws::speedup::gustafson(share, grown.point.workers as f64);
        let share = grown.point.serial_share?;
        let estimate = Estimate { value: grown.point.gustafson?, low: by(share.high), high: by(share.low) };
        Some((grown.point.workers as f64, estimate))
    });
    let series = |name: &str, points| Series { name: name.to_owned(), points };
    let plot = Plot {
        x: Axis::counts(&format!("{}s", words::worker(run, experiment))),
        y: Axis::ratios("speedup"),
        series: vec![
            series("kernel, measured", measured(Quantity::Kernel)),
            series("whole job, measured", measured(Quantity::WholeJob)),
            series("whole job, Gustafson from the timers", gustafson.collect()),
        ],
        curves: vec![Curve { name: "ideal".to_owned(), tone: Tone::Faint, fitted: None, y: Box::new(Some) }],
    };
    plot.draw()
}

fn joint_words(quantity: Quantity, joint: &JointFit) -> String {
    let parts: Vec<String> = [
        ("fixed", joint.law.map(|law| law.fixed_seconds)),
        ("shared by the workers for each element", joint.law.map(|law| law.parallel_seconds_per_size)),
        ("serial for each element", joint.law.map(|law| law.serial_seconds_per_size)),
        ("added by each further worker", joint.law.map(|law| law.seconds_per_worker)),
    ]
    .into_iter()
    .filter_map(|(name, estimate)| Some(format!("{name} {}", words::cost(estimate?))))
    .chain(joint.law.and_then(|law| law.knee).map(|knee| format!("full at {} workers", units::ratio(knee))))
    .collect();
    let parts = if parts.is_empty() { "nothing is quoted".to_owned() } else { parts.join("; ") };
    format!("{}: {parts}. Verdict {}: {}.", quantity.name(), joint.verdict, reason(&joint.reason))
}
