//! What a run found when it checked itself.

use std::borrow::Cow;

use super::clocks;
use crate::page::block::{Block, Table};
use crate::page::words;
use crate::record::{Audit, CanaryPart, Check, Drift, DriftShape, Run};
use crate::units;

/// Returns the checks with their numbers, and how the run was timed; nothing for a run without checks.
pub(crate) fn blocks(run: &Run) -> Vec<Block> {
    let Some(audit) = run.audit.as_ref().filter(|audit| !audit.checks.is_empty()) else {
        return Vec::new();
    };
    let question = "Can these numbers be trusted?".to_owned();
    let mut table = Table::new(&["holds", "check", "numbers"]).words(&[0, 1, 2]);
    for check in &audit.checks {
        let holds = match check.passed {
            _ if check.is_explained() => "differs",
            true => "yes",
            false => "NO",
        };
        table.push([holds.to_owned(), check.name.clone(), check.detail.clone()]);
    }
    let mut blocks = vec![Block::Section { title: "self-audit".to_owned(), question }, Block::Table(table)];
    if run.drift.len() > 1 {
        blocks.push(Block::List { lead: "Changes of speed".to_owned(), items: run.drift.iter().map(drift).collect() });
    }
    let noise = audit.wander.map(|share| {
        let share = units::percent(share);
        format!("Noise between sections: {share}, the standard deviation of a test kernel's median times.")
    });
    let overhead = audit.harness.map(|share| {
        let share = units::percent(share);
        format!("{share} of the measuring time was our own overhead; it is not in the results.")
    });
    let heating = audit.heating.map(|share| {
        let share = units::percent(share);
        format!("{share} of the measuring time the device worked untimed, so that its clock stayed up.")
    });
    let said = noise.into_iter().chain(overhead).chain(heating).chain(clocks::named(run));
    blocks.extend(said.map(Block::Text));
    blocks
}

/// Writes how many checks hold, and what the others found, in one line.
pub(crate) fn line(audit: &Audit) -> String {
    let failed: Vec<Cow<'_, str>> = audit.checks.iter().filter(|check| !check.passed).map(fault).collect();
    let all = audit.checks.len();
    if failed.is_empty() {
        return match audit.checks.iter().filter(|check| check.is_explained()).count() {
            0 => format!("all {all} checks hold"),
            differ => format!("{} of {all} checks hold; {differ} differ for a known reason", all - differ),
        };
    }
    format!("{} of {all} checks failed: {}", failed.len(), failed.join("; "))
}

/// Writes what holds if a check fails.
pub(crate) fn fault(check: &Check) -> Cow<'_, str> {
    let words = match check.name.as_str() {
        Check::QUIET => "the machine was busy",
        Check::CANARY => "speed changed during the run",
        Check::GROWTH => "twice the kernels did not take twice the time",
        Check::PHASES => "the phases do not add up to the time of the whole job",
        Check::TWINS => "a case measured twice took two different times",
        Check::PARTS => "a job timed in smaller parts took another time",
        Check::MEMORY => "a kernel moved data faster than the memory limit",
        Check::COMPUTE => "a kernel computed faster than the compute limit",
        Check::TRANSFERS => "a transfer was faster than the host's memory",
        Check::ONE_CLOCK => "two clocks timed the kernels of one section",
        name => return format!("not true: {name}").into(),
    };
    words.into()
}

/// Writes by how much the speed changed: `8.6 % faster`.
pub(crate) fn change(drift: &Drift) -> String {
    let way = if drift.change > 0.0 { "slower" } else { "faster" };
    format!("{} {way}", units::percent(drift.change.abs()))
}

/// Writes a change of speed: `The device suddenly ran 8.6 % faster after 47.7 s (in gains/saxpy).`
pub(crate) fn drift(drift: &Drift) -> String {
    let what = match drift.part {
        CanaryPart::Kernel => "the device",
        CanaryPart::Rest => "launching and reading back",
    };
    let change = change(drift);
    let place = if drift.place.starts_with("between") { drift.place.clone() } else { format!("in {}", drift.place) };
    let [from, to] = [drift.from, drift.to].map(units::seconds);
    let text = match drift.shape {
        DriftShape::Trend => format!("{what} slowly became {change} from {from} to {to} ({place})"),
        DriftShape::Jump => format!("{what} suddenly ran {change} after {to} ({place})"),
    };
    words::sentence(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_speed_says_how_much_when_and_where() {
        let jump = Drift {
            part: CanaryPart::Kernel,
            shape: DriftShape::Jump,
            change: -0.086,
            from: 47.7,
            to: 47.7,
            place: "gains/saxpy".to_owned(),
        };
        assert_eq!(drift(&jump), "The device suddenly ran 8.6 % faster after 47.7 s (in gains/saxpy).");
        let place = "between two sections".to_owned();
        let trend = Drift { shape: DriftShape::Trend, change: 0.2, from: 10.0, place, ..jump };
        assert_eq!(
            drift(&trend),
            "The device slowly became 20.0 % slower from 10.0 s to 47.7 s (between two sections)."
        );
    }

    #[test]
    fn a_failed_check_is_told_by_what_holds() {
        let check = |name: &str, passed| Check { name: name.to_owned(), passed, detail: String::new() };
        let checks = vec![check(Check::CANARY, false), check(Check::QUIET, false), check("one is one", true)];
        let audit = Audit { checks, harness: None, heating: None, wander: None, neighbours: None };
        assert_eq!(line(&audit), "2 of 3 checks failed: speed changed during the run; the machine was busy");
        assert_eq!(fault(&check("one is one", false)), "not true: one is one");
    }
}
