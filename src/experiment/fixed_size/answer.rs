//! The answer in the summary, to be read aloud: what limits this job on this device.

use super::limit;
use super::read::Reading;
use super::say::Gain;
use crate::experiment::View;
use crate::experiment::cases::phase;
use crate::page::words;
use crate::record::{Phase, Quantity};
use crate::units;

/// Further workloads that the summary names.
const FEW: usize = 3;

/// Answers at length for the first workload, and in a line for each of the next few.
pub(super) fn sentences(views: &[View<'_, Reading>]) -> Vec<String> {
    let Some((first, others)) = views.split_first() else {
        return Vec::new();
    };
    let first = [kernel(*first), waiting(*first)].into_iter().flatten();
    first.chain(others.iter().filter_map(|view| other(*view)).take(FEW)).collect()
}

/// The kernel's speedup, and what the hardware allows.
fn kernel(View { measured, reading, .. }: View<'_, Reading>) -> Option<String> {
    let gain = Gain::of(measured, Quantity::Kernel)?;
    let amount = words::amount(gain.base.case.problem);
    let what = format!("the {} kernel ({amount})", words::workload(measured));
    let mut said = words::sentence(&gain.faster(measured, &what, false));
    if gain.is_full() {
        said.push_str(" More do not help");
        let knee = reading.kernel.fit.knee;
        said.push_str(
            &knee.map_or(".".to_owned(), |knee| format!(": the hardware runs {} at a time.", words::full_at(knee))),
        );
    }
    Some(said)
}

/// The whole job's speedup, the parts that set its limit, and the law.
fn waiting(View { measured, reading, .. }: View<'_, Reading>) -> Option<String> {
    let gain = Gain::of(measured, Quantity::WholeJob)?;
    let said = words::sentence(&gain.faster(measured, "the whole job", false));
    let around = if gain.is_alone() { None } else { around(&gain) };
    let parts = [Some(said), around, Some(limit::sentences(&reading.whole_job.fit))];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// The time around the kernel that more workers cannot shorten, and its largest part.
fn around(gain: &Gain<'_>) -> Option<String> {
    let whole = gain.best.time.median;
    // Not the sum of the phases' medians, which need not add up to the median of the whole.
    let around = whole - phase(gain.best.case, Phase::Kernel)?;
    let (longest, seconds) = gain.longest_phase()?;
    let largest = (longest != Phase::Kernel).then(|| {
        let share = units::percent(seconds / whole);
        format!(" {} alone is {share} of the job.", words::capital(words::phase(longest)))
    });
    let around = units::seconds(Some(around).filter(|around| *around > 0.0)?);
    let largest = largest.unwrap_or_default();
    Some(format!("More workers cannot shorten the {around} around the kernel.{largest}"))
}

/// A further workload, in one line.
fn other(View { measured, .. }: View<'_, Reading>) -> Option<String> {
    let gain = Gain::of(measured, Quantity::WholeJob)?;
    let (phase, seconds) = gain.longest_phase()?;
    let what = format!("the whole {} job ({})", words::workload(measured), words::amount(gain.base.case.problem));
    Some(format!(
        "{} {} is {} of it.",
        words::sentence(&gain.faster(measured, &what, false)),
        words::capital(words::phase(phase)),
        units::percent(seconds / gain.best.time.median),
    ))
}
