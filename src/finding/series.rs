//! What is read from the cases themselves, without a law: medians, speedups over a base case, shares of phases.

use crate::law;
use crate::record::{Case, Experiment, Fit, Phase, Problem, Quantity};
use crate::stats::{self, Estimate, Summary};

/// The phases of a whole job that no worker shortens.
pub(crate) const SERIAL_PHASES: [Phase; 4] = [Phase::SetUp, Phase::Upload, Phase::Launch, Phase::ReadBack];

/// A case with the median of one of its times, in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timed<'a> {
    pub(crate) case: &'a Case,
    pub(crate) time: Summary,
}

/// The cases of a rung (`None`: the device's own) that were timed, in the order of the record.
pub(crate) fn timed<'a>(experiment: &'a Experiment, rung: Option<&str>, quantity: Quantity) -> Vec<Timed<'a>> {
    let cases = experiment.cases.iter().filter(|case| case.rung.as_deref() == rung);
    cases.filter_map(|case| Some(Timed { case, time: case.summary(quantity)? })).collect()
}

/// The case of a rung (`None`: the device's own) on a problem.
pub(crate) fn on_rung<'a>(experiment: &'a Experiment, problem: Problem, rung: Option<&str>) -> Option<&'a Case> {
    experiment.cases.iter().find(|case| case.problem == problem && case.rung.as_deref() == rung)
}

/// The rungs in the order of the record, each once.
pub(crate) fn rungs(experiment: &Experiment) -> Vec<&str> {
    let mut rungs: Vec<&str> = Vec::new();
    for rung in experiment.cases.iter().filter_map(|case| case.rung.as_deref()) {
        if !rungs.contains(&rung) {
            rungs.push(rung);
        }
    }
    rungs
}

/// The cases of a rung, in the order of the record.
pub(crate) fn of_rung<'a>(experiment: &'a Experiment, rung: &'a str) -> impl Iterator<Item = &'a Case> {
    experiment.cases.iter().filter(move |case| case.rung.as_deref() == Some(rung))
}

/// The times of a case's launches, which are all that an empty kernel has.
pub(crate) fn launches(case: &Case) -> Option<Summary> {
    Summary::of(case.seconds(Phase::Launch))
}

/// Speedups at a fixed problem size, over the case with the fewest workers.
#[derive(Debug, Clone)]
pub(crate) struct Speedups<'a> {
    pub(crate) base: Timed<'a>,
    /// Each case with its speedup and the interval of that, ascending by workers; the base is the first.
    pub(crate) points: Vec<(Timed<'a>, Estimate)>,
}

impl<'a> Speedups<'a> {
    /// The speedups of an experiment in which the workers vary; `None` where nothing was timed.
    pub(crate) fn of(experiment: &'a Experiment, quantity: Quantity) -> Option<Self> {
        let mut cases = timed(experiment, None, quantity);
        cases.sort_by_key(|timed| experiment.workers(timed.case));
        let base = *cases.first()?;
        let points = cases.into_iter().filter_map(|timed| {
            let same = Estimate { value: 1.0, low: 1.0, high: 1.0 };
            let is_base = experiment.workers(timed.case) == experiment.workers(base.case);
            let speedup = if is_base { Some(same) } else { law::ratio(&base.time, &timed.time) };
            Some((timed, speedup?))
        });
        Some(Self { base, points: points.collect() })
    }

    /// The case with the most workers where it cannot be told from the fastest, so that noise does not choose a place on
    /// a flat curve; the fastest case elsewhere.
    pub(crate) fn best(&self) -> Option<&(Timed<'a>, Estimate)> {
        let (fastest, _) = self.points.iter().max_by(|(_, one), (_, other)| one.value.total_cmp(&other.value))?;
        let most = self.points.last().filter(|(timed, _)| timed.time.low <= fastest.time.high);
        most.or_else(|| self.points.iter().find(|(timed, _)| std::ptr::eq(timed.case, fastest.case)))
    }
}

/// The median of one phase of a case, in seconds.
pub(crate) fn phase(case: &Case, phase: Phase) -> Option<f64> {
    stats::median(case.seconds(phase))
}

/// The phases of a case that no worker shortens, with their medians in seconds, the longest first.
pub(crate) fn serial_phases(case: &Case) -> Vec<(Phase, f64)> {
    let mut phases: Vec<(Phase, f64)> =
        SERIAL_PHASES.into_iter().filter_map(|name| Some((name, phase(case, name)?))).collect();
    phases.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    phases
}

/// The speedup fit of a quantity, with the serial share by the phase timers.
pub(crate) fn speedup_fit(
    experiment: &Experiment,
    wanted: Quantity,
) -> Option<(&law::speedup::SpeedupFit, Option<Estimate>)> {
    experiment.fits.iter().find_map(|fit| match fit {
        Fit::Speedup { quantity, fit, phase_share } if *quantity == wanted => Some((fit, *phase_share)),
        _ => None,
    })
}
