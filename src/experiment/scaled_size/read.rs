//! Weak scaling, read from the samples: Gustafson's speedup by the phase timers, and the measured one beside it.

use serde::Serialize;

use crate::experiment::cases::{floor, serial_share};
use crate::experiment::waves::{self, full_waves, grown};
use crate::law;
use crate::law::joint::{self, JointFit, JointPoint};
use crate::law::speedup::gustafson;
use crate::law::waves::{Waves, Work};
use crate::page::named::{Named, Unit};
use crate::record::{Measured, Measurement, Quantity, Run};
use crate::stats::Estimate;

/// A kernel that takes this much longer on its grown problem breaks the premise of Gustafson's law.
const STRETCHED: f64 = 1.1;

/// Factor by which law and measurement may differ beside their intervals: for the law a grown kernel takes as long, or
/// a tenth longer.
pub(super) const LAW: f64 = 1.1;

/// A job that grew by no more than this took the same time.
const SAME_TIME: f64 = 1.25;

/// What workers do to a problem that grows with them.
#[derive(Serialize)]
pub(in crate::experiment) struct Reading {
    /// The kernel alone.
    pub(super) kernel: Scaled,
    /// The job as a user waits for it.
    pub(super) whole_job: Scaled,
    /// The waves in which workgroups run, if they are seen.
    pub(super) waves: Option<Waves>,
}

/// Times of grown problems.
#[derive(Serialize)]
pub(super) struct Scaled {
    /// Scaled speedups by Gustafson's law, the serial share taken from the phase timers and the launch floor; and
    /// measured if the scaled problem also ran on one worker.
    pub(super) points: Vec<ScaledPoint>,
    /// The joint fit over problem size and workers.
    pub(super) joint: JointFit,
}

/// One worker count of a scaled experiment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct ScaledPoint {
    /// Workers.
    pub(super) workers: u64,
    /// Problem size.
    pub(super) n: u64,
    /// Serial share of the time on that many workers, by the phase timers; `null` for the kernel, which has no timers
    /// inside it.
    pub(super) serial_share: Option<Estimate>,
    /// Time on all workers over the time of one worker on its own share: 1 where the grown problem takes no longer.
    pub(super) stretch: Option<Estimate>,
    /// Scaled speedup by Gustafson's law from the serial share. `null` where that is, and where the kernel takes more
    /// than a tenth longer than one worker takes for its share: the law assumes that it does not.
    pub(super) gustafson: Option<f64>,
    /// Scaled speedup measured against one worker on the same problem; `null` where that was not run.
    pub(super) measured: Option<Estimate>,
}

/// Reads the scaled speedups, the joint law and the waves.
pub(super) fn read(run: &Run, measured: &Measured) -> Reading {
    let floor = floor(run, measured).map_or(0.0, |floor| floor.value);
    let scaled =
        |quantity| Scaled { points: scaled_points(measured, quantity, floor), joint: joint(measured, quantity) };
    Reading {
        kernel: scaled(Quantity::Kernel),
        whole_job: scaled(Quantity::WholeJob),
        waves: waves::read(measured, Work::Each),
    }
}

/// Each worker count with its own scaled problem: Gustafson's speedup from the phase timers, and the measured one where
/// the same problem also ran on one worker.
fn scaled_points(measured: &Measured, quantity: Quantity, floor: f64) -> Vec<ScaledPoint> {
    let first = |quantity| {
        let share = measured.cases.iter().filter(|case| measured.workers(case) == 1);
        share.min_by_key(|case| case.problem.n())?.summary(quantity)
    };
    let stretch = |case: &Measurement, quantity| law::ratio(&case.summary(quantity)?, &first(quantity)?);
    grown(measured)
        .map(|case| {
            let on_one = alone(measured, case).and_then(|case| case.summary(quantity));
            let on_all = case.summary(quantity);
            let workers = measured.workers(case);
            let serial_share = serial_share(case, quantity, floor);
            ScaledPoint {
                workers,
                n: case.problem.n(),
                serial_share,
                stretch: stretch(case, quantity),
                gustafson: serial_share
                    .filter(|_| stretch(case, Quantity::Kernel).is_some_and(|stretch| stretch.low <= STRETCHED))
                    .map(|share| gustafson(share.value, workers as f64)),
                measured: on_one.zip(on_all).and_then(|(one, all)| law::ratio(&one, &all)),
            }
        })
        .collect()
}

/// Returns the case in which one worker does all of the same problem.
pub(super) fn alone<'a>(measured: &'a Measured, case: &Measurement) -> Option<&'a Measurement> {
    let same = measured.cases.iter().filter(|other| other.problem == case.problem);
    same.min_by_key(|other| other.workers).filter(|alone| measured.workers(alone) == 1)
}

impl Reading {
    /// Returns the elements that each worker has.
    pub(super) fn share(&self) -> Option<u64> {
        let first = self.whole_job.points.first()?;
        first.n.checked_div(first.workers)
    }
}

impl ScaledPoint {
    /// Returns how many one-worker jobs the workers do in the time of one: workers over stretch.
    pub(super) fn work(&self) -> Option<Estimate> {
        let over = self.stretch?.reciprocal()?;
        let [value, low, high] = [over.value, over.low, over.high].map(|share| self.workers as f64 * share);
        Some(Estimate { value, low, high })
    }

    /// Returns the speedup by Gustafson's law, with the interval of the serial share.
    pub(super) fn by_law(&self) -> Option<Estimate> {
        let by = |share: f64| gustafson(share, self.workers as f64);
        let share = self.serial_share?;
        Some(Estimate { value: self.gustafson?, low: by(share.high), high: by(share.low) })
    }

