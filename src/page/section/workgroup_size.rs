//! Workgroup sizes: which is best, and what the others cost.

use super::law;
use crate::finding::series::timed;
use crate::finding::size;
use crate::law as laws;
use crate::page::block::{Block, Drawing, Table};
use crate::page::plot::{Axis, Plot, Points};
use crate::page::words;
use crate::record::{Experiment, Fit, Quantity, Run, WorkUnit};
use crate::units::{self, ABSENT};

pub(super) fn blocks(_: &Run, experiment: &Experiment) -> Vec<Block> {
    let mut blocks = vec![Block::Table(table(experiment))];
    blocks.extend(plot(experiment).map(Block::Drawing));
    blocks.push(law::list("Best workgroup size", best(experiment).into_iter().collect()));
    blocks
}

fn table(experiment: &Experiment) -> Table {
    let cases = timed(experiment, None, Quantity::Kernel);
    let best = cases.iter().min_by(|one, other| one.time.median.total_cmp(&other.time.median));
    let as_good = experiment.fits.iter().find_map(|fit| match fit {
        Fit::Best { as_good, .. } => Some(as_good.as_slice()),
        _ => None,
    });
    let mut table =
        Table::new(&["workgroup\nsize", "workgroups", "kernel", "rate", "time over\nthe best", ""]).words(&[5]);
    for timed in &cases {
        let case = timed.case;
        let (unit, work) =
            if case.flop > case.bytes { (WorkUnit::Flop, case.flop) } else { (WorkUnit::Bytes, case.bytes) };
        let ratio = best.and_then(|best| laws::ratio(&timed.time, &best.time));
        let is_best = best.is_some_and(|best| std::ptr::eq(best.case, case));
        let good = as_good.is_some_and(|sizes| sizes.contains(&u64::from(case.workgroup_size)));
        let rate = (timed.time.median > 0.0).then(|| size::work_rate(unit, work / timed.time.median));
        table.push([
            units::count(u64::from(case.workgroup_size)),
            units::count(case.workgroups),
            words::seconds(timed.time.estimate()),
            rate.unwrap_or_else(|| ABSENT.to_owned()),
            ratio.map_or(ABSENT.to_owned(), |ratio| units::ratio(ratio.value)),
            if is_best {
                "best"
            } else if good {
                "as good"
            } else {
                ""
            }
            .to_owned(),
        ]);
    }
    table
}

fn plot(experiment: &Experiment) -> Option<Drawing> {
    let cases = timed(experiment, None, Quantity::Kernel).into_iter();
    let points = cases.map(|timed| (f64::from(timed.case.workgroup_size), timed.time.estimate())).collect();
    let series = vec![Points { name: "kernel".to_owned(), points }];
    Plot { x: Axis::counts("workgroup size"), y: Axis::seconds("time"), series, curves: Vec::new() }.draw()
}

fn best(experiment: &Experiment) -> Option<String> {
    experiment.fits.iter().find_map(|fit| match fit {
        Fit::Best { value, seconds, as_good, .. } => {
            let others: Vec<String> = as_good.iter().map(|size| units::count(*size)).collect();
            let others = match others.len() {
                0 => "no other size's interval reaches that of the best".to_owned(),
                _ => format!("as far as the intervals can tell, as good: {}", others.join(", ")),
            };
            Some(format!("{} invocations, {}; {others}.", units::count(*value), words::seconds(*seconds)))
        }
        _ => None,
    })
}
