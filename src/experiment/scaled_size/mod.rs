//! How much more work fits in the same time? The problem grows with the workers: weak scaling, read by Gustafson.

mod agree;
pub(super) mod lesson;
mod read;
mod say;
pub(super) mod short;
mod show;
pub(super) mod web;

use super::cases::a_worker_is;
use super::{About, Axis, Experiment, Scene, View, names};
use crate::measure::{Plan, work};
use crate::page::block::Block;
use crate::page::named::{Named, Unit};
use crate::page::words;
use crate::record::{Case, Check, Measured, Measurement, Problem, Quantity, Run, Skipped, WorkersAre};
use crate::workload::Workload;
use read::Reading;

/// Items of work for each worker: enough to time, few enough that many workers' problem fits into memory.
const ITEMS_PER_WORKER: u64 = 64;

/// The same where whole workgroups are the workers: fewer, so that the problem of many of them fits as well.
const ITEMS_FOR_WORKGROUPS: u64 = 8;

/// The same for threads of a processor: more, because starting them takes longer than a few items, and they are few.
const ITEMS_FOR_THREADS: u64 = 1 << 16;

/// Largest scaled problem, in items.
const LARGEST: u64 = 1 << 24;

/// How many times as long as an empty launch one worker's share takes, where it may.
const LAUNCHES: f64 = 10.0;

/// Most parts in which a grown problem runs on one worker, for the measured speedup. Larger ones have only Gustafson's.
const MOST_PARTS: f64 = 1024.0;

/// Workloads that the summary has room for.
const FEW: usize = 3;

/// The experiment `scaled-size`.
pub(super) struct ScaledSize;

static ABOUT: About = About {
    name: names::SCALED_SIZE,
    question: "How much more work fits in the same time?",
    workloads: &["fma"],
    axes: &[Axis::Sizes, Axis::Workers],
};

impl Experiment for ScaledSize {
    type Reading = Reading;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    /// Matrix products do not scale by their side: twice the workers would want a side of no whole number. Every item
    /// of a network is a long row, so that no more than a few are as much as one worker does in time.
    fn takes(&self, workload: &dyn Workload) -> bool {
        workload.name() != "empty" && !matches!(workload.problem(1), Problem::Matrix { .. } | Problem::Batch { .. })
    }

    fn plan(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let shares = scene.axes.sizes.clone().unwrap_or_else(|| {
            vec![match scene.workers_are() {
                WorkersAre::Invocations if scene.on_cpu() => ITEMS_FOR_THREADS,
                WorkersAre::Invocations => ITEMS_PER_WORKER,
                WorkersAre::Workgroups => ITEMS_FOR_WORKGROUPS,
            }]
        });
        shares.into_iter().map(|share| plan(scene, share)).collect()
    }

    fn read(&self, run: &Run, measured: &Measured) -> Reading {
        read::read(run, measured)
    }

    fn setting(&self, run: &Run, measured: &Measured) -> String {
        let of_one =
            measured.cases.iter().filter(|case| measured.workers(case) == 1).map(|case| case.problem.n()).min();
        let share = of_one.map_or_else(String::new, |n| format!(": {} for each", words::counted(n, "element")));
        format!("The job grows with the workers{share}.{}", a_worker_is(run, measured))
    }

    fn numbers(&self, View { reading, .. }: View<'_, Reading>) -> Vec<Named> {
        let both = [("kernel", &reading.kernel), ("whole-job", &reading.whole_job)];
        let each = reading.share().map(|each| Named::plain("elements for each worker", Unit::Elements, each as f64));
        both.into_iter().flat_map(|(of, scaled)| scaled.numbers(of)).chain(each).collect()
    }

    fn base<'a>(&self, measured: &'a Measured, case: &Measurement, quantity: Quantity) -> Option<&'a Measurement> {
        let asked = matches!(quantity, Quantity::Kernel | Quantity::WholeJob);
        read::alone(measured, case).filter(|_| asked)
    }

    fn show(&self, view: View<'_, Reading>) -> Vec<Block> {
        show::blocks(view)
    }

    fn say(&self, view: View<'_, Reading>) -> Vec<String> {
        say::sentences(view)
    }

    fn checks(&self, view: View<'_, Reading>) -> Vec<Check> {
        agree::check(view).into_iter().collect()
    }

    fn answer(&self, views: &[View<'_, Reading>]) -> Vec<String> {
        views.iter().filter_map(|view| say::answer(*view)).take(FEW).collect()
    }
}

