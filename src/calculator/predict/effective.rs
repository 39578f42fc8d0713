//! The curve with the serial share taken anew at every worker count, beside the wall clock's.

use super::Job;
use crate::law::predict::Step;
use crate::page::block::{Block, Table};
use crate::page::words;
use crate::units::{self, ABSENT};

/// Why the two curves differ.
pub(super) const WHY: &str = "The effective curve takes s anew at every K, s(K) = M/(C/K + M), and puts it into Amdahl's \
    formula. But s(K) has grown because the compute has already been divided by K; the formula divides it by K again, \
    and so counts the same communication twice. The clock shows one job of C/K + M, which only gets shorter: believe \
    the clock. Amdahl's s is the share on one worker, s(1).";

pub(super) fn blocks(job: &Job) -> Vec<Block> {
    let section = Block::Section {
        title: "the effective curve".to_owned(),
        question: "What if s is taken anew at every worker count K?".to_owned(),
    };
    let step = job.step();
    let mut blocks = vec![section, Block::Table(table(job, step))];
    blocks.extend(peak(step).map(Block::text));
    blocks.push(Block::text(WHY));
    blocks
}

fn table(job: &Job, step: Step) -> Table {
    let mut table = Table::new(&["workers K", "s(K)", "effective\ncurve", "by the\nclock", "time of\nthe step"]);
    for row in &job.prediction.rows {
        let seconds = step.seconds(row.workers);
        table.push([
            words::whole(row.workers),
            units::share(step.communication_share(row.workers)),
            units::hundredths(step.effective_speedup(row.workers)),
            units::hundredths(step.speedup(row.workers)),
            if job.timed { units::seconds(seconds) } else { ABSENT.to_owned() },
        ]);
    }
    table.without_empty_columns()
}

/// Where the effective curve turns; its neighbours show how flat it is there.
fn peak(step: Step) -> Option<String> {
    let top = step.effective_peak()?;
    let at = |workers: f64| units::hundredths(step.effective_speedup(workers));
    let below = if top > 1.0 { format!(" ({} on {})", at(top - 1.0), words::whole(top - 1.0)) } else { String::new() };
    Some(format!(
        "The effective curve is highest on {} {}: {}{below}, and falls beyond. By the clock the same step never gets \
         slower.",
        words::whole(top),
        words::noun(top),
        at(top)
    ))
}
