//! The fitted law in words.

use super::FitReport;
use super::recommend::faster_beyond;
use crate::calculator::timings::{Given, Group, NOT_ONE_SETTING};
use crate::law::speedup::{Candidate, Goodness, SpeedupFit};
use crate::law::{Model, Point, Reason, Verdict};
use crate::page::block::Block;
use crate::page::speedup::{DOUBLING, Described, EXTRA_WORKER, FASTEST, estimate, limit, workers};
use crate::page::words;
use crate::units;

pub(super) fn blocks(report: &FitReport) -> Vec<Block> {
    if report.groups().len() < 2 {
        return Vec::new();
    }
    let title = "the law".to_owned();
    let question = "What limits the speedup, and how far can it go?".to_owned();
    let choice = if report.forced { ", as asked for; the intervals assume that it is true" } else { "" };
    let view = Described { fit: &report.fit, worker: "worker", over: over_one(report), choice };
    let mut facts = facts(report, view);
    if let Some(rebased) = view.rebased() {
        let base = workers(rebased.fit.base_workers);
        facts.push(fact("counted anew", format!("{base} workers as one")));
        let inner = self::facts(report, rebased).into_iter();
        facts.extend(inner.map(|(name, value)| (format!("  {name}"), value)));
    }
    vec![Block::Section { title, question }, Block::Facts(facts)]
}

fn fact(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

/// Returns the facts of every page, and before the verdict those that only a reader's own timings have.
fn facts(report: &FitReport, view: Described<'_>) -> Vec<(String, String)> {
    let fit = view.fit;
    let mut facts: Vec<(String, String)> = view.facts().into_iter().map(|(name, value)| fact(name, value)).collect();
    let verdict = facts.pop();
    // Of the same number, the interval of the fitted ceiling allows for more: hardware that is full.
    if let (Some(fitted), Some(ceiling)) = (fit.attainable_ceiling, fit.asymptotic_ceiling) {
        let is_same = (fitted.value / ceiling.value - 1.0).abs() < 1e-6;
        if is_same && words::ceiling(fitted) != words::ceiling(ceiling) {
            facts.retain(|(name, _)| name != "ceiling without limits");
        }
    }
    // Speedups and throughputs have no T(1) in seconds.
    for (of, share) in [(EXTRA_WORKER, fit.kappa), (DOUBLING, fit.per_doubling)] {
        if let (true, Some(share)) = (report.timings.given != Given::Seconds, share) {
            let cost = format!("costs {} of T({})", words::percent(share), workers(fit.base_workers));
            facts.iter_mut().filter(|(name, _)| name == of).for_each(|(_, value)| value.clone_from(&cost));
        }
    }
    facts.extend(fit.seconds_at_one.map(|one| {
        let name = match report.timings.given {
            Given::Seconds => "time",
            Given::Speedup => "speedup",
            Given::Throughput => "throughput",
        };
        let on = if fit.base_workers > 1.0 { view.workers(fit.base_workers) } else { "one worker".to_owned() };
        fact(
            &format!("{name} on {on}"),
            format!("{}, on the curve", report.shown_interval(one.value, one.low, one.high)),
        )
    }));
    if let Some(fastest) = faster_beyond_the_peak(report, fit) {
        facts.iter_mut().filter(|(name, _)| name == FASTEST).for_each(|(_, value)| value.clone_from(&fastest));
    }
    // Some verdicts tell the average distance, too.
    let told = matches!(fit.verdict, Verdict::Accepted | Verdict::PoorFit | Verdict::NonMonotone)
        && !matches!(fit.reason, Reason::FirstOff { .. });
    facts.extend(fit.goodness.as_ref().map(|goodness| scatter(goodness, !told)));
    facts.extend(fit.runner_up.map(|other| runner_up(other, fit.model)));
    facts.extend(verdict);
    facts
}

/// Writes the fastest row, if it was measured beyond the peak of the law: the rows win.
fn faster_beyond_the_peak(report: &FitReport, fit: &SpeedupFit) -> Option<String> {
    let high = fit.peak_high?;
    let point = |group: &Group| Point::from_summary(group.workers, &group.seconds);
    let points: Vec<Point> = report.groups().iter().map(point).collect();
    let fastest = report.groups().iter().min_by(|a, b| a.seconds.median.total_cmp(&b.seconds.median))?;
    faster_beyond(&points, fit, high).then(|| {
        format!(
            "on {} workers, as measured; the law has its peak before, at {}",
            workers(fastest.workers),
            words::whole(high)
        )
    })
}

/// Returns the base of the ceilings, if the measured speedups have another one.
fn over_one(report: &FitReport) -> &'static str {
    let other = report.speedup_base.is_some_and(|base| base.workers > 1.0);
    if other { " over one worker on the curve" } else { "" }
}

