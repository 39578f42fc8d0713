//! The run checks itself: these checks must pass if its numbers are right.

mod limits;

pub(super) use limits::{limits, nearest_to_memory_limit};

use super::canary::{self, DRIFT};
use super::neighbours;
use crate::device::{DeviceError, Job};
use crate::record::{Audit, Check, Clock, Measured, Measurement, Phase, Run, Series};
use crate::stats::{self, Summary, median};
use crate::units;

/// Largest difference between the phases and the whole job, as a share.
const APART: f64 = 0.05;

/// Largest factor by which extra kernels may take more or less time than as many before them.
const GROWTH: f64 = 1.15;

/// Largest difference between two measurements of one case, as a share.
const TWINS: f64 = 0.05;

/// Fewest samples of each of two measurements that are compared. The intervals of fewer lie apart by chance too often:
/// those of two and two samples in one of three cases.
const COMPARED: usize = 5;

/// Fewest test kernels in an experiment, and fewest experiments, for the noise between experiments.
const FEWEST_CANARIES: usize = 5;
const FEWEST_EXPERIMENTS: usize = 4;

/// Number of test kernels in one pass. Twice as many are compared with them.
const DISPATCHES: u32 = 4;

/// Repetitions of both passes in a round, and most rounds. Other work on the machine only adds time, so the fastest
/// repetition counts.
const REPETITIONS: usize = 9;
const ROUNDS: usize = 5;

/// Time of [`DISPATCHES`] kernels, and time that as many more in the same pass add by either clock, in seconds.
pub(super) struct Growth {
    kernels: f64,
    by_device: f64,
    by_wall: f64,
}

impl Growth {
    /// Returns whether, by both clocks, the extra kernels took as long as the first ones.
    fn holds(&self) -> bool {
        let alike = |added: f64| (1.0 / GROWTH..=GROWTH).contains(&(added / self.kernels));
        alike(self.by_device) && alike(self.by_wall)
    }
}

/// Times [`DISPATCHES`] test kernels in one pass and twice as many, alternately.
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

/// Returns the time of one pass of kernels in seconds, by the clock of the kernels and by the host clock.
async fn pass<J: Job>(job: &mut J, dispatches: u32) -> Result<Option<(f64, f64)>, DeviceError> {
    job.set_dispatches(dispatches);
    let repetition = job.run(true).await?;
    Ok(repetition.kernel().map(|kernel| (f64::from(dispatches) * kernel, repetition.wall)))
}

/// Returns all checks for which the run has numbers.
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

/// Enters into a run how its speed changed, and its checks.
pub(super) fn enter(run: &mut Run, growth: Option<&Growth>) {
    run.drift = canary::drifts(&run.experiments);
    run.audit = Some(audit(run, growth));
}

/// Checks a run on a device that failed: what can be checked without it.
pub fn audit_without_device(run: &mut Run) {
    enter(run, None);
}

fn check(name: &str, passed: bool, detail: String) -> Check {
    Check { name: name.to_owned(), passed, detail }
}

fn cases(run: &Run) -> impl Iterator<Item = (&Measured, &Measurement)> {
    run.experiments.iter().flat_map(|experiment| experiment.cases.iter().map(move |case| (experiment, case)))
}

/// Names a case.
fn name(experiment: &Measured, case: &Measurement) -> String {
    let series = if case.series == Series::Device { String::new() } else { format!(", {}", case.series) };
    format!(
        "{}/{}, n = {}, {} {}{series}",
        experiment.name,
        experiment.workload,
        units::count(case.problem.n()),
        units::count(case.workers),
        if case.workers == 1 { "worker" } else { "workers" }
    )
}

/// Checks that upload, pass and read-back add up to the time of the job, which a separate clock reading gives. Launch
/// and kernel count as one pass here; [`grows`] checks the division between them. The check needs jobs that move data.
fn sums(run: &Run) -> Option<Check> {
    let moves =
        |case: &Measurement| [Phase::Upload, Phase::ReadBack].iter().any(|phase| !case.seconds(*phase).is_empty());
    let apart = |case: &Measurement| {
        // Only repetitions with transfers count.
        let whole = case.wall.iter().enumerate().step_by(case.transfers_every as usize);
        let shares: Vec<f64> = whole.map(|(index, wall)| phases(case, index) / wall - 1.0).collect();
        median(&shares).filter(|_| moves(case))
    };
    let all: Vec<_> = cases(run).filter_map(|(experiment, case)| Some((apart(case)?, experiment, case))).collect();
    let (worst, experiment, case) = all.iter().max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()))?;
    let wall = units::seconds(median(&case.wall)?);
    let more = if *worst < 0.0 { "less" } else { "more" };
    let (cases, off) = (words_of_cases(all.len()), units::percent(worst.abs()));
    let detail = if worst.abs() < EXACTLY {
        format!("{cases}: the phases add up exactly")
    } else {
        format!("{cases}; furthest off: {off} {more} than {wall} ({})", name(experiment, case))
    };
    Some(check(Check::PHASES, worst.abs() <= APART, detail))
}

