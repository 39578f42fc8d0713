//! The run checks itself: what must hold if the numbers are true, whatever was measured.

mod limits;

pub(super) use limits::{limits, nearest_to_memory_limit};

use super::canary::DRIFT;
use super::neighbours;
use crate::device::{DeviceError, Job};
use crate::record::{Audit, Check, Clock, Measured, Measurement, Phase, Run, Series};
use crate::stats::{self, Summary, median};
use crate::units;

/// Phases and wall clock may differ by this share.
const APART: f64 = 0.05;

/// The time of further dispatches may differ by this factor from that of as many before them.
const GROWTH: f64 = 1.15;

/// Twins may differ by this share, whatever their intervals say.
const TWINS: f64 = 0.05;

/// Canaries in an experiment, and experiments with so many, from which on their medians are compared.
const FEWEST_CANARIES: usize = 5;
const FEWEST_EXPERIMENTS: usize = 4;

/// Dispatches of the canary in one pass; twice as many are held against them.
const DISPATCHES: u32 = 4;

/// Repetitions of both, and the most rounds of these. Anything else in the machine only adds time, so the fastest of
/// all comes closer to the truth with each round.
const REPETITIONS: usize = 9;
const ROUNDS: usize = 5;

/// What [`DISPATCHES`] kernels take, and what as many further ones in the same pass add by either clock, in seconds.
pub(super) struct Growth {
    kernels: f64,
    by_device: f64,
    by_wall: f64,
}

impl Growth {
    /// Whether both clocks saw as many further kernels take as long.
    fn holds(&self) -> bool {
        let alike = |added: f64| (1.0 / GROWTH..=GROWTH).contains(&(added / self.kernels));
        alike(self.by_device) && alike(self.by_wall)
    }
}

/// Runs some dispatches of the canary in one pass and twice as many, in turn.
pub(super) async fn growth<J: Job>(job: &mut J) -> Result<Option<Growth>, DeviceError> {
    let mut least: Option<[(f64, f64); 2]> = None;
    let mut growth = None;
    for _ in 0..ROUNDS {
        for _ in 0..REPETITIONS {
            let pair = [pass(job, DISPATCHES).await?, pass(job, 2 * DISPATCHES).await?];
            let [Some(some), Some(twice)] = pair else { break };
            let least = least.get_or_insert([some, twice]);
            for (least, new) in least.iter_mut().zip([some, twice]) {
                *least = (least.0.min(new.0), least.1.min(new.1));
            }
        }
        growth = least.map(|[some, twice]| Growth {
            kernels: some.0,
            by_device: twice.0 - some.0,
            by_wall: twice.1 - some.1,
        });
        if growth.as_ref().is_none_or(Growth::holds) {
            break;
        }
    }
    job.set_dispatches(1);
    Ok(growth)
}

/// The time of one pass of so many dispatches by the clock of the kernels and by the wall clock, in seconds.
async fn pass<J: Job>(job: &mut J, dispatches: u32) -> Result<Option<(f64, f64)>, DeviceError> {
    job.set_dispatches(dispatches);
    let repetition = job.run(true).await?;
    Ok(repetition.kernel().map(|kernel| (f64::from(dispatches) * kernel, repetition.wall)))
}

/// All checks for which there is something to check.
pub(super) fn audit(run: &Run, growth: Option<&Growth>) -> Audit {
    let mut checks = Vec::new();
    checks.extend(growth.map(grows));
    checks.extend(sums(run));
    checks.extend(twins(&run.experiments));
    checks.extend(halves(&run.experiments));
    checks.extend(limits(run));
    checks.extend(one_clock(&run.experiments));
    checks.extend(level(run));
    let neighbours = neighbours::judged(run);
    checks.extend(neighbours::check(&neighbours));
    let (experiments, neighbours) = (&run.experiments, Some(neighbours));
    let (harness, heating, wander) = (harness(experiments), heating(experiments), wander(experiments));
    Audit { checks, harness, heating, wander, neighbours }
}

fn check(name: &str, passed: bool, detail: String) -> Check {
    Check { name: name.to_owned(), passed, detail }
}

fn cases(run: &Run) -> impl Iterator<Item = (&Measured, &Measurement)> {
    run.experiments.iter().flat_map(|experiment| experiment.cases.iter().map(move |case| (experiment, case)))
}

/// The case in a few words.
fn name(experiment: &Measured, case: &Measurement) -> String {
    let series = if case.series == Series::Device { String::new() } else { format!(", {}", case.series) };
    format!(
        "{} {}, n = {}, {} workers{series}",
        experiment.name,
        experiment.workload,
        units::size(case.problem.n()),
        units::count(case.workers)
    )
}

