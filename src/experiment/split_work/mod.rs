//! What is lost when one job is cut into K launches? K and the launch style vary, the work is the same: the launches
//! are a serial part, compared with empty launches.

pub(super) mod lesson;
mod read;
mod say;
pub(super) mod short;
mod show;
pub(super) mod web;

use super::agreement::Agreement;
use super::cases::same_job;
use super::{About, Axis, Experiment, Scene, View, names};
use crate::measure::Plan;
use crate::page::block::Block;
use crate::page::named::{Named, Unit};
use crate::record::{Case, Check, DeviceKind, LaunchStyle, Measured, Run, Skipped};
use crate::workload::Workload;
use read::{Reading, Split};

/// Launches that the job is cut into.
const LAUNCHES: [u64; 6] = [1, 2, 4, 16, 64, 256];

/// The cheapest launch style, and that of a program that waits after each launch.
const STYLES: [LaunchStyle; 2] = [LaunchStyle::OnePass, LaunchStyle::WaitEach];

/// Sizes of the vectors that are tried on a GPU with memory of its own, the largest first: such a GPU has many cores,
/// and the 256th part of a smaller job would leave most of them idle.
const MANY_ELEMENTS: [u64; 3] = [1 << 24, 1 << 22, ELEMENTS];

/// Size of the vectors elsewhere.
const ELEMENTS: u64 = 1 << 20;

/// The same on a software adapter.
const FEW_ELEMENTS: u64 = 1 << 16;

/// Workgroups that the smallest slice has at the least, if there are elements enough: with fewer, more of the cores
/// would be idle the more the job is cut. A software adapter runs on the few cores of a processor.
const WORKGROUPS: u64 = 256;
const FEW_WORKGROUPS: u64 = 8;

/// The experiment `split-work`.
pub(super) struct SplitWork;

static ABOUT: About = About {
    name: names::SPLIT_WORK,
    question: "What is lost when one job is cut into K launches?",
    workloads: &["fma"],
    axes: &[Axis::Sizes, Axis::Launches],
};

impl Experiment for SplitWork {
    type Reading = Reading;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn takes(&self, workload: &dyn Workload) -> bool {
        workload.slice(&workload.variants()[0], &Case::new(workload.problem(1), 1, 1), 0..1).is_some()
    }

    fn plan(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let sizes = scene.axes.sizes.clone().unwrap_or_else(|| vec![chosen_size(scene)]);
        sizes.into_iter().map(|n| plan(scene, n)).collect()
    }

    fn read(&self, run: &Run, measured: &Measured) -> Self::Reading {
        read::read(run, measured)
    }

    fn setting(&self, _: &Run, measured: &Measured) -> String {
        same_job(measured, "the number of launches changes, each doing 1/K of it")
    }

    fn numbers(&self, View { reading, .. }: View<'_, Self::Reading>) -> Vec<Named> {
        let numbers = |split: &Split| {
            let cost = split.fit.slope().map(|cost| Named::new("one more launch of a cut job", Unit::Seconds, cost));
            let share = format!("time lost to {} launches", split.most);
            let share = split.share.map(|lost| Named::new(&share, Unit::Share, lost));
            let name = format!("kernels of {} launches over one", split.most);
            let growth = split.kernel_growth.map(|growth| Named::new(&name, Unit::Times, growth));
            [cost, share, growth].map(|named| named.map(|named| named.of(split.series)))
        };
        reading.0.iter().flat_map(numbers).flatten().collect()
    }

    fn show(&self, view: View<'_, Self::Reading>) -> Vec<Block> {
        show::blocks(view.measured, view.reading)
    }

    fn say(&self, view: View<'_, Self::Reading>) -> Vec<String> {
        view.reading.0.iter().map(say::sentence).collect()
    }

    fn checks(&self, view: View<'_, Self::Reading>) -> Vec<Check> {
        let splits = view.reading.0.iter();
        splits.filter_map(|split| say::agreement(view.measured, split)).map(Agreement::check).collect()
    }

