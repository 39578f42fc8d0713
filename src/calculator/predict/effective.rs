//! The effective curve, which takes a new serial fraction at every worker count, beside the curve by the clock.

use serde::Serialize;

use super::Job;
use crate::law::predict::Step;
use crate::page::block::{Block, Table};
use crate::page::json::count;
use crate::page::words;
use crate::units::{self, ABSENT};

/// Explains why the two curves differ.
const WHY: &str = "The effective curve puts s(p) = M/(C/p + M) into Amdahl's formula at every p. But s(p) is larger \
    because C is already divided by p; the formula divides it again. So it counts the communication M twice. The clock \
    shows C/p + M, which only gets shorter: believe the clock. Amdahl's s is the share on one worker, s(1).";

/// The top of the curve, and the value one worker before it, which shows how flat the top is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Effective {
    #[serde(serialize_with = "count")]
    pub(super) peak_workers: Option<f64>,
    peak_speedup: Option<f64>,
    #[serde(skip)]
    below: Option<f64>,
    why: &'static str,
}

impl Effective {
    pub(super) fn of(step: Step) -> Self {
        let peak_workers = step.effective_peak();
        let before = peak_workers.filter(|top| *top > 1.0).map(|top| top - 1.0);
        let [peak_speedup, below] = [peak_workers, before].map(|at| at.map(|at| step.effective_speedup(at)));
        Self { peak_workers, peak_speedup, below, why: WHY }
    }
}

/// Returns the section of the curve; nothing if it was not asked for.
pub(super) fn blocks(job: &Job) -> Vec<Block> {
    if job.effective.is_none() {
        return Vec::new();
    }
    let section = Block::Section {
        title: "the effective curve".to_owned(),
        question: "What if every worker count p gets its own s?".to_owned(),
    };
    let mut blocks = vec![section, Block::Table(table(job))];
    blocks.extend(peak(job).map(Block::text));
    blocks.push(Block::text(WHY));
    blocks
}

fn table(job: &Job) -> Table {
    let mut table = Table::new(&["workers p", "s(p)", "effective\ncurve", "by the\nclock", "time of\nthe step"]);
    let cell = |value: Option<f64>, show: fn(f64) -> String| value.map_or(ABSENT.to_owned(), show);
    for row in &job.rows {
        table.push([
            words::whole(row.workers),
            cell(row.serial_share, units::share),
            cell(row.effective_speedup, units::hundredths),
            // By the clock the law with s(1) holds.
            units::hundredths(row.amdahl),
            cell(row.seconds, units::seconds),
        ]);
    }
    table.without_empty_columns()
}

/// Writes where the curve is highest.
pub(super) fn peak(job: &Job) -> Option<String> {
    let effective = job.effective?;
    let (top, speedup) = effective.peak_workers.zip(effective.peak_speedup)?;
    let below = effective
        .below
        .map_or(String::new(), |below| format!(" ({} on {})", units::hundredths(below), words::whole(top - 1.0)));
    Some(format!(
        "The effective curve is highest on {} {}: {}{below}. Beyond, it falls, but by the clock the step never gets \
         slower.",
        words::whole(top),
        words::noun(top),
        units::hundredths(speedup)
    ))
}
