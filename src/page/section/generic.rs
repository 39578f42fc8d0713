//! An experiment that this version does not know, shown from its cases.

use crate::page::block::{Block, Table};
use crate::page::words;
use crate::record::{Experiment, Quantity, Run};
use crate::units::{self, ABSENT};

pub(super) fn blocks(run: &Run, experiment: &Experiment) -> Vec<Block> {
    let heads = ["rung", "problem", "workers", "workgroup\nsize", "dis-\npatches", "kernel", "whole job"];
    let mut table = Table::new(&heads).words(&[0, 1]);
    for case in &experiment.cases {
        let time =
            |quantity| case.summary(quantity).map_or(ABSENT.to_owned(), |summary| words::seconds(summary.estimate()));
        table.push([
            case.rung.clone().unwrap_or_else(|| ABSENT.to_owned()),
            words::problem(case.problem),
            units::size(experiment.workers(case)),
            units::count(u64::from(case.workgroup_size)),
            units::count(u64::from(case.dispatches)),
            time(Quantity::Kernel),
            time(Quantity::WholeJob),
        ]);
    }
    let note = format!(
        "This experiment is newer than this version of amdahl ({}), which shows its times and reads no law from them.",
        run.version
    );
    vec![Block::Table(table.without_empty_columns()), Block::text(note)]
}
