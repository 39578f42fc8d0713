//! Strong scaling on one screen: how far the same job goes, and what stops it.

use super::pattern;
use super::read::Reading;
use super::what_if::{self, WhatIf};
use crate::experiment::View;
use crate::experiment::cases::{SERIAL_PHASES, Speedups, Timed, phase};
use crate::law::speedup::SpeedupFit;
use crate::page::block::{Block, Stack, Table};
use crate::page::plot::{Law, Points};
use crate::page::speedup::{curve, limit};
use crate::page::{block::Tone, words};
use crate::record::{Phase, Quantity};
use crate::stats::Estimate;
use crate::units::{self, ABSENT};

/// Rows of the table.
const ROWS: usize = 6;

/// The same job on more and more workers, for a plot of both laws.
pub(in crate::experiment) struct SameJob<'a> {
    /// Speedups of the whole job.
    pub(in crate::experiment) points: Points,
    /// Its fitted law; `None` if the fit is refused.
    pub(in crate::experiment) law: Option<Law<'a>>,
    /// Workers of the base.
    pub(in crate::experiment) fewest: u64,
    /// What the points show, in a sentence.
    pub(in crate::experiment) sentence: String,
}

/// Reads the same job off an experiment; `None` if nothing was timed.
pub(in crate::experiment) fn same_job(view: View<'_, Reading>) -> Option<SameJob<'static>> {
    let View { run, measured, reading } = view;
    let whole = Speedups::of(measured, Quantity::WholeJob)?;
    let (enough, speedup) = *whole.enough()?;
    let workers = measured.workers(enough.case);
    let points = whole.points.iter().map(|(timed, speedup)| (measured.workers(timed.case) as f64, *speedup)).collect();
    let fewest = measured.workers(whole.base.case);
    Some(SameJob {
        fewest,
        points: Points { name: format!("A: same job: {} times faster", units::ratio(speedup.value)), points },
        law: curve(&reading.whole_job.fit, "A, fitted".to_owned(), Tone::Series(0), whole.base.time.median),
        sentence: format!(
            "A: same job, {}: {} on {}{}.{}",
            words::amount(enough.case.problem),
            units::seconds(whole.base.time.median),
            words::workers(run, measured, fewest),
            if workers == fewest {
                String::new()
            } else {
                let (time, speedup) = (units::seconds(enough.time.median), units::ratio(speedup.value));
                format!(", {time} on {}, {speedup} times faster", units::count(workers))
            },
            beyond(view, &whole).map_or(String::new(), |text| format!(" {text}"))
        ),
    })
}

/// Says what more workers gain than those that are enough.
fn beyond(View { measured, .. }: View<'_, Reading>, whole: &Speedups<'_>) -> Option<String> {
    let (enough, reached) = whole.enough()?;
    let (last, _) = whole.points.last()?;
    let workers = measured.workers(enough.case);
    if std::ptr::eq(last.case, enough.case) {
        return Some("More were not tried.".to_owned());
    }
    let (best, speedup) =
        whole.points.iter().min_by(|(one, _), (other, _)| one.time.median.total_cmp(&other.time.median))?;
    let faster = units::ratio(speedup.value);
    if units::ratio(reached.value) == faster {
        return Some("More are no faster.".to_owned());
    }
    Some(format!(
        "{} {} enough: {faster} times on {} {}.",
        units::count(workers),
        if workers == 1 { "is" } else { "are" },
        units::count(measured.workers(best.case)),
        if best.time.high >= enough.time.low { "may be noise" } else { "is little more" }
    ))
}

/// Says how far the same job goes, and what stops it.
pub(in crate::experiment) fn stops(view: View<'_, Reading>) -> Vec<Block> {
    let View { measured, reading, .. } = view;
    let Some(whole) = Speedups::of(measured, Quantity::WholeJob) else { return Vec::new() };
    let Some(at) = whole.enough_at() else { return Vec::new() };
    let enough = &whole.points[at].0;
    let stack = stack(enough, units::seconds(enough.time.median));
    let mut blocks: Vec<Block> = stopper(view, &whole, at).into_iter().map(Block::Text).collect();
    blocks.extend([Block::Table(table(view, &whole, at)), Block::Stack(stack)]);
    let kernel = &reading.kernel.fit;
    blocks.extend(law(&reading.whole_job.fit, kernel).into_iter().map(Block::Text));
    blocks.extend(above(&reading.whole_job.fit, whole.points[at].1).map(Block::Text));
    blocks.extend(pattern::short(kernel).map(|said| Block::text(format!("In the kernel {said}"))));
    blocks.extend(best_fix(view).map(Block::Text));
    blocks
}

/// Names what stops the speedup: the larger part of the time on as many workers as are enough.
fn stopper(View { measured, reading, .. }: View<'_, Reading>, whole: &Speedups<'_>, at: usize) -> Option<String> {
    let (enough, _) = &whole.points[at];
    let workers = words::counted(measured.workers(enough.case), "worker");
    if at + 1 == whole.points.len() {
        return Some(match whole.points.len() {
            1 => "What stops it is unknown: one worker count was tried.".to_owned(),
            _ => format!("Nothing stopped it: {workers} were the most tried, and the fastest."),
        });
    }
    let kernel = phase(enough.case, Phase::Kernel)?;
    let serial = SERIAL_PHASES.into_iter().filter_map(|name| Some((name, phase(enough.case, name)?)));
    let serial: Vec<(Phase, f64)> = serial.collect();
    let outside: f64 = serial.iter().map(|(_, time)| time).sum();
    if outside > kernel {
        let (longest, _) = serial.iter().max_by(|(_, one), (_, other)| one.total_cmp(other))?;
        let share = units::percent(outside / (outside + kernel));
        let longest = words::phase(*longest);
        return Some(format!("Stopped by the time outside the kernel: {share} on {workers}, most of it {longest}."));
    }
    // A fit that says less than was measured does not know.
    let seen = Speedups::of(measured, Quantity::Kernel)
        .and_then(|kernel| kernel.of_case(enough.case).map(|(_, speedup)| speedup.low))
        .unwrap_or(0.0);
    let knees = || [&reading.whole_job.fit, &reading.kernel.fit].into_iter().filter_map(|fit| fit.knee);
    let knee = knees().find(|knee| knee.value >= seen).or_else(|| knees().find(|knee| knee.high >= seen));
    Some(match knee {
        Some(knee) => format!("Stopped by the hardware: it is full at {} workers.", words::full_at(knee)),
        None => format!(
            "Stopped in the kernel, {} of the time: more than {workers} run it no faster.",
            units::percent(kernel / (outside + kernel))
        ),
    })
}

/// A few worker counts: the first, the last, those that are enough, which stand at a place, and some between.
fn table(view: View<'_, Reading>, whole: &Speedups<'_>, at: usize) -> Table {
    let measured = view.measured;
    let kernel = Speedups::of(measured, Quantity::Kernel);
    let table = Table::new(&["workers", "kernel", "faster", "whole job", "faster", "used well", ""]);
    let mut table = table.words(&[6]).spare(&[5, 2]);
    for row in rows(whole.points.len() - 1, at) {
        let (timed, speedup) = &whole.points[row];
        let workers = measured.workers(timed.case);
        let of_kernel = kernel.as_ref().and_then(|kernel| {
            let (timed, speedup) = kernel.of_case(timed.case)?;
            Some([units::seconds(timed.time.median), times(speedup.value)])
        });
        let relative = workers as f64 / measured.workers(whole.base.case) as f64;
        let [kernel_time, kernel_speedup] = of_kernel.unwrap_or_else(|| [ABSENT, ABSENT].map(str::to_owned));
        table.push([
            units::count(workers),
            kernel_time,
            kernel_speedup,
            units::seconds(timed.time.median),
            times(speedup.value),
            units::percent(speedup.value / relative),
            if row == at { "<- enough".to_owned() } else { String::new() },
        ]);
    }
    table
}

/// Returns the places of the worker counts that are shown, the last one and those that are enough among them.
pub(super) fn rows(last: usize, at: usize) -> Vec<usize> {
    let mut rows = vec![0, at, last];
    // Of the others those that part the way to the plateau, then those beyond it.
    for candidate in [at * 2 / 3, at / 3, at + (last - at) / 3, at + (last - at) * 2 / 3] {
        if rows.len() < ROWS && !rows.contains(&candidate) {
            rows.push(candidate);
        }
    }
    rows.sort_unstable();
    rows.dedup();
    rows
}

fn times(speedup: f64) -> String {
    format!("{} x", units::ratio(speedup))
}

/// Returns where the time of a job goes, under a name.
pub(super) fn stack(timed: &Timed<'_>, whole: String) -> Stack {
    let phases = [Phase::Kernel].into_iter().chain(SERIAL_PHASES);
    let parts = phases.filter_map(|name| Some((name.name().to_owned(), phase(timed.case, name)?)));
    Stack { whole, parts: parts.collect() }
}

/// What the fitted law of the whole job says, or why it is refused.
fn law(fit: &SpeedupFit, kernel: &SpeedupFit) -> Vec<String> {
    let Some((serial, ceiling)) = fit.serial_fraction.zip(fit.attainable_ceiling) else {
        return vec![words::sentence(&limit(fit, ""))];
    };
    let curve = fit.curve;
    let full = match (fit.knee, curve.and_then(|curve| curve.knee)) {
        (Some(knee), _) => format!(" up to {} workers", words::whole(knee.value)),
        (None, Some(_)) => " until the hardware is full".to_owned(),
        (None, None) => String::new(),
    };
    let cost = match curve {
        Some(curve) if curve.kappa > 0.0 && curve.per_doubling > 0.0 => " + c(p - 1) + d log2 p",
        Some(curve) if curve.kappa > 0.0 => " + c(p - 1)",
        Some(curve) if curve.per_doubling > 0.0 => " + c log2 p",
        _ => "",
    };
    // Where each worker costs something, endless hardware would be endlessly slow.
    let costs = |fit: &SpeedupFit| fit.curve.is_some_and(|curve| curve.kappa > 0.0 || curve.per_doubling > 0.0);
    // Where the hardware sets no limit, that is the fitted ceiling.
    let has_limit = curve.is_some_and(|curve| curve.knee.is_some());
    let endless = fit.asymptotic_ceiling.filter(|_| has_limit && !costs(fit) && !costs(kernel));
    let endless = endless.map_or(String::new(), |unlimited| {
        format!("; with endless hardware 1/s = {} times (a guess)", units::ratio(unlimited.value))
    });
    vec![
        format!("A = 1/(s + (1 - s)/p{cost}){full}, with serial fraction s = {}.", words::percent(serial)),
        format!("Fitted ceiling {} times{endless}.", words::ceiling(ceiling)),
    ]
}

/// Says that the best that was measured lies above the ceiling's interval, and whether by chance.
fn above(fit: &SpeedupFit, measured: Estimate) -> Option<String> {
    let ceiling = fit.attainable_ceiling.filter(|ceiling| measured.value > ceiling.high)?;
    let all = words::ceiling(measured);
    Some(if measured.low <= ceiling.high {
        format!("Measured are {all}: higher by chance.")
    } else {
        format!("Measured are {all}: the law is too low there.")
    })
}

/// A speedup that is larger by no more than this share is no gain.
const NO_GAIN: f64 = 0.02;

/// A larger gain than that, but at most this share, is little.
const SMALL_GAIN: f64 = 0.1;

/// The phase whose removal would gain the most, or that none is worth it.
fn best_fix(view: View<'_, Reading>) -> Option<String> {
    let what_if = WhatIf::of(view.measured)?;
    let free = |part| what_if.free(&[part]).speedup;
    let fixes = what_if.parts.iter().filter_map(|(phase, part)| Some((*phase, part.overhead, free(*part)?)));
    let (phase, kind, then) = fixes.max_by(|(.., one), (.., other)| one.total_cmp(other))?;
    let now = what_if.now().speedup?;
    if then <= (1.0 + NO_GAIN) * now {
        return Some(format!(
            "Nothing outside the kernel matters: without {} the speedup would be {}, with it {}.",
            words::phase(phase),
            units::ratio(then),
            units::ratio(now)
        ));
    }
    if then <= (1.0 + SMALL_GAIN) * now {
        return Some(format!(
            "Even the best single fix gains little: without {} ({}) {} times instead of {}.",
            words::phase(phase),
            what_if::name(kind),
            units::ratio(then),
            units::ratio(now)
        ));
    }
    Some(format!(
        "Best single fix: without {} ({}) it would be {} times faster instead of {}.",
        words::phase(phase),
        what_if::name(kind),
        units::ratio(then),
        units::ratio(now)
    ))
}
