//! What the launch styles show in sentences: the price of a launch, what it consists of, and what to do about it.

use super::EMPTY;
use super::read::{BATCH, Part, Reading, WAITED, each};
use crate::law::line::LineFit;
use crate::page::words;
use crate::record::{LaunchStyle, Measured, Series, Wait};
use crate::stats::Estimate;
use crate::units;

/// A launch waited for against one in a batch; what the host does of it; what the wait and what a dependency cost.
pub(super) fn sentences(measured: &Measured, reading: &Reading) -> Vec<String> {
    let all = [batch(measured, reading), encoding(reading), wait(reading), dependency(reading), arguments(reading)];
    all.into_iter().flatten().collect()
}

/// The line of the summary: what one launch costs, waited for and in a batch; the times themselves if no cost can be
/// read.
pub(super) fn answer(measured: &Measured, reading: &Reading) -> Option<String> {
    let [waited, batch] = [WAITED, BATCH].map(|series| reading.cost(series).map(words::about));
    // A launch without a name is one of the empty kernel.
    let of = if measured.workload == EMPTY { String::new() } else { format!(" of {}", words::workload(measured)) };
    let Some(waited) = waited else {
        let [waited, batch] = [WAITED, BATCH].map(|series| each(measured, series).map(words::about));
        return Some(format!(
            "Of many launches{of} one takes {} if each is waited for, {} in one pass.",
            waited?, batch?
        ));
    };
    let batch = batch.map_or(String::new(), |batch| format!(", {batch} in a batch"));
    Some(format!("One launch{of} costs {waited} when it is waited for{batch}."))
}

fn batch(measured: &Measured, reading: &Reading) -> Option<String> {
    let (waited, batch) = (reading.line(WAITED)?, reading.line(BATCH)?);
    Some(match (waited.slope(), batch.slope()) {
        (Some(waited), Some(batch)) if batch.low > 0.0 => format!(
            "Submitting and waiting costs {} for each launch, one more dispatch in the same pass {}: {} times less. \
             Record all dispatches first, submit once, wait once.",
            words::seconds(waited),
            words::seconds(batch),
            units::ratio(waited.value / batch.value),
        ),
        _ => {
            let both = each(measured, WAITED).zip(each(measured, BATCH));
            let each = both.map_or(String::new(), |(waited, batch)| {
                format!(
                    " Of many launches one takes {} when each is waited for, and {} in one pass.",
                    words::seconds(waited),
                    words::seconds(batch)
                )
            });
            format!("{}; {}.{each}", cost(WAITED, waited), cost(BATCH, batch))
        }
    })
}

fn cost(series: Series, line: &LineFit) -> String {
    match line.slope() {
        Some(slope) => format!("{series}: {} for each launch", words::cost(slope)),
        None => format!("{series}: no cost per launch can be read ({}): {}", line.verdict, line.reason),
    }
}

/// How much of a launch is the host's own work.
fn encoding(reading: &Reading) -> Option<String> {
    let whole = reading.cost(WAITED)?;
    let encoding = reading.part(WAITED, Part::Encode)?.slope()?;
    let pass = reading.part(BATCH, Part::Pass).and_then(LineFit::slope);
    let device = pass.map_or(String::new(), |pass| {
        format!(" By its own clock the GPU takes {} for one more dispatch in a pass.", words::cost(pass))
    });
    Some(format!(
        "Of the {} for a launch that is waited for, the host spends {} on encoding it; the rest is the driver, the \
         device and the wait.{device}",
        units::seconds(whole.value),
        words::cost(encoding),
    ))
}

/// What the wait itself costs: the same launches, waited for in both ways.
fn wait(reading: &Reading) -> Option<String> {
    let own = reading.cost(WAITED)?;
    let in_the_other = |wait: Wait| Some((wait, reading.cost(LaunchStyle::WaitEach.waited_for_by(wait))?));
    let (wait, other) = in_the_other(Wait::Spin).or_else(|| in_the_other(Wait::Block))?;
    let (block, spin) = if wait == Wait::Spin { (own, other) } else { (other, own) };
    let costs = format!(
        "A launch that is waited for costs {} when the driver wakes the host, {} when the host spins",
        words::seconds(block),
        words::seconds(spin),
    );
    let difference = units::seconds((block.value - spin.value).abs());
    Some(if spin.high < block.low {
        let option = if wait == Wait::Spin { " (--wait spin)" } else { "" };
        format!(
            "{costs}{option}: {difference} of it is no launch but the wake-up, which spinning saves at the price of a \
             busy processor core."
        )
    } else if block.high < spin.low {
        format!("{costs}: spinning takes {difference} longer, since it needs the processor that the driver works on.")
    } else {
        format!("{costs}: as far as the intervals can tell, the way of waiting makes no difference here.")
    })
}

