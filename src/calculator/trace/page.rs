//! The page: the answer first, then a bar for each rank, then the tables.

use super::law::{Case, Hidden};
use super::rows::Row;
use super::worker::Times;
use super::{Counted, Kind, TraceReport, say};
use crate::page::block::{Block, Stack, Table};
use crate::page::{is_unprintable, words};
use crate::units::{self, ABSENT};

/// Most ranks with a bar, and with a row in the table.
const MOST_BARS: usize = 8;
const MOST_ROWS: usize = 64;

/// Most names of a kind.
const MOST_NAMES: usize = 3;

/// Letters of a name.
const LONGEST_NAME: usize = 40;

/// What the numbers mean.
const EXPLAINED: &str = "Exposed: only communication runs, no computation hides it. s is its share of a step. It is \
    taken as the part that more workers do not shorten, and all the rest, idle time too, as the part that they share.";

pub(super) fn blocks(report: &TraceReport) -> Vec<Block> {
    let files = match report.files.as_slice() {
        [file] => file.source.clone(),
        files => format!("{} traces", files.len()),
    };
    let mut blocks = vec![Block::Title(format!("amdahl {}: communication in {files}", report.version))];
    if report.files.iter().any(|file| file.cut) {
        let what = "A trace ends in the middle of its list of events: the program was stopped while it wrote. What was \
            read up to there is counted.";
        blocks.push(Block::Banner(what.to_owned()));
    }
    blocks.push(Block::Findings(say::findings(report)));
    blocks.push(section("where the time goes", &format!("How is {} spent?", say::a_step(report))));
    blocks.extend(report.workers.iter().take(MOST_BARS).map(|row| Block::Stack(stack(report, row))));
    blocks.push(Block::Table(workers(report)));
    if report.workers.len() > MOST_ROWS {
        let more = report.workers.len() - MOST_ROWS;
        blocks.push(Block::text(format!("{more} more with --format csv.")));
    }
    if report.step.communication_seconds > 0.0 {
        blocks.push(section("what if more or less were hidden", "What does hiding communication gain?"));
        blocks.push(Block::Table(cases(report)));
    }
    blocks.push(Block::text(EXPLAINED));
    blocks.push(section("what ran longest", "Which events are communication, and which computing?"));
    blocks.push(Block::Table(names(report)));
    blocks.push(Block::Facts(facts(report)));
    blocks
}

fn section(title: &str, question: &str) -> Block {
    Block::Section { title: title.to_owned(), question: question.to_owned() }
}

fn stack(report: &TraceReport, row: &Row) -> Stack {
    let Times { compute_seconds, hidden_seconds, exposed_seconds, copy_seconds, idle_seconds, .. } = row.step;
    let parts = [
        ("compute", compute_seconds - hidden_seconds),
        ("hidden communication", hidden_seconds),
        ("exposed communication", exposed_seconds),
        ("memory copies", copy_seconds),
        ("idle", idle_seconds),
    ];
    let parts =
        parts.into_iter().filter(|(_, seconds)| *seconds > 0.0).map(|(name, seconds)| (name.to_owned(), seconds));
    let whole = format!("{}  {}", row.name(say::place(report)), units::seconds(row.step.seconds));
    Stack { whole, parts: parts.collect() }
}

fn workers(report: &TraceReport) -> Table {
    let heads =
        ["", "step", "computing", "communi-\ncation", "exposed", &say::share(report), "idle", "waits for\nthe last"];
    let mut table = Table::new(&heads).words(&[0]).spare(&[2, 3]);
    for row in report.workers.iter().take(MOST_ROWS) {
        table.push([
            row.name(say::place(report)),
            units::seconds(row.step.seconds),
            units::seconds(row.step.compute_seconds),
            units::seconds(row.step.communication_seconds),
            units::seconds(row.step.exposed_seconds),
            units::share(row.step.exposed_share()),
            units::seconds(row.step.idle_seconds),
            row.waits_seconds.map_or(ABSENT.to_owned(), units::seconds),
        ]);
    }
    table.without_empty_columns()
}

