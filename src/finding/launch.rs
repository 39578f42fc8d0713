//! What the launch ladder shows: the price of a launch, what it consists of, and what to do about it.

use super::series::launches;
use crate::law::line::LineFit;
use crate::page::reason::reason;
use crate::page::words;
use crate::record::{Experiment, Fit, LaunchPart};
use crate::stats::Estimate;
use crate::units;

/// The rung in which every launch is waited for.
pub(crate) const WAITED: &str = "wait-each";

/// The rung in which launches are cheapest.
pub(crate) const BATCH: &str = "one-pass";

/// Ways to launch, each beside one that may be cheaper: instead of the first, do the second.
const SWAPS: [(&str, &str); 8] = [
    ("read-back-each", "wait-each"),
    ("wait-each", "wait-each-spin"),
    ("wait-each-block", "wait-each"),
    ("wait-each", "submit-each"),
    ("submit-each", "command-buffer-each"),
    ("submit-each", "pass-each"),
    ("pass-each", "one-pass"),
    ("wait-each", "one-pass"),
];

/// A way to launch that is cheaper than another, as far as the intervals can tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Swap {
    pub(crate) instead_of: &'static str,
    pub(crate) take: &'static str,
    /// Cost of a launch, in seconds, before and after.
    pub(crate) before: Estimate,
    pub(crate) after: Estimate,
}

impl Swap {
    /// How many times less a launch costs: opposite ends of the intervals. `None` where the cost afterwards may be
    /// nothing.
    pub(crate) fn ratio(&self) -> Option<Estimate> {
        let Self { before, after, .. } = self;
        let ratio = Estimate::finite(before.value / after.value, before.low / after.high, before.high / after.low);
        ratio.filter(|_| after.low > 0.0)
    }
}

/// What to do: the swaps whose intervals do not meet.
pub(crate) fn swaps(experiment: &Experiment) -> Vec<Swap> {
    let swap = |(instead_of, take)| {
        let slopes = line(experiment, instead_of)?.slope().zip(line(experiment, take)?.slope());
        let (before, after) = slopes.or_else(|| Some((each(experiment, instead_of)?, each(experiment, take)?)))?;
        (after.high < before.low).then_some(Swap { instead_of, take, before, after })
    };
    SWAPS.into_iter().filter_map(swap).collect()
}

/// The time of one launch of many, measured: the case with the most dispatches, divided by them. It stands where the line
/// of a rung is refused, and is a little more than its slope, since the round trip is in it.
fn each(experiment: &Experiment, rung: &str) -> Option<Estimate> {
    let cases = experiment.cases.iter().filter(|case| case.rung.as_deref() == Some(rung));
    let most = cases.max_by_key(|case| case.dispatches)?;
    let time = launches(most)?.estimate();
    let launches = f64::from(most.dispatches);
    Estimate::finite(time.value / launches, time.low / launches, time.high / launches)
}

/// A launch waited for against one in a batch; what the host does of it; what the wait and what a dependency cost.
pub(super) fn sentences(experiment: &Experiment) -> Vec<String> {
    let all = [batch(experiment), encoding(experiment), wait(experiment), dependency(experiment)];
    all.into_iter().flatten().collect()
}

fn batch(experiment: &Experiment) -> Option<String> {
    let (waited, batch) = (line(experiment, WAITED)?, line(experiment, BATCH)?);
    Some(match (waited.slope(), batch.slope()) {
        (Some(waited), Some(batch)) if batch.low > 0.0 => format!(
            "Submitting and waiting costs {} for each launch, one more dispatch in the same pass {}: {} times less. \
             Record all dispatches first, submit once, wait once.",
            words::seconds(waited),
            words::seconds(batch),
            units::ratio(waited.value / batch.value),
        ),
        _ => {
            let parts: Vec<String> = [(WAITED, waited), (BATCH, batch)].into_iter().map(said).collect();
            let measured =
                each(experiment, WAITED).zip(each(experiment, BATCH)).map_or(String::new(), |(waited, batch)| {
                    format!(
                        " Of many launches one takes {} when each is waited for, and {} in one pass.",
                        words::seconds(waited),
                        words::seconds(batch)
                    )
                });
            format!("{}.{measured}", parts.join("; "))
        }
    })
}

