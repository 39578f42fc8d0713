//! Branches inside a subgroup: time over paths, scattered and sorted.

use super::law;
use crate::finding::divergence::{divergence, price};
use crate::finding::series::{Timed, timed};
use crate::law as laws;
use crate::law::divergence::met;
use crate::page::block::{Block, Drawing, Table, Tone};
use crate::page::plot::{Axis, Curve, Plot, Series};
use crate::page::reason::reason;
use crate::page::words;
use crate::record::{Case, Experiment, Problem, Quantity};
use crate::stats::Estimate;
use crate::units::{self, ABSENT};

/// The rungs, with what they are.
const RUNGS: [(&str, &str); 2] = [("scattered", "neighbours part ways"), ("sorted", "runs go the same way")];

pub(super) fn blocks(experiment: &Experiment) -> Vec<Block> {
    let mut blocks = vec![Block::Table(table(experiment)), Block::text(EXPLAINED)];
    blocks.extend(plot(experiment).map(Block::Drawing));
    blocks.push(law::list(
        "The law T = T(1) (1 + c (paths in one subgroup - 1) + a (paths - 1))",
        reading(experiment).into_iter().collect(),
    ));
    blocks
}

const EXPLAINED: &str = "Factor: time over that of one path. The work of an invocation is the same in every row; only \
    which of its neighbours do the same differs. Lanes of a subgroup share their instructions, so the paths that meet in \
    one are gone one after the other, and lanes that are elsewhere wait. Run: neighbours that go the same way; where whole \
    subgroups do, paths cost what it takes to ask for each.";

fn branches(case: &Case) -> u64 {
    match case.problem {
        Problem::Branches { branches, .. } => branches,
        _ => 1,
    }
}

/// Neighbours that go the same way.
fn run(case: &Case) -> u64 {
    match case.problem {
        Problem::Branches { run, .. } => run,
        _ => 1,
    }
}

/// Time over that of one path.
fn factor(one: Option<&Timed<'_>>, timed: &Timed<'_>) -> Option<Estimate> {
    let one = one?;
    if std::ptr::eq(one.case, timed.case) {
        return Some(Estimate { value: 1.0, low: 1.0, high: 1.0 });
    }
    laws::ratio(&timed.time, &one.time)
}

fn table(experiment: &Experiment) -> Table {
    let heads = ["neighbours", "run", "paths", "of them in\none subgroup", "kernel", "factor"];
    let mut table = Table::new(&heads).words(&[0]);
    let lanes = divergence(experiment).map(|found| found.lanes as f64);
    let scattered = timed(experiment, Some(RUNGS[0].0), Quantity::Kernel);
    let one = scattered.iter().find(|timed| branches(timed.case) == 1);
    for (rung, what) in RUNGS {
        for timed in timed(experiment, Some(rung), Quantity::Kernel) {
            let paths = branches(timed.case);
            let together = lanes.map(|lanes| met(paths as f64, run(timed.case) as f64, lanes));
            table.push([
                format!("{rung}: {what}"),
                units::count(run(timed.case)),
                units::count(paths),
                together.map_or_else(|| ABSENT.to_owned(), words::whole),
                words::seconds(timed.time.estimate()),
                factor(one, &timed).map_or_else(|| ABSENT.to_owned(), words::ratio),
            ]);
        }
    }
    table
}

fn plot(experiment: &Experiment) -> Option<Drawing> {
    let longest = experiment.cases.iter().map(run).max();
    let points = |rung: &str| {
        // Shorter runs are sorted for smaller subgroups, and are in the table only.
        let drawn = |timed: &Timed<'_>| run(timed.case) == 1 || Some(run(timed.case)) == longest;
        let cases = timed(experiment, Some(rung), Quantity::Kernel).into_iter().filter(drawn);
        cases.map(|timed| (branches(timed.case) as f64, timed.time.estimate())).collect()
    };
    let series = RUNGS.map(|(rung, _)| Series { name: rung.to_owned(), points: points(rung) }).into();
    let found = divergence(experiment).filter(|found| found.fit.verdict.is_accepted());
    let most = experiment.cases.iter().map(branches).max().unwrap_or(1) as f64;
    let curves = found.into_iter().flat_map(|found| {
        let lanes = found.lanes as f64;
        let curve = |number: usize, name: &str, y: Box<dyn Fn(f64) -> Option<f64>>| Curve {
            name: name.to_owned(),
            tone: Tone::Series(number),
            fitted: Some((1.0, most)),
            y,
        };
        let (scattered, sorted) = (found.fit.clone(), found.fit.clone());
        [
            curve(0, "law", Box::new(move |paths| scattered.seconds(paths, met(paths, 1.0, lanes)))),
            curve(1, "", Box::new(move |paths| sorted.seconds(paths, 1.0))),
        ]
    });
    let curves = curves.collect();
    Plot { x: Axis::counts("paths"), y: Axis::seconds("time"), series, curves }.draw()
}

fn reading(experiment: &Experiment) -> Option<String> {
    let fit = divergence(experiment)?.fit;
    let verdict = words::sentence(&format!("verdict {}: {}", fit.verdict, reason(&fit.reason)));
    let price = fit.verdict.is_accepted().then(|| words::sentence(&price(fit)) + " ");
    Some(format!("{}{verdict}", price.unwrap_or_default()))
}
