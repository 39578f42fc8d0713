//! The waves in which workgroups run, and what a last wave costs that is not full.

use crate::law;
use crate::law::waves::{Waves, Work};
use crate::record::{Measured, Measurement, Quantity, WorkersAre};
use crate::units;

/// Workgroups whose waves take at most this many times as long as full ones count as full.
const FULL: f64 = 1.05;

/// The cases whose last wave of workgroups is full, or nearly, by the waves that were found: no law of speedup knows
/// steps, so it is read beside them. Every case where no waves are seen.
pub(super) fn full_waves(measured: &Measured, work: Work) -> Vec<&Measurement> {
    let found = read(measured, work);
    let is_full = |case: &&Measurement| found.is_none_or(|waves| waves.excess(measured.workers(case)) <= FULL);
    measured.cases.iter().filter(is_full).collect()
}

/// Reads the waves in which workgroups run; `None` if invocations are counted, or if no waves are seen.
pub(super) fn read(measured: &Measured, work: Work) -> Option<Waves> {
    if measured.workers_are == WorkersAre::Invocations {
        return None;
    }
    let time = |case: &Measurement| Some((measured.workers(case), case.summary(Quantity::Kernel)?.median));
    let points: Vec<(u64, f64)> = grown(measured).filter_map(time).collect();
    law::waves::waves(&points, work)
}

/// Every problem on the most workers that it was given. A fixed problem is the same in every case, and each of them
/// counts. A grown problem of which only the run on one worker was possible is no share of one, and left out.
pub(super) fn grown(measured: &Measured) -> impl Iterator<Item = &Measurement> {
    let fixed = measured.cases.windows(2).all(|pair| pair[0].problem == pair[1].problem);
    let share = measured.cases.iter().map(|case| case.problem.n()).min();
    measured.cases.iter().filter(move |case| {
        if !fixed && measured.workers(case) == 1 && Some(case.problem.n()) != share {
            return false;
        }
        let others = measured.cases.iter().filter(|other| other.problem == case.problem);
        fixed || others.map(|other| other.workers).max() == Some(case.workers)
    })
}

/// Explains the column of waves.
pub(super) const EXPLAINED: &str = "Waves: the rounds that the workgroups need; the time rises by one step for each. \
    Laws are fitted to counts whose last wave is nearly full, if there are enough of them.";

/// Says what a last wave costs that is not full.
pub(super) fn sentence(waves: Option<&Waves>) -> Option<String> {
    let waves = waves?;
    let slots = if waves.slots == waves.slots_up_to {
        units::count(waves.slots)
    } else {
        format!("{} to {}", units::count(waves.slots), units::count(waves.slots_up_to))
    };
    Some(format!(
        "The hardware runs {slots} workgroups at a time, in waves. A last wave that is not full costs as much as a \
         full one: {} workgroups take {} times as long as full waves would.",
        units::count(waves.worst),
        units::ratio(waves.loss)
    ))
}