/// How much of a launch is the host's own work.
fn encoding(experiment: &Experiment) -> Option<String> {
    let whole = line(experiment, WAITED)?.slope()?;
    let encoding = part(experiment, WAITED, LaunchPart::Encode)?.slope()?;
    let pass = part(experiment, BATCH, LaunchPart::Pass).and_then(LineFit::slope);
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

/// What the wait itself costs: the rung that waits, by both ways of waiting.
fn wait(experiment: &Experiment) -> Option<String> {
    let (rung, block, spin) = [("wait-each-spin", true), ("wait-each-block", false)].into_iter().find_map(|pair| {
        let (rung, own_blocks) = pair;
        let (own, other) = (line(experiment, WAITED)?.slope()?, line(experiment, rung)?.slope()?);
        Some(if own_blocks { (rung, own, other) } else { (rung, other, own) })
    })?;
    let costs = format!(
        "A launch that is waited for costs {} when the driver wakes the host, {} when the host spins",
        words::seconds(block),
        words::seconds(spin),
    );
    let difference = units::seconds((block.value - spin.value).abs());
    Some(if spin.high < block.low {
        let option = if rung == "wait-each-spin" { " (--wait spin)" } else { "" };
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
fn dependency(experiment: &Experiment) -> Option<String> {
    let free = line(experiment, BATCH)?.slope()?;
    let chained = line(experiment, "one-pass-chained")?.slope()?;
    let added = match added(free, chained) {
        Some(seconds) => format!("the barrier between them adds about {}", units::seconds(seconds)),
        None => "as far as the intervals can tell, a dependency adds nothing".to_owned(),
    };
    Some(format!(
        "Dispatches of one pass that depend on one another cost {} each, independent ones {}: {added}.{}",
        words::cost(chained),
        words::cost(free),
        elsewhere(experiment)
    ))
}

/// What a dependency adds where passes or submits stand between the dispatches.
fn elsewhere(experiment: &Experiment) -> String {
    let twins = [("a pass", "pass-each", "pass-each-chained"), ("a submit", "submit-each", "submit-each-chained")];
    let told: Vec<String> = twins
        .into_iter()
        .filter_map(|(what, free, chained)| {
            let (free, chained) = (line(experiment, free)?.slope()?, line(experiment, chained)?.slope()?);
            let more = added(free, chained).map_or("nothing that can be told".to_owned(), units::seconds);
            Some(format!("with {what} for each it adds {more}"))
        })
        .collect();
    if told.is_empty() { String::new() } else { format!(" {}", words::sentence(&told.join("; "))) }
}

/// By how much a chained launch is dearer, in seconds; `None` where the intervals meet.
fn added(free: Estimate, chained: Estimate) -> Option<f64> {
    (free.high < chained.low).then_some(chained.value - free.value)
}

fn said((rung, line): (&str, &LineFit)) -> String {
    match line.slope() {
        Some(slope) => format!("{rung}: {} for each launch", words::cost(slope)),
        None => format!("{rung}: no cost per launch can be read ({}): {}", line.verdict, reason(&line.reason)),
    }
}

/// The line of a rung.
pub(crate) fn line<'a>(experiment: &'a Experiment, rung: &str) -> Option<&'a LineFit> {
    part(experiment, rung, LaunchPart::Whole)
}

/// The line of a part of a rung.
pub(crate) fn part<'a>(experiment: &'a Experiment, wanted: &str, of: LaunchPart) -> Option<&'a LineFit> {
    experiment.fits.iter().find_map(|fit| match fit {
        Fit::Launch { rung, part, fit } if rung == wanted && *part == of => Some(fit),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::fixture::launch_overhead;
    use crate::law::line::Line;

    fn changed(rung: &str, change: impl Fn(&mut LineFit)) -> Experiment {
        let mut experiment = launch_overhead();
        for fit in &mut experiment.fits {
            if let Fit::Launch { rung: of, part: LaunchPart::Whole, fit } = fit
                && of == rung
            {
                change(fit);
            }
        }
        experiment
    }

    fn with_slope(fit: &mut LineFit, value: f64) {
        let slope = Estimate { value, low: 0.98 * value, high: 1.02 * value };
        fit.law = fit.law.map(|line| Line { slope, ..line });
    }

    #[test]
    fn a_swap_is_told_only_where_the_intervals_part() {
        let all = swaps(&launch_overhead());
        let found = all.iter().find(|swap| (swap.instead_of, swap.take) == (WAITED, BATCH)).unwrap();
        let ratio = found.ratio().unwrap();
        assert!(ratio.low < 41.0 / 1.1 && 41.0 / 1.1 < ratio.high, "{ratio:?}");
        let same = changed(BATCH, |fit| with_slope(fit, 41e-6));
        assert!(!swaps(&same).iter().any(|swap| swap.take == BATCH), "{:?}", swaps(&same));
    }

    #[test]
    fn a_wake_up_of_a_millisecond_is_told_from_the_launch() {
        let text = wait(&changed(WAITED, |fit| with_slope(fit, 1.2e-3))).unwrap();
        assert!(text.contains("1.20 ms (1.18–1.22) when the driver wakes the host"), "{text}");
        assert!(text.contains("1.16 ms of it is no launch but the wake-up"), "{text}");
        let same = wait(&changed("wait-each-spin", |fit| with_slope(fit, 41e-6))).unwrap();
        assert!(same.contains("makes no difference"), "{same}");
        let longer = wait(&changed("wait-each-spin", |fit| with_slope(fit, 80e-6))).unwrap();
        assert!(longer.contains("spinning takes 3"), "{longer}");
    }

    #[test]
    fn a_dependency_adds_what_lies_between_the_slopes() {
        let text = dependency(&launch_overhead()).unwrap();
        assert!(text.contains("the barrier between them adds about 2.9"), "{text}");
        assert!(text.contains("With a pass for each it adds 1.6"), "{text}");
        assert!(text.ends_with("with a submit for each it adds nothing that can be told."), "{text}");
        let none = changed("one-pass-chained", |fit| with_slope(fit, 1.1e-6));
        assert!(dependency(&none).unwrap().contains("a dependency adds nothing"));
    }

    #[test]
    fn the_hosts_part_is_said() {
        let text = encoding(&launch_overhead()).unwrap();
        assert!(text.contains("the host spends 5.1"), "{text}");
        assert!(text.contains("By its own clock the GPU takes"), "{text}");
    }
}
