//! What a few worker counts tell, in sentences.

use super::FitReport;
use crate::law::speedup::{self, Few, Next, Options, RIGHT_WITHIN};
use crate::law::{Model, Point};
use crate::page::speedup::{may_quote, workers};
use crate::page::words;
use crate::units;

/// Two laws that differ less than this on every count are not told apart by one more.
const APART: f64 = 1.05;

/// Models that are offered by name: one for each limit.
const NAMED: [Model; 3] = [Model::Amdahl, Model::Usl, Model::AmdahlSaturation];

/// Returns the sentences, without their full stops.
pub(super) fn sentences(report: &FitReport, few: &Few) -> Vec<String> {
    let counts = report.groups().len();
    let needed = Model::Amdahl.fewest_to_choose();
    let mut said = vec![format!("{counts} worker counts are too few to choose a law; {needed} are needed")];
    said.extend(bound(report, few));
    if few.serial_fraction_at_most >= 1.0 {
        return said;
    }
    said.extend(growing(report));
    let Some(next) = &few.next else {
        said.push("no law is near these times: repeat each count, to tell noise from a law".to_owned());
        return said;
    };
    said.push(further(report, next));
    let allowed = NAMED.into_iter().filter(|model| model.fewest_if_named() <= counts);
    let fitted: Vec<&str> = allowed.filter(|model| fits(report, *model)).map(Model::name).collect();
    if counts < Model::Amdahl.fewest_if_named() {
        said.push(format!("from {} counts on, --model amdahl fits Amdahl's law", Model::Amdahl.fewest_if_named()));
    } else if !fitted.is_empty() {
        said.push(format!("to fit a law to these counts, with wide intervals, name it: --model {}", fitted.join(", ")));
    }
    said
}

/// Whether a model describes the points if it is named: no other is offered.
fn fits(report: &FitReport, model: Model) -> bool {
    let points: Vec<Point> =
        report.groups().iter().map(|group| Point::from_summary(group.workers, &group.seconds)).collect();
    may_quote(&speedup::fit_with(&points, Options { model: Some(model) }))
}

/// Times of more workers are not shorter than this share of the first: they do not fall.
const FALLS: f64 = 0.95;

/// Returns what to do if no count is faster than the fewest workers: the job may grow.
pub(super) fn growing(report: &FitReport) -> Option<String> {
    let (first, rest) = report.groups().split_first()?;
    let never = rest.iter().all(|group| group.seconds.median > FALLS * first.seconds.median);
    (never && !rest.is_empty() && !report.timings.has_work).then(|| grows(first.workers))
}

fn grows(base: f64) -> String {
    format!(
        "no count is surely faster than {} {}; if the job grows with the workers, name its size with a column `work`",
        workers(base),
        words::noun(base)
    )
}

/// Writes how large the serial fraction can be.
fn bound(report: &FitReport, few: &Few) -> Vec<String> {
    let (most, on) = (few.serial_fraction_at_most, workers(few.bound_workers));
    let base = report.groups().first().map_or(1.0, |first| first.workers);
    if most >= 1.0 {
        return vec![grows(base)];
    }
    if most <= 0.0 {
        return Vec::new();
    }
    let sure = if few.errors_are_known {
        " (95 % sure)".to_owned()
    } else {
        format!(" if each time is right within {}", units::whole_percent(RIGHT_WITHIN))
    };
    let base = workers(base);
    let of = if base == "1" { String::new() } else { format!(" of the time on {base} workers") };
    vec![format!(
        "the serial fraction is at most {}{of}{sure}: {on} workers show no more, and every other cost only adds to it",
        units::percent(most)
    )]
}

/// Writes the count to measure next.
fn further(report: &FitReport, next: &Next) -> String {
    let other = match (next.other.knee, next.other.model) {
        (Some(knee), _) => format!("hardware that is full at {} workers", units::ratio(knee)),
        (None, model) => words::model(model).to_owned(),
    };
    if next.factor < APART {
        return format!("no count up to twice the most tells Amdahl's law from {other}; repeat each count instead");
    }
    format!(
        "a further count of {} {} tells most. Amdahl's law with {} serial predicts {} there, {other} predicts {}",
        workers(next.workers),
        words::noun(next.workers),
        units::percent(next.amdahl.serial_fraction),
        report.shown(next.amdahl.seconds),
        report.shown(next.other.seconds)
    )
}
