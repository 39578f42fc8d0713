//! Strong scaling: speedups over the workers, for the kernel and for the whole job.

use super::law::speedup_words;
use super::read::Reading;
use super::what_if::{self, WhatIf};
use crate::experiment::cases::{SERIAL_PHASES, Speedups, Timed, floor, kernel_cell, near_floor, phase, workers};
use crate::experiment::{View, waves};
use crate::law::waves::Waves;
use crate::law::what_if::{Outcome, Overhead};
use crate::page::block::{Block, Table, Tone};
use crate::page::plot::{Plot, Points};
use crate::page::speedup::{self, KARP_FLATT, Ratios};
use crate::page::words;
use crate::record::{Measured, Measurement, Phase, Quantity, Run};
use crate::stats::Estimate;
use crate::units::{self, ABSENT};

pub(super) fn blocks(view: View<'_, Reading>) -> Vec<Block> {
    let View { run, measured, reading } = view;
    let kernel = Speedups::of(measured, Quantity::Kernel);
    let whole = Speedups::of(measured, Quantity::WholeJob);
    let found = reading.waves.as_ref();
    let mut blocks = vec![Block::Table(table(run, measured, [kernel.as_ref(), whole.as_ref()], found))];
    blocks.extend(near_floor(run, measured));
    blocks.extend(at_floor(reading));
    blocks.extend(in_parts(measured));
    blocks.push(Block::text(explained(kernel.as_ref(), whole.as_ref())));
    blocks.extend(found.map(|_| Block::text(waves::EXPLAINED)));
    blocks.extend(whole.as_ref().and_then(|whole| phases(measured, whole)).map(Block::Table));
    blocks.extend(what_if(measured));
    blocks.extend(plot(view, kernel.as_ref(), whole.as_ref()).map(Block::Plot));
    let fits = [Quantity::Kernel, Quantity::WholeJob].map(|quantity| {
        let speedup = reading.of(quantity);
        speedup_words(quantity, &speedup.fit, speedup.phase_share)
    });
    let hardware = reading.without_floor.as_ref().zip(floor(run, measured)).map(|(fit, floor)| {
        let words = speedup_words(Quantity::Kernel, fit, None);
        format!("without the launch floor of {}: {words}", units::seconds(floor.value))
    });
    let fits = fits.into_iter().chain(hardware).collect();
    blocks.push(Block::laws("Strong scaling, read by Amdahl's law", fits));
    blocks
}

/// Names the counts that the kernel's law leaves out; nothing if there are none.
fn at_floor(reading: &Reading) -> Option<Block> {
    let counts: Vec<String> = reading.at_floor.iter().copied().map(units::count).collect();
    (!counts.is_empty()).then(|| {
        Block::text(format!(
            "The kernel's law leaves out {} workers: their kernel takes no longer than an empty pass.",
            counts.join(", ")
        ))
    })
}

/// How the long jobs of few workers were timed; nothing if all of them are short.
fn in_parts(measured: &Measured) -> Option<Block> {
    let parts = measured.cases.iter().map(|case| case.parts).filter(|&parts| parts > 1).max()?;
    Some(Block::text(format!(
        "{} equal parts at most make up a long job. The time shown is their sum, with one launch floor.",
        units::count(parts.into())
    )))
}

