//! From measured cases to the numbers that a law takes, and back to a fit for the record.

mod scaling;

use crate::device::cpu::Rung;
use crate::law::divergence::{self, Branching, DivergenceFit};
use crate::law::roofline::{self, Bound, Load};
use crate::law::{self, hockney, line};
use crate::record::{Case, Fit, LaunchPart, Phase, PlacedWorkload, Problem, Quantity, WorkUnit};
use crate::stats::Summary;

pub(super) use scaling::{joint, phase_share, scaled_points, speedup, waves};

/// Kernels of a cut job that surely take so many times as long together as in one piece count as grown.
const GROWN: f64 = 1.05;

/// The line of a part of a rung over its numbers of dispatches; `None` where it was not measured.
pub(super) fn launch(cases: &[Case], rung: &str, part: LaunchPart) -> Option<Fit> {
    let on_rung = cases.iter().filter(|case| case.rung.as_deref() == Some(rung));
    let point = |case: &Case| Some((f64::from(case.dispatches), Summary::of(&part.seconds(case))?));
    let points: Vec<(f64, Summary)> = on_rung.filter_map(point).collect();
    (!points.is_empty()).then(|| Fit::Launch { rung: rung.to_owned(), part, fit: line::fit(&points) })
}

/// Hockney's line of one direction of a path over the bytes that it moves.
pub(super) fn transfer(cases: &[Case], path: &str, phase: Phase) -> Option<Fit> {
    let bytes = |case: &Case| if phase == Phase::Upload { case.upload_bytes } else { case.read_back_bytes };
    let on_path = cases.iter().filter(|case| case.path.as_deref() == Some(path));
    let points: Vec<(f64, Summary)> =
        on_path.filter_map(|case| Some((bytes(case) as f64, Summary::of(case.seconds(phase))?))).collect();
    (!points.is_empty()).then(|| Fit::Transfer { path: path.to_owned(), phase, fit: hockney::fit(&points) })
}

/// What cutting a job costs on a rung: the line over the launches, the share that the most of them take, and how much
/// longer the kernels take together than in one piece. `None` where the rung was not measured.
pub(super) fn split(cases: &[Case], rung: &str) -> Option<Fit> {
    let on_rung = || cases.iter().filter(|case| case.rung.as_deref() == Some(rung));
    let point = |case: &Case| Some((f64::from(case.slices), case.summary(Quantity::Launched)?));
    let fit = line::fit(&on_rung().filter_map(point).collect::<Vec<_>>());
    let (fewest, most) = (on_rung().min_by_key(|case| case.slices)?, on_rung().max_by_key(|case| case.slices)?);
    let kernel = |case: &Case| case.summary(Quantity::Kernel).filter(|_| most.slices > fewest.slices);
    let growth = |case: &Case| kernel(case).zip(kernel(fewest)).and_then(|(cut, whole)| law::ratio(&cut, &whole));
    // Slices too small to fill the device take longer together, which is no cost of a launch.
    let grown = on_rung().filter(|case| growth(case).is_some_and(|growth| growth.low > GROWN)).map(|case| case.slices);
    let before = |case: &&Case| grown.clone().min().is_none_or(|first| case.slices < first);
    let filled: Vec<&Case> = on_rung().filter(before).collect();
    let filled_line = line::fit(&filled.iter().copied().filter_map(point).collect::<Vec<_>>());
    Some(Fit::Split {
        rung: rung.to_owned(),
        share: law::split::share_of_line(&fit, f64::from(most.slices)),
        kernel_growth: growth(most),
        filled_up_to: filled.iter().map(|case| case.slices).max().filter(|_| growth(most).is_some()),
        filled_slope: filled_line.slope,
        fit,
        most: most.slices,
    })
}

