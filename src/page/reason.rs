//! Reasons of fits in words. Residuals are differences of logarithms; what a reader means by per cent is `exp(r) − 1`.

use std::borrow::Cow;
use std::fmt;

use crate::law::{Law, Reason};

/// A reason as a sentence without its stop.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Every reason by name, so that a new one does not compile before it has a place here.
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
            | Self::Inseparable
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
            | Self::Rises { .. }
            | Self::OffCurve { .. }
            | Self::OffCurveInRuns { .. }
            | Self::ForcedWithoutSerialPart { .. }
            | Self::WideRange { .. }
            | Self::MayHaveNoSerialPart { .. } => speedup(self),
        };
        f.pad(&words.unwrap_or_default())
    }
}

/// Returns the reasons that every law and every input can have; `None` for others.
fn any_law(reason: &Reason) -> Option<String> {
    Some(match reason {
        Reason::Describes { law, residual_sd } => describes(&name(*law), *residual_sd),
        Reason::OffLaw { law, residual_sd } => {
            format!("the points lie {} off {}", deviation(*residual_sd), name(*law))
        }
        Reason::NoFit { law } => match law {
            Law::Line | Law::Hockney => "no line fits".to_owned(),
            Law::Joint => "no joint law fits".to_owned(),
            Law::Divergence | Law::Roofline => "no such law fits".to_owned(),
            Law::Speedup | Law::Model(_) => "no model of the family has a finite fit to these points".to_owned(),
        },
        Reason::BadTime { seconds } => format!("a time is {seconds} s, not a positive number"),
        Reason::BadWorkers { workers } => format!("a worker count is {workers}, not at least 1"),
        Reason::BadPart { name, seconds } => {
            format!("part '{name}' takes {seconds} s, not zero or a positive number")
        }
        Reason::NoTime => "the parts take no time at all".to_owned(),
        Reason::BadSerialFraction { serial_fraction } => {
            format!("the serial fraction is {serial_fraction}, not between 0 and 1")
        }
        _ => return None,
    })
}

/// Returns the reasons of one law other than the speedup's; `None` for others.
fn one_law(reason: &Reason) -> Option<String> {
    let short = |x: f64| if x < 10.0 { format!("{x:.2}") } else { format!("{x:.0}") };
    Some(match reason {
        Reason::BadPosition { position } => format!("a position is {position}, not zero or a positive number"),
        Reason::FewPositions { found, needed } => format!("{found} different positions; a line needs {needed}"),
        Reason::NoRate => "the time hardly grows over the sizes tried: they are too small to show a rate".to_owned(),
        Reason::BadJointPoint { size, workers, seconds } => {
            format!("size {size}, {workers} workers, {seconds} s: all must be positive numbers")
        }
        Reason::FewJointPoints { points, sizes, workers, needed } => format!(
            "{points} points over {sizes} sizes and {workers} worker counts; a joint fit needs {needed}, 2 and 3"
        ),
        Reason::Inseparable => {
            "size and workers do not vary enough apart from each other to tell the fixed part from the shared one"
                .to_owned()
        }
        Reason::FewKernels { found, needed } => {
            format!("{found} kernels; a price needs {needed}, some of them with lanes apart")
        }
        Reason::NoIntensity => "a kernel computes nothing, or moves nothing".to_owned(),
        Reason::FewIntensities { found, needed } => format!("{found} different intensities; two roofs need {needed}"),
        Reason::MemoryRoofOnly { up_to } => format!(
            "only the memory roof is seen: up to {} flop per byte the rate grows with the intensity, so the compute \
             roof lies beyond",
            short(*up_to)
        ),
        Reason::ComputeRoofOnly { from } => format!(
            "only the compute roof is seen: from {} flop per byte on the rate no longer grows, so the memory roof lies \
             before",
            short(*from)
        ),
        Reason::NoRidge => "where one roof turns into the other cannot be told from noise".to_owned(),
        _ => return None,
    })
}

