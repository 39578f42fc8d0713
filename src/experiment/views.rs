//! Experiments of a run, read one by one with the type of their readings.

use super::{Experiment, View};
use crate::record::{Measured, Run};

/// Returns what is made of all workloads of an experiment together.
pub(super) fn all<E: Experiment, T>(run: &Run, experiment: &E, take: impl FnOnce(&[View<'_, E::Reading>]) -> T) -> T {
    let read: Vec<(&Measured, E::Reading)> =
        of(run, experiment).map(|measured| (measured, experiment.read(run, measured))).collect();
    let views: Vec<_> = read.iter().map(|(measured, reading)| View { run, measured, reading }).collect();
    take(&views)
}

/// Returns what is made of the first workload of an experiment. No other is read, since a fit takes time.
pub(super) fn first<E: Experiment, T>(
    run: &Run,
    experiment: &E,
    take: impl FnOnce(View<'_, E::Reading>) -> T,
) -> Option<T> {
    let measured = of(run, experiment).next()?;
    Some(take(View { run, measured, reading: &experiment.read(run, measured) }))
}

/// The workloads of which anything was measured.
fn of<'a, E: Experiment>(run: &'a Run, experiment: &E) -> impl Iterator<Item = &'a Measured> {
    let name = experiment.about().name;
    run.experiments.iter().filter(move |measured| measured.name == name && !measured.cases.is_empty())
}