/// What it costs that each dispatch needs what the one before it wrote.
fn dependency(reading: &Reading) -> Option<String> {
    let free = reading.cost(BATCH)?;
    let chained = reading.cost(LaunchStyle::OnePass.chained())?;
    let added = match added(free, chained) {
        Some(seconds) => format!("the barrier between them adds about {}", units::seconds(seconds)),
        None => "as far as the intervals can tell, a dependency adds nothing".to_owned(),
    };
    Some(format!(
        "Dispatches of one pass that depend on one another cost {} each, independent ones {}: {added}.{}",
        words::cost(chained),
        words::cost(free),
        elsewhere(reading)
    ))
}

/// What a dependency adds if passes or submits stand between the dispatches.
fn elsewhere(reading: &Reading) -> String {
    let told: Vec<String> = [("a pass", LaunchStyle::PassEach), ("a submit", LaunchStyle::SubmitEach)]
        .into_iter()
        .filter_map(|(what, style)| {
            let more = added(reading.cost(style.series())?, reading.cost(style.chained())?);
            let more = more.map_or("nothing that can be told".to_owned(), units::seconds);
            Some(format!("with {what} for each it adds {more}"))
        })
        .collect();
    if told.is_empty() { String::new() } else { format!(" {}", words::sentence(&told.join("; "))) }
}

/// What a buffer and parameters of its own cost a launch, as every launch of a real program has them.
fn arguments(reading: &Reading) -> Option<String> {
    let costs = |style: LaunchStyle, series: Series| {
        let (free, given) = (reading.cost(series)?, reading.cost(style.with_arguments())?);
        let more = added(free, given).map(|more| format!("{} more than an empty one", units::seconds(more)));
        let more = more.unwrap_or_else(|| "as far as the intervals can tell, no more than an empty one".to_owned());
        Some(format!("{}: {more}", words::cost(given)))
    };
    let batch = costs(LaunchStyle::OnePass, BATCH)?;
    let waited = costs(LaunchStyle::WaitEach, WAITED);
    let waited = waited.map_or(String::new(), |costs| format!(" If it is waited for it costs {costs}."));
    Some(format!(
        "With a buffer of its own, and parameters that are written for it, one more dispatch in a pass costs \
         {batch}.{waited}"
    ))
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
        assert!(text.contains("1.20 ms (1.18–1.22) when the driver wakes the host"), "{text}");
        assert!(text.contains("1.16 ms of it is no launch but the wake-up"), "{text}");
        let spin = LaunchStyle::WaitEach.waited_for_by(Wait::Spin);
        let same = wait(&costing(spin, 41e-6)).unwrap();
        assert!(same.contains("makes no difference"), "{same}");
        let longer = wait(&costing(spin, 80e-6)).unwrap();
        assert!(longer.contains("spinning takes 3"), "{longer}");
    }

    #[test]
    fn a_dependency_adds_what_lies_between_the_slopes() {
        let text = dependency(&read(&launch_overhead())).unwrap();
        assert!(text.contains("the barrier between them adds about 2.9"), "{text}");
        assert!(text.contains("With a pass for each it adds 1.6"), "{text}");
        assert!(text.ends_with("with a submit for each it adds nothing that can be told."), "{text}");
        let none = costing(LaunchStyle::OnePass.chained(), 1.1e-6);
        assert!(dependency(&none).unwrap().contains("a dependency adds nothing"));
    }

    #[test]
    fn arguments_add_what_lies_between_the_slopes() {
        let text = arguments(&read(&launch_overhead())).unwrap();
        assert!(text.contains("in a pass costs 2.1") && text.contains("µs more than an empty one. If"), "{text}");
        assert!(text.contains("waited for it costs 4"), "{text}");
        let none = arguments(&costing(LaunchStyle::OnePass.with_arguments(), 1.1e-6)).unwrap();
        assert!(none.contains("no more than an empty one. If"), "{none}");
    }

    #[test]
    fn the_hosts_part_is_said() {
        let text = encoding(&read(&launch_overhead())).unwrap();
        assert!(text.contains("the host spends 5.1"), "{text}");
        assert!(text.contains("By its own clock the GPU takes"), "{text}");
    }

    #[test]
    fn the_summary_has_the_costs_of_the_lines() {
        let measured = launch_overhead();
        let reading = read(&measured);
        let [waited, batch] = [WAITED, BATCH].map(|series| units::seconds(reading.cost(series).unwrap().value));
        let words = format!("One launch costs {waited} when it is waited for, {batch} in a batch.");
        assert_eq!(answer(&measured, &reading), Some(words));
    }

    #[test]
    fn a_series_whose_line_is_refused_has_no_cost() {
        let mut measured = launch_overhead();
        measured.cases.retain(|case| case.series != WAITED || case.dispatches <= 4);
        let text = markdown(&run(vec![measured]));
        assert!(
            text.contains("No cost is quoted for wait-each (too-few-points): 2 different sizes or counts"),
            "{text}"
        );
        assert!(!text.contains("when it is waited for"), "{text}");
        assert!(text.contains("Of many launches one takes 41."), "{text}");
    }
}
