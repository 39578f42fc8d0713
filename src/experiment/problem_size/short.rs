//! Problem sizes on one screen: from which size the device is ahead.

use super::read::Reading;
use super::say::{device, of_size, rival, shape, strictest};
use crate::experiment::View;
use crate::experiment::cases::{Timed, on_problem, timed};
use crate::experiment::lesson::Race;
use crate::law::Crossover;
use crate::page::words;
use crate::record::{DeviceKind, Measurement, Problem, Quantity, Series};
use crate::stats::Estimate;

/// Workloads that are named.
const FEW: usize = 3;

/// Says for each workload from which size the device with its transfers beats the CPU at its best, or all threads of
/// the CPU one of them.
pub(in crate::experiment) fn ahead(views: &[View<'_, Reading>]) -> Option<String> {
    let said = |view: &View<'_, Reading>| {
        let name = &view.measured.workload;
        let sized = |size: f64| of_size(shape(*view), size);
        Some(match &strictest(view.reading)?.crossover {
            Crossover::From { size, .. } => (true, format!("{name} from {}", sized(size.value))),
            Crossover::WinsEverywhere { from } => (true, format!("{name} from {}, the fewest tried", sized(*from))),
            Crossover::NeverWins { up_to } => (false, format!("{name} up to {}", sized(*up_to))),
            Crossover::Undecided { up_to } => (false, format!("{name}, undecided at {}", sized(*up_to))),
            Crossover::NothingToCompare => return None,
        })
    };
    let (beaten, unbeaten): (Vec<_>, Vec<_>) = views.iter().filter_map(said).take(FEW).partition(|(beats, _)| *beats);
    let list = |said: Vec<(bool, String)>| said.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(", ");
    let run = views.first()?.run;
    let rival = rival(run);
    let device = match run.device.kind {
        DeviceKind::Cpu => format!("Without its set-up, {}", device(run)),
        kind => format!("With its transfers but no set-up, {}", words::device(kind)),
    };
    let verb = match (beaten.is_empty(), unbeaten.is_empty()) {
        (true, true) => return None,
        (false, true) => format!("beats {rival}: {}", list(beaten)),
        (true, false) => format!("does not beat {rival}: {}", list(unbeaten)),
        (false, false) => format!("beats {rival}: {}; not: {}", list(beaten), list(unbeaten)),
    };
    Some(format!("{device} {verb}."))
}

/// Returns the device against the baseline that is the hardest to beat, at every size that both ran; `None` if there is
/// no such size.
pub(in crate::experiment) fn race(view: View<'_, Reading>) -> Option<Race> {
    let against = strictest(view.reading)?;
    let time = |case: &Measurement| Some(case.summary(Quantity::RoundTrip)?.estimate());
    let row = |timed: Timed<'_>| {
        let problem = timed.case.problem;
        Some((problem, timed.time.estimate(), time(on_problem(view.measured, problem, against.against)?)?))
    };
    let mut rows: Vec<(Problem, Estimate, Estimate)> =
        timed(view.measured, Series::Device, Quantity::RoundTrip).into_iter().filter_map(row).collect();
    rows.sort_by_key(|(problem, ..)| problem.n());
    let is_matrix = rows.iter().any(|(problem, ..)| matches!(problem, Problem::Matrix { .. }));
    (!rows.is_empty()).then(|| Race {
        name: view.measured.workload.clone(),
        device: words::device(view.run.device.kind),
        baseline: words::baseline(view.run, against.baseline()),
        crossover: against.crossover.clone(),
        power: if is_matrix { 3 } else { 1 },
        rows,
    })
}
