//! The run checks itself: what must hold if the numbers are true, whatever was measured.

use crate::device::{DeviceError, Job};
use crate::record::{Audit, Calibration, Check, Clock, Measured, Measurement, Phase, Run, Series};
use crate::stats::{self, Summary, median};
use crate::units;

/// Phases and wall clock may differ by this share (DESIGN.md section 6).
const APART: f64 = 0.05;

/// Further dispatches may add so many times more, or less, to the wall clock than their kernels take.
const GROWTH: f64 = 1.5;

/// Twins may differ by this share, whatever their intervals say.
const TWINS: f64 = 0.05;

/// A rate of a kernel may exceed its roof by this share: both were measured, and a kernel that only reads may beat one that
/// copies.
const OVER: f64 = 0.5;

/// A transfer may exceed the rate of the host's memory by this share: both were measured.
const OVER_HOST: f64 = 0.1;

/// Bytes from which on a transfer is held against the rate of the host's memory; smaller ones may stay in its caches.
const LARGE: u64 = 8 << 20;

/// The canary's middle half may spread over this share of its median.
const RESTLESS: f64 = 0.1;

/// A canary that takes so many times its median was disturbed, and this share of them may be.
const DISTURBED: f64 = 1.5;
const SELDOM: f64 = 0.05;

/// Canaries in an experiment, and experiments with so many, from which on their medians are compared.
const FEWEST_CANARIES: usize = 5;
const FEWEST_EXPERIMENTS: usize = 4;

/// Dispatches of the canary in one pass, to see whether time grows with them.
const DISPATCHES: u32 = 8;

/// Repetitions of that.
const REPETITIONS: usize = 9;

/// What further dispatches in one pass add.
pub(super) struct Growth {
    /// Time of one kernel, in seconds.
    kernel: f64,
    /// What [`DISPATCHES`] add to the wall clock of one, in seconds.
    added: f64,
}

/// Runs the canary once and several times in a pass, in turn.
pub(super) async fn growth<J: Job>(job: &mut J) -> Result<Option<Growth>, DeviceError> {
    let (mut kernels, mut added) = (Vec::new(), Vec::new());
    for _ in 0..REPETITIONS {
        job.set_dispatches(1);
        let one = job.run().await?;
        job.set_dispatches(DISPATCHES);
        let several = job.run().await?;
        kernels.extend(one.kernel());
        added.push(several.wall - one.wall);
    }
    job.set_dispatches(1);
    Ok(median(&kernels).zip(median(&added)).map(|(kernel, added)| Growth { kernel, added }))
}

/// All checks for which there is something to check.
pub(super) fn audit(run: &Run, growth: Option<&Growth>) -> Audit {
    let mut checks = Vec::new();
    checks.extend(sums(run));
    checks.extend(growth.map(grows));
    checks.extend(twins(&run.experiments));
    checks.extend(roofs(run));
    checks.extend(one_clock(&run.experiments));
    checks.extend(level(run));
    checks.extend(quiet(&run.experiments));
    Audit { checks, harness: harness(&run.experiments), wander: wander(&run.experiments) }
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

/// The phases of each repetition, added up, against the wall clock that was read apart from them.
fn sums(run: &Run) -> Option<Check> {
    let apart = |case: &Measurement| {
        let shares: Vec<f64> =
            case.wall.iter().enumerate().map(|(index, wall)| phases(case, index) / wall - 1.0).collect();
        median(&shares)
    };
    let all: Vec<_> = cases(run).filter_map(|(experiment, case)| Some((apart(case)?, experiment, case))).collect();
    let (worst, experiment, case) = all.iter().max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()))?;
    let wall = units::seconds(median(&case.wall)?);
    Some(check(
        "phases sum to the wall clock",
        worst.abs() <= APART,
        format!(
            "of {} cases the furthest off is {}: its phases, set-up apart, come to {} {} than the wall clock's {wall}",
            all.len(),
            name(experiment, case),
            units::percent(worst.abs()),
            if *worst < 0.0 { "less" } else { "more" }
        ),
    ))
}

/// The phases of one repetition, in seconds.
fn phases(case: &Measurement, repetition: usize) -> f64 {
    let part = |phase: Phase| case.seconds(phase).get(repetition).copied().unwrap_or(0.0);
    let kernels = part(Phase::Kernel) * f64::from(case.dispatches);
    kernels + [Phase::Upload, Phase::Launch, Phase::ReadBack].into_iter().map(part).sum::<f64>()
}

fn grows(growth: &Growth) -> Check {
    let further = f64::from(DISPATCHES - 1);
    let expected = further * growth.kernel;
    let ratio = growth.added / expected;
    check(
        "time grows with the dispatches",
        (1.0 / GROWTH..=GROWTH).contains(&ratio),
        format!(
            "{further} further dispatches of the canary add {} to the wall clock, where {further} of its kernels take {}",
            units::seconds(growth.added),
            units::seconds(expected)
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
            "{} of {} pairs agree, by their intervals or within 5 %; the furthest apart is {case}: {} and {}, {} apart",
            pairs.len() - failed,
            pairs.len(),
            units::seconds(first.median),
            units::seconds(second.median),
            units::percent(apart.abs())
        ),
    ))
}

/// The samples that stand for a case: its kernel, or its launch where there is no kernel.
fn watched(case: &Measurement) -> Option<Summary> {
    [Phase::Kernel, Phase::Launch].into_iter().find_map(|phase| Summary::of(case.seconds(phase)))
}

