//! Fits in words: model, intervals, range and verdict.

use crate::law::speedup::SpeedupFit;
use crate::law::{Model, Verdict};
use crate::page::block::{Block, Tone};
use crate::page::plot::Curve;
use crate::page::reason::reason;
use crate::page::words;
use crate::record::{Experiment, Quantity, Run};
use crate::stats::Estimate;
use crate::units;

/// Fits under a lead.
pub(super) fn list(lead: &str, items: Vec<String>) -> Block {
    if items.is_empty() {
        return Block::text(format!("{lead}: no law was fitted."));
    }
    Block::List { lead: lead.to_owned(), items }
}

/// A speedup fit: what it says, how far it reaches, and whether it may be believed.
pub(super) fn speedup_words(
    run: &Run,
    experiment: &Experiment,
    quantity: Quantity,
    fit: &SpeedupFit,
    by_timers: Option<Estimate>,
) -> String {
    let mut sentences = Vec::new();
    let verdict = format!("{}: {}", fit.verdict, reason(&fit.reason));
    match fit.model.filter(|_| may_quote(fit)) {
        Some(Model::Constant) if fit.verdict == Verdict::InsufficientRange => {
            sentences.push(format!("the effect of more workers cannot be told from noise, {}", range(fit)));
        }
        Some(model) => sentences.push(format!("{}, {}", words::model(model), range(fit))),
        None => sentences.push(format!("no law is quoted; {}", range(fit))),
    }
    sentences.extend(parameters(run, experiment, fit));
    sentences.extend(timers(fit, by_timers));
    sentences.push(format!("verdict {verdict}"));
    sentences.extend(fit.rebased.as_deref().map(|rebased| {
        let from = words::workers(run, experiment, rebased.base_workers as u64);
        format!("relative to {from} instead: {}", speedup_words(run, experiment, quantity, rebased, None))
    }));
    let sentences: Vec<String> = sentences.iter().map(|text| words::sentence(text)).collect();
    format!("{}: {}", quantity.name(), sentences.join(" "))
}

/// Whether the model behind a fit may be named as the one that describes the data.
fn may_quote(fit: &SpeedupFit) -> bool {
    matches!(fit.verdict, Verdict::Accepted | Verdict::InsufficientRange)
}

/// How many points, over which workers.
fn range(fit: &SpeedupFit) -> String {
    let points = format!("{} worker counts", fit.points);
    match (fit.fewest_workers, fit.most_workers) {
        (Some(fewest), Some(most)) => {
            let [fewest, most] = [fewest, most].map(|p| units::size((p * fit.base_workers) as u64));
            format!("{points}, p = {fewest} to {most}")
        }
        _ => points,
    }
}

fn parameters(run: &Run, experiment: &Experiment, fit: &SpeedupFit) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(serial) = fit.serial_fraction {
        sentences.push(format!("serial fraction {}", words::percent(serial)));
    } else if let Some(upper) = fit.serial_fraction_upper {
        sentences.push(format!("serial fraction at most {} (95 %), no value", units::percent(upper)));
    }
    let workers = |p: f64| words::workers(run, experiment, p as u64);
    let worker = words::worker(run, experiment);
    if let Some(ceiling) = fit.attainable_ceiling {
        let near = fit.workers_at_90_percent.map(|p| format!("; 90 % of it takes {}", workers(p)));
        sentences.push(format!("attainable ceiling {}{}", words::ceiling(ceiling), near.unwrap_or_default()));
    }
    if let Some(knee) = fit.knee {
        let shape = if fit.knee_shape.is_some() { "gradually full" } else { "full" };
        sentences.push(format!("the hardware is {shape} at {} {worker}s", words::ratio(knee)));
    }
    if let Some(kappa) = fit.kappa {
        let peak = fit.peak_workers.map(|p| format!("; fastest on {}", workers(p)));
        sentences.push(format!(
            "each further worker adds {} of T(1){}",
            words::percent(kappa),
            peak.unwrap_or_default()
        ));
    }
    if let Some(ceiling) = fit.asymptotic_ceiling {
        sentences.push(format!("asymptotic ceiling 1/s = {}, an extrapolation", words::ratio(ceiling)));
    }
    sentences
}

/// The serial share by the phase timers, beside that of the curve, with a warning where they part ways.
fn timers(fit: &SpeedupFit, by_timers: Option<Estimate>) -> Option<String> {
    let share = by_timers?;
    let text = format!("the phase timers say {} serial", words::percent(share));
    Some(match (words::disagreement(fit, share), fit.serial_fraction) {
        (Some(why), _) => format!("warning: {text}, {why}"),
        (None, Some(_)) => format!("{text}, and agree"),
        (None, None) => text,
    })
}

/// The fitted curve as a speedup over the measured base; only where the law describes the data.
pub(super) fn curve(fit: &SpeedupFit, quantity: Quantity, tone: Tone, base_seconds: f64) -> Option<Curve<'_>> {
    let curve = fit.curve.filter(|_| may_quote(fit))?;
    let base_workers = fit.base_workers;
    Some(Curve {
        name: format!("law, {}", quantity.name()),
        tone,
        fitted: fit.fewest_workers.zip(fit.most_workers).map(|(a, b)| (a * base_workers, b * base_workers)),
        y: Box::new(move |workers| Some(base_seconds / curve.seconds(workers / base_workers))),
    })
}