    fn answer(&self, views: &[View<'_, Self::Reading>]) -> Vec<String> {
        views.iter().filter_map(|view| say::answer(view.measured, view.reading)).collect()
    }
}

fn plan(scene: &Scene<'_>, n: u64) -> Plan {
    let mut plan = scene.plan(&ABOUT);
    if scene.on_cpu() {
        let reason = "CPU threads share the work without launches";
        plan.skipped.push(Skipped { case: "every number of launches".to_owned(), reason: reason.to_owned() });
        return plan;
    }
    let problem = scene.long_problem(n);
    let items = scene.workload.items(problem);
    let launches = scene.axes.launches.clone().unwrap_or_else(|| LAUNCHES.to_vec());
    let least = items / launches.iter().max().unwrap_or(&1);
    let usual = u64::from(scene.usual_workgroup_size());
    let subgroup = scene.subgroup();
    let workgroups = if scene.device.planned_as() == DeviceKind::Software { FEW_WORKGROUPS } else { WORKGROUPS };
    let workgroup_size = (least / workgroups).clamp(subgroup.min(usual), usual) as u32;
    for style in STYLES {
        let whole = Case::new(problem, items, workgroup_size).in_series(style.series());
        // The command line has checked the counts, which are 32 bits wide.
        let slices = |&launches| u32::try_from(launches).unwrap_or(u32::MAX);
        plan.cases.extend(launches.iter().map(slices).map(|slices| Case { slices, ..whole }));
    }
    plan
}

/// The size for the device, within its time and its memory.
fn chosen_size(scene: &Scene<'_>) -> u64 {
    let fits = |&n: &u64| {
        let problem = scene.long_problem(n);
        scene.is_short(problem) && scene.fits_in_memory(problem, STYLES.len() as u64)
    };
    match scene.device.planned_as() {
        DeviceKind::Software => FEW_ELEMENTS,
        DeviceKind::Discrete => MANY_ELEMENTS.into_iter().find(fits).unwrap_or(ELEMENTS),
        _ => ELEMENTS,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, Stage};
    use super::*;
    use crate::experiment;
    use crate::measure::Climb;

    /// Without launches that wait for one another, plain ones stand in: wherever their number is shown, that is said.
    #[test]
    fn launches_that_stand_in_for_chained_ones_are_told_apart() {
        let split = fixture::split_work(LaunchStyle::OnePass, 40e-6, 4e-6);
        let mut run = fixture::run(vec![fixture::launch_overhead(), split]);
        let shown = |run: &Run| {
            let (measured, reading) = (&run.experiments[1], SplitWork.read(run, &run.experiments[1]));
            let check = SplitWork.checks(View { run, measured, reading: &reading }).remove(0);
            (experiment::markdown(run).split_whitespace().collect::<Vec<_>>().join(" "), check)
        };
        let (page, check) = shown(&run);
        assert!(page.contains("An empty launch costs 4.0"), "{page}");
        assert!(!page.contains(") *") && !page.contains("do not wait"), "{page}");
        assert!(check.passed && !check.detail.contains("because"), "{check:?}");
        run.experiments[0].cases.retain(|case| !case.series.is_chained());
        let (page, check) = shown(&run);
        for words in [
            ") \\* ",
            "* Empty launches that do not wait for one another. Slices do",
            "predicted *, one-pass",
            "An empty launch costs 1.",
            "slices write one buffer, so each waits for the one before it",
        ] {
            assert!(page.contains(words), "{words} in {page}");
        }
        let stand_in = check.detail.contains("an empty launch 1.");
        assert!(check.passed && stand_in && check.detail.contains("because slices"), "{check:?}");
    }

    #[test]
    fn the_smallest_slice_has_workgroups_for_many_cores() {
        // At full width a unit of work takes so many seconds.
        let slice = |stage: &Stage, seconds: f64| {
            let scene = Scene { climb: Climb::of(&[(1e6, 1e6 * seconds)]), ..stage.scene("fma", 1e-9) };
            let plans = SplitWork.plan(&scene);
            let smallest = plans[0].cases.iter().max_by_key(|case| case.slices).unwrap();
            let workers = smallest.workers / u64::from(smallest.slices);
            (smallest.problem.n(), workers / u64::from(smallest.workgroup_size))
        };
        let mut large = Stage::of(DeviceKind::Discrete);
        assert_eq!(slice(&large, 1e-12), (1 << 24, 256));
        assert_eq!(slice(&large, 4e-11), (1 << 20, 128), "2^22 elements would take longer than is enough");
        large.device.limits.memory = 1 << 26;
        assert_eq!(slice(&large, 1e-12), (1 << 22, 256), "two results of 16 MiB, not of 64");
        assert_eq!(slice(&Stage::of(DeviceKind::Software), 1e-12), (1 << 16, 8));
    }
}