/// Differences below this share are shown as zero.
const EXACTLY: f64 = 1e-9;

fn words_of_cases(cases: usize) -> String {
    format!("{cases} {}", if cases == 1 { "case" } else { "cases" })
}

/// Returns the sum of the phases of one repetition, in seconds.
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
        Check::GROWTH,
        growth.holds(),
        format!(
            "{DISPATCHES} test kernels take {}; {DISPATCHES} more add {} by their own clock and {} by the host's",
            units::seconds(growth.kernels),
            units::seconds(growth.by_device),
            units::seconds(growth.by_wall)
        ),
    )
}

/// Checks that cases measured twice took the same time.
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
        Check::TWINS,
        failed == 0,
        format!(
            "{} of {} pairs agree; furthest apart: {} and {}, {} ({case})",
            pairs.len() - failed,
            pairs.len(),
            units::seconds(first.median),
            units::seconds(second.median),
            compared(first, second, *apart)
        ),
    ))
}

/// Says in words how two measurements of one case differ.
fn compared(first: &Summary, second: &Summary, apart: f64) -> String {
    let apart = units::percent(apart.abs());
    let overlap = first.low <= second.high && second.low <= first.high;
    if overlap { "their intervals overlap".to_owned() } else { format!("a difference of {apart}") }
}

/// Checks kernels timed in parts against the same kernels in parts of half the size.
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
        Check::PARTS,
        pairs.iter().all(|(_, agree, ..)| *agree),
        format!("{parts} parts and {} parts differ by {} ({case})", 2 * parts, units::percent(apart.abs())),
    ))
}

/// Summarises the times of a kernel, or of its launch if the kernel is empty.
fn watched(case: &Measurement) -> Option<Summary> {
    let summary = [Phase::Kernel, Phase::Launch].into_iter().find_map(|phase| Summary::of(case.seconds(phase)))?;
    (summary.count >= COMPARED).then_some(summary)
}

/// Checks that one clock timed all kernels that are compared.
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
            "{}/{}: the host's clock timed {fallback} of {all} kernels, because their GPU timestamps were impossible",
            experiment.name, experiment.workload
        ),
        None => words_of_cases(all),
    };
    (all > 0).then(|| check(Check::ONE_CLOCK, mixed.is_none(), detail))
}

/// Checks that the test kernel's time stayed the same.
fn level(run: &Run) -> Option<Check> {
    let samples: usize = run.experiments.iter().map(|experiment| experiment.canary.at.len()).sum();
    let above = units::whole_percent(DRIFT);
    let detail = match run.drift.iter().max_by(|a, b| a.change.abs().total_cmp(&b.change.abs())) {
        Some(largest) => format!(
            "{} above {above} in {} test kernels; the largest is {}, after {} ({})",
            if run.drift.len() == 1 { "1 change".to_owned() } else { format!("{} changes", run.drift.len()) },
            units::count(samples as u64),
            units::percent(largest.change.abs()),
            units::seconds(largest.to),
            largest.place
        ),
        None => {
            format!("no change above {above}, or above the noise, in {} test kernels", units::count(samples as u64))
        }
    };
    (samples > 0).then(|| check(Check::CANARY, run.drift.is_empty(), detail))
}

/// Returns the noise between experiments: the robust standard deviation of the logarithms of the test kernel's medians.
/// Returns `None` for fewer than four experiments with enough test kernels each.
fn wander(experiments: &[Measured]) -> Option<f64> {
    let enough = experiments.iter().filter(|experiment| experiment.canary.kernel.len() >= FEWEST_CANARIES);
    let medians: Vec<f64> = enough.filter_map(|one| Some(median(&one.canary.kernel)?.ln())).collect();
    (medians.len() >= FEWEST_EXPERIMENTS).then(|| stats::robust_deviation(&medians))?
}

/// Returns the time of all repetition blocks, in seconds.
fn sampled(experiments: &[Measured]) -> f64 {
    experiments.iter().filter_map(|experiment| experiment.sampling).sum()
}

/// Returns the share of the blocks' time in which the device did untimed work to keep its clock up.
fn heating(experiments: &[Measured]) -> Option<f64> {
    let heated: f64 = experiments.iter().filter_map(|experiment| experiment.heating).sum();
    (heated > 0.0).then(|| heated / sampled(experiments))
}

/// Returns our own overhead: the share of the blocks' time spent neither in a job nor in heating the device.
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