/// Uploads, passes and read-backs of each repetition, against the wall clock that was read apart from them. How a pass
/// is divided into launch and kernel cannot be seen here, since one of them is the rest of the other: [`grows`] sees
/// it. So this is about jobs that move data.
fn sums(run: &Run) -> Option<Check> {
    let moves =
        |case: &Measurement| [Phase::Upload, Phase::ReadBack].iter().any(|phase| !case.seconds(*phase).is_empty());
    let apart = |case: &Measurement| {
        // The repetitions in which data travelled.
        let whole = case.wall.iter().enumerate().step_by(case.transfers_every as usize);
        let shares: Vec<f64> = whole.map(|(index, wall)| phases(case, index) / wall - 1.0).collect();
        median(&shares).filter(|_| moves(case))
    };
    let all: Vec<_> = cases(run).filter_map(|(experiment, case)| Some((apart(case)?, experiment, case))).collect();
    let (worst, experiment, case) = all.iter().max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()))?;
    let wall = units::seconds(median(&case.wall)?);
    Some(check(
        "uploads, passes and read-backs sum to the wall clock",
        worst.abs() <= APART,
        format!(
            "of {} cases the furthest off is {}: its parts come to {} {} than the wall clock's {wall}",
            all.len(),
            name(experiment, case),
            units::percent(worst.abs()),
            if *worst < 0.0 { "less" } else { "more" }
        ),
    ))
}

/// The phases of one repetition, in seconds.
fn phases(case: &Measurement, repetition: usize) -> f64 {
    let at = |phase: Phase, index: usize| case.seconds(phase).get(index).copied().unwrap_or(0.0);
    let every = case.transfers_every as usize;
    let moved = |phase: Phase| if repetition.is_multiple_of(every) { at(phase, repetition / every) } else { 0.0 };
    let kernel = if case.parts > 1 { Phase::Part } else { Phase::Kernel };
    let kernels = at(kernel, repetition) * f64::from(case.dispatches);
    kernels + at(Phase::Launch, repetition) + moved(Phase::Upload) + moved(Phase::ReadBack)
}

fn grows(growth: &Growth) -> Check {
    check(
        "time grows with the dispatches",
        growth.holds(),
        format!(
            "{DISPATCHES} dispatches of the canary take {} of kernels; {DISPATCHES} more in the same pass add {} by \
             the clock of the kernels and {} by the wall clock",
            units::seconds(growth.kernels),
            units::seconds(growth.by_device),
            units::seconds(growth.by_wall)
        ),
    )
}

/// Cases that were measured twice.
fn twins(experiments: &[Measured]) -> Option<Check> {
    let pair = |experiment: &Measured| {
        let control = experiment.control.as_ref()?;
        let (first, second) = (watched(experiment.cases.get(control.of)?)?, watched(&control.twin)?);
        let overlap = first.low <= second.high && second.low <= first.high;
        let apart = second.median / first.median - 1.0;
        Some((apart, overlap || apart.abs() <= TWINS, name(experiment, &control.twin), first, second))
    };
    let pairs: Vec<_> = experiments.iter().filter_map(pair).collect();
    let failed = pairs.iter().filter(|(_, agree, ..)| !agree).count();
    let furthest = |a: &&(f64, bool, String, Summary, Summary), b: &&(f64, bool, String, Summary, Summary)| {
        (!a.1).cmp(&!b.1).then(a.0.abs().total_cmp(&b.0.abs()))
    };
    let (apart, _, case, first, second) = pairs.iter().max_by(furthest)?;
    Some(check(
        "the same case measured twice agrees with itself",
        failed == 0,
        format!(
            "{} of {} pairs agree, by their intervals or within {}; the furthest apart is {case}: {} and {}, {} apart",
            pairs.len() - failed,
            pairs.len(),
            units::whole_percent(TWINS),
            units::seconds(first.median),
            units::seconds(second.median),
            units::percent(apart.abs())
        ),
    ))
}

/// Kernels that were timed in parts, against the same in parts of half the size.
fn halves(experiments: &[Measured]) -> Option<Check> {
    let pair = |experiment: &Measured| {
        let halved = experiment.halved.as_ref()?;
        let (whole, half) = (watched(experiment.cases.get(halved.of)?)?, watched(&halved.twin)?);
        let overlap = whole.low <= half.high && half.low <= whole.high;
        let apart = half.median / whole.median - 1.0;
        Some((apart, overlap || apart.abs() <= TWINS, name(experiment, &halved.twin), halved.twin.parts / 2))
    };
    let pairs: Vec<_> = experiments.iter().filter_map(pair).collect();
    let worst = |a: &&(f64, bool, String, u32), b: &&(f64, bool, String, u32)| {
        (!a.1).cmp(&!b.1).then(a.0.abs().total_cmp(&b.0.abs()))
    };
    let (apart, _, case, parts) = pairs.iter().max_by(worst)?;
    Some(check(
        "a job timed in parts takes as long in parts of half the size",
        pairs.iter().all(|(_, agree, ..)| *agree),
        format!("{case}: {parts} parts and twice as many differ by {}", units::percent(apart.abs())),
    ))
}

