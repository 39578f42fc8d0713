//! What do branches inside a subgroup cost? The number of branches varies, the work of each worker is the same: read by
//! the time over that of one branch, with the same branches sorted by subgroup beside it.

mod read;
mod say;
mod show;

use std::collections::BTreeSet;

use super::cases::{of_series, same_job};
use super::{About, Axis, Experiment, Scene, View};
use crate::law::{self, Comparison};
use crate::measure::Plan;
use crate::page::block::Block;
use crate::page::named::{Named, Unit};
use crate::record::{Case, DeviceKind, Measured, Measurement, Order, Problem, Quantity, Run, Series, Skipped};
use crate::stats::Estimate;
use crate::units;
use crate::workload::{MOST_BRANCHES, Workload};
use read::Reading;

/// Numbers of elements that are tried, the largest first.
const ELEMENTS: [u64; 4] = [1 << 20, 1 << 18, 1 << 16, 1 << 14];

/// The experiment `divergence`.
pub(super) struct Divergence;

static ABOUT: About = About {
    name: "divergence",
    question: "What do branches inside a subgroup cost?",
    workloads: &["branches"],
    axes: &[Axis::Sizes],
};

impl Experiment for Divergence {
    type Reading = Option<Reading>;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn takes(&self, workload: &dyn Workload) -> bool {
        workload.name() == "branches"
    }

    fn plan(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let sizes = scene.axes.sizes.clone().unwrap_or_else(|| vec![chosen_size(scene)]);
        sizes.into_iter().map(|n| plan(scene, n)).collect()
    }

    fn read(&self, _: &Run, measured: &Measured) -> Self::Reading {
        read::read(measured)
    }

    fn setting(&self, _: &Run, measured: &Measured) -> String {
        same_job(measured, "the number of branches changes, of which each worker takes one")
    }

    fn numbers(&self, View { reading, .. }: View<'_, Self::Reading>) -> Vec<Named> {
        let Some(reading) = reading else { return Vec::new() };
        let lanes = format!("{} branches in a subgroup", reading.lanes);
        let named = |name: &str, unit, estimate: Option<Estimate>| Some(Named::new(name, unit, estimate?));
        let numbers = [
            named(&lanes, Unit::Times, reading.full),
            named("one more branch in a subgroup", Unit::Share, reading.fit.per_path()),
            named("test of a branch", Unit::Share, reading.fit.per_condition()),
            named(&format!("{} branches, sorted", units::count(2 * reading.lanes)), Unit::Times, reading.sorted),
        ];
        numbers.into_iter().flatten().collect()
    }

