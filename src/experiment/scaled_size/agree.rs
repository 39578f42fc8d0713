//! Gustafson's law, from the serial share on p workers, against the grown job that one worker really ran.

use super::read::{Reading, ScaledPoint};
use crate::experiment::View;
use crate::experiment::agreement::Agreement;
use crate::law::speedup::gustafson;
use crate::page::words;
use crate::record::Check;
use crate::stats::Estimate;
use crate::units;

/// The law assumes that the kernel takes no longer on its grown problem, and lets it take a tenth longer.
const LAW: f64 = 1.1;

/// Checks the point where both are furthest apart; `None` if no count has both.
pub(super) fn check(view: View<'_, Reading>) -> Option<Check> {
    furthest(view).map(|(_, agreement)| agreement.check())
}

/// Says how the law and the measurement differ for the whole job, if they do.
pub(super) fn disagreement(view: View<'_, Reading>) -> Option<String> {
    let (workers, agreement) = furthest(view)?;
    let [by_law, measured] = [agreement.first.1.value, agreement.second.1.value].map(units::ratio);
    let cause = agreement.cause.as_ref().map_or(String::new(), |cause| format!(", because {cause}"));
    let apart =
        agreement.first.1.low > LAW * agreement.second.1.high || agreement.second.1.low > LAW * agreement.first.1.high;
    let View { run, measured: experiment, .. } = view;
    apart.then(|| {
        format!(
            "{}: law and measurement disagree: on {} Gustafson's law says {by_law}, and {measured} was \
             measured{cause}.",
            words::workload(experiment),
            words::workers(run, experiment, workers)
        )
    })
}

/// The worker count at which the law is furthest from the measurement.
fn furthest(View { run, measured, reading }: View<'_, Reading>) -> Option<(u64, Agreement)> {
    let both = |point: &ScaledPoint| {
        let by = |share: f64| gustafson(share, point.workers as f64);
        let share = point.serial_share?;
        let law = Estimate { value: point.gustafson?, low: by(share.high), high: by(share.low) };
        let kernel = reading.kernel.points.iter().find(|kernel| kernel.workers == point.workers)?.measured;
        Some((point.workers, law, point.measured?, kernel))
    };
    let points = reading.whole_job.points.iter().filter(|point| point.workers > 1).filter_map(both);
    let apart = |law: Estimate, measured: Estimate| (law.value / measured.value).ln().abs();
    let (workers, law, by_measuring, kernel) = points.max_by(|a, b| apart(a.1, a.2).total_cmp(&apart(b.1, b.2)))?;
    // The law takes the p workers' kernel for p times as fast as one worker's.
    let cause = kernel.filter(|kernel| kernel.high * LAW < workers as f64 || kernel.low > workers as f64 * LAW);
    let agreement = Agreement {
        name: "Gustafson's law says what the grown job takes on one worker",
        place: format!("{}, {}", words::workload(measured), words::workers(run, measured, workers)),
        first: ("the law says", law),
        second: ("measured", by_measuring),
        factor: LAW,
        unit: units::ratio,
        cause: cause.map(|kernel| {
            format!("the kernel runs {} with them, not {} times", words::faster(kernel), units::count(workers))
        }),
    };
    Some((workers, agreement))
}
