//! Why a fit is accepted or refused, in words.
//!
//! A residual `r` is a difference of natural logarithms. A reader means `exp(r) − 1` by a percentage.

use std::borrow::Cow;
use std::fmt;

use crate::law::{Axis, Law, Reason, Residuals};
use crate::units;

/// Writes a reason as a sentence without its full stop.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Every reason is named, so that a new one does not compile before it has a place here.
        let words = match self {
            Self::Describes { .. }
            | Self::OffLaw { .. }
            | Self::NoFit { .. }
            | Self::BadTime { .. }
            | Self::BadWorkers { .. }
            | Self::BadPart { .. }
            | Self::NoTime
            | Self::BadSerialFraction { .. } => any_law(self),
            Self::BadPosition { .. }
            | Self::FewPositions { .. }
            | Self::NoRate
            | Self::BadJointPoint { .. }
            | Self::FewJointPoints { .. }
            | Self::Structured { .. }
            | Self::Inseparable
            | Self::NoCountBelowKnee { .. }
            | Self::FewKernels { .. }
            | Self::NoIntensity
            | Self::FewIntensities { .. }
            | Self::MemoryRoofOnly { .. }
            | Self::ComputeRoofOnly { .. }
            | Self::NoRidge => one_law(self),
            Self::BadTimeOn { .. }
            | Self::BadErrorOn { .. }
            | Self::FewWorkerCounts { .. }
            | Self::MoreThanLinear { .. }
            | Self::FallsTooFar { .. }
            | Self::FirstOff { .. }
            | Self::Rises { .. }
            | Self::OffCurve { .. }
            | Self::OffCurveInRuns { .. }
            | Self::OffCurveUnlikeNeighbours { .. }
            | Self::OffCurveByFar { .. }
            | Self::ForcedWithoutSerialPart { .. }
            | Self::WideRange { .. }
            | Self::MayHaveNoSerialPart { .. } => speedup(self),
        };
        f.pad(&words.unwrap_or_default())
    }
}

/// Writes the reasons that every law and every input can have; `None` for others.
fn any_law(reason: &Reason) -> Option<String> {
    Some(match reason {
        Reason::Describes { law, residual_sd } => describes(&name(*law), *residual_sd),
        Reason::OffLaw { law, residual_sd } => {
            format!("{} misses a point by {} on average", name(*law), deviation(*residual_sd))
        }
        Reason::NoFit { law } => match law {
            Law::Line | Law::Hockney => "no straight line fits these times".to_owned(),
            Law::Joint => "no law over size and workers fits these times".to_owned(),
            Law::Divergence | Law::Roofline => format!("{} does not fit these times", name(*law)),
            Law::Speedup | Law::Model(_) => "no speedup law fits these times".to_owned(),
        },
        Reason::BadTime { seconds } => format!("a time is {seconds} s; it must be a positive number"),
        Reason::BadWorkers { workers } => format!("a worker count is {workers}; it must be at least 1"),
        Reason::BadPart { name, seconds } => {
            format!("part '{name}' takes {seconds} s; a time cannot be negative")
        }
        Reason::NoTime => "all parts together take no time".to_owned(),
        Reason::BadSerialFraction { serial_fraction } => {
            format!("the serial fraction is {serial_fraction}; it must be between 0 and 1")
        }
        _ => return None,
    })
}

/// Writes the reasons of one law other than the speedup's; `None` for others.
fn one_law(reason: &Reason) -> Option<String> {
    let short = |x: f64| if x < 10.0 { format!("{x:.2}") } else { format!("{x:.0}") };
    Some(match reason {
        Reason::BadPosition { position } => format!("a size or count is {position}; it cannot be negative"),
        Reason::FewPositions { found, needed } => {
            format!("{found} different sizes or counts; a straight line needs {needed}")
        }
        Reason::NoRate => "the sizes tried are too small to show a rate: the time hardly grows".to_owned(),
        Reason::BadJointPoint { size, workers, seconds } => {
            format!("size {size}, {workers} workers, {seconds} s: each must be a positive number")
        }
        Reason::FewJointPoints { points, sizes, workers, needed } => format!(
            "{}, {}, {}; this fit needs at least {needed}, 2 and 3",
            super::words::counted(*points as u64, "point"),
            super::words::counted(*sizes as u64, "size"),
            super::words::counted(*workers as u64, "worker count")
        ),
        Reason::Structured { axis, pattern, .. } => structured(*axis, *pattern),
        Reason::Inseparable => {
            "size and workers grow together, so the fixed part and the shared part cannot be told apart".to_owned()
        }
        Reason::NoCountBelowKnee { first, second } => format!(
            "the hardware is full at {second} workers or before; to see the serial part, measure some counts between \
             {} and {second}",
            super::words::whole(*first),
            second = super::words::whole(*second)
        ),
        Reason::FewKernels { found, needed } => {
            format!("{found} kernels; this fit needs {needed}, some of them with diverging branches")
        }
        Reason::NoIntensity => "a kernel computes nothing or moves nothing".to_owned(),
        Reason::FewIntensities { found, needed } => format!("{found} different intensities; two limits need {needed}"),
        Reason::MemoryRoofOnly { up_to } => {
            format!("memory limits every kernel tried: the rate still grows at {} flop per byte", short(*up_to))
        }
        Reason::ComputeRoofOnly { from } => format!(
            "arithmetic limits every kernel tried: the rate no longer grows from {} flop per byte on",
            short(*from)
        ),
        Reason::NoRidge => "the point where one limit ends and the other begins is hidden by noise".to_owned(),
        _ => return None,
    })
}

