//! Gustafson's law, from the serial share on p workers, against the grown job that was also run on one worker.

use super::read::{LAW, Reading, ScaledPoint};
use crate::experiment::View;
use crate::experiment::agreement::Agreement;
use crate::experiment::cases;
use crate::experiment::fixed_size;
use crate::page::words;
use crate::record::Check;
use crate::stats::Estimate;
use crate::units;

/// Checks the point where both are furthest apart; `None` if no count has both.
pub(super) fn check(view: View<'_, Reading>) -> Option<Check> {
    furthest(view).map(|(_, agreement)| agreement.check())
}

/// Why the two differ where the hardware fills up little by little.
const SHARP: &str = "scaled-size takes the bend for sharp, and it is gradual";

/// Says which number of workers that fill the hardware is to be believed, if that of a job of fixed size differs by
/// more than its interval.
pub(super) fn believed(View { run, measured, .. }: View<'_, Reading>, knee: f64) -> Option<String> {
    let fixed = fixed_size::knee(run, measured)?;
    let why = if fixed.is_gradual { SHARP } else { "only the workers change there" };
    let [value, low, high] = [fixed.workers.value, fixed.workers.low, fixed.workers.high].map(words::whole);
    (!fixed.workers.contains(knee))
        .then(|| format!("fixed-size finds {value} ({low}–{high}), which is to be believed: {why}"))
}

/// Says how the law and the measurement differ for the whole job, if they do.
pub(super) fn disagreement(view: View<'_, Reading>) -> Option<String> {
    let (workers, agreement) = furthest(view)?;
    let [by_law, measured] = [agreement.first.1.value, agreement.second.1.value].map(units::ratio);
    let cause = agreement.cause.as_ref().map_or(String::new(), |cause| format!(", because {cause}"));
    let apart = view.reading.whole_job.points.iter().any(|point| point.workers == workers && point.refutes_law());
    apart.then(|| {
        format!(
            "On {} the measured speedup is {measured}; Gustafson's law says {by_law}. Believe the measurement{cause}.",
            cases::workers(workers)
        )
    })
}

/// The worker count at which the law is furthest from the measurement.
fn furthest(View { measured, reading, .. }: View<'_, Reading>) -> Option<(u64, Agreement)> {
    let both = |point: &ScaledPoint| {
        let kernel = reading.kernel.points.iter().find(|kernel| kernel.workers == point.workers)?.measured;
        Some((point.workers, point.by_law()?, point.measured?, kernel))
    };
    let points = reading.whole_job.points.iter().filter(|point| point.workers > 1).filter_map(both);
    let apart = |law: Estimate, measured: Estimate| (law.value / measured.value).ln().abs();
    let (workers, law, by_measuring, kernel) = points.max_by(|a, b| apart(a.1, a.2).total_cmp(&apart(b.1, b.2)))?;
    // The law takes the p workers' kernel for p times as fast as one worker's.
    let cause = kernel.filter(|kernel| kernel.high * LAW < workers as f64 || kernel.low > workers as f64 * LAW);
    let agreement = Agreement {
        name: "Gustafson's law against the measured job",
        place: format!("{}, {}", words::workload(measured), cases::workers(workers)),
        first: ("law", law),
        second: ("measured", by_measuring),
        factor: LAW,
        unit: units::ratio,
        cause: cause.map(|kernel| {
            let (faster, workers) = (words::faster(kernel), units::count(workers));
            format!("the kernel is {faster} on {workers} workers, and the law assumes {workers} times")
        }),
    };
    Some((workers, agreement))
}