/// The samples that stand for a case: its kernel, or its launch where there is no kernel.
fn watched(case: &Measurement) -> Option<Summary> {
    [Phase::Kernel, Phase::Launch].into_iter().find_map(|phase| Summary::of(case.seconds(phase)))
}

/// Kernels that are compared with one another are timed by one clock.
fn one_clock(experiments: &[Measured]) -> Option<Check> {
    let own = |experiment: &Measured| {
        let cases = experiment.cases.iter().filter(|case| !case.is_baseline());
        let clocks: Vec<Clock> = cases.filter_map(|case| case.clock(Phase::Kernel)).collect();
        let fallback = clocks.iter().filter(|clock| **clock == Clock::HostLessEmpty).count();
        (fallback, clocks.len())
    };
    let counts: Vec<(&Measured, (usize, usize))> = experiments.iter().map(|one| (one, own(one))).collect();
    let all: usize = counts.iter().map(|(_, (_, all))| all).sum();
    let mixed = counts.iter().find(|(_, (fallback, all))| *fallback > 0 && fallback < all);
    let detail = match mixed {
        Some((experiment, (fallback, all))) => format!(
            "in {} {} the fallback timed {fallback} of {all} kernels, because the GPU's timestamps could not be true",
            experiment.name, experiment.workload
        ),
        None => format!("{all} cases, each experiment by one clock"),
    };
    (all > 0).then(|| check("one clock times the kernels of an experiment", mixed.is_none(), detail))
}

/// The canary keeps its time.
fn level(run: &Run) -> Option<Check> {
    let samples: usize = run.experiments.iter().map(|experiment| experiment.canary.at.len()).sum();
    let above = units::whole_percent(DRIFT);
    let detail = match run.drift.iter().max_by(|a, b| a.change.abs().total_cmp(&b.change.abs())) {
        Some(largest) => format!(
            "{} above {above} in {samples} canaries, the largest of {}, {} into the run, during {}",
            if run.drift.len() == 1 { "one change".to_owned() } else { format!("{} changes", run.drift.len()) },
            units::percent(largest.change.abs()),
            units::seconds(largest.to),
            largest.place
        ),
        None => format!("no change above {above}, or above their own scatter, in {samples} canaries"),
    };
    (samples > 0).then(|| check(Check::CANARY, run.drift.is_empty(), detail))
}

/// The robust standard deviation of the canary's medians over the experiments, on the logarithm; `None` for fewer than
/// four experiments with enough canaries each.
fn wander(experiments: &[Measured]) -> Option<f64> {
    let enough = experiments.iter().filter(|experiment| experiment.canary.kernel.len() >= FEWEST_CANARIES);
    let medians: Vec<f64> = enough.filter_map(|one| Some(median(&one.canary.kernel)?.ln())).collect();
    (medians.len() >= FEWEST_EXPERIMENTS).then(|| stats::robust_deviation(&medians))?
}

/// Seconds of the repetition blocks of all experiments.
fn sampled(experiments: &[Measured]) -> f64 {
    experiments.iter().filter_map(|experiment| experiment.sampling).sum()
}

/// The share of the sampling's time in which the device worked untimed, so that it kept its clock.
fn heating(experiments: &[Measured]) -> Option<f64> {
    let heated: f64 = experiments.iter().filter_map(|experiment| experiment.heating).sum();
    (heated > 0.0).then(|| heated / sampled(experiments))
}

/// The share of the sampling's time that was spent neither in a job nor in heating the device.
fn harness(experiments: &[Measured]) -> Option<f64> {
    let sampled = sampled(experiments);
    let in_jobs = |experiment: &Measured| {
        let twins = experiment.control.iter().chain(&experiment.halved).map(|control| &control.twin);
        let cases: f64 = experiment.cases.iter().chain(twins).flat_map(|case| &case.wall).sum();
        let canary = &experiment.canary;
        cases + canary.kernel.iter().chain(&canary.rest).sum::<f64>() + experiment.heating.unwrap_or(0.0)
    };
    let jobs: f64 = experiments.iter().filter(|one| one.sampling.is_some()).map(in_jobs).sum();
    (sampled > 0.0).then(|| (1.0 - jobs / sampled).max(0.0))
}
