//! Checks left out one by one and all together: times, ratios and verdicts.

use crate::finding::safety::{ratios, verdict};
use crate::law::INDIFFERENT;
use crate::page::block::{Block, Table};
use crate::page::words;
use crate::record::{Experiment, Quantity};
use crate::units::{self, ABSENT};

pub(super) fn blocks(experiment: &Experiment) -> Vec<Block> {
    vec![Block::Table(table(experiment)), Block::text(explained())]
}

fn explained() -> String {
    format!(
        "Faster: time with all checks over the time without this one, with the interval from both. SAME: the interval \
         holds 1 and nothing {} away from it; UNDECIDED: it holds 1 and more. Checks are left out for this program's own \
         kernels only, whose output is verified with and without them. A check that costs nothing here may be one that \
         this driver does by itself: then it is not left out at all.",
        units::whole_percent(INDIFFERENT)
    )
}

/// What is left out on a rung.
fn left_out(rung: &str) -> &'static str {
    match rung {
        "checked" => "nothing",
        "no-bounds-checks" => "indices kept within buffers",
        "no-loop-bounds" => "counters that end endless loops",
        "no-zero-init" => "workgroup memory cleared",
        "unchecked" => "all of these, and division checks",
        _ => ABSENT,
    }
}

fn table(experiment: &Experiment) -> Table {
    let mut table = Table::new(&["rung", "left out", "kernel", "faster", "verdict"]).words(&[0, 1, 4]);
    let ratios = ratios(experiment);
    for case in &experiment.cases {
        let rung = case.rung.as_deref().unwrap_or(ABSENT);
        let compared = ratios.iter().find(|one| one.rung == rung);
        let kernel = case.summary(Quantity::Kernel);
        table.push([
            rung.to_owned(),
            left_out(rung).to_owned(),
            kernel.map_or_else(|| ABSENT.to_owned(), |kernel| words::seconds(kernel.estimate())),
            compared.map_or_else(|| units::ratio(1.0), |one| words::ratio(one.ratio)),
            compared.map_or("", |one| verdict(one.comparison)).to_owned(),
        ]);
    }
    table
}
