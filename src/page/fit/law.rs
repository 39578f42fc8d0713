//! The law that was fitted, in words.

use super::{FitReport, measured, workers};
use crate::calculator::timings::Given;
use crate::law::speedup::{Candidate, Goodness, SpeedupFit};
use crate::page::block::Block;
use crate::page::reason::reason;
use crate::page::words;
use crate::units;

pub(super) fn blocks(report: &FitReport) -> Vec<Block> {
    if report.groups().len() < 2 {
        return Vec::new();
    }
    let title = "the law".to_owned();
    let question = "What limits the speedup, and how far can it go?".to_owned();
    let mut facts = facts(report, &report.fit);
    if let Some(rebased) = &report.fit.rebased {
        let from = format!("{} workers count as one", workers(rebased.base_workers));
        facts.push(fact("rebased", format!("{from}, the smallest count on the plateau of efficiency")));
        let inner = self::facts(report, rebased).into_iter();
        facts.extend(inner.map(|(name, value)| (format!("  {name}"), value)));
    }
    vec![Block::Section { title, question }, Block::Facts(facts)]
}

fn fact(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

fn facts(report: &FitReport, fit: &SpeedupFit) -> Vec<(String, String)> {
    let mut facts = vec![model(report, fit)];
    facts.extend(serial_fraction(fit));
    facts.extend(limits(fit, over_one(report)));
    facts.extend(fit.seconds_at_one.map(|one| {
        let name = match report.timings.given {
            Given::Seconds => "time on one worker",
            Given::Speedup => "speedup on one worker",
            Given::Throughput => "throughput on one worker",
        };
        fact(name, format!("{}, by the curve", report.shown_interval(one.value, one.low, one.high)))
    }));
    facts.extend(fit.goodness.as_ref().map(scatter));
    facts.extend(fit.runner_up.map(runner_up));
    facts.push(fact("verdict", format!("{}: {}", fit.verdict, reason(&fit.reason))));
    facts
}

fn model(report: &FitReport, fit: &SpeedupFit) -> (String, String) {
    let Some(model) = fit.model else { return fact("model", "none: nothing was fitted") };
    let name = format!("{} ({model})", words::model(model));
    let how = if report.forced { ", as asked for; its intervals take it for true" } else { "" };
    let quoted = matches!(fit.verdict, crate::law::Verdict::Accepted | crate::law::Verdict::InsufficientRange);
    fact("model", if quoted { format!("{name}{how}") } else { format!("no law is quoted; the nearest was {name}") })
}

fn serial_fraction(fit: &SpeedupFit) -> Option<(String, String)> {
    let text = match (fit.serial_fraction, fit.serial_fraction_upper) {
        (Some(serial), _) => words::percent(serial),
        (None, Some(upper)) => format!("at most {} (95 %), no value", units::percent(upper)),
        (None, None) => return None,
    };
    Some(fact("serial fraction", text))
}

/// What ceilings are relative to, where the speedups that were measured are relative to something else.
fn over_one(report: &FitReport) -> &'static str {
    let other = measured::base(report).is_some_and(|base| base.workers > 1.0);
    if other { " one worker's speed, by the curve" } else { "" }
}

/// Ceilings, knee, cost per worker and peak.
fn limits(fit: &SpeedupFit, over: &str) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    if let Some(ceiling) = fit.attainable_ceiling {
        let near =
            fit.workers_at_90_percent.map(|p| format!("; 90 % of it takes {} {}", words::whole(p), words::noun(p)));
        facts.push(fact(
            "attainable ceiling",
            format!("{} times{over}{}", words::ratio(ceiling), near.unwrap_or_default()),
        ));
    }
    if let Some(ceiling) = fit.asymptotic_ceiling {
        facts
            .push(fact("asymptotic ceiling", format!("1/s = {} times{over}, an extrapolation", words::ratio(ceiling))));
    }
    if let Some(knee) = fit.knee {
        let how = if fit.knee_shape.is_some() { "gradually" } else { "sharply" };
        facts.push(fact("knee", format!("full, {how}, at {} workers", words::ratio(knee))));
    }
    if let Some(kappa) = fit.kappa {
        facts.push(fact("cost per worker", format!("{} of T(1) for each further worker", words::percent(kappa))));
    }
    if let Some(peak) = fit.peak_workers {
        facts.push(fact("peak", format!("fastest on {} {}, slower beyond", words::whole(peak), words::noun(peak))));
    }
    facts
}

