//! Problem sizes on one screen: from which size the device is ahead.

use super::read::Reading;
use super::say::{of_size, shape, strictest};
use crate::experiment::View;
use crate::law::Crossover;
use crate::page::words;

/// Workloads that are named.
const FEW: usize = 3;

/// Says for each workload from which size the device with its transfers beats the CPU at its best.
pub(in crate::experiment) fn ahead(views: &[View<'_, Reading>]) -> Option<String> {
    let said = |view: &View<'_, Reading>| {
        let name = &view.measured.workload;
        let sized = |size: f64| of_size(shape(*view), size);
        Some(match &strictest(view.reading)?.crossover {
            Crossover::From { size, .. } => format!("{name} from {}", sized(size.value)),
            Crossover::WinsEverywhere { from } => format!("{name} from {} on, the fewest tried", sized(*from)),
            Crossover::NeverWins { up_to } => format!("{name} never, up to {}", sized(*up_to)),
            Crossover::Undecided { up_to } => format!("{name} undecided at {}", sized(*up_to)),
            Crossover::NothingToCompare => return None,
        })
    };
    let said: Vec<String> = views.iter().filter_map(said).take(FEW).collect();
    let device = words::device(views.first()?.run.device.kind);
    (!said.is_empty())
        .then(|| format!("Without set-up {device} with its transfers beats the CPU: {}.", said.join("; ")))
}