/// Writes how far the points lie from the curve, with the `average` or without.
fn scatter(goodness: &Goodness, average: bool) -> (String, String) {
    let p = |p: Option<f64>| p.map_or(String::new(), |p| format!(", p = {}", units::ratio(p)));
    let on = goodness.largest_residual_workers;
    let mut parts: Vec<String> =
        average.then(|| format!("{} on average", spread(goodness.residual_sd))).into_iter().collect();
    parts.push(format!(
        "furthest {} on {} {}{}",
        residual(goodness.largest_residual),
        workers(on),
        words::noun(on),
        p(goodness.largest_residual_p)
    ));
    if let (Some(f), Some(_)) = (goodness.lack_of_fit, goodness.lack_of_fit_p) {
        parts.push(format!("lack of fit F = {}{}", units::ratio(f), p(goodness.lack_of_fit_p)));
    }
    if goodness.sign_runs > 0 {
        let runs = if goodness.sign_runs == 1 { "run" } else { "runs" };
        parts.push(format!("{} {runs} on one side{}", goodness.sign_runs, p(goodness.sign_runs_p)));
    }
    fact("distance to points", parts.join("; "))
}

/// Natural logarithms up to this are written as percentages.
const NEARLY_PERCENT: f64 = 0.2;

/// Writes a spread of logarithms: as a percentage if it is small, else as a factor.
fn spread(log: f64) -> String {
    if log.abs() <= NEARLY_PERCENT { units::percent(log) } else { format!("a factor of {}", units::ratio(log.exp())) }
}

/// Writes a residual of logarithms with its sign.
fn residual(log: f64) -> String {
    if log.abs() <= NEARLY_PERCENT {
        return units::percent(log);
    }
    let way = if log > 0.0 { "above" } else { "below" };
    format!("a factor of {} {way}", units::ratio(log.abs().exp()))
}

fn runner_up(other: Candidate, chosen: Option<Model>) -> (String, String) {
    let (by, better) = (units::ratio(other.delta_aicc.abs()), other.delta_aicc < 0.0);
    let simpler = other.model.parameters() <= chosen.map_or(0, Model::parameters);
    let how = match (better, simpler) {
        (true, true) => "better, but it does not describe the points",
        (true, false) => "better, but not clearly, and with more parameters",
        (false, _) => "worse",
    };
    fact("second best law", format!("{} ({}), AICc {by} {how}", words::model(other.model), other.model))
}

/// Returns the closing sentences.
pub(super) fn summary(report: &FitReport) -> Vec<Block> {
    let limit = match &report.few {
        Some(few) => super::few::sentences(report, few),
        None if report.groups().len() > 1 => {
            super::few::growing(report).into_iter().chain([limit(&report.fit, over_one(report))]).collect()
        }
        None => Vec::new(),
    };
    let best = report.fit.estimate.filter(|_| report.forced && report.fit.serial_fraction.is_none());
    let best = best.map(|best| format!("best estimate: {}", estimate(&report.fit, best)));
    let trend = report.trend();
    let recommended = report.recommended.as_ref().map(|found| {
        let noun = words::noun(found.workers);
        format!("Recommended: {} {noun}, {}", words::whole(found.workers), found.reason)
    });
    let changes = report.timings.notes.iter().any(|(name, _)| name == NOT_ONE_SETTING);
    let changes = changes.then(|| {
        "not every row ran with the same settings, as said at the top: a step of the times may be theirs, not that of \
         the workers"
            .to_owned()
    });
    let rest = [changes, best, trend, recommended, super::scaled::exponent(report), super::scaled::sentence(report)];
    let sentences = limit.into_iter().chain(rest.into_iter().flatten());
    closing(&sentences.collect::<Vec<_>>())
}

/// Returns the last section.
pub(super) fn closing(sentences: &[String]) -> Vec<Block> {
    let section = Block::Section { title: "summary".to_owned(), question: String::new() };
    vec![section, Block::Findings(sentences.iter().map(|text| words::sentence(text)).collect())]
}