/// The roofs over kernels of growing intensity, and on which side of the ridge the given workloads (name, problem, flop
/// per byte) lie.
pub(super) fn roofline(cases: &[Case], workloads: &[(String, Problem, f64)]) -> Fit {
    let load = |case: &Case| Some(Load { flop: case.flop, bytes: case.bytes, time: case.summary(Quantity::Kernel)? });
    let fit = roofline::fit(&cases.iter().filter_map(load).collect::<Vec<_>>());
    let side = |intensity: f64| {
        let ridge = fit.ridge.filter(|ridge| !ridge.contains(intensity))?;
        Some(if intensity < ridge.low { Bound::Memory } else { Bound::Compute })
    };
    let place = |(workload, problem, flop_per_byte): &(String, Problem, f64)| PlacedWorkload {
        workload: workload.clone(),
        problem: *problem,
        flop_per_byte: *flop_per_byte,
        bound: side(*flop_per_byte),
    };
    let workloads = workloads.iter().map(place).collect();
    Fit::Roofline { fit, workloads }
}

/// What paths cost inside subgroups: the law over the scattered ones and the sorted ones, and how the time goes on beyond
/// the lanes and where the paths are sorted. Where a driver may compile for subgroups of several sizes, from the shortest
/// run of the sorted paths to the longest, the lanes are those whose law leaves the smallest residuals. `None` where
/// nothing was sorted.
pub(super) fn divergence(cases: &[Case], scattered: &str, sorted: &str) -> Option<Fit> {
    let branching = |case: &Case| match case.problem {
        Problem::Branches { branches, run, .. } => {
            Some((case.rung.clone()?, branches, run, case.summary(Quantity::Kernel)?))
        }
        _ => None,
    };
    let measured: Vec<(String, u64, u64, Summary)> = cases.iter().filter_map(branching).collect();
    let runs = || measured.iter().filter(|(rung, ..)| rung == sorted).map(|(_, _, run, _)| *run);
    let (least, most) = (runs().min()?, runs().max()?);
    let law = |lanes: u64| {
        let branching = |(_, paths, run, time): &(String, u64, u64, Summary)| {
            let [paths, run] = [*paths, *run].map(|count| count as f64);
            Branching { paths, met: divergence::met(paths, run, lanes as f64), time: *time }
        };
        divergence::fit(&measured.iter().map(branching).collect::<Vec<_>>())
    };
    let sizes = std::iter::successors(Some(most), |lanes| Some(lanes / 2)).take_while(|lanes| *lanes >= least.max(1));
    let fits = sizes.map(|lanes| (lanes, law(lanes)));
    let residual = |fit: &DivergenceFit| fit.goodness.as_ref().map_or(f64::INFINITY, |goodness| goodness.residual_sd);
    let (lanes, fit) = fits.min_by(|(_, one), (_, other)| residual(one).total_cmp(&residual(other)))?;
    let kernel = |wanted: &str, count: u64, at_least: u64| {
        let is_it = |(rung, paths, run, _): &&(String, u64, u64, Summary)| {
            rung == wanted && *paths == count && *run >= at_least
        };
        measured.iter().find(is_it).map(|(.., time)| *time)
    };
    let ratio = |above: Option<Summary>, below: Option<Summary>| law::ratio(&above?, &below?);
    let one = kernel(scattered, 1, 1);
    Some(Fit::Divergence {
        fit,
        lanes,
        lanes_among: (least < most).then_some([least, most]),
        full: ratio(kernel(scattered, lanes, 1), one),
        beyond: ratio(kernel(scattered, 2 * lanes, 1), kernel(scattered, lanes, 1)),
        sorted: ratio(kernel(sorted, 2 * lanes, lanes), one),
    })
}

/// How much faster the kernel of one rung is than that of another; `None` unless both were measured.
pub(super) fn ratio(cases: &[Case], against: &str, rung: &str) -> Option<Fit> {
    let kernel = |name: &str| cases.iter().find(|case| case.rung.as_deref() == Some(name))?.summary(Quantity::Kernel);
    let ratio = law::ratio(&kernel(against)?, &kernel(rung)?)?;
    let comparison = law::compare(&ratio, law::INDIFFERENT);
    Some(Fit::Ratio { rung: rung.to_owned(), against: against.to_owned(), ratio, comparison })
}

