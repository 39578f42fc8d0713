//! How far can more workers speed up this job? Workers vary, the problem is fixed: strong scaling, read by Amdahl.

mod agree;
mod answer;
mod law;
mod limit;
mod numbers;
mod pattern;
mod read;
mod say;
pub(super) mod short;
mod show;
pub(super) mod web;
mod what_if;

use super::cases::{Speedups, a_worker_is, same_job};
use super::geometry::NEARLY_EQUAL;
use super::{About, Axis, Experiment, Scene, View, names};
use crate::measure::Plan;
use crate::page::block::Block;
use crate::page::named::Named;
use crate::record::{Case, Check, Measured, Measurement, Quantity, Run, Series, Skipped};
use crate::workload::Workload;
use read::Reading;
#[cfg(test)]
pub(super) use read::bounded;
pub(super) use read::{grows, knee};

/// The experiment `fixed-size`.
pub(super) struct FixedSize;

static ABOUT: About = About {
    name: names::FIXED_SIZE,
    question: "How far can more workers speed up this job?",
    workloads: &["fma", "saxpy"],
    axes: &[Axis::Sizes, Axis::Shape, Axis::Workers],
};

impl Experiment for FixedSize {
    type Reading = Reading;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn takes(&self, workload: &dyn Workload) -> bool {
        workload.name() != "empty"
    }

    fn plan(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let chosen = || scene.problem_for_full_width().unwrap_or_else(|| scene.problem_for_one_worker());
        let problems = scene.asked().unwrap_or_else(|| vec![chosen()]);
        let plan = |problem| {
            let mut plan = scene.plan(&ABOUT);
            // More workers are faster, so the one that works alone is the slowest.
            plan.cheapest_last = true;
            plan.workers_are = scene.workers_are();
            plan.part = scene.part();
            let items = scene.workload.items(problem);
            for count in scene.worker_counts(items, NEARLY_EQUAL) {
                match scene.crew(count) {
                    Some((workers, workgroup_size)) if workers <= items => {
                        plan.cases.push(Case::new(problem, workers, workgroup_size));
                    }
                    _ => plan.skipped.push(Skipped {
                        case: format!("{count} workers for {items} items"),
                        reason: "some workers would have no work".to_owned(),
                    }),
                }
            }
            plan
        };
        problems.into_iter().map(plan).collect()
    }

    fn read(&self, run: &Run, measured: &Measured) -> Reading {
        read::read(run, measured)
    }

    fn setting(&self, run: &Run, measured: &Measured) -> String {
        format!("{}{}", same_job(measured, "the number of workers changes"), a_worker_is(run, measured))
    }

    fn numbers(&self, view: View<'_, Reading>) -> Vec<Named> {
        numbers::numbers(view)
    }

    fn base<'a>(&self, measured: &'a Measured, case: &Measurement, quantity: Quantity) -> Option<&'a Measurement> {
        let asked = matches!(quantity, Quantity::Kernel | Quantity::WholeJob) && case.series == Series::Device;
        Speedups::of(measured, quantity).filter(|_| asked).map(|speedups| speedups.base.case)
    }

    fn show(&self, view: View<'_, Reading>) -> Vec<Block> {
        show::blocks(view)
    }

    fn say(&self, view: View<'_, Reading>) -> Vec<String> {
        say::sentences(view)
    }

    fn checks(&self, view: View<'_, Reading>) -> Vec<Check> {
        agree::checks(view)
    }

    fn answer(&self, views: &[View<'_, Reading>]) -> Vec<String> {
        answer::sentences(views)
    }
}
