//! Finds numbers in a saved run that no measuring can have given: the file is damaged, or somebody made them up.

use super::{Case, Measured, Problem, Run, Timing};

/// Shortest time above zero that any clock shows, in seconds. Zero is possible: a kernel that was not longer than an
/// empty one, or a launch that its kernel hides.
const SHORTEST: f64 = 1e-12;

/// Longest time that a run can take, in seconds: thirty years.
const LONGEST: f64 = 1e9;

/// Returns where in a run a number stands that is impossible, and that number.
pub(super) fn found(run: &Run) -> Option<String> {
    let one = |name: &str, seconds: &f64| time(*seconds).map(|fault| format!("{name}: {fault}"));
    one("seconds", &run.seconds).or_else(|| one("stopped", &run.stopped)).or_else(|| calibration(run)).or_else(|| {
        run.experiments.iter().enumerate().find_map(|(index, experiment)| {
            let fault = in_experiment(experiment)?;
            Some(format!("experiments[{index}] ({} {}), {fault}", experiment.name, experiment.workload))
        })
    })
}

/// Why a time is impossible.
fn time(seconds: f64) -> Option<String> {
    let is_possible = seconds == 0.0 || (SHORTEST..=LONGEST).contains(&seconds);
    (!is_possible).then(|| format!("{seconds:e} s"))
}

fn times(name: &str, seconds: &[f64]) -> Option<String> {
    let (index, fault) = seconds.iter().enumerate().find_map(|(index, &one)| Some((index, time(one)?)))?;
    Some(format!("{name}[{index}]: {fault}"))
}

fn calibration(run: &Run) -> Option<String> {
    let calibration = &run.calibration;
    let rates = [
        ("copy_roof", calibration.copy_roof),
        ("compute_roof", calibration.compute_roof),
        ("host_copy_roof", calibration.host_copy_roof),
    ];
    let rate = rates.into_iter().find_map(|(name, rate)| {
        let rate = rate.filter(|rate| !(rate.is_finite() && *rate > 0.0))?;
        Some(format!("calibration.{name}: {rate:e}"))
    });
    let empty = || times("calibration.empty_dispatch", calibration.empty_dispatch.as_slice());
    rate.or_else(empty)
}

fn in_experiment(experiment: &Measured) -> Option<String> {
    let canary = &experiment.canary;
    let of_canary = times("canary.kernel", &canary.kernel).or_else(|| times("canary.rest", &canary.rest));
    let twins = [("control", &experiment.control), ("halved", &experiment.halved)];
    let twins = twins.into_iter().filter_map(|(name, control)| Some((name.to_owned(), &control.as_ref()?.twin)));
    let cases = experiment.cases.iter().enumerate().map(|(index, case)| (format!("cases[{index}]"), case));
    of_canary.or_else(|| {
        cases.chain(twins).find_map(|(place, case)| {
            let phases = || {
                case.phases.iter().find_map(|(phase, timing)| match timing {
                    Timing::Samples { seconds, .. } => times(phase.name(), seconds),
                    Timing::Absent { .. } => None,
                })
            };
            let fault = count(case).or_else(phases).or_else(|| times("wall", &case.wall))?;
            Some(format!("{place}: {fault}"))
        })
    })
}

/// Why a case cannot have run: a count in it is zero.
fn count(case: &Case) -> Option<String> {
    let [height, depth, width] = match case.problem {
        Problem::Matrix { m, k, n } => [m, k, n],
        other => [other.n(); 3],
    };
    let counts = [
        ("workers", case.workers),
        ("workgroup_size", u64::from(case.workgroup_size)),
        ("dispatches", u64::from(case.dispatches)),
        ("slices", u64::from(case.slices)),
        ("parts", u64::from(case.parts)),
        ("transfers_every", u64::from(case.transfers_every)),
    ];
    let sides = [height, depth, width].map(|side| ("problem", side));
    let zero = counts.into_iter().chain(sides).find(|(_, count)| *count == 0);
    zero.map(|(name, _)| format!("{name}: 0"))
}