/// Summaries of a quantity by the work of the case, for the device itself or for a CPU rung.
fn by_size(cases: &[Case], rung: Option<&str>, quantity: Quantity, size: impl Fn(&Case) -> f64) -> Vec<(f64, Summary)> {
    let on_rung = cases.iter().filter(|case| case.rung.as_deref() == rung);
    on_rung.filter_map(|case| Some((size(case), case.summary(quantity)?))).collect()
}

/// Hockney's line over the work of the cases.
pub(super) fn size(cases: &[Case], rung: Option<&str>, quantity: Quantity) -> Fit {
    let computing = cases.iter().all(|case| case.flop > case.bytes);
    let unit = if computing { WorkUnit::Flop } else { WorkUnit::Bytes };
    let work = |case: &Case| if computing { case.flop } else { case.bytes };
    let fit = hockney::fit(&by_size(cases, rung, quantity, work));
    Fit::Size { quantity, rung: rung.map(str::to_owned), fit, unit }
}

/// From which problem size on the device beats the CPU rung, transfers included. Matrices of several shapes with as many
/// rows are in no order of size, and not compared.
pub(super) fn crossover(cases: &[Case], rung: &str) -> Fit {
    let n = |case: &Case| case.problem.n() as f64;
    let ambiguous = |case: &Case| cases.iter().any(|other| n(other) == n(case) && other.problem != case.problem);
    let cases = if cases.iter().any(ambiguous) { &[] } else { cases };
    let device = by_size(cases, None, Quantity::RoundTrip, n);
    let cpu = by_size(cases, Some(rung), Quantity::RoundTrip, n);
    Fit::Crossover { against: rung.to_owned(), crossover: law::crossover(&device, &cpu) }
}

/// Every case against the scalar loop and against the fastest CPU rung on the same problem: its kernel alone, and the
/// whole job from inputs that stand in the host's memory.
pub(super) fn gains(cases: &[Case]) -> Vec<Fit> {
    let summary = |case: &Case, quantity| match quantity {
        Quantity::Kernel => case.summary(Quantity::Kernel),
        _ => Summary::of(&case.from_memory()),
    };
    let gain = |case: &Case, quantity| {
        let seconds = summary(case, quantity)?;
        let rungs = cases.iter().filter(|other| other.problem == case.problem && other.rung.is_some());
        let timed: Vec<(&str, Summary)> =
            rungs.filter_map(|other| Some((other.rung.as_deref()?, summary(other, quantity)?))).collect();
        let scalar = timed.iter().find(|(rung, _)| *rung == Rung::Scalar.name());
        let best = timed.iter().min_by(|(_, one), (_, other)| one.median.total_cmp(&other.median));
        Some(Fit::Gain {
            problem: case.problem,
            rung: case.rung.clone(),
            quantity,
            seconds: seconds.estimate(),
            over_scalar: scalar.and_then(|(_, scalar)| law::ratio(scalar, &seconds)),
            over_best_cpu: best.and_then(|(_, best)| law::ratio(best, &seconds)),
        })
    };
    let both = [Quantity::Kernel, Quantity::WholeJob];
    cases.iter().flat_map(|case| both.map(|quantity| gain(case, quantity))).flatten().collect()
}

/// The workgroup size with the shortest median, and those that are as good as far as their intervals can tell.
pub(super) fn best_workgroup_size(cases: &[Case], quantity: Quantity) -> Option<Fit> {
    let measured: Vec<(u64, Summary)> =
        cases.iter().filter_map(|case| Some((u64::from(case.workgroup_size), case.summary(quantity)?))).collect();
    let (value, best) = measured.iter().min_by(|(_, a), (_, b)| a.median.total_cmp(&b.median))?;
    let as_good = measured.iter().filter(|(size, other)| size != value && other.low <= best.high);
    Some(Fit::Best {
        parameter: "workgroup-size".to_owned(),
        value: *value,
        seconds: best.estimate(),
        as_good: as_good.map(|(size, _)| *size).collect(),
    })
}
