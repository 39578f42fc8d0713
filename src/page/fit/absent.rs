//! Why a field of the JSON is null.

use std::collections::BTreeMap;

use super::FitReport;
use crate::law::Model;
use crate::law::speedup::Predicted;
use crate::page::reason::reason;

/// Fields that are null, each with its reason.
type Reasons = BTreeMap<&'static str, String>;

/// Where the data do not bound a parameter from both sides.
const ONE_SIDED: &str = "the data bound it on one side only";

pub(super) fn absent(report: &FitReport) -> Reasons {
    let mut reasons = parameters(report);
    reasons.extend(around(report));
    reasons.extend(tables(report));
    reasons
}

fn only(nulls: impl IntoIterator<Item = (bool, &'static str, String)>) -> Reasons {
    nulls.into_iter().filter(|(is_null, ..)| *is_null).map(|(_, field, reason)| (field, reason)).collect()
}

/// The parameters of the law.
fn parameters(report: &FitReport) -> Reasons {
    let fit = &report.fit;
    let verdict = format!("{}: {}", fit.verdict, reason(&fit.reason));
    // Of a refused fit every parameter is null because of its verdict.
    let quoted = report.may_quote();
    let unless_refused = |reason: String| if quoted { reason } else { verdict.clone() };
    let of_model = |has: fn(Model) -> bool, what: &str, otherwise: &str| match fit.model {
        Some(model) if !has(model) => unless_refused(format!("the {model} model has no {what}")),
        _ => unless_refused(otherwise.to_owned()),
    };
    let no_limit = || unless_refused(format!("{ONE_SIDED}: no limit shows up to the most workers measured"));
    let upper = match fit.serial_fraction {
        Some(_) => "the interval of serial_fraction has both its ends".to_owned(),
        None => verdict.clone(),
    };
    let hidden = "the serial part hides the knee, or the data bound it on one side only";
    only([
        (fit.model.is_none(), "model", verdict.clone()),
        (fit.serial_fraction.is_none(), "serial_fraction", verdict.clone()),
        (fit.serial_fraction_upper.is_none(), "serial_fraction_upper", upper),
        (fit.asymptotic_ceiling.is_none(), "asymptotic_ceiling", verdict.clone()),
        (fit.kappa.is_none(), "kappa", of_model(Model::has_kappa, "cost per worker", ONE_SIDED)),
        (fit.knee.is_none(), "knee", of_model(Model::has_knee, "knee", hidden)),
        (fit.knee_shape.is_none(), "knee_shape", unless_refused("the knee is sharp, or there is none".to_owned())),
        (fit.seconds_at_one.is_none(), "seconds_at_one", unless_refused(ONE_SIDED.to_owned())),
        (fit.attainable_ceiling.is_none(), "attainable_ceiling", no_limit()),
        (fit.workers_at_90_percent.is_none(), "workers_at_90_percent", no_limit()),
        (
            fit.peak_workers.is_none(),
            "peak_workers",
            unless_refused("more workers never slow this law down".to_owned()),
        ),
    ])
}

/// What stands around the parameters.
fn around(report: &FitReport) -> Reasons {
    let fit = &report.fit;
    let verdict = || format!("{}: {}", fit.verdict, reason(&fit.reason));
    let runner_up = match (report.forced, fit.model) {
        (true, Some(_)) => "the model was asked for, and no other was tried".to_owned(),
        _ => verdict(),
    };
    let recommended = report.recommendation().is_none();
    let no_base = super::measured::base(report).is_none();
    let one_count = "no size was run on more than one worker count; run one size on at least 3".to_owned();
    let plateau = "the speedup is not superlinear, or has no plateau of efficiency".to_owned();
    only([
        (fit.residual_sd.is_none(), "residual_sd", verdict()),
        (fit.goodness.is_none(), "goodness", verdict()),
        (fit.runner_up.is_none(), "runner_up", runner_up),
        (fit.rebased.is_none(), "rebased", plateau),
        (no_base, "speedup_base", one_count.clone()),
        (no_base, "speedup_base_workers", one_count.clone()),
        (no_base, "speedup_base_time", one_count.clone()),
        (recommended, "recommended_workers", one_count.clone()),
        (recommended, "recommended_reason", one_count),
        (report.timings.unit.is_none(), "column_unit", "the column holds no times".to_owned()),
    ])
}

/// Rows of tables.
fn tables(report: &FitReport) -> Reasons {
    let verdict = format!("{}: {}", report.fit.verdict, reason(&report.fit.reason));
    let base = "it is not defined on the workers that speedups are relative to, nor on one".to_owned();
    let predictions = match &report.predictions {
        None => Some("none were asked for with --predict".to_owned()),
        Some(Err(refused)) => Some(format!("{}: {}", refused.verdict(), reason(refused))),
        Some(Ok(_)) => None,
    };
    let found = || report.predictions.iter().flatten().flatten();
    let lacks = |null: fn(&Predicted) -> bool| found().any(null);
    let joint = match &report.joint {
        None => Some(("joint", "there is no column of work".to_owned())),
        Some(joint) if joint.verdict.is_accepted() => None,
        Some(joint) => Some(("joint.fixed_seconds", format!("{}: {}", joint.verdict, reason(&joint.reason)))),
    };
    let mut reasons = only([
        (true, "points.karp_flatt", base),
        (report.curve().is_none(), "points.fitted_seconds", verdict),
        (predictions.is_some(), "predictions", predictions.clone().unwrap_or_default()),
        (lacks(|one| one.seconds.is_none()), "predictions.seconds", ONE_SIDED.to_owned()),
        (lacks(|one| one.speedup.is_none()), "predictions.speedup", ONE_SIDED.to_owned()),
    ]);
    reasons.extend(joint);
    reasons
}
