//! What became slower since the last run of the same device.

use super::Subject;
use super::pair::Pair;
use crate::law::Comparison;
use crate::record::{Run, Slower};

/// A kernel that takes this many times as long, by its whole interval, is told.
const TWICE: f64 = 2.0;

/// Tells whether kernels take at least twice as long as in the last run of the same device; `None` if none is proven
/// to.
pub fn since(last: &Run, run: &Run) -> Option<Slower> {
    let [base, other] = [last, run].map(|run| Subject::timed(run.clone()));
    // Another version may measure another thing.
    (base.version() == other.version()).then_some(())?;
    let pair = Pair::of(&base, &other);
    let kernels = || pair.times.iter().filter(|time| time.base.is_kernel);
    let slower = kernels().filter(|time| time.judged.answer == Comparison::Slower);
    let twice = slower.filter_map(|time| Some((time.judged.ratio?, time.what)));
    let worse: Vec<(f64, &super::Key)> =
        twice.filter(|(ratio, _)| ratio.high * TWICE <= 1.0).map(|(ratio, key)| (1.0 / ratio.value, key)).collect();
    let &(times, key) = worse.iter().max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    Some(Slower {
        started: last.started.clone(),
        kernels: worse.len(),
        of: kernels().count(),
        times,
        place: format!("{}/{}", key.experiment, key.workload),
    })
}