/// Every figure of fit.
fn scatter(goodness: &Goodness) -> (String, String) {
    let p = |p: Option<f64>| p.map_or(String::new(), |p| format!(", p = {}", units::ratio(p)));
    let on = goodness.largest_residual_workers;
    let mut parts = vec![
        format!("{} standard deviation", spread(goodness.residual_sd)),
        format!(
            "largest {} on {} {}{}",
            residual(goodness.largest_residual),
            workers(on),
            words::noun(on),
            p(goodness.largest_residual_p)
        ),
    ];
    if let (Some(f), Some(_)) = (goodness.lack_of_fit, goodness.lack_of_fit_p) {
        parts.push(format!("lack of fit F = {}{}", units::ratio(f), p(goodness.lack_of_fit_p)));
    }
    if goodness.sign_runs > 0 {
        let runs = if goodness.sign_runs == 1 { "run" } else { "runs" };
        parts.push(format!("{} {runs} of one sign{}", goodness.sign_runs, p(goodness.sign_runs_p)));
    }
    fact("residuals", parts.join("; "))
}

/// Logarithms up to this are as good as per cent.
const NEARLY_PERCENT: f64 = 0.2;

/// A spread on the logarithmic scale: per cent where it is small, else a factor.
fn spread(log: f64) -> String {
    if log.abs() <= NEARLY_PERCENT { units::percent(log) } else { format!("a factor of {}", units::ratio(log.exp())) }
}

/// A residual on the logarithmic scale, with its sign or which way it goes.
fn residual(log: f64) -> String {
    if log.abs() <= NEARLY_PERCENT {
        return units::percent(log);
    }
    let way = if log > 0.0 { "above" } else { "below" };
    format!("a factor of {} {way}", units::ratio(log.abs().exp()))
}

fn runner_up(other: Candidate) -> (String, String) {
    let (by, better) = (units::ratio(other.delta_aicc.abs()), other.delta_aicc < 0.0);
    let how = if better { "better, but with more parameters and not clearly" } else { "worse" };
    fact("runner-up", format!("{} ({}), AICc {by} {how}", words::model(other.model), other.model))
}

/// The closing sentences.
pub(super) fn summary(report: &FitReport) -> Vec<Block> {
    let section = Block::Section { title: "summary".to_owned(), question: String::new() };
    let sentences: Vec<String> =
        [verdict(report), recommended(report), super::scaled::sentence(report)].into_iter().flatten().collect();
    let sentences = sentences.iter().map(|text| words::sentence(text)).collect();
    vec![section, Block::Findings(sentences)]
}

fn verdict(report: &FitReport) -> Option<String> {
    if report.groups().len() < 2 {
        return None;
    }
    let fit = &report.fit;
    let ceiling = fit
        .attainable_ceiling
        .map(|ceiling| format!("the attainable ceiling is {} times{}", words::ratio(ceiling), over_one(report)));
    Some(match (fit.serial_fraction, fit.serial_fraction_upper, ceiling) {
        (Some(serial), _, Some(ceiling)) => format!("The serial fraction is {}, and {ceiling}", words::percent(serial)),
        (Some(serial), _, None) => format!("The serial fraction is {}", words::percent(serial)),
        (None, Some(upper), ceiling) => {
            let bound =
                format!("The serial fraction is at most {} (95 %): {}", units::percent(upper), reason(&fit.reason));
            ceiling.map_or(bound.clone(), |ceiling| format!("{bound}; {ceiling}"))
        }
        (None, None, Some(ceiling)) => format!("No serial fraction: {}; {ceiling}", reason(&fit.reason)),
        (None, None, None) => format!("No law is quoted ({}): {}", fit.verdict, reason(&fit.reason)),
    })
}

fn recommended(report: &FitReport) -> Option<String> {
    let found = report.recommendation()?;
    let noun = words::noun(found.workers);
    Some(format!("Recommended: {} {noun}, {}", words::whole(found.workers), found.reason))
}
