//! An experiment that this version does not know, shown from its cases.

use super::{About, Experiment, Scene, View};
use crate::measure::Plan;
use crate::page::block::{Block, Table};
use crate::page::words;
use crate::record::{Measured, Quantity, Run};
use crate::units::{self, ABSENT};
use crate::workload::Workload;

/// Any experiment of a newer version.
pub(super) struct Unknown;

impl Experiment for Unknown {
    type Reading = ();

    fn about(&self) -> &'static About {
        &About { name: "unknown", question: "", workloads: &[], axes: &[] }
    }

    fn takes(&self, _: &dyn Workload) -> bool {
        false
    }

    fn plan(&self, _: &Scene<'_>) -> Vec<Plan> {
        Vec::new()
    }

    fn read(&self, _: &Run, _: &Measured) -> Self::Reading {}

    fn setting(&self, _: &Run, _: &Measured) -> String {
        String::new()
    }

    fn show(&self, View { run, measured, .. }: View<'_, ()>) -> Vec<Block> {
        let heads = ["series", "problem", "workers", "workgroup\nsize", "dis-\npatches", "kernel", "whole job"];
        let mut table = Table::new(&heads).words(&[0, 1]);
        for case in &measured.cases {
            let time = |quantity| {
                case.summary(quantity).map_or(ABSENT.to_owned(), |summary| words::seconds(summary.estimate()))
            };
            table.push([
                case.series.to_string(),
                words::problem(case.problem),
                units::count(measured.workers(case)),
                units::count(u64::from(case.workgroup_size)),
                units::count(u64::from(case.dispatches)),
                time(Quantity::Kernel),
                time(Quantity::WholeJob),
            ]);
        }
        let note = format!(
            "This experiment is newer than this version of amdahl: times only, no law. The run was made by version {}.",
            run.version
        );
        vec![Block::Table(table.without_empty_columns()), Block::text(note)]
    }

    fn say(&self, _: View<'_, ()>) -> Vec<String> {
        Vec::new()
    }

    fn answer(&self, _: &[View<'_, ()>]) -> Vec<String> {
        Vec::new()
    }
}
