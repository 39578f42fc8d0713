//! The page: facts, tables, plot, gains of halving, advice.

use super::{Job, effective, measured, parts, plot, tables};
use crate::law::WorkSpan;
use crate::law::profile::PartKind;
use crate::page::block::Block;
use crate::page::{Scale, words};
use crate::units;

/// Most jobs that stand side by side in one table.
const MOST_ABREAST: usize = 3;

pub(super) fn blocks(jobs: &[Job], axes: Option<Scale>) -> Vec<Block> {
    let title = format!("amdahl {}: what Amdahl's and Gustafson's laws predict", env!("CARGO_PKG_VERSION"));
    let mut blocks = vec![Block::Title(title)];
    if (2..=MOST_ABREAST).contains(&jobs.len()) {
        blocks.push(Block::Table(tables::abreast(jobs)));
        blocks.push(Block::text(EXPLAINED));
        blocks.push(Block::Table(tables::ceilings(jobs)));
        blocks.extend(plot::plot(jobs, axes).map(Block::Plot));
    }
    for job in jobs {
        if jobs.len() > 1 {
            let title = format!("serial fraction {}", decimals(job.serial_fraction));
            blocks.push(Block::Section { title, question: String::new() });
        }
        let alone = !(2..=MOST_ABREAST).contains(&jobs.len());
        blocks.extend(self::job(job, alone, axes));
    }
    blocks
}

const EXPLAINED: &str = "Amdahl: the same job on more workers (strong scaling), 1/(s + (1 − s)/p) times faster. \
    Gustafson: a job that grows with its workers (weak scaling), p − s (p − 1) times faster than one worker on that \
    grown job; there s is the serial share of the time on p workers.";

/// Says what work and span promise.
fn between(pair: &WorkSpan) -> String {
    format!(
        "The parallelism is work/span = {}. Whoever lets no worker rest while there is work needs at most (work − \
         span)/p + span (Brent 1974). That is Amdahl's law with s = span/work, the column \"at least\". Nobody is \
         faster than the larger of work/p and span: \"at most\".",
        units::hundredths(pair.parallelism())
    )
}

/// Returns one job: in full if it stands alone, else what the tables of all jobs leave out.
fn job(job: &Job, alone: bool, axes: Option<Scale>) -> Vec<Block> {
    let mut blocks = Vec::new();
    if alone {
        blocks.push(Block::Facts(facts(job)));
        blocks.push(Block::Table(tables::one(job)));
        blocks.push(Block::text(EXPLAINED));
        blocks.extend(job.fitted.as_ref().map(|fitted| Block::text(fitted.words())));
        blocks.extend(job.work_span.as_ref().map(|pair| Block::text(between(pair))));
    }
    // Only the plot of a single job has room for the effective curve.
    if alone || job.effective.is_some() {
        blocks.extend(plot::plot(std::slice::from_ref(job), axes).map(Block::Plot));
    }
    let effective = measured::blocks(job).unwrap_or_else(|| effective::blocks(job));
    blocks.extend(effective.into_iter().chain(parts::blocks(job)));
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
    let of_one = if job.measured_on.is_some() { "s(1)" } else { "s" };
    facts.push(fact("serial fraction", format!("{of_one} = {} ({})", decimals(serial), units::percent(serial))));
    facts.push(fact("parallel fraction", format!("P = {}", rest(serial))));
    facts.push(fact(
        "ceiling",
        match job.ceiling {
            Some(ceiling) => format!("1/{of_one} = {} times, however many workers", units::hundredths(ceiling)),
            None => "none: nothing is serial".to_owned(),
        },
    ));
    if let Some(enough) = job.workers_at_90_percent {
        facts.push(fact("90 % of it", format!("on {} {}", words::whole(enough), words::noun(enough))));
    }
    facts
}

/// The parts of one kind and their time on one worker: `load 100 ms + store 100 ms = 200 ms`.
fn sum(job: &Job, kind: PartKind) -> String {
    let parts: Vec<&crate::law::profile::Part> = job.profile.parts.iter().filter(|part| part.kind == kind).collect();
    let total = match kind {
        PartKind::Serial => job.profile.serial_seconds(),
        PartKind::Parallel => job.profile.parallel_seconds(),
    };
    let terms: Vec<String> =
        parts.iter().map(|part| format!("{} {}", part.name, units::seconds(part.seconds))).collect();
    let sum = match terms.len() {
        0 => return "nothing".to_owned(),
        1 => terms.concat(),
        _ => format!("{} = {}", terms.join(" + "), units::seconds(total)),
    };
    match &job.measured_on {
        Some(on) if kind == PartKind::Parallel => {
            format!("{sum} on 1 worker ({} on {})", units::seconds(total / on.workers), words::whole(on.workers))
        }
        _ => sum,
    }
}

/// What is left of one beside a fraction, with three decimals, or as many as show that the fraction is not zero.
pub(super) fn rest(fraction: f64) -> String {
    let needed = if fraction > 0.0 { (-fraction.log10()).ceil().clamp(3.0, 15.0) as usize } else { 3 };
    format!("{:.needed$}", 1.0 - fraction)
}

/// A fraction with three decimals, with four if three would be off by more than 0.5 %, or with three significant
/// digits if most of these would be zeros.
pub(super) fn decimals(fraction: f64) -> String {
    if fraction > 0.0 && fraction < 0.01 {
        return units::plain(fraction);
    }
    let rounded = (1000.0 * fraction).round() / 1000.0;
    let decimals = if (rounded - fraction).abs() <= 0.005 * fraction { 3 } else { 4 };
    format!("{fraction:.decimals$}")
}