/// Returns the reasons of a speedup curve; `None` for others.
fn speedup(reason: &Reason) -> Option<String> {
    let score = |z: &Option<f64>| z.map_or_else(String::new, |z| format!(" (z = {z:.1})"));
    Some(match reason {
        Reason::BadTimeOn { workers, seconds } => {
            format!("the time on {workers} workers is {seconds} s, not a positive number")
        }
        Reason::BadErrorOn { workers, error } => {
            format!("the error of the time on {workers} workers is {error}, not zero or positive")
        }
        Reason::FewWorkerCounts { found, needed } => {
            format!("{found} different worker counts; a fit needs {needed}")
        }
        Reason::MoreThanLinear { from, to, factor, z } => format!(
            "{to} workers are {factor:.2} times as efficient as {from}{}; causes can be more cache per worker, a \
             subgroup only half filled at first, or a clock that ramps up",
            score(z)
        ),
        Reason::Rises { from, to, factor, z, poor } => format!(
            "the time rises by a factor of {factor:.2} from {from} to {to} workers{}, and no law with a cost per \
             worker follows: {}",
            score(z),
            poor
        ),
        Reason::OffCurve { residual_sd, f, p } => format!(
            "the points lie {} off the curve, {:.1} times their own error (F = {f:.1}, {})",
            deviation(*residual_sd),
            f.sqrt(),
            probability(*p)
        ),
        Reason::OffCurveInRuns { residual_sd, runs } => {
            format!("the points lie {} off the curve, in {runs} runs to one side of it", deviation(*residual_sd))
        }
        Reason::ForcedWithoutSerialPart { model } => {
            format!("the {model} law has no serial part: forced on the points, it tells nothing of one")
        }
        Reason::WideRange { workers, low, high } => format!(
            "up to {workers} workers the serial fraction may be anything from {low:.1e} to {high:.1e}, a factor of \
             {:.1}",
            high / low
        ),
        Reason::MayHaveNoSerialPart { workers } => {
            format!("up to {workers} workers no serial part at all is not ruled out")
        }
        _ => return None,
    })
}

/// Returns the name of a law in a sentence.
fn name(law: Law) -> Cow<'static, str> {
    match law {
        Law::Line => "a straight line".into(),
        Law::Hockney => "latency plus size over rate".into(),
        Law::Joint => "the joint law over size and workers".into(),
        Law::Divergence => "the law of a price for each path".into(),
        Law::Roofline => "a roofline".into(),
        Law::Speedup => "the family of speedup laws".into(),
        Law::Model(model) => format!("the {model} law").into(),
    }
}

/// From this ratio on a deviation is a factor, no percentage.
const LARGEST_PERCENTAGE: f64 = 1.2;

/// Residuals below this are those of a search that ends, and no deviation.
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

/// Writes "the line describes the points to 1.3 % each", or exactly.
fn describes(law: &str, residual_sd: f64) -> String {
    if residual_sd < EXACT {
        return format!("{law} describes the points exactly");
    }
    if residual_sd.exp() > LARGEST_PERCENTAGE {
        return format!("{law} describes the points to within {} each", deviation(residual_sd));
    }
    format!("{law} describes the points to {} each", deviation(residual_sd))
}

/// Writes `p = 0.004`, `p < 1e-9`.
fn probability(p: f64) -> String {
    if p < 1e-9 {
        "p < 1e-9".to_owned()
    } else if p < 1e-3 {
        format!("p = {p:.0e}")
    } else {
        format!("p = {}", short(p))
    }
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
        assert_eq!(describes("it", 1e-7), "it describes the points exactly");
        assert_eq!(describes("it", 0.0125), "it describes the points to 1.3 % each");
    }

    #[test]
    fn reasons_speak_of_percentages_and_factors() {
        let law = Law::Model(Model::Amdahl);
        let exact = Reason::Describes { law, residual_sd: 1e-7 };
        assert_eq!(exact.to_string(), "the amdahl law describes the points exactly");
        let off = Reason::OffLaw { law: Law::Line, residual_sd: 0.875 };
        assert_eq!(off.to_string(), "the points lie a factor of 2.4 off a straight line");
        let few = Reason::FewWorkerCounts { found: 5, needed: 6 };
        assert_eq!(few.to_string(), "5 different worker counts; a fit needs 6");
        let poor = Box::new(Reason::OffCurve { residual_sd: 0.15, f: 16.0, p: 0.0 });
        let rises = Reason::Rises { from: 2.0, to: 4.0, factor: 1.25, z: Some(6.54), poor };
        assert_eq!(
            rises.to_string(),
            "the time rises by a factor of 1.25 from 2 to 4 workers (z = 6.5), and no law with a cost per worker \
             follows: the points lie 16 % off the curve, 4.0 times their own error (F = 16.0, p < 1e-9)"
        );
    }

    #[test]
    fn probabilities_are_short() {
        assert_eq!(probability(6.3e-320), "p < 1e-9");
        assert_eq!(probability(0.0), "p < 1e-9");
        assert_eq!(probability(3.2e-5), "p = 3e-5");
        assert_eq!(probability(0.0042), "p = 0.0042");
    }
}
