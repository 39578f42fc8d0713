//! The page: facts, tables, plot, gains of halving, advice.

use super::{Job, effective, parts, plot, tables};
use crate::law::profile::PartKind;
use crate::page::block::Block;
use crate::page::words;
use crate::units;

/// Most jobs that stand side by side in one table.
const MOST_ABREAST: usize = 3;

pub(super) fn blocks(jobs: &[Job]) -> Vec<Block> {
    let title = format!("amdahl {}: what Amdahl's and Gustafson's laws predict", env!("CARGO_PKG_VERSION"));
    let mut blocks = vec![Block::Title(title)];
    if (2..=MOST_ABREAST).contains(&jobs.len()) {
        blocks.push(Block::Table(tables::abreast(jobs)));
        blocks.push(Block::text(EXPLAINED));
        blocks.push(Block::Table(tables::ceilings(jobs)));
        blocks.extend(plot::plot(jobs).map(Block::Plot));
    }
    for job in jobs {
        let alone = !(2..=MOST_ABREAST).contains(&jobs.len());
        blocks.extend(self::job(job, alone, jobs.len() > 1));
    }
    blocks
}

const EXPLAINED: &str = "Amdahl: the same job on more workers (strong scaling), 1/(s + (1 − s)/p) times faster. \
    Gustafson: a job that grows with its workers (weak scaling), p − s (p − 1) times the work; there s is the serial \
    share of the time on p workers.";

/// Returns one job: in full if it stands alone, else what the tables of all jobs leave out.
fn job(job: &Job, alone: bool, several: bool) -> Vec<Block> {
    let mut blocks = Vec::new();
    if several {
        let title = format!("serial fraction {}", decimals(job.serial_fraction));
        blocks.push(Block::Section { title, question: String::new() });
    }
    if alone {
        blocks.push(Block::Facts(facts(job)));
        blocks.push(Block::Table(tables::one(job)));
        blocks.push(Block::text(EXPLAINED));
        blocks.extend(plot::plot(std::slice::from_ref(job)).map(Block::Plot));
    }
    blocks.extend(parts::blocks(job));
    blocks.extend(effective::blocks(job));
    blocks.push(Block::Findings(job.advice_text.iter().map(|text| words::sentence(text)).collect()));
    blocks
}

fn facts(job: &Job) -> Vec<(String, String)> {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let mut facts = Vec::new();
    if job.parts.is_some() {
        for (name, kind) in [("serial", PartKind::Serial), ("parallel", PartKind::Parallel)] {
            facts.push(fact(name, sum(job, kind)));
        }
    }
    let serial = job.serial_fraction;
    facts.push(fact("serial fraction", format!("s = {} ({})", decimals(serial), units::percent(serial))));
    facts.push(fact("parallel fraction", format!("P = {}", rest(serial))));
    facts.push(fact(
        "ceiling",
        match job.ceiling {
            Some(ceiling) => format!("1/s = {} times, however many workers", units::hundredths(ceiling)),
            None => "none: nothing is serial".to_owned(),
        },
    ));
    if let Some(enough) = job.workers_at_90_percent {
        facts.push(fact("90 % of it", format!("on {} {}", words::whole(enough), words::noun(enough))));
    }
    facts
}

/// The parts of one kind and their time: `load 100 ms + store 100 ms = 200 ms`.
fn sum(job: &Job, kind: PartKind) -> String {
    let parts: Vec<&crate::law::profile::Part> = job.profile.parts.iter().filter(|part| part.kind == kind).collect();
    let total = match kind {
        PartKind::Serial => job.profile.serial_seconds(),
        PartKind::Parallel => job.profile.parallel_seconds(),
    };
    let terms: Vec<String> =
        parts.iter().map(|part| format!("{} {}", part.name, units::seconds(part.seconds))).collect();
    match terms.len() {
        0 => "nothing".to_owned(),
        1 => terms.concat(),
        _ => format!("{} = {}", terms.join(" + "), units::seconds(total)),
    }
}

/// What is left of one beside a fraction, with three decimals, or as many as show that the fraction is not zero.
pub(super) fn rest(fraction: f64) -> String {
    let needed = if fraction > 0.0 { (-fraction.log10()).ceil().clamp(3.0, 15.0) as usize } else { 3 };
    format!("{:.needed$}", 1.0 - fraction)
}

/// A fraction with three decimals, or two significant digits where these would be zeros.
pub(super) fn decimals(fraction: f64) -> String {
    if fraction == 0.0 || fraction >= 0.01 { format!("{fraction:.3}") } else { units::ratio(fraction) }
}