    /// Returns whether Gustafson's law and the measured speedup are surely apart; `false` if one of them is unknown.
    pub(super) fn refutes_law(&self) -> bool {
        let both = self.by_law().zip(self.measured);
        both.is_some_and(|(law, measured)| law.low > LAW * measured.high || measured.low > LAW * law.high)
    }

    /// Says whether what Gustafson's law says was measured; `None` if one of them is unknown.
    pub(super) fn verdict(&self) -> Option<String> {
        let (law, measured) = (self.by_law()?.value, self.measured?.value);
        let too = if law > measured { "too much" } else { "too little" };
        Some(if law.max(measured) <= LAW * law.min(measured) {
            "as measured: the law holds".to_owned()
        } else if self.refutes_law() {
            format!("{too}: the law does not hold")
        } else {
            format!("{too}, but with this noise the law may still hold within 10 %")
        })
    }

    /// Returns the case in which the workers do the grown problem.
    pub(super) fn case<'a>(&self, measured: &'a Measured) -> Option<&'a Measurement> {
        let same = |case: &&Measurement| case.problem.n() == self.n && measured.workers(case) == self.workers;
        measured.cases.iter().find(same)
    }
}

impl Scaled {
    /// Returns the work that the most workers do, and what Gustafson's law says of them.
    pub(super) fn numbers(&self, of: &str) -> Vec<Named> {
        let most = |points: &mut dyn Iterator<Item = &ScaledPoint>| points.max_by_key(|point| point.workers).cloned();
        let named = |name: &str, point: &ScaledPoint, estimate| {
            Named::new(&format!("{of} {name}"), Unit::Times, estimate).on(point.workers).at(point.n)
        };
        let grown = || self.points.iter().filter(|point| point.workers > 1);
        let same = self.same_time().map(|point| {
            let name = format!("{of} most workers with the same time");
            Named::plain(&name, Unit::Workers, point.workers as f64).on(point.workers).at(point.n)
        });
        let peak = self.most_work().map(|(point, work)| named("most work in the same time", point, work));
        let work = most(&mut grown());
        let work = work.and_then(|point| Some(named("work in the same time", &point, point.work()?)));
        let measured = most(&mut grown().filter(|point| point.measured.is_some()));
        let measured = measured.and_then(|point| Some(named("speedup of the bigger job", &point, point.measured?)));
        let both = self.by_both();
        let law = both.cloned().or_else(|| most(&mut grown().filter(|point| point.gustafson.is_some())));
        let most_work = self.most_work().map(|(point, _)| point).filter(|point| both.is_none_or(|both| both != *point));
        let beside = [both, most_work].map(|point| {
            let point = point.filter(|one| measured.as_ref().is_none_or(|most| most.workers != Some(one.workers)));
            point.and_then(|point| Some(named("speedup of the bigger job", point, point.measured?)))
        });
        let share = |point: &ScaledPoint| {
            let name = format!("{of} serial share");
            Some(Named::new(&name, Unit::Share, point.serial_share?).on(point.workers).at(point.n))
        };
        let told = |point: &&ScaledPoint| work.as_ref().is_none_or(|most| most.workers != Some(point.workers));
        let there = both.filter(told).and_then(|both| Some(named("work in the same time", both, both.work()?)));
        let law = law.and_then(|point| Some(named("speedup by Gustafson's law", &point, point.by_law()?)));
        let alone = self.alone().filter(|alone| both.is_none_or(|both| both.workers != alone.workers));
        let shares = [both, alone].map(|point| point.and_then(share));
        [work, there, peak, measured, law, same].into_iter().chain(beside).chain(shares).flatten().collect()
    }

    /// Returns the job of one worker.
    pub(super) fn alone(&self) -> Option<&ScaledPoint> {
        self.points.iter().find(|point| point.workers == 1)
    }

    /// Returns the worker count that does the most work in the time of one worker, with that work.
    pub(super) fn most_work(&self) -> Option<(&ScaledPoint, Estimate)> {
        let work = self.points.iter().filter_map(|point| Some((point, point.work()?)));
        work.max_by(|(_, one), (_, other)| one.value.total_cmp(&other.value))
    }

    /// Returns the most workers up to which the grown job takes the same time.
    pub(super) fn same_time(&self) -> Option<&ScaledPoint> {
        let is_same = |point: &&ScaledPoint| point.stretch.is_some_and(|stretch| stretch.value <= SAME_TIME);
        self.points.iter().take_while(is_same).last()
    }

    /// Returns the most workers for which both Gustafson's law and the measurement say a speedup.
    pub(super) fn by_both(&self) -> Option<&ScaledPoint> {
        let known = |point: &&ScaledPoint| point.gustafson.is_some() && point.measured.is_some();
        self.points.iter().rev().find(known).filter(|point| point.workers > 1)
    }
}

/// The joint law over problem size and workers, where the waves of workgroups are full.
fn joint(measured: &Measured, quantity: Quantity) -> JointFit {
    let point = |case: &Measurement| {
        let summary = case.summary(quantity)?;
        Some(JointPoint {
            size: case.problem.n() as f64,
            workers: measured.workers(case) as f64,
            seconds: summary.median,
            log_se: summary.log_se.unwrap_or(0.0),
        })
    };
    joint::fit(&full_waves(measured, Work::Each).into_iter().filter_map(point).collect::<Vec<_>>())
}
