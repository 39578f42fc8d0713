//! What the run found when it checked itself.

use crate::page::block::{Block, Table};
use crate::page::words;
use crate::record::{Audit, CanaryPart, Check, Drift, DriftShape, Run};
use crate::units;

/// The checks with their numbers; nothing for runs that have none.
pub(crate) fn blocks(run: &Run) -> Vec<Block> {
    let Some(audit) = run.audit.as_ref().filter(|audit| !audit.checks.is_empty()) else {
        return Vec::new();
    };
    let question = "Can these numbers be trusted? What must hold if they are true, whatever was measured.".to_owned();
    let mut table = Table::new(&["holds", "check", "numbers"]).words(&[0, 1, 2]);
    for check in &audit.checks {
        let holds = if check.passed { "yes" } else { "NO" };
        table.push([holds.to_owned(), check.name.clone(), check.detail.clone()]);
    }
    let mut blocks = vec![Block::Section { title: "self-audit".to_owned(), question }, Block::Table(table)];
    if run.drift.len() > 1 {
        blocks.push(Block::List { lead: "Drift".to_owned(), items: run.drift.iter().map(drift).collect() });
    }
    blocks.extend(audit.wander.map(|share| {
        Block::text(format!(
            "Wander: from one experiment to the next the canary's median moves by {} (standard deviation). The machine \
             itself is no steadier, so the times of two experiments, or of two runs, differ by as much beside their \
             intervals. Within an experiment all cases share it, and ratios are free of it.",
            units::percent(share)
        ))
    }));
    blocks.extend(audit.harness.map(|share| {
        Block::text(format!(
            "Harness: {} of the time of the repetition blocks was spent in no job: on reading timestamps and \
             shuffling. It is in no number above.",
            units::percent(share)
        ))
    }));
    blocks.extend(audit.heating.map(|share| {
        Block::text(format!(
            "Heating: {} of that time the device worked untimed before timed kernels, so that its clock stayed up.",
            units::percent(share)
        ))
    }));
    blocks
}

/// How many checks hold, and those that do not, in one line.
pub(crate) fn line(audit: &Audit) -> String {
    let failed: Vec<&str> = audit.checks.iter().filter(|check| !check.passed).map(fault).collect();
    let all = audit.checks.len();
    if failed.is_empty() {
        return format!("all {all} checks hold");
    }
    format!("{} of {all} checks failed: {}", failed.len(), failed.join("; "))
}

/// What a failed check found: by its name, or by what holds instead.
fn fault(check: &Check) -> &str {
    match check.name.as_str() {
        Check::QUIET => "the machine was busy",
        Check::CANARY => "speed changed during the run",
        name => name,
    }
}

/// A drift in words.
pub(crate) fn drift(drift: &Drift) -> String {
    let part = match drift.part {
        CanaryPart::Kernel => "the canary's kernel",
        CanaryPart::Rest => "the canary's launch and read-back",
    };
    let change =
        format!("{} {}", units::percent(drift.change.abs()), if drift.change > 0.0 { "slower" } else { "faster" });
    let text = match drift.shape {
        DriftShape::Trend => format!(
            "{part} became {change} little by little, from {} to {} into the run, during {}",
            units::seconds(drift.from),
            units::seconds(drift.to),
            drift.place
        ),
        DriftShape::Jump => {
            format!("{part} became {change} at once, {} into the run, during {}", units::seconds(drift.to), drift.place)
        }
    };
    words::sentence(&text)
}
