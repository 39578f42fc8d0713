//! What the roofline shows: where memory ends to be the limit, and which workloads lie on which side.

use crate::law::roofline::{Bound, RooflineFit};
use crate::page::reason::reason;
use crate::page::words;
use crate::record::{Experiment, Fit, PlacedWorkload};
use crate::units;

/// The roofline of an experiment, with the workloads under it.
pub(crate) fn roofline(experiment: &Experiment) -> Option<(&RooflineFit, &[PlacedWorkload])> {
    experiment.fits.iter().find_map(|fit| match fit {
        Fit::Roofline { fit, workloads } => Some((fit, workloads.as_slice())),
        _ => None,
    })
}

/// Where the ridge lies, and who is on which side of it; or what was seen instead.
pub(super) fn sentences(experiment: &Experiment) -> Vec<String> {
    let Some((fit, workloads)) = roofline(experiment) else {
        return Vec::new();
    };
    let (Some(ridge), Some(bandwidth), Some(peak)) = (fit.ridge(), fit.bandwidth(), fit.peak_flops()) else {
        return vec![refused(fit)];
    };
    let first = format!(
        "The ridge lies at {} flop per byte: below it memory is the limit, at {}; above it arithmetic, at {}.",
        words::ratio(ridge),
        units::bandwidth_interval(bandwidth.value, bandwidth.low, bandwidth.high),
        units::flop_rate_interval(peak.value, peak.low, peak.high),
    );
    let sides = [
        (Some(Bound::Memory), "memory-bound"),
        (Some(Bound::Compute), "compute-bound"),
        (None, "too near to the ridge to say"),
    ];
    let sides = sides.into_iter().filter_map(|(bound, name)| {
        let there: Vec<String> = workloads.iter().filter(|one| one.bound == bound).map(named).collect();
        (!there.is_empty()).then(|| format!("{name}: {}", there.join(", ")))
    });
    let sides: Vec<String> = sides.collect();
    let second = words::sentence(&format!("by their flop per byte, {}", sides.join("; ")));
    vec![first, second]
}

fn named(placed: &PlacedWorkload) -> String {
    format!("{} ({})", placed.workload, units::ratio(placed.flop_per_byte))
}

/// What can still be said where one roof, or both, were not seen.
fn refused(fit: &RooflineFit) -> String {
    let bandwidth = fit
        .bandwidth()
        .map(|rate| format!("; its memory roof is {}", units::bandwidth_interval(rate.value, rate.low, rate.high)));
    let peak = fit
        .peak_flops()
        .map(|rate| format!("; its compute roof is {}", units::flop_rate_interval(rate.value, rate.low, rate.high)));
    let known = bandwidth.or(peak).unwrap_or_default();
    words::stopped(&format!("No ridge can be read ({}): {}{known}", fit.verdict, reason(&fit.reason)))
}