/// Writes the reasons of a speedup curve; `None` for others.
fn speedup(reason: &Reason) -> Option<String> {
    Some(match reason {
        Reason::BadTimeOn { workers, seconds } => {
            format!("the time on {workers} workers is {seconds} s; it must be a positive number")
        }
        Reason::BadErrorOn { workers, error } => {
            format!("the error of the time on {workers} workers is {error}; it cannot be negative")
        }
        Reason::FewWorkerCounts { found, needed } => {
            format!("{found} different worker counts; this fit needs {needed}")
        }
        Reason::MoreThanLinear { from, to, factor, .. } => format!(
            "per worker, {to} workers do {factor:.2} times the work of {from}; possible causes: more cache per worker, \
             a slow or cold first run, a clock that rose, on a GPU a subgroup that was half empty",
            to = count(*to),
            from = count(*from)
        ),
        Reason::FallsTooFar { from, to, factor, .. } => format!(
            "{to} workers are {factor:.2} times faster than the times up to {from} and further sharing allow; possible \
             causes: more cache per worker, a subgroup that was half empty, a clock that rose",
            to = count(*to),
            from = count(*from)
        ),
        Reason::FirstOff { workers, factor } => format!(
            "per worker, a team of {} does {factor:.2} times the work of a larger team; only without it does a law fit",
            count(*workers)
        ),
        Reason::Rises { from, to, factor, poor, .. } => format!(
            "{} workers take {factor:.2} times as long as {}, and no law with a cost per worker follows that: {poor}",
            count(*to),
            count(*from)
        ),
        Reason::ForcedWithoutSerialPart { model } => {
            format!("the {model} law has no serial part, so it cannot tell the size of one")
        }
        Reason::WideRange { low, high, .. } => format!(
            "not enough range to give one number: {} to {} all fit",
            units::percent(*low),
            units::percent(*high)
        ),
        Reason::MayHaveNoSerialPart { workers } => {
            format!("up to {} workers, a job without any serial part fits too", count(*workers))
        }
        _ => return off_curve(reason),
    })
}

/// Writes how the points of a speedup fit leave its curve.
fn off_curve(reason: &Reason) -> Option<String> {
    Some(match reason {
        Reason::OffCurve { residual_sd, f, .. } => format!(
            "the curve misses a point by {} on average, {:.1} times the error of the points",
            deviation(*residual_sd),
            f.sqrt()
        ),
        Reason::OffCurveInRuns { residual_sd, runs } => format!(
            "the points leave the curve by {} on average, in only {runs} groups, each to one side",
            deviation(*residual_sd)
        ),
        Reason::OffCurveUnlikeNeighbours { residual_sd, neighbours } => format!(
            "the points leave the curve by {} on average, but scatter by only {} between neighbours",
            deviation(*residual_sd),
            deviation(*neighbours)
        ),
        Reason::OffCurveByFar { residual_sd, limit } => format!(
            "the points leave the curve by {} on average; without repetitions more than {} is too much to tell noise \
             from another law",
            deviation(*residual_sd),
            units::whole_percent(*limit)
        ),
        _ => return None,
    })
}

/// Writes how residuals of the joint law go with an axis.
fn structured(axis: Axis, pattern: Residuals) -> String {
    let along = match axis {
        Axis::Workers => "workers",
        Axis::Size => "work",
    };
    let law = "the law over size and workers";
    match pattern {
        Residuals::Rising => format!("{law} leaves out a cost that grows with the {along}"),
        Residuals::Falling => format!("{law} leaves out a gain that grows with the {along}"),
        Residuals::Uneven { at, residual } => {
            let place = match axis {
                Axis::Workers => format!("on {} {}", count(at), if at == 1.0 { "worker" } else { "workers" }),
                Axis::Size => format!("with {along} {}", count(at)),
            };
            let off = if residual > 0.0 {
                format!("{} longer", deviation(residual))
            } else {
                format!("{} shorter", units::percent(-residual.exp_m1()))
            };
            format!("{law} misses a pattern: {place} the times are {off} than it says")
        }
    }
}

