//! Strong and weak scaling: speedups, scaled points, and the waves of workgroups beside them.

use crate::law::joint::{self, JointFit, JointPoint};
use crate::law::ratio;
use crate::law::speedup::{self, SpeedupFit, gustafson};
use crate::law::waves::{Waves, Work};
use crate::law::{self, Point};
use crate::record::{Case, Experiment, Fit, Phase, Quantity, ScaledPoint, WorkersAre};
use crate::stats::{Estimate, Summary};

/// A kernel that takes this much longer on its grown problem breaks the premise of Gustafson's law.
const STRETCHED: f64 = 1.1;

/// Points of a speedup law at the least.
const ENOUGH: usize = 6;

/// Workgroups whose waves take no more than so many times as long as full ones count as full.
const FULL: f64 = 1.05;

/// The speedup law of a quantity against the workers.
pub(in crate::experiment) fn speedup(experiment: &Experiment, quantity: Quantity) -> SpeedupFit {
    let point = |case: &Case| {
        let summary = case.summary(quantity)?;
        Some(Point::from_summary(experiment.workers(case) as f64, &summary))
    };
    let full: Vec<Point> = full_waves(experiment, Work::Shared).into_iter().filter_map(point).collect();
    if full.len() >= ENOUGH {
        return speedup::fit(&full);
    }
    speedup::fit(&experiment.cases.iter().filter_map(point).collect::<Vec<_>>())
}

/// The cases whose last wave of workgroups is full, or nearly, by the waves that were found: no law of speedup knows
/// steps, so it is read beside them. Every case where no waves are seen.
fn full_waves(experiment: &Experiment, work: Work) -> Vec<&Case> {
    let found = found_waves(experiment, work);
    let is_full = |case: &&Case| found.is_none_or(|waves| waves.excess(experiment.workers(case)) <= FULL);
    experiment.cases.iter().filter(is_full).collect()
}

/// The waves in which workgroups run; `None` where invocations are counted, or no waves are seen.
pub(in crate::experiment) fn waves(experiment: &Experiment, work: Work) -> Option<Fit> {
    found_waves(experiment, work).map(|waves| Fit::Waves { waves })
}

fn found_waves(experiment: &Experiment, work: Work) -> Option<Waves> {
    if experiment.workers_are == WorkersAre::Invocations {
        return None;
    }
    let time = |case: &Case| Some((experiment.workers(case), case.summary(Quantity::Kernel)?.median));
    let points: Vec<(u64, f64)> = grown(experiment).filter_map(time).collect();
    law::waves::waves(&points, work)
}

/// Every problem on the most workers that it was given. A fixed problem is the same in every case, and each of them
/// counts. A grown problem of which only the run on one worker was possible is no share of one, and left out.
fn grown(experiment: &Experiment) -> impl Iterator<Item = &Case> {
    let fixed = experiment.cases.windows(2).all(|pair| pair[0].problem == pair[1].problem);
    let share = experiment.cases.iter().map(|case| case.problem.n()).min();
    experiment.cases.iter().filter(move |case| {
        if !fixed && experiment.workers(case) == 1 && Some(case.problem.n()) != share {
            return false;
        }
        let others = experiment.cases.iter().filter(|other| other.problem == case.problem);
        fixed || others.map(|other| other.workers).max() == Some(case.workers)
    })
}

/// The serial share of the whole job on the fewest workers, by the phase timers: all but the kernel. The kernel itself
/// has no timers inside it.
pub(in crate::experiment) fn phase_share(experiment: &Experiment, quantity: Quantity) -> Option<Estimate> {
    let alone = experiment.cases.iter().min_by_key(|case| case.workers)?;
    serial_share(alone, quantity)
}

/// The serial share of one case, per repetition.
fn serial_share(case: &Case, quantity: Quantity) -> Option<Estimate> {
    if quantity == Quantity::Kernel {
        return None;
    }
    let whole = case.samples(quantity);
    let shares: Vec<f64> =
        case.seconds(Phase::Kernel).iter().zip(&whole).map(|(kernel, whole)| 1.0 - kernel / whole).collect();
    Summary::of(&shares).map(|summary| summary.estimate())
}

/// Each worker count with its own scaled problem: Gustafson's speedup from the phase timers, and the measured one where
/// the same problem also ran on one worker.
pub(in crate::experiment) fn scaled_points(experiment: &Experiment, quantity: Quantity) -> Vec<ScaledPoint> {
    let first = |quantity| {
        let share = experiment.cases.iter().filter(|case| experiment.workers(case) == 1);
        share.min_by_key(|case| case.problem.n())?.summary(quantity)
    };
    let stretch = |case: &Case, quantity| ratio(&case.summary(quantity)?, &first(quantity)?);
    grown(experiment)
        .map(|case| {
            let same = experiment.cases.iter().filter(|other| other.problem == case.problem);
            let alone = same.min_by_key(|other| other.workers).filter(|alone| experiment.workers(alone) == 1);
            let on_one = alone.and_then(|case| case.summary(quantity));
            let on_all = case.summary(quantity);
            let workers = experiment.workers(case);
            let serial_share = serial_share(case, quantity);
            ScaledPoint {
                workers,
                n: case.problem.n(),
                serial_share,
                stretch: stretch(case, quantity),
                gustafson: serial_share
                    .filter(|_| stretch(case, Quantity::Kernel).is_some_and(|stretch| stretch.low <= STRETCHED))
                    .map(|share| gustafson(share.value, workers as f64)),
                measured: on_one.zip(on_all).and_then(|(one, all)| ratio(&one, &all)),
            }
        })
        .collect()
}

/// The joint law over problem size and workers, where the waves of workgroups are full.
pub(in crate::experiment) fn joint(experiment: &Experiment, quantity: Quantity) -> JointFit {
    let point = |case: &Case| {
        let summary = case.summary(quantity)?;
        Some(JointPoint {
            size: case.problem.n() as f64,
            workers: experiment.workers(case) as f64,
            seconds: summary.median,
            log_se: summary.log_se.unwrap_or(0.0),
        })
    };
    joint::fit(&full_waves(experiment, Work::Each).into_iter().filter_map(point).collect::<Vec<_>>())
}