/// Plans every scaled problem twice: on one worker if that is possible, for a measured base, then on its workers.
/// Workgroups whose number is no power of two are there for their waves only, which need no such base.
fn plan(scene: &Scene<'_>, share: u64) -> Plan {
    let mut plan = scene.plan(&ABOUT);
    let chain = match scene.problem_for_full_width().unwrap_or_else(|| scene.problem_for_one_worker()) {
        Problem::Chain { k, .. } => Some(chain_for_shares(scene, k, share)),
        _ => None,
    };
    let problem = |n: u64| match chain {
        Some(k) => Problem::Chain { n, k },
        None => scene.workload.problem(n),
    };
    let most = if scene.on_cpu() { scene.device.limits.workers } else { LARGEST / share.max(1) };
    let (asked, in_groups) = (scene.axes.workers.is_some(), scene.workers_are() == WorkersAre::Workgroups);
    let counts: Vec<u64> = scene
        .worker_counts(most.max(1), 1)
        .into_iter()
        // Invocations between the powers of two would show subgroups that are not full, and nothing else.
        .filter(|count| scene.on_cpu() || asked || in_groups || count.is_power_of_two())
        .collect();
    plan.workers_are = scene.workers_are();
    plan.part = scene.part();
    let (alone, alone_size) = scene.crew(1).unwrap_or((1, 1));
    let on_one = |problem| {
        let seconds = scene.seconds_per_work.unwrap_or_default() * work(scene.workload, problem);
        scene.part().is_none_or(|part| seconds <= MOST_PARTS * part)
    };
    let mut scaled = Vec::new();
    for count in counts {
        let crew = scene.crew(count);
        let Some((n, (workers, workgroup_size))) = crew.and_then(|crew| Some((share.checked_mul(crew.0)?, crew)))
        else {
            let case = format!("{share} items for each of {count} workers");
            plan.skipped.push(Skipped { case, reason: "the job is too large to count".to_owned() });
            continue;
        };
        if workers > alone && (asked || !in_groups || count.is_power_of_two()) && on_one(problem(n)) {
            plan.cases.push(Case::new(problem(n), alone, alone_size));
        }
        scaled.push(Case::new(problem(n), workers, workgroup_size));
    }
    plan.cases.extend(scaled);
    plan
}

/// The chain of the dial by which one worker's share takes long beside a launch, so that the job that grows is more
/// than its launches; shorter if the largest problem would take too long at full width. At least `k`.
fn chain_for_shares(scene: &Scene<'_>, k: u64, share: u64) -> u64 {
    let Some((alone, launch)) = scene.seconds_per_work.zip(scene.calibration.empty_launch) else { return k };
    let work = |n, k| work(scene.workload, Problem::Chain { n, k });
    let short = |k: u64| alone * work(share, k) < LAUNCHES * launch.value;
    let fits = |k: u64| scene.climb.seconds(work(LARGEST, k)).is_some_and(|seconds| seconds <= scene.enough());
    let mut chain = k;
    while short(chain) && fits(2 * chain) {
        chain *= 2;
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, Stage};
    use super::*;
    use crate::record::DeviceKind;

    #[test]
    fn uneven_workgroups_are_grown_but_not_run_on_one() {
        let stage = Stage::of_workgroups(DeviceKind::Discrete);
        let plans = ScaledSize.plan(&stage.scene("fma", 1.2e-9));
        let workers = |count: u64| plans[0].cases.iter().filter(move |case| case.problem.n() == 8 * 256 * count);
        assert_eq!(workers(1536).map(|case| case.workers).collect::<Vec<_>>(), [1536 * 256]);
        assert_eq!(workers(2048).map(|case| case.workers).collect::<Vec<_>>(), [256, 2048 * 256]);
        let invocations = Stage::of(DeviceKind::Discrete);
        let plans = ScaledSize.plan(&invocations.scene("fma", 1.2e-9));
        assert!(plans[0].cases.iter().all(|case| case.workers.is_power_of_two()));
    }

    /// On a processor 64 items take less time than the start of a second thread.
    #[test]
    fn threads_have_more_items_each_than_invocations() {
        let processor = Stage::of(DeviceKind::Cpu);
        let cases = &ScaledSize.plan(&processor.scene("fma", 1.2e-9))[0].cases;
        assert!(cases.iter().any(|case| case.workers == 2 && case.problem.n() == 2 << 16), "{cases:?}");
        assert!(cases.iter().all(|case| case.problem.n() >= 1 << 16), "{cases:?}");
    }

    /// Ten workgroups of 64 at once, each with 512 items of its own: eleven take two waves.
    #[test]
    fn planted_waves_are_found_in_grown_problems() {
        let grown = |p: u64| {
            let phases = fixture::phases(2e-6 + 2e-4 * p.div_ceil(10) as f64, 1e-6, 30e-6, 1e-6, p);
            fixture::case(fixture::on_device(Problem::Chain { n: 512 * p, k: 64 }, 64 * p), phases)
        };
        let mut cases: Vec<_> = [1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64].map(grown).into();
        // The problem of 128 workgroups ran on one of them only.
        let phases = fixture::phases(128.0 * 2e-4, 1e-6, 30e-6, 1e-6, 128);
        cases.push(fixture::case(fixture::on_device(Problem::Chain { n: 512 * 128, k: 64 }, 64), phases));
        let mut experiment = fixture::measured("scaled-size", "fma", cases);
        experiment.workers_are = WorkersAre::Workgroups;
        let run = fixture::run(vec![experiment]);
        let measured = &run.experiments[0];
        let reading = ScaledSize.read(&run, measured);
        let points = &reading.kernel.points;
        assert_eq!(points.iter().filter(|point| point.workers == 1).count(), 1, "{points:?}");
        let waves = reading.waves.as_ref().unwrap();
        assert_eq!((waves.slots, waves.worst), (10, 12), "{waves:?}");
        assert!((waves.loss - 2.0 / 1.2).abs() < 0.05, "{waves:?}");
        let said = ScaledSize.say(View { run: &run, measured, reading: &reading }).join(" ");
        assert!(said.contains("runs 10 workgroups at a time") && said.contains("12 workgroups take 1.6"), "{said}");
    }
}
