//! The gain of halving each part.

use super::Job;
use crate::law::profile::{Halving, PartKind};
use crate::page::block::{Block, Table};
use crate::page::words;
use crate::units::{self, ABSENT};

/// Returns the gains on the largest worker count; nothing if fewer than two parts are known.
pub(super) fn blocks(job: &Job) -> Vec<Block> {
    let (most, halvings) = (job.halved_on_workers, &job.halvings);
    if halvings.len() < 2 {
        return Vec::new();
    }
    let before = job.profile.seconds(most);
    let on = format!("job on {}\n{} then", words::whole(most), words::noun(most));
    let mut table = Table::new(&["part to halve", "kind", "its time", &on, "faster by", "ceiling then"]).words(&[0, 1]);
    for halving in halvings {
        table.push([
            halving.name.clone(),
            kind(halving).to_owned(),
            units::seconds(halving.seconds),
            units::seconds(before / halving.gain),
            units::percent(halving.gain - 1.0),
            halving.ceiling.map_or(ABSENT.to_owned(), units::hundredths),
        ]);
    }
    let text = format!(
        "On {} {} the job takes {}. Halve one part, and it takes the time below. Ceilings are over one worker of the \
         job as it is now.",
        words::whole(most),
        words::noun(most),
        units::seconds(before)
    );
    vec![Block::text(text), Block::Table(table)]
}

fn kind(halving: &Halving) -> &'static str {
    match halving.kind {
        PartKind::Serial => "serial",
        PartKind::Parallel => "parallel",
    }
}