/// Names a law in a sentence.
fn name(law: Law) -> Cow<'static, str> {
    match law {
        Law::Line => "a straight line".into(),
        Law::Hockney => "a fixed start-up time plus size over rate".into(),
        Law::Joint => "the law over size and workers".into(),
        Law::Divergence => "the law of one cost for each path".into(),
        Law::Roofline => "a roofline".into(),
        Law::Speedup => "the best speedup law".into(),
        Law::Model(model) => format!("the {model} law").into(),
    }
}

/// Above this ratio a deviation is written as a factor, below it as a percentage.
const LARGEST_PERCENTAGE: f64 = 1.2;

/// Residuals below this come from the end of the numerical search, not from the points.
const EXACT: f64 = 1e-5;

/// Writes how far points lie from a curve, from a residual on the logarithmic scale: `5.1 %`, `a factor of 2.4`.
fn deviation(residual: f64) -> String {
    let ratio = residual.abs().exp();
    let percent = 100.0 * (ratio - 1.0);
    if ratio >= 1e4 {
        format!("a factor of {ratio:.0e}")
    } else if ratio > LARGEST_PERCENTAGE {
        format!("a factor of {}", short(ratio))
    } else {
        format!("{} %", short(percent))
    }
}

/// Writes a positive value with two digits, or all before the point.
fn short(value: f64) -> String {
    let decimals = (1.0 - value.log10().floor()).clamp(0.0, 12.0) as usize;
    format!("{value:.decimals$}")
}

/// Writes `the curve misses a point by 1.3 % on average`, or that it fits exactly.
fn describes(law: &str, residual_sd: f64) -> String {
    if residual_sd < EXACT {
        return format!("{law} fits the points exactly");
    }
    format!("{law} misses a point by {} on average", deviation(residual_sd))
}

/// Writes a worker count, whole or not.
fn count(workers: f64) -> String {
    if workers.fract() == 0.0 && workers < 1e15 { units::count(workers as u64) } else { units::ratio(workers) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::Model;

    #[test]
    fn deviations_are_percentages_or_factors() {
        for (residual, words) in [
            (0.000_31, "0.031 %"),
            (0.004_99, "0.50 %"),
            (0.05, "5.1 %"),
            (-0.05, "5.1 %"),
            (0.15, "16 %"),
            (0.875, "a factor of 2.4"),
            (2.8, "a factor of 16"),
            (5.58, "a factor of 265"),
            (20.0, "a factor of 5e8"),
        ] {
            assert_eq!(deviation(residual), words);
        }
        assert_eq!(describes("it", 1e-7), "it fits the points exactly");
        assert_eq!(describes("it", 0.0125), "it misses a point by 1.3 % on average");
    }

    #[test]
    fn reasons_speak_of_percentages_and_factors() {
        let law = Law::Model(Model::Amdahl);
        let exact = Reason::Describes { law, residual_sd: 1e-7 };
        assert_eq!(exact.to_string(), "the amdahl law fits the points exactly");
        let off = Reason::OffLaw { law: Law::Line, residual_sd: 0.875 };
        assert_eq!(off.to_string(), "a straight line misses a point by a factor of 2.4 on average");
        let few = Reason::FewWorkerCounts { found: 5, needed: 6 };
        assert_eq!(few.to_string(), "5 different worker counts; this fit needs 6");
        let poor = Box::new(Reason::OffCurve { residual_sd: 0.15, f: 16.0, p: 0.0 });
        let rises = Reason::Rises { from: 2.0, to: 4.0, factor: 1.25, z: Some(6.54), poor };
        assert_eq!(
            rises.to_string(),
            "4 workers take 1.25 times as long as 2, and no law with a cost per worker follows that: the curve misses \
             a point by 16 % on average, 4.0 times the error of the points"
        );
        let wide = Reason::WideRange { workers: 8192.0, low: 1.8e-3, high: 1.0e-2 };
        assert_eq!(wide.to_string(), "not enough range to give one number: 0.18 % to 1.0 % all fit");
        let none = Reason::MayHaveNoSerialPart { workers: 8192.0 };
        assert_eq!(none.to_string(), "up to 8,192 workers, a job without any serial part fits too");
    }
}