    fn base<'a>(&self, measured: &'a Measured, _: &Measurement, quantity: Quantity) -> Option<&'a Measurement> {
        let scattered = of_series(measured, Series::Order(Order::Scattered));
        let mut one = scattered.filter(|case| matches!(case.problem, Problem::Branches { branches: 1, .. }));
        one.next().filter(|_| quantity == Quantity::Kernel)
    }

    fn show(&self, view: View<'_, Self::Reading>) -> Vec<Block> {
        show::blocks(view)
    }

    fn say(&self, view: View<'_, Self::Reading>) -> Vec<String> {
        view.reading.iter().map(say::sentence).collect()
    }

    fn line(&self, views: &[View<'_, Self::Reading>]) -> Option<(&'static str, String)> {
        let found = views.first()?.reading.as_ref()?;
        let times = |ratio: Estimate, same: &str, more: &str| match law::compare(&ratio, law::INDIFFERENT) {
            Comparison::Same | Comparison::Slower => same.to_owned(),
            _ => format!("{} x{more}", units::ratio(ratio.value)),
        };
        let full = times(found.full?, "the same time", " the time of one");
        let twice = units::count(2 * found.lanes);
        let sorted = found.sorted.map(|sorted| format!("; {twice} sorted: {}", times(sorted, "the same", "")));
        let sorted = sorted.unwrap_or_default();
        Some(("branches", format!("{} in a subgroup: {full}{sorted}", units::count(found.lanes))))
    }

    fn answer(&self, views: &[View<'_, Self::Reading>]) -> Vec<String> {
        views.iter().filter_map(|view| say::answer(*view)).collect()
    }
}

fn plan(scene: &Scene<'_>, n: u64) -> Plan {
    let mut plan = scene.plan(&ABOUT);
    if scene.on_cpu() {
        let reason = "CPU threads branch on their own: no lanes wait for one another".to_owned();
        plan.skipped.push(Skipped { case: "every number of branches".to_owned(), reason });
        return plan;
    }
    let lanes = scene.subgroup();
    let size = scene.usual_workgroup_size();
    let chained = |branches: u64, run: u64, order, longer: u64| {
        let Problem::Branches { n, k, .. } = scene.workload.problem(n) else { return None };
        let branches = branches.min(MOST_BRANCHES);
        let case = Case::new(Problem::Branches { n, branches, k: longer * k, run }, n, size);
        Some(case.in_series(Series::Order(order)))
    };
    let planned = |branches: u64, run: u64, order| chained(branches, run, order, 1);
    plan.cases.extend(scattered_paths(lanes).into_iter().filter_map(|paths| planned(paths, 1, Order::Scattered)));
    // What a chain takes by itself is what a second one on the same path adds.
    let second = plan.cases.len().min(1);
    plan.cases.splice(second..second, chained(1, 1, Order::Scattered, 2));
    let subgroups = subgroups(scene);
    let sorted: BTreeSet<u64> = subgroups.iter().map(|size| 2 * size).chain([2, lanes, 2 * lanes]).collect();
    plan.cases.extend(sorted.into_iter().filter_map(|paths| planned(paths, lanes, Order::Sorted)));
    // Runs as long as a smaller subgroup meet in a larger one: these tell the sizes apart.
    plan.cases.extend(subgroups.into_iter().filter_map(|run| planned(2 * lanes, run, Order::Sorted)));
    plan
}

/// Sizes of subgroups below the largest that the driver may compile for: powers of two.
fn subgroups(scene: &Scene<'_>) -> Vec<u64> {
    let most = scene.subgroup();
    let least = scene.device.subgroup_sizes.map_or(most, |[least, _]| u64::from(least.max(1)));
    std::iter::successors(Some(least), |lanes| Some(2 * lanes)).take_while(|&lanes| lanes < most).collect()
}

/// From one path to twice as many as a subgroup has lanes, in powers of two, and three quarters of the lanes, since
/// that is no power of two.
fn scattered_paths(lanes: u64) -> Vec<u64> {
    let mut paths: Vec<u64> = (0..=8).map(|exponent| 1 << exponent).filter(|&paths| paths <= 2 * lanes).collect();
    paths.extend([3 * lanes / 4, 2 * lanes].into_iter().filter(|&paths| paths > 0));
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// The largest size that is short enough on one path. A driver that acts as a GPU has nothing to spare for the paths
/// that come after one another: the smallest there.
fn chosen_size(scene: &Scene<'_>) -> u64 {
    let least = &ELEMENTS[ELEMENTS.len() - 1..];
    let software = scene.device.planned_as() == DeviceKind::Software;
    scene.largest_short(if software { least } else { &ELEMENTS }).n()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, Stage};
    use super::*;

    /// A driver that compiles for 8 to 32 lanes, and did so for 16: the second path of a subgroup costs as much as the
    /// first.
    #[test]
    fn the_subgroup_that_was_compiled_for_is_found() {
        let mut stage = Stage::of(DeviceKind::Integrated);
        stage.device.subgroup_sizes = Some([8, 32]);
        let plans = Divergence.plan(&stage.scene("branches", 1e-12));
        for lanes in [8, 16, 32] {
            let measured = plans[0].cases.iter().enumerate().map(|(index, planned)| {
                let Problem::Branches { branches, run, k, .. } = planned.problem else { panic!("{planned:?}") };
                let met = branches.min((lanes / run).max(1)) as f64;
                let kernel = 1e-3 * (k as f64 / 256.0 + (met - 1.0) + 0.01 * (branches as f64 - 1.0));
                let phases = fixture::phases(kernel, 1e-6, 30e-6, 1e-6, 5 * index as u64);
                fixture::case(*planned, phases)
            });
            let found = read::read(&fixture::measured("divergence", "branches", measured.collect())).unwrap();
            assert_eq!((found.lanes, found.lanes_among), (lanes, Some([8, 32])));
            let price = found.fit.per_path().unwrap();
            assert!(price.contains(1.0) && found.fit.law.unwrap().chain.is_some(), "{price:?}");
            let [full, sorted] = [found.full, found.sorted].map(Option::unwrap);
            assert!((full.value / (lanes as f64 * 1.01) - 1.0).abs() < 0.03, "{full:?}");
            assert!(sorted.value < 2.0, "{sorted:?}");
        }
    }

    #[test]
    fn paths_reach_beyond_the_lanes_and_are_not_all_powers_of_two() {
        assert_eq!(scattered_paths(8), [1, 2, 4, 6, 8, 16]);
        assert_eq!(scattered_paths(32), [1, 2, 4, 8, 16, 24, 32, 64]);
        assert_eq!(scattered_paths(1), [1, 2]);
    }
}