fn cases(report: &TraceReport) -> Table {
    let heads = ["communication", "step", "exposed", "speedup", &say::share(report), "s(1)", "ceiling\n1/s(1)"];
    let mut table = Table::new(&heads).words(&[0]);
    // On one worker both shares are the same.
    let several = report.measured_on != Some(1.0);
    for case in report.law.cases() {
        table.push([
            name(case.hidden).to_owned(),
            units::seconds(case.seconds),
            units::seconds(case.exposed_seconds),
            units::hundredths(case.times_faster),
            units::share(case.serial_share),
            case.serial_fraction.filter(|_| several).map_or(ABSENT.to_owned(), units::percent),
            ceiling(case),
        ]);
    }
    table.without_empty_columns()
}

fn ceiling(case: &Case) -> String {
    match case.ceiling {
        Some(ceiling) => units::ratio(ceiling),
        None if case.serial_fraction.is_some() => "none".to_owned(),
        None => ABSENT.to_owned(),
    }
}

fn name(hidden: Hidden) -> &'static str {
    match hidden {
        Hidden::AsItIs => "as it is",
        Hidden::All => "all hidden",
        Hidden::Nothing => "nothing hidden",
    }
}

fn names(report: &TraceReport) -> Table {
    let mut table = Table::new(&["event", "counts as", "times", "together"]).words(&[0, 1]);
    for (kind, word) in [(Kind::Communication, "communication"), (Kind::Compute, "computing"), (Kind::Copy, "copy")] {
        for named in report.names.iter().filter(|named| named.kind == kind).take(MOST_NAMES) {
            let cells = [short(&named.name), word.to_owned(), units::count(named.count), units::seconds(named.seconds)];
            table.push(cells);
        }
    }
    table
}

/// Cuts a name, which may be a whole template.
fn short(name: &str) -> String {
    let clean = name.replace(is_unprintable, " ");
    if clean.chars().count() <= LONGEST_NAME {
        return clean;
    }
    clean.chars().take(LONGEST_NAME - 1).chain(['…']).collect()
}

fn facts(report: &TraceReport) -> Vec<(String, String)> {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let events: u64 = report.files.iter().map(|file| file.events).sum();
    let files = words::counted(report.files.len() as u64, "file");
    let mut facts = vec![
        fact("read", format!("{files}, {}", words::counted(events, "event"))),
        fact("times", say::source(report).to_owned()),
        fact("steps", say::steps(report)),
        fact("ranks", report.ranks_by.words().to_owned()),
    ];
    if let Some((workers, by)) = report.measured_on.zip(report.measured_on_by) {
        let by = match by {
            Counted::Asked => "as --measured-on says",
            Counted::WorldSize => "the world size in the files",
            Counted::Files => "as many as there are in the files",
        };
        facts.push(fact("workers K", format!("{}, {by}", words::whole(workers))));
    }
    let sum = |of: fn(&super::File) -> u64| report.files.iter().map(of).sum::<u64>();
    for (count, why) in
        [(sum(|file| file.untimed_events), "no begin or no length"), (sum(|file| file.unpaired_events), "no partner")]
    {
        if count > 0 {
            facts.push(fact("left out", format!("{} with {why}", words::counted(count, "event"))));
        }
    }
    let joined: f64 = report.files.iter().map(|file| file.joined_seconds).sum();
    if joined > 0.0 {
        let text = format!(
            "gaps of {} together, the shortest, are taken for busy: there are too many",
            units::seconds(joined)
        );
        facts.push(fact("joined", text));
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_and_hold_no_orders_for_a_terminal() {
        assert_eq!(short(&"x".repeat(LONGEST_NAME + 1)), format!("{}…", "x".repeat(LONGEST_NAME - 1)));
        assert_eq!(short("a\u{1b}[2Jb"), "a [2Jb");
    }
}