/// No kernel is faster than the fastest that this device was seen to copy and to compute, and no transfer faster than the
/// host's memory.
fn roofs(run: &Run) -> Vec<Check> {
    let Calibration { copy_roof, compute_roof, host_copy_roof, .. } = run.calibration;
    let kernel = |amount: fn(&Measurement) -> f64| move |case: &Measurement| Some(amount(case) / kernel(case)?);
    let transfer = |case: &Measurement| {
        let rate = |phase: Phase, bytes: u64| {
            let seconds = median(case.seconds(phase)).filter(|seconds| *seconds > 0.0 && bytes >= LARGE)?;
            Some(bytes as f64 / seconds)
        };
        let (up, back) = (rate(Phase::Upload, case.upload_bytes), rate(Phase::ReadBack, case.read_back_bytes));
        up.into_iter().chain(back).reduce(f64::max)
    };
    let checks = [
        roof(run, "no bandwidth above the copy roof", copy_roof, OVER, units::bandwidth, kernel(|case| case.bytes)),
        roof(
            run,
            "no flop rate above the compute roof",
            compute_roof,
            OVER,
            units::flop_rate,
            kernel(|case| case.flop),
        ),
        roof(
            run,
            "no transfer above the rate of the host's memory",
            host_copy_roof,
            OVER_HOST,
            units::bandwidth,
            transfer,
        ),
    ];
    checks.into_iter().flatten().collect()
}

/// The kernel time of a case on the device itself, in seconds.
fn kernel(case: &Measurement) -> Option<f64> {
    let own = case.clock(Phase::Kernel)? != Clock::HostLessEmpty && !case.is_baseline();
    median(case.seconds(Phase::Kernel)).filter(|seconds| own && *seconds > 0.0)
}

fn roof(
    run: &Run,
    name_of_check: &str,
    roof: Option<f64>,
    over: f64,
    words: fn(f64) -> String,
    rate: impl Fn(&Measurement) -> Option<f64>,
) -> Option<Check> {
    let roof = roof?;
    let rates = cases(run).filter_map(|(experiment, case)| Some((rate(case)?, experiment, case)));
    let (highest, experiment, case) = rates.max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(check(
        name_of_check,
        highest <= roof * (1.0 + over),
        format!(
            "the roof is {}, and up to {} more is let pass; the highest is {}: {}",
            words(roof),
            units::percent(over),
            words(highest),
            name(experiment, case)
        ),
    ))
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
    let detail = match run.drift.iter().max_by(|a, b| a.change.abs().total_cmp(&b.change.abs())) {
        Some(largest) => format!(
            "{} above 5 % in {samples} canaries, the largest of {}, {} into the run, during {}",
            if run.drift.len() == 1 { "one change".to_owned() } else { format!("{} changes", run.drift.len()) },
            units::percent(largest.change.abs()),
            units::seconds(largest.to),
            largest.place
        ),
        None => format!("no change above 5 % in {samples} canaries"),
    };
    (samples > 0).then(|| check(Check::CANARY, run.drift.is_empty(), detail))
}

/// The canary scatters little and is seldom disturbed: nothing else keeps the device or the processor busy.
fn quiet(experiments: &[Measured]) -> Option<Check> {
    let kernels: Vec<f64> = experiments.iter().flat_map(|experiment| &experiment.canary.kernel).copied().collect();
    let quartile = |q| stats::quantile(&kernels, q);
    let usual = median(&kernels)?;
    let spread = (quartile(0.75)? - quartile(0.25)?) / usual;
    let late = kernels.iter().filter(|kernel| **kernel > DISTURBED * usual).count() as f64 / kernels.len() as f64;
    let passed = spread <= RESTLESS && late <= SELDOM;
    Some(check(
        "the machine is quiet",
        passed,
        format!(
            "the middle half of {} canaries spreads over {} of their median, and {} of them take more than {DISTURBED} \
             times as long{}",
            kernels.len(),
            units::percent(spread),
            units::percent(late),
            if passed { "" } else { ": something else keeps the device or the processor busy" }
        ),
    ))
}

/// The robust standard deviation of the canary's medians over the experiments, on the logarithm; `None` for fewer than four
/// experiments with enough canaries each.
fn wander(experiments: &[Measured]) -> Option<f64> {
    let enough = experiments.iter().filter(|experiment| experiment.canary.kernel.len() >= FEWEST_CANARIES);
    let medians: Vec<f64> = enough.filter_map(|one| Some(median(&one.canary.kernel)?.ln())).collect();
    (medians.len() >= FEWEST_EXPERIMENTS).then(|| stats::robust_deviation(&medians))?
}

/// The share of the sampling's time that was spent in no job.
fn harness(experiments: &[Measured]) -> Option<f64> {
    let sampled: f64 = experiments.iter().filter_map(|experiment| experiment.sampling).sum();
    let in_jobs = |experiment: &Measured| {
        let twin = experiment.control.iter().map(|control| &control.twin);
        let cases: f64 = experiment.cases.iter().chain(twin).flat_map(|case| &case.wall).sum();
        let canary = &experiment.canary;
        cases + canary.kernel.iter().chain(&canary.rest).sum::<f64>()
    };
    let jobs: f64 = experiments.iter().filter(|one| one.sampling.is_some()).map(in_jobs).sum();
    (sampled > 0.0).then(|| (1.0 - jobs / sampled).max(0.0))
}