fn table(run: &Run, measured: &Measured, [kernel, whole]: [Option<&Speedups<'_>>; 2], waves: Option<&Waves>) -> Table {
    let heads = [
        "workers",
        "workgroup\nsize",
        "kernel",
        "speed-\nup",
        "effi-\nciency",
        "Karp–\nFlatt",
        "whole job",
        "speed-\nup",
        "waves",
    ];
    let mut table = Table::new(&heads);
    let mut cases: Vec<&Measurement> = measured.cases.iter().collect();
    cases.sort_by_key(|case| measured.workers(case));
    for case in cases {
        let count = measured.workers(case);
        let [kernel_time, kernel_speedup, efficiency, karp_flatt] = of_case(measured, kernel, case);
        let [whole_time, whole_speedup, ..] = of_case(measured, whole, case);
        table.push([
            units::count(count),
            workgroup_size(measured, case),
            kernel_cell(run, measured, case, kernel_time),
            kernel_speedup,
            efficiency,
            karp_flatt,
            whole_time,
            whole_speedup,
            waves.map_or(ABSENT.to_owned(), |waves| units::count(count.div_ceil(waves.slots))),
        ]);
    }
    table.without_empty_columns()
}

/// The workgroup size; nothing on a device that has no workgroups.
fn workgroup_size(measured: &Measured, case: &Measurement) -> String {
    let some = measured.cases.iter().any(|case| case.workgroup_size > 1);
    if some { units::count(u64::from(case.workgroup_size)) } else { ABSENT.to_owned() }
}

/// Time, speedup, efficiency and Karp–Flatt's fraction of a case.
fn of_case(measured: &Measured, speedups: Option<&Speedups<'_>>, case: &Measurement) -> [String; 4] {
    let absent = || ABSENT.to_owned();
    let Some((speedups, (timed, speedup))) = speedups.and_then(|speedups| {
        let found = speedups.points.iter().find(|(timed, _)| std::ptr::eq(timed.case, case))?;
        Some((speedups, found))
    }) else {
        return std::array::from_fn(|_| absent());
    };
    let relative = measured.workers(case) as f64 / measured.workers(speedups.base.case) as f64;
    let [speedup, efficiency, karp_flatt] = Ratios::cells(Some(Ratios::of(*speedup, relative)));
    [words::seconds(timed.time.estimate()), speedup, efficiency, karp_flatt]
}

/// Explains speedup, whole job and Karp–Flatt.
fn explained(kernel: Option<&Speedups<'_>>, whole: Option<&Speedups<'_>>) -> String {
    if kernel.or(whole).is_none() {
        return "No case of this experiment has a time.".to_owned();
    }
    let whole = whole.map_or("", |_| " Whole job: set-up, upload, launch, kernel and read-back.");
    format!("Speedup: the time of the first row over the time of this row.{whole} {KARP_FLATT}")
}

/// Where the time of the whole job goes, on the fewest workers and where it is fastest.
fn phases(measured: &Measured, whole: &Speedups<'_>) -> Option<Table> {
    let (best, _) = whole.enough()?;
    let mut cases: Vec<&Timed<'_>> = vec![&whole.base, best];
    cases.dedup_by_key(|timed| std::ptr::from_ref(timed.case));
    let mut table = Table::new(&["phase", "clock"]).words(&[0, 1]);
    for timed in &cases {
        table.heads.push(format!("on {}", workers(measured.workers(timed.case))));
        table.heads.push("share".to_owned());
    }
    for name in Phase::ALL.into_iter().filter(|name| *name == Phase::Kernel || SERIAL_PHASES.contains(name)) {
        let Some(clock) = best.case.clock(name) else { continue };
        let mut row = vec![name.name().to_owned(), words::clock(clock).to_owned()];
        for timed in &cases {
            let seconds = phase(timed.case, name);
            row.push(seconds.map_or(ABSENT.to_owned(), units::seconds));
            row.push(seconds.map_or(ABSENT.to_owned(), |seconds| units::percent(seconds / timed.time.median)));
        }
        table.push(row);
    }
    let mut row = vec!["whole job".to_owned(), ABSENT.to_owned()];
    for timed in &cases {
        row.extend([units::seconds(timed.time.median), units::percent(1.0)]);
    }
    table.push(row);
    for name in [Phase::Compile, Phase::FirstLaunch] {
        let Some(clock) = best.case.clock(name) else { continue };
        let mut row = vec![format!("{} (once)", words::phase(name)), words::clock(clock).to_owned()];
        for timed in &cases {
            row.extend([phase(timed.case, name).map_or(ABSENT.to_owned(), units::seconds), ABSENT.to_owned()]);
        }
        table.push(row);
    }
    Some(table)
}

/// What would become of the fastest job without each phase, and without each kind of overhead.
fn what_if(measured: &Measured) -> Vec<Block> {
    let Some(what_if) = WhatIf::of(measured) else {
        return Vec::new();
    };
    let heads = [
        "part",
        "kind of overhead",
        "if this part\ntook no time",
        "speed-\nup",
        "if it overlapped with\nanother job's kernel",
        "speed-\nup",
    ];
    let mut table = Table::new(&heads).words(&[0, 1]);
    let cells = |outcome: Outcome| {
        let speedup = outcome.speedup.map_or(ABSENT.to_owned(), units::ratio);
        [units::seconds(outcome.seconds), speedup]
    };
    let row = |name: &str, kind: String, free: Outcome, hidden: Option<Outcome>| {
        let absent = || std::array::from_fn(|_| ABSENT.to_owned());
        [name.to_owned(), kind]
            .into_iter()
            .chain(cells(free))
            .chain(hidden.map_or_else(absent, cells))
            .collect::<Vec<_>>()
    };
    table.push(row("as measured", ABSENT.to_owned(), what_if.now(), None));
    for (phase, part) in &what_if.parts {
        let hidden = Some(what_if.overlapped(part));
        table.push(row(phase.name(), what_if::name(part.overhead).to_owned(), what_if.free(&[*part]), hidden));
    }
    for kind in Overhead::ALL {
        let parts = what_if.of_kind(kind);
        if parts.len() > 1 {
            let share = format!("{} of all overhead", units::percent(what_if.share(kind)));
            table.push(row(&format!("all {}", what_if::name(kind)), share, what_if.free(&parts), None));
        }
    }
    let fewest = workers(measured.workers(what_if.base));
    let words = format!(
        "Speedup of the whole job against {fewest}; the part is removed there too. Overlapped: runs at the same time \
         as another job's kernel; what does not fit under it still counts."
    );
    vec![Block::Table(table), Block::text(words)]
}

fn plot(
    View { run, measured, reading }: View<'_, Reading>,
    kernel: Option<&Speedups<'_>>,
    whole: Option<&Speedups<'_>>,
) -> Option<Plot> {
    let base = measured.workers(kernel.or(whole)?.base.case) as f64;
    let points = |speedups: Option<&Speedups<'_>>| -> Vec<(f64, Estimate)> {
        let points = speedups.iter().flat_map(|speedups| &speedups.points);
        points.map(|(timed, speedup)| (measured.workers(timed.case) as f64, *speedup)).collect()
    };
    let quantities = [(Quantity::Kernel, kernel), (Quantity::WholeJob, whole)];
    let curves = quantities.iter().enumerate().filter_map(|(number, (quantity, speedups))| {
        let base_seconds = speedups.as_ref()?.base.time.median;
        let name = format!("law, {}", quantity.name());
        speedup::curve(&reading.of(*quantity).fit, name, Tone::Series(number), base_seconds)
    });
    let series = vec![
        Points { name: "kernel".to_owned(), points: points(kernel) },
        Points { name: "whole job".to_owned(), points: points(whole) },
    ];
    speedup::plot(words::worker(run, measured), series, curves.collect(), base)
}
