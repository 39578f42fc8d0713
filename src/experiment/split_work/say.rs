//! What a split job shows: the cost of cutting it, as Amdahl's serial part, compared with empty launches.

use super::read::{Reading, Split};
use crate::experiment::agreement::Agreement;
use crate::experiment::cases::job;
use crate::experiment::launch_overhead::Ladder;
use crate::law::split::launches_of_share;
use crate::page::words;
use crate::record::{LaunchStyle, Measured};
use crate::stats::Estimate;
use crate::units;

/// Compares one more slice with one more empty launch, and says which of both to believe.
pub(super) fn against_empty(split: &Split) -> Option<String> {
    let Ladder { line, waits } = split.empty.as_ref()?;
    let empty = line.slope()?;
    let cost = split.fit.slope()?;
    let beside = format!("An empty launch costs {} in launch-overhead", words::cost(empty));
    Some(if cost.low > empty.high {
        let why = if let Some(growth) = growth(split) {
            format!("Believe that for the launch itself: {growth}")
        } else if *waits {
            "Changing from slice to slice costs the difference, for the kernels take no longer".to_owned()
        } else {
            format!("The difference is no wonder: {UNCHAINED}")
        };
        format!("{beside}. {why}.")
    } else if cost.high < empty.low {
        format!("{beside}. Part of a slice's launch is hidden: it overlaps with the slice that still runs.")
    } else {
        format!("{beside}: the same within the noise.")
    })
}

/// Why slices may cost more than the empty launches that they are compared with.
const UNCHAINED: &str = "slices write one buffer, so each waits for the one before it, and these empty launches do not";

/// That the kernels of the slices take longer together than in one piece, and why they may; `None` if they do not.
fn growth(split: &Split) -> Option<String> {
    let growth = split.kernel_growth.filter(|growth| growth.low > 1.0)?;
    let why = if split.series.launch().is_waited_for() {
        "because small slices leave workers idle"
    } else {
        "the gaps between them included"
    };
    Some(format!(
        "the kernels of {} slices take {} as long as the uncut one, {why}",
        units::count(u64::from(split.most)),
        words::times(growth)
    ))
}

/// Up to where the slices fill the device, what a launch costs there, and what is wrong with smaller ones; `None` if
/// all of them do. Gaps between kernels of one pass are in their times, so there the cause is not known.
fn filled(split: &Split) -> Option<String> {
    let last = split.filled_up_to.filter(|last| *last < split.most && *last > 1)?;
    let there =
        split.filled_slope.map_or(String::new(), |slope| format!("; there a launch costs {}", words::cost(slope)));
    let smaller = if split.series.launch().is_waited_for() { " Smaller slices leave workers idle." } else { "" };
    Some(format!("Up to {} pieces the pieces are as fast as the whole{there}.{smaller}", units::count(u64::from(last))))
}

/// The line of the summary: what each further slice costs, by launch style.
pub(super) fn answer(measured: &Measured, reading: &Reading) -> Option<String> {
    let cost = |style: LaunchStyle| {
        let split = reading.0.iter().find(|split| split.series == style.series())?;
        split.fit.slope().map(words::about)
    };
    let in_one_pass = cost(LaunchStyle::OnePass).map(|cost| format!("{cost} in one pass"));
    let waited_for = cost(LaunchStyle::WaitEach).map(|cost| format!("{cost} waited for"));
    let costs: Vec<String> = [in_one_pass, waited_for].into_iter().flatten().collect();
    let job = format!("the {} job ({})", words::workload(measured), job(measured.cases.first()?.problem));
    Some(match costs.as_slice() {
        [] => format!("Cutting {job} into launches: the times follow no straight line."),
        costs => format!("One more slice of {job} costs {}.", costs.join(", ")),
    })
}

/// A few sentences for one launch style.
pub(super) fn sentence(split: &Split) -> String {
    let adds = if let Some((cost, work)) = split.fit.slope().zip(split.fit.intercept()) {
        adds(split, cost, work)
    } else {
        let growth = growth(split).map_or(String::new(), |text| format!(" {}", words::sentence(&text)));
        format!("{}: the times follow no straight line.{growth}", split.series)
    };
    [Some(adds), against_empty(split), filled(split)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What a slice adds, the share of the most that were tried, and the number from which on they outweigh the work.
fn adds(split: &Split, cost: Estimate, work: Estimate) -> String {
    let more = format!("{}: one more slice costs {}.", split.series, words::cost(cost));
    let share = split.share.filter(|share| share.low > 0.0).map(|share| {
        format!(
            "Cut into {} launches, {} of the time is launching: even an infinitely fast GPU could make the job only \
             {} times faster.",
            units::count(u64::from(split.most)),
            words::percent(share),
            units::ratio(1.0 / share.value)
        )
    });
    let half = launches_of_share(cost.value, work.value, 0.5).filter(|_| cost.low > 0.0);
    let half =
        half.map(|half| format!("From {} launches on, launching takes longer than computing.", words::whole(half)));
    [Some(more), share, half].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Factor by which launches with bindings and without may differ beside their intervals.
const LAUNCH: f64 = 1.5;

/// Compares one more slice with one more empty launch, up to where slices fill the device.
pub(super) fn agreement(measured: &Measured, split: &Split) -> Option<Agreement> {
    let Ladder { line, waits } = split.empty.as_ref()?;
    let (here, empty) = (split.filled_slope?, line.slope()?);
    let small = (split.filled_up_to < Some(split.most)).then_some("smaller slices leave workers idle");
    Some(Agreement {
        name: "one more slice against one more empty launch",
        place: format!("{}, {}", words::workload(measured), split.series),
        first: ("one more slice", here),
        second: ("an empty launch", empty),
        factor: LAUNCH,
        unit: units::seconds,
        cause: small.or((!waits && here.low > empty.high).then_some(UNCHAINED)).map(str::to_owned),
    })
}
