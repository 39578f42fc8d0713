//! What the launch styles show in sentences: the price of a launch, what it consists of, and what to do about it.

use super::EMPTY;
use super::read::{BATCH, Part, Reading, WAITED, each};
use crate::experiment::View;
use crate::experiment::cases::{launches, of_series};
use crate::law::line::LineFit;
use crate::page::words;
use crate::record::{LaunchStyle, Measured, Run, Wait};
use crate::stats::Estimate;
use crate::units;

/// The price of a launch by style; the host's part of it; what the wait, a dependency and arguments cost.
pub(super) fn sentences(View { run, measured, reading }: View<'_, Reading>) -> Vec<String> {
    let price = price(run, measured, reading);
    let all = [price, encoding(reading), wait(reading), dependency(reading), arguments(reading)];
    all.into_iter().flatten().collect()
}

/// The time of a single launch that is waited for.
fn single(measured: &Measured) -> Option<Estimate> {
    let case = of_series(measured, WAITED).find(|case| case.dispatches == 1)?;
    launches(case).map(|time| time.estimate())
}

/// The line of the summary: a single launch, one more launch, and from which length on kernels need no batch.
pub(super) fn answer(measured: &Measured, reading: &Reading) -> Option<String> {
    // A launch without a name is one of the empty kernel.
    let of = if measured.workload == EMPTY { String::new() } else { format!(" of {}", words::workload(measured)) };
    let single = single(measured).map(|time| format!("A single launch{of} takes {}.", words::about(time)));
    let more = more(measured, reading, words::about);
    let parts: Vec<String> = single.into_iter().chain(more).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// What one more launch costs, waited for and in one pass; the times of many launches if no cost can be read.
fn more(measured: &Measured, reading: &Reading, shown: fn(Estimate) -> String) -> Option<String> {
    let (costs, waited, batch) = if let Some((waited, batch)) = reading.cost(WAITED).zip(reading.cost(BATCH)) {
        let costs = format!("If you wait after each, every further one adds {}; in one pass ", shown(waited));
        (costs, waited, batch)
    } else {
        let most = |series| of_series(measured, series).map(|case| case.dispatches).max();
        let same = most(WAITED).filter(|count| Some(*count) == most(BATCH));
        let (waited, batch) = (each(measured, WAITED)?, each(measured, BATCH)?);
        let many = same.map_or("many".to_owned(), |count| units::count(count.into()));
        (format!("Of {many} launches each takes {} if you wait after it; in one pass ", shown(waited)), waited, batch)
    };
    if batch.high >= waited.low {
        let unsure =
            if batch.low > waited.high { "" } else { " Their intervals overlap: these cannot tell the two apart." };
        return Some(format!("{costs}{}.{unsure}", shown(batch)));
    }
    let longest = units::seconds(waited.value);
    Some(format!("{costs}only {}. Batch kernels shorter than about {longest}.", shown(batch)))
}

/// The price of a launch with its intervals, and which of two times of a single launch to believe.
fn price(run: &Run, measured: &Measured, reading: &Reading) -> Option<String> {
    let single = single(measured);
    let said = single.map(|time| format!("A single launch takes {}.", words::seconds(time)));
    let parts = [said, opening(run, measured, single), more(measured, reading, words::seconds)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// The single launch that was timed at the start of the run, if it differs from the one here.
fn opening(run: &Run, measured: &Measured, single: Option<Estimate>) -> Option<String> {
    let (opening, here) = (run.calibration.empty_launch.filter(|_| measured.workload == EMPTY)?, single?);
    let apart = opening.high < here.low || here.high < opening.low;
    apart.then(|| {
        format!(
            "At the start of the run it took {}, in a row of equal launches. Believe the number here for a program \
             that does other things in between.",
            words::seconds(opening)
        )
    })
}

/// How much of a launch is the host's own work.
fn encoding(reading: &Reading) -> Option<String> {
    let encoding = reading.part(WAITED, Part::Encode)?.slope()?;
    reading.cost(WAITED)?;
    let pass = reading.part(BATCH, Part::Pass).and_then(LineFit::slope);
    let device = pass.map_or(String::new(), |pass| {
        format!(" The GPU itself needs {} for one more launch in a pass.", words::cost(pass))
    });
    Some(format!("The host's own part is {}; the rest is driver, GPU and waiting.{device}", words::cost(encoding)))
}

/// What the wait itself costs: the same launches, waited for in both ways.
fn wait(reading: &Reading) -> Option<String> {
    let own = reading.cost(WAITED)?;
    let in_the_other = |wait: Wait| Some((wait, reading.cost(LaunchStyle::WaitEach.waited_for_by(wait))?));
    let (wait, other) = in_the_other(Wait::Spin).or_else(|| in_the_other(Wait::Block))?;
    let (block, spin) = if wait == Wait::Spin { (own, other) } else { (other, own) };
    let [sleeping, spinning] = [block, spin].map(words::seconds);
    let difference = units::seconds((block.value - spin.value).abs());
    Some(if spin.high < block.low {
        let option = if wait == Wait::Spin { " (--wait spin)" } else { "" };
        format!(
            "A host that sleeps while it waits pays {sleeping} for one more launch, one that spins{option} {spinning}. \
             Spinning saves the {difference} of waking up, and keeps a CPU core busy."
        )
    } else if block.high < spin.low {
        format!(
            "A host that sleeps while it waits pays {sleeping} for one more launch, one that spins {spinning}. \
             Spinning takes {difference} longer: it needs the CPU core that the driver works on."
        )
    } else {
        "A host that sleeps while it waits and one that spins pay the same.".to_owned()
    })
}

/// What it costs that each launch needs what the one before it wrote.
fn dependency(reading: &Reading) -> Option<String> {
    let chained = reading.cost(LaunchStyle::OnePass.chained())?;
    let styles = [
        ("in one pass", LaunchStyle::OnePass),
        ("with a pass for each", LaunchStyle::PassEach),
        ("with a submit for each", LaunchStyle::SubmitEach),
    ];
    let differences: Vec<(&str, Option<f64>)> = styles
        .into_iter()
        .filter_map(|(name, style)| Some((name, added(reading.cost(style.series())?, reading.cost(style.chained())?))))
        .collect();
    let parts: Vec<String> =
        differences.iter().filter_map(|(name, more)| Some(format!("{name} {}", units::seconds((*more)?)))).collect();
    Some(match (differences.len(), parts.as_slice()) {
        (0, _) => return None,
        (1 | 2, []) => {
            let names: Vec<&str> = differences.iter().map(|(name, _)| *name).collect();
            format!("A dependency between launches costs nothing measurable {}.", names.join(" or "))
        }
        (_, []) => "A dependency between launches costs nothing measurable, in any of the three ways.".to_owned(),
        (_, parts) => format!(
            "A launch that needs the one before it costs {} in one pass. The dependency adds {}{}.",
            words::cost(chained),
            parts.join(", "),
            if parts.len() < differences.len() { ", elsewhere nothing measurable" } else { "" }
        ),
    })
}

/// What a buffer and parameters of its own cost a launch, as every launch of a real program has them.
fn arguments(reading: &Reading) -> Option<String> {
    let costs = |style: LaunchStyle, name: &str| {
        let (free, given) = (reading.cost(style.series())?, reading.cost(style.with_arguments())?);
        let more = added(free, given)
            .map_or("no measurable extra".to_owned(), |more| format!("{} more than without", units::seconds(more)));
        Some(format!("{} {name}, {more}", words::cost(given)))
    };
    let all = [costs(LaunchStyle::OnePass, "in one pass"), costs(LaunchStyle::WaitEach, "waited for")];
    let all: Vec<String> = all.into_iter().flatten().collect();
    (!all.is_empty()).then(|| format!("With its own buffer and parameters, one more launch costs {}.", all.join("; ")))
}

/// By how much a chained launch, or one with arguments, is dearer, in seconds; `None` if the intervals meet.
fn added(free: Estimate, chained: Estimate) -> Option<f64> {
    (free.high < chained.low).then_some(chained.value - free.value)
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::*;
    use crate::experiment::fixture::{launch_overhead, run};
    use crate::experiment::markdown;
    use crate::record::Series;

    /// The reading of the fixture, with another cost of a launch in one series.
    fn costing(series: Series, seconds: f64) -> Reading {
        let mut reading = read(&launch_overhead());
        let whole = reading.0.iter_mut().find(|line| line.series == series && line.part == Part::Whole);
        let slope = Estimate::finite(seconds, 0.98 * seconds, 1.02 * seconds).unwrap();
        whole.unwrap().fit.law.as_mut().unwrap().slope = slope;
        reading
    }

    #[test]
    fn a_wake_up_of_a_millisecond_is_told_from_the_launch() {
        let text = wait(&costing(WAITED, 1.2e-3)).unwrap();
        assert!(text.contains("sleeps while it waits pays 1.20 ms (1.18–1.22)"), "{text}");
        assert!(text.contains("Spinning saves the 1.16 ms of waking up"), "{text}");
        let spin = LaunchStyle::WaitEach.waited_for_by(Wait::Spin);
        let same = wait(&costing(spin, 41e-6)).unwrap();
        assert!(same.ends_with("pay the same."), "{same}");
        let longer = wait(&costing(spin, 80e-6)).unwrap();
        assert!(longer.contains("Spinning takes 3") && longer.contains("µs longer"), "{longer}");
    }

    #[test]
    fn a_dependency_adds_what_lies_between_the_slopes() {
        let text = dependency(&read(&launch_overhead())).unwrap();
        assert!(text.contains("costs 4.0") && text.contains("The dependency adds in one pass 2.9"), "{text}");
        assert!(text.contains("with a pass for each 1.6"), "{text}");
        assert!(text.ends_with(", elsewhere nothing measurable."), "{text}");
        let mut none = costing(LaunchStyle::OnePass.chained(), 1.1e-6);
        none.0.retain(|line| line.series != LaunchStyle::PassEach.chained());
        assert_eq!(
            dependency(&none).unwrap(),
            "A dependency between launches costs nothing measurable in one pass or with a submit for each."
        );
    }

    #[test]
    fn arguments_add_what_lies_between_the_slopes() {
        let text = arguments(&read(&launch_overhead())).unwrap();
        assert!(text.contains("one more launch costs 2.1") && text.contains(" in one pass, 1"), "{text}");
        assert!(text.contains("µs more than without; 4") && text.contains(" waited for, "), "{text}");
        let none = arguments(&costing(LaunchStyle::OnePass.with_arguments(), 1.1e-6)).unwrap();
        assert!(none.contains(" in one pass, no measurable extra; "), "{none}");
    }

    #[test]
    fn the_hosts_part_is_said() {
        let text = encoding(&read(&launch_overhead())).unwrap();
        assert!(text.contains("The host's own part is 5.1"), "{text}");
        assert!(text.contains("The GPU itself needs"), "{text}");
    }

    #[test]
    fn the_summary_has_the_costs_of_the_lines() {
        let measured = launch_overhead();
        let reading = read(&measured);
        let [waited, batch] = [WAITED, BATCH].map(|series| units::seconds(reading.cost(series).unwrap().value));
        let text = answer(&measured, &reading).unwrap();
        let single = units::seconds(single(&measured).unwrap().value);
        assert!(text.starts_with(&format!("A single launch takes {single}. If you wait after each, every")), "{text}");
        assert!(text.contains(&format!("every further one adds {waited}; in one pass only {batch}.")), "{text}");
        assert!(text.ends_with(&format!("Batch kernels shorter than about {waited}.")), "{text}");
    }

    /// At the start of the run half of what a single launch takes here: both are told, and which one to believe.
    #[test]
    fn two_times_of_a_single_launch_are_told_apart() {
        let measured = launch_overhead();
        let mut run = run(vec![measured.clone()]);
        let here = single(&measured);
        assert_eq!(opening(&run, &measured, here), None);
        run.calibration.empty_launch = here;
        assert_eq!(opening(&run, &measured, here), None);
        run.calibration.empty_launch = Estimate::finite(20e-6, 19e-6, 21e-6);
        let text = opening(&run, &measured, here).unwrap();
        assert!(text.starts_with("At the start of the run it took 20.0 µs (19.0–21.0)"), "{text}");
    }

    #[test]
    fn a_series_whose_line_is_refused_has_no_cost() {
        let mut measured = launch_overhead();
        measured.cases.retain(|case| case.series != WAITED || case.dispatches <= 4);
        let text = markdown(&run(vec![measured]));
        assert!(text.contains("No line fits wait-each (too-few-points): 2 different sizes or counts"), "{text}");
        assert!(!text.contains("If you wait after each"), "{text}");
        assert!(text.contains("launches each takes 41."), "{text}");
    }
}
